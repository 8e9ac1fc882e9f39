//go:build !purego

#include "textflag.h"

// func poolAVX2(z *float64, at *int, x *float64, n int, w window)
//
// As poolGo for the first n maps, a multiple of 4, not 0. Y0 is the largest so far of four
// maps, Y1 where it is; Y3 counts the positions, in Y6 by one and in Y7 to the next row.
TEXT ·poolAVX2(SB), NOSPLIT, $0-72
	MOVQ z+0(FP), DI
	MOVQ at+8(FP), DX
	MOVQ x+16(FP), SI
	MOVQ n+24(FP), CX
	MOVQ w_cols+40(FP), R10
	MOVQ w_maps+48(FP), R8
	MOVQ w_width+64(FP), R9
	SUBQ R9, R10            // from the end of a row of the window to the next one
	SHLQ $3, R8
	MOVQ R8, R11
	IMULQ R10, R11
	VMOVQ R10, X7
	VPBROADCASTQ X7, Y7
	VPCMPEQQ Y6, Y6, Y6
	VPSRLQ   $63, Y6, Y6

maps:
	VMOVUPD      (SI), Y0
	VPBROADCASTQ w_first+32(FP), Y3
	VMOVDQU      Y3, Y1
	MOVQ         SI, AX
	MOVQ         w_height+56(FP), BX

row:
	MOVQ R9, R12

position:
	VMOVUPD   (AX), Y2
	VCMPPD    $0x16, Y0, Y2, Y4 // not x ≤ the largest: also if one is NaN
	VCMPPD    $7, Y0, Y0, Y5    // but the first NaN stays
	VPAND     Y5, Y4, Y4
	VBLENDVPD Y4, Y2, Y0, Y0
	VBLENDVPD Y4, Y3, Y1, Y1
	VPADDQ    Y6, Y3, Y3
	ADDQ      R8, AX
	DECQ      R12
	JNZ       position
	VPADDQ    Y7, Y3, Y3
	ADDQ      R11, AX
	DECQ      BX
	JNZ       row
	VMOVUPD   Y0, (DI)
	VMOVDQU   Y1, (DX)
	ADDQ      $32, SI
	ADDQ      $32, DI
	ADDQ      $32, DX
	SUBQ      $4, CX
	JNZ       maps
	VZEROUPPER
	RET
