// Package deep is the experiment of the book's chapter 5: how fast each hidden layer of a deep
// network learns. cmd/book prints it and cmd/play shows it live.
package deep

import (
	"iter"
	"math/rand/v2"

	"nndl/nn"
	"nndl/nn/network2"
)

// The book's setting: every epoch is one step on all of the images, so that the curves are
// smooth.
const (
	Images = 1000
	Epochs = 500
	Eta    = 0.1
	Lambda = 5.0
)

// New returns the trainer of a new network with so many hidden layers of 30 neurons, for data
// like these. The cost is the cross-entropy.
func New(hidden int, seed uint64, lambda float64, data []nn.Example) *nn.Trainer {
	sizes := []int{data[0].X().Rows}
	for range hidden {
		sizes = append(sizes, 30)
	}
	net := network2.New(append(sizes, data[0].Y().Rows), network2.CrossEntropyCost{}, rand.New(rand.NewPCG(seed, 0)))
	return net.Trainer(lambda, len(data))
}

// Speeds returns ‖δˡ‖ of the hidden layers, the first hidden layer first.
func Speeds(t *nn.Trainer, data []nn.Example) []float64 {
	speeds := network2.LearningSpeeds(t, data)
	return speeds[:len(speeds)-1]
}

// Descent trains by gradient descent, every epoch one step on all of data. It yields the
// number of each epoch and the speeds before it.
func Descent(t *nn.Trainer, data []nn.Example, epochs int, eta float64) iter.Seq2[int, []float64] {
	return func(yield func(epoch int, speeds []float64) bool) {
		for epoch := range epochs {
			if !yield(epoch, Speeds(t, data)) {
				return
			}
			t.Update(data, eta)
		}
	}
}
