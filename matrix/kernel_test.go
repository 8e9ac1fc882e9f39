package matrix

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// eachKernel runs f once with every kernel of this processor.
func eachKernel(t *testing.T, f func(t *testing.T)) {
	for _, name := range Kernels() {
		t.Run(name, func(t *testing.T) {
			defer UseKernel(name)()
			f(t)
		})
	}
}

// products lists the five products, each as α·op(x)·op(y) added to z or not.
var products = []struct {
	name   string
	tx, ty bool // the operand is stored transposed
	alpha  float64
	add    bool
	do     func(z, x, y *Matrix) *Matrix
}{
	{"Mul", false, false, 1, false, func(z, x, y *Matrix) *Matrix { return z.Mul(x, y) }},
	{"TMul", true, false, 1, false, func(z, x, y *Matrix) *Matrix { return z.TMul(x, y) }},
	{"MulT", false, true, 1, false, func(z, x, y *Matrix) *Matrix { return z.MulT(x, y) }},
	{"AddMul", false, false, -3, true, func(z, x, y *Matrix) *Matrix { return z.AddMul(-3, x, y) }},
	{"AddTMul", true, false, -3, true, func(z, x, y *Matrix) *Matrix { return z.AddTMul(-3, x, y) }},
}

// guarded returns a rows×cols matrix whose memory stands between NaNs, which
// would spoil any result they reached, and a function that tells whether all
// of them are still there.
func guarded(rows, cols int) (x *Matrix, intact func() bool) {
	const guard = 40
	mem := make([]float64, rows*cols+2*guard)
	mark := math.Float64frombits(0x7ff8000000c0ffee)
	for i := range mem {
		mem[i] = mark
	}
	x = FromSlice(rows, cols, mem[guard:guard+rows*cols:guard+rows*cols])
	return x, func() bool {
		for _, v := range append(mem[:guard:guard], mem[guard+rows*cols:]...) {
			if math.Float64bits(v) != math.Float64bits(mark) {
				return false
			}
		}
		return true
	}
}

// operands returns x and y as stored, for a product M×K · K×N.
func operandsOf(tx, ty bool, m, k, n int, draw func() float64) (x, y *Matrix) {
	if tx {
		x, _ = guarded(k, m)
	} else {
		x, _ = guarded(m, k)
	}
	if ty {
		y, _ = guarded(n, k)
	} else {
		y, _ = guarded(k, n)
	}
	for _, v := range []*Matrix{x, y} {
		for i := range v.Data {
			v.Data[i] = draw()
		}
	}
	return x, y
}

// plainProduct is the definition: α·op(x)·op(y), added to z; and the sums of
// absolute values, by which an error is judged.
func plainProduct(z, x, y *Matrix, tx, ty bool, alpha float64, add bool) (want, size *Matrix) {
	at := func(x *Matrix, t bool, i, j int) float64 {
		if t {
			return x.At(j, i)
		}
		return x.At(i, j)
	}
	k := x.Cols
	if tx {
		k = x.Rows
	}
	want, size = New(z.Rows, z.Cols), New(z.Rows, z.Cols)
	for i := range z.Rows {
		for j := range z.Cols {
			var sum, abs float64
			for p := range k {
				v := at(x, tx, i, p) * at(y, ty, p, j)
				sum, abs = sum+v, abs+math.Abs(v)
			}
			sum, abs = alpha*sum, math.Abs(alpha)*abs
			if add {
				sum, abs = sum+z.At(i, j), abs+math.Abs(z.At(i, j))
			}
			want.Set(i, j, sum)
			size.Set(i, j, abs)
		}
	}
	return want, size
}

// try compares all products of one shape with the definition.
func try(t *testing.T, rng *rand.Rand, m, k, n int) {
	t.Helper()
	for _, p := range products {
		integers := func() float64 { return float64(rng.IntN(17) - 8) }
		for _, draw := range []func() float64{integers, rng.NormFloat64} {
			x, y := operandsOf(p.tx, p.ty, m, k, n, draw)
			z, intact := guarded(m, n)
			if p.add {
				for i := range z.Data {
					z.Data[i] = draw()
				}
			}
			want, size := plainProduct(z, x, y, p.tx, p.ty, p.alpha, p.add)
			p.do(z, x, y)
			for i, got := range z.Data {
				if !(math.Abs(got-want.Data[i]) <= 16*0x1p-52*size.Data[i]) {
					t.Fatalf("%s %d×%d×%d: element (%d,%d) is %v, want %v", p.name, m, k, n, i/n, i%n, got, want.Data[i])
				}
			}
			if !intact() {
				t.Fatalf("%s %d×%d×%d: wrote outside the destination", p.name, m, k, n)
			}
		}
	}
}

func TestProductsSmall(t *testing.T) {
	eachKernel(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 0))
		for m := range 21 {
			for k := range 21 {
				if testing.Short() && (m+k)%4 != 0 {
					continue
				}
				for n := range 21 {
					try(t, rng, m, k, n)
				}
			}
		}
	})
}

func TestProductsEdges(t *testing.T) {
	eachKernel(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(2, 0))
		for _, s := range [][3]int{{30, 784, 10}, {10, 784, 30}, {30, 10, 784}, {30, 784, 1}, {1, 784, 30}, {30, 1, 784}, {70, 70, 70},
			{97, 257, 49}, {200, 300, 100}, {100, 513, 31}, {65, 1, 65}, {129, 255, 127}, {1, 1, 100}, {100, 1, 1}, {1, 1000, 1}} {
			try(t, rng, s[0], s[1], s[2])
		}
	})
}

func benchmark(b *testing.B, m, k, n int, tx, ty bool, do func(z, x, y *Matrix) *Matrix) {
	b.Run(fmt.Sprintf("%dx%dx%d", m, k, n), func(b *testing.B) {
		rng := rand.New(rand.NewPCG(3, 0))
		x, y := operandsOf(tx, ty, m, k, n, rng.NormFloat64)
		z := New(m, n)
		do(z, x, y)
		b.ResetTimer()
		for range b.N {
			do(z, x, y)
		}
		b.ReportMetric(2*float64(m)*float64(k)*float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	})
}

func BenchmarkMul(b *testing.B) {
	for _, s := range [][3]int{{30, 784, 10}, {30, 784, 1}, {64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512},
		{1024, 1024, 1024}, {2048, 2048, 2048}, {30, 784, 10000}, {30, 10, 784}} {
		benchmark(b, s[0], s[1], s[2], false, false, (*Matrix).Mul)
	}
}

func BenchmarkMulT(b *testing.B) {
	for _, s := range [][3]int{{30, 784, 10}, {10, 784, 30}, {1, 784, 30}, {30, 1, 784}, {100, 784, 30}, {1000, 784, 30}, {1024, 1024, 1024}} {
		benchmark(b, s[0], s[1], s[2], false, true, (*Matrix).MulT)
	}
}

func BenchmarkTMul(b *testing.B) {
	for _, s := range [][3]int{{30, 10, 784}, {30, 10, 1}, {1024, 1024, 1024}} {
		benchmark(b, s[0], s[1], s[2], true, false, (*Matrix).TMul)
	}
}
