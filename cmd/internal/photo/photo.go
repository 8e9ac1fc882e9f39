// Package photo turns a picture of a handwritten digit, a photograph, a scan or a
// drawing, into the pixels that the network reads: dark ink or chalk, on any paper, in any
// light.
//
// A file goes through four steps. It is decoded and turned upright as its EXIF tag says
// (decode.go, exif.go, light.go). The background is estimated for each place by itself
// (background.go), and what is darker or lighter falls into connected shapes
// (shapes.go). What is not a digit is left out: lines of the paper, a frame, the table
// around the sheet, dust (lines.go, clutter.go). Lines of an unusual width are made
// wider or narrower (pen.go), and [mnist.Normalize] does the rest.
package photo

import (
	"fmt"
	"strings"

	"nndl/mnist"
)

// A Digit is a picture as the network sees it.
type Digit struct {
	Pixels []byte // 28×28, row by row: 0 is background, 255 ink
	Rows   int    // of the picture, upright
	Cols   int
	Dark   bool     // the ink is darker than the background
	Notes  []string // what was done: "turned upright by its EXIF tag", "lines removed"
}

// String says in one line what was understood, as in "300×400, dark ink on light, lines
// removed".
func (d *Digit) String() string {
	ink := "light ink on dark"
	if d.Dark {
		ink = "dark ink on light"
	}
	return strings.Join(append([]string{fmt.Sprintf("%d×%d", d.Cols, d.Rows), ink}, d.Notes...), ", ")
}

// Read reads a picture of one digit from a PNG, JPEG or GIF file. The error names the
// file.
func Read(filename string) (*Digit, error) {
	data, err := read(filename)
	if err == nil {
		var d *Digit
		if d, err = Decode(data); err == nil {
			return d, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", filename, err)
}

// Decode returns the digit in a PNG, JPEG or GIF file with this content. A picture in
// which there is no digit, or more than one, is an error.
func Decode(data []byte) (*Digit, error) {
	im, err := decode(data)
	if err != nil {
		return nil, err
	}
	x := light(im, 1)
	if flat(x) { // nothing but white ink, perhaps
		x = light(im, 0)
	}
	d := &Digit{Rows: im.Bounds().Dy(), Cols: im.Bounds().Dx()}
	if o := orientation(data); o > 1 {
		x = upright(x, o)
		if o >= 5 {
			d.Rows, d.Cols = d.Cols, d.Rows
		}
		d.Notes = append(d.Notes, "turned upright by its EXIF tag")
	}
	found, err := find(x)
	if err != nil {
		return nil, err
	}
	ink, note := evenPen(cut(found.ink, found.box))
	d.Dark = found.dark
	d.Notes = append(d.Notes, found.notes...)
	if note != "" {
		d.Notes = append(d.Notes, note)
	}
	d.Pixels = mnist.Normalize(ink)
	return d, nil
}
