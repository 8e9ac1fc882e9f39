package matrix

// The paths without packing: for products that read an operand so few times
// that a copy of it would not pay, as those of the book's network do.

// direct multiplies where the operands lie.
func (w *worker) direct() {
	rows := min(w.i1-w.i0, max(w.mr, callWork/(min(w.k, w.kc)*w.nr)/w.mr*w.mr))
	for i := w.i0; i < w.i1; i += rows {
		for p := 0; p < w.k; p += w.kc {
			t := &w.at
			t.a, t.ars, t.acs, t.an = w.a.at(i, p), w.a.rs, w.a.cs, w.mr*w.a.rs
			t.b, t.ldb, t.bn = w.b.at(p, w.j0), w.b.rs, w.nr
			t.rows, t.cols, t.k = min(rows, w.i1-i), w.j1-w.j0, min(w.kc, w.k-p)
			w.tiled(i, w.j0, p)
		}
	}
}

// outer multiplies a column by a row: each row of C is a multiple of the row.
func (w *worker) outer() {
	b := w.b.data[w.j0:w.j1]
	for i := w.i0; i < w.i1; i++ {
		c, x := w.c[i*w.n:][w.j0:w.j1], w.alpha*w.a.data[i]
		switch w.beta {
		case 0:
			w.scaled(c, b, x)
			continue
		case 1:
		default:
			w.scaled(c, c, w.beta)
		}
		w.sum(c, c, b, x)
	}
}

// turned multiplies by dot tiles a matrix whose rows are too short for tiles, once
// they are turned into columns.
func (w *worker) turned() {
	n, k := w.j1-w.j0, evenly(w.k, w.dk, 8)
	w.packedB = room(w.packedB, n*w.k)
	for p := 0; p < w.k; p += k {
		w.turn(w.packedB[p:], w.k, w.b.at(p, w.j0), w.b.rs, min(k, w.k-p), n)
	}
	w.dotted(operand{w.packedB, w.k, n, 1, w.k})
}

// dots multiplies where the operands lie if both lie along k.
func (w *worker) dots() {
	w.dotted(operand{w.b.at(0, w.j0), w.k, w.j1 - w.j0, 1, w.b.cs})
}

// dotted multiplies with b, columns j0 … j1−1 of B, in blocks of rows of A that stay in the
// second cache, and of steps along k so few that a dot tile's operands stay in the first.
func (w *worker) dotted(b operand) {
	rows, k := evenly(w.i1-w.i0, w.mc, w.dr), evenly(w.k, w.dk, 8)
	for i := w.i0; i < w.i1; i += rows {
		for p := 0; p < w.k; p += k {
			kb := min(k, w.k-p)
			w.dotBlock(w.c[i*w.n+w.j0:], operand{w.a.at(i, p), min(rows, w.i1-i), kb, w.a.rs, 1},
				operand{b.at(p, 0), kb, b.cols, 1, b.cs}, w.betaAt(p))
		}
	}
}

// dotBlock is a product of two blocks by dot tiles. One or two rows or columns that are
// left over take vectors of dots instead: most of a tile would be computed for nothing.
func (w *worker) dotBlock(c []float64, a, b operand, beta float64) {
	w.at = block{ldc: w.n, ars: a.rs, ldb: b.cs, k: a.cols, alpha: w.alpha, beta: beta}
	bottom, right := byTiles(a.rows, w.dr), byTiles(b.cols, w.dc)
	t := &w.at
	for j := 0; j < right; j += w.dc {
		for i := 0; i < bottom; i += w.dr {
			t.c, t.a, t.b = c[i*w.n+j:], a.at(i, 0), b.at(0, j)
			t.rows, t.cols = min(w.dr, bottom-i), min(w.dc, right-j)
			call(w.dot, t)
		}
	}
	t.cols = 1
	// To the right of the tiles, columns of C: one column of B with many rows of A.
	for j := right; j < b.cols; j++ {
		for i := 0; i < bottom; i += w.vr {
			t.c, t.a, t.b, t.rows = c[i*w.n+j:], a.at(i, 0), b.at(0, j), min(w.vr, bottom-i)
			call(w.dotv, t)
		}
	}
	// Below them, rows: one row of A with many columns of B, which now take the place of A.
	t.ldc, t.ars = 1, b.cs
	for i := bottom; i < a.rows; i++ {
		for j := 0; j < b.cols; j += w.vr {
			t.c, t.a, t.b, t.rows = c[i*w.n+j:], b.at(0, j), a.at(i, 0), min(w.vr, b.cols-j)
			call(w.dotv, t)
		}
	}
}

// byTiles returns how many of n rows dot tiles take: all, unless one or two are left over.
func byTiles(n, tile int) int {
	if left := n % tile; left <= 2 {
		return n - left
	}
	return n
}
