package main

import (
	"math"
	"sync/atomic"
)

// units returns the units with which this processor can multiply and add, the simplest
// first.
func units() []unit {
	return append([]unit{{"scalar, a multiply and an add", peakScalar, 26}}, vectorUnits()...)
}

// sink takes results that are never read, so that the compiler must compute them. Every
// core writes to it.
var sink atomic.Uint64

// peakScalar makes n rounds of thirteen multiplications and additions. No sum waits for
// another, so the processor is always busy; with x and y they fill the fifteen registers
// that Go's compiler uses on amd64. The sums begin with different numbers, or the compiler
// would see that they are all the same. The conversions keep it from fusing the two
// operations where the processor could.
func peakScalar(n int) {
	x, y := 0.5, 1.0
	s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12 := 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0
	for range n {
		s0 = float64(s0*x) + y
		s1 = float64(s1*x) + y
		s2 = float64(s2*x) + y
		s3 = float64(s3*x) + y
		s4 = float64(s4*x) + y
		s5 = float64(s5*x) + y
		s6 = float64(s6*x) + y
		s7 = float64(s7*x) + y
		s8 = float64(s8*x) + y
		s9 = float64(s9*x) + y
		s10 = float64(s10*x) + y
		s11 = float64(s11*x) + y
		s12 = float64(s12*x) + y
	}
	sink.Store(math.Float64bits(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11 + s12))
}
