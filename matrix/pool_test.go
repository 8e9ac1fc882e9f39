package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Images of every number of maps about a vector, with windows that leave rows and columns
// over, ties and NaN: all kernels give the first of the largest.
func TestMaxPool(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 0))
	few := []float64{-1, 0, 1, 2, math.NaN(), math.Inf(1), math.Inf(-1)}
	for maps := 1; maps < 22; maps++ {
		for _, s := range [][4]int{{5, 7, 2, 2}, {4, 6, 2, 3}, {3, 3, 1, 1}, {6, 5, 3, 2}, {2, 9, 2, 9}, {1, 4, 2, 2}} {
			rows, cols, height, width := s[0], s[1], s[2], s[3]
			x := drawn(rows*cols, maps, false, func() float64 { return few[rng.IntN(4+rng.IntN(4))] })
			down, across := rows/height, cols/width
			var wantZ []float64
			var wantAt []int
			for i := range down * across * maps {
				p, q, f := i/maps/across, i/maps%across, i%maps
				where := p*height*cols + q*width
				for j := p * height; j < (p+1)*height; j++ {
					for k := q * width; k < (q+1)*width; k++ {
						if most, v := x.At(where, f), x.At(j*cols+k, f); v > most || math.IsNaN(v) && !math.IsNaN(most) {
							where = j*cols + k
						}
					}
				}
				wantZ, wantAt = append(wantZ, x.At(where, f)), append(wantAt, where)
			}
			for _, kernel := range Kernels() {
				restore := UseKernel(kernel)
				z, at := guarded(down*across, maps), make([]int, len(wantAt)+8)
				MaxPool(z.Data, at[:len(wantAt)], x.Data, cols, maps, height, width)
				restore()
				same := func(a, b float64) bool { return a == b || a != a && b != b }
				if !slices.EqualFunc(z.Data, wantZ, same) || !slices.Equal(at[:len(wantAt)], wantAt) {
					t.Fatalf("%s: %d maps, %v: %v at %v, want %v at %v", kernel, maps, s, z.Data, at, wantZ, wantAt)
				}
				if !z.intact() || slices.Max(at[len(wantAt):]) > 0 {
					t.Fatalf("%s: %d maps, %v: wrote outside the destination", kernel, maps, s)
				}
			}
		}
	}
}

func TestMaxPoolMisuse(t *testing.T) {
	v, at := make([]float64, 24), make([]int, 24)
	for want, misuse := range map[string]func(){
		"24 elements in rows of 5×1":   func() { MaxPool(v, at, v, 5, 1, 2, 2) },
		"windows 2×0":                  func() { MaxPool(v, at, v, 6, 1, 2, 0) },
		"2×3 windows of 1 maps into 5": func() { MaxPool(v[:5], at[:6], v, 6, 1, 2, 2) },
		"into 6 and 5 elements":        func() { MaxPool(v[:6], at[:5], v, 6, 1, 2, 2) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			misuse()
		}()
	}
}

func TestMaxPoolDoesNotAllocate(t *testing.T) {
	x, z, at := make([]float64, 24*24*20), make([]float64, 12*12*20), make([]int, 12*12*20)
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		if n := testing.AllocsPerRun(20, func() { MaxPool(z, at, x, 24, 20, 2, 2) }); n != 0 {
			t.Errorf("%s: %v allocations", kernel, n)
		}
	}
}

// The pooling of an image of chapter 6.
func BenchmarkMaxPool(b *testing.B) {
	x, z, at := make([]float64, 24*24*20), make([]float64, 12*12*20), make([]int, 12*12*20)
	for i := range x {
		x[i] = rand.NormFloat64()
	}
	for b.Loop() {
		MaxPool(z, at, x, 24, 20, 2, 2)
	}
}
