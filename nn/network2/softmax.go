package network2

import (
	"math"
	"slices"

	"nndl/matrix"
)

// This file is the chapter's section on softmax: an output layer whose activations are
// positive and sum to 1, and the cost that goes with it.

// Softmax returns the activations of a softmax layer, 10×1, for its weighted inputs z,
// 10×1. They are the same if all zⱼ are moved by the same amount, so that it moves the
// largest to 0: then no exponential overflows.
func Softmax(z *matrix.Matrix) *matrix.Matrix {
	largest := slices.Max(z.Data)
	a := new(matrix.Matrix).Apply(func(z float64) float64 { return math.Exp(z - largest) }, z) // 10×1
	sum := 0.0
	for _, e := range a.Data {
		sum += e
	}
	// Equation (78): aᴸⱼ = e^zᴸⱼ / Σₖ e^zᴸₖ
	return a.Scale(1/sum, a) // 10×1
}

// SoftmaxC is [Softmax] with a constant c > 0 in the exponents: the larger it is, the
// closer the activation of the largest zⱼ is to 1.
func SoftmaxC(c float64, z *matrix.Matrix) *matrix.Matrix {
	// Equation (83): aᴸⱼ = e^czᴸⱼ / Σₖ e^czᴸₖ
	return Softmax(new(matrix.Matrix).Scale(c, z)) // 10×1
}

// LogLikelihood returns −ln aⱼ for the activation of neuron j in a softmax layer with
// weighted inputs z, 10×1. It is finite even where aⱼ is too small for a float64.
func LogLikelihood(z *matrix.Matrix, j int) float64 {
	largest, sum := slices.Max(z.Data), 0.0
	for _, z := range z.Data {
		sum += math.Exp(z - largest)
	}
	return math.Log(sum) + (largest - z.Data[j])
}

// LogLikelihoodCost is the cost for a softmax output layer.
type LogLikelihoodCost struct{}

// Fn returns −ln aᴸ at the label, that is where y, which is 0 elsewhere, is 1.
func (LogLikelihoodCost) Fn(a, y *matrix.Matrix) float64 {
	// Equation (80): C ≡ −ln aᴸ_y
	return -ln(a.Data[y.ArgMax()])
}

// Delta returns δᴸ, 10×1, the same as that of sigmoid neurons with [CrossEntropyCost].
func (LogLikelihoodCost) Delta(z, a, y *matrix.Matrix) *matrix.Matrix {
	// Equation (84): δᴸⱼ = aᴸⱼ − yⱼ
	return new(matrix.Matrix).Sub(a, y) // 10×1
}
