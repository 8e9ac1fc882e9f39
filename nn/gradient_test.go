package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"nndl/matrix"
)

// The networks whose gradients are checked, every weight and every bias of them
// but where sample is set: then so many weights of each layer.
var gradientNetworks = []struct {
	name      string
	sizes     []int
	sample    int
	tolerance float64 // of the largest |entry| of a group
}{
	{"[2,3,1]", []int{2, 3, 1}, 0, 1e-7},
	{"[3,4,2]", []int{3, 4, 2}, 0, 1e-7},
	{"[4,5,3,2]", []int{4, 5, 3, 2}, 0, 1e-7},
	// Through six layers the third derivative, which is the numerical
	// derivative's own error, is larger beside the first.
	{"[3,2,2,2,2,2]", []int{3, 2, 2, 2, 2, 2}, 0, 1e-6},
	{"[1,1]", []int{1, 1}, 0, 1e-7},
	{"[784,10]", []int{784, 10}, 200, 1e-7},
}

// gradientMethods are the ways that this package has to the gradient of the sum
// of C_x over the examples of a mini-batch.
var gradientMethods = []struct {
	name     string
	gradient func(n *Network, miniBatch []Example) (nablaB, nablaW []*matrix.Matrix)
}{
	{"Backprop", sumOfBackprops},
	{"Trainer.Gradient", func(n *Network, miniBatch []Example) (nablaB, nablaW []*matrix.Matrix) {
		return trainer(n).Gradient(miniBatch)
	}},
}

// updateMethods are the ways to take one step with a mini-batch.
var updateMethods = []struct {
	Name   string
	Update func(n *Network, miniBatch []Example, eta float64)
}{
	{"UpdateMiniBatch", (*Network).UpdateMiniBatch},
	{"Trainer.Update", func(n *Network, miniBatch []Example, eta float64) {
		trainer(n).Update(miniBatch, eta)
	}},
	{"Trainer.updateInParts", func(n *Network, miniBatch []Example, eta float64) {
		if len(miniBatch) > 0 {
			trainer(n).updateInParts(miniBatch, eta)
		}
	}},
}

const gradientStep = 1e-4

// TestGradientByMethod holds every way to the gradient against the numerical one.
func TestGradientByMethod(t *testing.T) {
	for _, method := range gradientMethods {
		tableHead(method.name + " against the numerical gradient")
		for _, c := range gradientNetworks {
			n, miniBatch := gradientCase(c.sizes, 1)
			nablaB, nablaW := method.gradient(n, miniBatch)
			checkGradient(t, n, miniBatch, nablaB, nablaW, c.name, c.sample, c.tolerance)
		}
	}
}

// TestGradientOfUpdate holds the step that a mini-batch makes against the
// numerical gradient: (w − w′)·m/η is the sum of the gradients.
func TestGradientOfUpdate(t *testing.T) {
	const eta = 0.5
	for _, method := range updateMethods {
		tableHead(method.Name + ", the step times m/η, against the numerical gradient")
		for _, c := range gradientNetworks {
			n, miniBatch := gradientCase(c.sizes, 3)
			after := n.clone()
			method.Update(after, miniBatch, eta)
			scale := float64(len(miniBatch)) / eta
			nablaB, nablaW := zerosLike(n.Biases), zerosLike(n.Weights)
			for i := range n.Biases {
				nablaB[i].Sub(n.Biases[i], after.Biases[i])
				nablaB[i].Scale(scale, nablaB[i])
				nablaW[i].Sub(n.Weights[i], after.Weights[i])
				nablaW[i].Scale(scale, nablaW[i])
			}
			checkGradient(t, n, miniBatch, nablaB, nablaW, c.name, c.sample, c.tolerance)
		}
	}
}

// checkGradient holds nablaB and nablaW against the numerical gradient of the sum
// of C_x over miniBatch, group by group: each wˡ and each bˡ.
func checkGradient(t *testing.T, n *Network, miniBatch []Example, nablaB, nablaW []*matrix.Matrix,
	name string, sample int, tolerance float64) {
	t.Helper()
	cost := func() float64 { return float64(len(miniBatch)) * n.Cost(miniBatch) }
	rng := rand.New(rand.NewPCG(7, 0))
	check := func(group string, params, nabla *matrix.Matrix, sample int) {
		t.Helper()
		worst, largest, count := 0.0, 0.0, len(params.Data)
		if sample > 0 {
			count = sample
		}
		for i := range count {
			if sample > 0 {
				i = rng.IntN(len(params.Data))
			}
			want := NumericalDerivative(cost, &params.Data[i], gradientStep)
			// In this form a NaN is the worst of all.
			if d := math.Abs(nabla.Data[i] - want); !(d <= worst) {
				worst = d
			}
			largest = max(largest, math.Abs(want))
		}
		tableRow(name, group, count, worst/largest)
		if !(largest > 1e-5) {
			t.Errorf("%s %s: the largest entry of the numerical gradient is %g: nothing was checked", name, group, largest)
		}
		if !(worst <= tolerance*largest) {
			t.Errorf("%s %s: worst difference %g of the largest entry, want at most %g", name, group, worst/largest, tolerance)
		}
	}
	for i := range n.Biases {
		check(fmt.Sprintf("w%c", superscript[i+2]), n.Weights[i], nablaW[i], sample)
		check(fmt.Sprintf("b%c", superscript[i+2]), n.Biases[i], nablaB[i], 0)
	}
}

// TestNumericalGradient holds the whole numerical gradient against backprop and
// sees that it leaves the network as it was.
func TestNumericalGradient(t *testing.T) {
	n, miniBatch := gradientCase([]int{3, 4, 2}, 2)
	before := n.clone()
	gotB, gotW := n.NumericalGradient(func() float64 { return 2 * n.Cost(miniBatch) }, gradientStep)
	wantB, wantW := sumOfBackprops(n, miniBatch)
	for i := range wantB {
		if d := maxDiff(gotB[i], wantB[i]); d > 1e-8 {
			t.Errorf("∂C/∂b of layer %d: differs by %g", i+2, d)
		}
		if d := maxDiff(gotW[i], wantW[i]); d > 1e-8 {
			t.Errorf("∂C/∂w of layer %d: differs by %g", i+2, d)
		}
		if !n.Weights[i].Equal(before.Weights[i]) || !n.Biases[i].Equal(before.Biases[i]) {
			t.Errorf("layer %d: the parameters were not put back", i+2)
		}
	}
}

var superscript = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

// tableHead and tableRow print a table for people under go test -v.
func tableHead(title string) {
	if testing.Verbose() {
		fmt.Fprintf(os.Stdout, "\n%s, step %g\n\n", title, gradientStep)
		fmt.Fprintf(os.Stdout, "  %-15s %-5s %10s   %s\n", "network", "group", "parameters", "worst difference, of the largest entry")
	}
}

func tableRow(network, group string, parameters int, worst float64) {
	if testing.Verbose() {
		fmt.Fprintf(os.Stdout, "  %-15s %-5s %10d   %.1e\n", network, group, parameters, worst)
	}
}

// gradientCase returns a random network and m random examples for it, the same
// ones each time.
func gradientCase(sizes []int, m int) (*Network, []Example) {
	rng := rand.New(rand.NewPCG(uint64(len(sizes)), uint64(sizes[0])))
	n := New(sizes, rng)
	for _, w := range n.Weights {
		// Many inputs with weights of 1 would saturate the neurons, and the
		// gradient would be zero.
		w.Scale(1/math.Sqrt(float64(w.Cols)), w)
	}
	var miniBatch []Example
	for range m {
		x, y := matrix.New(sizes[0], 1), matrix.New(sizes[len(sizes)-1], 1)
		for i := range x.Data {
			x.Data[i] = rng.Float64()
		}
		for i := range y.Data {
			y.Data[i] = rng.Float64()
		}
		miniBatch = append(miniBatch, NewExample(x, y))
	}
	return n, miniBatch
}

// sumOfBackprops is the definition of a mini-batch's gradient.
func sumOfBackprops(n *Network, miniBatch []Example) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(n.Biases), zerosLike(n.Weights)
	for _, e := range miniBatch {
		deltaNablaB, deltaNablaW := n.Backprop(e.X(), e.Y())
		for i := range nablaB {
			nablaB[i].Add(nablaB[i], deltaNablaB[i])
			nablaW[i].Add(nablaW[i], deltaNablaW[i])
		}
	}
	return nablaB, nablaW
}

// clone returns a network with the same parameters in memory of its own.
func (n *Network) clone() *Network {
	c := &Network{Sizes: n.Sizes}
	for i := range n.Biases {
		c.Biases = append(c.Biases, new(matrix.Matrix).Copy(n.Biases[i]))
		c.Weights = append(c.Weights, new(matrix.Matrix).Copy(n.Weights[i]))
	}
	return c
}

// maxDiff returns the largest |xᵢ − yᵢ|, or NaN if there is one.
func maxDiff(x, y *matrix.Matrix) float64 {
	worst := 0.0
	for i, v := range x.Data {
		if d := math.Abs(v - y.Data[i]); !(d <= worst) {
			worst = d
		}
	}
	return worst
}
