package ladder

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"nndl/matrix"
)

// shapes are M, K and N: all small ones and the edges of the tiles.
func shapes() [][3]int {
	var s [][3]int
	for m := range 6 {
		for k := range 7 {
			for n := range 8 {
				s = append(s, [3]int{m, k, n})
			}
		}
	}
	for _, n := range []int{11, 12, 13, 15, 16, 17, mc - 1, mc, mc + 1} {
		s = append(s, [3]int{n, 5, 3}, [3]int{5, 3, n})
	}
	for _, k := range []int{kc - 1, kc, kc + 1} {
		s = append(s, [3]int{7, k, 9})
	}
	return append(s, [3]int{30, 784, 10}, [3]int{2*mc + 5, 2*kc + 3, 67})
}

// guarded returns a rows×cols matrix of draws whose memory lies between NaNs.
func guarded(rows, cols int, draw func() float64) (x *matrix.Matrix, intact func() bool) {
	const guard = 16
	mem := make([]float64, rows*cols+2*guard)
	for i := range mem {
		mem[i] = math.NaN()
	}
	x = matrix.FromSlice(rows, cols, mem[guard:guard+rows*cols])
	for i := range x.Data {
		x.Data[i] = draw()
	}
	return x, func() bool {
		for i := range guard {
			if !math.IsNaN(mem[i]) || !math.IsNaN(mem[len(mem)-1-i]) {
				return false
			}
		}
		return true
	}
}

// absolute returns a copy of x without signs.
func absolute(x *matrix.Matrix) *matrix.Matrix {
	return new(matrix.Matrix).Apply(math.Abs, x)
}

// TestRungs compares every rung with the definition: equal where all sums are whole
// numbers, else within 16·ε·Σ|x||y|, since the order of the additions differs.
func TestRungs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	draws := map[string]func() float64{
		"whole":  func() float64 { return float64(rng.IntN(17) - 8) },
		"random": rng.NormFloat64,
	}
	for kind, draw := range draws {
		for _, s := range shapes() {
			x, _ := guarded(s[0], s[1], draw)
			y, _ := guarded(s[1], s[2], draw)
			var want, bound matrix.Matrix
			Naive(&want, x, y)
			Naive(&bound, absolute(x), absolute(y))
			for _, rung := range Rungs {
				z, intact := guarded(s[0], s[2], draw) // it must not matter what z held
				rung.Mul(z, x, y)
				for i, got := range z.Data {
					tolerance := 16 * 0x1p-52 * bound.Data[i]
					if kind == "whole" {
						tolerance = 0
					}
					if !(math.Abs(got-want.Data[i]) <= tolerance) {
						t.Fatalf("%s, %s %d×%d×%d: element (%d,%d) is %v, want %v", rung.Name, kind, s[0], s[1], s[2], i/s[2], i%s[2], got, want.Data[i])
					}
				}
				if !intact() {
					t.Fatalf("%s %d×%d×%d: wrote outside z", rung.Name, s[0], s[1], s[2])
				}
			}
		}
	}
}

// TestNaive compares the definition itself with numbers worked out by hand.
func TestNaive(t *testing.T) {
	x := matrix.FromSlice(2, 3, []float64{1, 2, 3, 4, 5, 6})
	y := matrix.FromSlice(3, 2, []float64{7, 8, 9, 10, 11, 12})
	want := matrix.FromSlice(2, 2, []float64{58, 64, 139, 154})
	var z matrix.Matrix
	if Naive(&z, x, y); !z.Equal(want) {
		t.Errorf("%v, want %v", &z, want)
	}
}

// TestNaN checks that no rung skips zeros: 0·NaN and 0·∞ are NaN.
func TestNaN(t *testing.T) {
	for _, rung := range Rungs {
		for _, odd := range []float64{math.NaN(), math.Inf(1)} {
			x, y := matrix.New(5, 9), matrix.New(9, 7)
			y.Set(8, 6, odd)
			var z matrix.Matrix
			rung.Mul(&z, x, y)
			for i, v := range z.Data {
				if want := i%7 == 6; math.IsNaN(v) != want {
					t.Errorf("%s: 0·%v: element (%d,%d) is %v", rung.Name, odd, i/7, i%7, v)
				}
			}
		}
	}
}

func TestPanics(t *testing.T) {
	for _, rung := range Rungs {
		for want, f := range map[string]func(){
			"2×3 by 4×2":   func() { rung.Mul(new(matrix.Matrix), matrix.New(2, 3), matrix.New(4, 2)) },
			"2×2 into 3×2": func() { rung.Mul(matrix.New(3, 2), matrix.New(2, 3), matrix.New(3, 2)) },
		} {
			func() {
				defer func() {
					if got := fmt.Sprint(recover()); !strings.HasSuffix(got, want) {
						t.Errorf("%s: panic %q, want …%s", rung.Name, got, want)
					}
				}()
				f()
			}()
		}
	}
}

// TestTile compares the assembly with its definition.
func TestTile(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for _, steps := range []int{0, 1, 2, 3, 64} {
		ld := steps + 3
		x, panel := make([]float64, 5*ld+steps), make([][8]float64, steps)
		for i := range x {
			x[i] = float64(rng.IntN(17) - 8)
		}
		for k := range panel {
			for j := range panel[k] {
				panel[k][j] = float64(rng.IntN(17) - 8)
			}
		}
		got, want := [6][8]float64{{math.NaN()}}, [6][8]float64{}
		tile6x8(&got, x, ld, panel)
		tile6x8Go(&want, x, ld, panel)
		if got != want {
			t.Errorf("%d steps: %v, want %v", steps, got, want)
		}
	}
}

// TestVector checks that the rung of one core takes one core, whatever GOMAXPROCS is,
// and leaves that alone.
func TestVector(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	x, z := matrix.New(300, 300), matrix.New(300, 300)
	before := runtime.NumGoroutine()
	for range 20 {
		Vector(z, x, x)
		if n := runtime.NumGoroutine(); n > before {
			t.Fatalf("%d goroutines, were %d", n, before)
		}
	}
	if n := runtime.GOMAXPROCS(0); n != 3 {
		t.Errorf("GOMAXPROCS is %d after it, was 3", n)
	}
}
