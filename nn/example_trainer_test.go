package nn_test

import (
	"fmt"
	"math/rand/v2"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// The sum of the gradients of all examples at once. The second example is the first
// again, so the sum is twice what ExampleNetwork_Backprop prints.
func ExampleTrainer_Gradient() {
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	e := nn.NewExample(x, y)
	n := hand()
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights}
	nablaB, nablaW := t.Gradient([]nn.Example{e, e})
	fmt.Println("Σ ∂C/∂b³", nablaB[1].Data)
	fmt.Println("Σ ∂C/∂w³", nablaW[1].Data)
	// Output:
	// Σ ∂C/∂b³ [0.2]
	// Σ ∂C/∂w³ [0.1 0.1]
}

// The same count as Network.Evaluate, in a small part of the time.
func ExampleTrainer_Evaluate() {
	n := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	digits := mnist.Digits(1000, 1)
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights}
	fmt.Println(t.Evaluate(digits) == n.Evaluate(digits))
	// Output: true
}

// How the cost falls, step after step.
func ExampleTrainer() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	data := []nn.Example{nn.NewExample(x, y)}
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights}
	for range 4 {
		fmt.Printf("%.4f\n", n.Cost(data))
		t.Update(data, 0.1)
	}
	// Output:
	// 0.0800
	// 0.0518
	// 0.0348
	// 0.0246
}

// The cross-entropy of chapter 3 needs one line: its output error is a − y, (66).
func ExampleTrainer_crossEntropy() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	t := &nn.Trainer{
		Biases: n.Biases, Weights: n.Weights,
		OutputError: func(delta, a, y *matrix.Matrix) { delta.Sub(a, y) },
	}
	nablaB, _ := t.Gradient([]nn.Example{nn.NewExample(x, y)})
	fmt.Printf("%.1f\n", nablaB[1].Data) // a = 0.5, y = 0.1
	// Output: [0.4]
}

// The outputs for all examples at once: a row for each, here of an untrained network.
func ExampleTrainer_Activations() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	e := nn.NewExample(x, y)
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights}
	for activations, y := range t.Activations([]nn.Example{e, e}) {
		fmt.Println("outputs", activations[2].Data, "targets", y.Data)
	}
	// Output: outputs [0.5 0.5] targets [0.1 0.1]
}

// The last mini-batch may be short.
func ExampleMiniBatches() {
	digits := mnist.Digits(25, 1)
	for miniBatch := range nn.MiniBatches(digits, 10) {
		fmt.Println(len(miniBatch))
	}
	// Output:
	// 10
	// 10
	// 5
}
