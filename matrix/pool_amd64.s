//go:build !purego

#include "textflag.h"

// func poolAVX2(z *float64, at *int, x *float64, n int, w windows)
//
// As poolGo for the first n maps, a multiple of 4, not 0, and one window or more. Y0 is the largest so far of four
// maps, Y1 where it is; Y3 counts the positions, in Y6 by one and in Y7 to the next row.
TEXT ·poolAVX2(SB), NOSPLIT, $0-80
	MOVQ  z+0(FP), DI
	MOVQ  at+8(FP), DX
	MOVQ  x+16(FP), SI
	MOVQ  w_count+40(FP), R13
	MOVQ  w_cols+48(FP), R10
	MOVQ  w_maps+56(FP), R8
	MOVQ  w_width+72(FP), R9
	SHLQ  $3, R8
	MOVQ  R8, R15
	IMULQ R9, R15            // from a window to the next one
	SUBQ  R9, R10            // from the end of a row of the window to the next one
	MOVQ  R8, R11
	IMULQ R10, R11
	VMOVQ R10, X7
	VPBROADCASTQ X7, Y7
	VPCMPEQQ Y6, Y6, Y6
	VPSRLQ   $63, Y6, Y6
	VPBROADCASTQ w_first+32(FP), Y8
	VMOVQ R9, X9
	VPBROADCASTQ X9, Y9

window:
	XORQ CX, CX

maps:
	LEAQ    (SI)(CX*8), AX
	VMOVUPD (AX), Y0
	VMOVDQU Y8, Y1
	VMOVDQU Y8, Y3
	MOVQ    w_height+64(FP), BX

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
	VMOVUPD   Y0, (DI)(CX*8)
	VMOVDQU   Y1, (DX)(CX*8)
	ADDQ      $4, CX
	CMPQ      CX, n+24(FP)
	JLT       maps
	VPADDQ    Y9, Y8, Y8
	ADDQ      R15, SI
	ADDQ      R8, DI
	ADDQ      R8, DX
	DECQ      R13
	JNZ       window
	VZEROUPPER
	RET
