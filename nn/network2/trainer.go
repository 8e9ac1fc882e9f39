package network2

import (
	"fmt"

	"nndl/matrix"
	"nndl/nn"
)

// This file is network2 by whole mini-batches: what network2.go does example by example,
// the trainer of chapters 1 and 2 does with two of its fields set.

// Trainer returns the trainer for this network with regularization parameter lambda and
// n training examples: its Update is [Network.UpdateMiniBatch] up to rounding. It panics
// if the network's cost is neither QuadraticCost nor CrossEntropyCost.
func (net *Network) Trainer(lambda float64, n int) *nn.Trainer {
	t := &nn.Trainer{Biases: net.Biases, Weights: net.Weights, Decay: lambda / float64(n)}
	switch net.Cost.(type) {
	case QuadraticCost: // the trainer's own
	case CrossEntropyCost:
		t.OutputError = func(delta, a, y *matrix.Matrix) {
			// Equation (66), mini-batch: Δᴸ = Aᴸ − Y
			delta.Sub(a, y) // m×10
		}
	default:
		panic(fmt.Sprintf("network2: Trainer: there is none for %T", net.Cost))
	}
	return t
}

// Measure returns [Network.TotalCost] and [Network.Accuracy] of data, both from one pass
// of t, a trainer of this network.
func (net *Network) Measure(t *nn.Trainer, data []nn.Example, lambda float64) (cost float64, accuracy int) {
	if len(data) == 0 {
		return 0, 0
	}
	n := float64(len(data))
	for activations, y := range t.Activations(data) {
		a := activations[len(activations)-1] // m×10
		for i := range y.Rows {
			a, y := rowAsColumn(a, i), rowAsColumn(y, i) // 10×1
			cost += net.Cost.Fn(a, y) / n
			if a.ArgMax() == y.ArgMax() {
				accuracy++
			}
		}
	}
	return cost + 0.5*(lambda/n)*sumOfSquares(net.Weights), accuracy
}

// rowAsColumn returns row i of x as a column vector that shares its memory.
func rowAsColumn(x *matrix.Matrix, i int) *matrix.Matrix {
	return matrix.FromSlice(x.Cols, 1, x.Row(i))
}
