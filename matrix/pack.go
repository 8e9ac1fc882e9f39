package matrix

import "sync"

// buffers holds packed blocks of both operands.
type buffers struct{ a, b []float64 }

var pool = sync.Pool{New: func() any { return new(buffers) }}

// room returns n elements of memory: buf's, if it has so many.
func room(buf []float64, n int) []float64 {
	if cap(buf) < n {
		return make([]float64, n)
	}
	return buf[:n]
}

// packed multiplies packed blocks: of B, kc rows and nc columns, which are read
// from the third cache; of A, mc rows, which stay in the second cache.
func (g *job) packed() {
	buf := pool.Get().(*buffers)
	defer pool.Put(buf)
	kc := evenly(g.k, g.kc)
	for j := g.j0; j < g.j1; j += g.nc {
		cols := min(g.nc, g.j1-j)
		for p := 0; p < g.k; p += kc {
			kb := min(kc, g.k-p)
			buf.b = g.pack(buf.b, operand{g.b.at(p, j), cols, kb, g.b.cs, g.b.rs}, g.nr)
			for i := g.i0; i < g.i1; i += g.mc {
				rows := min(g.mc, g.i1-i)
				buf.a = g.pack(buf.a, operand{g.a.at(i, p), rows, kb, g.a.rs, g.a.cs}, g.mr)
				g.block(buf, i, j, rows, cols, kb, g.more || p > 0)
			}
		}
	}
}

// block multiplies one packed block of A with one of B.
func (g *job) block(buf *buffers, i, j, rows, cols, kb int, add bool) {
	g.blockOf(g.c[i*g.n+j:], g.n, buf.a, 1, g.mr, g.mr*kb, buf.b, g.nr, g.nr*kb, rows, cols, kb, g.alpha, add)
}

// pack copies src, whose columns run along k, into panels of the given width:
// element (i,p) goes to dst[i/width*width*k + p*width + i%width]. The last
// panel is padded with zeros. It returns dst, grown if necessary.
func (g *kernel) pack(dst []float64, src operand, width int) []float64 {
	k := src.cols
	n := (src.rows + width - 1) / width * width * k
	dst = room(dst, n)
	if src.rs == 1 {
		packAcross(dst, src, width)
		return dst
	}
	for i := 0; i < src.rows; i += width {
		panel, rows := dst[i*k:][:width*k], min(width, src.rows-i)
		if rows < width {
			clear(panel)
		}
		g.transpose(panel, width, src.at(i, 0), src.rs, rows, k)
	}
	return dst
}

// packAcross packs a src whose memory runs across the panels: it copies each row
// piece by piece, so that memory is read in long runs.
func packAcross(dst []float64, src operand, width int) {
	k := src.cols
	for p := range k {
		row := src.at(0, p)[:src.rows]
		at := p * width
		for ; len(row) >= width; at += width * k {
			copy(dst[at:at+width], row)
			row = row[width:]
		}
		if len(row) > 0 {
			clear(dst[at+copy(dst[at:at+width], row) : at+width])
		}
	}
}
