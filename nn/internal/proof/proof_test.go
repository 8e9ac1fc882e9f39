package proof

import (
	"fmt"
	"math"
	"testing"
)

// recorder is a test that only notes whether it has failed.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Helper()                   {}
func (r *recorder) Logf(string, ...any)       {}
func (r *recorder) Errorf(string, ...any)     { r.failed = true }
func (r *recorder) Fatalf(f string, a ...any) { panic(fmt.Sprintf(f, a...)) }

// fails reports whether a comparison fails its test.
func fails(compare func(t testing.TB)) (failed bool) {
	r := &recorder{}
	defer func() { failed = recover() != nil || r.failed }()
	compare(r)
	return
}

// TestAgree checks that Agree fails on two sides that differ, and on two that show nothing.
func TestAgree(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		left, right []float64
		fails       bool
	}{
		{[]float64{1, 2}, []float64{1, 2}, false},
		{[]float64{1 + 1e-14, 2}, []float64{1, 2}, false},
		{[]float64{1 + 1e-12, 2}, []float64{1, 2}, true},
		{[]float64{2, 1}, []float64{1, 2}, true},
		{[]float64{1}, []float64{1, 2}, true},
		{[]float64{0, 0}, []float64{0, 0}, true},
		{[]float64{nan, 2}, []float64{1, 2}, true},
		{[]float64{1, 2}, []float64{nan, 2}, true},
		{[]float64{nan}, []float64{nan}, true},
		{[]float64{math.Inf(1)}, []float64{math.Inf(1)}, true},
		{nil, nil, true},
	} {
		if got := fails(func(t testing.TB) { Agree(t, "", c.left, c.right, Exact) }); got != c.fails {
			t.Errorf("Agree(%v, %v) fails: %v, want %v", c.left, c.right, got, c.fails)
		}
	}
}

// TestFirstOrder checks that FirstOrder fails on a derivative that is off by a hundredth.
func TestFirstOrder(t *testing.T) {
	for _, slope := range []float64{1, 1.01, 0.99, -1, 0} {
		got := fails(func(t testing.TB) {
			FirstOrder(t, "", func(h float64) (float64, float64) { return math.Exp(h) - 1, slope * h })
		})
		if got != (slope != 1) {
			t.Errorf("slope %g of eʰ fails: %v", slope, got)
		}
	}
}

// TestSigmaPrime compares the quotient rule with a central difference of σ, and σ with
// the inverse of Logit.
func TestSigmaPrime(t *testing.T) {
	for _, z := range []float64{-5, -0.3, 0, 1, 4} {
		Agree(t, "σ′", []float64{SigmaPrime(z)}, []float64{Derivative(Sigma, z)}, Derived)
		Agree(t, "σ", []float64{Sigma(Logit(0.3))}, []float64{0.3}, Exact)
	}
}

// TestGradient checks that Gradient keeps each derivative in its place and leaves v alone.
func TestGradient(t *testing.T) {
	v := []float64{3, 0.5}
	f := func(v []float64) float64 { return v[0] * v[0] * v[1] }
	Agree(t, "∇", Gradient(f, v), []float64{2 * 3 * 0.5, 9}, Derived)
	rows := Jacobian(func(v []float64) []float64 { return []float64{f(v), v[1]} }, v)
	Agree(t, "row 0", rows[0], []float64{3, 9}, Derived)
	Agree(t, "row 1", rows[1], []float64{0, 1}, Derived)
	if v[0] != 3 || v[1] != 0.5 {
		t.Errorf("v was left at %v", v)
	}
}
