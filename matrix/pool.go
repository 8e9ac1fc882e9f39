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
	kr := active.Load()
	for p := range down {
		kr.pool(z, at, x[p*height*cols*maps:], windows{p * height * cols, across, cols, maps, height, width})
		z, at = z[across*maps:], at[across*maps:]
	}
}

// windows are some windows beside each other, the first of them at position first.
type windows struct{ first, count, cols, maps, height, width int }

// poolGo is kernel.pool in Go.
func poolGo(z []float64, at []int, x []float64, w windows) { poolFrom(0, z, at, x, w) }

// poolFrom is poolGo for the maps from f on.
func poolFrom(f int, z []float64, at []int, x []float64, w windows) {
	for ; f < w.maps; f++ {
		for q := range w.count {
			most, where := x[q*w.width*w.maps+f], w.first+q*w.width
			for j := range w.height {
				for k := q * w.width; k < (q+1)*w.width; k++ {
					if v := x[(j*w.cols+k)*w.maps+f]; most == most && !(v <= most) {
						most, where = v, w.first+j*w.cols+k
					}
				}
			}
			z[q*w.maps+f], at[q*w.maps+f] = most, where
		}
	}
}
