//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "kernel_amd64.h"

// The sums of row i of a tile are in Z(3i), Z(3i+1) and Z(3i+2), 24 columns.
// Z24, Z25, Z26 hold a row of B, Z27 one element of A in all its places, Z30 β, Z31 α.
// K1, K2, K3 hold a 1 for each column that is there: a load or store with a mask does
// not touch the memory of the others.

#define LOAD1 VMOVUPD.Z (BX), K1, Z24
#define LOAD2 VMOVUPD (BX), Z24; VMOVUPD.Z 64(BX), K2, Z25
#define LOAD3 VMOVUPD (BX), Z24; VMOVUPD 64(BX), Z25; VMOVUPD.Z 128(BX), K3, Z26

#define LOADFULL VMOVUPD (BX), Z24; VMOVUPD 64(BX), Z25; VMOVUPD 128(BX), Z26

// The same, and the next panel of B is fetched into the second cache.
#define FETCHFULL PREFETCHT1 (BX)(R15*1); PREFETCHT1 64(BX)(R15*1); PREFETCHT1 128(BX)(R15*1); LOADFULL

// One row of the tile: the element x of A times a row of B, of one, two or three vectors.
#define ROW1(x, c0) VFMADD231PD.BCST x, Z24, c0
#define ROW2(x, c0, c1) VBROADCASTSD x, Z27; VFMADD231PD Z24, Z27, c0; VFMADD231PD Z25, Z27, c1
#define ROW3(x, c0, c1, c2) VBROADCASTSD x, Z27; VFMADD231PD Z24, Z27, c0; VFMADD231PD Z25, Z27, c1; VFMADD231PD Z26, Z27, c2

// The first 1, 2, 4, 6 and 8 rows, in 1, 2 and 3 vectors.
#define ROWS1x1 ROW1(A0, Z0)
#define ROWS2x1 ROWS1x1; ROW1(A1, Z3)
#define ROWS4x1 ROWS2x1; ROW1(A2, Z6); ROW1(A3, Z9)
#define ROWS6x1 ROWS4x1; ROW1(A4, Z12); ROW1(A5, Z15)
#define ROWS8x1 ROWS6x1; ROW1(A6, Z18); ROW1(A7, Z21)
#define ROWS1x2 ROW2(A0, Z0, Z1)
#define ROWS2x2 ROWS1x2; ROW2(A1, Z3, Z4)
#define ROWS4x2 ROWS2x2; ROW2(A2, Z6, Z7); ROW2(A3, Z9, Z10)
#define ROWS6x2 ROWS4x2; ROW2(A4, Z12, Z13); ROW2(A5, Z15, Z16)
#define ROWS8x2 ROWS6x2; ROW2(A6, Z18, Z19); ROW2(A7, Z21, Z22)
#define ROWS1x3 ROW3(A0, Z0, Z1, Z2)
#define ROWS2x3 ROWS1x3; ROW3(A1, Z3, Z4, Z5)
#define ROWS4x3 ROWS2x3; ROW3(A2, Z6, Z7, Z8); ROW3(A3, Z9, Z10, Z11)
#define ROWS6x3 ROWS4x3; ROW3(A4, Z12, Z13, Z14); ROW3(A5, Z15, Z16, Z17)
#define ROWS8x3 ROWS6x3; ROW3(A6, Z18, Z19, Z20); ROW3(A7, Z21, Z22, Z23)

// How many of the rows that are left make the next tile.
#define CHOOSE(eight, six, four, two) CMPQ DX, $8; JGE eight; CMPQ DX, $6; JGE six; CMPQ DX, $4; JGE four; CMPQ DX, $2; JGE two

// The same for each row of a tile.
#define EIGHT(row) row(Z0, Z1, Z2); row(Z3, Z4, Z5); row(Z6, Z7, Z8); row(Z9, Z10, Z11); row(Z12, Z13, Z14); row(Z15, Z16, Z17); row(Z18, Z19, Z20); row(Z21, Z22, Z23)

#define CLEAR(c0, c1, c2) VPXORQ c0, c0, c0; VPXORQ c1, c1, c1; VPXORQ c2, c2, c2
#define SCALE(c0, c1, c2) VMULPD c0, Z31, c0; VMULPD c1, Z31, c1; VMULPD c2, Z31, c2

// A row of C: the sums, or βC and the sums. CX counts the rows.
#define SET(c0, c1, c2) \
	VMOVUPD c0, K1, (DI); \
	VMOVUPD c1, K2, 64(DI); \
	VMOVUPD c2, K3, 128(DI); \
	ADDQ    SI, DI; \
	DECQ    CX; \
	JZ      stored

#define ADD(c0, c1, c2) \
	VMOVUPD.Z   (DI), K1, Z24; \
	VMOVUPD.Z   64(DI), K2, Z25; \
	VMOVUPD.Z   128(DI), K3, Z26; \
	VFMADD231PD Z24, Z30, c0; \
	VFMADD231PD Z25, Z30, c1; \
	VFMADD231PD Z26, Z30, c2; \
	SET(c0, c1, c2)

// func tilesAVX512(t *block)
//
//	for j := 0; j < cols; j += 24 {
//		for i := 0; i < rows; i += 8 {
//			a, b := a[i/8*an:], b[j/24*bn:]
//			for r := range min(8, rows-i) {
//				for q := range min(24, cols-j) {
//					sum := 0.0
//					for p := range k {
//						sum = math.FMA(a[r*ars+p*acs], b[p*ldb+q], sum)
//					}
//					sum *= alpha
//					if beta != 0 {
//						sum = math.FMA(beta, c[(i+r)*ldc+j+q], sum)
//					}
//					c[(i+r)*ldc+j+q] = sum
//				}
//			}
//		}
//	}
TEXT ·tilesAVX512(SB), NOSPLIT, $48-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	BEGIN
	VBROADCASTSD block_alpha(R14), Z31
	VBROADCASTSD block_beta(R14), Z30

panel:
	PANEL
	MOVQ    cols-24(SP), CX
	MOVQ    $24, R15
	CMPQ    CX, R15
	CMOVQGT R15, CX
	MOVQ    CX, width-48(SP)
	MOVQ    $1, R15
	SHLQ    CX, R15
	DECQ    R15
	KMOVW   R15, K1
	SHRQ    $8, R15
	KMOVW   R15, K2
	SHRQ    $8, R15
	KMOVW   R15, K3

tile:
	TILE
	EIGHT(CLEAR)
	CMPQ width-48(SP), $8
	JLE  narrow
	CMPQ width-48(SP), $16
	JLE  middle
	CHOOSE(eight, edge6x3, edge4x3, edge2x3)
	WALK(edge1x3, LOAD3, ROWS1x3, 1)
	WALK(edge2x3, LOAD3, ROWS2x3, 2)
	WALK(edge4x3, LOAD3, ROWS4x3, 4)
	WALK(edge6x3, LOAD3, ROWS6x3, 6)
	WALK(edge8x3, LOAD3, ROWS8x3, 8)

eight:
	CMPQ width-48(SP), $24
	JNE  edge8x3

	// If the walk is long, fetch C, which it needs at its end, and let the first strip
	// fetch the next panel of B on its way: the others will find it near.
	CMPQ CX, $64
	JLT  full
	MOVQ DI, R15
	MOVQ $8, DX

fetch:
	PREFETCHT0 (R15)
	PREFETCHT0 64(R15)
	PREFETCHT0 128(R15)
	PREFETCHT0 184(R15) // where the rows do not begin with a line
	ADDQ       SI, R15
	DECQ       DX
	JNZ        fetch
	STRIDE(block_bn, R15)
	MOVQ       rows-40(SP), DX
	CMPQ       DX, block_rows(R14)
	JNE        full
	WALK(ahead, FETCHFULL, ROWS8x3, 8)

	// The main loop: 24 multiply-adds of eight elements each in a step.
	WALK(full, LOADFULL, ROWS8x3, 8)

middle:
	CHOOSE(edge8x2, edge6x2, edge4x2, edge2x2)
	WALK(edge1x2, LOAD2, ROWS1x2, 1)
	WALK(edge2x2, LOAD2, ROWS2x2, 2)
	WALK(edge4x2, LOAD2, ROWS4x2, 4)
	WALK(edge6x2, LOAD2, ROWS6x2, 6)
	WALK(edge8x2, LOAD2, ROWS8x2, 8)

narrow:
	CHOOSE(edge8x1, edge6x1, edge4x1, edge2x1)
	WALK(edge1x1, LOAD1, ROWS1x1, 1)
	WALK(edge2x1, LOAD1, ROWS2x1, 2)
	WALK(edge4x1, LOAD1, ROWS4x1, 4)
	WALK(edge6x1, LOAD1, ROWS6x1, 6)
	WALK(edge8x1, LOAD1, ROWS8x1, 8)

grown:
	MOVQ DX, CX
	UNIT(scaled)
	EIGHT(SCALE)

scaled:
	ZERO(set)
	EIGHT(ADD)

set:
	EIGHT(SET)

stored:
	STRIP(8, strip, tile)
	NEXTPANEL(24, panel)
	VZEROUPPER

done:
	RET

// The sums of eight vectors, each over its eight places, as the eight places
// of z0. The order of the additions is the same for all eight.
#define REDUCE(z0, z1, z2, z3, z4, z5, z6, z7) \
	VUNPCKHPD  z1, z0, Z30; \
	VUNPCKLPD  z1, z0, z0; \
	VADDPD     Z30, z0, z0; \
	VUNPCKHPD  z3, z2, Z30; \
	VUNPCKLPD  z3, z2, z2; \
	VADDPD     Z30, z2, z2; \
	VUNPCKHPD  z5, z4, Z30; \
	VUNPCKLPD  z5, z4, z4; \
	VADDPD     Z30, z4, z4; \
	VUNPCKHPD  z7, z6, Z30; \
	VUNPCKLPD  z7, z6, z6; \
	VADDPD     Z30, z6, z6; \
	VSHUFF64X2 $0xdd, z2, z0, Z30; \
	VSHUFF64X2 $0x88, z2, z0, z0; \
	VADDPD     Z30, z0, z0; \
	VSHUFF64X2 $0xdd, z6, z4, Z30; \
	VSHUFF64X2 $0x88, z6, z4, z4; \
	VADDPD     Z30, z4, z4; \
	VSHUFF64X2 $0xdd, z4, z0, Z30; \
	VSHUFF64X2 $0x88, z4, z0, z0; \
	VADDPD     Z30, z0, z0

// The steps that are left of CX < 8: the loop once more, with a mask.
#define REST(loop) MOVQ $1, R15; SHLQ CX, R15; DECQ R15; KMOVW R15, K1; JMP loop

// One column of the 5×5 dot tile: a vector of B with the five of A in Z25 … Z29.
#define COLUMN(b, c0, c1, c2, c3, c4) \
	VMOVUPD.Z   b, K1, Z30; \
	VFMADD231PD Z30, Z25, c0; \
	VFMADD231PD Z30, Z26, c1; \
	VFMADD231PD Z30, Z27, c2; \
	VFMADD231PD Z30, Z28, c3; \
	VFMADD231PD Z30, Z29, c4

// func dotAVX512(t *block)
//
//	for i := range rows { // ≤ 5
//		for j := range cols { // ≤ 5
//			var s [8]float64
//			for p := range k {
//				s[p%8] = math.FMA(a[i*ars+p], b[j*ldb+p], s[p%8])
//			}
//			sum := alpha * ((s[0] + s[1] + (s[2] + s[3])) + (s[4] + s[5] + (s[6] + s[7])))
//			if beta != 0 {
//				sum = math.FMA(beta, c[i*ldc+j], sum)
//			}
//			c[i*ldc+j] = sum
//		}
//	}
//
// Rows 1 to 4 of A are R8, R9, R10, R11 behind the first, columns 1 to 4 of B R12, R13, SI, DI.
TEXT ·dotAVX512(SB), NOSPLIT, $256-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	MOVQ block_a(R14), AX
	STRIDE(block_ars, DX)
	XORQ CX, CX
	AFTER(block_rows, 1, DX, CX, R8)
	AFTER(block_rows, 2, DX, R8, R9)
	AFTER(block_rows, 3, DX, R9, R10)
	AFTER(block_rows, 4, DX, R10, R11)
	MOVQ block_b(R14), BX
	STRIDE(block_ldb, DX)
	AFTER(block_cols, 1, DX, CX, R12)
	AFTER(block_cols, 2, DX, R12, R13)
	AFTER(block_cols, 3, DX, R13, SI)
	AFTER(block_cols, 4, DX, SI, DI)
	MOVQ block_k(R14), CX
	MOVQ $0xff, R15
	KMOVW R15, K1
	EIGHT(CLEAR)
	VPXORQ Z24, Z24, Z24
	CMPQ CX, $8
	JLT  rest

loop:
	VMOVUPD.Z (AX), K1, Z25
	VMOVUPD.Z (AX)(R8*1), K1, Z26
	VMOVUPD.Z (AX)(R9*1), K1, Z27
	VMOVUPD.Z (AX)(R10*1), K1, Z28
	VMOVUPD.Z (AX)(R11*1), K1, Z29
	COLUMN((BX), Z0, Z5, Z10, Z15, Z20)
	COLUMN((BX)(R12*1), Z1, Z6, Z11, Z16, Z21)
	COLUMN((BX)(R13*1), Z2, Z7, Z12, Z17, Z22)
	COLUMN((BX)(SI*1), Z3, Z8, Z13, Z18, Z23)
	COLUMN((BX)(DI*1), Z4, Z9, Z14, Z19, Z24)
	ADDQ $64, AX
	ADDQ $64, BX
	SUBQ $8, CX
	CMPQ CX, $8
	JGE  loop

rest:
	TESTQ CX, CX
	JLE   sum
	REST(loop)

sum:
	REDUCE(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	REDUCE(Z8, Z9, Z10, Z11, Z12, Z13, Z14, Z15)
	REDUCE(Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23)
	VUNPCKHPD  Z24, Z24, Z1 // the last one alone, in the same order
	VADDPD     Z1, Z24, Z24
	VSHUFF64X2 $0xb1, Z24, Z24, Z1
	VADDPD     Z1, Z24, Z24
	VSHUFF64X2 $0x4e, Z24, Z24, Z1
	VADDPD     Z1, Z24, Z24
	VMOVUPD    Z0, sums-256(SP)
	VMOVUPD    Z8, sums-192(SP)
	VMOVUPD    Z16, sums-128(SP)
	VMOVUPD    Z24, sums-64(SP)

	VBROADCASTSD block_alpha(R14), Z31
	VBROADCASTSD block_beta(R14), Z30
	MOVQ  block_c(R14), DI
	STRIDE(block_ldc, SI)
	LEAQ  sums-256(SP), BX
	MOVQ  block_cols(R14), CX
	MOVQ  $1, R15
	SHLQ  CX, R15
	DECQ  R15
	KMOVW R15, K1
	MOVQ  block_rows(R14), CX

row:
	VMOVUPD.Z (BX), K1, Z0
	VMULPD    Z0, Z31, Z0
	ZERO(set)
	VMOVUPD.Z   (DI), K1, Z1
	VFMADD231PD Z1, Z30, Z0

set:
	VMOVUPD Z0, K1, (DI)
	ADDQ    $40, BX
	ADDQ    SI, DI
	DECQ    CX
	JNZ     row
	VZEROUPPER

done:
	RET

// func dotvAVX512(t *block)
//
//	for i := range rows { // ≤ 8
//		as in dotAVX512, with b[p] and c[i*ldc]
//	}
//
// Eight sums are computed in any case, the surplus ones of the last row once more, which
// is near: that costs no more time than one sum, each of whose steps waits for the last.
TEXT ·dotvAVX512(SB), NOSPLIT, $64-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	EIGHTROWS
	MOVQ  block_b(R14), BX
	MOVQ  block_k(R14), CX
	XORQ  R12, R12
	MOVQ  $0xff, R15
	KMOVW R15, K1
	EIGHT(CLEAR)
	CMPQ CX, $8
	JLT  rest

loop:
	VMOVUPD.Z   (BX)(R12*8), K1, Z8
	VFMADD231PD (AX)(R12*8), Z8, K1, Z0
	VFMADD231PD (DX)(R12*8), Z8, K1, Z1
	VFMADD231PD (SI)(R12*8), Z8, K1, Z2
	VFMADD231PD (DI)(R12*8), Z8, K1, Z3
	VFMADD231PD (R8)(R12*8), Z8, K1, Z4
	VFMADD231PD (R9)(R12*8), Z8, K1, Z5
	VFMADD231PD (R10)(R12*8), Z8, K1, Z6
	VFMADD231PD (R11)(R12*8), Z8, K1, Z7
	ADDQ        $8, R12
	SUBQ        $8, CX
	CMPQ        CX, $8
	JGE         loop

rest:
	TESTQ CX, CX
	JLE   sum
	REST(loop)

sum:
	REDUCE(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)
	VBROADCASTSD block_alpha(R14), Z31
	VMULPD       Z0, Z31, Z0
	VMOVUPD      Z0, sums-64(SP)
	LEAQ         sums-64(SP), BX
	SUMS(sum1, set1)
	VZEROUPPER

done:
	RET
