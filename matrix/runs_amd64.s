//go:build !purego

#include "go_asm.h"
#include "textflag.h"

// Both kernels keep a piece of a run of y in registers while they go through its terms.
// R8 is at To, R9 at Start, R12 how many runs are left, R10 and R11 are From and Alpha, CX is what is left of the run,
// AX the term, BX its end, DI and SI where the piece begins in y and in every run of x.

#define BEGINRUNS \
	MOVQ r+0(FP), R14; \
	MOVQ first+8(FP), AX; \
	MOVQ end+16(FP), R12; \
	SUBQ AX, R12; \
	MOVQ Runs_To(R14), R8; \
	LEAQ (R8)(AX*8), R8; \
	MOVQ Runs_Start(R14), R9; \
	LEAQ (R9)(AX*8), R9; \
	MOVQ Runs_From(R14), R10; \
	MOVQ Runs_Alpha(R14), R11

#define RUN \
	MOVQ (R8), DI; \
	SHLQ $3, DI; \
	ADDQ y+24(FP), DI; \
	MOVQ x+32(FP), SI; \
	MOVQ n+40(FP), CX

#define TERMS \
	MOVQ (R9), AX; \
	MOVQ 8(R9), BX

// After a term: the next one.
#define NEXTTERM(loop) \
	INCQ AX; \
	CMPQ AX, BX; \
	JLT  loop

// After a piece of that many elements: the next piece, or the next run.
#define NEXTPIECE(count, piece, run) \
	ADDQ $(8*count), DI; \
	ADDQ $(8*count), SI; \
	SUBQ $count, CX; \
	JGT  piece; \
	ADDQ $8, R8; \
	ADDQ $8, R9; \
	DECQ R12; \
	JNZ  run

// func runsAVX512(r *Runs, first, end int, y, x *float64, n int)
//
// As runsGo, for one run or more of one element or more. A piece has 104 elements in thirteen
// registers if it has more than 96, or else at most 32 in four.
TEXT ·runsAVX512(SB), NOSPLIT, $0-48
	BEGINRUNS

run:
	RUN

piece:
	TERMS
	CMPQ AX, BX
	JGE  done
	MOVQ  $104, R15
	CMPQ  CX, R15
	CMOVQLT CX, R15
	SUBQ  $96, R15
	JLE   narrow
	MOVQ  $-1, DX
	SHLXQ R15, DX, DX
	NOTQ  DX
	KMOVW DX, K1
	VMOVUPD   (DI), Z0
	VMOVUPD   64(DI), Z1
	VMOVUPD   128(DI), Z2
	VMOVUPD   192(DI), Z3
	VMOVUPD   256(DI), Z4
	VMOVUPD   320(DI), Z5
	VMOVUPD   384(DI), Z6
	VMOVUPD   448(DI), Z7
	VMOVUPD   512(DI), Z8
	VMOVUPD   576(DI), Z9
	VMOVUPD   640(DI), Z10
	VMOVUPD   704(DI), Z11
	VMOVUPD.Z 768(DI), K1, Z12

wide:
	MOVQ         (R10)(AX*8), DX
	VBROADCASTSD (R11)(AX*8), Z15
	LEAQ         (SI)(DX*8), DX
	VFMADD231PD  (DX), Z15, Z0
	VFMADD231PD  64(DX), Z15, Z1
	VFMADD231PD  128(DX), Z15, Z2
	VFMADD231PD  192(DX), Z15, Z3
	VFMADD231PD  256(DX), Z15, Z4
	VFMADD231PD  320(DX), Z15, Z5
	VFMADD231PD  384(DX), Z15, Z6
	VFMADD231PD  448(DX), Z15, Z7
	VFMADD231PD  512(DX), Z15, Z8
	VFMADD231PD  576(DX), Z15, Z9
	VFMADD231PD  640(DX), Z15, Z10
	VFMADD231PD  704(DX), Z15, Z11
	VFMADD231PD  768(DX), Z15, K1, Z12
	NEXTTERM(wide)
	VMOVUPD Z0, (DI)
	VMOVUPD Z1, 64(DI)
	VMOVUPD Z2, 128(DI)
	VMOVUPD Z3, 192(DI)
	VMOVUPD Z4, 256(DI)
	VMOVUPD Z5, 320(DI)
	VMOVUPD Z6, 384(DI)
	VMOVUPD Z7, 448(DI)
	VMOVUPD Z8, 512(DI)
	VMOVUPD Z9, 576(DI)
	VMOVUPD Z10, 640(DI)
	VMOVUPD Z11, 704(DI)
	VMOVUPD Z12, K1, 768(DI)
	ADDQ    $832, DI
	ADDQ    $832, SI
	SUBQ    $104, CX
	JGT     piece
	JMP     done

narrow:
	MOVQ  $32, R15
	CMPQ  CX, R15
	CMOVQLT CX, R15
	MOVQ  $-1, DX
	SHLXQ R15, DX, DX
	NOTQ  DX
	KMOVW DX, K1
	SHRQ  $8, DX
	KMOVW DX, K2
	SHRQ  $8, DX
	KMOVW DX, K3
	SHRQ  $8, DX
	KMOVW DX, K4
	VMOVUPD.Z (DI), K1, Z0
	VMOVUPD.Z 64(DI), K2, Z1
	VMOVUPD.Z 128(DI), K3, Z2
	VMOVUPD.Z 192(DI), K4, Z3

four:
	MOVQ         (R10)(AX*8), DX
	VBROADCASTSD (R11)(AX*8), Z15
	LEAQ         (SI)(DX*8), DX
	VFMADD231PD  (DX), Z15, K1, Z0
	VFMADD231PD  64(DX), Z15, K2, Z1
	VFMADD231PD  128(DX), Z15, K3, Z2
	VFMADD231PD  192(DX), Z15, K4, Z3
	NEXTTERM(four)
	VMOVUPD Z0, K1, (DI)
	VMOVUPD Z1, K2, 64(DI)
	VMOVUPD Z2, K3, 128(DI)
	VMOVUPD Z3, K4, 192(DI)
	ADDQ    $256, DI
	ADDQ    $256, SI
	SUBQ    $32, CX
	JGT     piece

done:
	ADDQ $8, R8
	ADDQ $8, R9
	DECQ R12
	JNZ  run
	VZEROUPPER
	RET
