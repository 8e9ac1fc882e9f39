//go:build !purego

#include "textflag.h"

// The sums of row i of a tile stand in Z(3i), Z(3i+1) and Z(3i+2), 24 columns.
// Z24, Z25, Z26 hold a row of B, Z27 one element of A in all its places.
// K1, K2, K3 hold a 1 for each column that is there: a load with a mask does
// not touch the memory of the others.

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

#define LOAD1 VMOVUPD.Z (BX), K1, Z24
#define LOAD2 VMOVUPD (BX), Z24; VMOVUPD.Z 64(BX), K2, Z25
#define LOAD2H VMOVUPD (BX), Z24; VMOVUPD.Z 64(BX), K2, Y25
#define LOAD3 VMOVUPD (BX), Z24; VMOVUPD 64(BX), Z25; VMOVUPD.Z 128(BX), K3, Z26

// One row of the tile: the element x of A times a row of B, of one, two or
// three vectors.
#define ROW1(x, c0) VFMADD231PD.BCST x, Z24, c0
#define ROW2(x, c0, c1) VBROADCASTSD x, Z27; VFMADD231PD Z24, Z27, c0; VFMADD231PD Z25, Z27, c1
#define ROW2H(x, c0, c1) VBROADCASTSD x, Z27; VFMADD231PD Z24, Z27, c0; VFMADD231PD Y25, Y27, c1
#define ROW3(x, c0, c1, c2) VBROADCASTSD x, Z27; VFMADD231PD Z24, Z27, c0; VFMADD231PD Z25, Z27, c1; VFMADD231PD Z26, Z27, c2

// The first 1, 2, … 8 rows.
#define ROWS1x1 ROW1(A0, Z0)
#define ROWS1x2 ROWS1x1; ROW1(A1, Z3)
#define ROWS1x3 ROWS1x2; ROW1(A2, Z6)
#define ROWS1x4 ROWS1x3; ROW1(A3, Z9)
#define ROWS1x5 ROWS1x4; ROW1(A4, Z12)
#define ROWS1x6 ROWS1x5; ROW1(A5, Z15)
#define ROWS1x7 ROWS1x6; ROW1(A6, Z18)
#define ROWS1x8 ROWS1x7; ROW1(A7, Z21)
#define ROWS2x1 ROW2(A0, Z0, Z1)
#define ROWS2x2 ROWS2x1; ROW2(A1, Z3, Z4)
#define ROWS2x3 ROWS2x2; ROW2(A2, Z6, Z7)
#define ROWS2x4 ROWS2x3; ROW2(A3, Z9, Z10)
#define ROWS2x5 ROWS2x4; ROW2(A4, Z12, Z13)
#define ROWS2x6 ROWS2x5; ROW2(A5, Z15, Z16)
#define ROWS2x7 ROWS2x6; ROW2(A6, Z18, Z19)
#define ROWS2x8 ROWS2x7; ROW2(A7, Z21, Z22)
#define ROWS2Hx1 ROW2H(A0, Z0, Y1)
#define ROWS2Hx2 ROWS2Hx1; ROW2H(A1, Z3, Y4)
#define ROWS2Hx3 ROWS2Hx2; ROW2H(A2, Z6, Y7)
#define ROWS2Hx4 ROWS2Hx3; ROW2H(A3, Z9, Y10)
#define ROWS2Hx5 ROWS2Hx4; ROW2H(A4, Z12, Y13)
#define ROWS2Hx6 ROWS2Hx5; ROW2H(A5, Z15, Y16)
#define ROWS2Hx7 ROWS2Hx6; ROW2H(A6, Z18, Y19)
#define ROWS2Hx8 ROWS2Hx7; ROW2H(A7, Z21, Y22)
#define ROWS3x1 ROW3(A0, Z0, Z1, Z2)
#define ROWS3x2 ROWS3x1; ROW3(A1, Z3, Z4, Z5)
#define ROWS3x3 ROWS3x2; ROW3(A2, Z6, Z7, Z8)
#define ROWS3x4 ROWS3x3; ROW3(A3, Z9, Z10, Z11)
#define ROWS3x5 ROWS3x4; ROW3(A4, Z12, Z13, Z14)
#define ROWS3x6 ROWS3x5; ROW3(A5, Z15, Z16, Z17)
#define ROWS3x7 ROWS3x6; ROW3(A6, Z18, Z19, Z20)
#define ROWS3x8 ROWS3x7; ROW3(A7, Z21, Z22, Z23)

// A step along k.
#define STEP ADDQ R9, AX; ADDQ R10, BX; DECQ CX

// C is set to α times a row of sums, or that is added to it: a whole row of a
// tile, or one with the masks.
#define SET(c0, c1, c2) \
	VMULPD  c0, Z31, c0; \
	VMOVUPD c0, (DI); \
	VMULPD  c1, Z31, c1; \
	VMOVUPD c1, 64(DI); \
	VMULPD  c2, Z31, c2; \
	VMOVUPD c2, 128(DI); \
	ADDQ    SI, DI

#define ADD(c0, c1, c2) \
	VFMADD213PD (DI), Z31, c0; \
	VMOVUPD     c0, (DI); \
	VFMADD213PD 64(DI), Z31, c1; \
	VMOVUPD     c1, 64(DI); \
	VFMADD213PD 128(DI), Z31, c2; \
	VMOVUPD     c2, 128(DI); \
	ADDQ        SI, DI

#define SETMASK(c0, c1, c2) \
	VMULPD  c0, Z31, c0; \
	VMOVUPD c0, K1, (DI); \
	VMULPD  c1, Z31, c1; \
	VMOVUPD c1, K2, 64(DI); \
	VMULPD  c2, Z31, c2; \
	VMOVUPD c2, K3, 128(DI); \
	ADDQ    SI, DI

#define ADDMASK(c0, c1, c2) \
	VMOVUPD.Z   (DI), K1, Z24; \
	VFMADD231PD c0, Z31, Z24; \
	VMOVUPD     Z24, K1, (DI); \
	VMOVUPD.Z   64(DI), K2, Z25; \
	VFMADD231PD c1, Z31, Z25; \
	VMOVUPD     Z25, K2, 64(DI); \
	VMOVUPD.Z   128(DI), K3, Z26; \
	VFMADD231PD c2, Z31, Z26; \
	VMOVUPD     Z26, K3, 128(DI); \
	ADDQ        SI, DI

// A row of sums begins as C, or goes back to it.
#define LOAD(c0, c1, c2) \
	VMOVUPD.Z (R15), K1, c0; \
	VMOVUPD.Z 64(R15), K2, c1; \
	VMOVUPD.Z 128(R15), K3, c2; \
	ADDQ      SI, R15

#define STORE(c0, c1, c2) \
	VMOVUPD c0, (DI); \
	VMOVUPD c1, 64(DI); \
	VMOVUPD c2, 128(DI); \
	ADDQ    SI, DI

// After a row: is there another?
#define NEXT DECQ DX; JZ next

// func tilesAVX512(c []float64, ldc int, a []float64, ars, acs, an int, b []float64, ldb, bn int, rows, cols, k int, alpha float64, add bool)
//
//	for j := 0; j < cols; j += 24 {
//		for i := 0; i < rows; i += 8 {
//			a, b := a[i/8*an:], b[j/24*bn:]
//			for r := range min(8, rows-i) {
//				for q := range min(24, cols-j) {
//					sum := 0.0
//					if first {
//						sum = c[(i+r)*ldc+j+q]
//					}
//					for p := range k {
//						sum = math.FMA(a[r*ars+p*acs], b[p*ldb+q], sum)
//					}
//					if add && !first {
//						c[(i+r)*ldc+j+q] = math.FMA(alpha, sum, c[(i+r)*ldc+j+q])
//					} else {
//						c[(i+r)*ldc+j+q] = alpha * sum
//					}
//				}
//			}
//		}
//	}
//
// where first means add && alpha == 1 && k < 64: then the sums begin as C, which saves the
// addition at the end. With more steps that would not count, and the C of the
// next tile would have to be fetched before its time.
//
// What belongs to a tile is on the stack: where its strip of A begins, how many
// rows of C are left from its first one on, and how many columns it has. Where the
// panel of C and that of B begin, and how many columns are left, is kept in
// the arguments.
TEXT ·tilesAVX512(SB), NOSPLIT, $32-153
	MOVQ         ldc+24(FP), SI
	SHLQ         $3, SI
	MOVQ         ars+56(FP), R8
	SHLQ         $3, R8
	LEAQ         (R8)(R8*2), R11
	LEAQ         (R8)(R8*4), R12
	LEAQ         (R11)(R8*4), R13
	MOVQ         acs+64(FP), R9
	SHLQ         $3, R9
	MOVQ         ldb+104(FP), R10
	SHLQ         $3, R10
	VBROADCASTSD alpha+144(FP), Z31

	// What becomes of the sums: 0, they replace C; 1, they are added to it; 2, first.
	MOVBQZX add+152(FP), DX
	MOVQ    DX, mode-32(SP)
	MOVQ    $0x3ff0000000000000, CX // 1.0
	CMPQ    CX, alpha+144(FP)
	JNE     panel
	CMPQ    k+136(FP), $64
	JGE     panel
	SHLQ    $1, mode-32(SP)

panel:
	MOVQ    c_base+0(FP), DI
	MOVQ    a_base+32(FP), AX
	MOVQ    AX, strip-8(SP)
	MOVQ    rows+120(FP), DX
	MOVQ    DX, left-16(SP)
	MOVQ    cols+128(FP), CX
	MOVQ    $24, R15
	CMPQ    CX, R15
	CMOVQGT R15, CX
	MOVQ    CX, width-24(SP)
	MOVQ    $1, R15
	SHLQ    CX, R15
	DECQ    R15
	KMOVW   R15, K1
	SHRQ    $8, R15
	KMOVW   R15, K2
	SHRQ    $8, R15
	KMOVW   R15, K3

tile:
	MOVQ    strip-8(SP), AX
	MOVQ    b_base+80(FP), BX
	MOVQ    left-16(SP), DX
	MOVQ    $8, R15
	CMPQ    DX, R15
	CMOVQGT R15, DX
	CMPQ    mode-32(SP), $2
	JEQ     load
	VPXORQ  Z0, Z0, Z0
	VPXORQ  Z1, Z1, Z1
	VPXORQ  Z2, Z2, Z2
	VPXORQ  Z3, Z3, Z3
	VPXORQ  Z4, Z4, Z4
	VPXORQ  Z5, Z5, Z5
	VPXORQ  Z6, Z6, Z6
	VPXORQ  Z7, Z7, Z7
	VPXORQ  Z8, Z8, Z8
	VPXORQ  Z9, Z9, Z9
	VPXORQ  Z10, Z10, Z10
	VPXORQ  Z11, Z11, Z11
	VPXORQ  Z12, Z12, Z12
	VPXORQ  Z13, Z13, Z13
	VPXORQ  Z14, Z14, Z14
	VPXORQ  Z15, Z15, Z15
	VPXORQ  Z16, Z16, Z16
	VPXORQ  Z17, Z17, Z17
	VPXORQ  Z18, Z18, Z18
	VPXORQ  Z19, Z19, Z19
	VPXORQ  Z20, Z20, Z20
	VPXORQ  Z21, Z21, Z21
	VPXORQ  Z22, Z22, Z22
	VPXORQ  Z23, Z23, Z23

begin:
	MOVQ k+136(FP), CX
	CMPQ width-24(SP), $24
	JNE  edge
	CMPQ DX, $8
	JNE  edge
	CMPQ CX, $64
	JLT  full

	// These lines of C are needed at the end: fetch them while the sums grow.
	MOVQ DI, R15

fetch:
	PREFETCHT0 (R15)
	PREFETCHT0 64(R15)
	PREFETCHT0 128(R15)
	PREFETCHT0 184(R15)
	ADDQ       SI, R15
	DECQ       DX
	JNZ        fetch

	// The first strip fetches the next panel of B on its way: the others find it near.
	MOVQ bn+112(FP), R14
	SHLQ $3, R14
	MOVQ left-16(SP), R15
	CMPQ R15, rows+120(FP)
	JNE  full

ahead:
	PREFETCHT1 (BX)(R14*1)
	PREFETCHT1 64(BX)(R14*1)
	PREFETCHT1 128(BX)(R14*1)
	VMOVUPD    (BX), Z24
	VMOVUPD    64(BX), Z25
	VMOVUPD    128(BX), Z26
	ROWS3x8
	STEP
	JNZ        ahead
	JMP        grown

full:
	VMOVUPD (BX), Z24
	VMOVUPD 64(BX), Z25
	VMOVUPD 128(BX), Z26
	ROWS3x8
	STEP
	JNZ     full

grown:
	CMPQ mode-32(SP), $1
	JEQ  fulladd
	JGT  fullstore
	SET(Z0, Z1, Z2)
	SET(Z3, Z4, Z5)
	SET(Z6, Z7, Z8)
	SET(Z9, Z10, Z11)
	SET(Z12, Z13, Z14)
	SET(Z15, Z16, Z17)
	SET(Z18, Z19, Z20)
	SET(Z21, Z22, Z23)
	JMP  next

fulladd:
	ADD(Z0, Z1, Z2)
	ADD(Z3, Z4, Z5)
	ADD(Z6, Z7, Z8)
	ADD(Z9, Z10, Z11)
	ADD(Z12, Z13, Z14)
	ADD(Z15, Z16, Z17)
	ADD(Z18, Z19, Z20)
	ADD(Z21, Z22, Z23)
	JMP next

fullstore:
	STORE(Z0, Z1, Z2)
	STORE(Z3, Z4, Z5)
	STORE(Z6, Z7, Z8)
	STORE(Z9, Z10, Z11)
	STORE(Z12, Z13, Z14)
	STORE(Z15, Z16, Z17)
	STORE(Z18, Z19, Z20)
	STORE(Z21, Z22, Z23)
	JMP next

load:
	MOVQ DI, R15
	MOVQ DX, CX
	LOAD(Z0, Z1, Z2)
	DECQ CX
	JZ begin
	LOAD(Z3, Z4, Z5)
	DECQ CX
	JZ begin
	LOAD(Z6, Z7, Z8)
	DECQ CX
	JZ begin
	LOAD(Z9, Z10, Z11)
	DECQ CX
	JZ begin
	LOAD(Z12, Z13, Z14)
	DECQ CX
	JZ begin
	LOAD(Z15, Z16, Z17)
	DECQ CX
	JZ begin
	LOAD(Z18, Z19, Z20)
	DECQ CX
	JZ begin
	LOAD(Z21, Z22, Z23)
	JMP begin

edge:
	MOVQ width-24(SP), R15
	CMPQ R15, $16
	JGT  wide3
	CMPQ R15, $12
	JGT  wide2
	CMPQ R15, $8
	JGT  wide2h

	CMPQ DX, $8
	JEQ  tile1x8
	CMPQ DX, $7
	JEQ  tile1x7
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

tile1x7:
	LOAD1
	ROWS1x7
	STEP
	JNZ tile1x7
	JMP store

tile1x8:
	LOAD1
	ROWS1x8
	STEP
	JNZ tile1x8
	JMP store

wide2:
	CMPQ DX, $8
	JEQ  tile2x8
	CMPQ DX, $7
	JEQ  tile2x7
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

tile2x7:
	LOAD2
	ROWS2x7
	STEP
	JNZ tile2x7
	JMP store

tile2x8:
	LOAD2
	ROWS2x8
	STEP
	JNZ tile2x8
	JMP store

wide2h:
	CMPQ DX, $8
	JEQ  tile2hx8
	CMPQ DX, $7
	JEQ  tile2hx7
	CMPQ DX, $6
	JEQ  tile2hx6
	CMPQ DX, $5
	JEQ  tile2hx5
	CMPQ DX, $4
	JEQ  tile2hx4
	CMPQ DX, $3
	JEQ  tile2hx3
	CMPQ DX, $2
	JEQ  tile2hx2

tile2hx1:
	LOAD2H
	ROWS2Hx1
	STEP
	JNZ tile2hx1
	JMP store

tile2hx2:
	LOAD2H
	ROWS2Hx2
	STEP
	JNZ tile2hx2
	JMP store

tile2hx3:
	LOAD2H
	ROWS2Hx3
	STEP
	JNZ tile2hx3
	JMP store

tile2hx4:
	LOAD2H
	ROWS2Hx4
	STEP
	JNZ tile2hx4
	JMP store

tile2hx5:
	LOAD2H
	ROWS2Hx5
	STEP
	JNZ tile2hx5
	JMP store

tile2hx6:
	LOAD2H
	ROWS2Hx6
	STEP
	JNZ tile2hx6
	JMP store

tile2hx7:
	LOAD2H
	ROWS2Hx7
	STEP
	JNZ tile2hx7
	JMP store

tile2hx8:
	LOAD2H
	ROWS2Hx8
	STEP
	JNZ tile2hx8
	JMP store

wide3:
	CMPQ DX, $8
	JEQ  tile3x8
	CMPQ DX, $7
	JEQ  tile3x7
	CMPQ DX, $6
	JEQ  tile3x6
	CMPQ DX, $5
	JEQ  tile3x5
	CMPQ DX, $4
	JEQ  tile3x4
	CMPQ DX, $3
	JEQ  tile3x3
	CMPQ DX, $2
	JEQ  tile3x2

tile3x1:
	LOAD3
	ROWS3x1
	STEP
	JNZ tile3x1
	JMP store

tile3x2:
	LOAD3
	ROWS3x2
	STEP
	JNZ tile3x2
	JMP store

tile3x3:
	LOAD3
	ROWS3x3
	STEP
	JNZ tile3x3
	JMP store

tile3x4:
	LOAD3
	ROWS3x4
	STEP
	JNZ tile3x4
	JMP store

tile3x5:
	LOAD3
	ROWS3x5
	STEP
	JNZ tile3x5
	JMP store

tile3x6:
	LOAD3
	ROWS3x6
	STEP
	JNZ tile3x6
	JMP store

tile3x7:
	LOAD3
	ROWS3x7
	STEP
	JNZ tile3x7
	JMP store

tile3x8:
	LOAD3
	ROWS3x8
	STEP
	JNZ tile3x8

store:
	CMPQ mode-32(SP), $1
	JEQ  more
	SETMASK(Z0, Z1, Z2)
	NEXT
	SETMASK(Z3, Z4, Z5)
	NEXT
	SETMASK(Z6, Z7, Z8)
	NEXT
	SETMASK(Z9, Z10, Z11)
	NEXT
	SETMASK(Z12, Z13, Z14)
	NEXT
	SETMASK(Z15, Z16, Z17)
	NEXT
	SETMASK(Z18, Z19, Z20)
	NEXT
	SETMASK(Z21, Z22, Z23)
	JMP  next

more:
	ADDMASK(Z0, Z1, Z2)
	NEXT
	ADDMASK(Z3, Z4, Z5)
	NEXT
	ADDMASK(Z6, Z7, Z8)
	NEXT
	ADDMASK(Z9, Z10, Z11)
	NEXT
	ADDMASK(Z12, Z13, Z14)
	NEXT
	ADDMASK(Z15, Z16, Z17)
	NEXT
	ADDMASK(Z18, Z19, Z20)
	NEXT
	ADDMASK(Z21, Z22, Z23)

next:
	MOVQ an+72(FP), R15
	SHLQ $3, R15
	ADDQ R15, strip-8(SP)
	SUBQ $8, left-16(SP)
	JGT  tile

	MOVQ bn+112(FP), R15
	SHLQ $3, R15
	ADDQ R15, b_base+80(FP)
	ADDQ $192, c_base+0(FP)
	SUBQ $24, cols+128(FP)
	JGT  panel
	VZEROUPPER
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

// One column of the 5×5 dot tile: a vector of B with the five of A in Z25 … Z29.
#define COLUMN(c0, c1, c2, c3, c4) \
	VFMADD231PD Z30, Z25, c0; \
	VFMADD231PD Z30, Z26, c1; \
	VFMADD231PD Z30, Z27, c2; \
	VFMADD231PD Z30, Z28, c3; \
	VFMADD231PD Z30, Z29, c4

// func dotAVX512(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)
//
//	for i := range 5 {
//		for j := range 5 {
//			var s [8]float64
//			for p := range k {
//				s[p%8] = math.FMA(a[i*lda+p], b[j*ldb+p], s[p%8])
//			}
//			sum := (s[0] + s[1] + (s[2] + s[3])) + (s[4] + s[5] + (s[6] + s[7]))
//			if add {
//				c[i*crs+j*ccs] = math.FMA(alpha, sum, c[i*crs+j*ccs])
//			} else {
//				c[i*crs+j*ccs] = alpha * sum
//			}
//		}
//	}
TEXT ·dotAVX512(SB), NOSPLIT, $256-121
	MOVQ a_base+40(FP), AX
	MOVQ lda+64(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R11
	MOVQ b_base+72(FP), BX
	MOVQ ldb+96(FP), R10
	SHLQ $3, R10
	LEAQ (R10)(R10*2), R12

	MOVQ  k+104(FP), CX
	ANDQ  $7, CX
	MOVQ  $1, DX
	SHLQ  CX, DX
	DECQ  DX
	KMOVW DX, K1
	MOVQ  k+104(FP), CX
	SHRQ  $3, CX

	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7
	VPXORQ Z8, Z8, Z8
	VPXORQ Z9, Z9, Z9
	VPXORQ Z10, Z10, Z10
	VPXORQ Z11, Z11, Z11
	VPXORQ Z12, Z12, Z12
	VPXORQ Z13, Z13, Z13
	VPXORQ Z14, Z14, Z14
	VPXORQ Z15, Z15, Z15
	VPXORQ Z16, Z16, Z16
	VPXORQ Z17, Z17, Z17
	VPXORQ Z18, Z18, Z18
	VPXORQ Z19, Z19, Z19
	VPXORQ Z20, Z20, Z20
	VPXORQ Z21, Z21, Z21
	VPXORQ Z22, Z22, Z22
	VPXORQ Z23, Z23, Z23
	VPXORQ Z24, Z24, Z24

	TESTQ CX, CX
	JZ    tail

loop:
	VMOVUPD (AX), Z25
	VMOVUPD (AX)(R8*1), Z26
	VMOVUPD (AX)(R8*2), Z27
	VMOVUPD (AX)(R11*1), Z28
	VMOVUPD (AX)(R8*4), Z29
	VMOVUPD (BX), Z30
	COLUMN(Z0, Z5, Z10, Z15, Z20)
	VMOVUPD (BX)(R10*1), Z30
	COLUMN(Z1, Z6, Z11, Z16, Z21)
	VMOVUPD (BX)(R10*2), Z30
	COLUMN(Z2, Z7, Z12, Z17, Z22)
	VMOVUPD (BX)(R12*1), Z30
	COLUMN(Z3, Z8, Z13, Z18, Z23)
	VMOVUPD (BX)(R10*4), Z30
	COLUMN(Z4, Z9, Z14, Z19, Z24)
	ADDQ    $64, AX
	ADDQ    $64, BX
	DECQ    CX
	JNZ     loop

tail:
	TESTQ DX, DX
	JZ    sum
	VMOVUPD.Z (AX), K1, Z25
	VMOVUPD.Z (AX)(R8*1), K1, Z26
	VMOVUPD.Z (AX)(R8*2), K1, Z27
	VMOVUPD.Z (AX)(R11*1), K1, Z28
	VMOVUPD.Z (AX)(R8*4), K1, Z29
	VMOVUPD.Z (BX), K1, Z30
	COLUMN(Z0, Z5, Z10, Z15, Z20)
	VMOVUPD.Z (BX)(R10*1), K1, Z30
	COLUMN(Z1, Z6, Z11, Z16, Z21)
	VMOVUPD.Z (BX)(R10*2), K1, Z30
	COLUMN(Z2, Z7, Z12, Z17, Z22)
	VMOVUPD.Z (BX)(R12*1), K1, Z30
	COLUMN(Z3, Z8, Z13, Z18, Z23)
	VMOVUPD.Z (BX)(R10*4), K1, Z30
	COLUMN(Z4, Z9, Z14, Z19, Z24)

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
	VMOVUPD Z0, sums-256(SP)
	VMOVUPD Z8, sums-192(SP)
	VMOVUPD Z16, sums-128(SP)
	VMOVUPD Z24, sums-64(SP)

	MOVQ  c_base+0(FP), DI
	MOVQ  crs+24(FP), SI
	SHLQ  $3, SI
	MOVQ  ccs+32(FP), R9
	SHLQ  $3, R9
	LEAQ  (R9)(R9*2), R11
	LEAQ  sums-256(SP), BX
	MOVQ  $5, CX
	VMOVSD alpha+112(FP), X31
	CMPB  add+120(FP), $0
	JNE   more

set:
	VMULSD 0(BX), X31, X0
	VMOVSD X0, (DI)
	VMULSD 8(BX), X31, X1
	VMOVSD X1, (DI)(R9*1)
	VMULSD 16(BX), X31, X2
	VMOVSD X2, (DI)(R9*2)
	VMULSD 24(BX), X31, X3
	VMOVSD X3, (DI)(R11*1)
	VMULSD 32(BX), X31, X4
	VMOVSD X4, (DI)(R9*4)
	ADDQ   $40, BX
	ADDQ   SI, DI
	DECQ   CX
	JNZ    set
	VZEROUPPER
	RET

more:
	VMOVSD (DI), X0
	VFMADD231SD 0(BX), X31, X0
	VMOVSD X0, (DI)
	VMOVSD (DI)(R9*1), X1
	VFMADD231SD 8(BX), X31, X1
	VMOVSD X1, (DI)(R9*1)
	VMOVSD (DI)(R9*2), X2
	VFMADD231SD 16(BX), X31, X2
	VMOVSD X2, (DI)(R9*2)
	VMOVSD (DI)(R11*1), X3
	VFMADD231SD 24(BX), X31, X3
	VMOVSD X3, (DI)(R11*1)
	VMOVSD (DI)(R9*4), X4
	VFMADD231SD 32(BX), X31, X4
	VMOVSD X4, (DI)(R9*4)
	ADDQ   $40, BX
	ADDQ   SI, DI
	DECQ   CX
	JNZ    more
	VZEROUPPER
	RET

// The first 1, 2, … 8 rows of A with the vector of B in Z8.
#define DOT1 VFMADD231PD A0, Z8, Z0
#define DOT2 DOT1; VFMADD231PD A1, Z8, Z1
#define DOT3 DOT2; VFMADD231PD A2, Z8, Z2
#define DOT4 DOT3; VFMADD231PD A3, Z8, Z3
#define DOT5 DOT4; VFMADD231PD A4, Z8, Z4
#define DOT6 DOT5; VFMADD231PD A5, Z8, Z5
#define DOT7 DOT6; VFMADD231PD A6, Z8, Z6
#define DOT8 DOT7; VFMADD231PD A7, Z8, Z7

// func dotvAVX512(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
//
//	for i := range rows { // ≤ 8
//		as in dotAVX512, with c[i*crs], a[i*lda+p] and b[p]
//	}
TEXT ·dotvAVX512(SB), NOSPLIT, $0-113
	MOVQ a_base+32(FP), AX
	MOVQ lda+56(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R11
	LEAQ (R8)(R8*4), R12
	LEAQ (R11)(R8*4), R13
	MOVQ b_base+64(FP), BX
	MOVQ rows+88(FP), R9

	MOVQ  k+96(FP), CX
	ANDQ  $7, CX
	MOVQ  $1, DX
	SHLQ  CX, DX
	DECQ  DX
	KMOVW DX, K1
	MOVQ  k+96(FP), CX
	SHRQ  $3, CX

	VPXORQ Z0, Z0, Z0
	VPXORQ Z1, Z1, Z1
	VPXORQ Z2, Z2, Z2
	VPXORQ Z3, Z3, Z3
	VPXORQ Z4, Z4, Z4
	VPXORQ Z5, Z5, Z5
	VPXORQ Z6, Z6, Z6
	VPXORQ Z7, Z7, Z7

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
	VMOVUPD (BX), Z8
	DOT1
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows1
	JMP tail

rows2:
	VMOVUPD (BX), Z8
	DOT2
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows2
	JMP tail

rows3:
	VMOVUPD (BX), Z8
	DOT3
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows3
	JMP tail

rows4:
	VMOVUPD (BX), Z8
	DOT4
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows4
	JMP tail

rows5:
	VMOVUPD (BX), Z8
	DOT5
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows5
	JMP tail

rows6:
	VMOVUPD (BX), Z8
	DOT6
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows6
	JMP tail

rows7:
	VMOVUPD (BX), Z8
	DOT7
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows7
	JMP tail

rows8:
	VMOVUPD (BX), Z8
	DOT8
	ADDQ $64, AX
	ADDQ $64, BX
	DECQ CX
	JNZ rows8

tail:
	TESTQ DX, DX
	JZ    sum
	VMOVUPD.Z (BX), K1, Z8
	MOVQ R9, CX
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z0
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z1
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z2
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z3
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z4
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z5
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z6
	ADDQ R8, AX
	DECQ CX
	JZ sum
	VMOVUPD.Z (AX), K1, Z9
	VFMADD231PD Z9, Z8, Z7

sum:
	REDUCE(Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7)

	MOVQ c_base+0(FP), DI
	MOVQ crs+24(FP), SI
	VBROADCASTSD alpha+104(FP), Z31
	CMPQ SI, $1
	JNE  scatter

	// C is contiguous: one vector, with a mask for the rows that are there.
	MOVQ R9, CX
	MOVQ $1, DX
	SHLQ CX, DX
	DECQ DX
	KMOVW DX, K1
	CMPB  add+112(FP), $0
	JNE   more
	VMULPD Z0, Z31, Z0
	VMOVUPD Z0, K1, (DI)
	VZEROUPPER
	RET

more:
	VMOVUPD.Z (DI), K1, Z1
	VFMADD231PD Z0, Z31, Z1
	VMOVUPD Z1, K1, (DI)
	VZEROUPPER
	RET

scatter:
	SHLQ $3, SI
	CMPB  add+112(FP), $0
	JNE   scatteradd

scatterset:
	VMULSD X0, X31, X1
	VMOVSD X1, (DI)
	VALIGNQ $1, Z0, Z0, Z0
	ADDQ SI, DI
	DECQ R9
	JNZ scatterset
	VZEROUPPER
	RET

scatteradd:
	VMOVSD (DI), X1
	VFMADD231SD X0, X31, X1
	VMOVSD X1, (DI)
	VALIGNQ $1, Z0, Z0, Z0
	ADDQ SI, DI
	DECQ R9
	JNZ scatteradd
	VZEROUPPER
	RET
