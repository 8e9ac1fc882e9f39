//go:build !purego

package matrix

// widenAVX is kernel.bytesToFloats.
func widenAVX(row []float64, pixels []byte) {
	n := len(pixels) &^ 7
	if n > 0 {
		widenAVX2(&row[0], &pixels[0], n)
	}
	widenGo(row[n:], pixels[n:])
}

func touch(p []byte) {
	if len(p) > 0 {
		prefetchAMD64(&p[0], len(p))
	}
}

// widenAVX2 is
//
//	for i := range n { row[i] = float64(pixels[i]) / 256 }
//
// where n is a multiple of 8, and not 0.
//
//go:noescape
func widenAVX2(row *float64, pixels *byte, n int)

// prefetchAMD64 touches every cache line of the n bytes from p on, n ≥ 1.
//
//go:noescape
func prefetchAMD64(p *byte, n int)
