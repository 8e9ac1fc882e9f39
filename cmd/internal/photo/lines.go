package photo

import (
	"math"

	"nndl/matrix"
)

// Lines of ruled or squared paper go from one side of the picture to the other, are thin
// and straight, and may be at a slight angle. What is drawn across them must stay.

const (
	steepest = 0.12 // rise over run of lines that are looked for, about 7°
	covered  = 0.6  // how much of a line must be there for it to be one
)

// A band is a line of the given thickness: its middle is at row middle+slope·x, x counted
// from the middle of the picture.
type band struct{ middle, slope, thickness float64 }

// eraseLines sets d to 0 on the lines of the paper, and reports how many there were.
func eraseLines(d *matrix.Matrix, limit float64) int {
	across := bands(d, limit)
	turned := transpose(d)
	down := bands(turned, limit)
	for _, b := range across {
		erase(d, limit, b)
	}
	turned = transpose(d)
	for _, b := range down {
		erase(turned, limit, b)
	}
	copy(d.Data, transpose(turned).Data)
	return len(across) + len(down)
}

// transpose returns xᵀ.
func transpose(x *matrix.Matrix) *matrix.Matrix { return upright(x, 5) }

// bands finds the lines that go across d.
func bands(d *matrix.Matrix, limit float64) []band {
	var points [][2]float64 // x from the middle, y
	for i, v := range d.Data {
		// A line that is a pixel wide changes from row to row: take those above and below.
		if v >= limit || i >= d.Cols && d.Data[i-d.Cols] >= limit || i+d.Cols < len(d.Data) && d.Data[i+d.Cols] >= limit {
			points = append(points, [2]float64{float64(i%d.Cols) - float64(d.Cols)/2, float64(i / d.Cols)})
		}
	}
	// At the right slope all points of a line fall into the same few rows, and the sum of
	// the squares of the counts is largest.
	best, slope := 0.0, 0.0
	for s := -steepest; s <= steepest; s += 1 / float64(d.Cols) {
		sum := 0.0
		for _, n := range profile(points, s, d.Rows) {
			sum += n * n
		}
		if sum > best {
			best, slope = sum, s
		}
	}
	var found []band
	counts := profile(points, slope, d.Rows)
	thickest := max(5, d.Rows/40, d.Cols/40)
	for i := 0; i < len(counts); i++ {
		start := i
		for i < len(counts) && counts[i] >= covered*float64(d.Cols) {
			i++
		}
		if n := i - start; n > 0 && n <= thickest {
			found = append(found, band{float64(start) + float64(n-1)/2, slope, float64(max(n-2, 1))})
		}
	}
	return found
}

// profile counts the points in each row of a picture that is sheared by the slope.
func profile(points [][2]float64, slope float64, rows int) []float64 {
	counts := make([]float64, rows)
	for _, p := range points {
		if row := int(math.Round(p[1] - slope*p[0])); row >= 0 && row < rows {
			counts[row]++
		}
	}
	return counts
}

// erase takes a line out of d. Where the ink goes on above or below, a stroke crosses.
func erase(d *matrix.Matrix, limit float64, b band) {
	for col := range d.Cols {
		middle := int(math.Round(b.middle + b.slope*(float64(col)-float64(d.Cols)/2)))
		top, bottom := run(d, limit, middle, col)
		if float64(bottom-top) > b.thickness+3 {
			continue
		}
		for row := max(top-1, 0); row < min(bottom+1, d.Rows); row++ {
			d.Set(row, col, 0)
		}
	}
}

// run returns the rows from top to before bottom that are ink at row, or at most two rows
// beside it, in one piece.
func run(d *matrix.Matrix, limit float64, row, col int) (top, bottom int) {
	ink := func(row int) bool { return row >= 0 && row < d.Rows && d.Data[row*d.Cols+col] >= limit }
	for _, off := range []int{0, 1, -1, 2, -2} {
		if !ink(row + off) {
			continue
		}
		top, bottom = row+off, row+off+1
		for ink(top - 1) {
			top--
		}
		for ink(bottom) {
			bottom++
		}
		return top, bottom
	}
	return 0, 0
}
