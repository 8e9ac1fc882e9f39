package nn_test

import (
	"fmt"
	"strconv"
	"strings"

	"nndl/matrix"
	"nndl/nn"
)

// Backpropagation by hand: every number of docs/network.md's small example, step by
// step. In the network [2,2,1] of that page each weighted input is 0, where σ is 1/2
// and σ′ is 1/4. Vectors are written in a line, and rows end in semicolons.
func Example_byHand() {
	net := hand()
	w2, w3, b2, b3 := net.Weights[0], net.Weights[1], net.Biases[0], net.Biases[1]
	x, y := matrix.FromSlice(2, 1, []float64{1, 2}), matrix.FromSlice(1, 1, []float64{0.1})
	fmt.Printf("w² = %s, b² = %s, w³ = %s, b³ = %s\n", numbers(w2), numbers(b2), numbers(w3), numbers(b3))

	fmt.Println("a¹ =", numbers(x)) // 1. Input.

	z2 := new(matrix.Matrix).Mul(w2, x) // 2. Feedforward.
	z2.Add(z2, b2)
	a2 := new(matrix.Matrix).Apply(nn.Sigmoid, z2)
	z3 := new(matrix.Matrix).Mul(w3, a2)
	z3.Add(z3, b3)
	a3 := new(matrix.Matrix).Apply(nn.Sigmoid, z3)
	fmt.Println("z² =", numbers(z2))
	fmt.Println("a² =", numbers(a2))
	fmt.Println("z³ =", numbers(z3))
	fmt.Println("a³ =", numbers(a3))

	data := []nn.Example{nn.NewExample(x, y)}
	fmt.Printf("C = %.4g\n", net.Cost(data))

	nablaA := net.CostDerivative(a3, y) // 3. Output error.
	sp3 := new(matrix.Matrix).Apply(nn.SigmoidPrime, z3)
	delta3 := new(matrix.Matrix).Hadamard(nablaA, sp3)
	fmt.Println("∇ₐC =", numbers(nablaA))
	fmt.Println("σ′(z³) =", numbers(sp3))
	fmt.Println("δ³ =", numbers(delta3))

	back := new(matrix.Matrix).TMul(w3, delta3) // 4. Backpropagate the error.
	sp2 := new(matrix.Matrix).Apply(nn.SigmoidPrime, z2)
	delta2 := new(matrix.Matrix).Hadamard(back, sp2)
	fmt.Println("(w³)ᵀδ³ =", numbers(back))
	fmt.Println("σ′(z²) =", numbers(sp2))
	fmt.Println("δ² =", numbers(delta2))

	nablaB, nablaW := net.Backprop(x, y) // 5. Output: the gradient, by the program itself.
	for i := len(nablaB) - 1; i >= 0; i-- {
		l := []string{"²", "³"}[i]
		fmt.Printf("∂C/∂b%s = %s\n", l, numbers(nablaB[i]))
		fmt.Printf("∂C/∂w%s = %s\n", l, numbers(nablaW[i]))
	}

	b, before := &b3.Data[0], b3.Data[0] // (46), for b³ and ε = 0.01
	c, epsilon := net.Cost(data), 0.01
	*b = before + epsilon
	fmt.Printf("(C(b³ + ε) − C(b³))/ε = %.4f\n", (net.Cost(data)-c)/epsilon)
	*b = before
	fmt.Printf("(C(b³ + ε) − C(b³ − ε))/2ε = %.4f\n", nn.NumericalDerivative(func() float64 { return net.Cost(data) }, b, epsilon))

	net.UpdateMiniBatch(data, 1) // The update, with η = 1 and m = 1.
	fmt.Printf("w² = %s, b² = %s, w³ = %s, b³ = %s\n", numbers(w2), numbers(b2), numbers(w3), numbers(b3))
	fmt.Printf("C = %.3f\n", net.Cost(data))
	// Output:
	// w² = (2, −1; 4, −2), b² = (0, 0), w³ = (4, 8), b³ = −6
	// a¹ = (1, 2)
	// z² = (0, 0)
	// a² = (0.5, 0.5)
	// z³ = 0
	// a³ = 0.5
	// C = 0.08
	// ∇ₐC = 0.4
	// σ′(z³) = 0.25
	// δ³ = 0.1
	// (w³)ᵀδ³ = (0.4, 0.8)
	// σ′(z²) = (0.25, 0.25)
	// δ² = (0.1, 0.2)
	// ∂C/∂b³ = 0.1
	// ∂C/∂w³ = (0.05, 0.05)
	// ∂C/∂b² = (0.1, 0.2)
	// ∂C/∂w² = (0.1, 0.2; 0.2, 0.4)
	// (C(b³ + ε) − C(b³))/ε = 0.1003
	// (C(b³ + ε) − C(b³ − ε))/2ε = 0.1000
	// w² = (1.9, −1.2; 3.8, −2.4), b² = (−0.1, −0.2), w³ = (3.95, 7.95), b³ = −6.1
	// C = 0.001
}

// numbers writes a matrix in a line: −6, (1, 2), (2, −1; 4, −2).
func numbers(x *matrix.Matrix) string {
	var text strings.Builder
	for i, v := range x.Data {
		switch {
		case i > 0 && i%x.Cols == 0 && x.Cols > 1:
			text.WriteString("; ")
		case i > 0:
			text.WriteString(", ")
		}
		text.WriteString(strings.ReplaceAll(strconv.FormatFloat(v, 'g', 4, 64), "-", "−"))
	}
	if len(x.Data) == 1 {
		return text.String()
	}
	return "(" + text.String() + ")"
}
