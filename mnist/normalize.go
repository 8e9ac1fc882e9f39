package mnist

import (
	"fmt"
	"math"

	"nndl/matrix"
)

// Normalize gives a drawing the form that MNIST's images have: it crops the drawing to
// its ink, scales it to fit 20×20 without changing its proportions, and places it in
// 28×28 with the centre of mass in the middle. The network has only ever seen digits of
// this size in this place, and reads others badly, however clear they are to us.
//
// Each element of ink, rows×cols, says how much ink there is, from 0 for blank paper to
// 1. The result has 28·28 pixels, row by row, 0 for paper and 255 for the most ink.
// Normalize panics if no element is above 0.
//
// The three steps are those that Yann LeCun's page on MNIST describes. The same ink
// gives the same pixels on every processor.
func Normalize(ink *matrix.Matrix) []byte {
	small := fit(crop(ink)) // h×w, the larger of them 20
	pixels := make([]byte, Side*Side)
	place(pixels, small)
	return pixels
}

// crop returns the smallest part of ink that holds all elements above 0.
func crop(ink *matrix.Matrix) *matrix.Matrix {
	top, bottom, left, right := ink.Rows, 0, ink.Cols, 0
	for i := range ink.Rows {
		for j, v := range ink.Row(i) {
			if v > 0 {
				top, bottom = min(top, i), i+1
				left, right = min(left, j), max(right, j+1)
			}
		}
	}
	if bottom == 0 {
		panic(fmt.Sprintf("mnist: Normalize: %d×%d without ink", ink.Rows, ink.Cols))
	}
	part := matrix.New(bottom-top, right-left)
	for i := range part.Rows {
		copy(part.Row(i), ink.Row(top + i)[left:right])
	}
	return part
}

// fit scales ink so that its longer side is 20 and its largest element 1. An element of
// the result is the mean of the area of ink that it covers: that is where the greys of
// MNIST come from, whose originals were black and white.
func fit(ink *matrix.Matrix) *matrix.Matrix {
	longer := max(ink.Rows, ink.Cols)
	side := func(n int) int { return max(1, int(math.Floor(float64(n*box)/float64(longer)+0.5))) }
	small := Scale(ink, side(ink.Rows), side(ink.Cols))
	most := 0.0
	for _, v := range small.Data {
		most = max(most, v)
	}
	for i := range small.Data {
		small.Data[i] /= most
	}
	return small
}

// Scale returns ink as rows×cols elements, each the mean of the area that it covers. An
// element of ink that is only partly in that area counts by that part.
func Scale(ink *matrix.Matrix, rows, cols int) *matrix.Matrix {
	wide := matrix.New(ink.Rows, cols) // the columns first, then the rows
	for j := range cols {
		overlap(ink.Cols, cols, j, func(k int, part float64) {
			for i := range ink.Rows {
				wide.Data[i*cols+j] += float64(part * ink.Data[i*ink.Cols+k])
			}
		})
	}
	small := matrix.New(rows, cols)
	for i := range rows {
		overlap(ink.Rows, rows, i, func(k int, part float64) {
			for j, v := range wide.Row(k) {
				small.Data[i*cols+j] += float64(part * v)
			}
		})
	}
	return small
}

// overlap cuts a line of n equal pieces into m equal pieces. It calls f for each old
// piece k that lies in new piece i, with the part of the new piece that k fills.
func overlap(n, m, i int, f func(k int, part float64)) {
	// In units of 1/(n·m) of the line, all ends are whole numbers.
	start, end := i*n, (i+1)*n
	for k := start / m; k*m < end; k++ {
		f(k, float64(min(end, (k+1)*m)-max(start, k*m))/float64(n))
	}
}

// place draws ink, at most 20×20, into pixels, 28×28, so that its centre of mass comes
// to lie in the middle, as nearly as whole pixels and the edges allow. Counting from 0,
// MNIST's middle is row 14 and column 14: in each of its images the mean row and the
// mean column of the ink, weighted by how much there is, round to 14.
func place(pixels []byte, ink *matrix.Matrix) {
	var mass, down, across float64
	for i := range ink.Rows {
		for j, v := range ink.Row(i) {
			mass += v
			down += float64(v * float64(i))
			across += float64(v * float64(j))
		}
	}
	top, left := start(down/mass, ink.Rows), start(across/mass, ink.Cols)
	for i := range ink.Rows {
		for j, v := range ink.Row(i) {
			pixels[(top+i)*Side+left+j] = byte(math.Floor(float64(v*255) + 0.5))
		}
	}
}

// start returns where n rows or columns begin if their mean is to come to the middle.
func start(mean float64, n int) int {
	return int(min(max(math.Floor(Side/2-mean+0.5), 0), float64(Side-n)))
}
