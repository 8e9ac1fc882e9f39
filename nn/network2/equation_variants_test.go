package network2

import (
	"math"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// curved returns the cost of a neuron with two inputs over three examples as a function of
// v = (w₀, w₁, b), and a point. It is what (103) to (106) are about: any function will do.
func curved() (cost func(v []float64) float64, v []float64) {
	data := pocketData(3, 2, 1)
	return func(v []float64) float64 {
		return costOver(written(single(nil, v[2], v[0], v[1])), data, entropy)()
	}, []float64{0.8, -1.2, 0.3}
}

// hessian returns H, the second derivatives ∂²C/∂wⱼ∂wₖ, by moving two variables.
func hessian(cost func(v []float64) float64, v []float64) (H [][]float64) {
	const step = 1e-3
	at := func(j, k int, dj, dk float64) float64 {
		moved := append([]float64(nil), v...)
		moved[j] += dj * step
		moved[k] += dk * step
		return cost(moved)
	}
	for j := range v {
		row := make([]float64, len(v))
		for k := range v {
			row[k] = (at(j, k, 1, 1) - at(j, k, 1, -1) - at(j, k, -1, 1) + at(j, k, -1, -1)) / (4 * step * step)
		}
		H = append(H, row)
	}
	return H
}

// Equation (103): C(w + Δw) = C(w) + Σⱼ ∂C/∂wⱼ Δwⱼ + ½ Σⱼₖ Δwⱼ ∂²C/∂wⱼ∂wₖ Δwₖ + …
// Equation (104): C(w + Δw) = C(w) + ∇C·Δw + ½ΔwᵀHΔw + …
// Equation (105): C(w + Δw) ≈ C(w) + ∇C·Δw + ½ΔwᵀHΔw
//
// The sums of (103) and the products of matrices of (104) are the same. What (105) leaves
// out is of third order: a tenth of the step makes it a thousandth. (First order alone
// would leave a hundredth.)
func TestEquations103to105(t *testing.T) {
	cost, v := curved()
	gradient, H := proof.Gradient(cost, v), hessian(cost, v)
	missed := func(h float64) float64 {
		dw := []float64{0.7 * h, 0.4 * h, -0.9 * h}
		sums := cost(v)
		for j := range v {
			sums += gradient[j] * dw[j]
			for k := range v {
				sums += dw[j] * H[j][k] * dw[k] / 2
			}
		}
		d := column(dw...)
		products := new(matrix.Matrix).Mul(matrix.FromSlice(3, 3, joined(H)), d) // HΔw
		products = new(matrix.Matrix).TMul(d, products)                          // ΔwᵀHΔw
		proof.Agree(t, "(103) and (104)", []float64{cost(v) + proof.Dot(gradient, dw) + products.Data[0]/2}, []float64{sums}, proof.Exact)
		return math.Abs(cost(plus(v, 1, dw)) - sums)
	}
	if ratio := missed(0.1) / missed(0.01); !(800 < ratio && ratio < 1250) {
		t.Errorf("(105): a tenth of the step made the miss %.0f times smaller, want about 1000", ratio)
	}
}

// Equation (106): Δw = −H⁻¹∇C
//
// A linear neuron with the quadratic cost has a cost that is quadratic in its weights, so
// the ≈ of (105) is =, and a single step of (106) leads to the minimum from anywhere:
// there the program's gradient is 0.
func TestEquation106(t *testing.T) {
	data := pocketData(6, 2, 1)
	net := NeuronNetwork{single(QuadraticCostOf{Output: LinearNeuron}, 0.3, 0.8, -1.2), SigmoidNeuron, LinearNeuron.Layer}
	linear := func(v []float64) proof.Net {
		n := written(single(nil, v[2], v[0], v[1]))
		n.Output = func(z []float64) []float64 { return z }
		return n
	}
	cost := func(v []float64) float64 { return costOver(linear(v), data, proof.Quadratic)() }
	v := []float64{0.8, -1.2, 0.3}
	gradient := proof.Gradient(cost, v)
	dw := solve(hessian(cost, v), gradient)
	gradientAt := func() []float64 {
		nablaB, nablaW := net.Net.meanGradient(net.Backprop, data)
		return append(numbers(nablaW), numbers(nablaB)...)
	}
	proof.Agree(t, "(106), ∇C before the step", gradientAt(), gradient, proof.Derived)
	at := plus(v, -1, dw)
	net.Net.Weights[0], net.Net.Biases[0] = matrix.FromSlice(1, 2, at[:2]), column(at[2])
	for _, g := range gradientAt() {
		if math.Abs(g) > 1e-8*math.Abs(gradient[0]) {
			t.Errorf("(106): after one step the gradient is %g, before it %g", gradientAt(), gradient)
			break
		}
	}
}

// solve returns H⁻¹g by elimination.
func solve(H [][]float64, g []float64) []float64 {
	n := len(g)
	x := append([]float64(nil), g...)
	for i := range n {
		for j := range n {
			if j != i {
				f := H[j][i] / H[i][i]
				H[j] = plus(H[j], -f, H[i])
				x[j] -= f * x[i]
			}
		}
	}
	for i := range n {
		x[i] /= H[i][i]
	}
	return x
}

// Equation (109): tanh(w·x + b)
//
// One tanh neuron.
func TestEquation109(t *testing.T) {
	net := NeuronNetwork{single(nil, 0.3, 0.8, -1.2, 0.5), SigmoidNeuron, TanhNeuron.Layer}
	for _, e := range pocketData(4, 3, 1) {
		z := 0.8*e.X().Data[0] - 1.2*e.X().Data[1] + 0.5*e.X().Data[2] + 0.3
		right := (math.Exp(z) - math.Exp(-z)) / (math.Exp(z) + math.Exp(-z))
		proof.Agree(t, "(109)", net.Feedforward(e.X()).Data, []float64{right}, proof.Exact)
	}
}

var alongTheAxis = []float64{-30, -3, -1, -0.2, 0.1, 0.5, 2, 40}

// Equation (110): tanh(z) ≡ (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)
//
// And its derivative, without calculus.
func TestEquation110(t *testing.T) {
	for _, z := range alongTheAxis {
		right := (math.Exp(z) - math.Exp(-z)) / (math.Exp(z) + math.Exp(-z))
		proof.Agree(t, "(110)", []float64{Tanh(z)}, []float64{right}, proof.Exact)
		if math.Abs(z) < 5 {
			proof.Agree(t, "(110), tanh′", []float64{TanhPrime(z)}, []float64{proof.Derivative(math.Tanh, z)}, proof.Derived)
		}
	}
}

// Equation (111): σ(z) = (1 + tanh(z/2))/2
//
// The program's σ from exponentials written out.
func TestEquation111(t *testing.T) {
	for _, z := range alongTheAxis[1:] {
		e := math.Exp(z/2) - math.Exp(-z/2)
		tanh := e / (math.Exp(z/2) + math.Exp(-z/2))
		proof.Agree(t, "(111)", []float64{Sigmoid(z)}, []float64{(1 + tanh) / 2}, proof.Exact)
		proof.Agree(t, "(111), by Tanh", []float64{(1 + Tanh(z/2)) / 2}, []float64{proof.Sigma(z)}, proof.Exact)
	}
}

// Equation (112): max(0, w·x + b)
//
// A rectified linear unit on both sides of 0.
func TestEquation112(t *testing.T) {
	for _, b := range []float64{2, -2} {
		net := NeuronNetwork{single(nil, b, 0.8, -1.2, 0.5), SigmoidNeuron, ReLUNeuron.Layer}
		for _, e := range pocketData(4, 3, 1) {
			z := 0.8*e.X().Data[0] - 1.2*e.X().Data[1] + 0.5*e.X().Data[2] + b
			got := net.Feedforward(e.X()).Data[0]
			if z > 0 {
				proof.Agree(t, "(112)", []float64{got}, []float64{z}, proof.Exact)
			} else if got != 0 {
				t.Errorf("(112): z = %g gives %g, want 0", z, got)
			}
			if slope := proof.Derivative(func(z float64) float64 { return max(0, z) }, z); math.Abs(ReLUPrime(z)-slope) > 1e-9 {
				t.Errorf("(112): the derivative at %g is %g, want %g", z, ReLUPrime(z), slope)
			}
		}
	}
}
