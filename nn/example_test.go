package nn_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"nndl/matrix"
	"nndl/nn"
)

// A network learns exclusive or from its four cases: the output is 1 if one of
// the inputs is and the other is not. No network without a hidden layer can do it.
func Example() {
	var data []nn.Example
	for _, c := range [][3]float64{{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 0}} {
		x := matrix.FromSlice(2, 1, []float64{c[0], c[1]})
		y := matrix.FromSlice(1, 1, []float64{c[2]})
		data = append(data, nn.NewExample(x, y))
	}

	rng := rand.New(rand.NewPCG(1, 0))
	n := nn.New([]int{2, 3, 1}, rng) // two inputs, three hidden neurons, one output
	for range 2000 {
		n.UpdateMiniBatch(data, 5) // all four cases are one mini-batch; η = 5
	}
	for _, e := range data {
		fmt.Printf("%v → %.0f\n", e.X().Data, n.Feedforward(e.X()).At(0, 0))
	}
	// Output:
	// [0 0] → 0
	// [0 1] → 1
	// [1 0] → 1
	// [1 1] → 0
}

// hand is a network [2,2,1] whose numbers come out even.
func hand() *nn.Network {
	return &nn.Network{
		Sizes: []int{2, 2, 1},
		Weights: []*matrix.Matrix{
			matrix.FromSlice(2, 2, []float64{2, -1, 4, -2}), // w²
			matrix.FromSlice(1, 2, []float64{4, 8}),         // w³
		},
		Biases: []*matrix.Matrix{
			matrix.FromSlice(2, 1, []float64{0, 0}), // b²
			matrix.FromSlice(1, 1, []float64{-6}),   // b³
		},
	}
}

// Backpropagation by hand. The numbers are chosen so that each weighted input is
// 0, where σ is 1/2 and σ′ is 1/4.
//
//	(1) a¹ = x = (1, 2)
//	(2) z² = (2·1 − 1·2, 4·1 − 2·2) + (0, 0) = (0, 0)   a² = (0.5, 0.5)
//	    z³ = 4·0.5 + 8·0.5 − 6 = 0                      a³ = 0.5
//	(3) δ³ = (a³ − y)·σ′(z³) = (0.5 − 0.1)·0.25 = 0.1
//	(4) δ² = (4·0.1, 8·0.1) ⊙ (0.25, 0.25) = (0.1, 0.2)
//	(5) ∂C/∂b is δ; ∂C/∂w³ = 0.1·(0.5, 0.5) = (0.05, 0.05)
//	    and ∂C/∂w² has the rows 0.1·(1, 2) and 0.2·(1, 2)
func ExampleNetwork_Backprop() {
	n := hand() // w² = (2 −1; 4 −2), w³ = (4 8), b² = (0, 0), b³ = −6
	x := matrix.FromSlice(2, 1, []float64{1, 2})
	y := matrix.FromSlice(1, 1, []float64{0.1})

	nablaB, nablaW := n.Backprop(x, y)
	fmt.Println("∂C/∂b³", nablaB[1])
	fmt.Println("∂C/∂w³", nablaW[1])
	fmt.Println("∂C/∂b²", nablaB[0])
	fmt.Println("∂C/∂w²", nablaW[0])
	// Output:
	// ∂C/∂b³ 1×1
	// [0.1]
	// ∂C/∂w³ 1×2
	// [0.05 0.05]
	// ∂C/∂b² 2×1
	// [0.1]
	// [0.2]
	// ∂C/∂w² 2×2
	// [0.1 0.2]
	// [0.2 0.4]
}

// The shapes of the book's network.
func ExampleNew() {
	n := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	for l := 2; l <= len(n.Sizes); l++ {
		w, b := n.Weights[l-2], n.Biases[l-2]
		fmt.Printf("layer %d: w %d×%d, b %d×%d\n", l, w.Rows, w.Cols, b.Rows, b.Cols)
	}
	// Output:
	// layer 2: w 30×784, b 30×1
	// layer 3: w 10×30, b 10×1
}

func ExampleNetwork_Feedforward() {
	n := hand()
	a := n.Feedforward(matrix.FromSlice(2, 1, []float64{1, 2}))
	fmt.Println(a)
	// Output:
	// 1×1
	// [0.5]
}

// C = ½‖y − a‖², the mean over the examples: ½·(0.1 − 0.5)² = 0.08.
func ExampleNetwork_Cost() {
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	fmt.Printf("%.2f\n", hand().Cost([]nn.Example{nn.NewExample(x, y)}))
	// Output: 0.08
}

// With η = 1 and a mini-batch of one example the step is the gradient itself:
// w³ was (4, 8) and ∂C/∂w³ is (0.05, 0.05).
func ExampleNetwork_UpdateMiniBatch() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	n.UpdateMiniBatch([]nn.Example{nn.NewExample(x, y)}, 1)
	fmt.Printf("%.2f\n", n.Weights[1].Data)
	// Output: [3.95 7.95]
}

// SGD prints what the book's program prints. The network learns which of two
// inputs is the larger.
func ExampleNetwork_SGD() {
	rng := rand.New(rand.NewPCG(1, 0))
	var data []nn.Example
	for range 100 {
		x := matrix.FromSlice(2, 1, []float64{rng.Float64(), rng.Float64()})
		y := matrix.FromSlice(2, 1, []float64{1, 0})
		if x.At(1, 0) > x.At(0, 0) {
			y = matrix.FromSlice(2, 1, []float64{0, 1})
		}
		data = append(data, nn.NewExample(x, y))
	}
	n := nn.New([]int{2, 2}, rng)
	n.SGD(data, 3, 10, 1, nil, rng, os.Stdout)
	// Output:
	// Epoch 0 complete
	// Epoch 1 complete
	// Epoch 2 complete
}

// The network's answer is the output neuron that is the most active.
func ExampleNetwork_Evaluate() {
	n := &nn.Network{ // two inputs, two outputs; each output goes with its own input
		Sizes:   []int{2, 2},
		Weights: []*matrix.Matrix{matrix.FromSlice(2, 2, []float64{1, 0, 0, 1})},
		Biases:  []*matrix.Matrix{matrix.New(2, 1)},
	}
	data := []nn.Example{
		nn.NewPixelExample([]byte{200, 10}, 0, 2), // right
		nn.NewPixelExample([]byte{30, 90}, 1, 2),  // right
		nn.NewPixelExample([]byte{80, 90}, 0, 2),  // wrong: it says 1
	}
	fmt.Println(n.Evaluate(data), "of", len(data))
	// Output: 2 of 3
}

func ExampleNetwork_CostDerivative() {
	a := matrix.FromSlice(2, 1, []float64{0.75, 0.25})
	y := matrix.FromSlice(2, 1, []float64{1, 0})
	fmt.Println(hand().CostDerivative(a, y).Data)
	// Output: [-0.25 0.25]
}

func ExampleSigmoid() {
	for _, z := range []float64{-1000, -2, 0, 2, 1000} {
		fmt.Printf("σ(%g) = %.3f\n", z, nn.Sigmoid(z))
	}
	// Output:
	// σ(-1000) = 0.000
	// σ(-2) = 0.119
	// σ(0) = 0.500
	// σ(2) = 0.881
	// σ(1000) = 1.000
}

// The slope of σ is at most 1/4, and nearly 0 where σ is near 0 or 1.
func ExampleSigmoidPrime() {
	for _, z := range []float64{-5, 0, 5} {
		fmt.Printf("σ′(%g) = %.3f\n", z, nn.SigmoidPrime(z))
	}
	// Output:
	// σ′(-5) = 0.007
	// σ′(0) = 0.250
	// σ′(5) = 0.007
}

// The pair (x, y) for anything that is no picture.
func ExampleNewExample() {
	x := matrix.FromSlice(2, 1, []float64{0.2, 0.7})
	y := matrix.FromSlice(3, 1, []float64{0, 0, 1})
	e := nn.NewExample(x, y)
	fmt.Println(e.X().Data, e.Y().Data, e.Label())
	// Output: [0.2 0.7] [0 0 1] 2
}

// A picture of four pixels that shows a 3, one of ten digits.
func ExampleNewPixelExample() {
	e := nn.NewPixelExample([]byte{0, 64, 128, 192}, 3, 10)
	fmt.Println(e.X().Data)
	fmt.Println(e.Y().Data)
	fmt.Println(e.Label())
	// Output:
	// [0 0.25 0.5 0.75]
	// [0 0 0 1 0 0 0 0 0 0]
	// 3
}

// The derivative of w² at w = 3 is 6.
func ExampleNumericalDerivative() {
	w := 3.0
	square := func() float64 { return w * w }
	fmt.Printf("%.3f\n", nn.NumericalDerivative(square, &w, 1e-4))
	// Output: 6.000
}

// The gradient that ExampleNetwork_Backprop gets by calculus, without any: every
// parameter is moved a little up and down.
func ExampleNetwork_NumericalGradient() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	cost := func() float64 { return n.Cost([]nn.Example{nn.NewExample(x, y)}) }
	nablaB, nablaW := n.NumericalGradient(cost, 1e-4)
	fmt.Printf("%.3f\n%.3f\n", nablaW[1].Data, nablaW[0].Data)
	fmt.Printf("%.3f\n%.3f\n", nablaB[1].Data, nablaB[0].Data)
	// Output:
	// [0.050 0.050]
	// [0.100 0.200 0.200 0.400]
	// [0.100]
	// [0.100 0.200]
}

// A network is saved as network2.py saves it, and comes back bit for bit.
func ExampleNetwork_Save() {
	dir, err := os.MkdirTemp("", "nndl")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	filename := filepath.Join(dir, "net.json")

	if err := hand().Save(filename); err != nil {
		fmt.Println(err)
		return
	}
	data, err := os.ReadFile(filename)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(data))
	// Output:
	// {"sizes":[2,2,1],"weights":[[[2,-1],[4,-2]],[[4,8]]],"biases":[[[0],[0]],[[-6]]],"cost":"QuadraticCost"}
}

func ExampleLoad() {
	n, cost, err := nn.Load("net.json") // what Save, train -save or network2.py wrote
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Sizes, cost)
}

func ExampleDecode() {
	n, cost, err := nn.Decode(strings.NewReader(`{"sizes": [2,1], "weights": [[[3,4]]], "biases": [[[5]]], "cost": "QuadraticCost"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Sizes, n.Weights[0].Data, n.Biases[0].Data, cost)

	_, _, err = nn.Decode(strings.NewReader(`{"sizes": [3,1], "weights": [[[3,4]]], "biases": [[[5]]], "cost": "QuadraticCost"}`))
	fmt.Println(err)
	// Output:
	// [2 1] [3 4] [5] QuadraticCost
	// layer 2: weights 1×2 and biases 1×1, want 1×3 and 1×1 for sizes [3 1]
}

func ExampleNetwork_Encode() {
	if err := hand().Encode(os.Stdout, nn.QuadraticCost); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"sizes":[2,2,1],"weights":[[[2,-1],[4,-2]],[[4,8]]],"biases":[[[0],[0]],[[-6]]],"cost":"QuadraticCost"}
}

// A Trainer takes the same steps as UpdateMiniBatch, many times faster.
func ExampleTrainer_Update() {
	n := hand()
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	t := &nn.Trainer{Biases: n.Biases, Weights: n.Weights}
	t.Update([]nn.Example{nn.NewExample(x, y)}, 1)
	fmt.Printf("%.2f\n", n.Weights[1].Data)
	// Output: [3.95 7.95]
}
