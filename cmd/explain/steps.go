package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/tour"
)

// steps shows the five steps of backpropagation.
func (s *shown) steps() {
	for _, step := range s.Steps {
		s.heading(fmt.Sprintf("%d. %s", step.Number, step.Name), step.Detail)
		s.equations(step.Equations)
		if len(step.Equations) > 0 {
			s.line("")
		}
		s.code(step.Code)
		s.notes(step.Notes)
		for _, part := range step.Parts {
			s.line("")
			if len(part.Formula) > 0 {
				s.formula(part.Formula)
			}
			for _, v := range part.Values {
				s.value(v.Name, v.Matrix)
			}
			s.notes(part.Notes)
		}
		if step.Number == 1 {
			s.notes([]string{legend})
		}
	}
}

// proof shows for a few parameters that moving them gives the derivative that
// backpropagation gives.
func (s *shown) proof() {
	s.heading("The proof", "the same derivatives without any calculus")
	s.equation(tour.Numerical, tour.Numerical.Remark)
	s.line("")
	s.line("%s", s.paint(grey, "NumericalDerivative, in nn/gradcheck.go"))
	s.line("")
	const name, number = 29, 13
	columns := func(look, what, nudged, backprop, agree string) {
		rest := fmt.Sprintf("%s %s  %s", right(nudged, number), right(backprop, number), agree)
		if s.width >= 80 {
			s.line("%s", s.paint(look, pad(what, name)+rest))
			return
		}
		s.line("%s", s.paint(look, what))
		s.line("%s", s.paint(look, rest))
	}
	columns(grey, "at (row,column), ε = 1e-4", "nudged", "Backprop", "agree to")
	for _, c := range s.Proof(rand.New(rand.NewPCG(s.seed, 1))) {
		columns("0", c.Name, fmt.Sprintf("%.7g", c.Numerical+0), fmt.Sprintf("%.7g", c.Backprop+0), c.Agreement)
	}
	s.line("")
	s.text("Where both are 0, the input to that weight is 0: it makes no difference to this image. "+
		"Nudging is no way to train: the whole gradient would need the cost %.0f times, twice for each parameter. "+
		"Backpropagation went through the network once forward and once back.", 2*cli.Parameters(s.Sizes))
}

// update takes one step of gradient descent on this example and compares how far the cost
// falls with what the gradient promised.
func (s *shown) update() {
	s.heading("One step", "gradient descent on this example alone, a mini-batch of m = 1")
	s.equations([]tour.Equation{tour.UpdateWeights, tour.UpdateBiases})
	s.line("")
	s.code(tour.UpdateCode)
	s.line("")
	s.equations([]tour.Equation{tour.Change, tour.Descent})
	s.line("")
	s.text("‖∇C‖² = %s, the sum of the squares of all %.0f derivatives; C = %s before the step.",
		tour.Number(s.SquaredGradient()), cli.Parameters(s.Sizes), tour.Number(s.Cost))
	s.line("")
	s.line("%s", s.paint(grey, fmt.Sprintf("%8s %13s %13s %11s", "η", "promised ΔC", "real ΔC", "C after")))
	for i := range 4 {
		trial := s.Try(s.eta / math.Pow10(i))
		row := fmt.Sprintf("%8.4g %13.4g %13.4g %11s", trial.Eta, trial.Promised, trial.Real, tour.Number(trial.After))
		if trial.Remark != "" && 2+count(row)+2+count(trial.Remark) > s.width {
			s.line("%s", row)
			row = "       "
		}
		s.line("%s  %s", row, trial.Remark)
	}
	s.line("")
	s.text("The promise holds for small steps: the smaller η, the closer the two, until only rounding is left. " +
		"A large step leaves the region in which the slope was measured.")
	s.outputAfter()
}

// outputAfter shows the output before and after the step with the η of -eta.
func (s *shown) outputAfter() {
	s.line("")
	s.line("The output before and after the step with η = %g:", s.eta)
	s.line("")
	s.value("before", s.A(s.L))
	s.value("after", s.Stepped(s.eta).Feedforward(s.A(1)))
	s.value("y", s.Y())
	s.line("")
	s.text("To see every number of one layer, and one of its neurons by hand, add -layer and its number: 2%s.",
		map[bool]string{true: fmt.Sprintf(" to %d", s.L)}[s.L > 2])
}
