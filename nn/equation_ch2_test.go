package nn

import (
	"fmt"
	"math"
	"testing"

	"nndl/matrix"
)

// column1 returns v as a column vector.
func column1(v []float64) *matrix.Matrix { return matrix.FromSlice(len(v), 1, v) }

// upTo returns the first l layers of n as a network: its output is aˡ.
func upTo(n *Network, l int) *Network {
	return &Network{Sizes: n.Sizes[:l], Biases: n.Biases[:l-1], Weights: n.Weights[:l-1]}
}

// Equation (23): aˡⱼ = σ(Σₖ wˡⱼₖaˡ⁻¹ₖ + bˡⱼ)
//
// Every neuron of every layer, from the activations of the layer before. j is
// where the weight goes, k where it comes from: a change of w³₁₂ changes neuron 1
// of layer 3 (the neurons counted from 0) and no other.
func TestEquation23(t *testing.T) {
	n, x, _ := pocketNetwork()
	_, a := forward(n, x.Data)
	for l := 2; l <= 4; l++ {
		right := make([]float64, n.Sizes[l-1])
		for j := range right {
			sum := 0.0
			for k := range a[l-1] {
				sum += n.Weights[l-2].At(j, k) * a[l-1][k]
			}
			right[j] = 1 / (1 + math.Exp(-sum-n.Biases[l-2].At(j, 0)))
		}
		agree(t, fmt.Sprintf("(23), l = %d", l), upTo(n, l).Feedforward(x).Data, right, exact)
	}
	before := upTo(n, 3).Feedforward(x).Data
	n.Weights[3-2].Set(1, 2, 5)
	for j, changed := range upTo(n, 3).Feedforward(x).Data {
		if (changed != before[j]) != (j == 1) {
			t.Errorf("(23): w³₁₂ moved, and a³ at neuron %d went from %g to %g", j, before[j], changed)
		}
	}
}

// Equation (24): f(x)ⱼ = f(xⱼ)
//
// The book's example, f(x) = x² of (2, 3), which is (4, 9) exactly.
func TestEquation24(t *testing.T) {
	square := func(x float64) float64 { return x * x }
	got := new(matrix.Matrix).Apply(square, column1([]float64{2, 3}))
	if want := column1([]float64{4, 9}); !got.Equal(want) {
		t.Errorf("f(x) = %v, want %v", got, want)
	}
	t.Logf("(24): x² of each of (2, 3): %v", got.Data)
}

// Equation (25): aˡ = σ(wˡaˡ⁻¹ + bˡ)
//
// The whole layer at once, with matrices, against neuron by neuron.
func TestEquation25(t *testing.T) {
	n, x, _ := pocketNetwork()
	_, a := forward(n, x.Data)
	for l := 2; l <= 4; l++ {
		z := new(matrix.Matrix).Mul(n.Weights[l-2], column1(a[l-1]))
		z.Add(z, n.Biases[l-2])
		right := new(matrix.Matrix).Apply(Sigmoid, z)
		agree(t, fmt.Sprintf("(25), l = %d, by matrices", l), a[l], right.Data, exact)
		agree(t, fmt.Sprintf("(25), l = %d, by Feedforward", l), a[l], upTo(n, l).Feedforward(x).Data, exact)
	}
}

// Equation (26): C = 1/(2n) Σₓ ‖y(x) − aᴸ(x)‖²
//
// Cost over five examples against the lengths, and against the mean of the costs
// C_x of each, which is what backpropagation needs C to be.
func TestEquation26(t *testing.T) {
	n, _, _ := pocketNetwork()
	data := pocketData(5)
	lengths, costs := 0.0, 0.0
	for i, e := range data {
		_, a := forward(n, e.X().Data)
		lengths += math.Pow(math.Hypot(e.Y().Data[0]-a[4][0], e.Y().Data[1]-a[4][1]), 2)
		costs += n.Cost(data[i : i+1])
	}
	agree(t, "(26)", []float64{n.Cost(data)}, []float64{lengths / (2 * 5)}, exact)
	agree(t, "(26), the mean of C_x", []float64{n.Cost(data)}, []float64{costs / 5}, exact)
}

// Equation (27): C = ½‖y − aᴸ‖² = ½ Σⱼ (yⱼ − aᴸⱼ)²
//
// One example: Cost, the length and the sum. As a function of the output alone
// its derivative is what CostDerivative gives.
func TestEquation27(t *testing.T) {
	n, x, y := pocketNetwork()
	_, a := forward(n, x.Data)
	cost := n.Cost([]Example{NewExample(x, y)})
	length := math.Hypot(y.Data[0]-a[4][0], y.Data[1]-a[4][1])
	sum := (y.Data[0]-a[4][0])*(y.Data[0]-a[4][0]) + (y.Data[1]-a[4][1])*(y.Data[1]-a[4][1])
	agree(t, "(27), the length", []float64{cost}, []float64{length * length / 2}, exact)
	agree(t, "(27), the sum", []float64{cost}, []float64{sum / 2}, exact)
	byA := numerical(func(a []float64) float64 { return costOf(y.Data, a) }, a[4])
	agree(t, "(27), its derivative", n.CostDerivative(column1(a[4]), y).Data, byA, derived)
}

// Equation (28): (x ⊙ y)ⱼ = xⱼyⱼ
//
// The book's example, (1, 2) ⊙ (3, 4), which is (3, 8) exactly.
func TestEquation28(t *testing.T) {
	got := new(matrix.Matrix).Hadamard(column1([]float64{1, 2}), column1([]float64{3, 4}))
	if want := column1([]float64{3, 8}); !got.Equal(want) {
		t.Errorf("x ⊙ y = %v, want %v", got, want)
	}
	t.Logf("(28): (1, 2) ⊙ (3, 4) = %v", got.Data)
}

// Equation (29): δˡⱼ ≡ ∂C/∂zˡⱼ
//
// The error is defined by moving zˡⱼ itself, whatever the layers before it do, and
// looking at the cost. Backprop's δ is that.
func TestEquation29(t *testing.T) {
	n, x, y := pocketNetwork()
	left, right := errorsByBackprop(n, x, y), errorsByDefinition(n, x.Data, y.Data)
	for l := 2; l <= 4; l++ {
		agree(t, fmt.Sprintf("(29), l = %d", l), left[l], right[l], derived)
	}
}

// Equation (BP1): δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)
//
// The left by definition, by moving zᴸ; on the right both derivatives are
// numerical too, and SigmoidPrime is held against σ itself.
func TestEquationBP1(t *testing.T) {
	n, x, y := pocketNetwork()
	z, a := forward(n, x.Data)
	left := errorsByDefinition(n, x.Data, y.Data)[4]
	byA := numerical(func(a []float64) float64 { return costOf(y.Data, a) }, a[4])
	right := make([]float64, 2)
	for j := range right {
		sp := numerical(func(z []float64) float64 { return Sigmoid(z[0]) }, z[4][j:j+1])
		agree(t, "σ′", []float64{SigmoidPrime(z[4][j])}, sp, derived)
		right[j] = byA[j] * sp[0]
	}
	agree(t, "(BP1)", left, right, derived)
	agree(t, "(BP1), Backprop", errorsByBackprop(n, x, y)[4], right, derived)
}

// Equation (BP1a): δᴸ = ∇ₐC ⊙ σ′(zᴸ)
//
// BP1 for the whole layer: the error by definition against the functions that the
// program has for the right side.
func TestEquationBP1a(t *testing.T) {
	n, x, y := pocketNetwork()
	z, a := forward(n, x.Data)
	nablaA := n.CostDerivative(column1(a[4]), y)
	byA := numerical(func(a []float64) float64 { return costOf(y.Data, a) }, a[4])
	agree(t, "∇ₐC", nablaA.Data, byA, derived)
	sp := new(matrix.Matrix).Apply(SigmoidPrime, column1(z[4]))
	right := new(matrix.Matrix).Hadamard(nablaA, sp)
	agree(t, "(BP1a)", errorsByDefinition(n, x.Data, y.Data)[4], right.Data, derived)
	agree(t, "(BP1a), Backprop", errorsByBackprop(n, x, y)[4], right.Data, exact)
}

// Equation (30): δᴸ = (aᴸ − y) ⊙ σ′(zᴸ)
//
// The same for the quadratic cost, whose ∇ₐC is aᴸ − y; σ′ = σ(1 − σ) = a(1 − a).
func TestEquation30(t *testing.T) {
	n, x, y := pocketNetwork()
	_, a := forward(n, x.Data)
	right := make([]float64, 2)
	for j := range right {
		right[j] = (a[4][j] - y.Data[j]) * a[4][j] * (1 - a[4][j])
	}
	agree(t, "(30)", errorsByDefinition(n, x.Data, y.Data)[4], right, derived)
	agree(t, "(30), Backprop", errorsByBackprop(n, x, y)[4], right, exact)
}

// Equation (BP2): δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)
//
// Both errors by definition, each by moving its own z; between them the matrices
// of the formula. The transpose turns wˡ⁺¹, which leads from layer l to l+1, so
// that it leads back.
func TestEquationBP2(t *testing.T) {
	n, x, y := pocketNetwork()
	z, _ := forward(n, x.Data)
	delta := errorsByDefinition(n, x.Data, y.Data)
	for l := 3; l >= 2; l-- {
		back := new(matrix.Matrix).TMul(n.Weights[l+1-2], column1(delta[l+1]))
		right := back.Hadamard(back, new(matrix.Matrix).Apply(SigmoidPrime, column1(z[l])))
		agree(t, fmt.Sprintf("(BP2), l = %d", l), delta[l], right.Data, derived)
		agree(t, fmt.Sprintf("(BP2), l = %d, Backprop", l), errorsByBackprop(n, x, y)[l], right.Data, derived)
	}
}

// Equation (BP3): ∂C/∂bˡⱼ = δˡⱼ
//
// On the left the bias is moved, on the right z.
func TestEquationBP3(t *testing.T) {
	n, x, y := pocketNetwork()
	one := []Example{NewExample(x, y)}
	left, _ := n.NumericalGradient(func() float64 { return n.Cost(one) }, step)
	nablaB, _ := n.Backprop(x, y)
	delta := errorsByDefinition(n, x.Data, y.Data)
	for l := 2; l <= 4; l++ {
		agree(t, fmt.Sprintf("(BP3), l = %d", l), left[l-2].Data, delta[l], derived)
		agree(t, fmt.Sprintf("(BP3), l = %d, Backprop", l), nablaB[l-2].Data, delta[l], derived)
	}
}

// Equation (31): ∂C/∂b = δ
//
// BP3 without indices: one neuron after another, its bias and its error.
func TestEquation31(t *testing.T) {
	n, x, y := pocketNetwork()
	one := []Example{NewExample(x, y)}
	delta := errorsByBackprop(n, x, y)
	for l := 2; l <= 4; l++ {
		for j := range delta[l] {
			byB := NumericalDerivative(func() float64 { return n.Cost(one) }, &n.Biases[l-2].Data[j], 1e-4)
			// Here the tolerance is of one number, not of a layer's largest.
			const tolerance = 1e-6
			agree(t, fmt.Sprintf("(31), neuron %d of layer %d", j, l), []float64{byB}, delta[l][j:j+1], tolerance)
		}
	}
}

// Equation (BP4): ∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ
//
// On the left each weight is moved, on the right is the product of the activation
// that goes into it and the error that comes out, by definition.
func TestEquationBP4(t *testing.T) {
	n, x, y := pocketNetwork()
	one := []Example{NewExample(x, y)}
	_, left := n.NumericalGradient(func() float64 { return n.Cost(one) }, step)
	_, nablaW := n.Backprop(x, y)
	_, a := forward(n, x.Data)
	delta := errorsByDefinition(n, x.Data, y.Data)
	for l := 2; l <= 4; l++ {
		var right []float64 // row after row, as in the matrix
		for j := range delta[l] {
			for k := range a[l-1] {
				right = append(right, a[l-1][k]*delta[l][j])
			}
		}
		agree(t, fmt.Sprintf("(BP4), l = %d", l), left[l-2].Data, right, derived)
		agree(t, fmt.Sprintf("(BP4), l = %d, Backprop", l), nablaW[l-2].Data, right, derived)
	}
}

// Equation (32): ∂C/∂w = a_in δ_out
//
// BP4 without indices, and what the book reads from it: where nothing comes in,
// nothing is learned.
func TestEquation32(t *testing.T) {
	n, x, y := pocketNetwork()
	x.Data[1] = 0
	one := []Example{NewExample(x, y)}
	delta := errorsByBackprop(n, x, y)
	for k, in := range x.Data {
		w := &n.Weights[0].Row(0)[k] // w²₀ₖ, from pixel k to neuron 0 of layer 2
		byW := NumericalDerivative(func() float64 { return n.Cost(one) }, w, 1e-4)
		if in == 0 {
			if byW != 0 {
				t.Errorf("(32): ∂C/∂w = %g where a_in = 0", byW)
			}
			continue
		}
		// The tolerance is of one number, not of a layer's largest.
		const tolerance = 1e-6
		agree(t, "(32)", []float64{byW}, []float64{in * delta[2][0]}, tolerance)
	}
}

// sigmaPrime returns Σ′(z), the square matrix with σ′(zⱼ) on its diagonal and
// zeros elsewhere.
func sigmaPrime(z []float64) *matrix.Matrix {
	s := matrix.New(len(z), len(z))
	for j := range z {
		s.Set(j, j, SigmoidPrime(z[j]))
	}
	return s
}

// product returns the product of matrices, from left to right.
func product(first *matrix.Matrix, others ...*matrix.Matrix) *matrix.Matrix {
	for _, x := range others {
		first = new(matrix.Matrix).Mul(first, x)
	}
	return first
}

// transpose returns wᵀ.
func transpose(w *matrix.Matrix) *matrix.Matrix {
	wT := matrix.New(w.Cols, w.Rows)
	for j := range w.Rows {
		for k := range w.Cols {
			wT.Set(k, j, w.At(j, k))
		}
	}
	return wT
}

// Equation (33): δᴸ = Σ′(zᴸ)∇ₐC
// Equation (34): δˡ = Σ′(zˡ)(wˡ⁺¹)ᵀδˡ⁺¹
// Equation (35): δˡ = Σ′(zˡ)(wˡ⁺¹)ᵀ … Σ′(zᴸ⁻¹)(wᴸ)ᵀΣ′(zᴸ)∇ₐC
//
// The Hadamard product with σ′ as a product with a diagonal matrix, and so the
// error of layer 2 as one product of matrices. Against Backprop, which does the
// same sums in another order.
func TestEquations33to35(t *testing.T) {
	n, x, y := pocketNetwork()
	z, a := forward(n, x.Data)
	delta := errorsByBackprop(n, x, y)
	nablaA := n.CostDerivative(column1(a[4]), y)
	w3T, w4T := transpose(n.Weights[3-2]), transpose(n.Weights[4-2])
	agree(t, "(33)", delta[4], product(sigmaPrime(z[4]), nablaA).Data, exact)
	agree(t, "(34), l = 3", delta[3], product(sigmaPrime(z[3]), w4T, column1(delta[4])).Data, exact)
	agree(t, "(34), l = 2", delta[2], product(sigmaPrime(z[2]), w3T, column1(delta[3])).Data, exact)
	all := product(sigmaPrime(z[2]), w3T, sigmaPrime(z[3]), w4T, sigmaPrime(z[4]), nablaA)
	agree(t, "(35), l = 2", delta[2], all.Data, exact)
}

// Equation (46): ∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w))/ε
// Equation (46), two-sided: ∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w − εeⱼ))/2ε
//
// The book moves the weight up only, the program up and down. Both are compared with
// Backprop: with ε ten times smaller, one-sided the error is ten times smaller,
// two-sided a hundred times.
func TestEquation46(t *testing.T) {
	n, x, y := pocketNetwork()
	one := []Example{NewExample(x, y)}
	cost := func() float64 { return n.Cost(one) }
	_, nablaW := n.Backprop(x, y)
	w, want := &n.Weights[2].Data[0], nablaW[2].Data[0]
	oneSided := func(epsilon float64) float64 {
		was, before := *w, cost()
		*w = was + epsilon
		defer func() { *w = was }()
		return (cost() - before) / epsilon
	}
	const tolerance = 0.1 // what the next order of the Taylor series adds
	before := *w
	one10 := (oneSided(1e-2) - want) / (oneSided(1e-3) - want)
	two10 := (NumericalDerivative(cost, w, 1e-2) - want) / (NumericalDerivative(cost, w, 1e-3) - want)
	agree(t, "(46), the error one-sided", []float64{one10}, []float64{10}, tolerance)
	agree(t, "(46), the error two-sided", []float64{two10}, []float64{100}, tolerance)
	t.Logf("(46): ∂C/∂w = %.12f, two-sided %.12f, one-sided %.12f", want, NumericalDerivative(cost, w, step), oneSided(step))
	if *w != before {
		t.Errorf("the weight was left at %g, was %g", *w, before)
	}
}
