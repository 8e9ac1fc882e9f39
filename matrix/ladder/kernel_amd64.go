//go:build !purego

package ladder

import (
	"slices"

	"nndl/matrix"
)

// hasAVX2 tells whether this processor has AVX2 and FMA; package matrix has asked it.
var hasAVX2 = slices.Contains(matrix.Kernels(), "avx2")

// tile6x8 sets sums to the products of six rows of x, ld apart, with the eight
// columns of a panel. Behind it is assembly if the processor can run it.
func tile6x8(sums *[6][8]float64, x []float64, ld int, panel [][8]float64) {
	if !hasAVX2 || len(panel) == 0 {
		tile6x8Go(sums, x, ld, panel)
		return
	}
	x = x[:5*ld+len(panel)] // or panic: the assembly checks nothing
	tileAVX2(sums, &x[0], ld, &panel[0], len(panel))
}

//go:noescape
func tileAVX2(sums *[6][8]float64, x *float64, ld int, panel *[8]float64, steps int)
