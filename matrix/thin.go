package matrix

// The paths without packing are for products that read an operand so few times that
// copying it would not pay. Those of the book's network are such products.

// direct multiplies the operands in place.
func (g *job) direct() {
	for p := 0; p < g.k; p += g.kc {
		g.blockOf(g.c[g.i0*g.n+g.j0:], g.n, g.a.at(g.i0, p), g.a.rs, g.a.cs, g.mr*g.a.rs, g.b.at(p, g.j0), g.b.rs, g.nr,
			g.i1-g.i0, g.j1-g.j0, min(g.kc, g.k-p), g.alpha, g.more || p > 0)
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

// turned multiplies by dot tiles a B whose rows are too short for tiles, after turning
// them into columns.
func (g job) turned() {
	buf := pool.Get().(*buffers)
	defer pool.Put(buf)
	n := g.j1 - g.j0
	buf.b = room(buf.b, n*g.k)
	g.transpose(buf.b, g.k, g.b.at(0, g.j0), g.b.rs, g.k, n)
	g.b, g.j0, g.j1, g.c = operand{buf.b, g.k, n, 1, g.k}, 0, n, g.c[g.j0:]
	g.dots()
}

// dots multiplies operands in place that both lie along k.
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
	bottom := g.i0 + (g.i1-g.i0)/g.dr*g.dr // where whole tiles end
	right := g.j0 + (g.j1-g.j0)/g.dc*g.dc
	for j := g.j0; j < right; j += g.dc {
		for i := g.i0; i < bottom; i += g.dr {
			g.dot(g.c[i*g.n+j:], g.n, 1, g.a.at(i, p), g.a.rs, g.b.at(p, j), g.b.cs, kb, g.alpha, add)
		}
	}
	// Below the tiles, rows of C: one row of A with many columns of B.
	for i := bottom; i < g.i1; i++ {
		for q := g.j0; q < g.j1; q += g.vr {
			g.dotv(g.c[i*g.n+q:], 1, g.b.at(p, q), g.b.cs, g.a.at(i, p), min(g.vr, g.j1-q), kb, g.alpha, add)
		}
	}
	// To the right of them, columns: one column of B with many rows of A.
	for j := right; j < g.j1; j++ {
		for q := g.i0; q < bottom; q += g.vr {
			g.dotv(g.c[q*g.n+j:], g.n, g.a.at(q, p), g.a.rs, g.b.at(p, j), min(g.vr, bottom-q), kb, g.alpha, add)
		}
	}
}
