// Package universality is chapter 4 of the book: networks that compute a given function, with
// weights and biases chosen by hand. Nothing is trained. The book's figures have sliders for
// this; here the result is an ordinary [nn.Network], whose Feedforward does the rest.
//
// The steps of the construction, in the chapter's order:
//
//	step   a neuron with a large weight w and the bias −ws is 0 before s and 1 after it
//	bump   two steps with the output weights h and −h are h between them and 0 elsewhere
//	pairs  bumps side by side make any weighted input of the output neuron
//	σ⁻¹    that neuron applies σ to it, so the bumps follow σ⁻¹∘f and the output follows f
//	tower  with two inputs, a bump in x and a bump in y, and a neuron that fires if both are there
package universality

import (
	"fmt"
	"math"

	"nndl/matrix"
	"nndl/nn"
)

// Steep is the book's weight into a step neuron: a step takes about 10/1000 of the interval
// from 0 to 1.
const Steep = 1000

// Target is the function that the networks of the chapter compute, for x from 0 to 1.
func Target(x float64) float64 {
	// Equation (113): f(x) = 0.2 + 0.4x² + 0.3x sin(15x) + 0.05 cos(50x)
	return 0.2 + 0.4*x*x + 0.3*x*math.Sin(15*x) + 0.05*math.Cos(50*x)
}

// Pair is a pair of hidden neurons, steps at S1 and S2 with the output weights H and −H. They
// make a bump that is H between the two and 0 elsewhere.
type Pair struct{ S1, S2, H float64 }

// New returns a network [1, 2·pairs, 1] whose output is about f(x) for x from 0 to 1: that of
// the pairs which [Pairs] chooses. w is the weight into each hidden neuron, such as [Steep].
// New panics if pairs is less than 1, or if f is not between 0 and 1, where the outputs of a
// sigmoid neuron are.
func New(f func(x float64) float64, pairs int, w float64) *nn.Network {
	if pairs < 1 {
		panic(fmt.Sprintf("universality: New: %d pairs, want one or more", pairs))
	}
	return Bumps(Pairs(f, pairs), w)
}

// Pairs returns n pairs whose bumps follow σ⁻¹∘f for x from 0 to 1. Each bump takes 1/n of
// that interval, and is as high as σ⁻¹∘f is there on average. f is as in [New].
func Pairs(f func(x float64) float64, n int) []Pair {
	pairs := make([]Pair, n)
	for k := range pairs {
		from, to := float64(k)/float64(n), float64(k+1)/float64(n)
		pairs[k] = Pair{from, to, mean(func(x float64) float64 { return Logit(f(x)) }, from, to)}
	}
	return pairs
}

// Bumps returns the network [1, 2n, 1] of n pairs of hidden neurons. Its output is σ of the sum
// of their bumps. The pairs may be anywhere, and the bumps may overlap.
func Bumps(pairs []Pair, w float64) *nn.Network {
	net := zero(1, 2*len(pairs), 1) // Weights: 2n×1, 1×2n
	for k, p := range pairs {
		net.bump(0, 2*k, p.S1, p.S2, w)
		output := net.Weights[1].Row(0) // 2n numbers
		output[2*k], output[2*k+1] = p.H, -p.H
	}
	return &net.Network
}

// height is that of the two bumps that make a tower. Where only one of them is, a tower's
// neuron has the weighted input −height/2, and σ(−20) is 2e-9.
const height = 40

// Waves is a function of two inputs between 0.2 and 0.8, for x and y from 0 to 1: a target for
// [NewTowers]. The book draws towers, but no function of two inputs.
func Waves(x, y float64) float64 { return 0.5 + 0.3*math.Sin(5*x)*math.Cos(4*y) }

// NewTowers returns a network [2, 4n, n², 1] whose output is about f(x, y) for x and y from
// 0 to 1: that of the towers which [Heights] chooses. Like [New] it panics if n is less than 1
// or if f is not between 0 and 1.
func NewTowers(f func(x, y float64) float64, n int, w float64) *nn.Network {
	return Towers(Heights(f, n), w)
}

// Heights returns the heights of n² towers, n×n, that follow σ⁻¹∘f: its values in their middles.
// Row i is x from i/n to (i+1)/n, and column j is y from j/n to (j+1)/n.
func Heights(f func(x, y float64) float64, n int) *matrix.Matrix {
	if n < 1 {
		panic(fmt.Sprintf("universality: Heights: %d towers in a row, want one or more", n))
	}
	heights := matrix.New(n, n) // n×n
	for i := range n {
		for j := range n {
			heights.Set(i, j, Logit(f((float64(i)+0.5)/float64(n), (float64(j)+0.5)/float64(n))))
		}
	}
	return heights
}

// Towers returns the network [2, 4n, n², 1] of the towers with the given heights, n×n: n bumps
// in each direction, and a tower on each of their n² crossings.
func Towers(heights *matrix.Matrix, w float64) *nn.Network {
	n := heights.Rows
	net := zero(2, 4*n, n*n, 1) // Weights: 4n×2, n²×4n, 1×n²
	for k := range n {
		from, to := float64(k)/float64(n), float64(k+1)/float64(n)
		net.bump(0, 2*k, from, to, w)
		net.bump(1, 2*(n+k), from, to, w)
	}
	for i := range n {
		for j := range n {
			tower := net.Weights[1].Row(i*n + j) // 4n numbers
			tower[2*i], tower[2*i+1] = height, -height
			tower[2*(n+j)], tower[2*(n+j)+1] = height, -height
			net.Biases[1].Set(i*n+j, 0, -1.5*height) // more than one bump, less than two
			net.Weights[2].Set(0, i*n+j, heights.At(i, j))
		}
	}
	return &net.Network
}

// network is a network in the making.
type network struct{ nn.Network }

// zero returns a network whose weights and biases are 0.
func zero(sizes ...int) network {
	net := network{nn.Network{Sizes: sizes}}
	for i, y := range sizes[1:] {
		net.Biases = append(net.Biases, matrix.New(y, 1))
		net.Weights = append(net.Weights, matrix.New(y, sizes[i]))
	}
	return net
}

// bump makes two neurons of layer 2, j and the next, steps of an input at from and to.
func (net network) bump(input, j int, from, to, w float64) {
	net.step(input, j, from, w)
	net.step(input, j+1, to, w)
}

// step makes neuron j of layer 2 a step of an input at s: its weighted input is w·(x − s).
func (net network) step(input, j int, s, w float64) {
	net.Weights[0].Set(j, input, w)
	net.Biases[0].Set(j, 0, -w*s)
}

// Output returns the output of a network with one output neuron for these inputs.
func Output(net *nn.Network, x ...float64) float64 {
	return net.Feedforward(matrix.FromSlice(len(x), 1, x)).At(0, 0) // 1×1
}

// WeightedInput returns the weighted input of the output neuron for these inputs, whose σ is
// [Output]. It is the sum of the bumps or towers, and finite even where σ rounds to 1.
func WeightedInput(net *nn.Network, x ...float64) float64 {
	last := len(net.Weights) - 1
	hidden := nn.Network{Sizes: net.Sizes[:last+1], Biases: net.Biases[:last], Weights: net.Weights[:last]}
	a := hidden.Feedforward(matrix.FromSlice(len(x), 1, x))                                // 10×1
	return new(matrix.Matrix).Mul(net.Weights[last], a).Data[0] + net.Biases[last].Data[0] // 1×10 · 10×1 → 1×1
}

// Logit is σ⁻¹: the weighted input with which a sigmoid neuron's output is a. It panics
// unless a is between 0 and 1.
func Logit(a float64) float64 {
	if !(0 < a && a < 1) {
		panic(fmt.Sprintf("universality: Logit: no sigmoid neuron has the output %g, want more than 0 and less than 1", a))
	}
	return math.Log(a / (1 - a))
}

// Deviation returns the average of |f(x) − g(x)| for x from 0 to 1.
func Deviation(f, g func(x float64) float64) float64 {
	return mean(func(x float64) float64 { return math.Abs(f(x) - g(x)) }, 0, 1)
}

// Deviation2 returns the average of |f(x, y) − g(x, y)| over the middles of points² equal squares,
// x and y from 0 to 1.
func Deviation2(f, g func(x, y float64) float64, points int) (sum float64) {
	n := float64(points)
	for i := range points {
		for j := range points {
			x, y := (float64(i)+0.5)/n, (float64(j)+0.5)/n
			sum += math.Abs(f(x, y)-g(x, y)) / (n * n)
		}
	}
	return sum
}

// mean returns the average of f between two points, from a thousand values.
func mean(f func(x float64) float64, from, to float64) float64 {
	const values = 1000
	sum := 0.0
	for i := range values {
		sum += f(from + (to-from)*(float64(i)+0.5)/values)
	}
	return sum / values
}
