//go:build !purego

#include "textflag.h"

// Go's assembler names the destination last. Y0 … Y15 are vectors of four
// float64; SI, DI, BX, … are pointers and counters.

// A row of the tile: one element of x, in all four places of Y14, times the eight
// elements of the panel in Y12 and Y13, is added to the row's eight sums.
#define ROW(x, sums03, sums47) \
	VBROADCASTSD x, Y14; \
	VFMADD231PD  Y14, Y12, sums03; \
	VFMADD231PD  Y14, Y13, sums47

#define STORE(row, sums03, sums47) \
	VMOVUPD sums03, (64*row)(DI); \
	VMOVUPD sums47, (64*row+32)(DI)

// func tileAVX2(sums *[6][8]float64, x *float64, ld int, panel *[8]float64, steps int)
//
//	for i := range 6 {
//		for j := range 8 {
//			sums[i][j] = 0
//			for k := range steps { // at least 1
//				sums[i][j] = math.FMA(x[i*ld+k], panel[k][j], sums[i][j])
//			}
//		}
//	}
TEXT ·tileAVX2(SB), NOSPLIT, $0-40
	MOVQ sums+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ ld+16(FP), DX
	MOVQ panel+24(FP), BX
	MOVQ steps+32(FP), CX
	SHLQ $3, DX            // in bytes
	LEAQ (SI)(DX*2), R8
	ADDQ DX, R8            // row 3 of x
	VZEROALL

loop:
	VMOVUPD (BX), Y12
	VMOVUPD 32(BX), Y13
	ROW((SI), Y0, Y1)
	ROW((SI)(DX*1), Y2, Y3)
	ROW((SI)(DX*2), Y4, Y5)
	ROW((R8), Y6, Y7)
	ROW((R8)(DX*1), Y8, Y9)
	ROW((R8)(DX*2), Y10, Y11)
	ADDQ    $64, BX
	ADDQ    $8, SI
	ADDQ    $8, R8
	DECQ    CX
	JNZ     loop

	STORE(0, Y0, Y1)
	STORE(1, Y2, Y3)
	STORE(2, Y4, Y5)
	STORE(3, Y6, Y7)
	STORE(4, Y8, Y9)
	STORE(5, Y10, Y11)
	VZEROUPPER             // SSE code after AVX code would be slow on some processors
	RET
