//go:build !purego

#include "textflag.h"

// n rounds of twelve sums that do not wait for each other. An addition takes four
// cycles and two can begin in each, so eight would do; twelve leave room for a
// processor with more of either.
#define PEAK(fma, x, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11) \
	MOVQ n+0(FP), CX; \
	VZEROALL; \
loop: \
	fma  x, x, s0; \
	fma  x, x, s1; \
	fma  x, x, s2; \
	fma  x, x, s3; \
	fma  x, x, s4; \
	fma  x, x, s5; \
	fma  x, x, s6; \
	fma  x, x, s7; \
	fma  x, x, s8; \
	fma  x, x, s9; \
	fma  x, x, s10; \
	fma  x, x, s11; \
	DECQ CX; \
	JNZ  loop; \
	VZEROUPPER; \
	RET

// func peakFMA(n int)
TEXT ·peakFMA(SB), NOSPLIT, $0-8
	PEAK(VFMADD213SD, X15, X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11)

// func peakAVX2(n int)
TEXT ·peakAVX2(SB), NOSPLIT, $0-8
	PEAK(VFMADD213PD, Y15, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11)

// func peakAVX512(n int)
TEXT ·peakAVX512(SB), NOSPLIT, $0-8
	PEAK(VFMADD213PD, Z15, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9, Z10, Z11)
