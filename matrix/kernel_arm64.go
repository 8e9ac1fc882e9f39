//go:build !purego

package matrix

// vectorKernels returns the kernel of this file: every 64-bit ARM has NEON.
func vectorKernels() []*kernel {
	return []*kernel{{
		name: "neon",
		tile: tileNEON, mr: 6, nr: 8,
		dot: dotNEON, dr: 4, dc: 4,
		dotv: dotvNEON, vr: 8,
		add: addGo, scale: scaleGo, addScaled: addScaledGo, transpose: transposeGo,
		kc: 256, mc: 96, nc: 2016, dk: 400, unpacked: 64, dotted: 64,
	}}
}

//go:noescape
func tileNEON(c []float64, ldc int, a []float64, ars, acs int, b []float64, ldb int, rows, cols, k int, alpha float64, add bool)

//go:noescape
func dotNEON(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)

//go:noescape
func dotvNEON(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
