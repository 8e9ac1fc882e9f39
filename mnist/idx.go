package mnist

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"os"
)

// The IDX format: two bytes of 0, the type of the elements, how many dimensions
// there are, then the size of each as a big-endian 32-bit number, then the elements,
// the last dimension fastest.
const (
	imagesMagic = 0x00000803 // unsigned bytes, three dimensions: pictures, rows, columns
	labelsMagic = 0x00000801 // unsigned bytes, one dimension
)

// maxBytes is the most data that a file may have: 20 times MNIST. A gzipped file
// can really hold what its header promises and yet be a thousand times smaller.
const maxBytes = 1 << 30

// Images are the pictures of an IDX file, all of one size.
type Images struct {
	Rows, Cols int
	Pixels     []byte // one picture after another, row by row; 0 is background, 255 ink
}

// Len returns how many pictures there are.
func (im *Images) Len() int { return len(im.Pixels) / (im.Rows * im.Cols) }

// Picture returns the pixels of picture i, counted from 0, sharing memory with im.
func (im *Images) Picture(i int) []byte {
	size := im.Rows * im.Cols
	return im.Pixels[i*size : (i+1)*size : (i+1)*size]
}

// ReadImages reads pictures in IDX format, gzipped or plain. It allocates as it
// reads, never because a header promises much.
func ReadImages(r io.Reader) (*Images, error) {
	r, err := plain(r)
	if err != nil {
		return nil, err
	}
	sizes, err := readHeader(r, imagesMagic)
	if err != nil {
		return nil, err
	}
	count, rows, cols := sizes[0], sizes[1], sizes[2]
	if count == 0 || rows == 0 || cols == 0 {
		return nil, fmt.Errorf("%d pictures of %d×%d pixels, want at least one of each", count, rows, cols)
	}
	area := uint64(rows) * uint64(cols) // two 32-bit numbers: it fits
	hi, total := bits.Mul64(uint64(count), area)
	if hi != 0 || total > maxBytes {
		return nil, fmt.Errorf("the header promises %d pictures of %d×%d pixels, want at most %d bytes", count, rows, cols, maxBytes)
	}
	pixels, err := readBody(r, total)
	if err != nil {
		return nil, err
	}
	return &Images{int(rows), int(cols), pixels}, nil
}

// ReadLabels reads labels, each a digit from 0 to 9, in IDX format, gzipped or plain.
func ReadLabels(r io.Reader) ([]byte, error) {
	r, err := plain(r)
	if err != nil {
		return nil, err
	}
	sizes, err := readHeader(r, labelsMagic)
	if err != nil {
		return nil, err
	}
	if sizes[0] > maxBytes {
		return nil, fmt.Errorf("the header promises %d labels, want at most %d bytes", sizes[0], maxBytes)
	}
	labels, err := readBody(r, uint64(sizes[0]))
	if err != nil {
		return nil, err
	}
	for i, label := range labels {
		if label > 9 {
			return nil, fmt.Errorf("label %d is %d, want 0 to 9", i, label)
		}
	}
	return labels, nil
}

// plain returns r, gunzipped if it begins as gzip does.
func plain(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	switch head, err := b.Peek(2); {
	case err == io.EOF && len(head) == 0:
		return nil, errors.New("empty file, want an IDX header")
	case err == nil && head[0] == 0x1f && head[1] == 0x8b:
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("in the gzip header: %w", err)
		}
		return z, nil
	}
	return b, nil
}

// readHeader reads an IDX header, which must begin with magic, and returns the sizes.
func readHeader(r io.Reader, magic uint32) ([]uint32, error) {
	var word [4]byte
	if _, err := io.ReadFull(r, word[:]); err != nil {
		return nil, inHeader(err)
	}
	switch got := binary.BigEndian.Uint32(word[:]); {
	case got == magic:
	case got>>16 != 0:
		return nil, fmt.Errorf("magic number 0x%08x, want 0x%08x: not an IDX file", got, magic)
	case got>>8 != magic>>8:
		return nil, fmt.Errorf("magic number 0x%08x: elements of type 0x%02x, want unsigned bytes, 0x08", got, got>>8)
	default:
		return nil, fmt.Errorf("magic number 0x%08x: %d dimensions, want %d", got, got&0xff, magic&0xff)
	}
	sizes := make([]uint32, magic&0xff)
	for i := range sizes {
		if _, err := io.ReadFull(r, word[:]); err != nil {
			return nil, inHeader(err)
		}
		sizes[i] = binary.BigEndian.Uint32(word[:])
	}
	return sizes, nil
}

// readBody reads exactly want bytes and sees that nothing follows. Its memory grows
// with what there is to read: only when an eighth of the promise is kept does it
// make room for the whole, so that a header alone can ask for nothing, and a true
// one costs no second copy.
func readBody(r io.Reader, want uint64) ([]byte, error) {
	var body []byte
	for uint64(len(body)) < want {
		room := uint64(max(1<<16, 2*len(body)))
		if uint64(len(body)) >= want/8 || room > want {
			room = want
		}
		grown := make([]byte, room)
		n := copy(grown, body)
		got, err := io.ReadFull(r, grown[n:])
		body = grown[:n+got]
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, fmt.Errorf("cut short: %d bytes of data, the header promises %d", len(body), want)
		} else if err != nil {
			return nil, fmt.Errorf("in the data: %w", err)
		}
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); err {
	case io.EOF:
		return body, nil // for gzip this EOF has seen that the checksum is right
	case nil:
		return nil, fmt.Errorf("more data than the %d bytes that the header promises", want)
	default:
		return nil, fmt.Errorf("after the data: %w", err)
	}
}

// inHeader says what ended the reading of a header too early.
func inHeader(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("cut short in the header")
	}
	return fmt.Errorf("in the header: %w", err)
}

// open opens name.gz or, if there is none, name.
func open(name string) (*os.File, error) {
	f, err := os.Open(name + ".gz")
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s: not there, neither plain nor with .gz", name)
	}
	return f, err
}

// readFile opens name.gz or, if there is none, name and reads it.
func readFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	f, err := open(name)
	if err != nil {
		var zero T
		return zero, err
	}
	defer f.Close()
	v, err := read(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", f.Name(), err)
	}
	return v, err
}

// WriteImages writes pictures in IDX format. Pixels that are not one whole picture or
// more panic: nothing could read them again.
func WriteImages(w io.Writer, im *Images) error {
	if im.Rows < 1 || im.Cols < 1 || len(im.Pixels) == 0 || len(im.Pixels)%(im.Rows*im.Cols) != 0 {
		panic(fmt.Sprintf("mnist: WriteImages: %d pixels for pictures of %d×%d", len(im.Pixels), im.Rows, im.Cols))
	}
	return write(w, im.Pixels, imagesMagic, im.Len(), im.Rows, im.Cols)
}

// WriteLabels writes labels in IDX format.
func WriteLabels(w io.Writer, labels []byte) error {
	return write(w, labels, labelsMagic, len(labels))
}

// write writes an IDX file: a header of the numbers, the magic one first, and the data.
func write(w io.Writer, data []byte, header ...int) error {
	b := make([]byte, 0, 16)
	for _, number := range header {
		b = binary.BigEndian.AppendUint32(b, uint32(number))
	}
	if _, err := w.Write(b); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}
