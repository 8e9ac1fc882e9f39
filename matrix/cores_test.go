package matrix

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// pretend lets the package believe that there are so many processors, and that each is worth
// waking for so many multiplications, until the function that it returns is called.
func pretend(cores, work int) (restore func()) {
	was := []int{processors, coreWork, wakeWork, runtime.GOMAXPROCS(cores)}
	processors, coreWork, wakeWork = cores, work, work
	return func() {
		processors, coreWork, wakeWork = was[0], was[1], was[2]
		runtime.GOMAXPROCS(was[3])
	}
}

// Products that are all shared, many at once, get right results, and the helpers go
// when there is nothing more to do.
func TestHelpers(t *testing.T) {
	defer pretend(3, 1000)()
	before := runtime.NumGoroutine()
	rng := rand.New(rand.NewPCG(5, 0))
	x, y := drawn(70, 80, false, rng.NormFloat64), drawn(80, 90, false, rng.NormFloat64)
	want := New(70, 90).Mul(x, y)
	for range 20 {
		var wg sync.WaitGroup
		for range 5 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 5 {
					if !New(70, 90).Mul(x, y).Equal(want) {
						t.Error("another result beside other products")
					}
				}
			}()
		}
		wg.Wait()
		time.Sleep(time.Duration(rng.IntN(400)) * time.Microsecond) // about as long as they look out
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before || idle.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, before %d; %d helpers idle", runtime.NumGoroutine(), before, idle.Load())
		}
	}
	if n := len(tasks); n != 0 {
		t.Errorf("%d tasks that no one took", n)
	}
	if n := busy.Load(); n != 0 {
		t.Errorf("%d cores are still counted as busy", n)
	}
}

// Share makes each call once, whether helpers come or not, with products within them, and
// panics with what one of them has panicked with, after all the others.
func TestShare(t *testing.T) {
	for cores := 1; cores <= 3; cores++ {
		restore := pretend(cores, 1000)
		x := New(60, 60)
		for n := range 20 {
			calls := make([]int, n)
			Share(n, func(i int) {
				New(60, 60).Mul(x, x)
				calls[i]++
			})
			for i, c := range calls {
				if c != 1 {
					t.Errorf("%d cores: call %d of %d was made %d times", cores, i, n, c)
				}
			}
		}
		done := make([]bool, 5)
		func() {
			defer func() {
				if v := recover(); v != "three" {
					t.Errorf("%d cores: Share panics with %v", cores, v)
				}
			}()
			Share(5, func(i int) {
				if i == 3 {
					panic("three")
				}
				done[i] = true
			})
		}()
		if cores > 1 && !slices.Equal(done, []bool{true, true, true, false, true}) {
			t.Errorf("%d cores: a panic leaves %v done", cores, done)
		}
		if n := busy.Load(); n != 0 {
			t.Errorf("%d cores: %d are still counted as busy", cores, n)
		}
		restore()
	}
}

// extremes are shapes with one or two sides very long and the others short, each way round:
// few tiles, or many in one direction only.
var extremes = [][3]int{
	{8, 40000, 8}, {1, 100000, 1}, {24, 30000, 24}, {5, 90000, 5}, {7, 65536, 1}, {1, 65536, 7},
	{40000, 8, 8}, {30000, 5, 24}, {90000, 1, 3}, {60000, 3, 1}, {20000, 9, 13},
	{8, 8, 40000}, {24, 5, 30000}, {3, 1, 90000}, {1, 3, 60000}, {13, 9, 20000},
	{64, 2304, 64}, {2, 3000, 130}, {130, 3000, 2},
}

// A product in any number of shares is right and the same, to the bit, and writes nothing
// outside its destination: also in more shares than it has tiles, and also if no helper
// comes, for here this goroutine does all of them.
func TestShares(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 0))
	digit := func() float64 { return float64(rng.IntN(7) - 3) }
	shapes := slices.Concat(extremes, pathShapes, [][3]int{{1, 2, 3}, {9, 9, 9}, {25, 130, 49}})
	for s, shape := range shapes {
		if (testing.Short() || raceEnabled) && s%8 != 0 || *stress == 0 && s%3 != 0 {
			continue // .ci/run takes all of them
		}
		m, k, n := shape[0], shape[1], shape[2]
		for _, p := range products {
			x, y, start := drawn(m, k, p.tx, digit), drawn(k, n, p.ty, digit), drawn(m, n, false, digit)
			want, _ := plainly(start, stored(x, p.tx), stored(y, p.ty), p.beta, p.alpha)
			a, b := x.plain(), y.plain()
			if p.tx {
				a = x.transposed()
			}
			if p.ty {
				b = y.transposed()
			}
			for _, kr := range kernels {
				restore := UseKernel(kr.name)
				counts := []int{1, 2, 3, 16}
				if kr == portable {
					counts = []int{2, 16} // it takes its time
				}
				for _, shares := range counts {
					z := guarded(m, n)
					copy(z.Data, start.Data)
					var w worker
					w.begin(z.Data, a, b, p.alpha, p.beta)
					task := newTask(&w.job, shares)
					task.work()
					task.wait()
					if !slices.Equal(z.Data, want) {
						t.Fatalf("%s: %s %d×%d×%d in %d shares: wrong", kr.name, p.name, m, k, n, shares)
					}
					if !z.intact() {
						t.Fatalf("%s: %s %d×%d×%d in %d shares wrote outside the destination", kr.name, p.name, m, k, n, shares)
					}
				}
				restore()
			}
		}
	}
}

// A grid has no more shares than were asked for, none of them empty, and together they are
// the whole.
func TestGrid(t *testing.T) {
	for _, kr := range kernels {
		restore := UseKernel(kr.name)
		for _, s := range slices.Concat(extremes, pathShapes) {
			x, y := &Matrix{Rows: s[0], Cols: s[1], Data: []float64{}}, &Matrix{Rows: s[1], Cols: s[2], Data: []float64{}}
			var w worker
			w.begin(nil, x.plain(), y.plain(), 1, 0)
			for _, most := range []int{1, 2, 3, 4, 7, 16, 64, 1000} {
				task := newTask(&w.job, most)
				if n := task.shares(); n < 1 || n > most {
					t.Errorf("%s: %v: %d shares, want at most %d", kr.name, s, n, most)
				}
				mr, nr := w.tile()
				for i := range task.rows {
					if portion(w.m, mr, i, task.rows) >= portion(w.m, mr, i+1, task.rows) {
						t.Errorf("%s: %v in %d×%d shares: row %d of the grid is empty", kr.name, s, task.rows, task.cols, i)
					}
				}
				for j := range task.cols {
					if portion(w.n, nr, j, task.cols) >= portion(w.n, nr, j+1, task.cols) {
						t.Errorf("%s: %v in %d×%d shares: column %d of the grid is empty", kr.name, s, task.rows, task.cols, j)
					}
				}
				if portion(w.m, mr, task.rows, task.rows) != w.m || portion(w.n, nr, task.cols, task.cols) != w.n {
					t.Errorf("%s: %v in %d×%d shares: not the whole", kr.name, s, task.rows, task.cols)
				}
			}
		}
		restore()
	}
}

// A panic in a helper's share reaches the goroutine that called the product.
func TestPanicInAShare(t *testing.T) {
	failing := *portable
	failing.name = "failing"
	failing.tiles = func(b *block) {
		if b.beta == 0 {
			panic("in a share")
		}
	}
	x := New(200, 200)
	var w worker
	w.begin(New(200, 200).Data, x.plain(), x.plain(), 1, 0)
	w.kernel = &failing
	task := newTask(&w.job, 4)
	done := make(chan struct{})
	go func() { // a helper
		task.work()
		close(done)
	}()
	<-done
	defer func() {
		if got := fmt.Sprint(recover()); got != "in a share" {
			t.Errorf("recovered %q, want the share's panic", got)
		}
	}()
	task.wait()
}

// Cores that multiply already are not shared again, and sleeping ones are not woken for a
// product that ends sooner than they would come.
func TestHelpersOfAProduct(t *testing.T) {
	defer pretend(4, 1000)()
	x := New(100, 100)
	var w worker
	w.begin(New(100, 100).Data, x.plain(), x.plain(), 1, 0)
	ended.Store(time.Now().Add(time.Hour).UnixNano()) // as if one had just ended
	for multiplying, want := range []int32{1: 3, 2: 2, 3: 1, 4: 0, 5: 0} {
		busy.Add(int32(multiplying))
		if got := w.helpers(4); multiplying > 0 && got != int(want) {
			t.Errorf("%d of 4 cores multiply: %d helpers, want %d", multiplying, got, want)
		}
		busy.Add(-int32(multiplying))
	}
	for end := time.Now().Add(10 * time.Second); idle.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("helpers that do not go")
		}
	}
	ended.Store(0)
	wakeWork = 1 << 30
	if got := w.helpers(4); got != 0 {
		t.Errorf("a small product wakes %d helpers", got)
	}
}

// No call of a kernel is so long that it keeps the whole program waiting.
func TestCallsAreShort(t *testing.T) {
	shapes := slices.Concat(extremes, [][3]int{{64, 512, 4000}, {64, 4000, 64}, {300, 300, 300}, {2000, 40, 2000}, {1, 2000, 2000}, {2000, 2000, 1}})
	for _, kr := range kernels {
		longest := 0
		watched := *kr
		watched.tiles = func(t *block) { longest = max(longest, t.rows*t.cols*t.k) }
		watched.dot = watched.tiles
		watched.dotv = watched.tiles
		watched.axpy = func(z, _, _ []float64, _ float64) { longest = max(longest, 8*len(z)) }
		watched.scale = func(z, _ []float64, _ float64) { longest = max(longest, 8*len(z)) }
		watched.transpose = func(_ []float64, _ int, _ []float64, _, rows, cols int) { longest = max(longest, 8*rows*cols) }
		for _, s := range shapes {
			x, y, z := New(s[0], s[1]), New(s[1], s[2]), New(s[0], s[2])
			for _, p := range products {
				a, b := x.plain(), y.plain()
				if p.tx {
					a = FromSlice(s[1], s[0], x.Data).transposed()
				}
				if p.ty {
					b = FromSlice(s[2], s[1], y.Data).transposed()
				}
				var w worker
				was := active.Swap(&watched)
				w.begin(z.Data, a, b, p.alpha, p.beta)
				w.run()
				active.Store(was)
				if longest > 1<<23 {
					t.Fatalf("%s: %s %v: a call of %d multiplications, want at most 2²³", kr.name, p.name, s, longest)
				}
			}
		}
	}
}

// Kernels that are given nothing to do touch nothing.
func TestKernelsOfNothing(t *testing.T) {
	for _, kr := range kernels {
		for _, empty := range []func(*block){func(t *block) { t.rows = 0 }, func(t *block) { t.cols = 0 }, func(t *block) { t.k = 0 }} {
			for name, f := range map[string]func(*block){"tiles": kr.tiles, "dot": kr.dot, "dotv": kr.dotv} {
				a, b, c := drawn(9, 9, false, rand.Float64), drawn(9, 9, false, rand.Float64), guarded(9, 9)
				for _, beta := range []float64{0, 1, 2} {
					at := block{c: c.Data, ldc: 9, a: a.Data, ars: 9, acs: 1, an: kr.mr * 9, b: b.Data, ldb: 9, bn: kr.nr, rows: 2, cols: 1, k: 9, alpha: 1, beta: beta}
					if name == "dot" {
						at.rows, at.cols = kr.dr, kr.dc
					}
					empty(&at)
					f(&at)
				}
				for _, v := range c.mem {
					if v == v {
						t.Fatalf("%s: %s of nothing wrote %v", kr.name, name, v)
					}
				}
			}
		}
	}
}
