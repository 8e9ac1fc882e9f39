//go:build !purego

#include "textflag.h"

GLOBL zeros<>(SB), RODATA, $64

#define SCALAR(a, b, c, d) FMADDD F31, a, F31, a; FMADDD F31, b, F31, b; FMADDD F31, c, F31, c; FMADDD F31, d, F31, d
#define VECTOR(a, b, c, d) VFMLA V31.D2, V31.D2, a; VFMLA V31.D2, V31.D2, b; VFMLA V31.D2, V31.D2, c; VFMLA V31.D2, V31.D2, d

// All registers are 0; n is in R0.
#define BEGIN \
	MOVD $zeros<>(SB), R1; \
	VLD1 (R1), [V0.D2, V1.D2, V2.D2, V3.D2]; \
	VLD1 (R1), [V4.D2, V5.D2, V6.D2, V7.D2]; \
	VLD1 (R1), [V8.D2, V9.D2, V10.D2, V11.D2]; \
	VLD1 (R1), [V12.D2, V13.D2, V14.D2, V15.D2]; \
	VLD1 (R1), [V16.D2, V17.D2, V18.D2, V19.D2]; \
	VLD1 (R1), [V20.D2, V21.D2, V22.D2, V23.D2]; \
	VLD1 (R1), [V31.D2]; \
	MOVD n+0(FP), R0

// A round has 24 sums: a processor with four units needs sixteen, since an addition
// takes four cycles.

// func peakFMA(n int)
TEXT ·peakFMA(SB), NOSPLIT, $0-8
	BEGIN

loop:
	SCALAR(F0, F1, F2, F3)
	SCALAR(F4, F5, F6, F7)
	SCALAR(F8, F9, F10, F11)
	SCALAR(F12, F13, F14, F15)
	SCALAR(F16, F17, F18, F19)
	SCALAR(F20, F21, F22, F23)
	SUBS $1, R0
	BNE  loop
	RET

// func peakNEON(n int)
TEXT ·peakNEON(SB), NOSPLIT, $0-8
	BEGIN

loop:
	VECTOR(V0.D2, V1.D2, V2.D2, V3.D2)
	VECTOR(V4.D2, V5.D2, V6.D2, V7.D2)
	VECTOR(V8.D2, V9.D2, V10.D2, V11.D2)
	VECTOR(V12.D2, V13.D2, V14.D2, V15.D2)
	VECTOR(V16.D2, V17.D2, V18.D2, V19.D2)
	VECTOR(V20.D2, V21.D2, V22.D2, V23.D2)
	SUBS $1, R0
	BNE  loop
	RET
