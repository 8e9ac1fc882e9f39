package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
)

// lookAfterEpochs trains and returns what trouble each epoch's look tells.
func lookAfterEpochs(n *Network, data []Example, epochs int, eta float64) []string {
	b := trainer(n)
	before := b.Signs(data)
	var told []string
	for range epochs {
		for miniBatch := range slices.Chunk(data, 10) {
			b.Update(miniBatch, eta)
		}
		now := b.Signs(data)
		told = append(told, now.Trouble(before))
		before = now
	}
	return told
}

func TestTrouble(t *testing.T) {
	scaled := func(data []Example, factor float64) []Example {
		var out []Example
		for _, e := range data {
			out = append(out, NewExample(new(matrix.Matrix).Scale(factor, e.X()), e.Y()))
		}
		return out
	}
	data := pictures(400, 196, 10)
	for _, c := range []struct {
		name string
		data []Example
		eta  float64
		want string // part of what is told within five epochs, "" for nothing
	}{
		{"a good run", data, 3, ""},
		{"slow", data, 0.001, ""},
		{"quick", data, 0.5, ""},
		{"η far too large", data, 100, "learning rate"},
		{"pixels 0 to 255", scaled(data, 256), 3, "inputs as large as 254"},
	} {
		for seed := range uint64(3) {
			n := New([]int{196, 20, 10}, rand.New(rand.NewPCG(seed, 0)))
			told := lookAfterEpochs(n, c.data, 5, c.eta)
			all := strings.Join(told, "\n")
			if c.want == "" && strings.TrimSpace(all) != "" || !strings.Contains(all, c.want) {
				t.Errorf("%s, seed %d: told %q, want %q", c.name, seed, told, c.want)
			}
		}
	}
}

// TestTroubleOneAnswer holds that one answer for everything is trouble if the cost
// does not fall, and none if it does.
func TestTroubleOneAnswer(t *testing.T) {
	before := Signs{Cost: 0.45, Zero: 0.5, Answers: 1, Slope: []float64{0.1}, Input: 1}
	after := before
	if got := after.Trouble(before); !strings.Contains(got, "same answer") {
		t.Errorf("told %q", got)
	}
	after.Cost = 0.449
	if got := after.Trouble(before); got != "" {
		t.Errorf("the cost falls, told %q", got)
	}
	if got := before.Trouble(Signs{}); got != "" {
		t.Errorf("the first look, told %q", got)
	}
	after.Cost = math.NaN()
	if got := after.Trouble(Signs{}); !strings.Contains(got, "NaN") {
		t.Errorf("NaN, told %q", got)
	}
}

// TestSigns holds the figures of a look against the definitions.
func TestSigns(t *testing.T) {
	n, data := gradientCase([]int{4, 5, 3, 2}, partSize+20)
	s := trainer(n).Signs(data)
	answers, zero, largest := map[int]bool{}, 0.0, 0.0
	slope := make([]float64, 3)
	for _, e := range data {
		a := e.X()
		for _, v := range a.Data {
			largest = max(largest, math.Abs(v))
		}
		for i, w := range n.Weights {
			z := new(matrix.Matrix).Mul(w, a)
			z.Add(z, n.Biases[i])
			for _, v := range z.Data {
				slope[i] += SigmoidPrime(v) / float64(len(z.Data)*len(data))
			}
			a = new(matrix.Matrix).Apply(Sigmoid, z)
		}
		answers[a.ArgMax()] = true
		for _, v := range e.Y().Data {
			zero += v * v / 2 / float64(len(data))
		}
	}
	for i, want := range slope {
		if !(math.Abs(s.Slope[i]-want) < 1e-12) {
			t.Errorf("layer %d: mean σ′ %g, want %g", i+2, s.Slope[i], want)
		}
	}
	if !(math.Abs(s.Cost-n.Cost(data)) < 1e-12) || !(math.Abs(s.Zero-zero) < 1e-12) || s.Answers != len(answers) || s.Input != largest {
		t.Errorf("%+v, want cost %g, zero %g, %d answers, input %g", s, n.Cost(data), zero, len(answers), largest)
	}
}
