package tour

import (
	"fmt"

	"nndl/matrix"
)

func (t *Tour) input() Step {
	ink := 0
	for _, v := range t.A(1).Data {
		if v > 0 {
			ink++
		}
	}
	return Step{
		Number: 1, Name: "Input", Detail: "set a¹", Code: inputCode,
		Notes: []string{fmt.Sprintf("a¹ is the image itself, %s: the input layer has no weights, no biases and no σ.", Shape(t.A(1)))},
		Parts: []Part{{Layer: 1, Values: []Value{{"a¹ = x", "a", 1, t.A(1)}},
			Notes: []string{fmt.Sprintf("%d of the %d pixels are not zero.", ink, len(t.A(1).Data))}}},
	}
}

func (t *Tour) feedforward() Step {
	s := Step{Number: 2, Name: "Feedforward", Detail: "for l = 2, 3, …, L", Equations: []Equation{Layer, Sigmoid}, Code: layerCode}
	for l := 2; l <= t.L; l++ {
		s.Parts = append(s.Parts, t.forward(l))
	}
	last := &s.Parts[len(s.Parts)-1]
	last.Notes = append(last.Notes, fmt.Sprintf("Neuron %d of the output is the most active: the network's answer is %[1]d.", t.A(t.L).ArgMax()))
	return s
}

// forward is how the activations of layer l come from those of layer l−1.
func (t *Tour) forward(l int) Part {
	n, before := Super(l), Super(l-1)
	return Part{
		Layer: l,
		Formula: []Factor{{"z" + n, Shape(t.Z(l))}, {"=", ""}, {"w" + n, Shape(t.W(l))}, {"·", ""},
			{"a" + before, Shape(t.A(l - 1))}, {"+", ""}, {"b" + n, Shape(t.B(l))}},
		Values: []Value{{"w" + n, "w", l, t.W(l)}, {"b" + n, "b", l, t.B(l)}, {"z" + n, "z", l, t.Z(l)}, {ActivationName(l), "a", l, t.A(l)}},
		Notes:  t.Saturation(l),
	}
}

// ActivationName returns "a² = σ(z²)", or less where that is too long.
func ActivationName(l int) string {
	if l > 9 {
		return "a" + Super(l)
	}
	return fmt.Sprintf("a%s = σ(z%s)", Super(l), Super(l))
}

// saturated is a small σ′, one of a neuron that hardly learns: a tenth of its largest, ¼.
const saturated = 0.025

// Saturation says, if there are any, how many neurons of layer l are near 0 or 1, where
// σ is flat.
func (t *Tour) Saturation(l int) []string {
	count := t.Saturated(l)
	if count == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Saturated, so near 0 or 1 that σ is flat (σ′ below %g; at most it is 0.25): %d of these %d neurons.",
		saturated, count, len(t.SigmoidPrime(l).Data))}
}

// Saturated returns how many neurons of layer l are saturated.
func (t *Tour) Saturated(l int) int {
	count := 0
	for _, v := range t.SigmoidPrime(l).Data {
		if v < saturated {
			count++
		}
	}
	return count
}

func (t *Tour) outputError() Step {
	s := Step{
		Number: 3, Name: "Output error", Detail: fmt.Sprintf("δ%s, because L = %d", Super(t.L), t.L),
		Equations: []Equation{Cost, Error, OutputError, Hadamard}, Code: outputErrorCode,
		Notes: []string{fmt.Sprintf("C = %s.", Number(t.cost()))},
		Parts: []Part{t.quadraticError()},
	}
	if t.CrossEntropy() {
		s.Equations, s.Code, s.Parts = []Equation{Entropy, Error, EntropyError}, entropyErrorCode, []Part{t.entropyError()}
	}
	return s
}

// quadraticError is the output error for the quadratic cost.
func (t *Tour) quadraticError() Part {
	n := Super(t.L)
	nabla := new(matrix.Matrix).Sub(t.A(t.L), t.Y()) // 10×1
	delta, sp := t.Delta(t.L), t.SigmoidPrime(t.L)
	j, _ := Largest(delta)
	notes := []string{fmt.Sprintf("Neuron %d has the largest error: %s · %s = %s.", j, Number(nabla.Data[j]), Number(sp.Data[j]), Number(delta.Data[j]))}
	if worst, _ := Largest(nabla); worst != j {
		notes = append(notes, fmt.Sprintf("Neuron %d is farther from its target, by %s, but so near 0 or 1 that σ is flat, σ′ = %s: its error is only %s, and it learns slowly.",
			worst, Number(nabla.Data[worst]), Number(sp.Data[worst]), Number(delta.Data[worst])))
	}
	return Part{
		Layer:   t.L,
		Formula: []Factor{{"δ" + n, Shape(delta)}, {"=", ""}, {"∇ₐC", Shape(nabla)}, {"⊙", ""}, {"σ′(z" + n + ")", Shape(sp)}},
		Values: []Value{{"a" + n, "a", t.L, t.A(t.L)}, {"y", "y", t.L, t.Y()}, {"∇ₐC = a−y", "∇ₐC", t.L, nabla},
			{"z" + n, "z", t.L, t.Z(t.L)}, {"σ′(z" + n + ")", "σ′", t.L, sp}, {"δ" + n, "δ", t.L, delta}},
		Notes: notes,
	}
}

// entropyError is the output error for the cross-entropy.
func (t *Tour) entropyError() Part {
	n, delta := Super(t.L), t.Delta(t.L)
	j, _ := Largest(delta)
	return Part{
		Layer:   t.L,
		Formula: []Factor{{"δ" + n, Shape(delta)}, {"=", ""}, {"a" + n, Shape(t.A(t.L))}, {"−", ""}, {"y", Shape(t.Y())}},
		Values:  []Value{{"a" + n, "a", t.L, t.A(t.L)}, {"y", "y", t.L, t.Y()}, {"δ" + n, "δ", t.L, delta}},
		Notes: []string{fmt.Sprintf("Neuron %d has the largest error: %s − %s = %s. It would be as large if the neuron were saturated.",
			j, Number(t.A(t.L).Data[j]), Number(t.Y().Data[j]), Number(delta.Data[j]))},
	}
}

func (t *Tour) backpropagate() Step {
	s := Step{Number: 4, Name: "Backpropagate the error", Detail: "for l = L−1, L−2, …, 2", Equations: []Equation{Back}, Code: backCode}
	if t.L == 2 {
		s.Notes = []string{"There is no hidden layer, so there is nothing to do."}
	}
	for l := t.L - 1; l >= 2; l-- {
		s.Parts = append(s.Parts, t.backward(l))
	}
	return s
}

// backward is how the error of layer l comes from that of layer l+1.
func (t *Tour) backward(l int) Part {
	n, next, w := Super(l), Super(l+1), t.W(l+1)
	return Part{
		Layer: l,
		Formula: []Factor{{"δ" + n, Shape(t.Delta(l))}, {"=", ""}, {"(w" + next + ")ᵀ", transposed(w)},
			{"·", ""}, {"δ" + next, Shape(t.Delta(l + 1))}, {"⊙", ""}, {"σ′(z" + n + ")", Shape(t.SigmoidPrime(l))}},
		Values: []Value{{"δ" + next, "δ", l + 1, t.Delta(l + 1)}, {"(w" + next + ")ᵀδ" + next, "wᵀδ", l, t.Back(l)},
			{"σ′(z" + n + ")", "σ′", l, t.SigmoidPrime(l)}, {"δ" + n, "δ", l, t.Delta(l)}},
		Notes: []string{fmt.Sprintf("w%s, %s, leads from %d neurons to %d; transposed, it leads the errors back from %d to %d.",
			next, Shape(w), w.Cols, w.Rows, w.Rows, w.Cols)},
	}
}

func (t *Tour) output() Step {
	s := Step{Number: 5, Name: "Output", Detail: "the gradient", Equations: []Equation{BiasGradient, WeightGradient}, Code: gradientCode}
	for l := t.L; l >= 2; l-- {
		s.Parts = append(s.Parts, t.gradient(l))
	}
	return s
}

// gradient is the gradient of layer l.
func (t *Tour) gradient(l int) Part {
	n, before, a := Super(l), Super(l-1), t.A(l-1)
	j, k := Largest(t.NablaW(l))
	return Part{
		Layer: l,
		Formula: []Factor{{"∂C/∂w" + n, Shape(t.NablaW(l))}, {"=", ""}, {"δ" + n, Shape(t.Delta(l))},
			{"·", ""}, {"(a" + before + ")ᵀ", transposed(a)}},
		Values: []Value{{"∂C/∂b" + n, "∂C/∂b", l, t.Delta(l)}, {"∂C/∂w" + n, "∂C/∂w", l, t.NablaW(l)}},
		Notes: []string{fmt.Sprintf("The largest: ∂C/∂w%s(%d,%d) = a%s(%d) · δ%s(%d) = %s · %s = %s.", n, j, k, before, k, n, j,
			Number(a.Data[k]), Number(t.Delta(l).Data[j]), Number(t.NablaW(l).At(j, k)))},
	}
}

// transposed returns the shape of xᵀ.
func transposed(x *matrix.Matrix) string { return fmt.Sprintf("%d×%d", x.Cols, x.Rows) }
