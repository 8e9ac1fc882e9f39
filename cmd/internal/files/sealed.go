package files

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"nndl/nn/sniff"
)

// Sealed is a kind of file whose first line ends in a checksum of the rest.
type Sealed struct {
	Kind
	Heading string // the first line, with %08x for the checksum
	Most    int64  // the largest file that is read, in bytes
}

// Castagnoli is the table of the checksum.
var Castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Read reads a file, as far as it may be large.
func (s Sealed) Read(filename string) ([]byte, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, s.Most+1))
}

// Open returns what comes after the first line of a file that has this data. A file of
// another kind and one that is broken are errors.
func (s Sealed) Open(data []byte) ([]byte, error) {
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	var sum uint32
	if _, err := fmt.Sscanf(string(line)+"\n", s.Heading, &sum); err != nil {
		head := data[:min(len(data), sniff.Length)]
		if s.Is(head) {
			return nil, fmt.Errorf("%s of another version, or broken", s.What)
		}
		return nil, sniff.Wrong(head, s.What)
	}
	if int64(len(data)) > s.Most {
		return nil, fmt.Errorf("more than %d bytes", s.Most)
	}
	if got := crc32.Checksum(rest, Castagnoli); got != sum {
		return nil, fmt.Errorf("broken: its checksum is %08x, want %08x", got, sum)
	}
	return rest, nil
}
