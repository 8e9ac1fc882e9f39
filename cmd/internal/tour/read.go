package tour

import (
	"fmt"
	"math"
)

// Reading is what the activations of the output neurons mean.
type Reading struct {
	Answer int `json:"answer"` // the most active neuron, as Evaluate counts it
	Second int `json:"second"` // the next
	// Sure is false if no output is above 0.5 or the two highest are close together.
	Sure bool `json:"sure"`
	a    []float64
}

// apart is how far apart the two highest outputs of a sure answer are at least.
const apart = 0.2

// Read reads the outputs a, at least two.
func Read(a []float64) Reading {
	best := highest(a, -1)
	second := highest(a, best)
	return Reading{best, second, a[best] > 0.5 && a[best]-a[second] >= apart, a}
}

// highest returns the index of the highest value but for that at not, the first if
// several are equal. A NaN counts as the highest of all, as Evaluate has it.
func highest(a []float64, not int) int {
	best := -1
	for i, v := range a {
		if i != not && (best < 0 || !math.IsNaN(a[best]) && !(v <= a[best])) {
			best = i
		}
	}
	return best
}

// String says the answer, or between which two the network is not sure.
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
