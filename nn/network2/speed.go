package network2

import (
	"math"

	"nndl/matrix"
	"nndl/nn"
)

// LearningSpeeds returns ‖δˡ‖ for l = 2, 3, …, L, which chapter 5 calls the speed of learning
// of a layer: by (BP3) it is how fast the layer's biases change. δˡ is averaged over data
// and the norm taken afterwards, as generate_gradient.py does. The average of the norms is
// larger, since the errors of different examples partly cancel. t is the network's trainer.
func LearningSpeeds(t *nn.Trainer, data []nn.Example) (speeds []float64) {
	n := float64(max(1, len(data)))
	nablaB, _ := t.Gradient(data) // Σₓ δˡ: 30×1, 10×1
	for _, delta := range nablaB {
		speeds = append(speeds, math.Sqrt(sumOfSquares([]*matrix.Matrix{delta}))/n)
	}
	return speeds
}
