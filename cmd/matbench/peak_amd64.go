//go:build !purego

package main

import (
	"slices"

	"nndl/matrix"
)

// vectorUnits returns what this processor has beside plain scalar arithmetic.
// The kernels of package matrix tell: they need the same instructions.
func vectorUnits() []unit {
	var us []unit
	if slices.Contains(matrix.Kernels(), "avx2") {
		us = append(us, unit{"scalar, fused multiply-add", peakFMA, 24}, unit{"AVX2, 4 at a time", peakAVX2, 96})
	}
	if slices.Contains(matrix.Kernels(), "avx512") {
		us = append(us, unit{"AVX-512, 8 at a time", peakAVX512, 192})
	}
	return us
}

// Each makes n rounds, n ≥ 1, of twelve fused multiply-adds of registers, none
// of which waits for another: sᵢ = sᵢ·x + x, with 1, 4 or 8 elements in each
// register. All registers are zero, which takes as long as any number.

func peakFMA(n int)

func peakAVX2(n int)

func peakAVX512(n int)
