// Package tour is the way of one example through a network and back, as data: the five
// steps of the book's backpropagation algorithm, each with its equations, its lines of
// nn/network.go beside those of network.py, and its values with their names and shapes.
// A program can print a Tour or send it as JSON. Every number in it is computed by
// nn/network2, which with the quadratic cost is nn, or, where Backprop does not return
// it, by the same lines.
package tour

import (
	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/network2"
)

// Tour is what happens to one example in a network. JSON cannot hold NaN, so a network
// with NaN can be printed but not sent.
type Tour struct {
	Sizes  []int   `json:"sizes"`
	L      int     `json:"L"` // the book's number of the last layer
	Label  int     `json:"label"`
	Answer int     `json:"answer"` // what the network says
	Cost   float64 `json:"cost"`
	Steps  []Step  `json:"steps"`

	net            *network2.Network
	example        nn.Example
	activations    []*matrix.Matrix // aˡ at index l−1: 784×1, 30×1, 10×1
	zs, sps        []*matrix.Matrix // zˡ and σ′(zˡ) at index l−2: 30×1, 10×1
	nablaB, nablaW []*matrix.Matrix // what Backprop returns; nablaB is also δ, by (BP3)
}

// Step is one of the five steps.
type Step struct {
	Number    int        `json:"number"`
	Name      string     `json:"name"`
	Detail    string     `json:"detail"` // for which layers
	Equations []Equation `json:"equations"`
	Code      []Code     `json:"code"`
	Parts     []Part     `json:"parts"` // one a layer, in the order in which they are computed
	Notes     []string   `json:"notes"` // sentences
}

// Part is what a step computes in one layer.
type Part struct {
	Layer   int      `json:"layer"`
	Formula []Factor `json:"formula"` // none in step 1
	Values  []Value  `json:"values"`
	Notes   []string `json:"notes"`
}

// Factor is a symbol in a formula with its shape. A sign between symbols has none.
type Factor struct {
	Symbol string `json:"symbol"`
	Shape  string `json:"shape,omitempty"`
}

// Value is a quantity of one layer. Its rows, columns and data are the matrix's.
type Value struct {
	Name   string `json:"name"`   // with its layer: a² = σ(z²)
	Symbol string `json:"symbol"` // without: a
	Layer  int    `json:"layer"`
	*matrix.Matrix
}

// New takes the example forward through net and its error back. A network of chapters 1
// and 2 is one with the quadratic cost: [Quadratic].
func New(net *network2.Network, e nn.Example) *Tour {
	t := &Tour{Sizes: net.Sizes, L: len(net.Sizes), Label: e.Label(), net: net, example: e}
	a := e.X() // 784×1
	t.activations = []*matrix.Matrix{a}
	for i, w := range net.Weights {
		z := new(matrix.Matrix).Mul(w, a)           // 30×784 · 784×1 → 30×1
		z.Add(z, net.Biases[i])                     // 30×1
		a = new(matrix.Matrix).Apply(nn.Sigmoid, z) // 30×1
		t.zs = append(t.zs, z)
		t.sps = append(t.sps, new(matrix.Matrix).Apply(nn.SigmoidPrime, z)) // 30×1
		t.activations = append(t.activations, a)
	}
	t.nablaB, t.nablaW = net.Backprop(e.X(), e.Y())
	t.Answer, t.Cost = a.ArgMax(), t.cost()
	t.Steps = []Step{t.input(), t.feedforward(), t.outputError(), t.backpropagate(), t.output()}
	return t
}

// Quadratic returns net, which stays the same one, as a network with the quadratic cost.
func Quadratic(net *nn.Network) *network2.Network {
	return &network2.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights, Cost: network2.QuadraticCost{}}
}

// CrossEntropy reports whether the cost is the cross-entropy.
func (t *Tour) CrossEntropy() bool { return t.net.Cost == network2.Cost(network2.CrossEntropyCost{}) }

// The symbols of layer l. All but A begin at layer 2.

// A returns aˡ; A(1) is the image.
func (t *Tour) A(l int) *matrix.Matrix { return t.activations[l-1] }

// Z returns zˡ, the weighted inputs.
func (t *Tour) Z(l int) *matrix.Matrix { return t.zs[l-2] }

// SigmoidPrime returns σ′(zˡ).
func (t *Tour) SigmoidPrime(l int) *matrix.Matrix { return t.sps[l-2] }

// W returns wˡ.
func (t *Tour) W(l int) *matrix.Matrix { return t.net.Weights[l-2] }

// B returns bˡ.
func (t *Tour) B(l int) *matrix.Matrix { return t.net.Biases[l-2] }

// Delta returns δˡ, which by (BP3) is also ∂C/∂bˡ.
func (t *Tour) Delta(l int) *matrix.Matrix { return t.nablaB[l-2] }

// NablaW returns ∂C/∂wˡ.
func (t *Tour) NablaW(l int) *matrix.Matrix { return t.nablaW[l-2] }

// Y returns the desired output.
func (t *Tour) Y() *matrix.Matrix { return t.example.Y() }

// Back returns (wˡ⁺¹)ᵀδˡ⁺¹, the error of layer l+1 as it arrives at layer l.
func (t *Tour) Back(l int) *matrix.Matrix {
	return new(matrix.Matrix).TMul(t.W(l+1), t.Delta(l+1)) // (10×30)ᵀ · 10×1 → 30×1
}

// cost returns C of the one example: equation (27) or (63).
func (t *Tour) cost() float64 { return t.net.TotalCost([]nn.Example{t.example}, 0) }

// Largest returns the row and column of the element of x that is farthest from 0.
func Largest(x *matrix.Matrix) (row, col int) {
	best := 0
	for i, v := range x.Data {
		if v*v > x.Data[best]*x.Data[best] {
			best = i
		}
	}
	return best / x.Cols, best % x.Cols
}
