package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"nndl/nn"
)

// Writable returns nil if the file that a flag names can be written, or if it names none:
// asked before the work, not after it. A file that is there counts as writable.
func Writable(flag, filename string) error {
	if filename == "" {
		return nil
	}
	if err := nn.CheckReplaceable(filename); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// MakeFolder makes the folder dir, and those above it, where they are missing. The
// function that it returns, never nil, is for work that has come to nothing: it takes
// away the folders that MakeFolder has made, as far as they are still empty.
func MakeFolder(dir string) (unmake func(), err error) {
	dir = filepath.Clean(dir) // as filepath.Join does with the names of the files in it
	var made []string         // the innermost first
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Lstat(d); !errors.Is(err, fs.ErrNotExist) || d == filepath.Dir(d) {
			break
		}
		made = append(made, d)
	}
	unmake = func() {
		for _, d := range made {
			os.Remove(d) // fails, as it should, if there is something in it
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		unmake()
		return func() {}, err
	}
	return unmake, nil
}
