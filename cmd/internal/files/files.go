// Package files writes the files of the programs. A file appears whole or not at all, and
// a result that took hours is not lost because a file system refuses something:
//
//   - the content goes to a temporary file beside the target, is synced and then renamed;
//   - a drive without modes or fsync (CIFS, exFAT, FUSE) is no error;
//   - where the rename is refused (a mount point, another user's file in a folder such as
//     /tmp), or the folder takes no new file, the target is written in place;
//   - where nothing else works, the content goes to a file with another name, and the
//     error names it.
//
// [Check] is for before the work: it tries what [Write] will do afterwards.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
)

// Write makes the output of write the content of the file name, or of the file that name
// links to. A new file gets the ordinary mode, an existing one keeps its own. Write may
// call write more than once, and expects the same output each time. If write itself
// fails, the old file stays as it is. A target that is a folder or a device is an error.
func Write(name string, write func(io.Writer) error) error {
	target, info, err := follow(name)
	if err != nil {
		return keep(name, name, "", err, write) // something has come in the way since Check
	}
	temp, err := writeBeside(target, info, write)
	if err == nil && temp != "" && sys.rename(temp, target) == nil {
		return nil
	}
	if err == nil && temp == "" {
		err = dry(write) // before the old content, the only one there is, is lost
	}
	if err == nil {
		err = overwrite(target, write)
	}
	var content contentError
	switch {
	case err == nil:
		os.Remove(temp)
		return nil
	case errors.As(err, &content):
		os.Remove(temp)
		return fmt.Errorf("%s: %w", name, content.err)
	}
	return keep(name, target, temp, err, write)
}

// keep makes sure that the content is in some file after err, and returns err with the
// name of that file. temp, if not "", is a file that has it.
func keep(name, target, temp string, err error, write func(io.Writer) error) error {
	err = fmt.Errorf("%s: %w", name, reason(err))
	if kept := rescue(target, write); kept != "" {
		os.Remove(temp)
		temp = kept
	}
	if temp == "" {
		return err
	}
	return fmt.Errorf("%w; its content is kept in %s", err, temp)
}

// writeBeside writes the content to a temporary file beside the target and returns its
// name, "" if the folder takes no new file.
func writeBeside(target string, info fs.FileInfo, write func(io.Writer) error) (name string, err error) {
	f, err := create(target)
	if err != nil {
		return "", nil
	}
	if info != nil {
		sys.chmod(f, info.Mode().Perm()) // refused where the drive has no modes
	}
	if err := fill(f, write); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// overwrite writes the content into the target itself.
func overwrite(target string, write func(io.Writer) error) error {
	// Not O_CREATE at first: Linux refuses that for another user's file in /tmp.
	f, err := sys.open(target, os.O_WRONLY|os.O_TRUNC, 0)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = sys.open(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}
	if err != nil {
		return folderError(target, err)
	}
	return fill(f, write)
}

// rescue writes the content to a new file beside the target or, if that fails, in the
// folder for temporary files. It returns the file's name, "" if both fail.
func rescue(target string, write func(io.Writer) error) string {
	dir, base := filepath.Split(target)
	for _, dir := range []string{dir, os.TempDir()} {
		name := filepath.Join(dir, fmt.Sprintf("%s.kept-%08x", base, rand.Uint32()))
		f, err := sys.open(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			continue
		}
		if fill(f, write) == nil {
			return name
		}
		os.Remove(name)
	}
	return ""
}

// contentError is an error of the function that writes, not of the file system.
type contentError struct{ err error }

func (e contentError) Error() string { return e.err.Error() }

// dry returns the error that write itself would return.
func dry(write func(io.Writer) error) error {
	if err := write(io.Discard); err != nil {
		return contentError{err}
	}
	return nil
}

// sink is a file that remembers the first error of writing to it.
type sink struct {
	f   *os.File
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := sys.write(s.f, p)
	if s.err == nil {
		s.err = err
	}
	return n, err
}

// fill writes the content into f, syncs and closes it.
func fill(f *os.File, write func(io.Writer) error) error {
	out := &sink{f: f}
	err := write(out)
	if out.err != nil {
		err = out.err
	} else if err != nil {
		err = contentError{err}
	} else if e := sys.sync(f); !refused(e) {
		// Without the sync a crash of the machine could leave the new name with no content.
		err = e
	}
	if e := sys.close(f); err == nil {
		err = e
	}
	return err
}

// refused reports whether err says that the file system does not have a call, or not for
// this user. A full or broken disk is another matter.
func refused(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EINVAL)
}

// system holds the calls that a file system can refuse. Tests put others in their place.
type system struct {
	open   func(name string, flag int, mode fs.FileMode) (*os.File, error)
	write  func(f *os.File, p []byte) (int, error)
	chmod  func(f *os.File, mode fs.FileMode) error
	sync   func(f *os.File) error
	close  func(f *os.File) error
	rename func(from, to string) error
}

var sys = system{os.OpenFile, (*os.File).Write, (*os.File).Chmod, (*os.File).Sync, (*os.File).Close, os.Rename}

// follow returns the file that name is, or that it links to in the end, and what is
// there, nil if there is nothing. Anything but a regular file is an error.
func follow(name string) (target string, info fs.FileInfo, err error) {
	target = name
	for range 40 {
		info, err := os.Lstat(target)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return target, nil, nil
		case err != nil:
			return "", nil, err
		case info.Mode().IsRegular():
			return target, info, nil
		case info.Mode()&fs.ModeSymlink == 0:
			return "", nil, errors.New("not a regular file")
		}
		link, err := os.Readlink(target)
		if err != nil {
			return "", nil, err
		}
		if !filepath.IsAbs(link) {
			// Not filepath.Join: after a link in the middle, .. is another folder.
			link = filepath.Dir(target) + string(filepath.Separator) + link
		}
		target = link
	}
	return "", nil, errors.New("too many links")
}

// create creates a temporary file beside the target, and removes those that killed runs
// have left there. Files of os.CreateTemp would be readable by their owner only.
func create(target string) (*os.File, error) {
	removeLeftovers(target)
	dir, base := filepath.Split(target)
	name := filepath.Join(dir, fmt.Sprintf(".%s.%08x.tmp", base, rand.Uint32()))
	f, err := sys.open(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err == nil {
		lock(f)
	}
	return f, err
}

// removeLeftovers removes the temporary files of the target that no process has locked.
// On a drive without locks it may remove one whose process is alive; that process still
// has the content and writes in place.
func removeLeftovers(target string) {
	dir, base := filepath.Split(target)
	leftover := regexp.MustCompile(`^\.` + regexp.QuoteMeta(base) + `\.[0-9a-f]{8}\.tmp$`)
	entries, _ := os.ReadDir(filepath.Join(dir, "."))
	for _, e := range entries {
		if name := filepath.Join(dir, e.Name()); leftover.MatchString(e.Name()) && e.Type().IsRegular() && abandoned(name) {
			os.Remove(name)
		}
	}
}

// reason returns the cause of err without the name of a file, which the user may never
// have heard of.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
