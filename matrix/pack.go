package matrix

import "sync"

// A worker does jobs. What that needs is kept for the next one: the block that the kernel
// is at, and the memory for packed blocks of both operands.
type worker struct {
	job
	at               block
	packedA, packedB []float64
	runs             Runs
}

var workers = sync.Pool{New: func() any { return new(worker) }}

// run does the job.
func (w *worker) run() {
	switch w.path {
	case packed:
		w.packed()
	case direct:
		w.direct()
	case dots:
		w.dots()
	case outer:
		w.outer()
	case turned:
		w.turned()
	}
}

// packed multiplies with packed blocks of B: kc rows and nc columns, which are read from
// the third cache on. A block of A has mc rows, which stay in the second cache. It is read
// where it lies: the rows of a tile are so many streams, which the processor foresees. It is
// packed too if its rows are 4096 bytes apart and would compete for the same lines of the
// cache, and for the portable kernel, which a copy spares the computing of addresses.
func (w *worker) packed() {
	kc, mc, nc := evenly(w.k, w.kc, 8), evenly(w.i1-w.i0, w.mc, w.mr), evenly(w.j1-w.j0, w.nc, w.nr)
	packsA := w.packsA || max(w.a.rs, w.a.cs)%512 == 0
	for j := w.j0; j < w.j1; j += nc {
		cols := min(nc, w.j1-j)
		for p := 0; p < w.k; p += kc {
			kb := min(kc, w.k-p)
			w.packedB = w.pack(w.packedB, operand{w.b.at(p, j), cols, kb, w.b.cs, w.b.rs}, w.nr)
			for i := w.i0; i < w.i1; i += mc {
				t, rows := &w.at, min(mc, w.i1-i)
				t.a, t.ars, t.acs, t.an = w.a.at(i, p), w.a.rs, w.a.cs, w.mr*w.a.rs
				if packsA {
					w.packedA = w.pack(w.packedA, operand{t.a, rows, kb, w.a.rs, w.a.cs}, w.mr)
					t.a, t.ars, t.acs, t.an = w.packedA, 1, w.mr, w.mr*kb
				}
				t.b, t.ldb, t.bn = w.packedB, w.nr, w.nr*kb
				t.rows, t.cols, t.k = rows, cols, kb
				w.tiled(i, j, p)
			}
		}
	}
}

// evenly returns a block size of at most most, or a little more, that cuts n into equal
// blocks, the last perhaps short: a multiple of unit.
func evenly(n, most, unit int) int {
	blocks := max(1, (n+most-1)/most)
	return ((n+blocks-1)/blocks + unit - 1) / unit * unit
}

// callWork is about how many multiplications a call of assembly makes at most: a third
// of a millisecond on a slow core. Go cannot stop a goroutine in the midst of a call, and
// while one runs on, all others wait when the garbage collector wants to stop them.
const callWork = 1 << 23

// tiled multiplies the block that w is at by tiles, as many panels of it in a call as
// callWork allows. Its C begins at (i,j), its sums at step p of k.
func (w *worker) tiled(i, j, p int) {
	t := &w.at
	t.c, t.ldc, t.alpha, t.beta = w.c[i*w.n+j:], w.n, w.alpha, w.betaAt(p)
	step := max(1, callWork/(t.rows*t.k*w.nr)) * w.nr
	for left := t.cols; left > 0; left -= step {
		t.cols = min(step, left)
		call(w.tiles, t)
		if left > step {
			t.c, t.b = t.c[step:], t.b[step/w.nr*t.bn:]
		}
	}
}

// betaAt returns β for the part of the sums from step p on: C holds the parts before.
func (g *job) betaAt(p int) float64 {
	if p > 0 {
		return 1
	}
	return g.beta
}

// room returns n elements of memory: those of buf, if it has as many.
func room(buf []float64, n int) []float64 {
	if cap(buf) < n {
		return make([]float64, n)
	}
	return buf[:n]
}

// pack copies src, whose columns run along k, into panels of the given width:
// element (i,p) goes to dst[i/width*width*k + p*width + i%width]. The last
// panel is filled up with zeros. It returns dst, grown if need be.
func (g *kernel) pack(dst []float64, src operand, width int) []float64 {
	k := src.cols
	n := (src.rows + width - 1) / width * width * k
	dst = room(dst, n)
	if src.rs == 1 {
		for p := range k {
			packAcross(dst[p*width:], src.at(0, p)[:src.rows], width, width*k)
		}
		return dst
	}
	for i := 0; i < src.rows; i += width {
		panel, rows := dst[i*k:][:width*k], min(width, src.rows-i)
		if rows < width {
			clear(panel)
		}
		g.turn(panel, width, src.at(i, 0), src.rs, rows, k)
	}
	return dst
}

// packAcross packs where memory runs across the panels: it copies a row to them, piece by
// piece, so that memory is read in long runs. Panels are stride elements apart. It is not
// inlined, for the reason that call is not.
//
//go:noinline
func packAcross(dst, row []float64, width, stride int) {
	at := 0
	for ; len(row) >= width; at += stride {
		copy(dst[at:at+width], row)
		row = row[width:]
	}
	if len(row) > 0 {
		clear(dst[at+copy(dst[at:at+width], row) : at+width])
	}
}
