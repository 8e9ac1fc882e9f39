//go:build !purego

package matrix

// vectorKernels returns the kernel of this file: every 64-bit ARM has NEON.
func vectorKernels() []*kernel {
	return []*kernel{{
		name:  "neon",
		tiles: tilesNEON, mr: 6, nr: 8,
		dot: func(t *block) {
			each(t, func(beta bool) { dotNEON(t.c, t.ldc, 1, t.a, t.ars, t.b, t.ldb, t.k, t.alpha, beta) })
		}, dr: 4, dc: 4,
		dotv: func(t *block) {
			each(t, func(beta bool) { dotvNEON(t.c, t.ldc, t.a, t.ars, t.b, t.rows, t.k, t.alpha, beta) })
		}, vr: 8,
		axpy: axpyGo, scale: scaleGo, exponentials: expGo, sigmoids: sigmoidGo, bytesToFloats: widenGo, transpose: transposeGo,
		kc: 256, mc: 96, nc: 2016, dk: 400, unpacked: 64, dotted: 64,
	}}
}

// tilesNEON goes from tile to tile.
func tilesNEON(t *block) {
	each(t, func(add bool) {
		for j := 0; j < t.cols; j += 8 {
			for i := 0; i < t.rows; i += 6 {
				tileNEON(t.c[i*t.ldc+j:], t.ldc, t.a[i/6*t.an:], t.ars, t.acs, t.b[j/8*t.bn:], t.ldb, min(6, t.rows-i), min(8, t.cols-j), t.k, t.alpha, add)
			}
		}
	})
}

// each calls f if there is something to do, after C has been multiplied by β where that is
// neither 0 nor 1.
func each(t *block, f func(add bool)) {
	if t.rows < 1 || t.cols < 1 || t.k < 1 {
		return
	}
	if t.beta != 0 && t.beta != 1 {
		for i := range t.rows {
			for j := range t.cols {
				t.c[i*t.ldc+j] *= t.beta
			}
		}
	}
	f(t.beta != 0)
}

//go:noescape
func tileNEON(c []float64, ldc int, a []float64, ars, acs int, b []float64, ldb int, rows, cols, k int, alpha float64, add bool)

//go:noescape
func dotNEON(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)

//go:noescape
func dotvNEON(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
