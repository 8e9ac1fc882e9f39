package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWritable(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("there", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"": "", "there": "", "new": "", ".": "-save: ", "missing/new": "-save: "} {
		if err := Writable("-save", name); (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	if entries, _ := os.ReadDir("."); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestMakeFolder holds that unmake takes away what MakeFolder has made and nothing else.
func TestMakeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	exists := func(name string, want bool) {
		t.Helper()
		if _, err := os.Lstat(name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	make := func(dir string) func() {
		t.Helper()
		unmake, err := MakeFolder(dir)
		if err != nil {
			t.Fatal(err)
		}
		exists(filepath.Clean(dir), true)
		return unmake
	}
	make("a/b/c")()
	exists("a", false)
	make(filepath.Join(t.TempDir(), "a", "b"))()
	make(".")()
	// What was there before stays, empty or not.
	unmake := make("a")
	make("a/b/../c/")()
	exists("a/b", false)
	exists("a/c", false)
	make("a")()
	exists("a", true)
	// So does what holds something by now.
	unmakeD := make("a/d/e")
	if err := os.WriteFile("a/d/file", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	unmakeD()
	exists("a/d/e", false)
	unmake()
	exists("a/d/file", true)
	// A file in the way.
	if unmake, err := MakeFolder("a/d/file/below"); err == nil || unmake == nil {
		t.Error("a folder below a file")
	}
}
