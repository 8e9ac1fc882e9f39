//go:build !purego

#include "textflag.h"

// func widenAVX2(row *float64, pixels *byte, n int)
//
// There is no conversion. The last bits of the fraction of 2⁴⁴ have room for p/256: p is
// put there as it is, and what remains when 2⁴⁴ is subtracted is p/256, exactly.
TEXT ·widenAVX2(SB), NOSPLIT, $0-24
	MOVQ         row+0(FP), DI
	MOVQ         pixels+8(FP), SI
	MOVQ         n+16(FP), CX
	MOVQ         $0x42b0000000000000, AX // 2⁴⁴
	VMOVQ        AX, X15
	VBROADCASTSD X15, Y15

widen8:
	VPMOVZXBQ (SI), Y0 // four bytes to four 64-bit integers
	VPMOVZXBQ 4(SI), Y1
	VPOR      Y15, Y0, Y0
	VPOR      Y15, Y1, Y1
	VSUBPD    Y15, Y0, Y0
	VSUBPD    Y15, Y1, Y1
	VMOVUPD   Y0, (DI)
	VMOVUPD   Y1, 32(DI)
	ADDQ      $8, SI
	ADDQ      $64, DI
	SUBQ      $8, CX
	JNZ       widen8
	VZEROUPPER
	RET

// func prefetchAMD64(p *byte, n int)
TEXT ·prefetchAMD64(SB), NOSPLIT, $0-16
	MOVQ p+0(FP), SI
	MOVQ n+8(FP), CX
	ADDQ SI, CX // the end
	ANDQ $~63, SI

prefetch64:
	PREFETCHT1 (SI)
	ADDQ       $64, SI
	CMPQ       SI, CX
	JB         prefetch64
	RET
