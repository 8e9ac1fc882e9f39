package matrix

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// A kernel is one implementation of the innermost loops of a product. All that
// lies around them, in mul.go, is the same for every kernel.
//
// In all of the products, rows, cols and k are at least 1; a slice begins at the first
// element that is meant and reaches at least to the last one; add tells
// whether the result is added to C or replaces it (then C is not read); memory
// outside the elements meant is neither read nor written. What an element of
// the result is, to the last bit, depends on its row of A, its column of B, k, α and add
// alone, not on rows and cols: so the cores may share out a result as they like.
type kernel struct {
	name string

	// tile computes C += α·A·B for one tile of C, rows×cols, rows ≤ mr and
	// cols ≤ nr, whose sums stay in registers while it walks along k:
	// C(i,j) is c[i*ldc+j], A(i,p) is a[i*ars+p*acs], B(p,j) is b[p*ldb+j].
	// Packed operands have ars = 1, acs = mr, ldb = nr, and are padded to a whole tile.
	tile   func(c []float64, ldc int, a []float64, ars, acs int, b []float64, ldb int, rows, cols, k int, alpha float64, add bool)
	mr, nr int

	// tiles stands in place of tile where it is not nil. It computes the same for a block of
	// any size, tile by tile: the strip of mr rows of A for row i of C begins at
	// a[i/mr*an], the panel of nr columns of B for column j at b[j/nr*bn]. It spares the
	// calls, which for a mini-batch of 10, ten steps along k, took a sixth of the time.
	tiles func(c []float64, ldc int, a []float64, ars, acs, an int, b []float64, ldb, bn int, rows, cols, k int, alpha float64, add bool)

	// dot computes C += α·A·Bᵀ for one tile of exactly dr×dc, where both
	// operands lie along k in memory: C(i,j) is c[i*crs+j*ccs], A(i,p) is
	// a[i*lda+p], B(p,j) is b[j*ldb+p].
	dot    func(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool)
	dr, dc int

	// dotv is dot for one column and any number of rows up to vr:
	// C(i) is c[i*crs], A(i,p) is a[i*lda+p], B(p) is b[p].
	dotv func(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool)
	vr   int

	// add computes z = x + y, scale z = αx, addScaled z += αx, for vectors of
	// the same length. All kernels agree here to the last bit, but where Go
	// itself fuses αx + z.
	add       func(z, x, y []float64)
	scale     func(z, x []float64, alpha float64)
	addScaled func(z, x []float64, alpha float64)

	// transpose copies rows×cols elements and turns them: dst[j*ldd+i] is
	// src[i*lds+j].
	transpose func(dst []float64, ldd int, src []float64, lds, rows, cols int)

	kc, mc, nc int // blocks of k, of rows and of columns: see pack.go
	dk         int // how far dot and dotv go along k at once
	unpacked   int // a product of so many rows, or with a B of so many squared elements, packs nothing
	dotted     int // nor does one of operands that both lie along k, of so many rows or columns
}

// portable is the kernel in Go, which runs on every processor and which
// defines what the others do.
var portable = &kernel{
	name: "portable",
	tile: tileGo, mr: 4, nr: 2,
	dot: dotGo, dr: 2, dc: 3,
	dotv: dotvGo, vr: 4,
	add: addGo, scale: scaleGo, addScaled: addScaledGo, transpose: transposeGo,
	kc: 512, mc: 32, nc: 512, dk: 784, unpacked: 4, dotted: 64,
}

// kernels lists what this processor can run, from the plainest to the fastest.
var kernels = append([]*kernel{portable}, vectorKernels()...)

// active is the kernel in use. A product reads it once, at its start.
var active atomic.Pointer[kernel]

// init chooses the fastest kernel, or the one that NNDL_KERNEL names.
func init() {
	active.Store(kernels[len(kernels)-1])
	name := os.Getenv("NNDL_KERNEL")
	if name == "" {
		return
	}
	k := find(name)
	if k == nil {
		fmt.Fprintf(os.Stderr, "NNDL_KERNEL=%s: no such kernel here, only %s\n", name, strings.Join(Kernels(), ", "))
		os.Exit(1)
	}
	active.Store(k)
}

// Kernels returns the names of the kernels that this processor can run, from
// the plainest, "portable", to the fastest, which is used if nobody asks for
// another.
func Kernels() []string {
	names := make([]string, len(kernels))
	for i, k := range kernels {
		names[i] = k.name
	}
	return names
}

// Kernel returns the name of the kernel in use.
func Kernel() string { return active.Load().name }

// UseKernel makes all products that begin from now on use the named kernel,
// and returns a function that goes back to the one before. A name that is not
// among [Kernels] panics. The environment variable NNDL_KERNEL does the
// same for a whole program.
func UseKernel(name string) (restore func()) {
	k := find(name)
	if k == nil {
		panic(fmt.Sprintf("matrix: UseKernel: %q is none of %s", name, strings.Join(Kernels(), ", ")))
	}
	before := active.Swap(k)
	return func() { active.Store(before) }
}

// find returns the kernel of that name, or nil.
func find(name string) *kernel {
	for _, k := range kernels {
		if k.name == name {
			return k
		}
	}
	return nil
}

// blockOf is tiles for every kernel.
func (kr *kernel) blockOf(c []float64, ldc int, a []float64, ars, acs, an int, b []float64, ldb, bn int, rows, cols, k int, alpha float64, add bool) {
	if kr.tiles != nil {
		kr.tiles(c, ldc, a, ars, acs, an, b, ldb, bn, rows, cols, k, alpha, add)
		return
	}
	for j := 0; j < cols; j += kr.nr {
		for i := 0; i < rows; i += kr.mr {
			kr.tile(c[i*ldc+j:], ldc, a[i/kr.mr*an:], ars, acs, b[j/kr.nr*bn:], ldb, min(kr.mr, rows-i), min(kr.nr, cols-j), k, alpha, add)
		}
	}
}

// tileGo is the tile in Go, 4×2. Packed operands take the fast way.
func tileGo(c []float64, ldc int, a []float64, ars, acs int, b []float64, ldb int, rows, cols, k int, alpha float64, add bool) {
	var t [4][2]float64
	if ars == 1 && acs == 4 && ldb == 2 {
		t = packed4x2(a[:4*k], b[:2*k])
	} else {
		for i := range rows {
			t[i] = strided1x2(a[i*ars:], acs, b, ldb, cols, k)
		}
	}
	for i := range rows {
		put(c[i*ldc:], 1, t[i][:cols], alpha, add)
	}
}

// packed4x2 returns the 4×2 sums of packed operands, which lie in memory as
// they are read: a holds four elements for each step along k, b holds two.
// Eight sums and six operands fit the fifteen registers that Go has for them on
// amd64. The loop takes eight steps at a time; its condition tells the
// compiler that every index is within bounds, so that it checks none, and that
// something of a and b is left after them: else it would guard each new slice
// against pointing past the end of its memory, with five instructions more.
func packed4x2(a, b []float64) (t [4][2]float64) {
	var t00, t01, t10, t11, t20, t21, t30, t31 float64
	for len(a) > 32 && len(b) > 16 {
		x0, x1, x2, x3, y0, y1 := a[0], a[1], a[2], a[3], b[0], b[1]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[4], a[5], a[6], a[7], b[2], b[3]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[8], a[9], a[10], a[11], b[4], b[5]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[12], a[13], a[14], a[15], b[6], b[7]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[16], a[17], a[18], a[19], b[8], b[9]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[20], a[21], a[22], a[23], b[10], b[11]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[24], a[25], a[26], a[27], b[12], b[13]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		x0, x1, x2, x3, y0, y1 = a[28], a[29], a[30], a[31], b[14], b[15]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		a, b = a[32:], b[16:]
	}
	for len(a) >= 4 && len(b) >= 2 {
		x0, x1, x2, x3, y0, y1 := a[0], a[1], a[2], a[3], b[0], b[1]
		t00, t01 = t00+x0*y0, t01+x0*y1
		t10, t11 = t10+x1*y0, t11+x1*y1
		t20, t21 = t20+x2*y0, t21+x2*y1
		t30, t31 = t30+x3*y0, t31+x3*y1
		a, b = a[4:], b[2:]
	}
	return [4][2]float64{{t00, t01}, {t10, t11}, {t20, t21}, {t30, t31}}
}

// strided1x2 returns the sums of one row of a and up to two columns of b
// that lie anywhere.
func strided1x2(a []float64, acs int, b []float64, ldb, cols, k int) (t [2]float64) {
	for p := range k {
		x, y := a[p*acs], b[p*ldb:][:cols]
		for j, v := range y {
			t[j] += x * v
		}
	}
	return t
}

// dotGo is the dot tile in Go, 2×3.
func dotGo(c []float64, crs, ccs int, a []float64, lda int, b []float64, ldb int, k int, alpha float64, add bool) {
	a0, a1 := a[:k], a[lda:][:k]
	b0, b1, b2 := b[:k], b[ldb:][:k], b[2*ldb:][:k]
	var t00, t01, t02, t10, t11, t12 float64
	for p, x0 := range a0 {
		x1, y0, y1, y2 := a1[p], b0[p], b1[p], b2[p]
		t00 += x0 * y0
		t01 += x0 * y1
		t02 += x0 * y2
		t10 += x1 * y0
		t11 += x1 * y1
		t12 += x1 * y2
	}
	t0, t1 := [3]float64{t00, t01, t02}, [3]float64{t10, t11, t12}
	put(c, ccs, t0[:], alpha, add)
	put(c[crs:], ccs, t1[:], alpha, add)
}

// dotvGo is dotv in Go.
func dotvGo(c []float64, crs int, a []float64, lda int, b []float64, rows, k int, alpha float64, add bool) {
	b = b[:k]
	var t [4]float64
	if rows == 4 {
		t = dot4(a[:k], a[lda:][:k], a[2*lda:][:k], a[3*lda:][:k], b)
	} else {
		for i := range rows {
			t[i] = dot1(a[i*lda:][:k], b)
		}
	}
	put(c, crs, t[:rows], alpha, add)
}

// dot4 returns the products of four vectors with one: four sums at once, since each
// addition has to wait for the one before it in the same sum.
func dot4(a0, a1, a2, a3, b []float64) (t [4]float64) {
	a0, a1, a2, a3 = a0[:len(b)], a1[:len(b)], a2[:len(b)], a3[:len(b)]
	var t0, t1, t2, t3 float64
	for p, y := range b {
		t0 += a0[p] * y
		t1 += a1[p] * y
		t2 += a2[p] * y
		t3 += a3[p] * y
	}
	return [4]float64{t0, t1, t2, t3}
}

// dot1 returns the product of two vectors.
func dot1(a, b []float64) (t float64) {
	a = a[:len(b)]
	for p, y := range b {
		t += a[p] * y
	}
	return t
}

// put adds α·t to c, or sets c to it, stride elements apart.
func put(c []float64, stride int, t []float64, alpha float64, add bool) {
	for j, v := range t {
		if add {
			c[j*stride] += alpha * v
		} else {
			c[j*stride] = alpha * v
		}
	}
}
