package network3

import (
	"math"
	"math/rand/v2"
	"slices"

	"nndl/matrix"
)

// SoftmaxLayer is the last layer of a network: its outputs are positive and sum to 1, and it
// has the cost that goes with them, the log-likelihood.
type SoftmaxLayer struct {
	PDropout float64 // the probability that an input is dropped
	parameters
	inptDropout, mask, z *matrix.Matrix // of the training pass: 10×100 twice, 10×10
}

// NewSoftmaxLayer returns a layer of nOut neurons whose weights and biases are 0. Then all
// outputs are equal, and in the first step no layer before this one learns.
func NewSoftmaxLayer(nIn, nOut int, pDropout float64) *SoftmaxLayer {
	if err := checkSizes(nIn, nOut, pDropout); err != nil {
		panic("network3: NewSoftmaxLayer: " + err.Error())
	}
	return &SoftmaxLayer{PDropout: pDropout, parameters: newParameters(nIn, nOut, nOut)} // 100×10, 10×1
}

func (layer *SoftmaxLayer) sizes() (nIn, nOut int) { return layer.w.Rows, layer.w.Cols }

// Output returns the outputs of the test pass, 10×10, for the inputs, 10×100, with the sum
// scaled as in [FullyConnectedLayer.Output].
func (layer *SoftmaxLayer) Output(inpt *matrix.Matrix) *matrix.Matrix {
	z := new(matrix.Matrix).Mul(inpt, layer.w) // 10×100 · 100×10 → 10×10
	z.Scale(1-layer.PDropout, z)               // 10×10
	addBiases(z, layer.b)
	return softmax(z)
}

// OutputDropout returns the outputs of the training pass, 10×10, for the inputs, 10×100, of
// which it drops some.
func (layer *SoftmaxLayer) OutputDropout(inpt *matrix.Matrix, rng *rand.Rand) *matrix.Matrix {
	layer.mask = dropoutLayer(inpt.Rows, inpt.Cols, layer.PDropout, rng) // 10×100
	layer.inptDropout = dropped(inpt, layer.mask)                        // 10×100
	layer.z = new(matrix.Matrix).Mul(layer.inptDropout, layer.w)         // 10×100 · 100×10 → 10×10
	addBiases(layer.z, layer.b)
	return softmax(layer.z)
}

// Backward is the backward pass for the targets y, 10×10, 1 at the label and 0 elsewhere.
// The error δᴸ = aᴸ − y has no derivative of an activation in it: that has cancelled. The
// cost is a mean over the mini-batch, so every error is divided by its size.
func (layer *SoftmaxLayer) Backward(y *matrix.Matrix) *matrix.Matrix {
	delta := softmax(layer.z) // 10×10
	// Equation (84): δᴸⱼ = aᴸⱼ − yⱼ
	delta.Sub(delta, y)                   // 10×10
	delta.Scale(1/float64(y.Rows), delta) // 10×10
	sumRows(layer.nablaB, delta)          // 10×1
	// Equation (BP4), dropout: ∂C/∂wⱼₖ = aⱼδₖ if input j was kept, 0 if not
	layer.nablaW.TMul(layer.inptDropout, delta) // (10×100)ᵀ · 10×10 → 100×10
	// Equation (BP2), dropout: ∂C/∂aⱼ = Σₖ wⱼₖδₖ if input j was kept, 0 if not
	nablaInpt := new(matrix.Matrix).MulT(delta, layer.w) // 10×10 · (100×10)ᵀ → 10×100
	return dropped(nablaInpt, layer.mask)                // 10×100
}

// Cost returns −(1/m) Σₓ ln aᴸ_y over the examples of the last training pass, whose targets
// are y, 10×10. It goes back to the weighted inputs, so it is finite even where the output
// is too small for a float64.
func (layer *SoftmaxLayer) Cost(y *matrix.Matrix) float64 {
	cost := 0.0
	for i := range y.Rows {
		z := layer.z.Row(i)
		largest, sum := slices.Max(z), 0.0
		for _, z := range z {
			sum += math.Exp(z - largest)
		}
		for j, y := range y.Row(i) {
			if y == 1 {
				// Equation (80): C ≡ −ln aᴸ_y
				cost += math.Log(sum) + (largest - z[j])
			}
		}
	}
	return cost / float64(y.Rows)
}

// softmax returns the softmax of each row of z, 10×10.
func softmax(z *matrix.Matrix) *matrix.Matrix {
	a := new(matrix.Matrix).Copy(z) // 10×10
	for i := range a.Rows {
		softmaxOf(a.Row(i))
	}
	return a
}

// softmaxOf replaces the weighted inputs in row by their softmax. The largest weighted input is
// moved to 0 first, so that no exponential overflows.
func softmaxOf(row []float64) {
	largest, sum := slices.Max(row), 0.0
	for j := range row {
		row[j] = math.Exp(row[j] - largest)
		sum += row[j]
	}
	for j := range row {
		// Equation (78): aᴸⱼ = e^zᴸⱼ / Σₖ e^zᴸₖ
		row[j] /= sum
	}
}
