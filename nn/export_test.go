package nn

import "slices"

// UpdateMethods are the ways to take one step with a mini-batch, for the tests
// that stand outside this package because they need mnist.
var UpdateMethods = updateMethods

// Unshuffled trains n for one epoch over data in the order in which it stands.
func Unshuffled(n *Network, data []Example, miniBatchSize int, eta float64, update func(*Network, []Example, float64)) {
	for miniBatch := range slices.Chunk(data, miniBatchSize) {
		update(n, miniBatch, eta)
	}
}

// RaceDetector says whether the tests run under the race detector.
const RaceDetector = raceDetector
