package nn

import (
	"fmt"

	"nndl/matrix"
)

// Example is one input with the output wanted for it: network.py's pair (x, y), for
// MNIST's digits 784×1 and 10×1. A picture keeps its pixels as the bytes they came
// as, an eighth of the memory of floats; they become floats where they are used.
// Copies of an Example share their memory.
type Example struct {
	pixels []byte         // of a picture: x is pixels/256,
	label  int            // y is 1 at label and 0 elsewhere,
	n      int            // and this is its length
	x, y   *matrix.Matrix // of any other example; nil for a picture
}

// NewExample returns the example (x, y), two column vectors, and keeps both. Any
// other shape panics, and so does a y without elements.
func NewExample(x, y *matrix.Matrix) Example {
	if x.Cols != 1 || y.Cols != 1 || y.Rows == 0 {
		panic(fmt.Sprintf("nn: NewExample: x %d×%d, y %d×%d: want two column vectors", x.Rows, x.Cols, y.Rows, y.Cols))
	}
	return Example{x: x, y: y, label: y.ArgMax(), n: y.Rows}
}

// NewPixelExample returns the example of a picture that shows label, one of the
// classes 0, 1, …, classes−1. Its input is byte/256 for each pixel, in 0..1 as
// in the book's data, and its output is 1 for the label and 0 for the other
// classes. It keeps pixels. A label that is none of the classes panics.
func NewPixelExample(pixels []byte, label, classes int) Example {
	if label < 0 || label >= classes {
		panic(fmt.Sprintf("nn: NewPixelExample: label %d of %d classes", label, classes))
	}
	return Example{pixels: pixels, label: label, n: classes}
}

// X returns the input, a column vector: 784×1 for a picture of 28×28. A picture's
// is made anew by each call; any other is the one the example was made with.
func (e Example) X() *matrix.Matrix {
	if e.x != nil {
		return e.x
	}
	x := matrix.New(len(e.pixels), 1) // 784×1
	e.copyX(x.Data)
	return x
}

// Y returns the wanted output, a column vector: 10×1 for a digit.
func (e Example) Y() *matrix.Matrix {
	if e.y != nil {
		return e.y
	}
	y := matrix.New(e.n, 1) // 10×1
	e.copyY(y.Data)
	return y
}

// Label returns the class of the example: where y is largest, the first such
// place if several are equal.
func (e Example) Label() int { return e.label }

// copyX writes the input into the row of a matrix.
func (e Example) copyX(row []float64) {
	switch {
	case e.x == nil && len(e.pixels) == len(row):
		matrix.Widen(row, e.pixels)
	case e.x != nil && len(e.x.Data) == len(row):
		copy(row, e.x.Data)
	default:
		panic(fmt.Sprintf("nn: an example of %d inputs for a network of %d", e.X().Rows, len(row)))
	}
}

// copyY writes the target into the row of a matrix.
func (e Example) copyY(row []float64) {
	if e.n != len(row) {
		panic(fmt.Sprintf("nn: an example of %d outputs for a network of %d", e.n, len(row)))
	}
	if e.y != nil {
		copy(row, e.y.Data)
		return
	}
	clear(row)
	row[e.label] = 1
}
