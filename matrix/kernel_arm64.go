//go:build !purego

package matrix

// vectorKernels returns the kernel of this file: every 64-bit ARM has NEON.
func vectorKernels() []*kernel {
	return []*kernel{{
		name:  "neon",
		tiles: tilesNEON, mr: 6, nr: 8,
		dot: dotNEON, dr: 4, dc: 4,
		dotv: dotvNEON, vr: 8,
		axpy: axpyGo, scale: scaleGo, exponentials: expGo, sigmoids: sigmoidGo, bytesToFloats: widenGo, transpose: transposeGo,
		kc: 256, mc: 96, nc: 2016, dk: 400, unpacked: 64, dotted: 64,
	}}
}

//go:noescape
func tilesNEON(t *block)

//go:noescape
func dotNEON(t *block)

//go:noescape
func dotvNEON(t *block)
