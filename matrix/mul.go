package matrix

// This file is the product of two matrices, and which way it goes. pack.go and thin.go
// hold the ways, cores.go shares them among cores, kernel.go says what the innermost loops
// are, and portable.go has them in Go.
//
// # Three loops
//
// Element (i,j) of C = AB is Σₚ A(i,p)·B(p,j), so three loops and one line
// make a product:
//
//	for i … for j … for p … C(i,j) += A(i,p) * B(p,j)
//
// It is correct, and on a large matrix a hundred times slower than the processor
// allows. What follows changes no multiplication, only when it is done.
//
// # Loop order
//
// Memory comes to the processor in lines of eight numbers. With p innermost, B is read
// down a column: one number of each line is used, and in a large matrix the line is gone
// before its next number is needed. With the order i, p, j the innermost
// loop walks along a row of B and a row of C, as they lie in memory. All packages of
// this kind begin there; package matrix/ladder shows every step.
//
// # The tile
//
// Now each step loads B(p,j) and C(i,j) and stores C(i,j) again for one multiplication:
// the processor moves more than it multiplies. So take a tile of C, mr rows by nr
// columns, keep its mr·nr sums in registers, and go along p: each step loads mr
// numbers of A and nr of B and makes mr·nr multiplications of them. For the 8×24
// tile of AVX-512 that is 11 loads for 24 multiplications of eight numbers each. A
// tile as large as the registers hold is best: 24 of the 32 are sums. That loop is
// the kernel, the one piece that is written once more in assembly.
//
// # The cache
//
// A tile reads mr rows of A and nr columns of B from end to end. If these do not
// stay in a cache until the next tile needs them, the kernel waits for memory. So
// the product is cut into blocks: of k, kc steps at a time; of A, mc rows, which stay
// in the second cache; of B, nc columns, for the third. Loops over the blocks
// surround the loops over the tiles:
//
//	for each nc columns of B
//		for each kc steps along k          pack that block of B
//			for each mc rows of A
//				for each nr columns, each mr rows: one tile
//
// # Packing
//
// A panel of nr columns of B is nr numbers out of each of kc rows, kc different
// places in memory. If rows are 4096 bytes apart, these places even compete for the same few
// lines of the cache. So each block is first copied in the very order in which
// the kernel reads it. A copy of n² numbers pays for itself if each is
// then used many times. If there are few rows to multiply, or if rows of B begin with a
// line of the cache and do not compete, it is not worth it, and B is read where it lies; so
// is A, of which a tile reads mr rows, mr streams that the processor foresees.
// thin.go has the ways without a copy: by tiles if the rows of B are contiguous, and by dot
// tiles if both operands run along p, as they do in xyᵀ: the vectors of a dot tile run along
// p too and are added up at its end.
//
// # Cores
//
// Several cores share the tiles of C. They never share a sum: the
// order of its additions would then depend on how many there are, and the same
// training run would end with other weights on another machine. cores.go does it.

// Mul sets z to the product xy and returns z: M×K · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) Mul(x, y *Matrix) *Matrix {
	return z.product("Mul", x.plain(), y.plain(), x, y, 0, 1)
}

// TMul sets z to xᵀy and returns z: (K×M)ᵀ · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) TMul(x, y *Matrix) *Matrix {
	return z.product("TMul", x.transposed(), y.plain(), x, y, 0, 1)
}

// MulT sets z to xyᵀ and returns z: M×K · (N×K)ᵀ → M×N. z must not share memory
// with x or y.
func (z *Matrix) MulT(x, y *Matrix) *Matrix {
	return z.product("MulT", x.plain(), y.transposed(), x, y, 0, 1)
}

// AddMul adds αxy to z and returns z: M×K · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) AddMul(alpha float64, x, y *Matrix) *Matrix {
	return z.product("AddMul", x.plain(), y.plain(), x, y, 1, alpha)
}

// AddTMul adds αxᵀy to z and returns z: (K×M)ᵀ · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) AddTMul(alpha float64, x, y *Matrix) *Matrix {
	return z.product("AddTMul", x.transposed(), y.plain(), x, y, 1, alpha)
}

// UpdateTMul sets z to βz + αxᵀy and returns z: (K×M)ᵀ · K×N → M×N. It is a step of
// gradient descent with weight decay, in one pass over the weights. If β is 0 it does not
// read z. z must not share memory with x or y.
func (z *Matrix) UpdateTMul(beta, alpha float64, x, y *Matrix) *Matrix {
	return z.product("UpdateTMul", x.transposed(), y.plain(), x, y, beta, alpha)
}

// An operand is a matrix as a product sees it, perhaps transposed: element
// (i,j) is data[i*rs+j*cs]. One of the two strides is 1.
type operand struct {
	data       []float64
	rows, cols int
	rs, cs     int
}

// plain returns x as an operand, transposed returns xᵀ.
func (x *Matrix) plain() operand      { return operand{x.Data, x.Rows, x.Cols, x.Cols, 1} }
func (x *Matrix) transposed() operand { return x.plain().t() }

// t returns the transpose of o: the same memory, with the strides exchanged.
func (o operand) t() operand { return operand{o.data, o.cols, o.rows, o.cs, o.rs} }

// at returns the memory of o from element (i,j) on.
func (o operand) at(i, j int) []float64 { return o.data[i*o.rs+j*o.cs:] }

// product sets z to βz + α·ab. a and b are of the matrices x and y.
func (z *Matrix) product(op string, a, b operand, x, y *Matrix, beta, alpha float64) *Matrix {
	x.whole(op)
	y.whole(op)
	if a.cols != b.rows {
		mismatch(op, x, y)
	}
	z.shape(op, a.rows, b.cols)
	z.apart(op, x)
	z.apart(op, y)
	switch {
	case len(z.Data) == 0:
	case a.cols > 0:
		multiply(z.Data, a, b, alpha, beta)
	case beta == 0:
		clear(z.Data) // an empty sum
	default:
		active.Load().scaled(z.Data, z.Data, beta)
	}
	return z
}

// A job is a product, or a share of one: rows i0 … i1−1 and columns j0 … j1−1 of
// C ← βC + αAB.
type job struct {
	*kernel
	path           path
	c              []float64 // m×n, row after row
	a, b           operand   // m×k, k×n
	m, n, k        int
	alpha, beta    float64
	i0, i1, j0, j1 int
}

// multiply computes C ← βC + αAB, on as many cores as it is worth.
func multiply(c []float64, a, b operand, alpha, beta float64) {
	w := workers.Get().(*worker)
	w.begin(c, a, b, alpha, beta)
	if most := w.mostCores(); most > 1 {
		w.share(most)
	} else {
		w.run()
	}
	workers.Put(w)
}

// begin makes g the whole product, by the kernel in use.
func (g *job) begin(c []float64, a, b operand, alpha, beta float64) {
	g.beginWith(active.Load(), c, a, b, alpha, beta)
}

// beginWith makes g the whole product, by kr.
func (g *job) beginWith(kr *kernel, c []float64, a, b operand, alpha, beta float64) {
	if b.cols == 1 {
		// A column lies in memory as a row does, and rows are what the kernels
		// like: (ab)ᵀ = bᵀaᵀ.
		a, b = b.t(), a.t()
	}
	g.kernel, g.c, g.a, g.b, g.alpha, g.beta = kr, c, a, b, alpha, beta
	g.m, g.n, g.k = a.rows, b.cols, a.cols
	g.i0, g.i1, g.j0, g.j1 = 0, g.m, 0, g.n
	g.path = g.choose()
}

// A path is a way through a product: over packed blocks, or where the operands
// lie, by tiles or by dot tiles.
type path int

const (
	packed path = iota
	direct
	dots
	outer
	turned
)

// choose returns the path for a product of this shape. What it goes by is measured by
// TestCalibratePaths. Rows of B that do not begin with a line of the cache take two lines
// for a vector, and rows 4096 bytes apart compete for the same lines: these are packed soon.
func (g *job) choose() path {
	few := min(64, g.unpacked) // the portable kernel is slow where the operands lie
	switch {
	case g.k == 1:
		return outer
	case g.b.cs == 1 && g.a.cs == 1 && g.m >= 16 && g.k >= 64 && 10*g.n < 7*g.full():
		return turned // or else the last vector of a row would be more than half empty
	case g.b.cs == 1 && (g.m <= few || g.n*g.k <= few*few || g.n%8 == 0 && g.n%512 != 0 && g.n*g.k <= g.unpacked*g.unpacked):
		return direct
	case g.b.rs == 1 && g.a.cs == 1 && g.dotsPay():
		return dots
	}
	return packed
}

// full returns n, filled up to whole vectors.
func (g *job) full() int { return (g.n + g.lanes - 1) / g.lanes * g.lanes }

// dotsPay reports whether dot tiles, each of which takes some time to begin, are faster than
// packing B and multiplying by tiles, whose last vectors may be partly empty.
func (g *job) dotsPay() bool {
	m, n, k := float64(g.m), float64(g.n), float64(g.k)
	return 1.07*n*(1+float64(g.dotStart)/k) < float64(g.full())*(1+float64(g.packRows)/m)
}

// tile returns the rows and columns in whole multiples of which a path is shared out.
func (g *job) tile() (rows, cols int) {
	switch g.path {
	case dots, turned:
		if g.m < g.dr {
			return 1, g.vr
		}
		return g.dr, g.dc
	case outer:
		return 1, 1
	}
	return g.mr, g.nr
}
