package nn

import (
	"fmt"
	"math"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// Equation (23): aˡⱼ = σ(Σₖ wˡⱼₖaˡ⁻¹ₖ + bˡⱼ)
//
// Every neuron of every layer, from the activations of the layer before. j is
// where the weight leads, k where it comes from: a change of w³₁₂ changes neuron 1
// of layer 3 (the neurons counted from 0) and no other. On the left the activations that
// Feedforward and Backprop compute.
func TestEquation23(t *testing.T) {
	net, x, _ := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	for l := 2; l <= 4; l++ {
		right := make([]float64, net.Sizes[l-1])
		for j := range right {
			sum := 0.0
			for k := range a[l-1] {
				sum += net.Weights[l-2].At(j, k) * a[l-1][k]
			}
			right[j] = 1 / (1 + math.Exp(-sum-net.Biases[l-2].At(j, 0)))
		}
		proof.Agree(t, fmt.Sprintf("(23), l = %d, Feedforward", l), upTo(net, l).Feedforward(x).Data, right, proof.Exact)
		proof.Agree(t, fmt.Sprintf("(23), l = %d, Backprop", l), activationsOfBackprop(net, x)[l], right, proof.Exact)
	}
	before := upTo(net, 3).Feedforward(x).Data
	net.Weights[3-2].Set(1, 2, 5)
	for j, changed := range upTo(net, 3).Feedforward(x).Data {
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
// The activations that Backprop computes, as its gradients show them, against the
// formula written out.
func TestEquation25(t *testing.T) {
	net, x, _ := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	left := activationsOfBackprop(net, x)
	for l := 2; l <= 4; l++ {
		proof.Agree(t, fmt.Sprintf("(25), l = %d", l), left[l], a[l], proof.Exact)
	}
}

// activationsOfBackprop returns a[l] for l = 2, …, L as Backprop computes them. It does
// not return them, but its gradients show them. By (BP4) and (BP3) aˡₖ is ∂C/∂wˡ⁺¹ⱼₖ divided
// by ∂C/∂bˡ⁺¹ⱼ, whatever j is. In the last layer δ is aσ′(z) for y = 0 and (a − 1)σ′(z) for
// y = 1, so a is the first divided by their difference.
func activationsOfBackprop(net *Network, x *matrix.Matrix) [][]float64 {
	L := len(net.Sizes)
	a := make([][]float64, L+1)
	zeros, ones := matrix.New(net.Sizes[L-1], 1), matrix.New(net.Sizes[L-1], 1)
	ones.Apply(func(float64) float64 { return 1 }, ones)
	nablaB, nablaW := net.Backprop(x, zeros)
	for l := 2; l < L; l++ {
		a[l] = scaled(1/nablaB[l+1-2].At(0, 0), nablaW[l+1-2].Row(0))
	}
	delta0, delta1 := errorsByBackprop(net, x, zeros)[L], errorsByBackprop(net, x, ones)[L]
	for j := range delta0 {
		a[L] = append(a[L], delta0[j]/(delta0[j]-delta1[j]))
	}
	return a
}

// Equation (26): C = 1/(2n) Σₓ ‖y(x) − aᴸ(x)‖²
//
// Cost over five examples against the lengths, and against the mean of the costs
// Cₓ = ½ Σⱼ (yⱼ − aᴸⱼ)² of each: backpropagation needs C to be such a mean.
func TestEquation26(t *testing.T) {
	net, _, _ := pocketNetwork()
	data := pocketData(5)
	lengths, costs := 0.0, 0.0
	for _, e := range data {
		_, a := written(net).Forward(e.X().Data)
		y := e.Y().Data
		lengths += math.Pow(math.Hypot(y[0]-a[4][0], y[1]-a[4][1]), 2)
		costs += ((y[0]-a[4][0])*(y[0]-a[4][0]) + (y[1]-a[4][1])*(y[1]-a[4][1])) / 2
	}
	proof.Agree(t, "(26)", []float64{net.Cost(data)}, []float64{lengths / (2 * 5)}, proof.Exact)
	proof.Agree(t, "(26), the mean of Cₓ", []float64{net.Cost(data)}, []float64{costs / 5}, proof.Exact)
}

// Equation (27): C = ½‖y − aᴸ‖² = ½ Σⱼ (yⱼ − aᴸⱼ)²
//
// One example: Cost, the length and the sum. As a function of the output alone
// its derivative is what CostDerivative gives.
func TestEquation27(t *testing.T) {
	net, x, y := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	cost := net.Cost([]Example{NewExample(x, y)})
	length := math.Hypot(y.Data[0]-a[4][0], y.Data[1]-a[4][1])
	sum := (y.Data[0]-a[4][0])*(y.Data[0]-a[4][0]) + (y.Data[1]-a[4][1])*(y.Data[1]-a[4][1])
	proof.Agree(t, "(27), the length", []float64{cost}, []float64{length * length / 2}, proof.Exact)
	proof.Agree(t, "(27), the sum", []float64{cost}, []float64{sum / 2}, proof.Exact)
	byA := proof.Gradient(proof.Quadratic(y.Data), a[4])
	proof.Agree(t, "(27), its derivative", net.CostDerivative(column1(a[4]), y).Data, byA, proof.Derived)
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
	net, x, y := pocketNetwork()
	left, right := errorsByBackprop(net, x, y), errorsByDefinition(net, x, y)
	for l := 2; l <= 4; l++ {
		proof.Agree(t, fmt.Sprintf("(29), l = %d", l), left[l], right[l], proof.Derived)
	}
}

// Equation (BP1): δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)
//
// The left by definition, by moving zᴸ; on the right both derivatives are central
// differences too, of C and of σ written out. Backprop's δᴸ and the program's σ′ are
// compared with them.
func TestEquationBP1(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	byA := proof.Gradient(proof.Quadratic(y.Data), a[4])
	right := make([]float64, 2)
	for j := range right {
		sp := proof.Derivative(proof.Sigma, z[4][j])
		proof.Agree(t, "σ′", []float64{SigmoidPrime(z[4][j])}, []float64{sp}, proof.Derived)
		right[j] = byA[j] * sp
	}
	proof.Agree(t, "(BP1)", errorsByDefinition(net, x, y)[4], right, proof.Derived)
	proof.Agree(t, "(BP1), Backprop", errorsByBackprop(net, x, y)[4], right, proof.Derived)
}

// Equation (BP1a): δᴸ = ∇ₐC ⊙ σ′(zᴸ)
//
// BP1 for the whole layer. The program's functions for the two operands against their
// definitions, and Backprop's δᴸ against the product of the definitions.
func TestEquationBP1a(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	nablaA := proof.Gradient(proof.Quadratic(y.Data), a[4])
	sp := proof.Each(proof.SigmaPrime, z[4])
	proof.Agree(t, "∇ₐC", net.CostDerivative(column1(a[4]), y).Data, nablaA, proof.Derived)
	proof.Agree(t, "σ′(zᴸ)", new(matrix.Matrix).Apply(SigmoidPrime, column1(z[4])).Data, sp, proof.Exact)
	right := []float64{nablaA[0] * sp[0], nablaA[1] * sp[1]}
	proof.Agree(t, "(BP1a)", errorsByBackprop(net, x, y)[4], right, proof.Derived)
}

// Equation (30): δᴸ = (aᴸ − y) ⊙ σ′(zᴸ)
//
// The same for the quadratic cost, whose ∇ₐC is aᴸ − y; σ′ = σ(1 − σ) = a(1 − a). All
// of it written out, against the definition of δ and against Backprop.
func TestEquation30(t *testing.T) {
	net, x, y := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	right := make([]float64, 2)
	for j := range right {
		right[j] = (a[4][j] - y.Data[j]) * a[4][j] * (1 - a[4][j])
	}
	proof.Agree(t, "(30)", errorsByDefinition(net, x, y)[4], right, proof.Derived)
	proof.Agree(t, "(30), Backprop", errorsByBackprop(net, x, y)[4], right, proof.Exact)
}

// Equation (BP2): δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)
//
// Both errors by definition, each by moving its own z; between them the formula, sum by
// sum. The transpose is in the indices: neuron j of layer l collects wˡ⁺¹ₖⱼδˡ⁺¹ₖ over k,
// which is a column of wˡ⁺¹. And Backprop's δˡ against the same.
func TestEquationBP2(t *testing.T) {
	net, x, y := pocketNetwork()
	z, _ := written(net).Forward(x.Data)
	delta := errorsByDefinition(net, x, y)
	for l := 3; l >= 2; l-- {
		right := make([]float64, len(z[l]))
		for j := range right {
			for k := range z[l+1] {
				right[j] += net.Weights[l+1-2].At(k, j) * delta[l+1][k]
			}
			right[j] *= proof.SigmaPrime(z[l][j])
		}
		proof.Agree(t, fmt.Sprintf("(BP2), l = %d", l), delta[l], right, proof.Derived)
		proof.Agree(t, fmt.Sprintf("(BP2), l = %d, Backprop", l), errorsByBackprop(net, x, y)[l], right, proof.Derived)
	}
}

// Equation (BP3): ∂C/∂bˡⱼ = δˡⱼ
//
// On the left the bias is moved, on the right z; and Backprop's ∂C/∂b against both.
func TestEquationBP3(t *testing.T) {
	net, x, y := pocketNetwork()
	left, _ := written(net).Gradient(writtenCost(net, []Example{NewExample(x, y)}))
	nablaB, _ := net.Backprop(x, y)
	delta := errorsByDefinition(net, x, y)
	for l := 2; l <= 4; l++ {
		proof.Agree(t, fmt.Sprintf("(BP3), l = %d", l), left[l-2], delta[l], proof.Derived)
		proof.Agree(t, fmt.Sprintf("(BP3), l = %d, Backprop", l), nablaB[l-2].Data, left[l-2], proof.Derived)
	}
}

// ofOne is the tolerance for a single number that may be much smaller than the largest
// of its layer, one side being a numerical derivative.
const ofOne = 1e-6

// Equation (31): ∂C/∂b = δ
//
// BP3 without indices: one neuron after another, the derivative that Backprop returns
// for its bias and its error, found by moving its z.
func TestEquation31(t *testing.T) {
	net, x, y := pocketNetwork()
	nablaB, _ := net.Backprop(x, y)
	delta := errorsByDefinition(net, x, y)
	for l := 2; l <= 4; l++ {
		for j := range delta[l] {
			proof.Agree(t, fmt.Sprintf("(31), neuron %d of layer %d", j, l), nablaB[l-2].Data[j:j+1], delta[l][j:j+1], ofOne)
		}
	}
}

// Equation (BP4): ∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ
//
// On the left each weight is moved, on the right is the product of the activation
// that enters it and the error of the neuron that it leads to, by definition; and
// Backprop's ∂C/∂w against both.
func TestEquationBP4(t *testing.T) {
	net, x, y := pocketNetwork()
	_, left := written(net).Gradient(writtenCost(net, []Example{NewExample(x, y)}))
	_, nablaW := net.Backprop(x, y)
	_, a := written(net).Forward(x.Data)
	delta := errorsByDefinition(net, x, y)
	for l := 2; l <= 4; l++ {
		var right []float64 // row after row, as in the matrix
		for j := range delta[l] {
			for k := range a[l-1] {
				right = append(right, a[l-1][k]*delta[l][j])
			}
		}
		proof.Agree(t, fmt.Sprintf("(BP4), l = %d", l), left[l-2], right, proof.Derived)
		proof.Agree(t, fmt.Sprintf("(BP4), l = %d, Backprop", l), nablaW[l-2].Data, left[l-2], proof.Derived)
	}
}

// Equation (32): ∂C/∂w = a_in δ_out
//
// BP4 without indices: one weight after another, the derivative that Backprop returns,
// and the product of a_in, written out, and δ_out, found by moving z. And what the book
// reads from it: where nothing comes in, nothing is learned.
func TestEquation32(t *testing.T) {
	net, x, y := pocketNetwork()
	x.Data[1] = 0
	_, a := written(net).Forward(x.Data)
	_, nablaW := net.Backprop(x, y)
	delta := errorsByDefinition(net, x, y)
	for l := 2; l <= 4; l++ {
		for j, out := range delta[l] {
			for k, in := range a[l-1] {
				left := nablaW[l-2].At(j, k)
				if in == 0 {
					if left != 0 {
						t.Errorf("(32): ∂C/∂w = %g where a_in = 0", left)
					}
					continue
				}
				proof.Agree(t, fmt.Sprintf("(32), neuron %d to %d of layer %d", k, j, l), []float64{left}, []float64{in * out}, ofOne)
			}
		}
	}
}

// sigmaPrime returns Σ′(z), the square matrix with σ′(zⱼ) on its diagonal and
// zeros elsewhere.
func sigmaPrime(z []float64) [][]float64 {
	s := make([][]float64, len(z))
	for j := range z {
		s[j] = make([]float64, len(z))
		s[j][j] = proof.SigmaPrime(z[j])
	}
	return s
}

// transpose returns the rows of wᵀ.
func transpose(w *matrix.Matrix) [][]float64 {
	wT := make([][]float64, w.Cols)
	for k := range wT {
		for j := range w.Rows {
			wT[k] = append(wT[k], w.At(j, k))
		}
	}
	return wT
}

// product returns the product of matrices, given as rows.
func product(x, y [][]float64) [][]float64 {
	z := make([][]float64, len(x))
	for i := range x {
		z[i] = make([]float64, len(y[0]))
		for j := range z[i] {
			for k := range y {
				z[i][j] += x[i][k] * y[k][j]
			}
		}
	}
	return z
}

// times returns the product of a matrix and a column.
func times(x [][]float64, v []float64) []float64 {
	z := make([]float64, len(x))
	for i := range x {
		z[i] = proof.Dot(x[i], v)
	}
	return z
}

// Equation (33): δᴸ = Σ′(zᴸ)∇ₐC
// Equation (34): δˡ = Σ′(zˡ)(wˡ⁺¹)ᵀδˡ⁺¹
// Equation (35): δˡ = Σ′(zˡ)(wˡ⁺¹)ᵀ … Σ′(zᴸ⁻¹)(wᴸ)ᵀΣ′(zᴸ)∇ₐC
//
// The Hadamard product with σ′ as a product with a diagonal matrix, and so the
// error of layer 2 as one product of matrices. All of it written out; on the left
// Backprop's errors, and for (34) the errors of the layer above by definition.
func TestEquations33to35(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	left, delta := errorsByBackprop(net, x, y), errorsByDefinition(net, x, y)
	nablaA := moved(y.Data, a[4]) // aᴸ − y
	w3T, w4T := transpose(net.Weights[3-2]), transpose(net.Weights[4-2])
	s2, s3, s4 := sigmaPrime(z[2]), sigmaPrime(z[3]), sigmaPrime(z[4])
	proof.Agree(t, "(33)", left[4], times(s4, nablaA), proof.Exact)
	proof.Agree(t, "(34), l = 3", left[3], times(product(s3, w4T), delta[4]), proof.Derived)
	proof.Agree(t, "(34), l = 2", left[2], times(product(s2, w3T), delta[3]), proof.Derived)
	all := product(product(product(s2, w3T), product(s3, w4T)), s4)
	proof.Agree(t, "(35), l = 2", left[2], times(all, nablaA), proof.Exact)
}

// Equation (46): ∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w))/ε
// Equation (46), two-sided: ∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w − εeⱼ))/2ε
//
// The function is e^w₁·sin w₂, whose derivative with respect to w₂ is e^w₁·cos w₂. With
// ε ten times smaller, the error of the book's form becomes ten times smaller, which is
// what its ≈ means, and that of the program's form, which moves the weight both ways, a
// hundred times.
func TestEquation46(t *testing.T) {
	const tolerance = 0.1 // what the next order of the Taylor series adds
	w := []float64{0.3, 0.8}
	cost := func() float64 { return math.Exp(w[0]) * math.Sin(w[1]) }
	want := math.Exp(0.3) * math.Cos(0.8)
	oneSided := func(epsilon float64) float64 {
		return (math.Exp(0.3)*math.Sin(0.8+epsilon) - cost()) / epsilon
	}
	twoSided := func(epsilon float64) float64 { return NumericalDerivative(cost, &w[1], epsilon) }
	for _, form := range []struct {
		name       string
		derivative func(epsilon float64) float64
		smaller    float64
	}{{"one-sided", oneSided, 10}, {"two-sided", twoSided, 100}} {
		error2, error3 := form.derivative(1e-2)-want, form.derivative(1e-3)-want
		proof.Agree(t, "(46), the error "+form.name, []float64{error2 / error3}, []float64{form.smaller}, tolerance)
		t.Logf("(46): ∂C/∂w₂ = %.9f, %s with ε = 0.001 %.9f", want, form.name, form.derivative(1e-3))
	}
	if w[0] != 0.3 || w[1] != 0.8 {
		t.Errorf("(46): the weights were left at %v", w)
	}
}
