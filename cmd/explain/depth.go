package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nndl/cmd/internal/term"
	"nndl/matrix"
)

// depth shows one layer with all of its numbers, and one of its neurons by hand:
// the one with the largest error.
func (t *tour) depth(p *page, l int) {
	s := super(l)
	p.heading(fmt.Sprintf("Layer %d", l), fmt.Sprintf("%d neurons, each element of each vector", t.n.Sizes[l-1]))
	for _, v := range []struct {
		name string
		x    *matrix.Matrix
	}{{"b" + s, t.b(l)}, {"z" + s, t.z(l)}, {activationName(l), t.a(l)}, {"σ′(z" + s + ")", t.sp(l)}, {"δ" + s, t.delta(l)}} {
		p.vector(v.name, v.x)
		if v.x.Rows > whole && v.name != "δ"+s {
			p.line("")
		}
	}
	t.saturation(p, l)
	j, _ := largest(t.delta(l))
	t.neuronForward(p, l, j)
	t.neuronBack(p, l, j)
	t.neuronGradient(p, l, j)
}

// neuronForward adds up the weighted input of neuron j of layer l.
func (t *tour) neuronForward(p *page, l, j int) {
	s, before := super(l), super(l-1)
	p.heading(fmt.Sprintf("Neuron %d of layer %d, forward", j, l), "counted from 0; the one with the largest error")
	p.equation(eqNeuron, "(25) for one neuron: row j of wˡ is its weights")
	p.line("")
	t.sum(p, fmt.Sprintf("w%s(%d,k)", s, j), t.w(l).Row(j), "a"+before, t.a(l-1).Data)
	z, a := t.z(l).Data[j], t.a(l).Data[j]
	p.line("%-34s %s", fmt.Sprintf("+ b%s(%d)", s, j), number(t.b(l).Data[j]))
	p.line("%-34s %s", fmt.Sprintf("= z%s(%d)", s, j), number(z))
	p.line("%-34s %s", fmt.Sprintf("a%s(%d) = σ(z%s(%d))", s, j, s, j), number(a))
}

// neuronBack adds up the error of neuron j of layer l.
func (t *tour) neuronBack(p *page, l, j int) {
	s, next := super(l), super(l+1)
	p.heading(fmt.Sprintf("Neuron %d of layer %d, back", j, l), "")
	d, name := 0.0, ""
	if l == t.L {
		p.equation(eqOutputJ, "(BP1a) for one neuron")
		a, y := t.a(l).Data[j], t.e.Y().Data[j]
		d, name = a-y, fmt.Sprintf("∂C/∂a%s(%d) = a − y = %s − %s", s, j, trim(a), trim(y))
		p.line("")
	} else {
		p.equation(eqBackJ, "(BP2) for one neuron: column j of wˡ⁺¹")
		p.line("")
		column := make([]float64, t.w(l+1).Rows)
		for k := range column {
			column[k] = t.w(l+1).At(k, j)
		}
		t.sum(p, fmt.Sprintf("w%s(k,%d)", next, j), column, "δ"+next, t.delta(l+1).Data)
		d, name = t.back(l).Data[j], "the error that arrives"
	}
	p.line("%s %s", pad(name, 34), number(d))
	p.line("%-34s %s", fmt.Sprintf("· σ′(z%s(%d)) = a(1 − a)", s, j), number(t.sp(l).Data[j]))
	p.line("%-34s %s", fmt.Sprintf("= δ%s(%d)", s, j), number(t.delta(l).Data[j]))
}

// terms is how many of the terms of a sum are shown.
const terms = 10

// sum shows Σₖ xₖyₖ: its largest terms one by one, the others together.
func (t *tour) sum(p *page, xName string, xs []float64, yName string, ys []float64) {
	order := make([]int, len(xs))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(i, k int) int {
		x, y := math.Abs(xs[i]*ys[i]), math.Abs(xs[k]*ys[k])
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	shown, rest := order[:min(terms, len(order))], order[min(terms, len(order)):]
	slices.Sort(shown)
	p.line("%s", p.paint(dim, fmt.Sprintf("%6s %s %s %s", "k", middle(xName, 12), middle(yName+"(k)", 12), "the product")))
	for _, k := range shown {
		p.line("%6d   %s     %s      %s", k, number(xs[k]), number(ys[k]), number(xs[k]*ys[k]))
	}
	if len(rest) > 0 {
		others := 0.0
		for _, k := range rest {
			others += xs[k] * ys[k]
		}
		p.line("%s %s", pad(fmt.Sprintf("the other %d terms together", len(rest)), 34), number(others))
	}
}

// neuronGradient shows the gradient of the weights of neuron j of layer l; in
// layer 2 they stand for pixels and can be drawn.
func (t *tour) neuronGradient(p *page, l, j int) {
	s, before := super(l), super(l-1)
	p.heading(fmt.Sprintf("The gradient of neuron %d of layer %d", j, l), "")
	p.equation(eqBiases, "")
	p.equation(eqWeights, "row j of ∂C/∂wˡ: aˡ⁻¹ times one number")
	p.line("")
	d := t.delta(l).Data[j]
	p.line("∂C/∂b%s(%d)   = δ%s(%d) = %s", s, j, s, j, trim(d))
	p.line("∂C/∂w%s(%d,k) = %s · a%s(k), for k = 0 to %d", s, j, trim(d), before, t.w(l).Cols-1)
	if l != 2 || t.d.cols > 30 {
		return
	}
	p.line("")
	change, effect := "takes some of it from", "less"
	if d < 0 {
		change, effect = "adds some of it to", "more"
	}
	p.line("Layer 1 is the pixels, so the row can be drawn. The gradient is the digit itself, times %s:", trim(d))
	p.line("a step %s the weights, and the neuron answers %s to such a digit.", change, effect)
	p.line("")
	t.drawRows(p, t.w(2).Row(j), t.nablaW[0].Row(j))
}

// drawRows draws the weights above 0, those below 0 and the gradient.
func (t *tour) drawRows(p *page, w, nabla []float64) {
	var lines []string
	names := ""
	for _, picture := range []struct {
		name   string
		values []float64
		sign   float64
	}{{"weights above 0", w, 1}, {"weights below 0", w, -1}, {"|∂C/∂w|", nabla, 0}} {
		names += pad(picture.name, max(t.d.cols, 15)+4)
		for i, line := range term.Lines(tones(picture.values, picture.sign), t.d.cols, p.color) {
			if i == len(lines) {
				lines = append(lines, "")
			}
			lines[i] += line + strings.Repeat(" ", max(t.d.cols, 15)+4-t.d.cols)
		}
	}
	p.line("%s", p.paint(dim, names))
	for _, line := range lines {
		p.line("%s", line)
	}
}

// tones returns values of one sign, or of both if sign is 0, as pixels, the
// largest 255.
func tones(values []float64, sign float64) []byte {
	most := 0.0
	for _, v := range values {
		most = max(most, math.Abs(v))
	}
	pixels := make([]byte, len(values))
	for i, v := range values {
		size := v * sign
		if sign == 0 {
			size = math.Abs(v)
		}
		if most > 0 {
			pixels[i] = byte(255 * max(0, size) / most)
		}
	}
	return pixels
}
