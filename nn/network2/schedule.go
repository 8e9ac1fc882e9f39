package network2

// This file is the chapter's problem on a learning schedule: halve the learning rate
// whenever the accuracy on the validation data has not improved for n epochs, and stop
// when it has fallen to 1/128 of its first value.

// Halving decides after each epoch on the learning rate of the next. The zero value
// with an N is ready to use.
type Halving struct {
	NoImprovement
	halvings int
}

// lastHalving is the one that ends training: 2⁷ = 128.
const lastHalving = 7

// Add takes the accuracy after the next epoch. It reports whether the learning rate is
// to be halved now and whether training is over instead. Each halving gives the network
// another N epochs to improve on the best accuracy so far.
func (h *Halving) Add(accuracy int) (halve, stop bool) {
	if !h.NoImprovement.Add(accuracy) {
		return false, false
	}
	h.since = 0
	h.halvings++
	return h.halvings < lastHalving, h.halvings == lastHalving
}
