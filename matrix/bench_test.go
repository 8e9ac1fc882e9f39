package matrix

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
)

// bench measures one product at several shapes, M×K×N. A flop is a multiplication or
// an addition.
//
//	go test -run '^$' -bench 'Mul/1024x' -cpu 1,2 ./matrix
func bench(b *testing.B, tx, ty bool, do func(z, x, y *Matrix) *Matrix, shapes ...[3]int) {
	for _, s := range shapes {
		m, k, n := s[0], s[1], s[2]
		b.Run(fmt.Sprintf("%dx%dx%d", m, k, n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 0))
			x, y, z := drawn(m, k, tx, rng.NormFloat64), drawn(k, n, ty, rng.NormFloat64), New(m, n)
			do(z, x, y)
			b.ResetTimer()
			for range b.N {
				do(z, x, y)
			}
			b.ReportMetric(2*float64(m)*float64(k)*float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// cube is the shape of a product of square matrices.
func cube(n int) [3]int { return [3]int{n, n, n} }

func BenchmarkMul(b *testing.B) {
	bench(b, false, false, (*Matrix).Mul,
		[3]int{30, 784, 10}, [3]int{30, 784, 1}, [3]int{30, 10, 784}, cube(64), cube(128), cube(256), cube(512), cube(1024), cube(2048),
		[3]int{30, 784, 10000}, [3]int{10, 10, 30}, cube(63), cube(100), cube(255), cube(257), cube(511), cube(1023))
}

// The products of a mini-batch kept as rows, of one example (30×1·(784×1)ᵀ), and squares.
func BenchmarkMulT(b *testing.B) {
	bench(b, false, true, (*Matrix).MulT,
		[3]int{30, 784, 10}, [3]int{10, 784, 30}, [3]int{1, 784, 30}, [3]int{100, 784, 30}, [3]int{1000, 784, 30}, [3]int{30, 1, 784}, cube(256), cube(1024))
}

func BenchmarkTMul(b *testing.B) {
	bench(b, true, false, (*Matrix).TMul, [3]int{30, 10, 784}, [3]int{30, 10, 1}, cube(256), cube(1024))
}

// z += xᵀy, the step of a mini-batch kept as rows, with −η/m in x already.
func BenchmarkAddTMul(b *testing.B) {
	bench(b, true, false, func(z, x, y *Matrix) *Matrix { return z.AddTMul(1, x, y) },
		[3]int{30, 10, 784}, [3]int{30, 100, 784})
}

var calibrate = flag.Bool("calibrate", false, "measure from which size on a second core pays")

// TestCalibrateCores prints what coreWork is chosen by: how long products in a row take
// on one core and on two, smaller ones first.
//
//	go test ./matrix -run CalibrateCores -v -calibrate
func TestCalibrateCores(t *testing.T) {
	if !*calibrate {
		t.Skip("measures, with -calibrate")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for n := 48; n <= 256; n += 16 {
		x, y, z := New(n, n), New(n, n), New(n, n)
		var best [3]time.Duration
		for cores := 1; cores <= 2; cores++ {
			for range 300 {
				w := new(worker)
				w.begin(z.Data, x.plain(), y.plain(), 1, 0)
				start := time.Now()
				w.share(cores)
				if d := time.Since(start); best[cores] == 0 || d < best[cores] {
					best[cores] = d
				}
			}
		}
		t.Logf("%3d³ = %8d multiplications: %9v on one core, %9v on two", n, n*n*n, best[1], best[2])
	}
}
