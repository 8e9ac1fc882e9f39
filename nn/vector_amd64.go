//go:build !purego

package nn

import (
	"math"

	"nndl/matrix"
)

// vectors reports whether the vector instructions AVX2 and FMA are there and wanted:
// every kernel of package matrix but the portable one has them.
func vectors() bool { return matrix.Kernel() != "portable" }

// widen sets row[i] to pixels[i]/256.
func widen(row []float64, pixels []byte) {
	if !vectors() {
		widenGo(row, pixels)
		return
	}
	row = row[:len(pixels)]
	n := len(pixels) &^ 7
	if n > 0 {
		widenAVX2(&row[0], &pixels[0], n)
	}
	widenGo(row[n:], pixels[n:])
}

// sigmoid sets each element of z to σ of it. From −708 up its relative error is at
// most 4e-16, and its difference to Sigmoid, the definition, at most 7e-16; below, both
// are less than 1e-307.
// What comes out for an element does not depend on where it stands.
func sigmoid(z []float64) {
	if !vectors() {
		sigmoidGo(z)
		return
	}
	n := len(z) &^ 3
	if n > 0 {
		sigmoidAVX2(&z[0], n, &sigmoidTable)
	}
	if n < len(z) {
		var rest [4]float64
		copy(rest[:], z[n:])
		sigmoidAVX2(&rest[0], 4, &sigmoidTable)
		copy(z[n:], rest[:])
	}
}

// prefetch asks the processor to fetch pixels from memory, if it has nothing better
// to do, and does not wait.
func prefetch(pixels []byte) {
	if len(pixels) > 0 {
		prefetchAMD64(&pixels[0], len(pixels))
	}
}

// sigmoidTable holds the constants of sigmoidAVX2, each four times over, as the
// vector instructions read them from memory.
var sigmoidTable [21][4]float64

func init() {
	constants := []float64{
		-40, 710, // e⁻ᶻ is taken between these: at −40 it is nothing beside 1, at 710 it is +Inf
		math.Log2E,
		0x1.62e42fee00000p-1,  // ln 2, its first 33 bits: k times it is exact,
		0x1.a39ef35793c76p-33, // and the rest of it
	}
	// The Taylor series of eʳ from r¹³/13! down. For |r| ≤ ln 2/2 what it leaves out
	// is below 5e-18.
	for n := 13; n >= 0; n-- {
		factorial := 1.0
		for i := 2; i <= n; i++ {
			factorial *= float64(i)
		}
		constants = append(constants, 1/factorial)
	}
	constants = append(constants, 1)                          // of 1/(1 + e⁻ᶻ)
	constants = append(constants, math.Float64frombits(1023)) // the exponent's bias, as an integer
	for i, c := range constants {
		sigmoidTable[i] = [4]float64{c, c, c, c}
	}
}

// widenAVX2 is
//
//	for i := range n { row[i] = float64(pixels[i]) / 256 }
//
// where n is a multiple of 8.
//
//go:noescape
func widenAVX2(row *float64, pixels *byte, n int)

// sigmoidAVX2 is
//
//	for i := range n { z[i] = 1 / (1 + math.Exp(-z[i])) }
//
// where n is a multiple of 4, up to rounding.
//
//go:noescape
func sigmoidAVX2(z *float64, n int, table *[21][4]float64)

// prefetchAMD64 touches every line of the n bytes from p on.
//
//go:noescape
func prefetchAMD64(p *byte, n int)
