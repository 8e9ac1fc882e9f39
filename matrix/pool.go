package matrix

import "fmt"

// MaxPool is max-pooling. x is an image of rows×cols positions with maps numbers at each,
// position after position; z has the maps of its windows in the same way, a window being
// height×width positions. MaxPool sets each number of z to the largest of its map in its
// window, and the same element of at to the position where that is, j*cols+k, the first one
// if several are equal. A NaN counts as the largest. Positions at the end of a row or a
// column that do not fill a window are ignored. MaxPool panics if z or at has not maps
// numbers for each window.
func MaxPool(z []float64, at []int, x []float64, cols, maps, height, width int) {
	if min(cols, maps, height, width) < 1 || len(x)%(cols*maps) != 0 {
		panic(fmt.Sprintf("matrix: MaxPool: %d elements in rows of %d×%d, windows %d×%d", len(x), cols, maps, height, width))
	}
	down, across := len(x)/(cols*maps)/height, cols/width
	if n := down * across * maps; len(z) != n || len(at) != n {
		panic(fmt.Sprintf("matrix: MaxPool: %d×%d windows of %d maps into %d and %d elements", down, across, maps, len(z), len(at)))
	}
	pool := active.Load().pool
	for p := range down {
		for q := range across {
			w := window{p*height*cols + q*width, cols, maps, height, width}
			pool(z, at, x[w.first*maps:], w)
			z, at = z[maps:], at[maps:]
		}
	}
}

// window is height×width positions in rows of cols, from position first on.
type window struct{ first, cols, maps, height, width int }

// poolGo is kernel.pool in Go.
func poolGo(z []float64, at []int, x []float64, w window) { poolFrom(0, z, at, x, w) }

// poolFrom is poolGo for the maps from f on.
func poolFrom(f int, z []float64, at []int, x []float64, w window) {
	for ; f < w.maps; f++ {
		most, where := x[f], w.first
		for j := range w.height {
			for k := range w.width {
				if v := x[(j*w.cols+k)*w.maps+f]; most == most && !(v <= most) {
					most, where = v, w.first+j*w.cols+k
				}
			}
		}
		z[f], at[f] = most, where
	}
}
