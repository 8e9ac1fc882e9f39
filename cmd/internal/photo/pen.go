package photo

import (
	"math"

	"nndl/matrix"
)

// The pens that wrote MNIST's digits were about an eighth as wide as the digits are
// tall. A hair-thin line, scaled down, would be a faint trace that the network has never
// seen, a marker a blot; so lines far from the usual width are made wider or narrower.
const (
	digitSide = 120  // the longer side of the digit while that is done
	narrowest = 0.07 // of a line, as a part of that side
	widest    = 0.22
)

// evenPen returns ink with lines of a usual width: itself, or else scaled and changed.
func evenPen(ink *matrix.Matrix) (*matrix.Matrix, string) {
	x := resize(ink, digitSide)
	switch width := penWidth(x) / digitSide; {
	case width < narrowest:
		return grow(x, (narrowest-width)/2*digitSide), "thin lines thickened"
	case width > widest:
		return shrink(x, (width-widest)/2*digitSide), "thick lines thinned"
	}
	return ink, ""
}

// penWidth returns how wide the lines are: a long line has twice its length as outline.
func penWidth(ink *matrix.Matrix) float64 {
	area, outline := 0.0, 0.0
	at := func(i, j int) float64 {
		if i < 0 || j < 0 || i >= ink.Rows || j >= ink.Cols {
			return 0
		}
		return ink.At(i, j)
	}
	for i := -1; i < ink.Rows; i++ {
		for j := -1; j < ink.Cols; j++ {
			area += at(i, j)
			outline += math.Hypot(at(i+1, j)-at(i, j), at(i, j+1)-at(i, j))
		}
	}
	return 2 * area / outline
}

// grow returns x with its ink reaching further by radius on all sides.
func grow(x *matrix.Matrix, radius float64) *matrix.Matrix {
	n := int(math.Ceil(radius))
	z := matrix.New(x.Rows+2*n, x.Cols+2*n)
	for i, v := range x.Data {
		if v == 0 {
			continue
		}
		row, col := i/x.Cols+n, i%x.Cols+n
		for r := -n; r <= n; r++ {
			for c := -n; c <= n; c++ {
				part := v * min(max(radius+1-math.Hypot(float64(r), float64(c)), 0), 1)
				k := (row+r)*z.Cols + col + c
				z.Data[k] = max(z.Data[k], part)
			}
		}
	}
	return z
}

// shrink returns x with its ink reaching less far by radius: the paper grows.
func shrink(x *matrix.Matrix, radius float64) *matrix.Matrix {
	margin := 1
	paper := matrix.New(x.Rows+2*margin, x.Cols+2*margin)
	for i := range paper.Data {
		paper.Data[i] = 1
	}
	for i, v := range x.Data {
		paper.Set(i/x.Cols+margin, i%x.Cols+margin, 1-v)
	}
	z := grow(paper, radius)
	for i, v := range z.Data {
		z.Data[i] = 1 - v
	}
	n := (z.Rows - x.Rows) / 2
	out := matrix.New(x.Rows, x.Cols)
	for i := range out.Data {
		out.Data[i] = z.At(i/x.Cols+n, i%x.Cols+n)
	}
	return out
}
