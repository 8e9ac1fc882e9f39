package network2

// The tests whose names begin with TestEquation show the numbered equations of chapter
// 3, as those of package nn show the ones of chapters 1 and 2: each computes both sides,
// one of them at least from the definition, as package proof writes it out. In the same
// way l is the book's number of a layer and j, k, … are neurons counted from 0.

import (
	"math"
	"math/rand/v2"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/internal/proof"
)

// pocketNetwork returns a network that fits on paper, layers of 3, 4, 3 and 2 neurons.
func pocketNetwork(cost Cost) *Network {
	return New([]int{3, 4, 3, 2}, cost, rand.New(rand.NewPCG(1, 0)))
}

// pocketData returns random examples with the given number of inputs and outputs. The
// desired outputs are neither 0 nor 1, so no sign and no factor can hide.
func pocketData(count, inputs, outputs int) (data []nn.Example) {
	rng := rand.New(rand.NewPCG(2, 0))
	for range count {
		x, y := matrix.New(inputs, 1), matrix.New(outputs, 1)
		for j := range x.Data {
			x.Data[j] = 0.1 + rng.Float64()
		}
		for j := range y.Data {
			y.Data[j] = 0.1 + 0.8*rng.Float64()
		}
		data = append(data, nn.NewExample(x, y))
	}
	return data
}

// column returns v as a column vector.
func column(v ...float64) *matrix.Matrix { return matrix.FromSlice(len(v), 1, v) }

// written returns the same network written out. The two share their parameters.
func written(net *Network) proof.Net { return proof.Net{Biases: net.Biases, Weights: net.Weights} }

// entropy is the cross-entropy of one example, −Σⱼ [yⱼ ln aⱼ + (1 − yⱼ) ln(1 − aⱼ)], as a
// function of the network's output a.
func entropy(y []float64) func(a []float64) float64 {
	return func(a []float64) float64 {
		sum := 0.0
		for j := range y {
			sum -= y[j]*math.Log(a[j]) + (1-y[j])*math.Log(1-a[j])
		}
		return sum
	}
}

// likelihood is −ln a at the largest y, as a function of the network's output a.
func likelihood(y []float64) func(a []float64) float64 {
	label := 0
	for j := range y {
		if y[j] > y[label] {
			label = j
		}
	}
	return func(a []float64) float64 { return -math.Log(a[label]) }
}

// exponentials is e^zⱼ / Σₖ e^zₖ.
func exponentials(z []float64) []float64 {
	sum := 0.0
	for _, z := range z {
		sum += math.Exp(z)
	}
	return proof.Each(func(z float64) float64 { return math.Exp(z) / sum }, z)
}

// costOver returns C₀ over data, without regularization, written out. It reads the
// parameters that the network has when it is called.
func costOver(net proof.Net, data []nn.Example, cost func(y []float64) func(a []float64) float64) func() float64 {
	var xs, ys [][]float64
	for _, e := range data {
		xs, ys = append(xs, e.X().Data), append(ys, e.Y().Data)
	}
	return func() float64 { return net.Cost(xs, ys, cost) }
}

// sumOver returns Σ f(w) over all weights of a network, the biases not among them.
func sumOver(net *Network, f func(w float64) float64) float64 {
	sum := 0.0
	for _, w := range net.Weights {
		for _, v := range w.Data {
			sum += f(v)
		}
	}
	return sum
}

func square(w float64) float64 { return w * w }

// numbers returns all numbers of some matrices as one vector.
func numbers(xs []*matrix.Matrix) (v []float64) {
	for _, x := range xs {
		v = append(v, x.Data...)
	}
	return v
}

// joined does so for a gradient of package proof.
func joined(rows [][]float64) (v []float64) {
	for _, row := range rows {
		v = append(v, row...)
	}
	return v
}

// plus returns x + αy.
func plus(x []float64, alpha float64, y []float64) []float64 {
	v := make([]float64, len(x))
	for j := range v {
		v[j] = x[j] + alpha*y[j]
	}
	return v
}

// over returns x/α.
func over(x []float64, alpha float64) []float64 { return plus(make([]float64, len(x)), 1/alpha, x) }

// single returns a neuron as a network: inputs of weight w, the bias b.
func single(cost Cost, b float64, w ...float64) *Network {
	return &Network{Sizes: []int{len(w), 1}, Cost: cost, Biases: []*matrix.Matrix{column(b)}, Weights: []*matrix.Matrix{matrix.FromSlice(1, len(w), w)}}
}
