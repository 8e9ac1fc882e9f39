//go:build !purego

package matrix

// vectorKernels returns the kernel of this file: every 64-bit ARM has NEON.
func vectorKernels() []*kernel {
	return []*kernel{{
		name:  "neon",
		tiles: tilesNEON, mr: 6, nr: 8,
		dot: dotOrLessNEON, dr: 4, dc: 4,
		dotv: dotvNEON, vr: 8,
		axpy: axpyGo, scale: scaleGo, exponentials: expGo, sigmoids: sigmoidGo, bytesToFloats: widenGo, transpose: transposeGo, runs: runsGo, rows: rowsGo, pool: poolGo,
		kc: 256, mc: 96, nc: 2016, dk: 400,
		lanes: 2, unpacked: 64, dotStart: 20, packRows: 5,
	}}
}

// dotOrLessNEON is kernel.dot: a whole tile, or a part of one row by row. A row of A then
// takes the place of B, and columns of B those of rows of A.
func dotOrLessNEON(t *block) {
	if t.rows == 4 && t.cols == 4 {
		dotNEON(t)
		return
	}
	part := *t
	part.ldc, part.ars, part.rows, part.cols = 1, t.ldb, t.cols, min(1, t.cols)
	for i := range t.rows {
		part.c, part.a, part.b = t.c[i*t.ldc:], t.b, t.a[i*t.ars:]
		dotvNEON(&part)
	}
}

//go:noescape
func tilesNEON(t *block)

//go:noescape
func dotNEON(t *block)

//go:noescape
func dotvNEON(t *block)
