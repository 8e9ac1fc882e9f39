package nn

import (
	"fmt"

	"nndl/matrix"
)

// Example is one input with its target: network.py's pair (x, y), for MNIST's digits 784×1
// and 10×1. The pixels of an image are kept as bytes, an eighth of the memory of floats;
// they become floats where they are used. Copies of an Example share their memory.
type Example struct {
	pixels []byte         // of an image: x is pixels/256,
	label  int            // y is 1 at label and 0 elsewhere,
	n      int            // and this is its length
	x, y   *matrix.Matrix // of any other example; nil for an image
}

// NewExample returns the example (x, y), two column vectors, and keeps both. It panics if
// they have another shape or if y has no elements.
func NewExample(x, y *matrix.Matrix) Example {
	if x.Cols != 1 || y.Cols != 1 || y.Rows == 0 {
		panic(fmt.Sprintf("nn: NewExample: x %d×%d, y %d×%d: want two column vectors", x.Rows, x.Cols, y.Rows, y.Cols))
	}
	return Example{x: x, y: y, label: y.ArgMax(), n: y.Rows}
}

// NewPixelExample returns the example of an image that shows label, one of the classes
// 0, 1, …, classes−1. Its input is byte/256 for each pixel, in 0..1 as in the book's
// data, and its target is 1 for the label and 0 for the other classes. It keeps pixels.
// It panics if the label is not one of the classes.
func NewPixelExample(pixels []byte, label, classes int) Example {
	if label < 0 || label >= classes {
		panic(fmt.Sprintf("nn: NewPixelExample: label %d of %d classes", label, classes))
	}
	return Example{pixels: pixels, label: label, n: classes}
}

// X returns the input, a column vector: 784×1 for an image of 28×28. For an image each
// call makes a new one; otherwise it is the x that NewExample was given.
func (e Example) X() *matrix.Matrix {
	if e.x != nil {
		return e.x
	}
	x := matrix.New(len(e.pixels), 1) // 784×1
	e.CopyX(x.Data)
	return x
}

// Y returns the target, a column vector: 10×1 for a digit.
func (e Example) Y() *matrix.Matrix {
	if e.y != nil {
		return e.y
	}
	y := matrix.New(e.n, 1) // 10×1
	e.copyY(y.Data)
	return y
}

// Label returns the class of the example: the index of the largest element of y, the first
// if several are equal.
func (e Example) Label() int { return e.label }

// CopyX writes the input into the row of a matrix, without the memory that X makes. It panics
// if the input has another length.
func (e Example) CopyX(row []float64) {
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
