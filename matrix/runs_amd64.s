//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// These kernels keep a piece of a run, or of a row, of y in registers while they go through its
// terms. The last register of a piece ends where the piece does, and has some elements of the
// one before once more: both get the same sums. That is faster than a mask.

// A term: its multiple is in Z15, and DX is where the piece begins in x.
#define LOADFOUR \
	VMOVUPD (DI), Z0; \
	VMOVUPD (DI)(R13*1), Z1; \
	VMOVUPD (DI)(R14*1), Z2; \
	VMOVUPD (DI)(R15*1), Z3

#define ADDFOUR \
	VFMADD231PD (DX), Z15, Z0; \
	VFMADD231PD (DX)(R13*1), Z15, Z1; \
	VFMADD231PD (DX)(R14*1), Z15, Z2; \
	VFMADD231PD (DX)(R15*1), Z15, Z3

#define STOREFOUR \
	VMOVUPD Z0, (DI); \
	VMOVUPD Z1, (DI)(R13*1); \
	VMOVUPD Z2, (DI)(R14*1); \
	VMOVUPD Z3, (DI)(R15*1)

// A piece of 8 to 32 of the CX ≥ 8 elements that are left, such that no fewer than 8 are left
// after it, or none: R13, R14, R15 are where its registers 1 to 3 are, in bytes.
#define PIECE \
	MOVQ    $24, R15; \
	MOVQ    $32, DX; \
	CMPQ    CX, $40; \
	CMOVQLT R15, DX; \
	CMPQ    CX, $32; \
	CMOVQLE CX, DX; \
	SUBQ    DX, CX; \
	LEAQ    -64(DX*8), R15; \
	MOVQ    $64, R13; \
	CMPQ    R15, R13; \
	CMOVQLT R15, R13; \
	MOVQ    $128, R14; \
	CMPQ    R15, R14; \
	CMOVQLT R15, R14

// A run in thirteen registers.
#define THIRTEEN(op, at, last) \
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
	op(last, Z12)

#define LOAD(place, z) VMOVUPD place, z
#define ADD(place, z) VFMADD231PD place, Z15, z
#define STORE(place, z) VMOVUPD z, place

// func runsAVX512(r *Runs, first, end int, y, x *float64, n int)
//
// As runsGo, for one run or more of n ≥ 8 elements. R8 is at To, R9 at Start, R12 how many
// runs are left; R10 and R11 are From and Alpha; AX is the term and BX their end, CX what is
// left of the run, DI and SI where the piece begins in the run of y and in any run of x.
TEXT ·runsAVX512(SB), NOSPLIT, $0-48
	MOVQ r+0(FP), R14
	MOVQ first+8(FP), AX
	MOVQ end+16(FP), R12
	SUBQ AX, R12
	MOVQ Runs_To(R14), R8
	LEAQ (R8)(AX*8), R8
	MOVQ Runs_Start(R14), R9
	LEAQ (R9)(AX*8), R9
	MOVQ Runs_From(R14), R10
	MOVQ Runs_Alpha(R14), R11

run:
	MOVQ (R8), DI
	SHLQ $3, DI
	ADDQ y+24(FP), DI
	MOVQ x+32(FP), SI
	MOVQ n+40(FP), CX

piece:
	MOVQ (R9), AX
	MOVQ 8(R9), BX
	CMPQ AX, BX
	JGE  done
	CMPQ CX, $96
	JLE  narrow
	CMPQ CX, $104
	JG   narrow
	LEAQ -64(CX*8), R15
	THIRTEEN(LOAD, DI, (DI)(R15*1))

wide:
	MOVQ         (R10)(AX*8), DX
	VBROADCASTSD (R11)(AX*8), Z15
	LEAQ         (SI)(DX*8), DX
	THIRTEEN(ADD, DX, (DX)(R15*1))
	INCQ AX
	CMPQ AX, BX
	JLT  wide
	THIRTEEN(STORE, DI, (DI)(R15*1))
	JMP  done

narrow:
	PIECE
	LOADFOUR

four:
	MOVQ         (R10)(AX*8), DX
	VBROADCASTSD (R11)(AX*8), Z15
	LEAQ         (SI)(DX*8), DX
	ADDFOUR
	INCQ  AX
	CMPQ  AX, BX
	JLT   four
	STOREFOUR
	LEAQ  64(DI)(R15*1), DI
	LEAQ  64(SI)(R15*1), SI
	TESTQ CX, CX
	JNZ   piece

done:
	ADDQ $8, R8
	ADDQ $8, R9
	DECQ R12
	JNZ  run
	VZEROUPPER
	RET

// func rowsAVX512(y, x, alpha *float64, at *int, rows, terms, stride, n int)
//
// As rowsGo, for one row of y or more, of n ≥ 8 elements. DI is at the piece of a row of y, SI
// where it begins in x, R8 and R9 at the alpha and the at of a term, R10 and R11 are the length
// of a stride and of a row, R12 is where the row's first alpha is; all in bytes.
TEXT ·rowsAVX512(SB), NOSPLIT, $0-64
	MOVQ stride+48(FP), R10
	SHLQ $3, R10
	MOVQ n+56(FP), CX
	MOVQ CX, R11
	SHLQ $3, R11
	MOVQ x+8(FP), SI

piece:
	PIECE
	MOVQ y+0(FP), DI
	XORQ R12, R12
	MOVQ rows+32(FP), BX

row:
	MOVQ alpha+16(FP), R8
	ADDQ R12, R8
	MOVQ at+24(FP), R9
	ADDQ R12, R9
	MOVQ terms+40(FP), AX
	LOADFOUR

term:
	MOVQ         (R9), DX
	VBROADCASTSD (R8), Z15
	IMULQ        R11, DX
	ADDQ         SI, DX
	ADDFOUR
	ADDQ  R10, R8
	ADDQ  R10, R9
	DECQ  AX
	JNZ   term
	STOREFOUR
	ADDQ  R11, DI
	ADDQ  $8, R12
	DECQ  BX
	JNZ   row
	LEAQ  64(SI)(R15*1), SI
	ADDQ  $64, R15
	ADDQ  R15, y+0(FP)
	TESTQ CX, CX
	JNZ   piece
	VZEROUPPER
	RET
