package files

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A Kind is a kind of file that a program writes, known by its first bytes. A file of
// another kind belongs to someone and is not replaced.
type Kind struct {
	What string                 // "a saved network"
	Is   func(head []byte) bool // of the first 512 bytes
}

// The kinds that more than one program writes.
var (
	Network = Kind{"a saved network", isNetwork}
	Tensors = Kind{"a safetensors file", isTensors}
	SVG     = Kind{"a drawing of nndl", func(head []byte) bool { return bytes.Contains(head, []byte(`class="nndl`)) }}
	PNG     = Kind{"a sheet of digits", isGreyPNG}
)

// isNetwork reports whether head begins like a file of network2.py's save, whose keys
// come in any order, or is an empty object.
func isNetwork(head []byte) bool {
	object, found := bytes.CutPrefix(bytes.TrimSpace(head), []byte("{"))
	object = bytes.TrimSpace(object)
	for _, key := range []string{`"sizes"`, `"weights"`, `"biases"`, `"cost"`, "}"} {
		if found && bytes.HasPrefix(object, []byte(key)) {
			return true
		}
	}
	return false
}

// isTensors reports whether head begins like a safetensors file: with the length of a header,
// which is not large, and the header's brace.
func isTensors(head []byte) bool {
	return len(head) > 8 && binary.LittleEndian.Uint64(head) <= 1<<20 && head[8] == '{'
}

// isGreyPNG reports whether head is that of a PNG image with eight bits of grey a pixel.
// Photographs and screenshots are in colour.
func isGreyPNG(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x89PNG")) && len(head) > 25 && head[24] == 8 && head[25] == 0
}

// Check returns an error if the file that a flag names could not be written, or exists and
// is of another kind. It is for the time before hours of work. An empty name is no error,
// and an empty file is of any kind.
func Check(flag, name string, kind Kind) error {
	if name == "" {
		return nil
	}
	if err := check(name, kind); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

func check(name string, kind Kind) error {
	target, info, err := follow(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	if info != nil && info.Size() > 0 {
		if head, err := head(target); err != nil {
			return err
		} else if !kind.Is(head) {
			return fmt.Errorf("%s is there already and is not %s", name, kind.What)
		}
	}
	if info != nil {
		// The rename would replace it all the same.
		f, err := sys.open(target, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		f.Close()
	}
	f, err := create(target)
	if err != nil && info != nil {
		return nil // Write will write in place
	}
	if err != nil {
		f, err = sys.open(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}
	if err != nil {
		return folderError(target, err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// head returns the first bytes of a file.
func head(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 512))
}

// folderError returns an error about the folder of the target, if that is why the target
// cannot be created.
func folderError(target string, err error) error {
	dir := filepath.Dir(target)
	switch info, e := os.Stat(dir); {
	case errors.Is(e, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s", dir)
	case e == nil && !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	case errors.Is(err, fs.ErrPermission):
		if _, e := os.Lstat(target); errors.Is(e, fs.ErrNotExist) {
			return fmt.Errorf("the folder %s takes no new file: %w", dir, reason(err))
		}
	}
	return err
}
