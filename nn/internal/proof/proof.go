// Package proof is what the tests of the book's equations share. An equation's test
// computes both sides, and at least one of them from the definition, with nothing of
// the program in it: a sum written out, σ written out, a derivative as a central
// difference. The other side is usually the program's. So the test fails when the
// program's line is wrong, and a machine tries that out: see docs/mutations_test.go.
//
// This file compares two sides and takes derivatives; net.go is a network written out.
package proof

import (
	"math"
	"slices"
	"testing"
)

const (
	// Exact is the tolerance if both sides are the same sum in another order: some
	// tens of roundings of 1e-16 each.
	Exact = 1e-13
	// Derived is the tolerance if one side is a numerical derivative. The difference
	// is wrong by about step² = 1e-10, because the function is not straight, and by
	// about 1e-16/step = 1e-11, because the two values are rounded; and a gradient is
	// some hundredths.
	Derived = 1e-8
	// step is how far Gradient moves a variable up and down.
	step = 1e-5
)

// Agree fails the test unless the two sides of an equation are equal, number by number,
// up to tolerance times the largest number on the right. If that is next to nothing, or
// infinite, the comparison would show nothing, and Agree fails too.
func Agree(t testing.TB, equation string, left, right []float64, tolerance float64) {
	t.Helper()
	if len(left) != len(right) {
		t.Fatalf("%s: %d numbers on the left, %d on the right", equation, len(left), len(right))
	}
	largest, apart := 0.0, 0.0
	for i := range right {
		largest = math.Max(largest, math.Abs(right[i]))
		apart = math.Max(apart, math.Abs(left[i]-right[i])) // a NaN stays NaN
	}
	if !(largest >= 1e-5) || math.IsInf(largest, 0) {
		t.Fatalf("%s: the right side is %.3g, which shows nothing", equation, right)
	}
	if !(apart <= tolerance*largest) {
		t.Errorf("%s: left %.9g, right %.9g: apart by %.1g of the largest, want at most %.1g",
			equation, left, right, apart/largest, tolerance)
		return
	}
	most := min(len(left), 4)
	t.Logf("%s: left %.6g, right %.6g: apart by %.0e of the largest", equation, left[:most], right[:most], apart/largest)
}

// FirstOrder fails the test unless predicted is the change of something up to terms of
// second order in h, which is what ≈ means in (5), (7), (9), (12) and (47) to (52). It
// makes all steps ten times smaller: what the prediction misses must become a hundred
// times smaller. With a wrong derivative it would become only ten times smaller. Terms
// of third order may make the hundred 80 to 125.
func FirstOrder(t testing.TB, equation string, sides func(h float64) (change, predicted float64)) {
	t.Helper()
	change, predicted := sides(1e-2)
	missed := math.Abs(change - predicted)
	change, predicted = sides(1e-3)
	ratio := missed / math.Abs(change-predicted)
	if !(80 <= ratio && ratio <= 125) || math.Abs(change-predicted) > 0.02*math.Abs(change) {
		t.Errorf("%s: changed by %.9g, predicted %.9g: a tenth of the step made the miss %.3g times smaller, want 80 to 125",
			equation, change, predicted, ratio)
		return
	}
	t.Logf("%s: changed by %.6g, predicted %.6g; a tenth of the step made the miss %.1f times smaller",
		equation, change, predicted, ratio)
}

// Derivative returns f′(x) as a central difference.
func Derivative(f func(x float64) float64, x float64) float64 {
	return (f(x+step) - f(x-step)) / (2 * step)
}

// Gradient returns all ∂f/∂vⱼ at v, moving one variable at a time.
func Gradient(f func(v []float64) float64, v []float64) []float64 {
	moved, gradient := slices.Clone(v), make([]float64, len(v))
	for j := range v {
		gradient[j] = Derivative(func(x float64) float64 { moved[j] = x; return f(moved) }, v[j])
		moved[j] = v[j]
	}
	return gradient
}

// Jacobian returns ∂fₖ/∂vⱼ at [k][j].
func Jacobian(f func(v []float64) []float64, v []float64) [][]float64 {
	rows := make([][]float64, len(f(v)))
	for k := range rows {
		rows[k] = Gradient(func(v []float64) float64 { return f(v)[k] }, v)
	}
	return rows
}

// Sigma is σ(z), equation (3).
func Sigma(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// SigmaPrime is σ′(z) by the quotient rule, e⁻ᶻ/(1 + e⁻ᶻ)².
func SigmaPrime(z float64) float64 {
	e := math.Exp(-z)
	return e / ((1 + e) * (1 + e))
}

// Logit is the z whose σ(z) is a: it shows a weighted input of which the program only
// gives the activation.
func Logit(a float64) float64 { return math.Log(a / (1 - a)) }

// Each returns f of every number, equation (24).
func Each(f func(float64) float64, v []float64) []float64 {
	values := make([]float64, len(v))
	for j := range v {
		values[j] = f(v[j])
	}
	return values
}

// Dot returns x·y.
func Dot(x, y []float64) float64 {
	sum := 0.0
	for j := range x {
		sum += x[j] * y[j]
	}
	return sum
}

// Quadratic is the quadratic cost of one example, ½ Σⱼ (yⱼ − aⱼ)², as a function of the
// network's output a.
func Quadratic(y []float64) func(a []float64) float64 {
	return func(a []float64) float64 {
		sum := 0.0
		for j := range y {
			sum += (y[j] - a[j]) * (y[j] - a[j])
		}
		return sum / 2
	}
}
