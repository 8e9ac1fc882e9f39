package proof

import (
	"slices"

	"nndl/matrix"
)

// Net is a network of sigmoid neurons written out: plain loops over the numbers of a
// network's own matrices, which it shares. Layers are counted as in the book, l = 1 the
// input and l = L the output; neurons j, k, … are counted from 0.
type Net struct {
	Biases, Weights []*matrix.Matrix                // bˡ and wˡ at index l−2
	Output          func(z []float64) (a []float64) // aᴸ from zᴸ; nil is σ of each
}

// L returns the number of layers.
func (net Net) L() int { return len(net.Weights) + 1 }

// Weight returns wˡⱼₖ, from neuron k of layer l−1 to neuron j of layer l.
func (net Net) Weight(l, j, k int) float64 {
	w := net.Weights[l-2]
	return w.Data[j*w.Cols+k]
}

// Bias returns bˡⱼ.
func (net Net) Bias(l, j int) float64 { return net.Biases[l-2].Data[j] }

// Z returns zˡ for the activations a of layer l−1: zⱼ = Σₖ wˡⱼₖaₖ + bˡⱼ.
func (net Net) Z(l int, a []float64) []float64 {
	z := make([]float64, net.Weights[l-2].Rows)
	for j := range z {
		for k := range a {
			z[j] += net.Weight(l, j, k) * a[k]
		}
		z[j] += net.Bias(l, j)
	}
	return z
}

// A returns aˡ for the weighted inputs z of layer l.
func (net Net) A(l int, z []float64) []float64 {
	if l == net.L() && net.Output != nil {
		return net.Output(z)
	}
	return Each(Sigma, z)
}

// Forward returns z[l][j] and a[l][j] of every layer. z[0], z[1] and a[0] are nil.
func (net Net) Forward(x []float64) (z, a [][]float64) {
	z, a = make([][]float64, net.L()+1), make([][]float64, net.L()+1)
	a[1] = x
	for l := 2; l <= net.L(); l++ {
		z[l] = net.Z(l, a[l-1])
		a[l] = net.A(l, z[l])
	}
	return z, a
}

// From returns aᴸ for the weighted inputs z of layer l.
func (net Net) From(l int, z []float64) []float64 {
	for ; l < net.L(); l++ {
		z = net.Z(l+1, net.A(l, z))
	}
	return net.A(l, z)
}

// Errors returns δ[l][j] = ∂C/∂zˡⱼ for l = 2, …, L by moving zˡⱼ itself up and down: this
// is how the book defines the error, equation (29). cost is C as a function of aᴸ.
func (net Net) Errors(x []float64, cost func(a []float64) float64) (delta [][]float64) {
	z, _ := net.Forward(x)
	delta = make([][]float64, net.L()+1)
	for l := 2; l <= net.L(); l++ {
		delta[l] = Gradient(func(z []float64) float64 { return cost(net.From(l, z)) }, z[l])
	}
	return delta
}

// Gradient returns ∂cost/∂bˡⱼ and ∂cost/∂wˡⱼₖ at index l−2 by moving each parameter up
// and down, row by row as the matrices hold them. cost is any function that reads them.
func (net Net) Gradient(cost func() float64) (nablaB, nablaW [][]float64) {
	for i := range net.Weights {
		nablaB = append(nablaB, moveEach(cost, net.Biases[i].Data))
		nablaW = append(nablaW, moveEach(cost, net.Weights[i].Data))
	}
	return nablaB, nablaW
}

// moveEach is Gradient with respect to parameters that cost reads where they are. It
// puts each back.
func moveEach(cost func() float64, parameters []float64) []float64 {
	before := slices.Clone(parameters)
	defer copy(parameters, before)
	return Gradient(func(v []float64) float64 { copy(parameters, v); return cost() }, before)
}

// Cost returns the mean over the examples of a cost written out: cost(y) is the cost of
// one example as a function of aᴸ, such as Quadratic.
func (net Net) Cost(xs, ys [][]float64, cost func(y []float64) func(a []float64) float64) float64 {
	sum := 0.0
	for i := range xs {
		_, a := net.Forward(xs[i])
		sum += cost(ys[i])(a[net.L()])
	}
	return sum / float64(len(xs))
}
