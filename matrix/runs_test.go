package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// drawRuns returns so many runs with up to most terms each, for vectors of so many elements.
func drawRuns(rng *rand.Rand, runs, most, leny, lenx, n int, draw func() float64) *Runs {
	r := &Runs{Start: []int{0}}
	for range runs {
		for range rng.IntN(most + 1) {
			r.From = append(r.From, rng.IntN(lenx-n+1))
			r.Alpha = append(r.Alpha, draw())
		}
		r.To = append(r.To, rng.IntN(leny-n+1))
		r.Start = append(r.Start, len(r.From))
	}
	return r
}

// plainRuns returns what Add adds y to, and the same of the absolute values.
func plainRuns(r *Runs, y, x []float64, n int) (want, size []float64) {
	want, size = append(want, y...), make([]float64, len(y))
	for k, v := range y {
		size[k] = math.Abs(v)
	}
	for j, to := range r.To {
		for i := r.Start[j]; i < r.Start[j+1]; i++ {
			for k := range n {
				want[to+k] += r.Alpha[i] * x[r.From[i]+k]
				size[to+k] += math.Abs(r.Alpha[i] * x[r.From[i]+k])
			}
		}
	}
	return want, size
}

// Runs of every length about the pieces of the kernels, on integers and on random numbers.
// The terms of the first runs are not used, nor those after the last.
func TestRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 0))
	for n := range 220 {
		draw, epsilon := rng.NormFloat64, 0x1p-52
		if n%3 != 0 {
			draw, epsilon = func() float64 { return float64(rng.IntN(17) - 8) }, 0
		}
		x, start := drawn(1, n+30, false, draw), drawn(1, n+40, false, draw)
		all := drawRuns(rng, 9, 7, n+40, n+30, n, draw)
		r := &Runs{all.To[2:8], all.Start[2:9], all.From, all.Alpha}
		want, size := plainRuns(r, start.Data, x.Data, n)
		for _, kernel := range Kernels() {
			y := guarded(1, n+40)
			copy(y.Data, start.Data)
			restore := UseKernel(kernel)
			r.Add(y.Data, x.Data, n)
			restore()
			for k, got := range y.Data {
				if !(math.Abs(got-want[k]) <= 16*epsilon*size[k]) {
					t.Fatalf("%s: runs of %d: element %d is %v, want %v", kernel, n, k, got, want[k])
				}
			}
			if !y.intact() {
				t.Fatalf("%s: runs of %d: wrote outside y", kernel, n)
			}
		}
	}
}

// Add panics before it writes, and says what is wrong.
func TestRunsMisuse(t *testing.T) {
	v := make([]float64, 20)
	for want, misuse := range map[string]func(y []float64){
		"runs of -1":              func(y []float64) { (&Runs{Start: []int{0}}).Add(y, v, -1) },
		"To of 1 and Start of 1":  func(y []float64) { (&Runs{To: []int{0}, Start: []int{0}}).Add(y, v, 3) },
		"in y of 9 elements":      func(y []float64) { (&Runs{[]int{7}, []int{0, 1}, []int{0}, []float64{1}}).Add(y, v, 3) },
		"runs of 3 in y of":       func(y []float64) { (&Runs{[]int{-1}, []int{0, 1}, []int{0}, []float64{1}}).Add(y, v, 3) },
		"2 terms of 1 and 2":      func(y []float64) { (&Runs{[]int{0}, []int{0, 2}, []int{0}, []float64{1, 1}}).Add(y, v, 3) },
		"1 terms of 2 and 2":      func(y []float64) { (&Runs{[]int{0, 0}, []int{0, 2, 1}, []int{0, 0}, []float64{1, 1}}).Add(y, v, 3) },
		"not within x of 20":      func(y []float64) { (&Runs{[]int{0}, []int{0, 1}, []int{18}, []float64{1}}).Add(y, v, 3) },
		"a run of 3 that":         func(y []float64) { (&Runs{[]int{0}, []int{0, 1}, []int{-1}, []float64{1}}).Add(y, v, 3) },
		"x and y share memory":    func(y []float64) { (&Runs{[]int{0}, []int{0, 1}, []int{0}, []float64{1}}).Add(y, y[3:6], 3) },
		"not within x of 20 elem": func(y []float64) { (&Runs{[]int{0, 0}, []int{0, 1, 2}, []int{0, 99}, []float64{1, 1}}).Add(y, v, 3) },
	} {
		y := make([]float64, 9)
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			for i := range v {
				v[i] = 1
			}
			misuse(y)
		}()
		for _, got := range y {
			if got != 0 {
				t.Errorf("%q: y is changed", want)
			}
		}
	}
	(&Runs{Start: []int{0}}).Add(nil, nil, 3)
	(&Runs{To: []int{0}, Start: []int{0, 0}}).Add(v, nil, 3)
}

// A zero times NaN or Inf is NaN, in the elements of that run and in no other.
func TestRunsPassOnNaNAndInf(t *testing.T) {
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		for _, bad := range []float64{math.NaN(), math.Inf(1)} {
			x, y := make([]float64, 120), make([]float64, 120)
			x[107] = bad
			(&Runs{[]int{3}, []int{0, 2}, []int{0, 1}, []float64{0, 0}}).Add(y, x, 110)
			for k, v := range y {
				if math.IsNaN(v) != (k == 3+107 || k == 3+106) {
					t.Errorf("%s: element %d is %v", kernel, k, v)
				}
			}
		}
	}
}

func TestRunsDoNotAllocate(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 0))
	x, y := make([]float64, 200), make([]float64, 200)
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		r := drawRuns(rng, 5, 5, 200, 200, 100, rng.NormFloat64)
		if n := testing.AllocsPerRun(20, func() { r.Add(y, x, 100) }); n != 0 {
			t.Errorf("%s: %v allocations", kernel, n)
		}
	}
}
