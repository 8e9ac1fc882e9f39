package report

import (
	"cmp"
	"slices"

	"nndl/mnist"
	"nndl/nn"
)

// reading is what the network says about one test digit.
type reading struct {
	number      int // among the test digits
	label, said int
	output      []float64 // the activations of the output neurons
	pixels      []byte
}

// sureness is how much more the network believes in its answer than in the right one.
func (r reading) sureness() float64 { return r.output[r.said] - r.output[r.label] }

// readings asks the network about every test digit.
func readings(net *nn.Network, test []nn.Example) []reading {
	rs := make([]reading, len(test))
	for i, e := range test {
		a := net.Feedforward(e.X()) // 10×1
		rs[i] = reading{i, e.Label(), a.ArgMax(), a.Data, mnist.Pixels(e)}
	}
	return rs
}

// misreadings returns those whose answer is wrong, the surest mistakes first.
func misreadings(rs []reading) []reading {
	wrong := slices.DeleteFunc(slices.Clone(rs), func(r reading) bool { return r.said == r.label })
	slices.SortStableFunc(wrong, func(a, b reading) int { return cmp.Compare(b.sureness(), a.sureness()) })
	return wrong
}
