package network3_test

import (
	"fmt"
	"math/rand/v2"
	"os"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network3"
)

// A filter of 2×2 over an image of 3×3, a pool of 2×2 over the four sums, and the backward
// pass for an error of 0.5.
func ExampleConvPoolLayer() {
	rng := rand.New(rand.NewPCG(1, 0))
	layer := network3.NewConvPoolLayer([4]int{1, 1, 2, 2}, [4]int{1, 1, 3, 3}, [2]int{2, 2}, network3.Linear, rng)
	layer.SetParameters(matrix.FromSlice(1, 4, []float64{1, 2, 3, 4}), matrix.FromSlice(1, 1, []float64{0.1}))
	image := matrix.FromSlice(1, 9, []float64{
		1, 2, 0,
		0, 1, 3,
		2, 0, 1,
	})
	fmt.Println("output", layer.OutputDropout(image, nil).Data)
	fmt.Println("∂C/∂a ", layer.Backward(matrix.FromSlice(1, 1, []float64{0.5})).Data)
	nablaW, nablaB := layer.Gradient()
	fmt.Println("∂C/∂w ", nablaW.Data)
	fmt.Println("∂C/∂b ", nablaB.Data)
	// Output:
	// output [14.1]
	// ∂C/∂a  [0 0 0 0 2 1.5 0 1 0.5]
	// ∂C/∂w  [0.5 0 1.5 0.5]
	// ∂C/∂b  [0.5]
}

// The chapter's first convolutional network, on synthetic digits and for one epoch.
func Example() {
	training, test := mnist.Synthetic()
	training, validation, test := training[:1000], training[1000:1500], test[:500]
	rng := rand.New(rand.NewPCG(1, 0))
	net := network3.New([]network3.Layer{
		network3.NewConvPoolLayer([4]int{20, 1, 5, 5}, [4]int{10, 1, 28, 28}, [2]int{2, 2}, network3.Sigmoid, rng), // 10×784 → 10×2880
		network3.NewFullyConnectedLayer(20*12*12, 100, network3.Sigmoid, 0, rng),                                   // 10×2880 → 10×100
		network3.NewSoftmaxLayer(100, 10, 0),                                                                       // 10×100 → 10×10
	}, 10)
	net.SGD(training, 1, 10, 0.1, validation, test, 0, rng, os.Stdout)
}

// The same network by a Trainer, for three epochs.
func ExampleTrainer() {
	training, test := mnist.Synthetic()
	training, test = training[:2000], test[:500]
	rng := rand.New(rand.NewPCG(1, 0))
	net := network3.New([]network3.Layer{
		network3.NewConvPoolLayer([4]int{20, 1, 5, 5}, [4]int{10, 1, 28, 28}, [2]int{2, 2}, network3.Sigmoid, rng), // 10×784 → 10×2880
		network3.NewFullyConnectedLayer(20*12*12, 100, network3.Sigmoid, 0, rng),                                   // 10×2880 → 10×100
		network3.NewSoftmaxLayer(100, 10, 0),                                                                       // 10×100 → 10×10
	}, 10)
	trainer := network3.NewTrainer(net)
	for range 3 {
		for miniBatch := range nn.MiniBatches(training, 10) {
			trainer.Update(miniBatch, 0.5, 0, len(training)/10, rng)
		}
	}
	fmt.Printf("%d of %d right\n", trainer.Correct(test), len(test))
	trainer.Store() // net has the parameters now
}
