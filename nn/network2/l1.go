package network2

import (
	"math"

	"nndl/matrix"
	"nndl/nn"
)

// This file is the chapter's problem on L1 regularization: the sum of |w| in place of
// half the sum of w² draws every weight toward 0 by the same amount, however small it
// already is, so that many weights end near 0 and a few stay large.

// Sgn returns the sign of w: −1, 0 or 1. At w = 0, where |w| has no derivative, it
// returns 0, so that a weight of 0 is not regularized.
func Sgn(w float64) float64 {
	switch {
	case w > 0:
		return 1
	case w < 0:
		return -1
	}
	return 0
}

// UpdateMiniBatchL1 is [Network.UpdateMiniBatch] with L1 regularization.
func (net *Network) UpdateMiniBatchL1(miniBatch []nn.Example, eta, lambda float64, n int) {
	var signs []*matrix.Matrix // sgn(w): 30×784, 10×30
	for _, w := range net.Weights {
		// Equation (96): ∂C/∂w = ∂C₀/∂w + (λ/n) sgn(w)
		signs = append(signs, new(matrix.Matrix).Apply(Sgn, w)) // 30×784, 10×30
	}
	net.UpdateMiniBatch(miniBatch, eta, 0, n)
	for i, w := range net.Weights {
		// Equation (97): w → w′ = w − (ηλ/n) sgn(w) − η ∂C₀/∂w
		w.AddScaled(-eta*(lambda/float64(n)), signs[i]) // 30×784, 10×30
	}
}

// TotalCostL1 is [Network.TotalCost] with L1 regularization.
func (net *Network) TotalCostL1(data []nn.Example, lambda float64) float64 {
	if len(data) == 0 {
		return 0
	}
	sum := 0.0 // Σ ∣w∣
	for _, w := range net.Weights {
		for _, v := range w.Data {
			sum += math.Abs(v)
		}
	}
	// Equation (95): C = C₀ + (λ/n) Σ_w ∣w∣
	return net.TotalCost(data, 0) + (lambda/float64(len(data)))*sum
}
