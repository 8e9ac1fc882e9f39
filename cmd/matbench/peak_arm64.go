//go:build !purego

package main

// vectorUnits returns what every 64-bit ARM has beside plain scalar arithmetic.
func vectorUnits() []unit {
	return []unit{{"scalar, fused multiply-add", peakFMA, 48}, {"NEON, 2 at a time", peakNEON, 96}}
}

// Each makes n rounds, n ≥ 1, of 24 fused multiply-adds of registers, none of
// which waits for another: sᵢ = sᵢ + x·x, with 1 or 2 elements in each register.
// All registers are zero, which takes as long as any number.

func peakFMA(n int)

func peakNEON(n int)
