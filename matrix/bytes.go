package matrix

import "fmt"

// Widen sets row[i] to pixels[i]/256: the bytes of an image become the inputs of a
// network, in 0..1. It panics if the lengths differ.
func Widen(row []float64, pixels []byte) {
	if len(row) != len(pixels) {
		panic(fmt.Sprintf("matrix: Widen: %d bytes into %d elements", len(pixels), len(row)))
	}
	kr := active.Load()
	for len(pixels) > stretch {
		Widen(row[:stretch], pixels[:stretch])
		row, pixels = row[stretch:], pixels[stretch:]
	}
	kr.bytesToFloats(row, pixels)
}

// Prefetch asks the processor to fetch p from memory, and does not wait. It is a hint for
// bytes that will be needed soon, and changes nothing.
func Prefetch(p []byte) { touch(p) }

// widenGo is kernel.bytesToFloats in Go.
func widenGo(row []float64, pixels []byte) {
	row = row[:len(pixels)]
	for i, p := range pixels {
		row[i] = float64(p) / 256
	}
}
