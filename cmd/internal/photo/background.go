package photo

import (
	"math"

	"nndl/matrix"
)

// Paper is not equally light everywhere: lamps stand on one side, a hand throws a shadow,
// lenses darken the corners. So the background is estimated for each place by itself, from
// a window around it that is half as large as the picture. On a grid of gridSide places
// that is done quickly, and between them the background is interpolated.
const (
	gridSide = 96
	reach    = gridSide / 4 // half the side of the window
)

// depth returns how much darker than its background each element of light is, as a part
// of the background: 0 for paper, 1 for black. A shadow dims ink and paper alike, so that
// it makes no difference to their ratio. A background is at least as light as darkest:
// below that there is no telling ink from noise.
func depth(light *matrix.Matrix, darkest float64) (d, paper *matrix.Matrix) {
	grid := resize(light, gridSide)
	// First ink may cover more than half of a window: take what two fifths are lighter than.
	paper = background(grid, nil, 0.6)
	// Then leave out what looks like ink, and what remains is paper: take its median,
	// which follows slopes and edges.
	ink := below(grid, paper, darkest)
	limit := strength(ink) / 2
	paper = background(grid, func(i int) bool { return ink.Data[i] <= limit }, 0.5)
	paper = resizeTo(least(paper), light.Rows, light.Cols)
	return below(light, paper, darkest), paper
}

// below returns how far light is below paper, as a part of it.
func below(light, paper *matrix.Matrix, darkest float64) *matrix.Matrix {
	d := matrix.New(light.Rows, light.Cols)
	for i, v := range light.Data {
		d.Data[i] = max(0, paper.Data[i]-v) / max(paper.Data[i], darkest)
	}
	return d
}

// least returns the least of each element and those around it: where the edge of a shadow
// lies between two places of the grid, neither side may pass for ink.
func least(x *matrix.Matrix) *matrix.Matrix {
	z := matrix.New(x.Rows, x.Cols)
	for i, v := range x.Data {
		z.Data[i] = v
		around(x, i, 1, func(k int) { z.Data[i] = min(z.Data[i], x.Data[k]) })
	}
	return z
}

// background returns for each element of x the q-quantile of those within reach that are
// paper, a nil paper meaning all. Where there are none it takes them from further away.
// Beyond its edges x goes on as a straight line would, point by point (2·edge − mirrored),
// so that a slope keeps its median up to the edge.
func background(x *matrix.Matrix, paper func(i int) bool, q float64) *matrix.Matrix {
	const levels = 256
	z := matrix.New(x.Rows, x.Cols)
	var counts [levels]int
	total := 0
	count := func(row, col, by int) {
		if i, v := beyond(x, row, col); paper == nil || paper(i) {
			counts[int(min(max(v, 0), 1)*(levels-1)+0.5)] += by
			total += by
		}
	}
	for row := range x.Rows {
		counts, total = [levels]int{}, 0
		for i := row - reach; i <= row+reach; i++ {
			for j := -reach; j < reach; j++ {
				count(i, j, 1)
			}
		}
		for col := range x.Cols {
			for i := row - reach; i <= row+reach; i++ {
				count(i, col+reach, 1)
			}
			z.Row(row)[col] = quantile(counts[:], total, q)
			for i := row - reach; i <= row+reach; i++ {
				count(i, col-reach, -1)
			}
		}
	}
	fill(z)
	return z
}

// beyond returns the value of x at a place that may lie beyond its edges, and the index
// of the element that it is from.
func beyond(x *matrix.Matrix, row, col int) (i int, v float64) {
	r, c := mirror(row, x.Rows), mirror(col, x.Cols)
	v = x.At(r, c)
	if r != row || c != col {
		edge := x.At(min(max(row, 0), x.Rows-1), min(max(col, 0), x.Cols-1))
		v = min(max(2*edge-v, edge-0.1), edge+0.1)
	}
	return r*x.Cols + c, v
}

// mirror returns i as an index below n, mirrored at the ends.
func mirror(i, n int) int {
	if i < 0 {
		i = -i
	}
	if i >= n {
		i = 2*(n-1) - i
	}
	return min(max(i, 0), n-1)
}

// quantile returns the level, 0 to 1, that the part q of what was counted does not exceed,
// and NaN if nothing was counted.
func quantile(counts []int, total int, q float64) float64 {
	if total == 0 {
		return math.NaN()
	}
	rest := q * float64(total)
	for level, n := range counts {
		if rest -= float64(n); rest <= 0 {
			return float64(level) / float64(len(counts)-1)
		}
	}
	return 1
}

// fill replaces each NaN by the nearest number before or after it.
func fill(z *matrix.Matrix) {
	last := math.NaN()
	for range 2 { // forwards and, for those at the beginning, once more
		for i, v := range z.Data {
			if math.IsNaN(v) {
				z.Data[i] = last
			} else {
				last = v
			}
		}
	}
}

// strength returns how deep the ink in d is: all but the deepest thousandth is less deep.
func strength(d *matrix.Matrix) float64 {
	const levels = 1024
	var counts [levels]int
	for _, v := range d.Data {
		counts[int(min(v, 1)*(levels-1))]++
	}
	return quantile(counts[:], len(d.Data), 0.999)
}
