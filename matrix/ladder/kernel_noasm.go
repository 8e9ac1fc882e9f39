//go:build purego || !amd64

package ladder

// tile6x8 sets sums to the products of six rows of x, ld apart, with the eight
// columns of a panel. On amd64 it is assembly.
func tile6x8(sums *[6][8]float64, x []float64, ld int, panel [][8]float64) {
	tile6x8Go(sums, x, ld, panel)
}
