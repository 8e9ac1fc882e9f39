package photo

import (
	"image"
	"math"

	"nndl/matrix"
)

// sheet looks for a sheet of paper that lies on a table, or for a slate on a white page. It
// returns the picture of it, without what is around it, or nil if there is no such thing.
func sheet(light *matrix.Matrix) *matrix.Matrix {
	grid := resize(light, gridSide)
	middle := split(grid)
	for _, sign := range []float64{1, -1} {
		x := matrix.New(grid.Rows, grid.Cols)
		for i, v := range grid.Data {
			if (v-middle)*sign > 0 {
				x.Data[i] = 1
			}
		}
		for _, s := range shapes(x, 1) {
			if s.isSheet(x) {
				return s.peel(light, x)
			}
		}
	}
	return nil
}

// split returns the level between dark and light elements, Otsu's: the one for which the
// means of the two are furthest apart, weighted by how many there are of each.
func split(x *matrix.Matrix) float64 {
	const levels = 256
	var counts [levels]float64
	for _, v := range x.Data {
		counts[int(min(max(v, 0), 1)*(levels-1))]++
	}
	total, sum := 0.0, 0.0
	for level, n := range counts {
		total += n
		sum += n * float64(level)
	}
	best, at, n, below := 0.0, 0, 0.0, 0.0
	for level, c := range counts {
		n += c
		below += c * float64(level)
		if n == 0 || n == total {
			continue
		}
		apart := below/n - (sum-below)/(total-n)
		if between := n * (total - n) * apart * apart; between > best {
			best, at = between, level
		}
	}
	return (float64(at) + 0.5) / (levels - 1)
}

// isSheet reports whether s is a large rectangle, about, within the picture.
func (s *shape) isSheet(x *matrix.Matrix) bool {
	all := x.Rows * x.Cols
	filled := s.filled(x)
	area := 0
	for _, v := range filled.Data {
		area += int(v)
	}
	return 7*area > all && 100*area < 98*all && // large, but not everything
		10*len(s.pixels) > 7*area && // little ink on it
		3*s.contact < 2*(x.Rows+x.Cols) && // something around two thirds of it
		float64(area) > 0.84*s.rectangle(x.Cols)
}

// filled returns a picture the size of x with s in it, its holes filled.
func (s *shape) filled(x *matrix.Matrix) *matrix.Matrix {
	outside := matrix.New(x.Rows+2, x.Cols+2) // with a margin that connects what is outside
	for i := range outside.Data {
		outside.Data[i] = 1
	}
	for _, i := range s.pixels {
		outside.Set(i/x.Cols+1, i%x.Cols+1, 0)
	}
	z := matrix.New(x.Rows, x.Cols)
	for i := range z.Data {
		z.Data[i] = 1
	}
	for _, i := range shapes(outside, 1)[0].pixels { // the one with the first pixel
		if p := image.Pt(i%outside.Cols-1, i/outside.Cols-1); p.In(image.Rect(0, 0, x.Cols, x.Rows)) {
			z.Set(p.Y, p.X, 0)
		}
	}
	return z
}

// rectangle returns the area of the smallest rectangle around s, at any angle.
func (s *shape) rectangle(cols int) float64 {
	least := math.Inf(1)
	for degrees := 0.0; degrees < 90; degrees += 3 {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		left, right, top, bottom := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
		for _, i := range s.pixels {
			x, y := float64(i%cols), float64(i/cols)
			u, v := cos*x+sin*y, cos*y-sin*x
			left, right, top, bottom = min(left, u), max(right, u), min(top, v), max(bottom, v)
		}
		least = min(least, (right-left+1)*(bottom-top+1))
	}
	return least
}

// peel returns the part of light in which s lies, found in the smaller picture x. What is
// not on it is painted over with the nearest light that is.
func (s *shape) peel(light, x *matrix.Matrix) *matrix.Matrix {
	scale := float64(light.Cols) / float64(x.Cols)
	on := least(least(s.filled(x))) // its edge is blurred, or bent upwards
	at := func(n int) int { return int(scale * float64(n)) }
	b := image.Rect(at(s.box.Min.X), at(s.box.Min.Y), at(s.box.Max.X), at(s.box.Max.Y)).Intersect(image.Rect(0, 0, light.Cols, light.Rows))
	mask, part := cut(resizeTo(on, light.Rows, light.Cols), b), cut(light, b)
	last := -1
	for i := range part.Rows {
		if !paint(part.Row(i), mask.Row(i)) {
			continue
		}
		for k := last + 1; k < i; k++ {
			copy(part.Row(k), part.Row(i))
		}
		last = i
	}
	for k := last + 1; last >= 0 && k < part.Rows; k++ {
		copy(part.Row(k), part.Row(last))
	}
	return part
}

// paint replaces the elements of row where on is 0 by the nearest one where it is 1. It
// reports whether there is one.
func paint(row, on []float64) bool {
	last := -1
	for j := range row {
		if on[j] < 0.5 {
			continue
		}
		for k := last + 1; k < j; k++ {
			if last < 0 || k-last > j-k {
				row[k] = row[j]
			} else {
				row[k] = row[last]
			}
		}
		last = j
	}
	for k := last + 1; last >= 0 && k < len(row); k++ {
		row[k] = row[last]
	}
	return last >= 0
}
