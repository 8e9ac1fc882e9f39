package sniff

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// maxLayers is how often a file may have been packed with gzip: once by whoever made it,
// once by a server, once by mistake.
const maxLayers = 3

// Open returns the content of r. It unpacks gzip, even if the file was packed more than
// once or padded with zeros at the end, and skips the mark (BOM) that some editors put
// at the start of UTF-8. The checksum of gzip has been verified once the reader returns
// [io.EOF]; data that ends too early is [io.ErrUnexpectedEOF]. Errors are in plain words.
func Open(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReader(r)
	for layer := 0; ; layer++ {
		head, err := b.Peek(2)
		if err != nil && err != io.EOF {
			return nil, err
		}
		if string(head) != "\x1f\x8b" {
			break
		}
		if layer == maxLayers {
			return nil, fmt.Errorf("packed with gzip more than %d times", maxLayers)
		}
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, plain(err)
		}
		z.Multistream(false)
		b = bufio.NewReader(&members{z, b})
	}
	if mark, _ := b.Peek(3); string(mark) == "\xef\xbb\xbf" {
		b.Discard(len(mark))
	}
	return b, nil
}

// members reads the members of a gzip file one after another, and then the zeros that
// a tape or a block device leaves. [gzip.Reader] refuses those zeros.
type members struct {
	z *gzip.Reader
	b *bufio.Reader // what z reads
}

func (m *members) Read(p []byte) (int, error) {
	n, err := m.z.Read(p)
	if err == io.EOF {
		err = m.next()
	}
	return n, plain(err)
}

// next turns to the next member. It returns io.EOF if there is none.
func (m *members) next() error {
	head, err := m.b.Peek(2)
	switch {
	case len(head) == 0:
		return err
	case string(head) == "\x1f\x8b":
		err := m.z.Reset(m.b)
		m.z.Multistream(false)
		return err
	}
	for {
		switch c, err := m.b.ReadByte(); {
		case err != nil:
			return err
		case c != 0:
			return errors.New("after the gzip data come other bytes: two files run together, or a broken download")
		}
	}
}

// plain says in plain words what compress/gzip reports.
func plain(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader):
		return errors.New("its gzip header is broken")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("its gzip checksum is wrong: the file is damaged, get it again")
	case errors.As(err, &corrupt):
		return fmt.Errorf("its gzip data is damaged at byte %d: get it again", int64(corrupt))
	}
	return err
}
