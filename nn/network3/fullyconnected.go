package network3

import (
	"math"
	"math/rand/v2"

	"nndl/matrix"
)

// FullyConnectedLayer is a layer in which every neuron sees every input, with dropout on
// its inputs. Its weights are nIn×nOut, the transpose of network.py's.
type FullyConnectedLayer struct {
	Activation Activation
	PDropout   float64 // the probability that an input is dropped
	parameters
	inptDropout, mask, z *matrix.Matrix // of the training pass: 10×2880 twice, 10×100
}

// NewFullyConnectedLayer returns a layer of nOut neurons. The weights are drawn with mean 0
// and standard deviation 1/√nOut, then the biases with standard deviation 1. Chapter 3 gives
// 1/√nIn as the right deviation for the weights. That the program has nOut instead is a
// known mistake of the original, kept here because the book's results were obtained with it.
func NewFullyConnectedLayer(nIn, nOut int, activation Activation, pDropout float64, rng *rand.Rand) *FullyConnectedLayer {
	if err := checkSizes(nIn, nOut, pDropout); err != nil {
		panic("network3: NewFullyConnectedLayer: " + err.Error())
	}
	layer := &FullyConnectedLayer{Activation: activation, PDropout: pDropout, parameters: newParameters(nIn, nOut, nOut)}
	layer.draw(math.Sqrt(1/float64(nOut)), rng) // 2880×100, 100×1
	return layer
}

func (layer *FullyConnectedLayer) sizes() (nIn, nOut int) { return layer.w.Rows, layer.w.Cols }

// Output returns the activations of the test pass, 10×100, for the inputs, 10×2880. All
// neurons take part. In training a neuron has received the part 1 − p of its inputs on
// average, so here the sum is scaled by 1 − p. The bias was never dropped and is not scaled.
func (layer *FullyConnectedLayer) Output(inpt *matrix.Matrix) *matrix.Matrix {
	z := new(matrix.Matrix).Mul(inpt, layer.w) // 10×2880 · 2880×100 → 10×100
	z.Scale(1-layer.PDropout, z)               // 10×100
	addBiases(z, layer.b)
	return z.Apply(layer.Activation.F, z) // 10×100
}

// OutputDropout returns the activations of the training pass, 10×100, for the inputs,
// 10×2880, of which it drops some.
func (layer *FullyConnectedLayer) OutputDropout(inpt *matrix.Matrix, rng *rand.Rand) *matrix.Matrix {
	layer.mask = dropoutLayer(inpt.Rows, inpt.Cols, layer.PDropout, rng) // 10×2880
	layer.inptDropout = dropped(inpt, layer.mask)                        // 10×2880
	layer.z = new(matrix.Matrix).Mul(layer.inptDropout, layer.w)         // 10×2880 · 2880×100 → 10×100
	addBiases(layer.z, layer.b)
	return new(matrix.Matrix).Apply(layer.Activation.F, layer.z) // 10×100
}

// Backward is the backward pass: (BP2), (BP3) and (BP4), with the examples as rows, so each
// is transposed. ∂C/∂a of this layer, 10×100, gives ∂C/∂a of the layer before, 10×2880.
func (layer *FullyConnectedLayer) Backward(nablaA *matrix.Matrix) *matrix.Matrix {
	delta := new(matrix.Matrix).Apply(layer.Activation.Prime, layer.z) // 10×100
	delta.Hadamard(nablaA, delta)                                      // 10×100
	sumRows(layer.nablaB, delta)                                       // 100×1
	// Equation (BP4), dropout: ∂C/∂wⱼₖ = aⱼδₖ if input j was kept, 0 if not
	layer.nablaW.TMul(layer.inptDropout, delta) // (10×2880)ᵀ · 10×100 → 2880×100
	// Equation (BP2), dropout: ∂C/∂aⱼ = Σₖ wⱼₖδₖ if input j was kept, 0 if not
	nablaInpt := new(matrix.Matrix).MulT(delta, layer.w) // 10×100 · (2880×100)ᵀ → 10×2880
	return dropped(nablaInpt, layer.mask)                // 10×2880
}
