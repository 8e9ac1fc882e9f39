package universality

import (
	"math"
	"testing"

	"nndl/nn/internal/proof"
)

// Equation (113): f(x) = 0.2 + 0.4x² + 0.3x sin(15x) + 0.05 cos(50x)
// Equation (113), restated: f(x) = 0.2 + 0.4x² + 0.3 sin(15x) + 0.05 cos(50x)
//
// The sine and the cosine by their addition theorems, from half the angle. Later in the
// chapter the book writes the function once more, without the x before the sine. They are
// not the same function, and only the numbered one is between 0 and 1 everywhere: the other
// goes down to −0.11, which is not the output of any sigmoid neuron.
func TestEquation113(t *testing.T) {
	restated := func(x float64) float64 { return 0.2 + 0.4*x*x + 0.3*math.Sin(15*x) + 0.05*math.Cos(50*x) }
	var left, right, difference, want []float64
	lowest, highest, lowestRestated := 1.0, 0.0, 1.0
	for i := range 1001 {
		x := float64(i) / 1000
		half, quarter := math.Sin(25*x), 7.5*x
		sine, cosine := 2*math.Sin(quarter)*math.Cos(quarter), 1-2*half*half
		left, right = append(left, Target(x)), append(right, 1.0/5+x*(2*x+1.5*sine)/5+cosine/20)
		difference, want = append(difference, restated(x)-Target(x)), append(want, 0.3*(1-x)*sine)
		lowest, highest = min(lowest, Target(x)), max(highest, Target(x))
		lowestRestated = min(lowestRestated, restated(x))
	}
	proof.Agree(t, "(113)", left, right, proof.Exact)
	proof.Agree(t, "(113), restated − numbered", difference, want, proof.Exact)
	proof.Agree(t, "(113), from … to …", []float64{lowest, highest}, []float64{0.0952, 0.8529}, 1e-3)
	proof.Agree(t, "(113), restated, from …", []float64{lowestRestated}, []float64{-0.1107}, 1e-3)
}
