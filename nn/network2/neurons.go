package network2

import (
	"math"

	"nndl/matrix"
	"nndl/nn"
)

// This file is the chapter's section on other models of artificial neuron. Only two
// things change in feedforward and backpropagation: σ and σ′ become the function of the
// neuron and its derivative.

// Neuron is a model of a neuron: its activation as a function of the weighted input z,
// and the derivative of that function, which takes z as well.
type Neuron struct {
	Name     string
	F, Prime func(z float64) float64
}

// SigmoidNeuron is the neuron of the rest of this package.
var SigmoidNeuron = Neuron{"sigmoid", Sigmoid, SigmoidPrime}

// LinearNeuron has its weighted input as its activation.
var LinearNeuron = Neuron{"linear", func(z float64) float64 { return z }, func(z float64) float64 { return 1 }}

// TanhNeuron has activations between −1 and 1.
var TanhNeuron = Neuron{"tanh", Tanh, TanhPrime}

// ReLUNeuron is the rectified linear unit.
var ReLUNeuron = Neuron{"relu", ReLU, ReLUPrime}

// Tanh is a rescaled σ: tanh z = 2σ(2z) − 1.
func Tanh(z float64) float64 {
	// Equation (110): tanh(z) ≡ (eᶻ − e⁻ᶻ)/(eᶻ + e⁻ᶻ)
	return math.Tanh(z) // the same without an overflow
}

// TanhPrime is tanh′(z) = 1 − tanh²(z).
func TanhPrime(z float64) float64 { return 1 - Tanh(z)*Tanh(z) }

// ReLU passes on a positive weighted input and nothing else. A NaN stays NaN.
func ReLU(z float64) float64 {
	// Equation (112): max(0, w·x + b)
	return max(0, z)
}

// ReLUPrime is 1 above 0 and 0 below. At 0, where there is no derivative, it is 0.
func ReLUPrime(z float64) float64 {
	if z > 0 {
		return 1
	}
	return 0
}

// Layer returns the activations, 10×1, of a layer of such neurons with weighted inputs
// z, 10×1.
func (f Neuron) Layer(z *matrix.Matrix) *matrix.Matrix { return new(matrix.Matrix).Apply(f.F, z) }

// QuadraticCostOf is the quadratic cost for an output layer of other neurons. For
// linear ones δᴸ = aᴸ − y, equation (68): no σ′ slows them down.
type QuadraticCostOf struct {
	QuadraticCost
	Output Neuron
}

// Delta returns δᴸ = (a − y) ⊙ f′(z), 10×1.
func (c QuadraticCostOf) Delta(z, a, y *matrix.Matrix) *matrix.Matrix {
	prime := new(matrix.Matrix).Apply(c.Output.Prime, z) // 10×1
	return prime.Hadamard(new(matrix.Matrix).Sub(a, y), prime)
}

// NeuronNetwork is a [Network] of other neurons: Hidden is the model of the hidden ones,
// and Output makes the activations of the output layer from its weighted inputs, such as
// [Softmax] or LinearNeuron.Layer. The network's Cost has to suit the output layer.
type NeuronNetwork struct {
	Net    *Network
	Hidden Neuron
	Output func(z *matrix.Matrix) *matrix.Matrix
}

// forward returns zˡ, l = 2, …, L, and aˡ, l = 1, …, L, for the input x, 784×1.
func (net NeuronNetwork) forward(x *matrix.Matrix) (zs, activations []*matrix.Matrix) {
	activations = []*matrix.Matrix{x} // aˡ: 784×1, 30×1, 10×1
	for i, b := range net.Net.Biases {
		z := new(matrix.Matrix).Mul(net.Net.Weights[i], activations[i]) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                                                     // 30×1
		layer := net.Hidden.Layer
		if i == len(net.Net.Biases)-1 {
			layer = net.Output
		}
		zs, activations = append(zs, z), append(activations, layer(z))
	}
	return zs, activations
}

// Feedforward returns the output of the network, 10×1, for the input a, 784×1.
func (net NeuronNetwork) Feedforward(a *matrix.Matrix) *matrix.Matrix {
	_, activations := net.forward(a)
	return activations[len(activations)-1] // 10×1
}

// Accuracy is [Network.Accuracy] for these neurons.
func (net NeuronNetwork) Accuracy(data []nn.Example) int {
	correct := 0
	for _, e := range data {
		if net.Feedforward(e.X()).ArgMax() == e.Label() {
			correct++
		}
	}
	return correct
}

// UpdateMiniBatch is [Network.UpdateMiniBatch] for these neurons.
func (net NeuronNetwork) UpdateMiniBatch(miniBatch []nn.Example, eta, lambda float64, n int) {
	if len(miniBatch) == 0 {
		return
	}
	nablaB, nablaW := net.Net.meanGradient(net.Backprop, miniBatch) // 30×1, 10×1; 30×784, 10×30
	for i, w := range net.Net.Weights {
		w.Scale(1-eta*(lambda/float64(n)), w).AddScaled(-eta, nablaW[i]) // 30×784, 10×30
		net.Net.Biases[i].AddScaled(-eta, nablaB[i])                     // 30×1, 10×1
	}
}

// Backprop is [Network.Backprop] for these neurons.
func (net NeuronNetwork) Backprop(x, y *matrix.Matrix) (nablaB, nablaW []*matrix.Matrix) {
	L := len(net.Net.Sizes)                                                // 3
	nablaB, nablaW = zerosLike(net.Net.Biases), zerosLike(net.Net.Weights) // 30×1, 10×1; 30×784, 10×30
	zs, activations := net.forward(x)
	delta := net.Net.Cost.Delta(zs[L-2], activations[L-1], y) // 10×1
	for l := L; ; l-- {
		nablaB[l-2].Copy(delta)                     // 10×1, 30×1
		nablaW[l-2].MulT(delta, activations[l-1-1]) // 10×1 · (30×1)ᵀ → 10×30
		if l == 2 {
			return nablaB, nablaW
		}
		sp := new(matrix.Matrix).Apply(net.Hidden.Prime, zs[l-1-2])  // 30×1
		delta = new(matrix.Matrix).TMul(net.Net.Weights[l-2], delta) // (10×30)ᵀ · 10×1 → 30×1
		delta.Hadamard(delta, sp)                                    // 30×1
	}
}
