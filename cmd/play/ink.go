package main

import (
	"math"

	"nndl/matrix"
)

// A drawing comes as strokes, each a line through points x₀, y₀, x₁, y₁, … in thousandths
// of the square that is drawn on.
const drawingSide = 1000

// The ink is computed on a grid on which the longer side of the digit has 200 elements,
// ten for each of the 20 pixels that it is scaled to, with a pen an eighth as wide: so
// wide are the lines of MNIST's digits, whatever size one draws in.
const (
	inkSide  = 200
	penWidth = inkSide / 8
)

// box is where the points of a drawing lie.
type box struct{ Left, Top, Width, Height float64 }

// bounds returns the box of the strokes, which have at least one point.
func bounds(strokes [][]float64) box {
	left, top := math.Inf(1), math.Inf(1)
	right, bottom := math.Inf(-1), math.Inf(-1)
	for _, stroke := range strokes {
		for i := 0; i < len(stroke); i += 2 {
			left, right = min(left, stroke[i]), max(right, stroke[i])
			top, bottom = min(top, stroke[i+1]), max(bottom, stroke[i+1])
		}
	}
	return box{left, top, right - left, bottom - top}
}

// drawn returns the ink of the strokes, from 0 to 1.
func drawn(strokes [][]float64, b box) *matrix.Matrix {
	longer := max(b.Width, b.Height, 1) // of a dot it is 0
	scale := (inkSide - penWidth) / longer
	side := func(length float64) int { return int(math.Ceil(length*scale)) + penWidth + 2 }
	ink := matrix.New(side(b.Height), side(b.Width))
	const margin = penWidth/2 + 1
	at := func(x, y float64) (float64, float64) { return (x-b.Left)*scale + margin, (y-b.Top)*scale + margin }
	for _, stroke := range strokes {
		x0, y0 := at(stroke[0], stroke[1])
		for i := 0; i < len(stroke); i += 2 { // the first is a line of length 0, a dot
			x1, y1 := at(stroke[i], stroke[i+1])
			line(ink, x0, y0, x1, y1)
			x0, y0 = x1, y1
		}
	}
	return ink
}

// line draws a line with round ends: what is within half the pen's width of it is ink,
// what is at the edge is grey.
func line(ink *matrix.Matrix, x0, y0, x1, y1 float64) {
	const radius = penWidth / 2.0
	dx, dy := x1-x0, y1-y0
	length2 := dx*dx + dy*dy
	from := func(a, b float64) int { return max(0, int(min(a, b)-radius-1)) }
	to := func(a, b float64, n int) int { return min(n, int(max(a, b)+radius+2)) }
	for i := from(y0, y1); i < to(y0, y1, ink.Rows); i++ {
		row := ink.Row(i)
		for j := from(x0, x1); j < to(x0, x1, ink.Cols); j++ {
			px, py := float64(j)+0.5-x0, float64(i)+0.5-y0
			t := 0.0 // the nearest point of the line, from 0 to 1
			if length2 > 0 {
				t = min(max((px*dx+py*dy)/length2, 0), 1)
			}
			distance := math.Sqrt((px-t*dx)*(px-t*dx) + (py-t*dy)*(py-t*dy))
			row[j] = max(row[j], min(max(radius+0.5-distance, 0), 1))
		}
	}
}
