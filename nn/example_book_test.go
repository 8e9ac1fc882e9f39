package nn_test

import (
	"fmt"
	"math/rand/v2"
	"os"

	"nndl/mnist"
	"nndl/nn"
)

// The book's first experiment on the real digits, with the book's own loop.
func Example_book() {
	training, _, test, err := mnist.Load("data/mnist")
	if err != nil {
		fmt.Println(err)
		return
	}
	rng := rand.New(rand.NewPCG(1, 0))
	net := nn.New([]int{784, 30, 10}, rng)
	net.SGD(training, 30, 10, 3.0, test, rng, os.Stdout)
	fmt.Println(net.Evaluate(test), "of", len(test))
}
