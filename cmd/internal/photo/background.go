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
	limit := max(strength(ink)/2, faintest)
	if rest := background(grid, func(i int) bool { return ink.Data[i] <= limit }, 0.5); !math.IsNaN(rest.Data[0]) {
		paper = rest
	}
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
// paper, a nil paper meaning all. Where there are none it takes a neighbour's; if there
// are none anywhere, all of the result is NaN.
func background(x *matrix.Matrix, paper func(i int) bool, q float64) *matrix.Matrix {
	wide := x.Cols + 2*reach
	level := levels(x, paper)
	z := matrix.New(x.Rows, x.Cols)
	for row := range x.Rows {
		var counts [256]int
		total := 0
		count := func(col, by int) { // the window's part of a column of level
			for k := row*wide + col; k < (row+2*reach+1)*wide; k += wide {
				if level[k] >= 0 {
					counts[level[k]] += by
					total += by
				}
			}
		}
		for col := range 2 * reach {
			count(col, 1)
		}
		for col := range x.Cols {
			count(col+2*reach, 1)
			z.Data[row*x.Cols+col] = quantile(counts[:], total, q)
			count(col, -1)
		}
	}
	fill(z)
	return z
}

// levels returns x in steps of 1/255 with a margin as wide as reach, −1 for what is not
// paper. In the margin x goes on as a straight line would, point by point: 2·edge − mirrored.
// So a slope keeps its median up to the edge.
func levels(x *matrix.Matrix, paper func(i int) bool) []int16 {
	level := make([]int16, 0, (x.Rows+2*reach)*(x.Cols+2*reach))
	for row := -reach; row < x.Rows+reach; row++ {
		for col := -reach; col < x.Cols+reach; col++ {
			i := mirror(row, x.Rows)*x.Cols + mirror(col, x.Cols)
			edge := x.Data[min(max(row, 0), x.Rows-1)*x.Cols+min(max(col, 0), x.Cols-1)]
			v := x.Data[i]
			if row < 0 || col < 0 || row >= x.Rows || col >= x.Cols {
				v = min(max(2*edge-v, edge-0.1, 0), edge+0.1, 1)
			}
			if paper == nil || paper(i) {
				level = append(level, int16(v*255+0.5))
			} else {
				level = append(level, -1)
			}
		}
	}
	return level
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
	var counts [1024]int
	for _, v := range d.Data {
		counts[int(min(v, 1)*1023)]++
	}
	return quantile(counts[:], len(d.Data), 0.999)
}
