package nn

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// ReplaceFile makes write's output the content of a file, all of it or, if there
// is an error, none: it writes to a temporary file beside it, which it then
// renames. A new file gets the ordinary mode, an existing one keeps its own. A
// target that exists and is no regular file (a folder, a link, a device) is an
// error, because the rename would put a file in its place; so is one that may not
// be written to.
func ReplaceFile(filename string, write func(io.Writer) error) (err error) {
	mode, exists, err := regular(filename)
	if err != nil {
		return err
	}
	f, err := createBeside(filename)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close() // a second Close is harmless
			os.Remove(f.Name())
			err = rename(err, f.Name(), filename)
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", filename, err)
	}
	if exists {
		if err := f.Chmod(mode); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	// Without the Sync a crash of the machine could leave the new name with no content.
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), filename)
}

// CheckReplaceable returns the error, if any, that ReplaceFile would meet before
// it writes: a folder that is missing or not writable, a target that is no
// regular file or not writable. Ask before hours of work, not after.
func CheckReplaceable(filename string) error {
	if _, _, err := regular(filename); err != nil {
		return err
	}
	f, err := createBeside(filename)
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// regular returns the mode of filename and whether it exists at all.
func regular(filename string) (mode fs.FileMode, exists bool, err error) {
	info, err := os.Lstat(filename)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, false, nil
	case err != nil:
		return 0, false, err
	case !info.Mode().IsRegular():
		return 0, true, fmt.Errorf("%s is no regular file", filename)
	}
	// The rename would not ask.
	f, err := os.OpenFile(filename, os.O_WRONLY, 0)
	if err != nil {
		return 0, true, err
	}
	return info.Mode().Perm(), true, f.Close()
}

// createBeside creates a new file in the folder of filename. os.CreateTemp is not
// it: its files are for their owner alone.
func createBeside(filename string) (*os.File, error) {
	dir, base := filepath.Split(filename)
	for i := 0; ; i++ {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%d.%d.tmp", base, os.Getpid(), i))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) || i == 100 {
			return f, rename(err, name, filename)
		}
	}
}

// rename returns err, if it speaks of the temporary file, as an error about filename:
// nobody else knows the other name.
func rename(err error, temporary, filename string) error {
	var p *fs.PathError
	if errors.As(err, &p) && p.Path == temporary {
		return &fs.PathError{Op: p.Op, Path: filename, Err: p.Err}
	}
	return err
}
