//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// A vector register holds two float64. Go's assembler has no vector addition or
// multiplication of them, only VFMLA, which adds a product. So x·y alone is added to
// −0, the one number that changes no other when it is added, not even 0; and a sum
// is a product with 1.
//
// All three kernels keep α in V30, −0 in V31, and β in V29 and R20. They read what
// they need from the block at R21; see kernel.go.

GLOBL zeros<>(SB), RODATA, $64

#define STRIDE(field, r) MOVD field(R21), r; LSL $3, r

// Loads what the kernels share, and jumps to done if there is nothing to compute.
#define BEGIN(done) \
	MOVD t+0(FP), R21; \
	MOVD block_rows(R21), R13; CMP $1, R13; BLT done; \
	MOVD block_cols(R21), R10; CMP $1, R10; BLT done; \
	MOVD block_k(R21), R9; CMP $1, R9; BLT done; \
	MOVD block_beta(R21), R20; VDUP R20, V29.D2; LSL $1, R20; \
	MOVD block_alpha(R21), R26; VDUP R26, V30.D2; \
	MOVD $(1<<63), R26; VDUP R26, V31.D2; \
	MOVD block_c(R21), R22; STRIDE(block_ldc, R12); \
	MOVD block_a(R21), R16; STRIDE(block_ars, R17); \
	MOVD block_b(R21), R19; STRIDE(block_ldb, R8)

// R0 … R3 or R7 point to the rows of A from R16 on. Those beyond the last are never read.
#define ROWS4 MOVD R16, R0; ADD R17, R0, R1; ADD R17, R1, R2; ADD R17, R2, R3
#define ROWS8 ROWS4; ADD R17, R3, R4; ADD R17, R4, R5; ADD R17, R5, R6; ADD R17, R6, R7

// The first 8 of the sums are 0, or 16.
#define ZERO8 MOVD $zeros<>(SB), R26; VLD1 (R26), [V0.D2, V1.D2, V2.D2, V3.D2]; VLD1 (R26), [V4.D2, V5.D2, V6.D2, V7.D2]
#define ZERO16 ZERO8; VLD1 (R26), [V8.D2, V9.D2, V10.D2, V11.D2]; VLD1 (R26), [V12.D2, V13.D2, V14.D2, V15.D2]

// x and y, two elements of a vector each, become α·x and α·y in V24 and V25.
#define SCALE(x, y) VMOV V31.B16, V24.B16; VFMLA V30.D2, x, V24.D2; VMOV V31.B16, V25.B16; VFMLA V30.D2, y, V25.D2

// Element C of the result at addr is set to βC + α·f; without β it is not read.
#define PUT(skip, f, addr) \
	FMULD  F30, f; \
	CBZ    R20, skip; \
	FMOVD  addr, F25; \
	FMADDD F25, f, F29, f; \
skip: \
	FMOVD  f, addr

// A row of a tile of eight columns: the element of A at p, and on to the next one, times
// the row of B in V24 … V27.
#define ROW8(p, c0, c1, c2, c3) \
	VLD1R.P (p)(R6), [V28.D2]; \
	VFMLA   V28.D2, V24.D2, c0; \
	VFMLA   V28.D2, V25.D2, c1; \
	VFMLA   V28.D2, V26.D2, c2; \
	VFMLA   V28.D2, V27.D2, c3

#define WIDE1 ROW8(R0, V0.D2, V1.D2, V2.D2, V3.D2)
#define WIDE2 WIDE1; ROW8(R1, V4.D2, V5.D2, V6.D2, V7.D2)
#define WIDE4 WIDE2; ROW8(R2, V8.D2, V9.D2, V10.D2, V11.D2); ROW8(R3, V12.D2, V13.D2, V14.D2, V15.D2)
#define WIDE6 WIDE4; ROW8(R4, V16.D2, V17.D2, V18.D2, V19.D2); ROW8(R5, V20.D2, V21.D2, V22.D2, V23.D2)

// The same for two columns, or one.
#define ROW2(p, c) VLD1R.P (p)(R6), [V28.D2]; VFMLA V28.D2, V24.D2, c
#define THIN1 ROW2(R0, V0.D2)
#define THIN2 THIN1; ROW2(R1, V1.D2)
#define THIN4 THIN2; ROW2(R2, V2.D2); ROW2(R3, V3.D2)
#define THIN6 THIN4; ROW2(R4, V4.D2); ROW2(R5, V5.D2)

#define EIGHT VLD1 (R7), [V24.D2, V25.D2, V26.D2, V27.D2]
#define UPTO2(one) FMOVD (R7), F24; CMP $1, R10; BEQ one; VLD1 (R7), [V24.D2]; one:

// A walk along k, the main loop of a product: load a row of B, multiply it by an
// element of A for each row of the tile, and go on.
#define WALK(loop, load, multiply, store) \
loop: \
	load; \
	ADD  R8, R7; \
	multiply; \
	SUBS $1, R9; \
	BNE  loop; \
	B    store

// R15 is the largest of most, 4, 2 and 1 rows that there are.
#define CHOOSE(most, all, four, two) \
	MOVD $most, R15; CMP $most, R13; BGE all; \
	MOVD $4, R15; CMP $4, R13; BGE four; \
	MOVD $2, R15; CMP $2, R13; BGE two; \
	MOVD $1, R15

// A row of the tile goes to C at R14, and R14 to the next row, if there is one.
#define STORE8(skip, done, c0, c1, c2, c3) \
	SCALE(c0, c1); \
	VMOV  V31.B16, V26.B16; VFMLA V30.D2, c2, V26.D2; \
	VMOV  V31.B16, V27.B16; VFMLA V30.D2, c3, V27.D2; \
	CBZ   R20, skip; \
	VLD1  (R14), [c0, c1, c2, c3]; \
	VFMLA V29.D2, c0, V24.D2; \
	VFMLA V29.D2, c1, V25.D2; \
	VFMLA V29.D2, c2, V26.D2; \
	VFMLA V29.D2, c3, V27.D2; \
skip: \
	VST1  [V24.D2, V25.D2, V26.D2, V27.D2], (R14); \
	ADD   R12, R14; \
	SUBS  $1, R15; \
	BEQ   done

// func tilesNEON(t *block)
//
//	for i := range t.rows {
//		for j := range t.cols {
//			a, b, sum := t.a[i/6*t.an+i%6*t.ars:], t.b[j/8*t.bn+j%8:], 0.0
//			for p := range t.k {
//				sum = math.FMA(a[p*t.acs], b[p*t.ldb], sum)
//			}
//			t.c[i*t.ldc+j] = math.FMA(t.beta, t.c[i*t.ldc+j], t.alpha*sum) // α·sum alone if β is 0
//		}
//	}
//
// Six rows and eight columns at once; at the end 4, 2 or 1 row; 2 columns, or 1.
TEXT ·tilesNEON(SB), NOSPLIT, $96-8
	BEGIN(end)
	STRIDE(block_acs, R6)

panel:
	MOVD block_rows(R21), R13
	MOVD block_a(R21), R16
	MOVD R22, R11

strip:
	ROWS4
	ADD  R17, R3, R4
	ADD  R17, R4, R5
	MOVD R19, R7
	MOVD block_k(R21), R9
	MOVD R11, R14
	ZERO16
	CMP  $8, R10
	BLT  narrow
	VLD1 (R26), [V16.D2, V17.D2, V18.D2, V19.D2]
	VLD1 (R26), [V20.D2, V21.D2, V22.D2, V23.D2]
	CHOOSE(6, wide6, wide4, wide2)
	WALK(wide1, EIGHT, WIDE1, wide)
	WALK(wide2, EIGHT, WIDE2, wide)
	WALK(wide4, EIGHT, WIDE4, wide)
	WALK(wide6, EIGHT, WIDE6, wide)

wide:
	MOVD R15, R23
	STORE8(s0, next, V0.D2, V1.D2, V2.D2, V3.D2)
	STORE8(s1, next, V4.D2, V5.D2, V6.D2, V7.D2)
	STORE8(s2, next, V8.D2, V9.D2, V10.D2, V11.D2)
	STORE8(s3, next, V12.D2, V13.D2, V14.D2, V15.D2)
	STORE8(s4, next, V16.D2, V17.D2, V18.D2, V19.D2)
	STORE8(s5, next, V20.D2, V21.D2, V22.D2, V23.D2)

	// On to the next rows: the next strip, or the rest of the last one.
next:
	SUBS R23, R13
	BEQ  right
	MADD R12, R11, R23, R11
	CMP  $6, R23
	BNE  rest
	STRIDE(block_an, R26)
	ADD  R26, R16
	B    strip

rest:
	MADD R17, R16, R23, R16
	B    strip

	// And to the columns on the right of them.
right:
	CMP  $8, R10
	BLT  thinner
	STRIDE(block_bn, R26)
	ADD  R26, R19
	ADD  $64, R22
	SUBS $8, R10
	BNE  panel
	RET

thinner:
	ADD  $16, R19
	ADD  $16, R22
	SUBS $2, R10
	BGT  panel

end:
	RET

narrow:
	CHOOSE(6, thin6, thin4, thin2)
	WALK(thin1, UPTO2(single1), THIN1, thin)
	WALK(thin2, UPTO2(single2), THIN2, thin)
	WALK(thin4, UPTO2(single4), THIN4, thin)
	WALK(thin6, UPTO2(single6), THIN6, thin)

	// Few elements: the sums go to the stack, and from there to C one by one.
thin:
	MOVD R15, R23
	MOVD $sums-96(SP), R24
	VST1.P [V0.D2, V1.D2, V2.D2, V3.D2], 64(R24)
	VST1 [V4.D2, V5.D2], (R24)
	SUB  $64, R24

thinrow:
	FMOVD (R24), F24
	PUT(t0, F24, (R14))
	CMP   $1, R10
	BEQ   thinnext
	FMOVD 8(R24), F24
	PUT(t1, F24, 8(R14))

thinnext:
	ADD  $16, R24
	ADD  R12, R14
	SUBS $1, R15
	BNE  thinrow
	B    next

// Two elements of a row along k, and on; or the last one, if k is odd.
#define PAIR(p, v, f) VLD1.P 16(p), [v]
#define LAST(p, v, f) FMOVD (p), f

// A row of the dot tile: the vector of A at p times the four of B in V20 … V23.
#define DOTROW(LOAD, p, c0, c1, c2, c3) \
	LOAD(p, V16.D2, F16); \
	VFMLA V16.D2, V20.D2, c0; \
	VFMLA V16.D2, V21.D2, c1; \
	VFMLA V16.D2, V22.D2, c2; \
	VFMLA V16.D2, V23.D2, c3

// A step of the dot tile.
#define DOTSTEP(LOAD) \
	LOAD(R4, V20.D2, F20); \
	LOAD(R5, V21.D2, F21); \
	LOAD(R6, V22.D2, F22); \
	LOAD(R7, V23.D2, F23); \
	DOTROW(LOAD, R0, V0.D2, V1.D2, V2.D2, V3.D2); \
	DOTROW(LOAD, R1, V4.D2, V5.D2, V6.D2, V7.D2); \
	DOTROW(LOAD, R2, V8.D2, V9.D2, V10.D2, V11.D2); \
	DOTROW(LOAD, R3, V12.D2, V13.D2, V14.D2, V15.D2)

// The places of x and of y, added up, become the two places of s.
#define ONES FMOVD $1.0, F28; VDUP V28.D[0], V28.D2
#define REDUCE(x, y, s) VZIP1 y, x, s; VZIP2 y, x, V27.D2; VFMLA V28.D2, V27.D2, s

// Four sums of the dot tile go to a row of C.
#define DOTSTORE(skip, c0, c1, c2, c3) \
	REDUCE(c0, c1, V16.D2); \
	REDUCE(c2, c3, V17.D2); \
	SCALE(V16.D2, V17.D2); \
	CBZ   R20, skip; \
	VLD1  (R22), [V16.D2, V17.D2]; \
	VFMLA V29.D2, V16.D2, V24.D2; \
	VFMLA V29.D2, V17.D2, V25.D2; \
skip: \
	VST1  [V24.D2, V25.D2], (R22); \
	ADD   R12, R22

// func dotNEON(t *block)
//
//	for i := range 4 {
//		for j := range 4 {
//			var even, odd float64
//			for p := 0; p < t.k; p += 2 {
//				even = math.FMA(t.a[i*t.ars+p], t.b[j*t.ldb+p], even)
//				if p+1 < t.k {
//					odd = math.FMA(t.a[i*t.ars+p+1], t.b[j*t.ldb+p+1], odd)
//				}
//			}
//			t.c[i*t.ldc+j] = math.FMA(t.beta, t.c[i*t.ldc+j], t.alpha*(even+odd)) // α·(even+odd) alone if β is 0
//		}
//	}
TEXT ·dotNEON(SB), NOSPLIT, $0-8
	BEGIN(end)
	ROWS4
	MOVD  R19, R4
	ADD   R8, R4, R5
	ADD   R8, R5, R6
	ADD   R8, R6, R7
	ONES
	ZERO16
	SUBS  $2, R9
	BLT   odd

pairs:
	DOTSTEP(PAIR)
	SUBS $2, R9
	BGE  pairs

odd:
	TBZ $0, R9, store
	DOTSTEP(LAST)

store:
	DOTSTORE(s0, V0.D2, V1.D2, V2.D2, V3.D2)
	DOTSTORE(s1, V4.D2, V5.D2, V6.D2, V7.D2)
	DOTSTORE(s2, V8.D2, V9.D2, V10.D2, V11.D2)
	DOTSTORE(s3, V12.D2, V13.D2, V14.D2, V15.D2)

end:
	RET

// One row of A times the vector of B in V20.
#define DOTV(LOAD, p, c) LOAD(p, V16.D2, F16); VFMLA V16.D2, V20.D2, c
#define DOTV1(LOAD) LOAD(R19, V20.D2, F20); DOTV(LOAD, R0, V0.D2)
#define DOTV2(LOAD) DOTV1(LOAD); DOTV(LOAD, R1, V1.D2)
#define DOTV4(LOAD) DOTV2(LOAD); DOTV(LOAD, R2, V2.D2); DOTV(LOAD, R3, V3.D2)
#define DOTV8(LOAD) DOTV4(LOAD); DOTV(LOAD, R4, V4.D2); DOTV(LOAD, R5, V5.D2); DOTV(LOAD, R6, V6.D2); DOTV(LOAD, R7, V7.D2)

// The walk along k of so many rows.
#define DOTWALK(walk, pairs, last, STEP) \
walk: \
	SUBS $2, R9; \
	BLT  last; \
pairs: \
	STEP(PAIR); \
	SUBS $2, R9; \
	BGE  pairs; \
last: \
	TBZ  $0, R9, store; \
	STEP(LAST); \
	B    store

// func dotvNEON(t *block)
//
// The loop of dotNEON for up to eight rows, i < t.rows, and one column, j = 0.
TEXT ·dotvNEON(SB), NOSPLIT, $64-8
	BEGIN(end)
	ONES

rows:
	ROWS8
	MOVD block_b(R21), R19
	MOVD block_k(R21), R9
	ZERO8
	CHOOSE(8, walk8, walk4, walk2)
	DOTWALK(walk1, pairs1, last1, DOTV1)
	DOTWALK(walk2, pairs2, last2, DOTV2)
	DOTWALK(walk4, pairs4, last4, DOTV4)
	DOTWALK(walk8, pairs8, last8, DOTV8)

store:
	REDUCE(V0.D2, V1.D2, V16.D2)
	REDUCE(V2.D2, V3.D2, V17.D2)
	REDUCE(V4.D2, V5.D2, V18.D2)
	REDUCE(V6.D2, V7.D2, V19.D2)
	MOVD $sums-64(SP), R24
	VST1 [V16.D2, V17.D2, V18.D2, V19.D2], (R24)
	SUB  R15, R13

element:
	FMOVD.P 8(R24), F24
	PUT(s, F24, (R22))
	ADD  R12, R22
	ADD  R17, R16
	SUBS $1, R15
	BNE  element
	CBNZ R13, rows

end:
	RET
