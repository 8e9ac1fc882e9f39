package nn

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
)

// underKernels runs a test with the portable loops and with all the others.
func underKernels(t *testing.T, test func(t *testing.T)) {
	for _, kernel := range matrix.Kernels() {
		t.Run(kernel, func(t *testing.T) {
			defer matrix.UseKernel(kernel)()
			test(t)
		})
	}
}

// guarded returns n elements within a longer slice of NaNs, and a function that
// fails the test if anything around them was written.
func guarded(t *testing.T, n int) (inside []float64, check func()) {
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

// TestWiden holds every byte at every place, and every length around a vector's.
func TestWiden(t *testing.T) {
	underKernels(t, func(t *testing.T) {
		bytes := make([]byte, 300)
		for i := range bytes {
			bytes[i] = byte(255 - i)
		}
		for n := range len(bytes) + 1 {
			row, check := guarded(t, n)
			widen(row, bytes[:n])
			for i, v := range row {
				if want := float64(bytes[i]) / 256; v != want {
					t.Fatalf("%d bytes: byte %d is %d and became %g, want %g", n, i, bytes[i], v, want)
				}
			}
			check()
		}
	})
}

// exactSigmoid returns σ(z) to 200 bits and more: e⁻ᶻ by the Taylor series of a
// small part of −z, squared again and again.
func exactSigmoid(z float64) *big.Float {
	const squarings = 20
	float := func(v float64) *big.Float { return new(big.Float).SetPrec(256).SetFloat64(v) }
	x := float(math.Ldexp(-z, -squarings))
	sum, term := float(1), float(1)
	for i := 1; i < 40; i++ {
		term.Mul(term, x)
		term.Quo(term, float(float64(i)))
		sum.Add(sum, term)
	}
	for range squarings {
		sum.Mul(sum, sum)
	}
	sum.Add(sum, float(1))
	return sum.Quo(float(1), sum)
}

// TestSigmoidVector holds sigmoid under every kernel within its stated error of the
// exact value, and near the definition, Sigmoid.
func TestSigmoidVector(t *testing.T) {
	underKernels(t, func(t *testing.T) {
		rng := rand.New(rand.NewPCG(1, 0))
		values := []float64{0, 1, -1, 36.7, 36.8, 37, 40, -40, 41, 709, 1e300, math.Inf(1),
			math.SmallestNonzeroFloat64, 1e-300, 0.5 * math.Ln2, -0.5 * math.Ln2, -700, -708}
		for range 2000 {
			values = append(values, 20*rng.NormFloat64(), 2*rng.NormFloat64(), 708*(2*rng.Float64()-1))
		}
		z, check := guarded(t, len(values))
		copy(z, values)
		sigmoid(z)
		check()
		worst, worstToDefinition := 0.0, 0.0
		for i, v := range values {
			exact := exactSigmoid(min(v, 1000)) // 1 in all its bits from there on
			d := new(big.Float).SetPrec(256).SetFloat64(z[i])
			d.Quo(d.Sub(d, exact), exact)
			if d, _ := d.Abs(d).Float64(); !(d <= worst) {
				worst = d
			}
			want := Sigmoid(v)
			if d := math.Abs(z[i]-want) / want; !(d <= worstToDefinition) {
				worstToDefinition = d
			}
		}
		t.Logf("largest relative error %.2g, largest relative difference to Sigmoid %.2g", worst, worstToDefinition)
		if !(worst <= 4e-16) {
			t.Errorf("the largest relative error is %g, want at most 4e-16", worst)
		}
		if !(worstToDefinition <= 7e-16) {
			t.Errorf("the largest relative difference to Sigmoid is %g, want at most 7e-16", worstToDefinition)
		}
	})
}

// TestSigmoidEnds holds what lies beyond ordinary numbers, and that an element's
// value depends neither on its place nor on its neighbours.
func TestSigmoidEnds(t *testing.T) {
	underKernels(t, func(t *testing.T) {
		ends := []float64{math.Inf(-1), -1e300, -746, -709.5, math.Inf(1), 1e300, 800, math.Copysign(0, -1)}
		want := []float64{0, 0, 0, 0, 1, 1, 1, 0.5}
		sigmoid(ends)
		for i, v := range ends {
			if !(math.Abs(v-want[i]) <= 1e-307) {
				t.Errorf("end %d: %g, want %g", i, v, want[i])
			}
		}
		rng := rand.New(rand.NewPCG(2, 0))
		for n := range 20 {
			z, check := guarded(t, n)
			var alone []float64
			for i := range z {
				z[i] = 10 * rng.NormFloat64()
				one := []float64{z[i]}
				sigmoid(one)
				alone = append(alone, one[0])
			}
			if n > 2 {
				z[n/2] = math.NaN()
			}
			sigmoid(z)
			check()
			for i, v := range z {
				if n > 2 && i == n/2 {
					if v == v {
						t.Errorf("%d elements: NaN became %g", n, v)
					}
				} else if v != alone[i] {
					t.Errorf("%d elements: element %d is %g, by itself %g", n, i, v, alone[i])
				}
			}
		}
	})
}
