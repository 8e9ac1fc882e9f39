package tour

import (
	"fmt"
	"slices"

	"nndl/matrix"
)

// Reading is what the activations of the output neurons mean.
type Reading struct {
	Answer int `json:"answer"` // the most active neuron, as Evaluate counts it
	Second int `json:"second"` // the next
	// Sure is false if no output is above 0.5 or the two highest are close together.
	Sure bool `json:"sure"`
	a    []float64
}

// apart is the least difference between the two highest outputs of a sure answer.
const apart = 0.2

// Read reads the outputs a, n×1, at least two of them. A NaN counts as the highest, as in
// Evaluate.
func Read(a *matrix.Matrix) Reading {
	r := Reading{Answer: a.ArgMax(), a: a.Data}
	others := slices.Concat(a.Data[:r.Answer], a.Data[r.Answer+1:])
	r.Second = matrix.FromSlice(len(others), 1, others).ArgMax()
	if r.Second >= r.Answer {
		r.Second++
	}
	best := a.Data[r.Answer]
	r.Sure = best > 0.5 && best-a.Data[r.Second] >= apart
	return r
}

// String returns the answer, or the two between which the network is not sure.
func (r Reading) String() string {
	if r.Sure {
		return fmt.Sprint(r.Answer)
	}
	return fmt.Sprintf("not sure: %d (%s) or %d (%s)", r.Answer, output(r.a[r.Answer]), r.Second, output(r.a[r.Second]))
}

// output writes an activation with two decimals, or as [Number] does if that would be 0.00.
func output(v float64) string {
	if v < 0.005 {
		return Number(v)
	}
	return fmt.Sprintf("%.2f", v)
}
