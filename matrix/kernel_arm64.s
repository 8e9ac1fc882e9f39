//go:build !purego

#include "textflag.h"

// A vector register holds two float64. Go's assembler knows no vector addition or
// multiplication of them, only VFMLA, which adds a product: x·y alone is added
// to −0, the one number that changes no other when it is added, not even 0.
#define NEGZERO(tmp, v) MOVD $(1<<63), tmp; VDUP tmp, v

// The next row of A: next is at + stride if there is such a row, else at again, so that
// the rows that are missing are computed and not stored.
#define ROW(i, rows, stride, at, next) ADD stride, at, next; CMP $i, rows; CSEL GT, next, at, next

// A row of the tile of eight columns: the element of A at p, and on to the next one,
// times the row of B in V24 … V27.
#define ROW8(p, c0, c1, c2, c3) \
	VLD1R.P (p)(R6), [V28.D2]; \
	VFMLA   V28.D2, V24.D2, c0; \
	VFMLA   V28.D2, V25.D2, c1; \
	VFMLA   V28.D2, V26.D2, c2; \
	VFMLA   V28.D2, V27.D2, c3

// The same for two columns and for one.
#define ROW2(p, c) VLD1R.P (p)(R6), [V28.D2]; VFMLA V28.D2, V24.D2, c
#define ROW1(p, c) FMOVD (p), F28; ADD R6, p; FMADDD F28, c, F24, c

// C, at R14, is set to α times a row of sums, or that is added to it. V30 holds
// α, V31 −0.
#define SET8(c0, c1, c2, c3) \
	VMOV  V31.B16, V24.B16; \
	VMOV  V31.B16, V25.B16; \
	VMOV  V31.B16, V26.B16; \
	VMOV  V31.B16, V27.B16; \
	VFMLA V30.D2, c0, V24.D2; \
	VFMLA V30.D2, c1, V25.D2; \
	VFMLA V30.D2, c2, V26.D2; \
	VFMLA V30.D2, c3, V27.D2; \
	VST1  [V24.D2, V25.D2, V26.D2, V27.D2], (R14)

#define ADD8(c0, c1, c2, c3) \
	VLD1  (R14), [V24.D2, V25.D2, V26.D2, V27.D2]; \
	VFMLA V30.D2, c0, V24.D2; \
	VFMLA V30.D2, c1, V25.D2; \
	VFMLA V30.D2, c2, V26.D2; \
	VFMLA V30.D2, c3, V27.D2; \
	VST1  [V24.D2, V25.D2, V26.D2, V27.D2], (R14)

#define SET2(c) VMOV V31.B16, V24.B16; VFMLA V30.D2, c, V24.D2; VST1 [V24.D2], (R14)
#define ADD2(c) VLD1 (R14), [V24.D2]; VFMLA V30.D2, c, V24.D2; VST1 [V24.D2], (R14)
#define SET1(c) FMULD c, F30, F24; FMOVD F24, (R14)
#define ADD1(c) FMOVD (R14), F24; FMADDD c, F24, F30, F24; FMOVD F24, (R14)

// On to the next row of C, if there is one.
#define NEXT(done) SUBS $1, R15; BEQ done; ADD R12, R14

// func tileNEON(c []float64, ldc int, a []float64, ars, acs int, b []float64, ldb int, rows, cols, k int, alpha float64, add bool)
//
//	for i := range rows { // ≤ 6
//		for j := range cols { // ≤ 8
//			sum := 0.0
//			for p := range k {
//				sum = math.FMA(a[i*ars+p*acs], b[p*ldb+j], sum)
//			}
//			if add {
//				c[i*ldc+j] = math.FMA(alpha, sum, c[i*ldc+j])
//			} else {
//				c[i*ldc+j] = alpha * sum
//			}
//		}
//	}
//
// Eight columns are computed at once, fewer by twos and at last by one. R0 … R5
// point to the rows of A, R7 to the row of B, R9 counts the steps along k.
TEXT ·tileNEON(SB), NOSPLIT, $0-137
	MOVD  c_base+0(FP), R11
	MOVD  ldc+24(FP), R12
	LSL   $3, R12
	MOVD  a_base+32(FP), R16
	MOVD  ars+56(FP), R17
	LSL   $3, R17
	MOVD  acs+64(FP), R6
	LSL   $3, R6
	MOVD  b_base+72(FP), R19
	MOVD  ldb+96(FP), R8
	LSL   $3, R8
	MOVD  rows+104(FP), R13
	MOVD  cols+112(FP), R10
	MOVBU add+136(FP), R20
	MOVD  $alpha+128(FP), R14
	VLD1R (R14), [V30.D2]
	NEGZERO(R14, V31.D2)

columns:
	MOVD R16, R0
	ROW(1, R13, R17, R0, R1)
	ROW(2, R13, R17, R1, R2)
	ROW(3, R13, R17, R2, R3)
	ROW(4, R13, R17, R3, R4)
	ROW(5, R13, R17, R4, R5)
	MOVD R19, R7
	MOVD k+120(FP), R9
	MOVD R11, R14
	MOVD R13, R15

	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V9.B16, V9.B16, V9.B16
	VEOR V10.B16, V10.B16, V10.B16
	VEOR V11.B16, V11.B16, V11.B16
	VEOR V12.B16, V12.B16, V12.B16
	VEOR V13.B16, V13.B16, V13.B16
	VEOR V14.B16, V14.B16, V14.B16
	VEOR V15.B16, V15.B16, V15.B16
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16
	VEOR V18.B16, V18.B16, V18.B16
	VEOR V19.B16, V19.B16, V19.B16
	VEOR V20.B16, V20.B16, V20.B16
	VEOR V21.B16, V21.B16, V21.B16
	VEOR V22.B16, V22.B16, V22.B16
	VEOR V23.B16, V23.B16, V23.B16
	CMP  $8, R10
	BLT  narrow
	CMP  $1, R13
	BEQ  single

eight:
	VLD1 (R7), [V24.D2, V25.D2, V26.D2, V27.D2]
	ADD  R8, R7
	ROW8(R0, V0.D2, V1.D2, V2.D2, V3.D2)
	ROW8(R1, V4.D2, V5.D2, V6.D2, V7.D2)
	ROW8(R2, V8.D2, V9.D2, V10.D2, V11.D2)
	ROW8(R3, V12.D2, V13.D2, V14.D2, V15.D2)
	ROW8(R4, V16.D2, V17.D2, V18.D2, V19.D2)
	ROW8(R5, V20.D2, V21.D2, V22.D2, V23.D2)
	SUBS $1, R9
	BNE  eight
	B    store8

single:
	VLD1 (R7), [V24.D2, V25.D2, V26.D2, V27.D2]
	ADD  R8, R7
	ROW8(R0, V0.D2, V1.D2, V2.D2, V3.D2)
	SUBS $1, R9
	BNE  single

store8:
	CBNZ R20, add8
	SET8(V0.D2, V1.D2, V2.D2, V3.D2)
	NEXT(done)
	SET8(V4.D2, V5.D2, V6.D2, V7.D2)
	NEXT(done)
	SET8(V8.D2, V9.D2, V10.D2, V11.D2)
	NEXT(done)
	SET8(V12.D2, V13.D2, V14.D2, V15.D2)
	NEXT(done)
	SET8(V16.D2, V17.D2, V18.D2, V19.D2)
	NEXT(done)
	SET8(V20.D2, V21.D2, V22.D2, V23.D2)
	RET

add8:
	ADD8(V0.D2, V1.D2, V2.D2, V3.D2)
	NEXT(done)
	ADD8(V4.D2, V5.D2, V6.D2, V7.D2)
	NEXT(done)
	ADD8(V8.D2, V9.D2, V10.D2, V11.D2)
	NEXT(done)
	ADD8(V12.D2, V13.D2, V14.D2, V15.D2)
	NEXT(done)
	ADD8(V16.D2, V17.D2, V18.D2, V19.D2)
	NEXT(done)
	ADD8(V20.D2, V21.D2, V22.D2, V23.D2)
	RET

narrow:
	CMP $2, R10
	BLT one

two:
	VLD1 (R7), [V24.D2]
	ADD  R8, R7
	ROW2(R0, V0.D2)
	ROW2(R1, V1.D2)
	ROW2(R2, V2.D2)
	ROW2(R3, V3.D2)
	ROW2(R4, V4.D2)
	ROW2(R5, V5.D2)
	SUBS $1, R9
	BNE  two
	CBNZ R20, add2
	SET2(V0.D2)
	NEXT(done2)
	SET2(V1.D2)
	NEXT(done2)
	SET2(V2.D2)
	NEXT(done2)
	SET2(V3.D2)
	NEXT(done2)
	SET2(V4.D2)
	NEXT(done2)
	SET2(V5.D2)
	B done2

add2:
	ADD2(V0.D2)
	NEXT(done2)
	ADD2(V1.D2)
	NEXT(done2)
	ADD2(V2.D2)
	NEXT(done2)
	ADD2(V3.D2)
	NEXT(done2)
	ADD2(V4.D2)
	NEXT(done2)
	ADD2(V5.D2)

done2:
	ADD  $16, R11
	ADD  $16, R19
	SUBS $2, R10
	BNE  columns
	RET

one:
	FMOVD (R7), F24
	ADD   R8, R7
	ROW1(R0, F0)
	ROW1(R1, F1)
	ROW1(R2, F2)
	ROW1(R3, F3)
	ROW1(R4, F4)
	ROW1(R5, F5)
	SUBS  $1, R9
	BNE   one
	CBNZ  R20, add1
	SET1(F0)
	NEXT(done)
	SET1(F1)
	NEXT(done)
	SET1(F2)
	NEXT(done)
	SET1(F3)
	NEXT(done)
	SET1(F4)
	NEXT(done)
	SET1(F5)
	RET

add1:
	ADD1(F0)
	NEXT(done)
	ADD1(F1)
	NEXT(done)
	ADD1(F2)
	NEXT(done)
	ADD1(F3)
	NEXT(done)
	ADD1(F4)
	NEXT(done)
	ADD1(F5)

done:
	RET

// The sum of the two places of a vector, f being its name as a scalar.
#define REDUCE(v, f) VDUP v.D[1], V24.D2; FADDD F24, f, f

// One element of C, at R14, and on by stride.
#define SETELEM(c, stride) FMULD c, F30, c; FMOVD c, (R14); ADD stride, R14
#define ADDELEM(c, stride) FMOVD (R14), F24; FMADDD c, F24, F30, F24; FMOVD F24, (R14); ADD stride, R14

// One row of the 4×4 dot tile: the vector of A at p with the four of B in V20 … V23.
#define DOTROW(p, c0, c1, c2, c3) \
	VLD1.P 16(p), [V16.D2]; \
	VFMLA  V16.D2, V20.D2, c0; \
	VFMLA  V16.D2, V21.D2, c1; \
	VFMLA  V16.D2, V22.D2, c2; \
	VFMLA  V16.D2, V23.D2, c3

// The same in the last step, if k is odd.
#define LASTROW(p, c0, c1, c2, c3) \
	FMOVD  (p), F16; \
	FMADDD F16, c0, F20, c0; \
	FMADDD F16, c1, F21, c1; \
	FMADDD F16, c2, F22, c2; \
	FMADDD F16, c3, F23, c3

// func dotNEON(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)
//
//	for i := range 4 {
//		for j := range 4 {
//			var even, odd float64
//			for p := 0; p+1 < k; p += 2 {
//				even = math.FMA(a[i*lda+p], b[j*ldb+p], even)
//				odd = math.FMA(a[i*lda+p+1], b[j*ldb+p+1], odd)
//			}
//			sum := even + odd
//			if k%2 == 1 {
//				sum = math.FMA(a[i*lda+k-1], b[j*ldb+k-1], sum)
//			}
//			if add {
//				c[i*crs+j*ccs] = math.FMA(alpha, sum, c[i*crs+j*ccs])
//			} else {
//				c[i*crs+j*ccs] = alpha * sum
//			}
//		}
//	}
TEXT ·dotNEON(SB), NOSPLIT, $0-121
	MOVD  c_base+0(FP), R11
	MOVD  crs+24(FP), R12
	LSL   $3, R12
	MOVD  ccs+32(FP), R13
	LSL   $3, R13
	MOVD  a_base+40(FP), R0
	MOVD  lda+64(FP), R17
	ADD   R17<<3, R0, R1
	ADD   R17<<3, R1, R2
	ADD   R17<<3, R2, R3
	MOVD  b_base+72(FP), R4
	MOVD  ldb+96(FP), R17
	ADD   R17<<3, R4, R5
	ADD   R17<<3, R5, R6
	ADD   R17<<3, R6, R7
	MOVD  k+104(FP), R9
	MOVBU add+120(FP), R20
	FMOVD alpha+112(FP), F30

	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	VEOR V8.B16, V8.B16, V8.B16
	VEOR V9.B16, V9.B16, V9.B16
	VEOR V10.B16, V10.B16, V10.B16
	VEOR V11.B16, V11.B16, V11.B16
	VEOR V12.B16, V12.B16, V12.B16
	VEOR V13.B16, V13.B16, V13.B16
	VEOR V14.B16, V14.B16, V14.B16
	VEOR V15.B16, V15.B16, V15.B16
	SUBS $2, R9
	BLT  reduce

pairs:
	VLD1.P 16(R4), [V20.D2]
	VLD1.P 16(R5), [V21.D2]
	VLD1.P 16(R6), [V22.D2]
	VLD1.P 16(R7), [V23.D2]
	DOTROW(R0, V0.D2, V1.D2, V2.D2, V3.D2)
	DOTROW(R1, V4.D2, V5.D2, V6.D2, V7.D2)
	DOTROW(R2, V8.D2, V9.D2, V10.D2, V11.D2)
	DOTROW(R3, V12.D2, V13.D2, V14.D2, V15.D2)
	SUBS   $2, R9
	BGE    pairs

reduce:
	REDUCE(V0, F0)
	REDUCE(V1, F1)
	REDUCE(V2, F2)
	REDUCE(V3, F3)
	REDUCE(V4, F4)
	REDUCE(V5, F5)
	REDUCE(V6, F6)
	REDUCE(V7, F7)
	REDUCE(V8, F8)
	REDUCE(V9, F9)
	REDUCE(V10, F10)
	REDUCE(V11, F11)
	REDUCE(V12, F12)
	REDUCE(V13, F13)
	REDUCE(V14, F14)
	REDUCE(V15, F15)
	TBZ   $0, R9, store
	FMOVD (R4), F20
	FMOVD (R5), F21
	FMOVD (R6), F22
	FMOVD (R7), F23
	LASTROW(R0, F0, F1, F2, F3)
	LASTROW(R1, F4, F5, F6, F7)
	LASTROW(R2, F8, F9, F10, F11)
	LASTROW(R3, F12, F13, F14, F15)

store:
	CBNZ R20, more
	MOVD R11, R14
	SETELEM(F0, R13)
	SETELEM(F1, R13)
	SETELEM(F2, R13)
	SETELEM(F3, R13)
	ADD R12, R11
	MOVD R11, R14
	SETELEM(F4, R13)
	SETELEM(F5, R13)
	SETELEM(F6, R13)
	SETELEM(F7, R13)
	ADD R12, R11
	MOVD R11, R14
	SETELEM(F8, R13)
	SETELEM(F9, R13)
	SETELEM(F10, R13)
	SETELEM(F11, R13)
	ADD R12, R11
	MOVD R11, R14
	SETELEM(F12, R13)
	SETELEM(F13, R13)
	SETELEM(F14, R13)
	SETELEM(F15, R13)
	RET

more:
	MOVD R11, R14
	ADDELEM(F0, R13)
	ADDELEM(F1, R13)
	ADDELEM(F2, R13)
	ADDELEM(F3, R13)
	ADD R12, R11
	MOVD R11, R14
	ADDELEM(F4, R13)
	ADDELEM(F5, R13)
	ADDELEM(F6, R13)
	ADDELEM(F7, R13)
	ADD R12, R11
	MOVD R11, R14
	ADDELEM(F8, R13)
	ADDELEM(F9, R13)
	ADDELEM(F10, R13)
	ADDELEM(F11, R13)
	ADD R12, R11
	MOVD R11, R14
	ADDELEM(F12, R13)
	ADDELEM(F13, R13)
	ADDELEM(F14, R13)
	ADDELEM(F15, R13)
	RET

// func dotvNEON(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
//
// The loop of dotNEON for one column and up to eight rows:
//
//	for i := range rows { // ≤ 8
//		var even, odd float64
//		for p := 0; p+1 < k; p += 2 {
//			even = math.FMA(a[i*lda+p], b[p], even)
//			odd = math.FMA(a[i*lda+p+1], b[p+1], odd)
//		}
//		sum := even + odd
//		if k%2 == 1 {
//			sum = math.FMA(a[i*lda+k-1], b[k-1], sum)
//		}
//		if add {
//			c[i*crs] = math.FMA(alpha, sum, c[i*crs])
//		} else {
//			c[i*crs] = alpha * sum
//		}
//	}
TEXT ·dotvNEON(SB), NOSPLIT, $0-113
	MOVD  c_base+0(FP), R14
	MOVD  crs+24(FP), R12
	LSL   $3, R12
	MOVD  rows+88(FP), R15
	MOVD  a_base+32(FP), R0
	MOVD  lda+56(FP), R17
	LSL   $3, R17
	ROW(1, R15, R17, R0, R1)
	ROW(2, R15, R17, R1, R2)
	ROW(3, R15, R17, R2, R3)
	ROW(4, R15, R17, R3, R4)
	ROW(5, R15, R17, R4, R5)
	ROW(6, R15, R17, R5, R6)
	ROW(7, R15, R17, R6, R7)
	MOVD  b_base+64(FP), R8
	MOVD  k+96(FP), R9
	MOVBU add+112(FP), R20
	FMOVD alpha+104(FP), F30

	VEOR V0.B16, V0.B16, V0.B16
	VEOR V1.B16, V1.B16, V1.B16
	VEOR V2.B16, V2.B16, V2.B16
	VEOR V3.B16, V3.B16, V3.B16
	VEOR V4.B16, V4.B16, V4.B16
	VEOR V5.B16, V5.B16, V5.B16
	VEOR V6.B16, V6.B16, V6.B16
	VEOR V7.B16, V7.B16, V7.B16
	SUBS $2, R9
	BLT  reduce

pairs:
	VLD1.P 16(R8), [V20.D2]
	VLD1.P 16(R0), [V16.D2]
	VFMLA V16.D2, V20.D2, V0.D2
	VLD1.P 16(R1), [V16.D2]
	VFMLA V16.D2, V20.D2, V1.D2
	VLD1.P 16(R2), [V16.D2]
	VFMLA V16.D2, V20.D2, V2.D2
	VLD1.P 16(R3), [V16.D2]
	VFMLA V16.D2, V20.D2, V3.D2
	VLD1.P 16(R4), [V16.D2]
	VFMLA V16.D2, V20.D2, V4.D2
	VLD1.P 16(R5), [V16.D2]
	VFMLA V16.D2, V20.D2, V5.D2
	VLD1.P 16(R6), [V16.D2]
	VFMLA V16.D2, V20.D2, V6.D2
	VLD1.P 16(R7), [V16.D2]
	VFMLA V16.D2, V20.D2, V7.D2
	SUBS   $2, R9
	BGE    pairs

reduce:
	REDUCE(V0, F0)
	REDUCE(V1, F1)
	REDUCE(V2, F2)
	REDUCE(V3, F3)
	REDUCE(V4, F4)
	REDUCE(V5, F5)
	REDUCE(V6, F6)
	REDUCE(V7, F7)
	TBZ   $0, R9, store
	FMOVD (R8), F20
	FMOVD (R0), F16
	FMADDD F16, F0, F20, F0
	FMOVD (R1), F16
	FMADDD F16, F1, F20, F1
	FMOVD (R2), F16
	FMADDD F16, F2, F20, F2
	FMOVD (R3), F16
	FMADDD F16, F3, F20, F3
	FMOVD (R4), F16
	FMADDD F16, F4, F20, F4
	FMOVD (R5), F16
	FMADDD F16, F5, F20, F5
	FMOVD (R6), F16
	FMADDD F16, F6, F20, F6
	FMOVD (R7), F16
	FMADDD F16, F7, F20, F7

store:
	CBNZ R20, more
	SETELEM(F0, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F1, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F2, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F3, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F4, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F5, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F6, R12)
	SUBS $1, R15
	BEQ  done
	SETELEM(F7, R12)
	RET

more:
	ADDELEM(F0, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F1, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F2, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F3, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F4, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F5, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F6, R12)
	SUBS $1, R15
	BEQ  done
	ADDELEM(F7, R12)
	RET

done:
	RET
