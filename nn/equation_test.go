package nn

// The tests whose names begin with TestEquation show the numbered equations of
// chapters 1 and 2. Each computes both sides, one of them at least from the definition,
// as package proof writes it out: plain sums, σ as 1/(1 + e⁻ᶻ), a derivative as a central
// difference. The other side is the program's if the program computes the equation.
// docs/equations.md has a row for each equation; the doc comment of a test states what
// it shows in the same form. To see the numbers:
//
//	go test ./nn -v -run 'TestEquationBP2$'
//
// In these tests l is the book's number of a layer, 1 to L, and j, k, … are neurons
// counted from 0.

import (
	"math/rand/v2"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// pocketNetwork returns a network that fits on paper, layers of 3, 4, 3 and 2
// neurons, so that L = 4, with one example for it. No two layers in a row have the same
// size, so no transpose can hide, and the desired outputs are neither 0 nor 1, so no
// sign and no factor can.
func pocketNetwork() (net *Network, x, y *matrix.Matrix) {
	net = New([]int{3, 4, 3, 2}, rand.New(rand.NewPCG(1, 0)))
	return net, column1([]float64{0.9, 0.2, 0.6}), column1([]float64{0.8, 0.3})
}

// pocketData returns some random examples for pocketNetwork.
func pocketData(count int) []Example {
	rng := rand.New(rand.NewPCG(2, 0))
	data := make([]Example, count)
	for i := range data {
		x, y := matrix.New(3, 1), matrix.New(2, 1)
		for j := range x.Data {
			x.Data[j] = rng.Float64()
		}
		for j := range y.Data {
			y.Data[j] = rng.Float64()
		}
		data[i] = NewExample(x, y)
	}
	return data
}

// column1 returns v as a column vector.
func column1(v []float64) *matrix.Matrix { return matrix.FromSlice(len(v), 1, v) }

// written returns the same network written out. The two share their parameters.
func written(net *Network) proof.Net { return proof.Net{Biases: net.Biases, Weights: net.Weights} }

// writtenCost returns C over data, equation (6), written out. It reads the parameters
// that the network has when it is called.
func writtenCost(net *Network, data []Example) func() float64 {
	var xs, ys [][]float64
	for _, e := range data {
		xs, ys = append(xs, e.X().Data), append(ys, e.Y().Data)
	}
	return func() float64 { return written(net).Cost(xs, ys, proof.Quadratic) }
}

// errorsByDefinition returns δ[l][j] = ∂C/∂zˡⱼ for l = 2, …, L, found by moving zˡⱼ.
func errorsByDefinition(net *Network, x, y *matrix.Matrix) (delta [][]float64) {
	return written(net).Errors(x.Data, proof.Quadratic(y.Data))
}

// errorsByBackprop returns the same, as Backprop computes it.
func errorsByBackprop(net *Network, x, y *matrix.Matrix) (delta [][]float64) {
	nablaB, _ := net.Backprop(x, y)
	delta = make([][]float64, len(net.Sizes)+1)
	for i := range nablaB {
		delta[i+2] = nablaB[i].Data // equation (BP3)
	}
	return delta
}

// upTo returns the first l layers of net as a network: its output is aˡ.
func upTo(net *Network, l int) *Network {
	return &Network{Sizes: net.Sizes[:l], Biases: net.Biases[:l-1], Weights: net.Weights[:l-1]}
}

// copyOf returns a network with the same parameters in memory of its own.
func copyOf(net *Network) *Network {
	c := &Network{Sizes: net.Sizes}
	for i := range net.Biases {
		c.Biases = append(c.Biases, new(matrix.Matrix).Copy(net.Biases[i]))
		c.Weights = append(c.Weights, new(matrix.Matrix).Copy(net.Weights[i]))
	}
	return c
}

// flat returns all numbers of a gradient, or of the parameters, as one vector.
func flat(biases, weights []*matrix.Matrix) []float64 {
	var v []float64
	for i := range biases {
		v = append(v, biases[i].Data...)
		v = append(v, weights[i].Data...)
	}
	return v
}

// flatGradient returns ∇C, C a function of net's parameters, as one vector in the order
// of flat, by moving each of them.
func flatGradient(net *Network, cost func() float64) []float64 {
	var v []float64
	nablaB, nablaW := written(net).Gradient(cost)
	for i := range nablaB {
		v = append(v, nablaB[i]...)
		v = append(v, nablaW[i]...)
	}
	return v
}

// scaled returns αv.
func scaled(alpha float64, v []float64) []float64 {
	return proof.Each(func(x float64) float64 { return alpha * x }, v)
}

// moved returns how far an update has moved each parameter.
func moved(before, after []float64) []float64 {
	v := make([]float64, len(before))
	for j := range v {
		v[j] = after[j] - before[j]
	}
	return v
}
