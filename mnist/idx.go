package mnist

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"nndl/nn"
	"nndl/nn/sniff"
)

// The IDX format: two bytes of 0, the type of the elements, the number of dimensions,
// then the size of each as a big-endian 32-bit number, then the elements, the last
// dimension fastest.
const (
	imagesMagic = 0x00000803 // unsigned bytes, three dimensions: images, rows, columns
	labelsMagic = 0x00000801 // unsigned bytes, one dimension
)

// maxBytes is how much memory the images of a file may take, with the examples that are
// made of them: about 20 times what MNIST takes. A gzipped file can really hold what its
// header promises and yet be a thousand times smaller.
const maxBytes = 1 << 30

// exampleBytes is what an example takes beside its pixels, and once more for the copy that
// is shuffled.
const exampleBytes = 2 * unsafe.Sizeof(nn.Example{})

// maxLabels is how many labels a file may have: as many as there may be images.
const maxLabels = maxBytes / uint64(exampleBytes)

// Images are the images of an IDX file, all of one size.
type Images struct {
	Rows, Cols int
	Pixels     []byte // one image after another, row by row; 0 is background, 255 ink
}

// Len returns the number of images.
func (im *Images) Len() int { return len(im.Pixels) / (im.Rows * im.Cols) }

// Image returns the pixels of image i, counted from 0, sharing memory with im.
func (im *Images) Image(i int) []byte {
	size := im.Rows * im.Cols
	return im.Pixels[i*size : (i+1)*size : (i+1)*size]
}

// ReadImages reads images in IDX format, gzipped or plain. It allocates as it
// reads, never because a header promises much.
func ReadImages(r io.Reader) (*Images, error) {
	r, sizes, err := openIDX(r, imagesMagic, "an IDX file of images")
	if err != nil {
		return nil, err
	}
	count, rows, cols := sizes[0], sizes[1], sizes[2]
	if count == 0 || rows == 0 || cols == 0 {
		return nil, fmt.Errorf("%d images of %d×%d pixels, want at least one of each", count, rows, cols)
	}
	area := uint64(rows) * uint64(cols) // two 32-bit numbers: it fits
	if area > maxBytes || uint64(count)*(area+uint64(exampleBytes)) > maxBytes {
		return nil, fmt.Errorf("the header promises %d images of %d×%d pixels, more than fit in %d bytes of memory", count, rows, cols, maxBytes)
	}
	pixels, err := readBody(r, uint64(count)*area)
	if err != nil {
		return nil, err
	}
	return &Images{int(rows), int(cols), pixels}, nil
}

// ReadLabels reads labels, each a digit from 0 to 9, in IDX format, gzipped or plain.
func ReadLabels(r io.Reader) ([]byte, error) {
	r, sizes, err := openIDX(r, labelsMagic, "an IDX file of labels")
	if err != nil {
		return nil, err
	}
	if uint64(sizes[0]) > maxLabels {
		return nil, fmt.Errorf("the header promises %d labels, want at most %d", sizes[0], maxLabels)
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

// openIDX unpacks r and reads the header, which must begin with magic. It returns the rest
// and the sizes. want says in words what the file should be.
func openIDX(r io.Reader, magic uint32, want string) (rest io.Reader, sizes []uint32, err error) {
	b, err := sniff.Open(r)
	if err != nil {
		return nil, nil, cutShort(err)
	}
	head, err := b.Peek(sniff.Length)
	if err != nil && err != io.EOF {
		return nil, nil, cutShort(err)
	}
	length := 4 + 4*int(magic&0xff)
	switch {
	case len(head) == 0:
		return nil, nil, sniff.Wrong(head, want)
	case len(head) < 4 || len(head) < length && binary.BigEndian.Uint32(head) == magic:
		return nil, nil, errors.New("cut short in the header")
	}
	switch got := binary.BigEndian.Uint32(head); {
	case got == magic:
	case got>>16 == 0 && got>>8 != 0x08:
		return nil, nil, fmt.Errorf("an IDX file with elements of type 0x%02x, want unsigned bytes, 0x08", got>>8)
	case got>>16 == 0 && sniff.Kind(head) == "":
		return nil, nil, fmt.Errorf("an IDX file of %d dimensions, want %d", got&0xff, magic&0xff)
	default:
		return nil, nil, sniff.Wrong(head, want)
	}
	for i := 4; i < length; i += 4 {
		sizes = append(sizes, binary.BigEndian.Uint32(head[i:]))
	}
	_, err = b.Discard(length)
	return b, sizes, err
}

// cutShort says in plain words that a gzip file ends too early.
func cutShort(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.New("cut short: the gzip data ends too early")
	}
	return err
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
			return nil, err
		}
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); err {
	case io.EOF:
		return body, nil // for gzip this EOF has seen that the checksum is right
	case nil:
		return nil, fmt.Errorf("more data than the %d bytes that the header promises", want)
	default:
		return nil, cutShort(err)
	}
}

// WriteImages writes images in IDX format. It panics if the pixels are not those of one
// whole image or more: nothing could read them again.
func WriteImages(w io.Writer, im *Images) error {
	if im.Rows < 1 || im.Cols < 1 || len(im.Pixels) == 0 || len(im.Pixels)%(im.Rows*im.Cols) != 0 {
		panic(fmt.Sprintf("mnist: WriteImages: %d pixels for images of %d×%d", len(im.Pixels), im.Rows, im.Cols))
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
