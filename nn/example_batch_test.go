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
func ExampleBatch_Gradient() {
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	e := nn.NewExample(x, y)
	nablaB, nablaW := nn.NewBatch(hand()).Gradient([]nn.Example{e, e})
	fmt.Println("Σ ∂C/∂b³", nablaB[1].Data)
	fmt.Println("Σ ∂C/∂w³", nablaW[1].Data)
	// Output:
	// Σ ∂C/∂b³ [0.2]
	// Σ ∂C/∂w³ [0.1 0.1]
}

// The same count as Network.Evaluate, in a small part of the time.
func ExampleBatch_Evaluate() {
	n := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	digits := mnist.Digits(1000, 1)
	fmt.Println(nn.NewBatch(n).Evaluate(digits) == n.Evaluate(digits))
	// Output: true
}

// How the cost falls, step after step.
func ExampleBatch_Cost() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	data := []nn.Example{nn.NewExample(x, y)}
	b := nn.NewBatch(n)
	for range 4 {
		fmt.Printf("%.4f\n", b.Cost(data))
		b.Update(data, 0.1)
	}
	// Output:
	// 0.0800
	// 0.0518
	// 0.0348
	// 0.0246
}

// Inputs that are far too large: the neurons are saturated, wrong, and do not learn.
func ExampleBatch_Signs() {
	n := nn.New([]int{2, 2}, rand.New(rand.NewPCG(1, 0)))
	n.Weights[0].Copy(matrix.FromSlice(2, 2, []float64{-1, 1, 1, -1}))
	n.Biases[0].Copy(matrix.New(2, 1))
	data := []nn.Example{
		nn.NewExample(matrix.FromSlice(2, 1, []float64{12, 0}), matrix.FromSlice(2, 1, []float64{1, 0})),
		nn.NewExample(matrix.FromSlice(2, 1, []float64{0, 12}), matrix.FromSlice(2, 1, []float64{0, 1})),
	}
	b := nn.NewBatch(n)
	before := b.Signs(data)
	b.Update(data, 0.1)
	fmt.Println(b.Signs(data).Trouble(before))
	// Output:
	// the neurons of layer 2 are saturated (mean σ′ = 6e-06) and the cost stays at 1; inputs as large as 12 are the likely cause: they should lie in 0..1
}
