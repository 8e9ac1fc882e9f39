//go:build !purego

#include "textflag.h"

// CONSTANTS loads what EXP reads again and again; R8 is the table. Y8 is the least x.
#define CONSTANTS \
	VMOVUPD 32(R8), Y9   \ // 710
	VMOVUPD 64(R8), Y10  \ // 1/ln 2
	VMOVUPD 96(R8), Y11  \ // ln 2, high
	VMOVUPD 128(R8), Y12 \ // ln 2, low
	VMOVUPD 608(R8), Y13 \ // 1
	VMOVUPD 640(R8), Y14   // the integer 1023

// EXP makes of x, which is Y0, whole numbers k in X3 and eʳ in Y2, |r| ≤ ln 2/2, such that
// eˣ = 2ᵏ·eʳ. It uses Y0 to Y7. VMAXPD and VMINPD return their first operand here
// if one is NaN, so that a NaN goes through.
#define EXP \
	VMAXPD       Y0, Y8, Y0      \
	VMINPD       Y0, Y9, Y0      \
	VMULPD       Y0, Y10, Y1     \
	VROUNDPD     $0, Y1, Y1      \ // k, to the nearest
	VFNMADD231PD Y1, Y11, Y0     \
	VFNMADD231PD Y1, Y12, Y0     \ // r = x − k·ln 2
	VMULPD       Y0, Y0, Y3      \ // r²
	VMULPD       Y3, Y3, Y4      \ // r⁴
	VMULPD       Y4, Y4, Y5      \ // r⁸
	VMOVUPD      544(R8), Y2     \
	VFMADD213PD  576(R8), Y0, Y2 \
	VMOVUPD      480(R8), Y6     \
	VFMADD213PD  512(R8), Y0, Y6 \
	VFMADD231PD  Y6, Y3, Y2      \ // to r³
	VMOVUPD      416(R8), Y6     \
	VFMADD213PD  448(R8), Y0, Y6 \
	VMOVUPD      352(R8), Y7     \
	VFMADD213PD  384(R8), Y0, Y7 \
	VFMADD231PD  Y7, Y3, Y6      \ // r⁴ to r⁷, without r⁴
	VFMADD231PD  Y6, Y4, Y2      \ // to r⁷
	VMOVUPD      288(R8), Y6     \
	VFMADD213PD  320(R8), Y0, Y6 \
	VMOVUPD      224(R8), Y7     \
	VFMADD213PD  256(R8), Y0, Y7 \
	VFMADD231PD  Y7, Y3, Y6      \ // r⁸ to r¹¹, without r⁸
	VMOVUPD      160(R8), Y7     \
	VFMADD213PD  192(R8), Y0, Y7 \
	VFMADD231PD  Y7, Y4, Y6      \ // r⁸ to r¹³, without r⁸
	VFMADD231PD  Y6, Y5, Y2      \ // eʳ
	VCVTPD2DQY   Y1, X3            // k as four 32-bit integers

// func expAVX2(z, x *float64, n int, table *[22][4]float64)
//
// 2ᵏ comes in two factors of about half of k each, because 2¹⁰²⁴ is not a number and
// 2⁻¹⁰⁷⁴ has no exponent; only the second product rounds, and only a subnormal.
TEXT ·expAVX2(SB), NOSPLIT, $0-32
	MOVQ    z+0(FP), DI
	MOVQ    x+8(FP), SI
	MOVQ    n+16(FP), CX
	MOVQ    table+24(FP), R8
	VMOVUPD 0(R8), Y8 // −746: e⁻⁷⁴⁶ rounds to 0
	CONSTANTS

exp4:
	VMOVUPD (SI), Y0
	EXP
	VPSRAD    $1, X3, X4  // half of k
	VPSUBD    X4, X3, X3  // and the rest
	VPMOVSXDQ X3, Y3
	VPMOVSXDQ X4, Y4
	VPADDQ    Y14, Y3, Y3
	VPADDQ    Y14, Y4, Y4
	VPSLLQ    $52, Y3, Y3 // 2 to the power of each, by its bits
	VPSLLQ    $52, Y4, Y4
	VMULPD    Y3, Y2, Y2
	VMULPD    Y4, Y2, Y2
	VMOVUPD   Y2, (DI)
	ADDQ      $32, SI
	ADDQ      $32, DI
	SUBQ      $4, CX
	JNZ       exp4
	VZEROUPPER
	RET

// func sigmoidAVX2(z, x *float64, n int, table *[22][4]float64)
TEXT ·sigmoidAVX2(SB), NOSPLIT, $0-32
	MOVQ    z+0(FP), DI
	MOVQ    x+8(FP), SI
	MOVQ    n+16(FP), CX
	MOVQ    table+24(FP), R8
	VMOVUPD 672(R8), Y8 // −40: e⁻⁴⁰ is nothing beside 1, and subnormals would be slow
	CONSTANTS
	VXORPD  Y15, Y15, Y15

sigmoid4:
	VSUBPD (SI), Y15, Y0 // −x
	EXP
	VPMOVSXDQ   X3, Y3
	VPADDQ      Y14, Y3, Y3
	VPSLLQ      $52, Y3, Y3  // 2ᵏ, by its bits; +Inf for k = 1024
	VFMADD213PD Y13, Y3, Y2  // 1 + 2ᵏ·eʳ
	VDIVPD      Y2, Y13, Y0
	VMOVUPD     Y0, (DI)
	ADDQ        $32, SI
	ADDQ        $32, DI
	SUBQ        $4, CX
	JNZ         sigmoid4
	VZEROUPPER
	RET
