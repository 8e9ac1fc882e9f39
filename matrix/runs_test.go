package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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

// Rows of every length about the pieces of the kernels, for a part of the rows of a matrix.
func TestAddRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	for n := range 70 {
		for _, s := range [][4]int{{5, 3, 1, 60}, {4, 4, 0, 23}, {1, 1, 0, 24}, {7, 2, 5, 25}, {3, 0, 1, 2}, {3, 2, 0, 0}} {
			stride, rows, first, terms := s[0], s[1], s[2], s[3]
			draw, epsilon := rng.NormFloat64, 0x1p-52
			if n%3 != 0 {
				draw, epsilon = func() float64 { return float64(rng.IntN(17) - 8) }, 0
			}
			x, start, alpha := drawn(9, n, false, draw), drawn(rows, n, false, draw), drawn(terms, stride, false, draw)
			at := make([]int, terms*stride)
			want, size := slices.Clone(start.Data), make([]float64, rows*n)
			for i := range at {
				at[i] = rng.IntN(9)
				if j := i%stride - first; j >= 0 && j < rows {
					for k := range n {
						want[j*n+k] += alpha.Data[i] * x.At(at[i], k)
						size[j*n+k] += math.Abs(alpha.Data[i]*x.At(at[i], k)) + math.Abs(start.At(j, k))
					}
				}
			}
			for _, kernel := range Kernels() {
				y := guarded(rows, n)
				copy(y.Data, start.Data)
				restore := UseKernel(kernel)
				AddRows(y.Matrix, x, alpha.Data, at, first, stride)
				restore()
				for k, got := range y.Data {
					if !(math.Abs(got-want[k]) <= 16*epsilon*size[k]) {
						t.Fatalf("%s: rows of %d, %v: element %d is %v, want %v", kernel, n, s, k, got, want[k])
					}
				}
				if !y.intact() {
					t.Fatalf("%s: rows of %d, %v: wrote outside y", kernel, n, s)
				}
			}
		}
	}
}

// AddRows panics before it writes, and says what is wrong.
func TestAddRowsMisuse(t *testing.T) {
	x := New(4, 3).Apply(func(float64) float64 { return 1 }, New(4, 3))
	ones := []float64{1, 1, 1, 1}
	for want, misuse := range map[string]func(y *Matrix){
		"2×3 by 4×2":                   func(y *Matrix) { AddRows(y, New(4, 2), ones, make([]int, 4), 0, 2) },
		"2×3 into 2×3 that shares":     func(y *Matrix) { AddRows(y, y, ones, make([]int, 4), 0, 2) },
		"4 numbers and 3 rows":         func(y *Matrix) { AddRows(y, x, ones, make([]int, 3), 0, 2) },
		"in strides of 3":              func(y *Matrix) { AddRows(y, x, ones, make([]int, 4), 0, 3) },
		"strides of 2, from 1 on":      func(y *Matrix) { AddRows(y, x, ones, make([]int, 4), 1, 2) },
		"from -1 on for 2×3":           func(y *Matrix) { AddRows(y, x, ones, make([]int, 4), -1, 2) },
		"a row that 4×3 does not have": func(y *Matrix) { AddRows(y, x, ones, []int{0, 0, 0, 4}, 0, 2) },
		"a row that 4×3":               func(y *Matrix) { AddRows(y, x, ones, []int{0, 0, -1, 0}, 0, 2) },
	} {
		y := New(2, 3)
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			misuse(y)
		}()
		if !y.Equal(New(2, 3)) {
			t.Errorf("%q: y is changed", want)
		}
	}
}

// The gradient of the filters of the first layer of chapter 6, and of a row of those of the
// second, for one image.
func BenchmarkRuns(b *testing.B) {
	rng := rand.New(rand.NewPCG(12, 0))
	b.Run("AddRows/2880x25", func(b *testing.B) {
		y, x, alpha, at := New(20, 25), New(576, 25), make([]float64, 2880), make([]int, 2880)
		for i := range at {
			q := i / 20
			at[i] = (q/12*2+rng.IntN(2))*24 + q%12*2 + rng.IntN(2)
		}
		for b.Loop() {
			AddRows(y, x, alpha, at, 0, 20)
		}
		b.ReportMetric(2*2880*25*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
	b.Run("Runs/640x100", func(b *testing.B) {
		y, x := make([]float64, 40*500), make([]float64, 12*12*20)
		r := &Runs{Start: []int{0}, Alpha: make([]float64, 640)}
		for f := range 40 {
			for range 16 {
				r.From = append(r.From, (rng.IntN(8)*12+rng.IntN(8))*20)
			}
			r.To, r.Start = append(r.To, f*500), append(r.Start, len(r.From))
		}
		for b.Loop() {
			r.Add(y, x, 100)
		}
		b.ReportMetric(2*640*100*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}
