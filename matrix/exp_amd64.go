//go:build !purego

package matrix

import "math"

// expAVX is kernel.exponentials. The last elements, fewer than four, are computed in a
// vector of their own, so that they get what they would get anywhere else.
func expAVX(z, x []float64) {
	n := len(x) &^ 3
	if n > 0 {
		expAVX2(&z[0], &x[0], n, &expTable)
	}
	if n < len(x) {
		var rest [4]float64
		copy(rest[:], x[n:])
		expAVX2(&rest[0], &rest[0], 4, &expTable)
		copy(z[n:], rest[:])
	}
}

// sigmoidAVX is kernel.sigmoids, the last elements as in expAVX.
func sigmoidAVX(z, x []float64) {
	n := len(x) &^ 3
	if n > 0 {
		sigmoidAVX2(&z[0], &x[0], n, &expTable)
	}
	if n < len(x) {
		var rest [4]float64
		copy(rest[:], x[n:])
		sigmoidAVX2(&rest[0], &rest[0], 4, &expTable)
		copy(z[n:], rest[:])
	}
}

// expTable holds the constants of expAVX2 and sigmoidAVX2, each four times over, as
// the vector instructions read them from memory.
var expTable [22][4]float64

func init() {
	constants := []float64{
		-746, 710, // eˣ is computed between these: e⁻⁷⁴⁶ rounds to 0 and e⁷¹⁰ is +Inf
		math.Log2E,
		0x1.62e42fee00000p-1,  // ln 2, its first 33 bits: k times it is exact,
		0x1.a39ef35793c76p-33, // and the rest of it
	}
	// The Taylor series of eʳ from r¹³/13! down. For |r| ≤ ln 2/2 the terms left out
	// come to less than 5e-18.
	for n := 13; n >= 0; n-- {
		factorial := 1.0
		for i := 2; i <= n; i++ {
			factorial *= float64(i)
		}
		constants = append(constants, 1/factorial)
	}
	constants = append(constants, 1)                          // of 1/(1 + e⁻ˣ)
	constants = append(constants, math.Float64frombits(1023)) // the exponent's bias, as an integer
	constants = append(constants, -40)                        // the least −x for 1/(1 + e⁻ˣ)
	for i, c := range constants {
		expTable[i] = [4]float64{c, c, c, c}
	}
}

// expAVX2 is
//
//	for i := range n { z[i] = math.Exp(x[i]) }
//
// up to rounding, where n is a multiple of 4, and not 0. z and x may be the same.
//
//go:noescape
func expAVX2(z, x *float64, n int, table *[22][4]float64)

// sigmoidAVX2 is
//
//	for i := range n { z[i] = 1 / (1 + math.Exp(-x[i])) }
//
// up to rounding, where n is a multiple of 4, and not 0. z and x may be the same.
//
//go:noescape
func sigmoidAVX2(z, x *float64, n int, table *[22][4]float64)
