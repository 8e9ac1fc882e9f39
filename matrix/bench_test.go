package matrix

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
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

// Those of chapter 6 are here too: for an image 576×25·25×20 and 64×500·500×40, and for ten
// images forward, by BenchmarkMulT, 10×2880·(100×2880)ᵀ and 10×1000·(1000×1000)ᵀ, backward
// 10×100·100×2880, and the step, by BenchmarkAddTMul, (10×100)ᵀ·10×2880.
func BenchmarkMul(b *testing.B) {
	bench(b, false, false, (*Matrix).Mul,
		[3]int{30, 784, 10}, [3]int{30, 784, 1}, [3]int{30, 10, 784}, cube(64), cube(128), cube(256), cube(512), cube(1024), cube(2048),
		[3]int{30, 784, 10000}, [3]int{10, 10, 30}, [3]int{20, 25, 576}, [3]int{576, 25, 20}, [3]int{40, 500, 64}, [3]int{64, 500, 40}, [3]int{10, 2880, 100}, [3]int{10, 100, 2880}, [3]int{10, 1000, 1000}, cube(63), cube(100), cube(255), cube(257), cube(511), cube(1023))
}

// The products of a mini-batch kept as rows, of one example (30×1·(784×1)ᵀ), and squares.
func BenchmarkMulT(b *testing.B) {
	bench(b, false, true, (*Matrix).MulT,
		[3]int{30, 784, 10}, [3]int{10, 784, 30}, [3]int{1, 784, 30}, [3]int{100, 784, 30}, [3]int{1000, 784, 30}, [3]int{10000, 784, 30}, [3]int{10000, 784, 100},
		[3]int{30, 1, 784}, [3]int{40, 500, 64}, [3]int{64, 500, 40}, [3]int{576, 25, 20}, [3]int{20, 576, 25}, [3]int{10, 1000, 1000}, [3]int{10, 2880, 100}, cube(256), cube(1024))
}

func BenchmarkTMul(b *testing.B) {
	bench(b, true, false, (*Matrix).TMul, [3]int{30, 10, 784}, [3]int{30, 10, 1}, [3]int{500, 64, 40}, [3]int{40, 64, 500}, cube(256), cube(1024))
}

// z += xᵀy, the step of a mini-batch kept as rows, with −η/m in x already.
func BenchmarkAddTMul(b *testing.B) {
	bench(b, true, false, func(z, x, y *Matrix) *Matrix { return z.AddTMul(1, x, y) },
		[3]int{30, 10, 784}, [3]int{30, 100, 784}, [3]int{1000, 10, 1000}, [3]int{2880, 10, 100}, [3]int{100, 10, 2880})
}

// BenchmarkBusy measures a product beside other goroutines that keep all cores busy. The
// median takes about as long as on one core: what they leave is a share of the time, and
// no product waits for a core that they hold.
func BenchmarkBusy(b *testing.B) {
	for _, busy := range []int{0, 2, 6} {
		for _, n := range []int{128, 256} {
			b.Run(fmt.Sprintf("%dx%dx%d/beside=%d", n, n, n, busy), func(b *testing.B) {
				x, y, z := New(n, n), New(n, n), New(n, n)
				var stop atomic.Bool
				for range busy {
					go func() {
						for !stop.Load() {
						}
					}()
				}
				defer stop.Store(true)
				median(b, func() { z.Mul(x, y) })
			})
		}
	}
}

// BenchmarkStop measures how long the world takes to stop while products are computed,
// which is hardly longer than a call of a kernel.
func BenchmarkStop(b *testing.B) {
	for _, s := range [][3]int{{64, 512, 40000}, cube(1024), {10000, 784, 30}} {
		for _, p := range products[:3] {
			b.Run(fmt.Sprintf("%s/%dx%dx%d", p.name, s[0], s[1], s[2]), func(b *testing.B) {
				one := func() float64 { return 1 }
				x, y, z := drawn(s[0], s[1], p.tx, one), drawn(s[1], s[2], p.ty, one), New(s[0], s[2])
				var stop atomic.Bool
				done := make(chan struct{})
				go func() {
					defer close(done)
					for !stop.Load() {
						p.do(z, x, y)
					}
				}()
				var m runtime.MemStats
				median(b, func() { runtime.ReadMemStats(&m) }) // it stops the world
				stop.Store(true)
				<-done
			})
		}
	}
}

// median reports the median and the longest of the times that f takes.
func median(b *testing.B, f func()) {
	var times []time.Duration
	for b.Loop() {
		start := time.Now()
		f()
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(times[len(times)/2].Seconds()*1000, "median-ms")
	b.ReportMetric(times[len(times)-1].Seconds()*1000, "longest-ms")
}

var calibrate = flag.Bool("calibrate", false, "measure where one way of a product begins to pay")

// TestCalibrateCores prints what coreWork and wakeWork are chosen by: the median time of a
// product on one core, on two that follow the products closely, and on two of which one
// has to be woken after a pause.
//
//	go test ./matrix -run CalibrateCores -v -calibrate
func TestCalibrateCores(t *testing.T) {
	if !*calibrate {
		t.Skip("measures, with -calibrate")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for n := 64; n <= 448; n += 32 {
		x, y, z := New(n, n), New(n, n), New(n, n)
		timed := func(shares int, pause time.Duration) time.Duration {
			var times []time.Duration
			var w worker
			for range 200 {
				time.Sleep(pause)
				w.begin(z.Data, x.plain(), y.plain(), 1, 0)
				start := time.Now()
				task := newTask(&w.job, shares)
				if shares > 1 {
					elsewhere(task)
				}
				task.work()
				task.wait()
				times = append(times, time.Since(start))
			}
			slices.Sort(times)
			return times[len(times)/2]
		}
		const pause = 1500 * time.Microsecond
		t.Logf("%3d³ = %9d multiplications: %9v on one core, %9v on two; after a pause %9v and %9v",
			n, n*n*n, timed(1, 0), timed(2, 0), timed(1, pause), timed(2, pause))
	}
}

// TestCalibratePaths prints what choose goes by: the rate of each path that a product can
// take, in GFLOP/s, a star at the one that is chosen.
//
//	NNDL_KERNEL=avx2 go test ./matrix -run CalibratePaths -v -calibrate
func TestCalibratePaths(t *testing.T) {
	if !*calibrate {
		t.Skip("measures, with -calibrate")
	}
	names := []string{packed: "packed", direct: "direct", dots: "dots", turned: "turned"}
	rates := func(m, k, n int, tx, ty bool, paths ...path) {
		x, y, z := New(m, k), New(k, n), New(m, n)
		a, b := x.plain(), y.plain()
		if tx {
			a = FromSlice(k, m, x.Data).transposed()
		}
		if ty {
			b = FromSlice(n, k, y.Data).transposed()
		}
		line := fmt.Sprintf("%4d×%d×%d:", m, k, n)
		var w worker
		for _, way := range paths {
			w.begin(z.Data, a, b, 1, 0)
			star := ' '
			if w.path == way {
				star = '*'
			}
			w.path = way
			var best time.Duration
			for range max(4, min(100, int(1e10/(2*float64(m)*float64(k)*float64(n))))) {
				start := time.Now()
				w.run()
				if d := time.Since(start); best == 0 || d < best {
					best = d
				}
			}
			line += fmt.Sprintf("  %s%c %5.1f", names[way], star, 2*float64(m)*float64(k)*float64(n)/float64(best.Nanoseconds()))
		}
		t.Log(line)
	}
	t.Log("xy:")
	for _, n := range []int{24, 32, 64, 100, 128, 255, 256, 384, 500, 512, 600, 768, 1000, 1024, 1536} {
		rates(n, n, n, false, false, direct, packed)
	}
	for _, m := range []int{10, 16, 32, 64, 100, 256, 1000} {
		rates(m, 784, 300, false, false, direct, packed)
	}
	for _, n := range []int{4, 7, 8, 9, 10, 12, 15} {
		rates(30, 784, n, false, false, direct, turned)
		rates(1000, 784, n, false, false, direct, turned)
	}
	t.Log("xᵀy:")
	for _, n := range []int{32, 64, 128, 256, 384, 500, 512, 1000, 1024} {
		rates(n, n, n, true, false, direct, packed)
	}
	rates(30, 10, 784, true, false, direct, packed)
	rates(30, 100, 784, true, false, direct, packed)
	rates(300, 100, 784, true, false, direct, packed)
	t.Log("xyᵀ:")
	for _, n := range []int{10, 24, 32, 48, 64, 128, 256} {
		rates(n, n, n, false, true, dots, packed)
	}
	for _, m := range []int{8, 16, 32, 64, 100, 128, 256, 1000} {
		rates(m, 784, 300, false, true, dots, packed)
		rates(m, 784, 30, false, true, dots, packed)
		rates(m, 784, 10, false, true, dots, packed)
		rates(m, 100, 30, false, true, dots, packed)
		rates(m, 30, 10, false, true, dots, packed)
	}
}
