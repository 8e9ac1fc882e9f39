package cli

import (
	"os"
	"path/filepath"
	"testing"
)

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
