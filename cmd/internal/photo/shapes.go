package photo

import (
	"image"

	"nndl/matrix"
)

// A shape is a connected piece of ink: each of its pixels touches another one, at a side
// or a corner.
type shape struct {
	box     image.Rectangle
	pixels  []int   // indices into the data of the picture
	contact int     // how many of them lie on the edge of the picture
	outline float64 // how much of its outline is seen, see outlined
}

func (s *shape) size() int { return max(s.box.Dx(), s.box.Dy()) }

// shapes returns the connected pieces of d that are at least limit deep.
func shapes(d *matrix.Matrix, limit float64) []*shape {
	seen := make([]bool, len(d.Data))
	var all []*shape
	for start, v := range d.Data {
		if v < limit || seen[start] {
			continue
		}
		seen[start] = true
		s := &shape{pixels: []int{start}, box: image.Rect(start%d.Cols, start/d.Cols, start%d.Cols+1, start/d.Cols+1)}
		for k := 0; k < len(s.pixels); k++ {
			s.visit(d, s.pixels[k], func(next int) {
				if d.Data[next] >= limit && !seen[next] {
					seen[next] = true
					s.pixels = append(s.pixels, next)
				}
			})
		}
		all = append(all, s)
	}
	return all
}

// visit takes pixel i into the measures of s and calls f for its neighbours.
func (s *shape) visit(d *matrix.Matrix, i int, f func(next int)) {
	row, col := i/d.Cols, i%d.Cols
	s.box = s.box.Union(image.Rect(col, row, col+1, row+1))
	if row == 0 || col == 0 || row == d.Rows-1 || col == d.Cols-1 {
		s.contact++
	}
	for r := max(row-1, 0); r <= min(row+1, d.Rows-1); r++ {
		for c := max(col-1, 0); c <= min(col+1, d.Cols-1); c++ {
			f(r*d.Cols + c)
		}
	}
}

// rim returns the part of the shape that lies along the sides of its box: nearly all of
// it in a frame, far less in any digit.
func (s *shape) rim(cols int) float64 {
	b := s.box
	inner := image.Rect(b.Min.X+b.Dx()/8, b.Min.Y+b.Dy()/8, b.Max.X-b.Dx()/8, b.Max.Y-b.Dy()/8)
	n := 0
	for _, i := range s.pixels {
		if !image.Pt(i%cols, i/cols).In(inner) {
			n++
		}
	}
	return float64(n) / float64(len(s.pixels))
}

// holes returns how many separate pieces of the background the shape encloses, the
// smallest ones not counted: none in a 1, one in a 0, two in an 8.
func (s *shape) holes(cols int) int {
	// The box with a margin of one pixel: 1 is background.
	rows, width := s.box.Dy()+2, s.box.Dx()+2
	x := matrix.New(rows, width)
	for i := range x.Data {
		x.Data[i] = 1
	}
	for _, i := range s.pixels {
		x.Set(i/cols-s.box.Min.Y+1, i%cols-s.box.Min.X+1, 0)
	}
	n := -1 // for what is outside
	for _, hole := range shapes(x, 1) {
		if len(hole.pixels) > 4+rows*width/2000 {
			n++
		}
	}
	return n
}

// gap returns how far apart two boxes are, 0 if they touch or overlap.
func gap(a, b image.Rectangle) int {
	across := max(a.Min.X-b.Max.X, b.Min.X-a.Max.X, 0)
	down := max(a.Min.Y-b.Max.Y, b.Min.Y-a.Max.Y, 0)
	return max(across, down)
}
