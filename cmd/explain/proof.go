package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"nndl/cmd/internal/cli"
	"nndl/matrix"
	"nndl/nn"
)

// epsilon is how far a weight is nudged.
const epsilon = 1e-4

// proof nudges a few weights up and down and compares what the cost does with
// what backpropagation said.
func (t *tour) proof(p *page) {
	p.heading("The proof", "the same derivatives without any calculus")
	p.equation(eqNumeric, "nudge one weight, watch the cost")
	p.line("")
	p.line("%s", p.paint(dim, "NumericalDerivative, in nn/gradcheck.go"))
	p.line("")
	p.line("%s", p.paint(dim, fmt.Sprintf("%-29s %14s %14s   %s", "at (row,column), ε = 1e-4", "nudged", "Backprop", "agree to")))
	rng := rand.New(rand.NewPCG(t.o.seed, 1))
	for l := t.L; l >= 2; l-- {
		w, nablaW, nablaB := t.w(l), t.nablaW[l-2], t.nablaB[l-2]
		j, k := largest(nablaW)
		t.nudge(p, fmt.Sprintf("∂C/∂w%s (%d,%d), the largest", super(l), j, k), w, nablaW, j, k)
		j, k = rng.IntN(w.Rows), rng.IntN(w.Cols)
		t.nudge(p, fmt.Sprintf("∂C/∂w%s (%d,%d), any", super(l), j, k), w, nablaW, j, k)
		j, _ = largest(nablaB)
		t.nudge(p, fmt.Sprintf("∂C/∂b%s (%d), the largest", super(l), j), t.b(l), nablaB, j, 0)
	}
	p.line("")
	p.line("Where both are 0, what comes in by that weight is 0: it makes no difference to this picture.")
	p.line("Nudging is no way to train: the whole gradient would need the cost %.0f times, twice for each", 2*cli.Parameters(t.n.Sizes))
	p.line("parameter. Backpropagation went through the network once forward and once back.")
}

// nudge compares the two derivatives of C by one parameter, element (j,k) of x.
func (t *tour) nudge(p *page, name string, x, nabla *matrix.Matrix, j, k int) {
	numerical, back := nn.NumericalDerivative(t.cost, &x.Row(j)[k], epsilon), nabla.At(j, k)
	p.line("%s %14.7g %14.7g   %s", pad(name, 29), numerical, back, agreement(numerical, back, t.cost()))
}

// agreement tells to how many digits two derivatives of the given cost agree.
// C itself has 52 bits, so a change of its last one is all that a nudge can show
// of a derivative of C·2⁻⁵²/2ε; what is not well above that it shows only roughly.
func agreement(numerical, back, cost float64) string {
	most := max(math.Abs(numerical), math.Abs(back))
	switch {
	case most == 0:
		return "both are 0"
	case most < 100*cost*0x1p-52/(2*epsilon):
		return "both too small for a nudge to show"
	case numerical == back:
		return "16 digits"
	}
	return fmt.Sprintf("%d digits", max(0, int(-math.Log10(math.Abs(numerical-back)/most))))
}

// update takes one step of gradient descent on this example and compares how far
// the cost falls with what the gradient promised.
func (t *tour) update(p *page) {
	p.heading("One step", "gradient descent on this example alone, a mini-batch of m = 1")
	p.equation(eqUpdateW, "the weights")
	p.equation(eqUpdateB, "the biases")
	p.line("")
	p.code("Network.UpdateMiniBatch", "n.Weights[i].AddScaled(-eta/m, nablaW[i])", "n.Biases[i].AddScaled(-eta/m, nablaB[i])")
	p.line("")
	p.equation(eqSmall, "how far a small step changes the cost")
	p.equation(eqDescent, "so the promise is ΔC ≈ −η‖∇C‖²")
	p.line("")
	before, square := t.cost(), t.square()
	p.line("‖∇C‖² = %s, the sum of the squares of all %.0f derivatives; C = %s before the step.",
		trim(square), cli.Parameters(t.n.Sizes), trim(before))
	p.line("")
	p.line("%s", p.paint(dim, fmt.Sprintf("%8s %14s %14s %12s", "η", "promised ΔC", "real ΔC", "C after")))
	for i := range 4 {
		eta := t.o.eta / math.Pow10(i)
		after := t.after(eta)
		p.line("%8.4g %14.4g %14.4g %12.4f", eta, -eta*square, after-before, after)
	}
	p.line("")
	p.line("The promise holds for small steps: the smaller η, the closer the two. A large step leaves the")
	p.line("ground where the slope was measured.")
	t.digitAfter(p)
}

// digitAfter shows the output before and after the step with the η that was asked for.
func (t *tour) digitAfter(p *page) {
	n := t.stepped(t.o.eta)
	p.line("")
	p.line("The output before and after the step with η = %g:", t.o.eta)
	p.line("")
	p.matrix("before", t.a(t.L))
	p.matrix("after", n.Feedforward(t.e.X()))
	p.matrix("y", t.e.Y())
}

// square returns ‖∇C‖².
func (t *tour) square() float64 {
	sum := 0.0
	for i := range t.nablaB {
		for _, v := range t.nablaB[i].Data {
			sum += v * v
		}
		for _, v := range t.nablaW[i].Data {
			sum += v * v
		}
	}
	return sum
}

// after returns the cost after one step with this learning rate.
func (t *tour) after(eta float64) float64 {
	return t.stepped(eta).Cost([]nn.Example{t.e})
}

// stepped returns a copy of the network that has taken one step.
func (t *tour) stepped(eta float64) *nn.Network {
	n := &nn.Network{Sizes: t.n.Sizes}
	for i := range t.n.Weights {
		n.Weights = append(n.Weights, new(matrix.Matrix).Copy(t.n.Weights[i]))
		n.Biases = append(n.Biases, new(matrix.Matrix).Copy(t.n.Biases[i]))
	}
	n.UpdateMiniBatch([]nn.Example{t.e}, eta)
	return n
}
