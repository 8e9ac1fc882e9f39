package matrix

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
)

// A block is what a kernel multiplies in one call. Its data begin at the first element
// meant and reach at least to the last one.
type block struct {
	c             []float64 // C(i,j) is c[i*ldc+j]
	ldc           int
	a             []float64 // A(i,p) is a[i*ars+p*acs] in the strip of mr rows that holds row i
	ars, acs, an  int       // and the strip for row i of C begins at a[i/mr*an]
	b             []float64 // B(p,j) is b[p*ldb+j] in the panel of nr columns that holds column j
	ldb, bn       int       // and the panel for column j of C begins at b[j/nr*bn]
	rows, cols, k int
	alpha, beta   float64 // C ← βC + αAB
}

// A kernel is one implementation of the innermost loops of a product. All that
// lies around them, in mul.go, is the same for every kernel.
//
// Each of the three products sets C(i,j) to β·C(i,j) + s, where s is α times the sum over
// p of A(i,p)·B(p,j), rounded. If β is 0, C is not read. Memory outside the elements
// meant is neither read nor written, and if rows, cols or k is 0, none at all. What an
// element of the result is, to the last bit, depends on its row of A, its column of B, its
// own value, k, α and β alone, not on rows and cols: so the cores may share out a result
// as they like.
type kernel struct {
	name string

	// tiles multiplies a block of any size, tile by tile: the sums of a tile of mr
	// rows and nr columns stay in registers while it goes along k. Packed operands
	// have ars = 1, acs = mr, ldb = nr, and are padded to whole tiles.
	tiles  func(*block)
	mr, nr int

	// dot multiplies one tile of at most dr rows and dc columns where both operands
	// lie along k: A(i,p) is a[i*ars+p], B(p,j) is b[j*ldb+p].
	dot    func(*block)
	dr, dc int

	// dotv is dot for one column and at most vr rows: B(p) is b[p].
	dotv func(*block)
	vr   int

	// axpy computes z = x + αy, scale z = αx, for vectors of the same length.
	// All kernels agree here to the last bit: product and sum are rounded each.
	axpy  func(z, x, y []float64, alpha float64)
	scale func(z, x []float64, alpha float64)

	// exponentials computes z = eˣ, sigmoids z = 1/(1 + e⁻ˣ), bytesToFloats row = pixels/256.
	exponentials, sigmoids func(z, x []float64)
	bytesToFloats          func(row []float64, pixels []byte)

	// runs is Runs.Add for runs first … end−1, one or more, of n ≥ 1 elements.
	runs func(r *Runs, first, end int, y, x []float64, n int)

	// pool is MaxPool for the windows of a row; x begins there.
	pool func(z []float64, at []int, x []float64, w windows)

	// rows is AddRows for one row of y or more, of n ≥ 1 elements.
	rows func(y, x []float64, n int, alpha []float64, at []int, stride int)

	// transpose copies rows×cols elements and turns them: dst[j*ldd+i] is
	// src[i*lds+j].
	transpose func(dst []float64, ldd int, src []float64, lds, rows, cols int)

	kc, mc, nc int  // blocks of k, of rows and of columns: see pack.go
	dk         int  // how far dot and dotv go along k at once
	packsA     bool // see worker.packed

	// What choose goes by; TestCalibratePaths measures it.
	lanes    int // the elements of a vector
	unpacked int // B is read where it lies if it has at most so many squared elements
	dotStart int // to begin a dot tile takes as long as so many steps along k
	packRows int // to pack B takes as long as to multiply it with so many rows
}

// kernels lists what this processor can run, from the plainest to the fastest.
var kernels = append([]*kernel{portable}, vectorKernels()...)

// active is the kernel in use. A product reads it once, at its start.
var active atomic.Pointer[kernel]

// init chooses the fastest kernel, or the one that NNDL_KERNEL names. A name that no
// kernel here has changes nothing: a library does not end a program. [Kernel]
// tells which one is in use.
func init() {
	active.Store(kernels[len(kernels)-1])
	if k := find(os.Getenv("NNDL_KERNEL")); k != nil {
		active.Store(k)
	}
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

// UseKernel makes all products that begin from now on, of the whole program, use the
// named kernel, and returns a function that goes back to the one before. It is meant for
// tests and benchmarks. A name that is not among [Kernels] panics. The environment
// variable NNDL_KERNEL does the same for a whole run.
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

// call calls a loop of a kernel. It is not inlined, so that it asks, as every Go
// function that calls another does, whether the goroutine is to stop: Go cannot stop it
// within assembly, and hardly ever in a loop of many short calls of assembly.
//
//go:noinline
func call(f func(*block), t *block) { f(t) }
