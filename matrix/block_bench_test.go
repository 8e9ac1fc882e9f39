package matrix

import (
	"fmt"
	"testing"
)

// BenchmarkTiles measures the kernel in use on packed blocks, without packing and without
// z too large for a cache: how long the strips and panels are, and how many there are of
// each, decides which cache they come from.
//
//	go test -run '^$' -bench Tiles -cpu 1 ./matrix
func BenchmarkTiles(b *testing.B) {
	kr := active.Load()
	for _, s := range []struct{ strips, panels, k int }{{1, 1, 128}, {1, 1, 512}, {15, 1, 512}, {15, 20, 512}} {
		rows, cols := s.strips*kr.mr, s.panels*kr.nr
		x, y, z := New(rows, s.k), New(cols, s.k), New(rows, cols)
		for _, m := range []*Matrix{x, y, z} {
			for i := range m.Data { // memory that was never written has no places of its own
				m.Data[i] = 1
			}
		}
		t := &block{c: z.Data, ldc: cols, a: x.Data, ars: 1, acs: kr.mr, an: kr.mr * s.k, b: y.Data, ldb: kr.nr, bn: kr.nr * s.k,
			rows: rows, cols: cols, k: s.k, alpha: 0x1p-60, beta: 1}
		b.Run(fmt.Sprintf("x=%dKiB,y=%dKiB", rows*s.k/128, cols*s.k/128), func(b *testing.B) {
			for range b.N {
				kr.tiles(t)
			}
			b.ReportMetric(2*float64(rows)*float64(cols)*float64(s.k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
