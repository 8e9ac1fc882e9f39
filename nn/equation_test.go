package nn

// The tests whose names begin with TestEquation show the numbered equations of
// chapters 1 and 2, each by computing its two sides in two ways that do not lean
// on one another. docs/equations.md has a row for each equation; the doc comment
// of a test states what it shows in the same form. To see the numbers:
//
//	go test ./nn -v -run 'TestEquationBP2$'

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nndl/matrix"
)

const (
	// exact is the tolerance where both sides are the same sum in another order:
	// some tens of roundings of 1e-16 each.
	exact = 1e-13
	// step is how far numerical goes up and down. The derivative is then wrong by
	// about step² = 1e-10 because the function is not straight, and by about
	// 1e-16/step = 1e-11 because the two costs are rounded.
	step = 1e-5
	// derived is the tolerance where a side is a numerical derivative: those errors,
	// divided by a gradient of some hundredths.
	derived = 1e-8
)

// agree fails the test unless the two sides of an equation are equal, number by
// number, up to tolerance times the largest number on the right. If that is next
// to nothing, or infinite, the two sides show nothing, and this fails too.
func agree(t *testing.T, equation string, left, right []float64, tolerance float64) {
	t.Helper()
	if len(left) != len(right) {
		t.Fatalf("%s: %d numbers on the left, %d on the right", equation, len(left), len(right))
	}
	largest, apart := 0.0, 0.0
	for i := range right {
		largest = math.Max(largest, math.Abs(right[i]))
		apart = math.Max(apart, math.Abs(left[i]-right[i])) // NaN stays NaN
	}
	if largest < 1e-5 || math.IsInf(largest, 0) {
		t.Fatalf("%s: the right side is %.3g: this shows nothing", equation, right)
	}
	if !(apart <= tolerance*largest) {
		t.Errorf("%s: left %.9g, right %.9g: apart by %.1g of the largest, want at most %.1g",
			equation, left, right, apart/largest, tolerance)
		return
	}
	most := min(len(left), 4)
	t.Logf("%s: left %.6g, right %.6g: apart by %.0e of the largest", equation, left[:most], right[:most], apart/largest)
}

// firstOrder fails the test unless predicted is the change of something up to
// terms of second order, which is what ≈ means in chapters 1 and 2: when all
// steps are made ten times smaller, what the prediction misses must become a
// hundred times smaller. With a wrong derivative it becomes only ten times
// smaller. The third order is allowed to make the hundred 80 to 125.
func firstOrder(t *testing.T, equation string, sides func(h float64) (change, predicted float64)) {
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

// numerical returns the gradient of f at v without calculus, one variable at a time.
func numerical(f func(v []float64) float64, v []float64) []float64 {
	v = slices.Clone(v)
	gradient := make([]float64, len(v))
	for i := range v {
		gradient[i] = NumericalDerivative(func() float64 { return f(v) }, &v[i], step)
	}
	return gradient
}

// pocketNetwork returns a network that fits on paper, layers of 3, 4, 3 and 2
// neurons, so that L = 4, with one example for it. The outputs wanted are neither 0
// nor 1, so that no sign and no factor can hide.
func pocketNetwork() (n *Network, x, y *matrix.Matrix) {
	rng := rand.New(rand.NewPCG(1, 0))
	n = New([]int{3, 4, 3, 2}, rng)
	return n, matrix.FromSlice(3, 1, []float64{0.9, 0.2, 0.6}), matrix.FromSlice(2, 1, []float64{0.8, 0.3})
}

// pocketData returns some random examples for pocketNetwork.
func pocketData(count int) []Example {
	rng := rand.New(rand.NewPCG(2, 0))
	data := make([]Example, count)
	for i := range data {
		x, y := matrix.New(3, 1), matrix.New(2, 1)
		for j := range x.Data {
			x.Data[j] = rng.Float64()
		}
		y.Data[rng.IntN(2)] = 1
		data[i] = NewExample(x, y)
	}
	return data
}

// In these tests l is the book's number of a layer, 1 to L, and j, k, … are
// neurons counted from 0.

// weight returns wˡⱼₖ, from neuron k of layer l−1 to neuron j of layer l.
func weight(n *Network, l, j, k int) float64 { return n.Weights[l-2].At(j, k) }

// bias returns bˡⱼ.
func bias(n *Network, l, j int) float64 { return n.Biases[l-2].At(j, 0) }

// forward returns z[l][j] and a[l][j] of every layer by plain loops. z[1] is nil,
// since the input has no z, and so are z[0] and a[0].
func forward(n *Network, x []float64) (z, a [][]float64) {
	L := len(n.Sizes)
	z, a = make([][]float64, L+1), make([][]float64, L+1)
	a[1] = x
	for l := 2; l <= L; l++ {
		z[l] = weightedInput(n, l, a[l-1])
		a[l] = sigmoids(z[l])
	}
	return z, a
}

// weightedInput returns zˡ for the activations of the layer before.
func weightedInput(n *Network, l int, a []float64) []float64 {
	z := make([]float64, n.Sizes[l-1])
	for j := range z {
		for k := range a {
			z[j] += weight(n, l, j, k) * a[k]
		}
		z[j] += bias(n, l, j)
	}
	return z
}

// sigmoids returns σ of every number of z.
func sigmoids(z []float64) []float64 {
	a := make([]float64, len(z))
	for j := range z {
		a[j] = Sigmoid(z[j])
	}
	return a
}

// costOf returns the cost of one example as a function of the output: ½‖y − a‖².
func costOf(y, a []float64) float64 {
	sum := 0.0
	for j := range y {
		sum += (y[j] - a[j]) * (y[j] - a[j])
	}
	return sum / 2
}

// costFrom returns the cost of one example as a function of zˡ: what the network
// makes of it from layer l on.
func costFrom(n *Network, l int, z, y []float64) float64 {
	for l < len(n.Sizes) {
		l++
		z = weightedInput(n, l, sigmoids(z))
	}
	return costOf(y, sigmoids(z))
}

// errorsByDefinition returns delta[l][j] = ∂C/∂zˡⱼ for l = 2, …, L, each found
// by moving zˡⱼ itself up and down. This is what the book calls the error.
func errorsByDefinition(n *Network, x, y []float64) (delta [][]float64) {
	L := len(n.Sizes)
	z, _ := forward(n, x)
	delta = make([][]float64, L+1)
	for l := 2; l <= L; l++ {
		delta[l] = numerical(func(z []float64) float64 { return costFrom(n, l, z, y) }, z[l])
	}
	return delta
}

// errorsByBackprop returns the same, as Backprop computes it.
func errorsByBackprop(n *Network, x, y *matrix.Matrix) (delta [][]float64) {
	nablaB, _ := n.Backprop(x, y)
	delta = make([][]float64, len(n.Sizes)+1)
	for i := range nablaB {
		delta[i+2] = nablaB[i].Data // equation (BP3)
	}
	return delta
}

// flat returns all numbers of a gradient, or of the parameters, as one vector.
func flat(biases, weights []*matrix.Matrix) []float64 {
	var v []float64
	for i := range biases {
		v = append(v, biases[i].Data...)
		v = append(v, weights[i].Data...)
	}
	return v
}

func dot(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += x[i] * y[i]
	}
	return sum
}
