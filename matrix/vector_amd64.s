//go:build !purego

#include "textflag.h"

// Each of these walks along its operands sixteen elements at a time, then one
// at a time. Every element gets what the loop in Go would give it, to the bit:
// the product and the sum are rounded one after the other.

// func axpyAVX(z, x, y []float64, alpha float64)
//
//	for i := range z {
//		z[i] = x[i] + float64(alpha*y[i])
//	}
TEXT ·axpyAVX(SB), NOSPLIT, $0-80
	MOVQ         z_base+0(FP), DI
	MOVQ         z_len+8(FP), CX
	MOVQ         x_base+24(FP), SI
	MOVQ         y_base+48(FP), DX
	VBROADCASTSD alpha+72(FP), Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMULPD  (DX), Y15, Y0
	VMULPD  32(DX), Y15, Y1
	VMULPD  64(DX), Y15, Y2
	VMULPD  96(DX), Y15, Y3
	VADDPD  (SI), Y0, Y0
	VADDPD  32(SI), Y1, Y1
	VADDPD  64(SI), Y2, Y2
	VADDPD  96(SI), Y3, Y3
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DX
	ADDQ    $128, DI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JZ   done

one:
	VMULSD (DX), X15, X0
	VADDSD (SI), X0, X0
	VMOVSD X0, (DI)
	ADDQ   $8, SI
	ADDQ   $8, DX
	ADDQ   $8, DI
	DECQ   CX
	JNZ    one

done:
	VZEROUPPER
	RET

// func scaleAVX(z, x []float64, alpha float64)
//
//	for i := range z {
//		z[i] = alpha * x[i]
//	}
TEXT ·scaleAVX(SB), NOSPLIT, $0-56
	MOVQ         z_base+0(FP), DI
	MOVQ         z_len+8(FP), CX
	MOVQ         x_base+24(FP), SI
	VBROADCASTSD alpha+48(FP), Y15
	SUBQ         $16, CX
	JLT          rest

loop:
	VMULPD  (SI), Y15, Y0
	VMULPD  32(SI), Y15, Y1
	VMULPD  64(SI), Y15, Y2
	VMULPD  96(SI), Y15, Y3
	VMOVUPD Y0, (DI)
	VMOVUPD Y1, 32(DI)
	VMOVUPD Y2, 64(DI)
	VMOVUPD Y3, 96(DI)
	ADDQ    $128, SI
	ADDQ    $128, DI
	SUBQ    $16, CX
	JGE     loop

rest:
	ADDQ $16, CX
	JZ   done

one:
	VMULSD (SI), X15, X0
	VMOVSD X0, (DI)
	ADDQ   $8, SI
	ADDQ   $8, DI
	DECQ   CX
	JNZ    one

done:
	VZEROUPPER
	RET

// func transposeAVX(dst []float64, ldd int, src []float64, lds, rows, cols int)
//
//	for i := range rows {
//		for j := range cols {
//			dst[j*ldd+i] = src[i*lds+j]
//		}
//	}
TEXT ·transposeAVX(SB), NOSPLIT, $0-80
	MOVQ dst_base+0(FP), DI
	MOVQ ldd+24(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R9
	MOVQ src_base+32(FP), SI
	MOVQ lds+56(FP), R10
	SHLQ $3, R10
	LEAQ (R10)(R10*2), R11
	MOVQ rows+64(FP), DX
	SUBQ $4, DX
	JLT  lastrows

	// Four rows at a time become four columns, 4×4 elements a step.
rows4:
	MOVQ SI, AX
	MOVQ DI, BX
	MOVQ cols+72(FP), CX
	SUBQ $4, CX
	JLT  lastcols

cols4:
	VMOVUPD    (AX), Y0
	VMOVUPD    (AX)(R10*1), Y1
	VMOVUPD    (AX)(R10*2), Y2
	VMOVUPD    (AX)(R11*1), Y3
	VUNPCKLPD  Y1, Y0, Y4
	VUNPCKHPD  Y1, Y0, Y5
	VUNPCKLPD  Y3, Y2, Y6
	VUNPCKHPD  Y3, Y2, Y7
	VPERM2F128 $0x20, Y6, Y4, Y0
	VPERM2F128 $0x20, Y7, Y5, Y1
	VPERM2F128 $0x31, Y6, Y4, Y2
	VPERM2F128 $0x31, Y7, Y5, Y3
	VMOVUPD    Y0, (BX)
	VMOVUPD    Y1, (BX)(R8*1)
	VMOVUPD    Y2, (BX)(R8*2)
	VMOVUPD    Y3, (BX)(R9*1)
	ADDQ       $32, AX
	LEAQ       (BX)(R8*4), BX
	SUBQ       $4, CX
	JGE        cols4

lastcols:
	ADDQ $4, CX
	JZ   next4

col1:
	VMOVSD  (AX), X0
	VMOVHPD (AX)(R10*1), X0, X0
	VMOVSD  (AX)(R10*2), X1
	VMOVHPD (AX)(R11*1), X1, X1
	VMOVUPD X0, (BX)
	VMOVUPD X1, 16(BX)
	ADDQ    $8, AX
	ADDQ    R8, BX
	DECQ    CX
	JNZ     col1

next4:
	LEAQ (SI)(R10*4), SI
	ADDQ $32, DI
	SUBQ $4, DX
	JGE  rows4

lastrows:
	ADDQ $4, DX
	JZ   done

row1:
	MOVQ SI, AX
	MOVQ DI, BX
	MOVQ cols+72(FP), CX

element:
	VMOVSD (AX), X0
	VMOVSD X0, (BX)
	ADDQ   $8, AX
	ADDQ   R8, BX
	DECQ   CX
	JNZ    element
	ADDQ   R10, SI
	ADDQ   $8, DI
	DECQ   DX
	JNZ    row1

done:
	VZEROUPPER
	RET
