//go:build !purego

#include "textflag.h"

// ones holds four quadwords of ones and four of zeros: 32 bytes from 32−8n on
// are a mask for the first n of the four places of a vector.
DATA ones<>+0(SB)/8, $-1
DATA ones<>+8(SB)/8, $-1
DATA ones<>+16(SB)/8, $-1
DATA ones<>+24(SB)/8, $-1
DATA ones<>+32(SB)/8, $0
DATA ones<>+40(SB)/8, $0
DATA ones<>+48(SB)/8, $0
DATA ones<>+56(SB)/8, $0
GLOBL ones<>(SB), RODATA|NOPTR, $64

// The sums of row i of a tile stand in Y(2i) and Y(2i+1), 8 columns. Y12 and
// Y13 hold a row of B, Y14 one element of A in all its places, Y15 the mask for the
// columns of the last vector: a load with a mask does not touch the others.

// Row i of A is i·ars bytes away from the first: with ars in R8 and three, five
// and seven times as much in R11, R12, R13, every row has an address.
#define A0 (AX)
#define A1 (AX)(R8*1)
#define A2 (AX)(R8*2)
#define A3 (AX)(R11*1)
#define A4 (AX)(R8*4)
#define A5 (AX)(R12*1)
#define A6 (AX)(R11*2)
#define A7 (AX)(R13*1)

#define LOAD1 VMASKMOVPD (BX), Y15, Y12
#define LOAD2 VMOVUPD (BX), Y12; VMASKMOVPD 32(BX), Y15, Y13

// One row of the tile: the element x of A times a row of B, of one or two vectors.
#define ROW1(x, c0) VBROADCASTSD x, Y14; VFMADD231PD Y12, Y14, c0
#define ROW2(x, c0, c1) VBROADCASTSD x, Y14; VFMADD231PD Y12, Y14, c0; VFMADD231PD Y13, Y14, c1

// The first 1, 2, … 6 rows.
#define ROWS1x1 ROW1(A0, Y0)
#define ROWS1x2 ROWS1x1; ROW1(A1, Y2)
#define ROWS1x3 ROWS1x2; ROW1(A2, Y4)
#define ROWS1x4 ROWS1x3; ROW1(A3, Y6)
#define ROWS1x5 ROWS1x4; ROW1(A4, Y8)
#define ROWS1x6 ROWS1x5; ROW1(A5, Y10)
#define ROWS2x1 ROW2(A0, Y0, Y1)
#define ROWS2x2 ROWS2x1; ROW2(A1, Y2, Y3)
#define ROWS2x3 ROWS2x2; ROW2(A2, Y4, Y5)
#define ROWS2x4 ROWS2x3; ROW2(A3, Y6, Y7)
#define ROWS2x5 ROWS2x4; ROW2(A4, Y8, Y9)
#define ROWS2x6 ROWS2x5; ROW2(A5, Y10, Y11)

// A step along k.
#define STEP ADDQ R9, AX; ADDQ R10, BX; DECQ CX

// C is set to α times a row of sums, or that is added to it: a whole row of
// the tile, or one with the masks Y12 and Y13.
#define SET(c0, c1) \
	VMULPD  c0, Y15, c0; \
	VMOVUPD c0, (DI); \
	VMULPD  c1, Y15, c1; \
	VMOVUPD c1, 32(DI)

#define ADD(c0, c1) \
	VMOVUPD     (DI), Y12; \
	VFMADD231PD c0, Y15, Y12; \
	VMOVUPD     Y12, (DI); \
	VMOVUPD     32(DI), Y13; \
	VFMADD231PD c1, Y15, Y13; \
	VMOVUPD     Y13, 32(DI)

#define SETMASK(c0, c1) \
	VMULPD     c0, Y15, c0; \
	VMASKMOVPD c0, Y12, (DI); \
	VMULPD     c1, Y15, c1; \
	VMASKMOVPD c1, Y13, 32(DI)

#define ADDMASK(c0, c1) \
	VMASKMOVPD  (DI), Y12, Y14; \
	VFMADD231PD c0, Y15, Y14; \
	VMASKMOVPD  Y14, Y12, (DI); \
	VMASKMOVPD  32(DI), Y13, Y14; \
	VFMADD231PD c1, Y15, Y14; \
	VMASKMOVPD  Y14, Y13, 32(DI)

// After a row: is there another?
#define NEXT ADDQ SI, DI; DECQ DX; JZ next

// func tilesAVX2(c []float64, ldc int, a []float64, ars, acs, an int, b []float64, ldb, bn int, rows, cols, k int, alpha float64, add bool)
//
//	for j := 0; j < cols; j += 8 {
//		for i := 0; i < rows; i += 6 {
//			a, b := a[i/6*an:], b[j/8*bn:]
//			for r := range min(6, rows-i) {
//				for q := range min(8, cols-j) {
//					sum := 0.0
//					for p := range k {
//						sum = math.FMA(a[r*ars+p*acs], b[p*ldb+q], sum)
//					}
//					if add {
//						c[(i+r)*ldc+j+q] = math.FMA(alpha, sum, c[(i+r)*ldc+j+q])
//					} else {
//						c[(i+r)*ldc+j+q] = alpha * sum
//					}
//				}
//			}
//		}
//	}
//
// What belongs to a tile is on the stack: where its strip of A begins, how many
// rows of C are left from its first one on, and how many columns it has. Where the
// panel of C and that of B begin, and how many columns are left, is kept in
// the arguments.
TEXT ·tilesAVX2(SB), NOSPLIT, $24-153
	MOVQ ldc+24(FP), SI
	SHLQ $3, SI
	MOVQ ars+56(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R11
	LEAQ (R8)(R8*4), R12
	MOVQ acs+64(FP), R9
	SHLQ $3, R9
	MOVQ ldb+104(FP), R10
	SHLQ $3, R10

panel:
	MOVQ    c_base+0(FP), DI
	MOVQ    a_base+32(FP), AX
	MOVQ    AX, strip-8(SP)
	MOVQ    rows+120(FP), DX
	MOVQ    DX, left-16(SP)
	MOVQ    cols+128(FP), CX
	MOVQ    $8, R15
	CMPQ    CX, R15
	CMOVQGT R15, CX
	MOVQ    CX, width-24(SP)

tile:
	MOVQ    strip-8(SP), AX
	MOVQ    b_base+80(FP), BX
	MOVQ    left-16(SP), DX
	MOVQ    $6, R15
	CMPQ    DX, R15
	CMOVQGT R15, DX
	MOVQ    width-24(SP), R13
	MOVQ    k+136(FP), CX

	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7
	VXORPD Y8, Y8, Y8
	VXORPD Y9, Y9, Y9
	VXORPD Y10, Y10, Y10
	VXORPD Y11, Y11, Y11

	CMPQ R13, $8
	JNE  edge
	CMPQ DX, $6
	JNE  edge
	CMPQ CX, $64
	JLT  full

	// The first strip fetches the next panel of B on its way: the others find it near.
	MOVQ bn+112(FP), R14
	SHLQ $3, R14
	MOVQ left-16(SP), R15
	CMPQ R15, rows+120(FP)
	JNE  full

ahead:
	PREFETCHT1 (BX)(R14*1)
	VMOVUPD    (BX), Y12
	VMOVUPD    32(BX), Y13
	ROWS2x6
	STEP
	JNZ        ahead
	JMP        store

full:
	VMOVUPD (BX), Y12
	VMOVUPD 32(BX), Y13
	ROWS2x6
	STEP
	JNZ     full
	JMP     store

edge:
	// The mask of the last vector, for ((cols−1) mod 4) + 1 columns.
	LEAQ    -1(R13), R15
	ANDQ    $3, R15
	SHLQ    $3, R15
	NEGQ    R15
	LEAQ    ones<>+24(SB), R14
	VMOVUPD (R14)(R15*1), Y15
	CMPQ    R13, $4
	JGT     wide2

	CMPQ DX, $6
	JEQ  tile1x6
	CMPQ DX, $5
	JEQ  tile1x5
	CMPQ DX, $4
	JEQ  tile1x4
	CMPQ DX, $3
	JEQ  tile1x3
	CMPQ DX, $2
	JEQ  tile1x2

tile1x1:
	LOAD1
	ROWS1x1
	STEP
	JNZ tile1x1
	JMP store

tile1x2:
	LOAD1
	ROWS1x2
	STEP
	JNZ tile1x2
	JMP store

tile1x3:
	LOAD1
	ROWS1x3
	STEP
	JNZ tile1x3
	JMP store

tile1x4:
	LOAD1
	ROWS1x4
	STEP
	JNZ tile1x4
	JMP store

tile1x5:
	LOAD1
	ROWS1x5
	STEP
	JNZ tile1x5
	JMP store

tile1x6:
	LOAD1
	ROWS1x6
	STEP
	JNZ tile1x6
	JMP store

wide2:
	CMPQ DX, $6
	JEQ  tile2x6
	CMPQ DX, $5
	JEQ  tile2x5
	CMPQ DX, $4
	JEQ  tile2x4
	CMPQ DX, $3
	JEQ  tile2x3
	CMPQ DX, $2
	JEQ  tile2x2

tile2x1:
	LOAD2
	ROWS2x1
	STEP
	JNZ tile2x1
	JMP store

tile2x2:
	LOAD2
	ROWS2x2
	STEP
	JNZ tile2x2
	JMP store

tile2x3:
	LOAD2
	ROWS2x3
	STEP
	JNZ tile2x3
	JMP store

tile2x4:
	LOAD2
	ROWS2x4
	STEP
	JNZ tile2x4
	JMP store

tile2x5:
	LOAD2
	ROWS2x5
	STEP
	JNZ tile2x5
	JMP store

tile2x6:
	LOAD2
	ROWS2x6
	STEP
	JNZ tile2x6
	JMP store

store:
	VBROADCASTSD alpha+144(FP), Y15
	CMPQ         R13, $8
	JNE          part
	CMPB         add+152(FP), $0
	JNE          more

	SET(Y0, Y1)
	NEXT
	SET(Y2, Y3)
	NEXT
	SET(Y4, Y5)
	NEXT
	SET(Y6, Y7)
	NEXT
	SET(Y8, Y9)
	NEXT
	SET(Y10, Y11)
	NEXT

more:
	ADD(Y0, Y1)
	NEXT
	ADD(Y2, Y3)
	NEXT
	ADD(Y4, Y5)
	NEXT
	ADD(Y6, Y7)
	NEXT
	ADD(Y8, Y9)
	NEXT
	ADD(Y10, Y11)
	NEXT

part:
	// Two masks, for min(cols, 4) and max(cols−4, 0) columns.
	LEAQ    ones<>+32(SB), R14
	MOVQ    R13, R15
	CMPQ    R15, $4
	JLE     one
	MOVQ    $4, R15

one:
	SUBQ    R15, R13
	NEGQ    R15
	NEGQ    R13
	VMOVUPD (R14)(R15*8), Y12
	VMOVUPD (R14)(R13*8), Y13
	CMPB    add+152(FP), $0
	JNE     partmore

	SETMASK(Y0, Y1)
	NEXT
	SETMASK(Y2, Y3)
	NEXT
	SETMASK(Y4, Y5)
	NEXT
	SETMASK(Y6, Y7)
	NEXT
	SETMASK(Y8, Y9)
	NEXT
	SETMASK(Y10, Y11)
	NEXT

partmore:
	ADDMASK(Y0, Y1)
	NEXT
	ADDMASK(Y2, Y3)
	NEXT
	ADDMASK(Y4, Y5)
	NEXT
	ADDMASK(Y6, Y7)
	NEXT
	ADDMASK(Y8, Y9)
	NEXT
	ADDMASK(Y10, Y11)
	NEXT

next:
	MOVQ an+72(FP), R15
	SHLQ $3, R15
	ADDQ R15, strip-8(SP)
	SUBQ $6, left-16(SP)
	JGT  tile

	MOVQ bn+112(FP), R15
	SHLQ $3, R15
	ADDQ R15, b_base+80(FP)
	ADDQ $64, c_base+0(FP)
	SUBQ $8, cols+128(FP)
	JGT  panel
	VZEROUPPER
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
#define COLUMN(c0, c1, c2) \
	VFMADD231PD Y15, Y12, c0; \
	VFMADD231PD Y15, Y13, c1; \
	VFMADD231PD Y15, Y14, c2

// One row of the same in the last, short step along k: the mask is in Y14,
// Y12 holds the vector of A.
#define TAILROW(x, c0, c1, c2, c3) \
	VMASKMOVPD  x, Y14, Y12; \
	VMASKMOVPD  (BX), Y14, Y13; \
	VFMADD231PD Y13, Y12, c0; \
	VMASKMOVPD  (BX)(R10*1), Y14, Y13; \
	VFMADD231PD Y13, Y12, c1; \
	VMASKMOVPD  (BX)(R10*2), Y14, Y13; \
	VFMADD231PD Y13, Y12, c2; \
	VMASKMOVPD  (BX)(R12*1), Y14, Y13; \
	VFMADD231PD Y13, Y12, c3

// One element of C.
#define SETELEM(x, s) VMULSD s, X15, s; VMOVSD s, x
#define ADDELEM(x, s) VMOVSD x, X14; VFMADD231SD s, X15, X14; VMOVSD X14, x

// Four elements of C, R9 bytes apart, from the four places of y, whose first
// two are x.
#define SETFOUR(x, y) \
	VEXTRACTF128 $1, y, X12; \
	VPERMILPD    $1, x, X13; \
	SETELEM((DI), x); \
	SETELEM((DI)(R9*1), X13); \
	VPERMILPD    $1, X12, X13; \
	SETELEM((DI)(R9*2), X12); \
	SETELEM((DI)(R11*1), X13)

#define ADDFOUR(x, y) \
	VEXTRACTF128 $1, y, X12; \
	VPERMILPD    $1, x, X13; \
	ADDELEM((DI), x); \
	ADDELEM((DI)(R9*1), X13); \
	VPERMILPD    $1, X12, X13; \
	ADDELEM((DI)(R9*2), X12); \
	ADDELEM((DI)(R11*1), X13)

// func dotAVX2(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)
//
//	for i := range 3 {
//		for j := range 4 {
//			var s [4]float64
//			for p := range k {
//				s[p%4] = math.FMA(a[i*lda+p], b[j*ldb+p], s[p%4])
//			}
//			sum := (s[0] + s[1]) + (s[2] + s[3])
//			if add {
//				c[i*crs+j*ccs] = math.FMA(alpha, sum, c[i*crs+j*ccs])
//			} else {
//				c[i*crs+j*ccs] = alpha * sum
//			}
//		}
//	}
TEXT ·dotAVX2(SB), NOSPLIT, $0-121
	MOVQ a_base+40(FP), AX
	MOVQ lda+64(FP), R8
	SHLQ $3, R8
	MOVQ b_base+72(FP), BX
	MOVQ ldb+96(FP), R10
	SHLQ $3, R10
	LEAQ (R10)(R10*2), R12
	MOVQ k+104(FP), CX
	SHRQ $2, CX

	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7
	VXORPD Y8, Y8, Y8
	VXORPD Y9, Y9, Y9
	VXORPD Y10, Y10, Y10
	VXORPD Y11, Y11, Y11

	TESTQ CX, CX
	JZ    tail

loop:
	VMOVUPD (AX), Y12
	VMOVUPD (AX)(R8*1), Y13
	VMOVUPD (AX)(R8*2), Y14
	VMOVUPD (BX), Y15
	COLUMN(Y0, Y4, Y8)
	VMOVUPD (BX)(R10*1), Y15
	COLUMN(Y1, Y5, Y9)
	VMOVUPD (BX)(R10*2), Y15
	COLUMN(Y2, Y6, Y10)
	VMOVUPD (BX)(R12*1), Y15
	COLUMN(Y3, Y7, Y11)
	ADDQ    $32, AX
	ADDQ    $32, BX
	DECQ    CX
	JNZ     loop

tail:
	MOVQ    k+104(FP), CX
	ANDQ    $3, CX
	JZ      sum
	NEGQ    CX
	LEAQ    ones<>+32(SB), R14
	VMOVUPD (R14)(CX*8), Y14
	TAILROW((AX), Y0, Y1, Y2, Y3)
	TAILROW((AX)(R8*1), Y4, Y5, Y6, Y7)
	TAILROW((AX)(R8*2), Y8, Y9, Y10, Y11)

sum:
	REDUCE(Y0, Y1, Y2, Y3, Y12)
	REDUCE(Y4, Y5, Y6, Y7, Y12)
	REDUCE(Y8, Y9, Y10, Y11, Y12)

	MOVQ   c_base+0(FP), DI
	MOVQ   crs+24(FP), SI
	SHLQ   $3, SI
	MOVQ   ccs+32(FP), R9
	SHLQ   $3, R9
	LEAQ   (R9)(R9*2), R11
	VMOVSD alpha+112(FP), X15
	CMPB   add+120(FP), $0
	JNE    more
	SETFOUR(X0, Y0)
	ADDQ   SI, DI
	SETFOUR(X4, Y4)
	ADDQ   SI, DI
	SETFOUR(X8, Y8)
	VZEROUPPER
	RET

more:
	ADDFOUR(X0, Y0)
	ADDQ SI, DI
	ADDFOUR(X4, Y4)
	ADDQ SI, DI
	ADDFOUR(X8, Y8)
	VZEROUPPER
	RET

// The first 1, 2, … 8 rows of A with the vector of B in Y8.
#define DOT1 VFMADD231PD A0, Y8, Y0
#define DOT2 DOT1; VFMADD231PD A1, Y8, Y1
#define DOT3 DOT2; VFMADD231PD A2, Y8, Y2
#define DOT4 DOT3; VFMADD231PD A3, Y8, Y3
#define DOT5 DOT4; VFMADD231PD A4, Y8, Y4
#define DOT6 DOT5; VFMADD231PD A5, Y8, Y5
#define DOT7 DOT6; VFMADD231PD A6, Y8, Y6
#define DOT8 DOT7; VFMADD231PD A7, Y8, Y7

// The next element of C, which is the first place of Y0.
#define NEXTELEM \
	VPERMPD $0x39, Y0, Y0; \
	ADDQ    SI, DI; \
	DECQ    R9; \
	JZ      done

// func dotvAVX2(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
//
//	for i := range rows { // ≤ 8
//		as in dotAVX2, with c[i*crs], a[i*lda+p] and b[p]
//	}
TEXT ·dotvAVX2(SB), NOSPLIT, $0-113
	MOVQ a_base+32(FP), AX
	MOVQ lda+56(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R11
	LEAQ (R8)(R8*4), R12
	LEAQ (R11)(R8*4), R13
	MOVQ b_base+64(FP), BX
	MOVQ rows+88(FP), R9
	MOVQ k+96(FP), CX
	SHRQ $2, CX

	VXORPD Y0, Y0, Y0
	VXORPD Y1, Y1, Y1
	VXORPD Y2, Y2, Y2
	VXORPD Y3, Y3, Y3
	VXORPD Y4, Y4, Y4
	VXORPD Y5, Y5, Y5
	VXORPD Y6, Y6, Y6
	VXORPD Y7, Y7, Y7

	TESTQ CX, CX
	JZ    tail
	CMPQ R9, $8
	JEQ  rows8
	CMPQ R9, $7
	JEQ  rows7
	CMPQ R9, $6
	JEQ  rows6
	CMPQ R9, $5
	JEQ  rows5
	CMPQ R9, $4
	JEQ  rows4
	CMPQ R9, $3
	JEQ  rows3
	CMPQ R9, $2
	JEQ  rows2

rows1:
	VMOVUPD (BX), Y8
	DOT1
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows1
	JMP tail

rows2:
	VMOVUPD (BX), Y8
	DOT2
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows2
	JMP tail

rows3:
	VMOVUPD (BX), Y8
	DOT3
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows3
	JMP tail

rows4:
	VMOVUPD (BX), Y8
	DOT4
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows4
	JMP tail

rows5:
	VMOVUPD (BX), Y8
	DOT5
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows5
	JMP tail

rows6:
	VMOVUPD (BX), Y8
	DOT6
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows6
	JMP tail

rows7:
	VMOVUPD (BX), Y8
	DOT7
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows7
	JMP tail

rows8:
	VMOVUPD (BX), Y8
	DOT8
	ADDQ $32, AX
	ADDQ $32, BX
	DECQ CX
	JNZ rows8

tail:
	MOVQ       k+96(FP), CX
	ANDQ       $3, CX
	JZ         sum
	NEGQ       CX
	LEAQ       ones<>+32(SB), R14
	VMOVUPD    (R14)(CX*8), Y14
	VMASKMOVPD (BX), Y14, Y8
	MOVQ       R9, CX
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y0
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y1
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y2
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y3
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y4
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y5
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y6
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMASKMOVPD (AX), Y14, Y9
	VFMADD231PD Y9, Y8, Y7

sum:
	REDUCE(Y0, Y1, Y2, Y3, Y12)
	REDUCE(Y4, Y5, Y6, Y7, Y12)

	MOVQ   c_base+0(FP), DI
	MOVQ   crs+24(FP), SI
	SHLQ   $3, SI
	VMOVSD alpha+104(FP), X15
	CMPB   add+112(FP), $0
	JNE    more

	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	ADDQ SI, DI
	DECQ R9
	JZ   done
	VMOVUPD Y4, Y0
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	NEXTELEM
	VMULSD X0, X15, X13
	VMOVSD X13, (DI)
	JMP done

more:
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)
	ADDQ SI, DI
	DECQ R9
	JZ   done
	VMOVUPD Y4, Y0
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)
	NEXTELEM
	ADDELEM((DI), X0)

done:
	VZEROUPPER
	RET
