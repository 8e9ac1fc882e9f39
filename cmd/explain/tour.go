package main

import (
	"fmt"
	"math"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/matrix"
	"nndl/nn"
)

// tour is one digit on its way through the network and back, with all that is met
// on the way. As in [nn.Network], what belongs to layer l stands at index l−2,
// activations at l−1.
type tour struct {
	o              options
	n              *nn.Network
	d              digit
	e              nn.Example
	L              int              // the book's number of the last layer
	activations    []*matrix.Matrix // aˡ: 784×1, 30×1, 10×1
	zs, sps        []*matrix.Matrix // zˡ and σ′(zˡ): 30×1, 10×1
	nablaB, nablaW []*matrix.Matrix // what Backprop returns; nablaB is also δ, by (BP3)
}

// newTour takes d forward through n, as Backprop does, and keeps what it does not
// return; the rest is what Backprop itself returns.
func newTour(n *nn.Network, d digit, o options) *tour {
	t := &tour{o: o, n: n, d: d, e: d.example(d.label), L: len(n.Sizes)}
	a := t.e.X() // 784×1
	t.activations = []*matrix.Matrix{a}
	for i, w := range n.Weights {
		z := new(matrix.Matrix).Mul(w, a)           // 30×784 · 784×1 → 30×1
		z.Add(z, n.Biases[i])                       // 30×1
		a = new(matrix.Matrix).Apply(nn.Sigmoid, z) // 30×1
		t.zs = append(t.zs, z)
		t.sps = append(t.sps, new(matrix.Matrix).Apply(nn.SigmoidPrime, z)) // 30×1
		t.activations = append(t.activations, a)
	}
	t.nablaB, t.nablaW = n.Backprop(t.e.X(), t.e.Y())
	return t
}

// The symbols of layer l.
func (t *tour) a(l int) *matrix.Matrix     { return t.activations[l-1] }
func (t *tour) z(l int) *matrix.Matrix     { return t.zs[l-2] }
func (t *tour) sp(l int) *matrix.Matrix    { return t.sps[l-2] }
func (t *tour) w(l int) *matrix.Matrix     { return t.n.Weights[l-2] }
func (t *tour) b(l int) *matrix.Matrix     { return t.n.Biases[l-2] }
func (t *tour) delta(l int) *matrix.Matrix { return t.nablaB[l-2] }

// back returns (wˡ⁺¹)ᵀδˡ⁺¹, the error of layer l+1 as it arrives at layer l.
func (t *tour) back(l int) *matrix.Matrix {
	return new(matrix.Matrix).TMul(t.w(l+1), t.delta(l+1)) // (10×30)ᵀ · 10×1 → 30×1
}

// title draws the digit and tells what is explained.
func (t *tour) title(p *page, origin string) {
	p.line("%s", p.paint(bold, "Backpropagation of one digit"))
	p.line("%s", p.paint(dim, "Neural Networks and Deep Learning, chapters 1 and 2; the code is nn/network.go"))
	p.line("")
	p.line("the digit    %s", t.d.origin)
	if t.d.guessed {
		p.line("             without -label, y is what the network says: %d", t.d.label)
	}
	p.line("the network  %s, %.0f parameters, %s", clip(cli.Layers(t.n.Sizes), 30), cli.Parameters(t.n.Sizes), origin)
	p.line("")
	notes := t.parts(p)
	if t.d.cols > 40 {
		t.beside(p, nil, notes)
		return
	}
	t.beside(p, term.Lines(t.d.pixels, t.d.cols, p.color), notes)
}

// parts tells of each layer what it has.
func (t *tour) parts(p *page) []string {
	notes := []string{"", p.paint(dim, "layer   neurons   weights into it   biases")}
	for l := 1; l <= t.L; l++ {
		name, w, b, what := fmt.Sprint(l), "none", "none", ""
		if l > 1 {
			w = "w" + super(l) + " " + shape(t.w(l))
			b = "b" + super(l) + " " + shape(t.b(l))
		}
		switch l {
		case 1:
			what = "the pixels"
		case t.L:
			name += " = L"
			what = "one a digit"
		}
		notes = append(notes, fmt.Sprintf("%-7s %7d   %s   %s %s", name, t.n.Sizes[l-1], pad(w, 15), pad(b, 9), what))
	}
	return append(notes, "",
		"x  "+shape(t.e.X())+", the pixels: 0 is the ground, 255/256 the ink",
		"y  "+shape(t.e.Y())+", what is wanted: "+strings.ReplaceAll(strings.Trim(fmt.Sprint(t.e.Y().Data), "[]"), " ", ", "))
}

// beside writes a picture with notes to the right of it.
func (t *tour) beside(p *page, picture, notes []string) {
	for i := range max(len(picture), len(notes)) {
		left, right := strings.Repeat(" ", t.d.cols), ""
		if picture == nil {
			left = ""
		}
		if i < len(picture) {
			left = picture[i]
		}
		if i < len(notes) {
			right = notes[i]
		}
		p.line("%s    %s", left, right)
	}
}

// answer returns the digit whose neuron is the most active, as Evaluate does: a NaN
// counts as the most active of all.
func answer(a *matrix.Matrix) int {
	best := 0
	for i, v := range a.Data {
		if most := a.Data[best]; !math.IsNaN(most) && !(v <= most) {
			best = i
		}
	}
	return best
}

// largest returns the row and column of the element of x that is farthest from 0.
func largest(x *matrix.Matrix) (row, col int) {
	best := 0
	for i, v := range x.Data {
		if v*v > x.Data[best]*x.Data[best] {
			best = i
		}
	}
	return best / x.Cols, best % x.Cols
}
