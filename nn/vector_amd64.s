//go:build !purego

#include "textflag.h"

// func widenAVX2(row *float64, pixels *byte, n int)
//
// No conversion: 2⁴⁴ has room for p/256 in the last bits of its fraction, which are put
// there as they are; what is left after 2⁴⁴ is taken away again is p/256, exactly.
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

// func sigmoidAVX2(z *float64, n int, table *[21][4]float64)
//
// e⁻ᶻ = 2ᵏ·eʳ with a whole number k and |r| ≤ ln 2/2. VMINPD and VMAXPD return
// their first operand here if one is NaN, so that a NaN goes through.
TEXT ·sigmoidAVX2(SB), NOSPLIT, $0-24
	MOVQ z+0(FP), DI
	MOVQ n+8(FP), CX
	MOVQ table+16(FP), R8
	VMOVUPD 0(R8), Y8    // −40
	VMOVUPD 32(R8), Y9   // 710
	VMOVUPD 64(R8), Y10  // 1/ln 2
	VMOVUPD 96(R8), Y11  // ln 2, high
	VMOVUPD 128(R8), Y12 // ln 2, low
	VMOVUPD 608(R8), Y13 // 1
	VMOVUPD 640(R8), Y14 // the integer 1023
	VXORPD  Y15, Y15, Y15

sigmoid4:
	VSUBPD       (DI), Y15, Y0  // −z
	VMAXPD       Y0, Y8, Y0
	VMINPD       Y0, Y9, Y0
	VMULPD       Y0, Y10, Y1
	VROUNDPD     $0, Y1, Y1     // k, to the nearest
	VFNMADD231PD Y1, Y11, Y0
	VFNMADD231PD Y1, Y12, Y0    // r = −z − k·ln 2
	VMULPD       Y0, Y0, Y3     // r²
	VMULPD       Y3, Y3, Y4     // r⁴
	VMULPD       Y4, Y4, Y5     // r⁸
	VMOVUPD      544(R8), Y2
	VFMADD213PD  576(R8), Y0, Y2
	VMOVUPD      480(R8), Y6
	VFMADD213PD  512(R8), Y0, Y6
	VFMADD231PD  Y6, Y3, Y2     // to r³
	VMOVUPD      416(R8), Y6
	VFMADD213PD  448(R8), Y0, Y6
	VMOVUPD      352(R8), Y7
	VFMADD213PD  384(R8), Y0, Y7
	VFMADD231PD  Y7, Y3, Y6     // r⁴ to r⁷, without r⁴
	VFMADD231PD  Y6, Y4, Y2     // to r⁷
	VMOVUPD      288(R8), Y6
	VFMADD213PD  320(R8), Y0, Y6
	VMOVUPD      224(R8), Y7
	VFMADD213PD  256(R8), Y0, Y7
	VFMADD231PD  Y7, Y3, Y6     // r⁸ to r¹¹, without r⁸
	VMOVUPD      160(R8), Y7
	VFMADD213PD  192(R8), Y0, Y7
	VFMADD231PD  Y7, Y4, Y6     // r⁸ to r¹³, without r⁸
	VFMADD231PD  Y6, Y5, Y2     // eʳ
	VCVTPD2DQY   Y1, X3
	VPMOVSXDQ    X3, Y3
	VPADDQ       Y14, Y3, Y3
	VPSLLQ       $52, Y3, Y3    // 2ᵏ, by its bits; +Inf for k = 1024
	VFMADD213PD  Y13, Y3, Y2    // 1 + 2ᵏ·eʳ
	VDIVPD       Y2, Y13, Y0
	VMOVUPD      Y0, (DI)
	ADDQ         $32, DI
	SUBQ         $4, CX
	JNZ          sigmoid4
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
