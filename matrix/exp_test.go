package matrix

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// underKernels runs a test with every kernel.
func underKernels(t *testing.T, test func(t *testing.T)) {
	for _, kernel := range Kernels() {
		t.Run(kernel, func(t *testing.T) {
			defer UseKernel(kernel)()
			test(t)
		})
	}
}

// between returns n elements within a longer slice of NaNs, and a function that
// fails the test if anything around them was written.
func between(t *testing.T, n int) (inside []float64, check func()) {
	all := make([]float64, n+16)
	for i := range all {
		all[i] = math.NaN()
	}
	return all[8 : n+8 : n+8], func() {
		t.Helper()
		for i, v := range all {
			if (i < 8 || i >= n+8) && v == v {
				t.Errorf("%d elements: element %d was written", n, i-8)
			}
		}
	}
}

// exactExp returns eˣ to 200 bits and more, by the Taylor series of a small part of x,
// squared again and again.
func exactExp(x float64) *big.Float {
	const squarings = 20
	float := func(v float64) *big.Float { return new(big.Float).SetPrec(256).SetFloat64(v) }
	part := float(math.Ldexp(x, -squarings))
	sum, term := float(1), float(1)
	for i := 1; i < 40; i++ {
		term.Mul(term, part)
		term.Quo(term, float(float64(i)))
		sum.Add(sum, term)
	}
	for range squarings {
		sum.Mul(sum, sum)
	}
	return sum
}

// exactSigmoid returns 1/(1 + e⁻ˣ) as exactly.
func exactSigmoid(x float64) *big.Float {
	one := new(big.Float).SetPrec(256).SetInt64(1)
	return new(big.Float).SetPrec(256).Quo(one, new(big.Float).SetPrec(256).Add(one, exactExp(-x)))
}

// samples returns numbers within ±limit and at the places where an exponential can go wrong.
func samples(limit float64) []float64 {
	rng := rand.New(rand.NewPCG(1, 0))
	values := []float64{0, math.Copysign(0, -1), 1, -1, 36.7, 36.8, 37, 40, -40, 41, math.SmallestNonzeroFloat64, 1e-300,
		709.1, 709.78, 0.5 * math.Ln2, -0.5 * math.Ln2, math.Nextafter(0.5*math.Ln2, 1), 1023.5 * math.Ln2, -700, limit, -limit}
	for range 2000 {
		values = append(values, 20*rng.NormFloat64(), 2*rng.NormFloat64(), limit*(2*rng.Float64()-1))
	}
	return values
}

// worstError returns the largest relative error of got for the given arguments.
func worstError(got, x []float64, exact func(float64) *big.Float) float64 {
	worst := 0.0
	for i, v := range x {
		want := exact(v)
		d := new(big.Float).SetPrec(256).SetFloat64(got[i])
		d.Quo(d.Sub(d, want), want)
		if d, _ := d.Abs(d).Float64(); !(d <= worst) {
			worst = d
		}
	}
	return worst
}

// TestExpError compares the exponential and the sigmoid of every kernel with their exact values.
func TestExpError(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(z, x *Matrix) *Matrix
		exact func(float64) *big.Float
		limit float64
		bound float64
	}{
		{"Exp", (*Matrix).Exp, exactExp, 708.39, 4e-16},
		{"Sigmoid", (*Matrix).Sigmoid, exactSigmoid, 708, 5e-16},
	} {
		underKernels(t, func(t *testing.T) {
			x := samples(c.limit)
			z, check := between(t, len(x))
			c.f(FromSlice(1, len(z), z), FromSlice(1, len(x), x))
			check()
			worst := worstError(z, x, c.exact)
			t.Logf("%s: largest relative error %.2g", c.name, worst)
			if !(worst <= c.bound) {
				t.Errorf("%s: the largest relative error is %g, want at most %g", c.name, worst, c.bound)
			}
		})
	}
}

// TestExpSubnormal checks results that have lost bits: they are off by the last one at most.
func TestExpSubnormal(t *testing.T) {
	underKernels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(3, 0))
		for range 1000 {
			x := New(1, 1)
			x.Data[0] = -708.4 - 37*rng.Float64()
			want, _ := exactExp(x.Data[0]).Float64()
			got := new(Matrix).Exp(x).Data[0]
			if !(math.Abs(got-want) <= math.SmallestNonzeroFloat64) {
				t.Errorf("e to the %g: %g, want %g", x.Data[0], got, want)
			}
		}
	})
}

// TestExpEnds checks what lies beyond ordinary numbers.
func TestExpEnds(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	x := []float64{-inf, -1e300, -750, -745.2, inf, 1e300, 709.79, 709.78, math.Copysign(0, -1), nan, math.MaxFloat64, -math.MaxFloat64}
	wantExp := []float64{0, 0, 0, 0, inf, inf, inf, 1.7928227943945155e308, 1, nan, inf, 0}
	wantSigmoid := []float64{0, 0, 0, 0, 1, 1, 1, 1, 0.5, nan, 1, 0}
	underKernels(t, func(t *testing.T) {
		exp, sigmoid := new(Matrix).Exp(FromSlice(1, len(x), x)), new(Matrix).Sigmoid(FromSlice(1, len(x), x))
		for i, v := range x {
			if got, want := exp.Data[i], wantExp[i]; got != want && !(want != want && got != got) && !(math.Abs(got-want) <= 4e-16*want) {
				t.Errorf("e to the %g: %g, want %g", v, got, want)
			}
			if got, want := sigmoid.Data[i], wantSigmoid[i]; got != want && !(want != want && got != got) {
				t.Errorf("sigmoid of %g: %g, want %g", v, got, want)
			}
		}
	})
}

// TestExpPlace checks that what an element becomes depends neither on its place nor on
// its neighbours, whatever the length.
func TestExpPlace(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	underKernels(t, func(t *testing.T) {
		for name, f := range map[string]func(z, x *Matrix) *Matrix{"Exp": (*Matrix).Exp, "Sigmoid": (*Matrix).Sigmoid} {
			for n := range 20 {
				z, check := between(t, n)
				var alone []float64
				for i := range z {
					z[i] = 10 * rng.NormFloat64()
					alone = append(alone, f(new(Matrix), FromSlice(1, 1, z[i:i+1:i+1])).Data[0])
				}
				if n > 2 {
					z[n/2], alone[n/2] = math.NaN(), math.NaN()
				}
				f(FromSlice(n, 1, z), FromSlice(n, 1, z))
				check()
				for i, v := range z {
					if v != alone[i] && !(v != v && alone[i] != alone[i]) {
						t.Errorf("%s of %d elements: element %d is %g, by itself %g", name, n, i, v, alone[i])
					}
				}
			}
		}
	})
}

func BenchmarkSigmoid(b *testing.B) {
	for _, kernel := range []string{"portable", Kernel()} {
		b.Run(kernel, func(b *testing.B) {
			defer UseKernel(kernel)()
			z := New(10, 40)
			for range b.N {
				z.Sigmoid(z)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(z.Data)), "ns/element")
		})
	}
}
