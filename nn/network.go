// This file is network.py, the program of the book: the same functions in the
// same order under the same names. The shapes in the comments are those of the
// book's network, New([]int{784, 30, 10}, rng): layer 1 has 784 neurons (the
// pixels), layer 2 has 30 and layer 3, the book's L, has 10 (the digits). A
// single shape in a loop over layers is that of layer 2.

package nn

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"nndl/matrix"
)

// Network is a feedforward network of sigmoid neurons. The book counts layers from 1, the
// input, to L = len(Sizes). The input layer has neither weights nor biases, so wˡ and bˡ
// begin at l = 2 and have index l−2:
//
//	Weights[l-2] is wˡ, Sizes[l-1]×Sizes[l-2]   // 30×784, 10×30
//	Biases[l-2]  is bˡ, Sizes[l-1]×1            // 30×1, 10×1
//
// Row j of wˡ holds the weights of neuron j of layer l, one for each neuron k
// of the layer before: element (j,k) is the book's wˡⱼₖ.
type Network struct {
	Sizes           []int
	Biases, Weights []*matrix.Matrix
}

// New returns a network with the given number of neurons in each layer, the input first.
// Biases and weights are drawn from rng with mean 0 and standard deviation 1, all biases
// before all weights. New panics if there are fewer than two layers or if a layer is empty.
func New(sizes []int, rng *rand.Rand) *Network {
	if len(sizes) < 2 || slices.Min(sizes) < 1 {
		panic(fmt.Sprintf("nn: New: sizes %v: want two layers or more, each of one neuron or more", sizes))
	}
	net := &Network{Sizes: slices.Clone(sizes)}
	for _, y := range sizes[1:] {
		net.Biases = append(net.Biases, randn(y, 1, rng)) // 30×1, 10×1
	}
	for i, y := range sizes[1:] {
		net.Weights = append(net.Weights, randn(y, sizes[i], rng)) // 30×784, 10×30
	}
	return net
}

// Feedforward returns the output of the network, 10×1, for the input a, 784×1.
func (net *Network) Feedforward(a *matrix.Matrix) *matrix.Matrix {
	for i, b := range net.Biases {
		w := net.Weights[i]
		z := new(matrix.Matrix).Mul(w, a) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                       // 30×1
		// Equation (22): a′ = σ(wa + b)
		a = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
	}
	return a // 10×1
}

// SGD trains the network by stochastic gradient descent on mini-batches. In every epoch it
// shuffles trainingData in place, takes one step for each mini-batch, the last of which may
// be short, and writes one line to w: how many of testData the network then gets right, or,
// without testData, that the epoch is complete. A nil rng does not shuffle. SGD panics if
// miniBatchSize is less than 1.
func (net *Network) SGD(trainingData []Example, epochs, miniBatchSize int, eta float64,
	testData []Example, rng *rand.Rand, w io.Writer) {
	for j := range epochs {
		if rng != nil {
			rng.Shuffle(len(trainingData), func(i, k int) {
				trainingData[i], trainingData[k] = trainingData[k], trainingData[i]
			})
		}
		for miniBatch := range slices.Chunk(trainingData, miniBatchSize) {
			net.UpdateMiniBatch(miniBatch, eta)
		}
		if len(testData) > 0 {
			fmt.Fprintf(w, "Epoch %d: %d / %d\n", j, net.Evaluate(testData), len(testData))
		} else {
			fmt.Fprintf(w, "Epoch %d complete\n", j)
		}
	}
}

// UpdateMiniBatch takes one step of gradient descent with learning rate eta, using the
// gradient that [Network.Backprop] gives for each example of the mini-batch. An empty
// mini-batch changes nothing.
func (net *Network) UpdateMiniBatch(miniBatch []Example, eta float64) {
	nablaB, nablaW := zerosLike(net.Biases), zerosLike(net.Weights) // 30×1, 10×1; 30×784, 10×30
	for _, e := range miniBatch {
		deltaNablaB, deltaNablaW := net.Backprop(e.X(), e.Y())
		for i := range nablaB {
			nablaB[i].Add(nablaB[i], deltaNablaB[i]) // 30×1, 10×1
			nablaW[i].Add(nablaW[i], deltaNablaW[i]) // 30×784, 10×30
		}
	}
	m := float64(max(1, len(miniBatch))) // not 0, or the step would be 0/0
	for i := range net.Weights {
		// Equation (20): wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ
		net.Weights[i].AddScaled(-eta/m, nablaW[i]) // 30×784, 10×30
		// Equation (21): bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ
		net.Biases[i].AddScaled(-eta/m, nablaB[i]) // 30×1, 10×1
	}
}

// Backprop returns the gradient of the cost Cₓ of the single example (x, y), x 784×1 and
// y 10×1, layer by layer: nablaB like Biases, nablaW like Weights.
//
// It counts layers as the book does, down from L. Like wˡ and bˡ, zˡ begins at l = 2 and
// is zs[l-2]; aˡ begins at l = 1 and is activations[l-1]. network.py counts from the
// end of its lists instead: what is zs[-l] there belongs to the book's layer L−l+1.
func (net *Network) Backprop(x, y *matrix.Matrix) (nablaB, nablaW []*matrix.Matrix) {
	L := len(net.Sizes) // 3
	nablaB, nablaW = make([]*matrix.Matrix, L-1), make([]*matrix.Matrix, L-1)

	// 1. Input: a¹ is the image itself.
	activation := x                    // 784×1
	activations := []*matrix.Matrix{x} // aˡ: 784×1, 30×1, 10×1
	var zs []*matrix.Matrix            // zˡ: 30×1, 10×1

	// 2. Feedforward, for l = 2, 3, …, L.
	for i, b := range net.Biases {
		w := net.Weights[i]
		z := new(matrix.Matrix).Mul(w, activation) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                                // 30×1
		zs = append(zs, z)
		// Equation (25): aˡ = σ(wˡaˡ⁻¹ + bˡ)
		activation = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
		activations = append(activations, activation)
	}

	// 3. Output error.
	sp := new(matrix.Matrix).Apply(SigmoidPrime, zs[L-2]) // 10×1
	delta := net.CostDerivative(activations[L-1], y)      // 10×1
	// Equation (BP1a): δᴸ = ∇ₐC ⊙ σ′(zᴸ)
	delta.Hadamard(delta, sp) // 10×1
	// Already step 5 for l = L: (BP3) and (BP4).
	nablaB[L-2] = delta                                            // 10×1
	nablaW[L-2] = new(matrix.Matrix).MulT(delta, activations[L-2]) // 10×1 · (30×1)ᵀ → 10×30

	// 4. Backpropagate the error, for l = L−1, L−2, …, 2.
	for l := L - 1; l >= 2; l-- {
		z := zs[l-2]                                               // zˡ, 30×1
		sp := new(matrix.Matrix).Apply(SigmoidPrime, z)            // 30×1
		delta = new(matrix.Matrix).TMul(net.Weights[l+1-2], delta) // wˡ⁺¹ transposed: (10×30)ᵀ · 10×1 → 30×1
		// Equation (BP2): δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)
		delta.Hadamard(delta, sp) // 30×1

		// 5. Output: the gradient.
		// Equation (BP3): ∂C/∂bˡⱼ = δˡⱼ
		nablaB[l-2] = delta // 30×1
		// Equation (BP4): ∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ
		nablaW[l-2] = new(matrix.Matrix).MulT(delta, activations[l-1-1]) // 30×1 · (784×1)ᵀ → 30×784
	}
	return nablaB, nablaW
}

// Evaluate returns how many examples of testData the network gets right: its answer is the
// output neuron with the highest activation, the first of them if several are equal. So a
// network with one output neuron has only one answer, and every example counts as right.
func (net *Network) Evaluate(testData []Example) int {
	correct := 0
	for _, e := range testData {
		if net.Feedforward(e.X()).ArgMax() == e.Label() {
			correct++
		}
	}
	return correct
}

// CostDerivative returns ∇ₐC = aᴸ − y, 10×1: the derivative of the quadratic cost
// of one example with respect to the output activations.
func (net *Network) CostDerivative(outputActivations, y *matrix.Matrix) *matrix.Matrix {
	return new(matrix.Matrix).Sub(outputActivations, y) // 10×1
}

// Sigmoid returns σ(z), the activation of a neuron with weighted input z. Far below zero
// math.Exp overflows to +Inf, and the result is 0, as it should be.
func Sigmoid(z float64) float64 {
	// Equation (3): σ(z) ≡ 1/(1 + e⁻ᶻ)
	return 1 / (1 + math.Exp(-z))
}

// SigmoidPrime returns σ′(z) = σ(z)(1 − σ(z)), the derivative of the sigmoid. Its
// argument is the weighted input z, not the activation.
func SigmoidPrime(z float64) float64 {
	return Sigmoid(z) * (1 - Sigmoid(z))
}

// randn is numpy's: a rows×cols matrix of draws from the normal distribution with mean 0
// and standard deviation 1.
func randn(rows, cols int, rng *rand.Rand) *matrix.Matrix {
	x := matrix.New(rows, cols)
	for i := range x.Data {
		x.Data[i] = rng.NormFloat64()
	}
	return x
}
