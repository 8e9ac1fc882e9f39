package network2

import (
	"math"
	"testing"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/internal/proof"
)

var weightedInputs = []float64{0.3, -1.2, 2.5, 0.8}

// Equation (78): aᴸⱼ = e^zᴸⱼ / Σₖ e^zᴸₖ
//
// Four weighted inputs.
func TestEquation78(t *testing.T) {
	right := exponentials(weightedInputs)
	proof.Agree(t, "(78)", Softmax(column(weightedInputs...)).Data, right, proof.Exact)
}

// Equation (79): Σⱼ aᴸⱼ = Σⱼ e^zᴸⱼ / Σₖ e^zᴸₖ = 1
//
// The activations are positive and sum to 1, even where e^z alone would overflow. When
// one weighted input rises, its activation rises and all others fall.
func TestEquation79(t *testing.T) {
	for _, move := range []float64{0, 700, -5000} {
		z := column(proof.Each(func(z float64) float64 { return z + move }, weightedInputs)...)
		sum := 0.0
		for _, a := range Softmax(z).Data {
			if !(a > 0) {
				t.Errorf("(79): softmax of %v has the activation %g", z.Data, a)
			}
			sum += a
		}
		proof.Agree(t, "(79)", []float64{sum}, []float64{1}, proof.Exact)
	}
	before := Softmax(column(weightedInputs...))
	after := Softmax(column(plus(weightedInputs, 0.1, []float64{0, 1, 0, 0})...))
	for j := range 4 {
		if (after.Data[j] > before.Data[j]) != (j == 1) {
			t.Errorf("(79): z₁ rose, and a at neuron %d went from %g to %g", j, before.Data[j], after.Data[j])
		}
	}
}

// Equation (80): C ≡ −ln aᴸ_y
//
// The cost of each label, from the activations and, by LogLikelihood, from the weighted inputs.
func TestEquation80(t *testing.T) {
	a := exponentials(weightedInputs)
	for label := range a {
		y := matrix.New(4, 1)
		y.Data[label] = 1
		right := []float64{-math.Log(a[label])}
		proof.Agree(t, "(80)", []float64{LogLikelihoodCost{}.Fn(column(a...), y)}, right, proof.Exact)
		proof.Agree(t, "(80), LogLikelihood", []float64{LogLikelihood(column(weightedInputs...), label)}, right, proof.Exact)
	}
}

// softmaxNetwork returns a network with a softmax output layer, the same written out, and
// examples with a label each.
func softmaxNetwork() (NeuronNetwork, proof.Net, []nn.Example) {
	net := NeuronNetwork{pocketNetwork(LogLikelihoodCost{}), SigmoidNeuron, Softmax}
	out := written(net.Net)
	out.Output = exponentials
	return net, out, randomData(5, 3, 2)
}

// Equation (81): ∂C/∂bᴸⱼ = aᴸⱼ − yⱼ
// Equation (82): ∂C/∂wᴸⱼₖ = aᴸ⁻¹ₖ(aᴸⱼ − yⱼ)
//
// One example after another: each bias and weight of the last layer moved, the formulas,
// and Backprop.
func TestEquations81to82(t *testing.T) {
	net, out, data := softmaxNetwork()
	for _, e := range data {
		nablaB, nablaW := out.Gradient(costOver(out, []nn.Example{e}, likelihood))
		_, a := out.Forward(e.X().Data)
		formulaB, formulaW := plus(a[4], -1, e.Y().Data), make([]float64, 2*3)
		for j := range 2 {
			for k := range 3 {
				formulaW[j*3+k] = a[3][k] * formulaB[j]
			}
		}
		proof.Agree(t, "(81)", formulaB, nablaB[2], proof.Derived)
		proof.Agree(t, "(82)", formulaW, nablaW[2], proof.Derived)
		gotB, gotW := net.Backprop(e.X(), e.Y())
		proof.Agree(t, "(81), by Backprop", gotB[2].Data, nablaB[2], proof.Derived)
		proof.Agree(t, "(82), by Backprop", gotW[2].Data, nablaW[2], proof.Derived)
	}
}

// Equation (83): aᴸⱼ = e^czᴸⱼ / Σₖ e^czᴸₖ
//
// As c grows, the activation of the largest weighted input goes to 1: at c = 1 it is what
// it was, at c = 40 all the others together have less than 1e-20.
func TestEquation83(t *testing.T) {
	for _, c := range []float64{0.5, 1, 3} {
		right := exponentials(proof.Each(func(z float64) float64 { return c * z }, weightedInputs))
		proof.Agree(t, "(83)", SoftmaxC(c, column(weightedInputs...)).Data, right, proof.Exact)
	}
	a := SoftmaxC(40, column(weightedInputs...)).Data
	if rest := a[0] + a[1] + a[3]; !(rest < 1e-20) || a[2] != 1 {
		t.Errorf("(83): with c = 40 the largest activation is %g, the others %g", a[2], rest)
	}
}

// Equation (84): δᴸⱼ = aᴸⱼ − yⱼ
//
// δᴸ is the derivative with respect to zᴸ, found by moving zᴸ.
func TestEquation84(t *testing.T) {
	net, out, data := softmaxNetwork()
	for _, e := range data {
		right := out.Errors(e.X().Data, likelihood(e.Y().Data))[4]
		_, a := out.Forward(e.X().Data)
		proof.Agree(t, "(84)", plus(a[4], -1, e.Y().Data), right, proof.Derived)
		proof.Agree(t, "(84), Delta", net.Net.Cost.Delta(nil, column(a[4]...), e.Y()).Data, right, proof.Derived)
	}
}
