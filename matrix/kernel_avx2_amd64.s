//go:build !purego

#include "go_asm.h"
#include "textflag.h"
#include "kernel_amd64.h"

// Masks: the first n places of the four from ones+32−8n on.
DATA ones<>+0(SB)/8, $-1
DATA ones<>+8(SB)/8, $-1
DATA ones<>+16(SB)/8, $-1
DATA ones<>+24(SB)/8, $-1
DATA ones<>+32(SB)/8, $0
DATA ones<>+40(SB)/8, $0
DATA ones<>+48(SB)/8, $0
DATA ones<>+56(SB)/8, $0
GLOBL ones<>(SB), RODATA|NOPTR, $64

// Y has a mask of the first n places, n ≤ 4.
#define MASK(n, y) NEGQ n; LEAQ ones<>+32(SB), R15; VMOVUPD (R15)(n*8), y

// The sums of row i of a tile are in Y(2i) and Y(2i+1), eight columns. Y12, Y13 hold a row
// of B, Y14 one element of A in all its places, Y15 the mask of the last vector.

#define LOAD1 VMASKMOVPD (BX), Y15, Y12
#define LOAD2 VMOVUPD (BX), Y12; VMASKMOVPD 32(BX), Y15, Y13
#define LOADFULL VMOVUPD (BX), Y12; VMOVUPD 32(BX), Y13

// The same, and the next panel of B is fetched into the second cache.
#define FETCHFULL PREFETCHT1 (BX)(R15*1); LOADFULL

// One row of the tile: the element x of A times a row of B, of one or two vectors.
#define ROW1(x, c0) VBROADCASTSD x, Y14; VFMADD231PD Y12, Y14, c0
#define ROW2(x, c0, c1) VBROADCASTSD x, Y14; VFMADD231PD Y12, Y14, c0; VFMADD231PD Y13, Y14, c1

// The first 1, 2, 4 and 6 rows, in 1 and 2 vectors.
#define ROWS1x1 ROW1(A0, Y0)
#define ROWS2x1 ROWS1x1; ROW1(A1, Y2)
#define ROWS4x1 ROWS2x1; ROW1(A2, Y4); ROW1(A3, Y6)
#define ROWS6x1 ROWS4x1; ROW1(A4, Y8); ROW1(A5, Y10)
#define ROWS1x2 ROW2(A0, Y0, Y1)
#define ROWS2x2 ROWS1x2; ROW2(A1, Y2, Y3)
#define ROWS4x2 ROWS2x2; ROW2(A2, Y4, Y5); ROW2(A3, Y6, Y7)
#define ROWS6x2 ROWS4x2; ROW2(A4, Y8, Y9); ROW2(A5, Y10, Y11)

// How many of the rows that are left make the next tile.
#define CHOOSE(six, four, two) CMPQ DX, $6; JGE six; CMPQ DX, $4; JGE four; CMPQ DX, $2; JGE two

// The same for each row of a tile.
#define SIX(row) row(Y0, Y1); row(Y2, Y3); row(Y4, Y5); row(Y6, Y7); row(Y8, Y9); row(Y10, Y11)

#define CLEAR(c0, c1) VXORPD c0, c0, c0; VXORPD c1, c1, c1
#define SCALE(c0, c1) VMULPD c0, Y14, c0; VMULPD c1, Y14, c1

// Rows of C: the sums, or βC and the sums; of a whole tile, of two vectors, of one. A
// masked store is slow on some processors, so only edges have it. CX counts the rows.
#define ENDROW ADDQ SI, DI; DECQ CX; JZ stored
#define SET(c0, c1) VMOVUPD c0, (DI); VMOVUPD c1, 32(DI); ENDROW
#define ADD(c0, c1) VFMADD231PD (DI), Y14, c0; VFMADD231PD 32(DI), Y14, c1; SET(c0, c1)
#define SET2(c0, c1) VMOVUPD c0, (DI); VMASKMOVPD c1, Y15, 32(DI); ENDROW
#define ADD2(c0, c1) VFMADD231PD (DI), Y14, c0; VMASKMOVPD 32(DI), Y15, Y13; VFMADD231PD Y13, Y14, c1; SET2(c0, c1)
#define SET1(c0, c1) VMASKMOVPD c0, Y15, (DI); ENDROW
#define ADD1(c0, c1) VMASKMOVPD (DI), Y15, Y13; VFMADD231PD Y13, Y14, c0; SET1(c0, c1)

// func tilesAVX2(t *block)
//
//	for j := 0; j < cols; j += 8 {
//		for i := 0; i < rows; i += 6 {
//			as in tilesAVX512, with tiles of 6×8
//		}
//	}
TEXT ·tilesAVX2(SB), NOSPLIT, $48-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	BEGIN

panel:
	PANEL
	MOVQ    cols-24(SP), CX
	MOVQ    $8, R15
	CMPQ    CX, R15
	CMOVQGT R15, CX
	MOVQ    CX, width-48(SP)
	LEAQ    -4(CX), R15
	CMPQ    CX, $4
	CMOVQGT R15, CX
	MASK(CX, Y15)

tile:
	TILE
	SIX(CLEAR)
	CMPQ width-48(SP), $4
	JLE  narrow
	CMPQ width-48(SP), $8
	JNE  middle
	CMPQ DX, $6
	JLT  middle

	// If the walk is long, fetch C, which it needs at its end, and let the first strip
	// fetch the next panel of B on its way: the others will find it near.
	CMPQ CX, $64
	JLT  full
	MOVQ DI, R15
	MOVQ $6, DX

fetch:
	PREFETCHT0 (R15)
	PREFETCHT0 56(R15)
	ADDQ       SI, R15
	DECQ       DX
	JNZ        fetch
	STRIDE(block_bn, R15)
	MOVQ       rows-40(SP), DX
	CMPQ       DX, block_rows(R14)
	JNE        full
	WALK(ahead, FETCHFULL, ROWS6x2, 6)

	// The main loop: 12 multiply-adds of four elements each in a step.
	WALK(full, LOADFULL, ROWS6x2, 6)

middle:
	CHOOSE(edge6x2, edge4x2, edge2x2)
	WALK(edge1x2, LOAD2, ROWS1x2, 1)
	WALK(edge2x2, LOAD2, ROWS2x2, 2)
	WALK(edge4x2, LOAD2, ROWS4x2, 4)
	WALK(edge6x2, LOAD2, ROWS6x2, 6)

narrow:
	CHOOSE(edge6x1, edge4x1, edge2x1)
	WALK(edge1x1, LOAD1, ROWS1x1, 1)
	WALK(edge2x1, LOAD1, ROWS2x1, 2)
	WALK(edge4x1, LOAD1, ROWS4x1, 4)
	WALK(edge6x1, LOAD1, ROWS6x1, 6)

grown:
	MOVQ DX, CX
	UNIT(scaled)
	VBROADCASTSD block_alpha(R14), Y14
	SIX(SCALE)

scaled:
	VBROADCASTSD block_beta(R14), Y14
	CMPQ width-48(SP), $8
	JEQ  all
	CMPQ width-48(SP), $4
	JLE  few
	ZERO(set2)
	SIX(ADD2)

set2:
	SIX(SET2)

few:
	ZERO(set1)
	SIX(ADD1)

set1:
	SIX(SET1)

all:
	ZERO(set)
	SIX(ADD)

set:
	SIX(SET)

stored:
	STRIP(6, strip, tile)
	NEXTPANEL(8, panel)
	VZEROUPPER

done:
	RET

// The sums of four vectors, each over its four places, as the four places of
// y0. The order of the additions is the same for all four.
#define REDUCE(y0, y1, y2, y3, t) \
	VHADDPD    y1, y0, y0; \
	VHADDPD    y3, y2, y2; \
	VPERM2F128 $0x21, y2, y0, t; \
	VBLENDPD   $0xc, y2, y0, y0; \
	VADDPD     t, y0, y0

// One column of the 3×4 dot tile: a vector of B with the three of A in Y12, Y13, Y14.
#define COLUMN(b, c0, c1, c2) \
	VMOVUPD     b, Y15; \
	VFMADD231PD Y15, Y12, c0; \
	VFMADD231PD Y15, Y13, c1; \
	VFMADD231PD Y15, Y14, c2

// The last places of a row, with zeros behind them, for one more step.
#define COPYREST(x, to) VMASKMOVPD x, Y15, Y12; VMOVUPD Y12, to

#define THREE(row) row(Y0); row(Y4); row(Y8)

// A row of C of four elements, or of as many as the mask says.
#define ENDDOT ADDQ SI, DI; DECQ CX; JZ stored
#define SETFOUR(y) VMULPD y, Y14, y; VMOVUPD y, (DI); ENDDOT
#define ADDFOUR(y) VMULPD y, Y14, y; VFMADD231PD (DI), Y13, y; VMOVUPD y, (DI); ENDDOT
#define SETFEW(y) VMULPD y, Y14, y; VMASKMOVPD y, Y15, (DI); ENDDOT
#define ADDFEW(y) VMASKMOVPD (DI), Y15, Y12; VMULPD y, Y14, y; VFMADD231PD Y12, Y13, y; VMASKMOVPD y, Y15, (DI); ENDDOT

// func dotAVX2(t *block)
//
//	for i := range rows { // ≤ 3
//		for j := range cols { // ≤ 4
//			as in dotAVX512, with s[p%4] and alpha * ((s[0] + s[1]) + (s[2] + s[3]))
//		}
//	}
TEXT ·dotAVX2(SB), NOSPLIT, $224-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	MOVQ block_a(R14), AX
	STRIDE(block_ars, DX)
	XORQ CX, CX
	AFTER(block_rows, 1, DX, CX, R8)
	AFTER(block_rows, 2, DX, R8, R9)
	MOVQ block_b(R14), BX
	STRIDE(block_ldb, DX)
	AFTER(block_cols, 1, DX, CX, R10)
	AFTER(block_cols, 2, DX, R10, R11)
	AFTER(block_cols, 3, DX, R11, R12)
	MOVQ block_k(R14), CX
	SIX(CLEAR)
	CMPQ CX, $4
	JLT  rest

loop:
	VMOVUPD (AX), Y12
	VMOVUPD (AX)(R8*1), Y13
	VMOVUPD (AX)(R9*1), Y14
	COLUMN((BX), Y0, Y4, Y8)
	COLUMN((BX)(R10*1), Y1, Y5, Y9)
	COLUMN((BX)(R11*1), Y2, Y6, Y10)
	COLUMN((BX)(R12*1), Y3, Y7, Y11)
	ADDQ $32, AX
	ADDQ $32, BX
	SUBQ $4, CX
	CMPQ CX, $4
	JGE  loop

rest:
	TESTQ CX, CX
	JLE   sum
	MASK(CX, Y15)
	COPYREST((AX), rest-224(SP))
	COPYREST((AX)(R8*1), rest-192(SP))
	COPYREST((AX)(R9*1), rest-160(SP))
	COPYREST((BX), rest-128(SP))
	COPYREST((BX)(R10*1), rest-96(SP))
	COPYREST((BX)(R11*1), rest-64(SP))
	COPYREST((BX)(R12*1), rest-32(SP))
	LEAQ rest-224(SP), AX
	MOVQ $32, R8
	MOVQ $64, R9
	LEAQ rest-128(SP), BX
	MOVQ $32, R10
	MOVQ $64, R11
	MOVQ $96, R12
	JMP  loop // CX is negative now: once more

sum:
	REDUCE(Y0, Y1, Y2, Y3, Y12)
	REDUCE(Y4, Y5, Y6, Y7, Y12)
	REDUCE(Y8, Y9, Y10, Y11, Y12)
	VBROADCASTSD block_alpha(R14), Y14
	VBROADCASTSD block_beta(R14), Y13
	MOVQ block_c(R14), DI
	STRIDE(block_ldc, SI)
	MOVQ block_cols(R14), CX
	MASK(CX, Y15)
	MOVQ block_rows(R14), CX
	CMPQ block_cols(R14), $4
	JNE  few
	ZERO(set)
	THREE(ADDFOUR)

set:
	THREE(SETFOUR)

few:
	ZERO(setfew)
	THREE(ADDFEW)

setfew:
	THREE(SETFEW)

stored:
	VZEROUPPER

done:
	RET

// The last places of a row of A with those of B in Y8.
#define LAST(row, s) VMASKMOVPD (row)(R12*8), Y14, Y9; VFMADD231PD Y9, Y8, s

// func dotvAVX2(t *block)
//
//	for i := range rows { // ≤ 8
//		as in dotAVX2, with b[p] and c[i*ldc]
//	}
//
// Eight sums are computed in any case: see dotvAVX512.
TEXT ·dotvAVX2(SB), NOSPLIT, $64-8
	MOVQ t+0(FP), R14
	EMPTY(done)
	EIGHTROWS
	MOVQ block_b(R14), BX
	MOVQ block_k(R14), CX
	XORQ R12, R12
	SIX(CLEAR)
	SUBQ $4, CX
	JLT  rest

loop:
	VMOVUPD     (BX)(R12*8), Y8
	VFMADD231PD (AX)(R12*8), Y8, Y0
	VFMADD231PD (DX)(R12*8), Y8, Y1
	VFMADD231PD (SI)(R12*8), Y8, Y2
	VFMADD231PD (DI)(R12*8), Y8, Y3
	VFMADD231PD (R8)(R12*8), Y8, Y4
	VFMADD231PD (R9)(R12*8), Y8, Y5
	VFMADD231PD (R10)(R12*8), Y8, Y6
	VFMADD231PD (R11)(R12*8), Y8, Y7
	ADDQ        $4, R12
	SUBQ        $4, CX
	JGE         loop

rest:
	ADDQ $4, CX
	JZ   sum
	MASK(CX, Y14)
	VMASKMOVPD (BX)(R12*8), Y14, Y8
	LAST(AX, Y0)
	LAST(DX, Y1)
	LAST(SI, Y2)
	LAST(DI, Y3)
	LAST(R8, Y4)
	LAST(R9, Y5)
	LAST(R10, Y6)
	LAST(R11, Y7)

sum:
	REDUCE(Y0, Y1, Y2, Y3, Y9)
	REDUCE(Y4, Y5, Y6, Y7, Y9)
	VBROADCASTSD block_alpha(R14), Y15
	VMULPD       Y0, Y15, Y0
	VMULPD       Y4, Y15, Y4
	VMOVUPD      Y0, sums-64(SP)
	VMOVUPD      Y4, sums-32(SP)
	LEAQ         sums-64(SP), BX
	SUMS(sum1, set1)
	VZEROUPPER

done:
	RET
