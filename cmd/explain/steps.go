package main

import (
	"fmt"

	"nndl/nn"
)

// The equations that are shown, in the very words of the comments in nn and matrix.
var (
	eqLayer    = equation{"25", "aˡ = σ(wˡaˡ⁻¹ + bˡ)"}
	eqSigmoid  = equation{"3", "σ(z) ≡ 1/(1 + e⁻ᶻ)"}
	eqNeuron   = equation{"23", "aˡⱼ = σ(Σₖ wˡⱼₖaˡ⁻¹ₖ + bˡⱼ)"}
	eqError    = equation{"29", "δˡⱼ ≡ ∂C/∂zˡⱼ"}
	eqOutputJ  = equation{"BP1", "δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)"}
	eqBackJ    = equation{"45", "δˡⱼ = Σₖ wˡ⁺¹ₖⱼδˡ⁺¹ₖσ′(zˡⱼ)"}
	eqOutput   = equation{"BP1a", "δᴸ = ∇ₐC ⊙ σ′(zᴸ)"}
	eqBack     = equation{"BP2", "δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)"}
	eqBiases   = equation{"BP3", "∂C/∂bˡⱼ = δˡⱼ"}
	eqWeights  = equation{"BP4", "∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ"}
	eqNumeric  = equation{"46", "∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w − εeⱼ))/2ε"}
	eqUpdateW  = equation{"20", "wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ"}
	eqUpdateB  = equation{"21", "bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ"}
	eqCost     = equation{"27", "C = ½‖y − aᴸ‖² = ½ Σⱼ (yⱼ − aᴸⱼ)²"}
	eqSmall    = equation{"9", "ΔC ≈ ∇C·Δv"}
	eqDescent  = equation{"10", "Δv = −η∇C"}
	eqHadamard = equation{"28", "(x ⊙ y)ⱼ = xⱼyⱼ"}
)

// steps shows the five steps of backpropagation.
func (t *tour) steps(p *page) {
	t.input(p)
	t.feedforward(p)
	t.outputError(p)
	t.backpropagate(p)
	t.gradient(p)
}

func (t *tour) input(p *page) {
	p.heading("1. Input", "set a¹")
	p.line("a¹ is the picture itself, %s: the input layer has no weights, no biases and no σ.", shape(t.a(1)))
	p.line("")
	p.code("Network.backprop", "activation := x")
	p.line("")
	p.matrix("a¹ = x", t.a(1))
	ink := 0
	for _, v := range t.a(1).Data {
		if v > 0 {
			ink++
		}
	}
	p.line("")
	p.line("%d of the %d pixels have ink; the others are 0.", ink, len(t.a(1).Data))
}

func (t *tour) feedforward(p *page) {
	p.heading("2. Feedforward", "for l = 2, 3, …, L")
	p.equation(eqLayer, "what σ is applied to is zˡ, the weighted input")
	p.equation(eqSigmoid, "to each element: 0.5 at 0, near 0 or 1 far from it")
	p.line("")
	p.code("Network.backprop", "z := new(matrix.Matrix).Mul(w, activation)", "z.Add(z, b)",
		"activation = new(matrix.Matrix).Apply(Sigmoid, z)")
	for l := 2; l <= t.L; l++ {
		t.forward(p, l)
	}
	t.read(p)
}

// forward shows how the activations of layer l come from those of layer l−1.
func (t *tour) forward(p *page, l int) {
	s, before := super(l), super(l-1)
	p.shapes(factor{"z" + s, shape(t.z(l))}, factor{"=", ""}, factor{"w" + s, shape(t.w(l))}, factor{"·", ""},
		factor{"a" + before, shape(t.a(l - 1))}, factor{"+", ""}, factor{"b" + s, shape(t.b(l))})
	p.matrix("w"+s, t.w(l))
	p.matrix("b"+s, t.b(l))
	p.matrix("z"+s, t.z(l))
	p.matrix(activationName(l), t.a(l))
	t.saturation(p, l)
}

// activationName returns "a² = σ(z²)", or less where there is no room for it.
func activationName(l int) string {
	if l > 9 {
		return "a" + super(l)
	}
	return fmt.Sprintf("a%s = σ(z%s)", super(l), super(l))
}

// saturated is how small σ′ is of a neuron that hardly learns: a tenth of its most, ¼.
const saturated = 0.025

// saturation tells how many neurons of layer l are near 0 or 1, where σ is flat.
func (t *tour) saturation(p *page, l int) {
	count := 0
	for _, v := range t.sp(l).Data {
		if v < saturated {
			count++
		}
	}
	if count > 0 {
		p.line("")
		p.line("Saturated, so near 0 or 1 that σ is flat (σ′ < %g, of at most 0.25): %d of these %d neurons.",
			saturated, count, len(t.sp(l).Data))
	}
}

// read shows what the output says.
func (t *tour) read(p *page) {
	header := ""
	for i := range t.a(t.L).Data {
		header += fmt.Sprintf("%8d", i)
	}
	p.line("")
	p.line("%s", p.paint(dim, fmt.Sprintf("%-18s%s", "the digit", header)))
	p.matrix("a"+super(t.L), t.a(t.L))
	p.matrix("y", t.e.Y())
	p.line("")
	got := answer(t.a(t.L))
	verdict := fmt.Sprintf("It is a %d: %s.", t.d.label, map[bool]string{true: "right", false: "wrong"}[got == t.d.label])
	if t.d.guessed {
		verdict = "Is it? -label tells."
	}
	p.line("The most active neuron is that of %d, so the network reads a %d. %s", got, got, verdict)
	p.line("")
	p.equation(eqCost, "the cost of this one example")
	p.line("")
	p.line("C = %s", trim(t.cost()))
}

// cost returns C, which for a single example is what equation (27) says.
func (t *tour) cost() float64 { return t.n.Cost([]nn.Example{t.e}) }

func (t *tour) outputError(p *page) {
	s := super(t.L)
	p.heading("3. Output error", "δ"+s+", because L = "+fmt.Sprint(t.L))
	p.equation(eqError, "the error: how C goes with the weighted input")
	p.equation(eqOutput, "for the quadratic cost, ∇ₐC = aᴸ − y")
	p.equation(eqHadamard, "⊙ multiplies element by element")
	p.line("")
	p.code("Network.backprop", "sp := new(matrix.Matrix).Apply(SigmoidPrime, zs[L-2])",
		"delta := n.CostDerivative(activations[L-1], y)", "delta.Hadamard(delta, sp)")
	nabla := t.n.CostDerivative(t.a(t.L), t.e.Y())
	p.shapes(factor{"δ" + s, shape(t.delta(t.L))}, factor{"=", ""}, factor{"∇ₐC", shape(nabla)},
		factor{"⊙", ""}, factor{"σ′(z" + s + ")", shape(t.sp(t.L))})
	p.matrix("a"+s, t.a(t.L))
	p.matrix("y", t.e.Y())
	p.matrix("∇ₐC = a−y", nabla)
	p.matrix("z"+s, t.z(t.L))
	p.matrix("σ′(z"+s+")", t.sp(t.L))
	p.matrix("δ"+s, t.delta(t.L))
	p.line("")
	j, _ := largest(t.delta(t.L))
	p.line("Neuron %d has the largest error: %s · %s = %s.", j, trim(nabla.Data[j]), trim(t.sp(t.L).Data[j]), trim(t.delta(t.L).Data[j]))
	if worst, _ := largest(nabla); worst != j {
		p.line("Neuron %d is farther from what is wanted, by %s, but so near 0 or 1 that σ is flat, σ′ = %s:", worst,
			trim(nabla.Data[worst]), trim(t.sp(t.L).Data[worst]))
		p.line("its error is only %s, and it learns slowly.", trim(t.delta(t.L).Data[worst]))
	}
}

func (t *tour) backpropagate(p *page) {
	p.heading("4. Backpropagate the error", "for l = L−1, L−2, …, 2")
	p.equation(eqBack, "back through the weights, then through σ")
	p.line("")
	p.code("Network.backprop", "sp := new(matrix.Matrix).Apply(SigmoidPrime, z)",
		"delta = new(matrix.Matrix).TMul(n.Weights[l+1-2], delta)", "delta.Hadamard(delta, sp)")
	if t.L == 2 {
		p.line("")
		p.line("There is no hidden layer, so there is nothing to do.")
	}
	for l := t.L - 1; l >= 2; l-- {
		s, next, w := super(l), super(l+1), t.w(l+1)
		p.shapes(factor{"δ" + s, shape(t.delta(l))}, factor{"=", ""}, factor{"(w" + next + ")ᵀ", fmt.Sprintf("%d×%d", w.Cols, w.Rows)},
			factor{"·", ""}, factor{"δ" + next, shape(t.delta(l + 1))}, factor{"⊙", ""}, factor{"σ′(z" + s + ")", shape(t.sp(l))})
		p.line("w%s, %s, leads from %d neurons to %d; transposed, it leads the errors back from %d to %d.",
			next, shape(w), w.Cols, w.Rows, w.Rows, w.Cols)
		p.line("")
		p.matrix("δ"+next, t.delta(l+1))
		p.matrix("(w"+next+")ᵀδ"+next, t.back(l))
		p.matrix("σ′(z"+s+")", t.sp(l))
		p.matrix("δ"+s, t.delta(l))
	}
}

func (t *tour) gradient(p *page) {
	p.heading("5. Output", "the gradient")
	p.equation(eqBiases, "δ is the gradient of the biases")
	p.equation(eqWeights, "what came in, times the error of what went out")
	p.line("")
	p.code("Network.backprop", "nablaB[l-2].Copy(delta)", "nablaW[l-2].MulT(delta, activations[l-1-1])")
	for l := t.L; l >= 2; l-- {
		s, before, a := super(l), super(l-1), t.a(l-1)
		p.shapes(factor{"∂C/∂w" + s, shape(t.nablaW[l-2])}, factor{"=", ""}, factor{"δ" + s, shape(t.delta(l))},
			factor{"·", ""}, factor{"(a" + before + ")ᵀ", fmt.Sprintf("%d×%d", a.Cols, a.Rows)})
		p.matrix("∂C/∂b"+s, t.nablaB[l-2])
		p.matrix("∂C/∂w"+s, t.nablaW[l-2])
		j, k := largest(t.nablaW[l-2])
		p.line("")
		p.line("The largest: ∂C/∂w%s at (%d,%d) is a%s at %d times δ%s at %d: %s · %s = %s.", s, j, k, before, k, s, j,
			trim(a.Data[k]), trim(t.delta(l).Data[j]), trim(t.nablaW[l-2].At(j, k)))
	}
}
