package main

import (
	"fmt"
	"math"

	"nndl/cmd/internal/term"
	"nndl/cmd/internal/tour"
	"nndl/matrix"
)

// depth shows one layer with all of its numbers, and one of its neurons by hand:
// the one with the largest error.
func (s *shown) depth(l int) {
	n := tour.Super(l)
	s.heading(fmt.Sprintf("Layer %d", l), fmt.Sprintf("%d neurons, each element of each vector", s.Sizes[l-1]))
	for i, v := range []struct {
		name string
		x    *matrix.Matrix
	}{{"b" + n, s.B(l)}, {"z" + n, s.Z(l)}, {tour.ActivationName(l), s.A(l)}, {"σ′(z" + n + ")", s.SigmoidPrime(l)}, {"δ" + n, s.Delta(l)}} {
		if i > 0 {
			s.line("")
		}
		s.table(v.name, v.x)
	}
	s.notes(s.Saturation(l))
	j, _ := tour.Largest(s.Delta(l))
	s.neuronForward(l, j)
	s.neuronBack(l, j)
	s.neuronGradient(l, j)
}

// The columns of a sum: k, x, y and the product; what follows stands below the product.
const kWidth, termWidth = 5, 13

// result writes a number below the products of a sum.
func (s *shown) result(name string, v float64) {
	s.line("%s%s", pad(name, kWidth+2*termWidth), right(tour.Number(v), termWidth))
}

// neuronForward adds up the weighted input of neuron j of layer l.
func (s *shown) neuronForward(l, j int) {
	n, before := tour.Super(l), tour.Super(l-1)
	s.heading(fmt.Sprintf("Neuron %d of layer %d, forward", j, l), "the one with the largest error")
	s.equation(tour.Neuron, tour.Neuron.Remark)
	s.line("")
	s.sum(fmt.Sprintf("w%s(%d,k)", n, j), "a"+before+"(k)", s.Forward(l, j))
	s.result(fmt.Sprintf("+ b%s(%d)", n, j), s.B(l).Data[j])
	s.result(fmt.Sprintf("= z%s(%d)", n, j), s.Z(l).Data[j])
	s.result(fmt.Sprintf("a%s(%d) = σ(z%s(%d))", n, j, n, j), s.A(l).Data[j])
}

// neuronBack adds up the error of neuron j of layer l.
func (s *shown) neuronBack(l, j int) {
	n, next := tour.Super(l), tour.Super(l+1)
	s.heading(fmt.Sprintf("Neuron %d of layer %d, back", j, l), "")
	if l == s.L && s.CrossEntropy() {
		s.equation(tour.EntropyError, tour.EntropyError.Remark)
		s.line("")
		s.result(fmt.Sprintf("a%s(%d)", n, j), s.A(l).Data[j])
		s.result(fmt.Sprintf("− y(%d)", j), s.Y().Data[j])
		s.result(fmt.Sprintf("= δ%s(%d)", n, j), s.Delta(l).Data[j])
		return
	}
	if l == s.L {
		s.equation(tour.OutputOfOne, tour.OutputOfOne.Remark)
		s.line("")
		a, y := s.A(l).Data[j], s.Y().Data[j]
		s.result(fmt.Sprintf("a%s(%d)", n, j), a)
		s.result(fmt.Sprintf("− y(%d)", j), y)
		s.result(fmt.Sprintf("= ∂C/∂a%s(%d)", n, j), a-y)
	} else {
		s.equation(tour.BackOfOne, tour.BackOfOne.Remark)
		s.line("")
		s.sum(fmt.Sprintf("w%s(k,%d)", next, j), "δ"+next+"(k)", s.Backward(l, j))
		s.result("= the error that arrives", s.Back(l).Data[j])
	}
	s.result(fmt.Sprintf("· σ′(z%s(%d)) = a(1 − a)", n, j), s.SigmoidPrime(l).Data[j])
	s.result(fmt.Sprintf("= δ%s(%d)", n, j), s.Delta(l).Data[j])
}

// mostTerms is how many of the terms of a sum are shown.
const mostTerms = 10

// sum shows Σₖ xₖyₖ: its largest terms one by one, the others together.
func (s *shown) sum(xName, yName string, terms []tour.Term) {
	s.line("%s", s.paint(grey, right("k", kWidth)+right(xName, termWidth)+right(yName, termWidth)+right("the product", termWidth)))
	largest, others := tour.LargestTerms(terms, mostTerms)
	for _, t := range largest {
		s.line("%s%s%s%s", right(fmt.Sprint(t.K), kWidth), right(tour.Number(t.X), termWidth), right(tour.Number(t.Y), termWidth), right(tour.Number(t.Product), termWidth))
	}
	if rest := len(terms) - len(largest); rest > 0 {
		s.result(fmt.Sprintf("the other %d terms together", rest), others)
	}
}

// neuronGradient shows the gradient of the weights of neuron j of layer l; in
// layer 2 they belong to pixels and can be drawn.
func (s *shown) neuronGradient(l, j int) {
	n, before := tour.Super(l), tour.Super(l-1)
	s.heading(fmt.Sprintf("The gradient of neuron %d of layer %d", j, l), "")
	s.equation(tour.BiasGradient, "")
	s.equation(tour.WeightGradient, "row j of ∂C/∂wˡ: aˡ⁻¹ times one number")
	s.line("")
	d := tour.Number(s.Delta(l).Data[j])
	s.line("∂C/∂b%s(%d)   = δ%s(%d) = %s", n, j, n, j, d)
	s.line("∂C/∂w%s(%d,k) = %s · a%s(k), for k = 0 to %d", n, j, d, before, s.W(l).Cols-1)
	if l != 2 || s.digit.cols > 30 {
		return
	}
	s.line("")
	change, effect := "takes some of it from", "less"
	if s.Delta(l).Data[j] < 0 {
		change, effect = "adds some of it to", "more"
	}
	s.text("Layer 1 is the pixels, so the row can be drawn. The gradient is the digit itself, times %s: "+
		"a step %s the weights, and the neuron then responds %s to such a digit.", d, change, effect)
	s.line("")
	w, nabla := s.W(2).Row(j), s.NablaW(2).Row(j)
	pictures := []drawing{{"|∂C/∂w|", tones(nabla, 0)}}
	if s.load != "" { // the weights of a random network are noise
		pictures = append([]drawing{{"weights above 0", tones(w, 1)}, {"weights below 0", tones(w, -1)}}, pictures...)
	}
	s.pictures(pictures)
}

// drawing is what is drawn of one row of a matrix.
type drawing struct {
	name   string
	pixels []byte
}

// pictures draws as many pictures beside one another as there is room for.
func (s *shown) pictures(pictures []drawing) {
	cols := s.digit.cols
	wide := max(cols, 15) + 4
	for len(pictures) > 0 {
		n := max(1, min(len(pictures), (s.width-2+4)/wide))
		names, lines := "", make([]string, (len(pictures[0].pixels)/cols+1)/2)
		for _, picture := range pictures[:n] {
			names += pad(picture.name, wide)
			for i, line := range term.Lines(picture.pixels, cols, s.color) {
				lines[i] += line + pad("", wide-cols)
			}
		}
		s.line("%s", s.paint(grey, names))
		s.block(lines)
		pictures = pictures[n:]
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
