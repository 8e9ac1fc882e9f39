package matrix

import "sync"

// buffers holds packed blocks of both operands.
type buffers struct{ a, b []float64 }

var pool = sync.Pool{New: func() any { return new(buffers) }}

// packed multiplies packed blocks: of B, kc rows and nc columns, which are read
// from the third cache on; of A, mc rows, which stay in the second cache.
func (g *job) packed() {
	buf := pool.Get().(*buffers)
	defer pool.Put(buf)
	kc := evenly(g.k, g.kc)
	for j := g.j0; j < g.j1; j += g.nc {
		cols := min(g.nc, g.j1-j)
		for p := 0; p < g.k; p += kc {
			kb := min(kc, g.k-p)
			buf.b = pack(buf.b, operand{g.b.at(p, j), cols, kb, g.b.cs, g.b.rs}, g.nr)
			for i := g.i0; i < g.i1; i += g.mc {
				rows := min(g.mc, g.i1-i)
				buf.a = pack(buf.a, operand{g.a.at(i, p), rows, kb, g.a.rs, g.a.cs}, g.mr)
				g.block(buf, i, j, rows, cols, kb, g.more || p > 0)
			}
		}
	}
}

// block multiplies one packed block of A with one of B.
func (g *job) block(buf *buffers, i0, j0, rows, cols, kb int, add bool) {
	for j := 0; j < cols; j += g.nr {
		for i := 0; i < rows; i += g.mr {
			g.tile(g.c[(i0+i)*g.n+j0+j:], g.n, buf.a[i*kb:], 1, g.mr, buf.b[j*kb:], g.nr,
				min(g.mr, rows-i), min(g.nr, cols-j), kb, g.alpha, add)
		}
	}
}

// pack copies src, whose columns run along k, into panels of the given width:
// element (i,p) goes to dst[i/width*width*k + p*width + i%width]. The last
// panel is filled up with zeros. It returns dst, grown if need be.
func pack(dst []float64, src operand, width int) []float64 {
	k := src.cols
	n := (src.rows + width - 1) / width * width * k
	if cap(dst) < n {
		dst = make([]float64, n)
	}
	dst = dst[:n]
	if src.rs == 1 {
		packAcross(dst, src, width)
		return dst
	}
	for i := 0; i < src.rows; i += width {
		packAlong(dst[i*k:][:width*k], src, i, min(i+width, src.rows), width)
	}
	return dst
}

// packAcross packs where memory runs across the panels: it copies each row
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

// packAlong packs the rows from i to end into one panel where memory runs along
// the panel: it writes four rows at a time as columns.
func packAlong(panel []float64, src operand, i, end, width int) {
	k, r := src.cols, 0
	if end-i < width {
		clear(panel)
	}
	for ; i+4 <= end; i, r = i+4, r+4 {
		interleave(panel[r:], width, src.at(i, 0)[:k], src.at(i+1, 0), src.at(i+2, 0), src.at(i+3, 0))
	}
	for ; i < end; i, r = i+1, r+1 {
		for p, v := range src.at(i, 0)[:k] {
			panel[p*width+r] = v
		}
	}
}

// interleave writes four rows as columns, width elements apart.
func interleave(dst []float64, width int, s0, s1, s2, s3 []float64) {
	s1, s2, s3 = s1[:len(s0)], s2[:len(s0)], s3[:len(s0)]
	for p, v := range s0 {
		d := (*[4]float64)(dst[p*width:])
		d[0], d[1], d[2], d[3] = v, s1[p], s2[p], s3[p]
	}
}
