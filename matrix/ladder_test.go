package matrix_test

import (
	"math/rand/v2"
	"testing"

	. "nndl/matrix"
	"nndl/matrix/ladder"
)

// BenchmarkLadder measures every rung of the climb that docs/matmul.md tells:
//
//	go test -run '^$' -bench Ladder ./matrix
func BenchmarkLadder(b *testing.B) {
	for _, rung := range ladder.Rungs {
		b.Run(rung.Name+"/512x512x512", func(b *testing.B) {
			const n = 512
			rng := rand.New(rand.NewPCG(1, 0))
			x, y, z := random(rng, n, n), random(rng, n, n), New(n, n)
			for b.Loop() {
				rung.Mul(z, x, y)
			}
			flops := 2 * n * n * n * float64(b.N)
			b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
