//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// These kernels keep a piece of a run, or of a row, of y in registers while they go through its
// terms. The last register of a piece ends where the piece does, and has some elements of the
// one before once more: both get the same sums. That is faster than a mask.

#define LOAD(place, c) VMOVUPD place, c
#define STORE(place, c) VMOVUPD c, place
#define ADDY(place, c) VFMADD231PD place, Y15, c
#define ADDZ(place, c) VFMADD231PD place, Z15, c

// A piece in four registers, at DI in y or at DX in x.
#define FOURY(op, at) op((at), Y0); op((at)(R13*1), Y1); op((at)(R14*1), Y2); op((at)(R15*1), Y3)
#define FOURZ(op, at) op((at), Z0); op((at)(R13*1), Z1); op((at)(R14*1), Z2); op((at)(R15*1), Z3)

// A run of 97 to 104 elements in thirteen registers.
#define THIRTEEN(op, at) \
	op(0(at), Z0); \
	op(64(at), Z1); \
	op(128(at), Z2); \
	op(192(at), Z3); \
	op(256(at), Z4); \
	op(320(at), Z5); \
	op(384(at), Z6); \
	op(448(at), Z7); \
	op(512(at), Z8); \
	op(576(at), Z9); \
	op(640(at), Z10); \
	op(704(at), Z11); \
	op((at)(R15*1), Z12)

// A piece of one to four vectors of so many elements, of the CX elements that are left, such
// that no fewer than a vector are left after it, or none: R13, R14, R15 are where its
// registers 1 to 3 are, in bytes.
#define PIECE(vector) \
	MOVQ    $(3*vector), R15; \
	MOVQ    $(4*vector), DX; \
	CMPQ    CX, $(5*vector); \
	CMOVQLT R15, DX; \
	CMPQ    CX, $(4*vector); \
	CMOVQLE CX, DX; \
	SUBQ    DX, CX; \
	LEAQ    (-8*vector)(DX*8), R15; \
	MOVQ    $(8*vector), R13; \
	CMPQ    R15, R13; \
	CMOVQLT R15, R13; \
	MOVQ    $(16*vector), R14; \
	CMPQ    R15, R14; \
	CMOVQLT R15, R14

// The beginning of runsAVX2 and runsAVX512. R8 is at To, R9 at Start, R12 how many runs are
// left; R10 and R11 are From and Alpha; AX is the term and BX their end, CX what is left of the
// run, DI and SI where the piece begins in the run of y and in any run of x.
#define RUNS \
	MOVQ r+0(FP), R14; \
	MOVQ first+8(FP), AX; \
	MOVQ end+16(FP), R12; \
	SUBQ AX, R12; \
	MOVQ Runs_To(R14), R8; \
	LEAQ (R8)(AX*8), R8; \
	MOVQ Runs_Start(R14), R9; \
	LEAQ (R9)(AX*8), R9; \
	MOVQ Runs_From(R14), R10; \
	MOVQ Runs_Alpha(R14), R11; \
run: \
	MOVQ (R8), DI; \
	SHLQ $3, DI; \
	ADDQ y+24(FP), DI; \
	MOVQ x+32(FP), SI; \
	MOVQ n+40(FP), CX; \
piece: \
	MOVQ (R9), AX; \
	MOVQ 8(R9), BX; \
	CMPQ AX, BX; \
	JGE  done

// The terms of a piece, each with its multiple in the register alpha and its run of x at DX.
#define TERMS(loop, alpha, add) \
loop: \
	MOVQ         (R10)(AX*8), DX; \
	VBROADCASTSD (R11)(AX*8), alpha; \
	LEAQ         (SI)(DX*8), DX; \
	add; \
	INCQ AX; \
	CMPQ AX, BX; \
	JLT  loop

// And their end.
#define RUNSBYFOUR(vector, alpha, load, add, store) \
	PIECE(vector); \
	load; \
	TERMS(four, alpha, add); \
	store; \
	LEAQ  (8*vector)(DI)(R15*1), DI; \
	LEAQ  (8*vector)(SI)(R15*1), SI; \
	TESTQ CX, CX; \
	JNZ   piece; \
done: \
	ADDQ $8, R8; \
	ADDQ $8, R9; \
	DECQ R12; \
	JNZ  run; \
	VZEROUPPER; \
	RET

// rowsAVX2 and rowsAVX512. DI is at the piece of a row of y, SI where it begins in x, R8 and R9
// at the alpha and the at of a term, R10 and R11 are the length of a stride and of a row, R12
// is where the row's first alpha is; all in bytes.
#define ROWS(vector, multiple, load, add, store) \
	MOVQ stride+48(FP), R10; \
	SHLQ $3, R10; \
	MOVQ n+56(FP), CX; \
	MOVQ CX, R11; \
	SHLQ $3, R11; \
	MOVQ x+8(FP), SI; \
piece: \
	PIECE(vector); \
	MOVQ y+0(FP), DI; \
	XORQ R12, R12; \
	MOVQ rows+32(FP), BX; \
row: \
	MOVQ alpha+16(FP), R8; \
	ADDQ R12, R8; \
	MOVQ at+24(FP), R9; \
	ADDQ R12, R9; \
	MOVQ terms+40(FP), AX; \
	load; \
term: \
	MOVQ         (R9), DX; \
	VBROADCASTSD (R8), multiple; \
	IMULQ        R11, DX; \
	ADDQ         SI, DX; \
	add; \
	ADDQ R10, R8; \
	ADDQ R10, R9; \
	DECQ AX; \
	JNZ  term; \
	store; \
	ADDQ  R11, DI; \
	ADDQ  $8, R12; \
	DECQ  BX; \
	JNZ   row; \
	LEAQ  (8*vector)(SI)(R15*1), SI; \
	ADDQ  $(8*vector), R15; \
	ADDQ  R15, y+0(FP); \
	TESTQ CX, CX; \
	JNZ   piece; \
	VZEROUPPER; \
	RET

// func runsAVX2(r *Runs, first, end int, y, x *float64, n int)
//
// As runsGo, for one run or more of n ≥ 4 elements.
TEXT ·runsAVX2(SB), NOSPLIT, $0-48
	RUNS
	RUNSBYFOUR(4, Y15, FOURY(LOAD, DI), FOURY(ADDY, DX), FOURY(STORE, DI))

// func runsAVX512(r *Runs, first, end int, y, x *float64, n int)
//
// As runsGo, for one run or more of n ≥ 8 elements.
TEXT ·runsAVX512(SB), NOSPLIT, $0-48
	RUNS
	CMPQ CX, $96
	JLE  narrow
	CMPQ CX, $104
	JG   narrow
	LEAQ -64(CX*8), R15
	THIRTEEN(LOAD, DI)
	TERMS(wide, Z15, THIRTEEN(ADDZ, DX))
	THIRTEEN(STORE, DI)
	JMP done

narrow:
	RUNSBYFOUR(8, Z15, FOURZ(LOAD, DI), FOURZ(ADDZ, DX), FOURZ(STORE, DI))

// func rowsAVX2(y, x, alpha *float64, at *int, rows, terms, stride, n int)
//
// As rowsGo, for one row of y or more, of n ≥ 4 elements.
TEXT ·rowsAVX2(SB), NOSPLIT, $0-64
	ROWS(4, Y15, FOURY(LOAD, DI), FOURY(ADDY, DX), FOURY(STORE, DI))

// func rowsAVX512(y, x, alpha *float64, at *int, rows, terms, stride, n int)
//
// As rowsGo, for one row of y or more, of n ≥ 8 elements.
TEXT ·rowsAVX512(SB), NOSPLIT, $0-64
	ROWS(8, Z15, FOURZ(LOAD, DI), FOURZ(ADDZ, DX), FOURZ(STORE, DI))
