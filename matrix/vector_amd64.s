//go:build !purego

#include "textflag.h"

// vector_amd64.go does what these leave. Every element gets
// what the loop in Go would give it, to the bit: product and sum are rounded each.

// func axpyAVX8(z, x, y *float64, n int, alpha float64)
//
//	for i := range n { // a multiple of 8, not 0
//		z[i] = x[i] + float64(alpha*y[i])
//	}
TEXT ·axpyAVX8(SB), NOSPLIT, $0-40
	MOVQ         z+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         y+16(FP), DX
	MOVQ         n+24(FP), CX
	VBROADCASTSD alpha+32(FP), Y15
	XORQ         AX, AX

loop:
	VMULPD  (DX)(AX*8), Y15, Y0
	VMULPD  32(DX)(AX*8), Y15, Y1
	VADDPD  (SI)(AX*8), Y0, Y0
	VADDPD  32(SI)(AX*8), Y1, Y1
	VMOVUPD Y0, (DI)(AX*8)
	VMOVUPD Y1, 32(DI)(AX*8)
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     loop
	VZEROUPPER
	RET

// func scaleAVX8(z, x *float64, n int, alpha float64)
//
//	for i := range n { // a multiple of 8, not 0
//		z[i] = alpha * x[i]
//	}
TEXT ·scaleAVX8(SB), NOSPLIT, $0-32
	MOVQ         z+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSD alpha+24(FP), Y15
	XORQ         AX, AX

loop:
	VMULPD  (SI)(AX*8), Y15, Y0
	VMULPD  32(SI)(AX*8), Y15, Y1
	VMOVUPD Y0, (DI)(AX*8)
	VMOVUPD Y1, 32(DI)(AX*8)
	ADDQ    $8, AX
	CMPQ    AX, CX
	JLT     loop
	VZEROUPPER
	RET

// func transposeAVX4(dst *float64, ldd int, src *float64, lds, cols int)
//
//	for i := range 4 {
//		for j := range cols {
//			dst[j*ldd+i] = src[i*lds+j]
//		}
//	}
TEXT ·transposeAVX4(SB), NOSPLIT, $0-40
	MOVQ dst+0(FP), DI
	MOVQ ldd+8(FP), R8
	SHLQ $3, R8
	LEAQ (R8)(R8*2), R9
	MOVQ src+16(FP), SI
	MOVQ lds+24(FP), R10
	SHLQ $3, R10
	LEAQ (R10)(R10*2), R11
	MOVQ cols+32(FP), CX
	SUBQ $4, CX
	JLT  rest

loop:
	VMOVUPD    (SI), Y0
	VMOVUPD    (SI)(R10*1), Y1
	VMOVUPD    (SI)(R10*2), Y2
	VMOVUPD    (SI)(R11*1), Y3
	VUNPCKLPD  Y1, Y0, Y4
	VUNPCKHPD  Y1, Y0, Y5
	VUNPCKLPD  Y3, Y2, Y6
	VUNPCKHPD  Y3, Y2, Y7
	VPERM2F128 $0x20, Y6, Y4, Y0
	VPERM2F128 $0x20, Y7, Y5, Y1
	VPERM2F128 $0x31, Y6, Y4, Y2
	VPERM2F128 $0x31, Y7, Y5, Y3
	VMOVUPD    Y0, (DI)
	VMOVUPD    Y1, (DI)(R8*1)
	VMOVUPD    Y2, (DI)(R8*2)
	VMOVUPD    Y3, (DI)(R9*1)
	ADDQ       $32, SI
	LEAQ       (DI)(R8*4), DI
	SUBQ       $4, CX
	JGE        loop

rest:
	ADDQ $4, CX
	JZ   done

column:
	VMOVSD  (SI), X0
	VMOVHPD (SI)(R10*1), X0, X0
	VMOVSD  (SI)(R10*2), X1
	VMOVHPD (SI)(R11*1), X1, X1
	VMOVUPD X0, (DI)
	VMOVUPD X1, 16(DI)
	ADDQ    $8, SI
	ADDQ    R8, DI
	DECQ    CX
	JNZ     column

done:
	VZEROUPPER
	RET
