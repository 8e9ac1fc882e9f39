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

// Network is a feedforward network of sigmoid neurons. The book counts layers
// from 1, the input, to L = len(Sizes). The input layer has neither weights nor
// biases, so wˡ and bˡ begin at l = 2 and stand at index l−2:
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

// New returns a network with the given number of neurons in each layer, the
// input first. Biases and weights are drawn from rng with mean 0 and standard
// deviation 1, all biases before all weights. Fewer than two layers panic, or an empty one.
func New(sizes []int, rng *rand.Rand) *Network {
	if len(sizes) < 2 || slices.Min(sizes) < 1 {
		panic(fmt.Sprintf("nn: New: sizes %v: want two layers or more, each of one neuron or more", sizes))
	}
	n := &Network{Sizes: slices.Clone(sizes)}
	for _, y := range sizes[1:] {
		n.Biases = append(n.Biases, randn(y, 1, rng)) // 30×1, 10×1
	}
	for i, y := range sizes[1:] {
		n.Weights = append(n.Weights, randn(y, sizes[i], rng)) // 30×784, 10×30
	}
	return n
}

// Feedforward returns the output of the network, 10×1, for the input a, 784×1.
func (n *Network) Feedforward(a *matrix.Matrix) *matrix.Matrix {
	for i, b := range n.Biases {
		w := n.Weights[i]
		z := new(matrix.Matrix).Mul(w, a) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                       // 30×1
		// Equation (22): a′ = σ(wa + b)
		a = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
	}
	return a // 10×1
}

// SGD trains the network by stochastic gradient descent on mini-batches. In
// every epoch it shuffles trainingData in place, takes one step for each
// mini-batch, the last of which may be short, and writes one line to w: how
// many of testData the network then gets right, or, without testData, that the
// epoch is complete. A miniBatchSize below 1 panics.
func (n *Network) SGD(trainingData []Example, epochs, miniBatchSize int, eta float64,
	testData []Example, rng *rand.Rand, w io.Writer) {
	for j := range epochs {
		rng.Shuffle(len(trainingData), func(i, k int) {
			trainingData[i], trainingData[k] = trainingData[k], trainingData[i]
		})
		for miniBatch := range slices.Chunk(trainingData, miniBatchSize) {
			n.UpdateMiniBatch(miniBatch, eta)
		}
		if len(testData) > 0 {
			fmt.Fprintf(w, "Epoch %d: %d / %d\n", j, n.Evaluate(testData), len(testData))
		} else {
			fmt.Fprintf(w, "Epoch %d complete\n", j)
		}
	}
}

// UpdateMiniBatch takes one step of gradient descent with learning rate eta,
// using the gradient that [Network.Backprop] gives for each example of the
// mini-batch. An empty mini-batch changes nothing.
func (n *Network) UpdateMiniBatch(miniBatch []Example, eta float64) {
	if len(miniBatch) == 0 {
		return // there would be nothing to divide by
	}
	nablaB, nablaW := n.zeros() // 30×1, 10×1; 30×784, 10×30
	// One pair serves all examples: to make it anew takes longer than to compute it.
	deltaNablaB, deltaNablaW := n.zeros() // 30×1, 10×1; 30×784, 10×30
	for _, e := range miniBatch {
		n.backprop(e.X(), e.Y(), deltaNablaB, deltaNablaW)
		for i := range nablaB {
			nablaB[i].Add(nablaB[i], deltaNablaB[i]) // 30×1, 10×1
			nablaW[i].Add(nablaW[i], deltaNablaW[i]) // 30×784, 10×30
		}
	}
	m := float64(len(miniBatch))
	for i := range n.Weights {
		// Equation (20): wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ
		n.Weights[i].AddScaled(-eta/m, nablaW[i]) // 30×784, 10×30
		// Equation (21): bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ
		n.Biases[i].AddScaled(-eta/m, nablaB[i]) // 30×1, 10×1
	}
	keep(nablaB, nablaW, deltaNablaB, deltaNablaW) // their memory, for the next mini-batch
}

// Backprop returns the gradient of the cost C_x of the single example (x, y),
// x 784×1 and y 10×1, layer by layer: nablaB like Biases, nablaW like Weights.
func (n *Network) Backprop(x, y *matrix.Matrix) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(n.Biases), zerosLike(n.Weights) // 30×1, 10×1; 30×784, 10×30
	n.backprop(x, y, nablaB, nablaW)
	return nablaB, nablaW
}

// backprop is Backprop in memory that is there already: it sets nablaB and nablaW to
// the gradient, whatever was in them.
//
// It counts layers as the book does, down from L. Just as wˡ and bˡ, zˡ begins
// at l = 2 and stands at zs[l-2]; aˡ begins at l = 1 and stands at
// activations[l-1]. network.py counts from the end of its lists instead: what
// is zs[-l] there belongs to the book's layer L−l+1.
func (n *Network) backprop(x, y *matrix.Matrix, nablaB, nablaW []*matrix.Matrix) {
	L := len(n.Sizes) // 3

	// 1. Input: a¹ is the picture itself.
	activation := x                    // 784×1
	activations := []*matrix.Matrix{x} // aˡ: 784×1, 30×1, 10×1
	var zs []*matrix.Matrix            // zˡ: 30×1, 10×1

	// 2. Feedforward, for l = 2, 3, …, L.
	for i, b := range n.Biases {
		w := n.Weights[i]
		z := new(matrix.Matrix).Mul(w, activation) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                                // 30×1
		zs = append(zs, z)
		// Equation (25): aˡ = σ(wˡaˡ⁻¹ + bˡ)
		activation = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
		activations = append(activations, activation)
	}

	// 3. Output error.
	sp := new(matrix.Matrix).Apply(SigmoidPrime, zs[L-2]) // 10×1
	delta := n.CostDerivative(activations[L-1], y)        // 10×1
	// Equation (BP1a): δᴸ = ∇ₐC ⊙ σ′(zᴸ)
	delta.Hadamard(delta, sp) // 10×1
	// Already step 5 for l = L: (BP3) and (BP4).
	nablaB[L-2].Copy(delta)                   // 10×1
	nablaW[L-2].MulT(delta, activations[L-2]) // 10×1 · (30×1)ᵀ → 10×30

	// 4. Backpropagate the error, for l = L−1, L−2, …, 2.
	for l := L - 1; l >= 2; l-- {
		z := zs[l-2]                                             // zˡ, 30×1
		sp := new(matrix.Matrix).Apply(SigmoidPrime, z)          // 30×1
		delta = new(matrix.Matrix).TMul(n.Weights[l+1-2], delta) // wˡ⁺¹ transposed: (10×30)ᵀ · 10×1 → 30×1
		// Equation (BP2): δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)
		delta.Hadamard(delta, sp) // 30×1

		// 5. Output: the gradient.
		// Equation (BP3): ∂C/∂bˡⱼ = δˡⱼ
		nablaB[l-2].Copy(delta) // 30×1
		// Equation (BP4): ∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ
		nablaW[l-2].MulT(delta, activations[l-1-1]) // 30×1 · (784×1)ᵀ → 30×784
	}
}

// Evaluate returns how many examples of testData the network gets right: its answer is the
// output neuron with the highest activation, the first of them if several are equal.
func (n *Network) Evaluate(testData []Example) int {
	correct := 0
	for _, e := range testData {
		if n.Feedforward(e.X()).ArgMax() == e.Label() {
			correct++
		}
	}
	return correct
}

// CostDerivative returns ∇ₐC = aᴸ − y, 10×1: the derivative of the quadratic cost
// of one example by the output activations.
func (n *Network) CostDerivative(outputActivations, y *matrix.Matrix) *matrix.Matrix {
	return new(matrix.Matrix).Sub(outputActivations, y) // 10×1
}

// Sigmoid is the activation of a neuron with weighted input z. Far below zero
// math.Exp overflows to +Inf, and the result is 0, as it should be.
func Sigmoid(z float64) float64 {
	// Equation (3): σ(z) ≡ 1/(1 + e⁻ᶻ)
	return 1 / (1 + math.Exp(-z))
}

// SigmoidPrime is σ′(z) = σ(z)(1 − σ(z)), the derivative of the sigmoid. Its
// argument is the weighted input z, not the activation.
func SigmoidPrime(z float64) float64 {
	return Sigmoid(z) * (1 - Sigmoid(z))
}
