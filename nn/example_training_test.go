package nn_test

import (
	"fmt"
	"math/rand/v2"

	"nndl/mnist"
	"nndl/nn"
)

// train is [nn.Network.SGD] as a loop of one's own: the place for whatever a
// program needs beside it, another way to take the step, a word of progress, a
// rule for when to stop. It returns how many of the test digits are right.
func train(n *nn.Network, training, test []nn.Example, rng *rand.Rand) (correct int) {
	const epochs, miniBatchSize, eta = 30, 10, 3.0
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights} // whole mini-batches as matrices
	for range epochs {
		rng.Shuffle(len(training), func(i, j int) { training[i], training[j] = training[j], training[i] })
		for miniBatch := range nn.MiniBatches(training, miniBatchSize) {
			t.Update(miniBatch, eta)
		}
		correct = t.Evaluate(test)
		if 100*correct > 85*len(test) {
			break // good enough for an example
		}
	}
	return correct
}

// A whole training, from the data to the accuracy. The digits are synthetic, so that
// nothing has to be downloaded; with the real ones, mnist.Load gives the data.
func Example_training() {
	digits := mnist.Digits(2500, 1)
	training, test := digits[:2000], digits[2000:]

	rng := rand.New(rand.NewPCG(1, 0)) // the same seed, the same run
	n := nn.New([]int{784, 30, 10}, rng)
	before := n.Evaluate(test)
	after := train(n, training, test, rng)

	fmt.Println("before: fewer than 30 %:", 100*before < 30*len(test))
	fmt.Println("after: more than 80 %:", 100*after > 80*len(test))
	// Output:
	// before: fewer than 30 %: true
	// after: more than 80 %: true
}
