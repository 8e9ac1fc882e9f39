package matrix

import (
	"flag"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

var stress = flag.Duration("stress", 0, "multiply matrices of random shapes for so long")

// side returns one side of a shape: tiny, about a tile, about a block, or long.
func side(rng *rand.Rand, room int) int {
	var n int
	switch rng.IntN(5) {
	case 0:
		n = rng.IntN(4)
	case 1:
		n = 1 + rng.IntN(30)
	case 2:
		n = 1 + rng.IntN(140)
	case 3:
		n = 480 + rng.IntN(600)
	default:
		n = int(math.Exp(rng.Float64() * math.Log(100000)))
	}
	return min(n, max(1, room))
}

// TestStress multiplies matrices of random shapes from every class, extremely long and
// empty ones among them, by all kernels, in 1 to 16 shares and on several goroutines at
// once, with guards around the destination and NaN in some operands, and compares with the
// plain loops. It always does a few; with -stress it goes on:
//
//	go test ./matrix -run Stress -stress 1m
func TestStress(t *testing.T) {
	const cores = 4
	defer pretend(cores, 1000)()
	end := time.Now().Add(*stress)
	var wg sync.WaitGroup
	for g := range cores {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rng := rand.New(rand.NewPCG(uint64(g), 7))
			for i := 0; (i < 60 || time.Now().Before(end)) && !t.Failed(); i++ {
				stressOnce(t, rng)
			}
		}()
	}
	wg.Wait()
}

// stressOnce takes one product of one shape by one kernel in some shares.
func stressOnce(t *testing.T, rng *rand.Rand) {
	const most = 1 << 19 // multiplications, for the plain loops
	m := side(rng, 100000)
	k := side(rng, most/max(1, m))
	n := side(rng, most/(max(1, m)*max(1, k)))
	p := products[rng.IntN(len(products))]
	digit := func() float64 { return float64(rng.IntN(7) - 3) }
	x, y := drawn(m, k, p.tx, digit), drawn(k, n, p.ty, digit)
	if rng.IntN(4) == 0 && len(x.Data) > 0 {
		x.Data[rng.IntN(len(x.Data))] = math.NaN()
	}
	z := guarded(m, n)
	if p.beta != 0 {
		copy(z.Data, drawn(m, n, false, digit).Data)
	}
	want, _ := plainly(z.Matrix, stored(x, p.tx), stored(y, p.ty), p.beta, p.alpha)
	kr, shares := kernels[rng.IntN(len(kernels))], rng.IntN(17)
	if shares == 0 || m*k*n == 0 {
		p.do(z.Matrix, x, y) // as everyone calls it
	} else {
		a, b := x.plain(), y.plain()
		if p.tx {
			a = x.transposed()
		}
		if p.ty {
			b = y.transposed()
		}
		var w worker
		w.beginWith(kr, z.Data, a, b, p.alpha, p.beta)
		task := newTask(&w.job, shares)
		for range rng.IntN(3) {
			elsewhere(task)
		}
		task.work()
		task.wait()
	}
	for i, got := range z.Data {
		if got != want[i] && (got == got || want[i] == want[i]) {
			t.Errorf("%s: %s %d×%d×%d in %d shares: element (%d,%d) is %v, want %v", kr.name, p.name, m, k, n, shares, i/n, i%n, got, want[i])
			return
		}
	}
	if !z.intact() {
		t.Errorf("%s: %s %d×%d×%d in %d shares wrote outside the destination", kr.name, p.name, m, k, n, shares)
	}
}
