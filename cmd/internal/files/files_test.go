package files

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// text returns a function that writes s.
func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

// put writes a file by os.WriteFile.
func put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o640); err != nil {
		t.Fatal(err)
	}
}

func content(name string) string {
	data, _ := os.ReadFile(name)
	return string(data)
}

// listed checks which files there are.
func listed(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if strings.Join(names, " ") != strings.Join(want, " ") {
		t.Errorf("in the folder: %v, want %v", names, want)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "net.json")
	if err := Write(name, text("first")); err != nil || content(name) != "first" {
		t.Errorf("%v, %q", err, content(name))
	}
	os.Chmod(name, 0o640)
	if err := Write(name, text("second")); err != nil || content(name) != "second" {
		t.Errorf("%v, %q", err, content(name))
	}
	if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode of the old file became %v, %v", info.Mode(), err)
	}
	listed(t, dir, "net.json")
}

// TestWriteOfItself checks that an error in making the content loses nothing.
func TestWriteOfItself(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "net.json")
	put(t, name, "old")
	broken := func(w io.Writer) error {
		io.WriteString(w, "half")
		return errors.New("NaN")
	}
	for _, noTemp := range []bool{false, true} {
		if noTemp {
			refuse(t, refusal{call: "open", err: syscall.EACCES, which: `\.tmp$`})
		}
		if err := Write(name, broken); err == nil || err.Error() != name+": NaN" {
			t.Error(err)
		}
		if content(name) != "old" {
			t.Errorf("the old file holds %q", content(name))
		}
		listed(t, dir, "net.json")
	}
}

// refusal is a call that the file system of a test refuses, for files whose names match.
type refusal struct {
	call  string
	err   error
	which string
}

// refuse lets the file system refuse calls until the test ends.
func refuse(t *testing.T, rs ...refusal) {
	real := sys
	t.Cleanup(func() { sys = real })
	refused := func(call, name string) error {
		for _, r := range rs {
			if r.call == call && regexp.MustCompile(r.which).MatchString(name) {
				return &fs.PathError{Op: call, Path: name, Err: r.err}
			}
		}
		return nil
	}
	sys.open = func(name string, flag int, mode fs.FileMode) (*os.File, error) {
		if err := refused("open", name); err != nil {
			return nil, err
		}
		return real.open(name, flag, mode)
	}
	sys.write = func(f *os.File, p []byte) (int, error) {
		if err := refused("write", f.Name()); err != nil {
			return 0, err
		}
		return real.write(f, p)
	}
	sys.chmod = func(f *os.File, mode fs.FileMode) error {
		return errors.Join(refused("chmod", f.Name()), real.chmod(f, mode))
	}
	sys.sync = func(f *os.File) error { return errors.Join(refused("sync", f.Name()), real.sync(f)) }
	sys.close = func(f *os.File) error { return errors.Join(real.close(f), refused("close", f.Name())) }
	sys.rename = func(from, to string) error {
		if err := refused("rename", from); err != nil {
			return err
		}
		return real.rename(from, to)
	}
}

// TestRefused lets the file system refuse each call, alone and with others. Whatever it
// refuses, the content is in the end in the file or in one that the error names.
func TestRefused(t *testing.T) {
	any, temp, target, beside := "", `\.tmp$`, `net\.json$`, `[/\\]disk[/\\]`
	for _, c := range []struct {
		what  string
		rs    []refusal
		where string // "" for the target, else where the content is kept
	}{
		{"chmod, as on CIFS", []refusal{{"chmod", syscall.EPERM, any}}, ""},
		{"fsync EINVAL", []refusal{{"sync", syscall.EINVAL, any}}, ""},
		{"fsync ENOSYS", []refusal{{"sync", syscall.ENOSYS, any}}, ""},
		{"fsync ENOTSUP", []refusal{{"sync", syscall.ENOTSUP, any}}, ""},
		{"fsync EPERM", []refusal{{"sync", syscall.EPERM, any}}, ""},
		{"a mount point", []refusal{{"rename", syscall.EBUSY, any}}, ""},
		{"a sticky folder", []refusal{{"rename", syscall.EPERM, any}}, ""},
		{"all of these", []refusal{{"rename", syscall.EPERM, any}, {"chmod", syscall.EPERM, any}, {"sync", syscall.EINVAL, any}}, ""},
		{"no new files", []refusal{{"open", syscall.EACCES, temp}}, ""},
		{"a file that has become unwritable", []refusal{{"rename", syscall.EBUSY, any}, {"open", syscall.EACCES, target}}, "disk"},
		{"the same, and no third file", []refusal{{"rename", syscall.EBUSY, any}, {"open", syscall.EACCES, target + `|kept`}}, "disk"},
		{"a full disk", []refusal{{"write", syscall.ENOSPC, beside}}, "tmp"},
		{"a full disk, said by fsync", []refusal{{"sync", syscall.ENOSPC, beside}}, "tmp"},
		{"a full disk, said by close", []refusal{{"close", syscall.EDQUOT, beside}}, "tmp"},
		{"a folder that has gone", []refusal{{"open", syscall.ENOENT, beside}}, "tmp"},
		{"everything", []refusal{{"open", syscall.EROFS, any}}, "nowhere"},
	} {
		for _, old := range []string{"", "the old content, which is longer"} {
			t.Run(fmt.Sprintf("%s/old=%t", c.what, old != ""), func(t *testing.T) {
				base := t.TempDir()
				disk, tmp := filepath.Join(base, "disk"), filepath.Join(base, "tmp")
				os.Mkdir(disk, 0o777)
				os.Mkdir(tmp, 0o777)
				t.Setenv("TMPDIR", tmp)
				t.Setenv("TMP", tmp) // Windows
				name := filepath.Join(disk, "net.json")
				if old != "" {
					put(t, name, old)
				}
				refuse(t, c.rs...)
				err := Write(name, text("new"))
				if c.where == "" {
					if err != nil || content(name) != "new" {
						t.Errorf("%v, and the file holds %q", err, content(name))
					}
					listed(t, disk, "net.json")
					return
				}
				if err == nil || !strings.HasPrefix(err.Error(), name+": ") || strings.Contains(err.Error(), "\n") {
					t.Fatalf("error %q, want one line that begins with %s", err, name)
				}
				if content(name) != old {
					t.Errorf("the old file holds %q", content(name))
				}
				_, kept, found := strings.Cut(err.Error(), "kept in ")
				if found != (c.where != "nowhere") || found && (content(kept) != "new" || filepath.Dir(kept) != filepath.Join(base, c.where)) {
					t.Errorf("%v, and there is %q", err, content(kept))
				}
			})
		}
	}
}

// TestLinks checks that a link stays one and what it leads to is written.
func TestLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	os.MkdirAll("far/away", 0o777)
	put(t, "far/net.json", "old")
	for name, to := range map[string]string{"link": "far/net.json", "second": "link", "new": "far/new.json",
		"away": "far/away", "far/away/up": "../net.json", "loop": "loop"} {
		if err := os.Symlink(to, name); err != nil {
			t.Skip(err)
		}
	}
	for i, c := range [][2]string{{"link", "far/net.json"}, {"second", "far/net.json"}, {"new", "far/new.json"}, {"away/up", "far/net.json"}} {
		want := fmt.Sprint("content ", i)
		if err := Check("-save", c[0], Kind{"", func([]byte) bool { return true }}); err != nil {
			t.Error(err)
		}
		if err := Write(c[0], text(want)); err != nil || content(c[1]) != want {
			t.Errorf("%s: %v, %s holds %q", c[0], err, c[1], content(c[1]))
		}
		if info, err := os.Lstat(c[0]); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("%s is no link any more", c[0])
		}
	}
	listed(t, "far", "away", "net.json", "new.json")
	if err := Check("-save", "loop", Network); err == nil || !strings.Contains(err.Error(), "links") {
		t.Error(err)
	}
	// What has come in the way since Check is no reason to lose the content.
	for _, name := range []string{"loop", "far/away"} {
		err := Write(name, text("new"))
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		_, kept, _ := strings.Cut(err.Error(), "kept in ")
		if !strings.HasPrefix(err.Error(), name+": ") || content(kept) != "new" {
			t.Errorf("%v, and there is %q", err, content(kept))
		}
	}
}

// TestLeftovers checks that what killed runs have left is removed, and neither what a
// live one is writing nor other files.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "net.json")
	live, err := create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	for i := range 200 {
		put(t, filepath.Join(dir, fmt.Sprintf(".net.json.%08x.tmp", i)), "half")
	}
	put(t, filepath.Join(dir, ".net.json.mine.tmp"), "mine")
	put(t, filepath.Join(dir, ".other.json.00000000.tmp"), "another target's")
	if err := Write(name, text("new")); err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(dir)
	if runtime.GOOS == "linux" && len(entries) != 4 {
		t.Errorf("%d files, want the live one, two others and the new: %v", len(entries), entries)
	}
	if _, err := os.Stat(live.Name()); err != nil {
		t.Error("a file that is being written was removed")
	}
}

func TestCheck(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "there", `{"sizes": [2,1]}`)
	put(t, "other", `{ "cost":"QuadraticCost"`)
	put(t, "object", "{}\n")
	put(t, "empty", "")
	put(t, "README.md", "# mine")
	put(t, "package.json", `{"name": "mine"}`)
	os.Mkdir("folder", 0o777)
	for name, want := range map[string]string{
		"": "", "there": "", "other": "", "object": "", "empty": "", "new": "", strings.Repeat("n", 250): "",
		"folder": "folder: not a regular file", "README.md": "README.md is there already and is not a saved network",
		"package.json": "is not a saved network", "missing/new": "there is no folder missing", "there/new": "not a ",
	} {
		err := Check("-save", name, Network)
		if (err == nil) != (want == "") || err != nil && (!strings.HasPrefix(err.Error(), "-save: ") || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	listed(t, ".", "README.md", "empty", "folder", "object", "other", "package.json", "there")
	var grey, colour bytes.Buffer
	png.Encode(&grey, image.NewGray(image.Rect(0, 0, 2, 2)))
	png.Encode(&colour, image.NewRGBA(image.Rect(0, 0, 2, 2)))
	for _, c := range []struct {
		kind        Kind
		mine, other string
	}{
		{SVG, `<svg xmlns="http://www.w3.org/2000/svg" class="nndl">`, `<svg xmlns="http://www.w3.org/2000/svg">`},
		{PNG, grey.String(), colour.String()},
		{Tensors, "\x40\x00\x00\x00\x00\x00\x00\x00{\"0.w\":", `{"sizes": [784, 30, 10]}`},
	} {
		if !c.kind.Is([]byte(c.mine)) || c.kind.Is([]byte(c.other)) || c.kind.Is([]byte("# mine")) || c.kind.Is([]byte(c.mine[:5])) {
			t.Errorf("%s is not told from others", c.kind.What)
		}
	}
}

// TestCheckRefused checks that Check passes where Write will find a way, and that it says
// when the folder is the trouble.
func TestCheckRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "there", "{}")
	for _, c := range []struct {
		name, which, want string
	}{
		{"there", `\.tmp$`, ""},
		{"new", `\.tmp$`, ""},
		{"there", `there$`, "permission denied"},
		{"new", ``, "-save: the folder . takes no new file: permission denied"},
	} {
		func() {
			real := sys
			defer func() { sys = real }()
			refuse(t, refusal{"open", syscall.EACCES, c.which})
			if err := Check("-save", c.name, Network); (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s without %q: %v, want %q", c.name, c.which, err, c.want)
			}
		}()
	}
	listed(t, ".", "there")
}
