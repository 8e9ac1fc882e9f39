package matrix

import (
	"runtime"
	"sync"
)

// Mul sets z to the product xy and returns z: M×K · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) Mul(x, y *Matrix) *Matrix {
	return z.product("Mul", x.plain(), y.plain(), x, y, 1, false)
}

// AddMul adds αxy to z and returns z: M×K · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) AddMul(alpha float64, x, y *Matrix) *Matrix {
	return z.product("AddMul", x.plain(), y.plain(), x, y, alpha, true)
}

// TMul sets z to xᵀy and returns z: (K×M)ᵀ · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) TMul(x, y *Matrix) *Matrix {
	return z.product("TMul", x.transposed(), y.plain(), x, y, 1, false)
}

// AddTMul adds αxᵀy to z and returns z: (K×M)ᵀ · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) AddTMul(alpha float64, x, y *Matrix) *Matrix {
	return z.product("AddTMul", x.transposed(), y.plain(), x, y, alpha, true)
}

// MulT sets z to xyᵀ and returns z: M×K · (N×K)ᵀ → M×N. z must not share memory
// with x or y.
func (z *Matrix) MulT(x, y *Matrix) *Matrix {
	return z.product("MulT", x.plain(), y.transposed(), x, y, 1, false)
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

// product sets z to α·ab, or adds that to it. a and b are of the matrices x and y.
func (z *Matrix) product(op string, a, b operand, x, y *Matrix, alpha float64, add bool) *Matrix {
	if a.cols != b.rows {
		mismatch(op, x, y)
	}
	z.shape(op, a.rows, b.cols)
	z.apart(op, x)
	z.apart(op, y)
	switch {
	case len(z.Data) == 0:
	case a.cols > 0:
		multiply(z.Data, a, b, alpha, add)
	case !add:
		clear(z.Data) // an empty sum
	}
	return z
}

// A job is a product, or one core's share of it: rows i0 … i1−1 and columns
// j0 … j1−1 of C += α·A·B, or of C = α·A·B.
type job struct {
	*kernel
	path           path
	c              []float64 // m×n, row after row
	a, b           operand   // m×k, k×n
	m, n, k        int
	alpha          float64
	more           bool
	i0, i1, j0, j1 int
}

// multiply computes C += α·A·B, or C = α·A·B, on as many cores as it is worth.
func multiply(c []float64, a, b operand, alpha float64, more bool) {
	g := newJob(c, a, b, alpha, more)
	if cores := g.cores(); cores > 1 {
		g.share(cores)
		return
	}
	g.run()
}

// newJob returns the whole product as one job.
func newJob(c []float64, a, b operand, alpha float64, more bool) job {
	if b.cols == 1 {
		// A column lies in memory as a row does, and rows are what the kernels
		// like: (ab)ᵀ = bᵀaᵀ.
		a, b = b.t(), a.t()
	}
	g := job{kernel: active.Load(), c: c, a: a, b: b, m: a.rows, n: b.cols, k: a.cols, alpha: alpha, more: more}
	g.i1, g.j1 = g.m, g.n
	g.path = g.choose()
	return g
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

// choose returns the path for a product of this shape.
func (g *job) choose() path {
	small := g.m <= g.unpacked || g.n*g.k <= g.unpacked*g.unpacked
	alongK := g.a.cs == 1 && g.b.rs == 1 && g.b.cs != 1
	switch {
	case g.k == 1:
		return outer
	case g.n < 16 && g.m >= 16 && g.k >= 64 && g.a.cs == 1 && g.b.cs == 1:
		return turned
	case small && g.b.cs == 1:
		return direct
	case alongK && min(g.m, g.n) <= 64:
		return dots
	}
	return packed
}

// run takes the path.
func (g *job) run() {
	switch g.path {
	case packed:
		g.packed()
	case direct:
		g.direct()
	case dots:
		g.dots()
	case outer:
		g.outer()
	case turned:
		g.turned()
	}
}

// coreWork is how many multiplications make it worth to start one more core.
const coreWork = 1 << 20

// cores returns how many cores to share the product among.
func (g *job) cores() int {
	most := float64(g.m) * float64(g.n) * float64(g.k) / coreWork
	return min(runtime.GOMAXPROCS(0), int(min(most, 1<<20)))
}

// share runs the product on several cores. They share its rows, or its columns if
// there are more of these, in whole tiles; never the sum over k, whose order
// would then depend on how many they are.
func (g job) share(cores int) {
	var wg sync.WaitGroup
	byRows := g.m/g.mr >= g.n/g.nr
	for i := range cores {
		part := g
		if byRows {
			part.i0, part.i1 = portion(g.m, g.mr, i, cores), portion(g.m, g.mr, i+1, cores)
		} else {
			part.j0, part.j1 = portion(g.n, g.nr, i, cores), portion(g.n, g.nr, i+1, cores)
		}
		if i == cores-1 {
			part.run()
			break
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			part.run()
		}()
	}
	wg.Wait()
}

// portion returns where the i-th of so many parts of n begins, a multiple of tile.
func portion(n, tile, i, parts int) int {
	tiles := (n + tile - 1) / tile
	return min(n, tiles*i/parts*tile)
}

// direct multiplies where the operands lie.
func (g *job) direct() {
	for p := 0; p < g.k; p += g.kc {
		kb := min(g.kc, g.k-p)
		add := g.more || p > 0
		for j := g.j0; j < g.j1; j += g.nr {
			cols := min(g.nr, g.j1-j)
			for i := g.i0; i < g.i1; i += g.mr {
				g.tile(g.c[i*g.n+j:], g.n, g.a.at(i, p), g.a.rs, g.a.cs, g.b.at(p, j), g.b.rs,
					min(g.mr, g.i1-i), cols, kb, g.alpha, add)
			}
		}
	}
}

// outer multiplies a column by a row: each row of C is a multiple of the row.
func (g *job) outer() {
	b := g.b.data[g.j0:g.j1]
	for i := g.i0; i < g.i1; i++ {
		c, x := g.c[i*g.n:][g.j0:g.j1], g.alpha*g.a.data[i]
		if g.more {
			g.addScaled(c, b, x)
		} else {
			g.scale(c, b, x)
		}
	}
}

// turned multiplies by dot tiles a matrix whose rows are too short for tiles, once
// they are turned into columns.
func (g job) turned() {
	buf := pool.Get().(*buffers)
	defer pool.Put(buf)
	n := g.j1 - g.j0
	buf.b = room(buf.b, n*g.k)
	g.transpose(buf.b, g.k, g.b.at(0, g.j0), g.b.rs, g.k, n)
	g.b, g.j0, g.j1, g.c = operand{buf.b, g.k, n, 1, g.k}, 0, n, g.c[g.j0:]
	g.dots()
}

// dots multiplies where the operands lie if both lie along k.
func (g *job) dots() {
	kc := evenly(g.k, g.dk)
	for p := 0; p < g.k; p += kc {
		g.dotBlock(p, min(kc, g.k-p), g.more || p > 0)
	}
}

// evenly returns a block size of at most most, a multiple of 8, that cuts n into equal blocks.
func evenly(n, most int) int {
	blocks := (n + most - 1) / most
	return ((n+blocks-1)/blocks + 7) &^ 7
}

// dotBlock adds the part of the sums from p to p+kb.
func (g *job) dotBlock(p, kb int, add bool) {
	i, j := g.i0, g.j0
	for ; j+g.dc <= g.j1 && g.i0+g.dr <= g.i1; j += g.dc {
		for i = g.i0; i+g.dr <= g.i1; i += g.dr {
			g.dot(g.c[i*g.n+j:], g.n, 1, g.a.at(i, p), g.a.rs, g.b.at(p, j), g.b.cs, kb, g.alpha, add)
		}
	}
	// Below the tiles, rows of C: one row of A with many columns of B.
	for ; i < g.i1; i++ {
		for q := g.j0; q < g.j1; q += g.vr {
			g.dotv(g.c[i*g.n+q:], 1, g.b.at(p, q), g.b.cs, g.a.at(i, p), min(g.vr, g.j1-q), kb, g.alpha, add)
		}
	}
	// To the right of them, columns: one column of B with many rows of A.
	bottom := g.i0 + (g.i1-g.i0)/g.dr*g.dr
	for ; j < g.j1; j++ {
		for q := g.i0; q < bottom; q += g.vr {
			g.dotv(g.c[q*g.n+j:], g.n, g.a.at(q, p), g.a.rs, g.b.at(p, j), min(g.vr, bottom-q), kb, g.alpha, add)
		}
	}
}
