package photo

import (
	"image"
	"math"
	"slices"

	"nndl/matrix"
)

// sift tells the shapes that may be a digit from those that are not: what reaches in from
// the edge, such as the table around a sheet; a frame; dust.
func sift(all []*shape, d *matrix.Matrix) (kept, clutter []*shape, notes []string) {
	slices.SortFunc(all, func(a, b *shape) int { return len(b.pixels) - len(a.pixels) })
	side := max(d.Rows, d.Cols)
	inside := 0 // the largest shape that does not touch the edge
	for _, s := range all {
		if s.contact == 0 {
			inside = max(inside, s.size())
		}
	}
	for _, s := range all {
		switch long := s.contact > (s.box.Dx()+s.box.Dy())/3; {
		case s.contact > 0 && (10*inside >= side || long && s.contact > side/2):
			clutter = append(clutter, s)
			if long {
				notes = merge(notes, []string{"what reaches in from the edge left out"})
			}
		case s.frames(all, d):
			clutter, notes = append(clutter, s), merge(notes, []string{"a frame left out"})
		case len(kept) > 0 && s.dust(kept[0]):
			clutter = append(clutter, s)
			if len(s.pixels) > 3 {
				notes = merge(notes, []string{"specks left out"})
			}
		case len(kept) == 0 && 25*s.size() < side:
			clutter = append(clutter, s)
		default:
			kept = append(kept, s)
		}
	}
	return kept, clutter, notes
}

// frames reports whether s is a frame around others.
func (s *shape) frames(all []*shape, d *matrix.Matrix) bool {
	if s.box.Dx() < d.Cols/4 || s.box.Dy() < d.Rows/4 || s.rim(d.Cols) < 0.85 {
		return false
	}
	for _, other := range all {
		if other != s && other.box.In(s.box) && 5*other.size() > s.size() {
			return true
		}
	}
	return false
}

// dust reports whether s is too small to be a part of a digit as large as main.
func (s *shape) dust(main *shape) bool {
	return 7*s.size() < main.size() || 60*len(s.pixels) < len(main.pixels) ||
		5*s.size() < 2*main.size() && 5*gap(s.box, main.box) > main.size()
}

// apart reports whether s is another digit beside main, not a stroke of it.
func apart(main, s *shape) bool {
	side := main.size()
	beside := s.box.Min.X >= main.box.Max.X-side/10 || s.box.Max.X <= main.box.Min.X+side/10
	return 4*gap(s.box, main.box) > side || beside && 10*s.box.Dy() > 6*main.box.Dy()
}

// wipe sets d to 0 where s is and on the pixels around, to which its soft edge reaches.
func (s *shape) wipe(d *matrix.Matrix) {
	for _, i := range s.pixels {
		around(d, i, 2, func(k int) { d.Data[k] = 0 })
	}
}

// around calls f for the elements of x within n rows and columns of element i.
func around(x *matrix.Matrix, i, n int, f func(k int)) {
	row, col := i/x.Cols, i%x.Cols
	for r := max(row-n, 0); r <= min(row+n, x.Rows-1); r++ {
		for c := max(col-n, 0); c <= min(col+n, x.Cols-1); c++ {
			f(r*x.Cols + c)
		}
	}
}

// draw makes the ink of the shapes: 1 where it is deep, 0 on paper. Between them, at the
// edges, it is as deep as it is if the paper has no grain, as in a drawing made by a program,
// whose greys are meant and may be many pixels wide. On paper with grain the edges are
// steeper and end two pixels away.
func (c *candidate) draw(d *matrix.Matrix, group []*shape, grain float64) {
	var deep []float64
	var front []int
	for _, s := range group {
		for _, i := range s.pixels {
			deep = append(deep, d.Data[i])
		}
		front = append(front, s.pixels...)
	}
	slices.Sort(deep)
	full := deep[len(deep)*3/4]
	low, high, reach := 0.04, 1.0, 16
	if grain > 0.02*full {
		low, high, reach = 0.2, 0.7, 2
	}
	c.ink = matrix.New(d.Rows, d.Cols)
	for range reach + 1 {
		var next []int
		for _, i := range front {
			v := min((d.Data[i]/full-low)/(high-low), 1)
			if !(v > 0) || c.ink.Data[i] > 0 {
				continue
			}
			c.ink.Data[i] = v
			row, col := i/d.Cols, i%d.Cols
			c.box = c.box.Union(image.Rect(col, row, col+1, row+1))
			around(d, i, 1, func(k int) { next = append(next, k) })
		}
		front = next
	}
}

// contrast says how clearly the shapes stand out, to choose between dark ink and light
// ink: how far their light is from that of the paper, less if they touch the edge, and less
// if part of their outline is only an edge of what was taken for paper.
func contrast(view, paper *matrix.Matrix, group []*shape) float64 {
	sum, outline, n, contact := 0.0, 0.0, 0, 0
	for _, s := range group {
		for _, i := range s.pixels {
			sum += paper.Data[i] - view.Data[i]
		}
		n += len(s.pixels)
		contact += s.contact
		outline += s.outline * float64(len(s.pixels))
	}
	outline /= float64(n)
	return sum / float64(n) * outline * outline * (1 - min(1, float64(contact)/float64(view.Rows+view.Cols)))
}

// leastOutline is how much of the outline of ink must be seen.
const leastOutline = 0.3

// outlined says how much of the difference between the edge of s and its paper is seen
// outside of s, so many pixels away: 1 for ink. At the corner of a sheet on a table, say, the estimate of the
// paper changes from the table to the sheet; there s may end where nothing is to be seen.
func (s *shape) outlined(view, paper *matrix.Matrix, outside int) float64 {
	in := make(map[int]bool, len(s.pixels))
	for _, i := range s.pixels {
		in[i] = true
	}
	sum, n := 0.0, 0
	for _, i := range s.pixels {
		for _, step := range []image.Point{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			next := image.Pt(i%view.Cols, i/view.Cols).Add(step)
			far := next.Add(step.Mul(outside - 1))
			if !far.In(image.Rect(0, 0, view.Cols, view.Rows)) || in[next.Y*view.Cols+next.X] {
				continue
			}
			difference := view.Data[far.Y*view.Cols+far.X] - view.Data[i]
			sum += min(max(difference/(paper.Data[i]-view.Data[i]), 0), 1)
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// noise returns the standard deviation of the noise in view, from the differences between
// neighbours: half of them are smaller than 0.954 times it.
func noise(view *matrix.Matrix) float64 {
	var counts [1024]int
	for i, v := range view.Data[1:] {
		counts[int(min(math.Abs(v-view.Data[i]), 1)*1023)]++
	}
	return quantile(counts[:], len(view.Data)-1, 0.5) / 0.954
}
