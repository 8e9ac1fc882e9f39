package photo

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // image.Decode reads these three formats
	_ "image/jpeg"
	_ "image/png"
	"io"
	"io/fs"
	"os"

	"nndl/nn/sniff"
)

// What a picture may cost. 50 megapixels are what the cameras of phones take at most;
// decoded, they need 75 MB as an ordinary JPEG and 1 GB in the worst case.
const (
	maxPixels = 50_500_000
	maxFile   = 1 << 28 // bytes
	maxScans  = 64      // of a progressive JPEG; encoders make about ten
)

// decode decodes a JPEG, PNG or GIF file, of an animated GIF the first image. It looks
// at the header and the number of scans first, so that neither memory nor time is spent
// on a file that only promises to be a picture.
func decode(data []byte) (image.Image, error) {
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case errors.Is(err, image.ErrFormat):
		return nil, sniff.Wrong(data[:min(len(data), sniff.Length)], "a PNG, JPEG or GIF picture")
	case err != nil:
		return nil, broken(err)
	case config.Width < 1 || config.Height < 1:
		return nil, fmt.Errorf("a picture of %d×%d pixels: nothing to see", config.Width, config.Height)
	case config.Width > maxPixels/config.Height:
		return nil, fmt.Errorf("%d×%d pixels are too many, at most %d million: make it smaller or crop it to the digit",
			config.Width, config.Height, maxPixels/1_000_000)
	}
	if format == "jpeg" {
		if n := scans(data); n > maxScans {
			return nil, fmt.Errorf("a JPEG in %d scans, which would take very long to decode; at most %d: save it again", n, maxScans)
		}
	}
	im, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, broken(err)
	}
	return im, nil
}

// broken says that a picture can't be decoded, in words that don't presume Go.
func broken(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return errors.New("a broken picture: the file is cut short")
	}
	return fmt.Errorf("a broken picture: %w", err)
}

// scans returns the number of scans in a JPEG file. A progressive JPEG draws the picture
// in several, and a scan of a few bytes may go over all of it.
func scans(data []byte) int {
	n := 0
	segments(data, func(marker byte, _ []byte) bool {
		if marker == 0xda { // SOS, start of scan
			n++
		}
		return n <= 100_000
	})
	return n
}

// segments calls f for each segment of a JPEG file until f returns false or the picture
// ends. A marker is two bytes, 0xff and the marker itself; two bytes of length follow,
// which count themselves, and then the content. The data of a scan comes after its
// segment; in them 0xff 0x00 is a byte 0xff and 0xd0 to 0xd7 are marks in the data.
func segments(data []byte, f func(marker byte, content []byte) bool) {
	for i := 0; i+1 < len(data); {
		marker := data[i+1]
		switch {
		case data[i] != 0xff || marker == 0 || marker >= 0xd0 && marker <= 0xd8 || marker == 1:
			i++
			if data[i-1] == 0xff {
				i++
			}
			continue
		case marker == 0xff: // a byte to fill up
			i++
			continue
		case marker == 0xd9: // EOI, end of image
			return
		}
		if i+4 > len(data) {
			return
		}
		end := i + 2 + (int(data[i+2])<<8 | int(data[i+3]))
		if end < i+4 || end > len(data) || !f(marker, data[i+4:end]) {
			return
		}
		i = end
	}
}

// read returns the content of a file of reasonable size. The caller names the file.
func read(filename string) ([]byte, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, reason(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, reason(err)
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("a file of more than %d MB", maxFile>>20)
	}
	return data, nil
}

// reason returns why a file can't be read, without its name.
func reason(err error) error {
	if pathError := new(fs.PathError); errors.As(err, &pathError) {
		return pathError.Err
	}
	return err
}
