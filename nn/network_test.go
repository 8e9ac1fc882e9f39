package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
)

// TestNew holds the shapes, the order of the draws (all biases before all weights)
// and their distribution.
func TestNew(t *testing.T) {
	sizes := []int{784, 30, 10}
	n := New(sizes, rand.New(rand.NewPCG(1, 0)))
	rng := rand.New(rand.NewPCG(1, 0))
	for _, group := range [][]*matrix.Matrix{n.Biases, n.Weights} {
		for i, x := range group {
			cols := 1
			if &group[0] == &n.Weights[0] {
				cols = sizes[i]
			}
			if x.Rows != sizes[i+1] || x.Cols != cols {
				t.Fatalf("layer %d: %d×%d, want %d×%d", i+2, x.Rows, x.Cols, sizes[i+1], cols)
			}
			for _, v := range x.Data {
				if want := rng.NormFloat64(); v != want {
					t.Fatalf("layer %d: drew %g, want %g: out of order", i+2, v, want)
				}
			}
		}
	}
	sum, squares := 0.0, 0.0
	for _, v := range n.Weights[0].Data {
		sum += v
		squares += v * v
	}
	count := float64(len(n.Weights[0].Data)) // 23,520: the mean's standard deviation is 0.0065
	if mean, variance := sum/count, squares/count; math.Abs(mean) > 0.03 || math.Abs(variance-1) > 0.05 {
		t.Errorf("w²: mean %.3f, variance %.3f, want 0 and 1", mean, variance)
	}
	sizes[0] = 5
	if n.Sizes[0] != 784 {
		t.Error("the network's Sizes are the caller's slice")
	}
}

func TestNewPanics(t *testing.T) {
	for _, sizes := range [][]int{nil, {3}, {3, 0, 2}, {-1, 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("New(%v) did not panic", sizes)
				}
			}()
			New(sizes, rand.New(rand.NewPCG(1, 0)))
		}()
	}
}

// TestSGD holds what SGD writes and that it shuffles in place, keeps the short
// last mini-batch and divides by its real length.
func TestSGD(t *testing.T) {
	n, data := gradientCase([]int{3, 4, 2}, 7)
	want := n.clone()
	order := slices.Clone(data)
	rng, same := rand.New(rand.NewPCG(3, 0)), rand.New(rand.NewPCG(3, 0))
	var out strings.Builder
	n.SGD(data, 2, 3, 0.5, nil, rng, &out)
	if got := out.String(); got != "Epoch 0 complete\nEpoch 1 complete\n" {
		t.Errorf("without test data it wrote %q", got)
	}
	for range 2 {
		same.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, miniBatch := range [][]Example{order[0:3], order[3:6], order[6:7]} {
			want.UpdateMiniBatch(miniBatch, 0.5)
		}
	}
	for i := range n.Weights {
		if !n.Weights[i].Equal(want.Weights[i]) || !n.Biases[i].Equal(want.Biases[i]) {
			t.Errorf("layer %d: not what the mini-batches of 3, 3 and 1 give", i+2)
		}
	}
	for i := range data {
		if data[i].x != order[i].x {
			t.Fatal("the examples were not shuffled in place")
		}
	}
	n.SGD(data, 1, 3, 0.5, nil, nil, &out)
	for i := range data {
		if data[i].x != order[i].x {
			t.Fatal("the examples were shuffled by a nil rng")
		}
	}
	out.Reset()
	n.SGD(data, 1, 3, 0.5, data[:4], rng, &out)
	if got := out.String(); len(got) != len("Epoch 0: 2 / 4\n") || !strings.HasPrefix(got, "Epoch 0: ") || !strings.HasSuffix(got, " / 4\n") {
		t.Errorf("with test data it wrote %q", got)
	}
}

// TestEmptyMiniBatch holds that a step without an example is none: the mean over no
// example would be 0/0, and that NaN would be in every weight.
func TestEmptyMiniBatch(t *testing.T) {
	for _, method := range updateMethods {
		n, _ := gradientCase([]int{3, 4, 2}, 0)
		before := n.clone()
		method.Update(n, nil, 3)
		for i := range n.Weights {
			if !n.Weights[i].Equal(before.Weights[i]) || !n.Biases[i].Equal(before.Biases[i]) {
				t.Errorf("%s: layer %d has changed", method.Name, i+2)
			}
		}
	}
}

func TestEvaluateTakesTheFirstOfEquals(t *testing.T) {
	n, _ := gradientCase([]int{2, 3}, 0)
	clear(n.Weights[0].Data)
	clear(n.Biases[0].Data) // every output is σ(0)
	x := matrix.New(2, 1)
	for label := range 3 {
		y := matrix.New(3, 1)
		y.Data[label] = 1
		want := 0
		if label == 0 {
			want = 1
		}
		if got := n.Evaluate([]Example{NewExample(x, y)}); got != want {
			t.Errorf("label %d: %d correct, want %d", label, got, want)
		}
	}
}

// TestEvaluateOneOutput checks what Evaluate says of a network with a single output.
func TestEvaluateOneOutput(t *testing.T) {
	n, data := gradientCase([]int{2, 3, 1}, 4)
	if got := n.Evaluate(data); got != 4 {
		t.Errorf("%d of 4 correct, want all", got)
	}
	if got := trainer(n).Evaluate(data); got != 4 {
		t.Errorf("Trainer: %d of 4 correct, want all", got)
	}
}

// TestSigmoidOfMatrix compares the matrix operation, which the mini-batches use, with the
// definition.
func TestSigmoidOfMatrix(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	z := matrix.New(50, 41)
	for i := range z.Data {
		z.Data[i] = []float64{2, 20, 300}[i%3] * rng.NormFloat64()
	}
	for _, kernel := range matrix.Kernels() {
		restore := matrix.UseKernel(kernel)
		a := new(matrix.Matrix).Sigmoid(z)
		restore()
		for i, v := range z.Data {
			if want := Sigmoid(v); v > -708 && !(math.Abs(a.Data[i]-want) <= 7e-16*want) {
				t.Errorf("%s: σ(%g) is %g, want %g", kernel, v, a.Data[i], want)
			}
		}
	}
}

func TestSigmoid(t *testing.T) {
	for _, c := range []struct{ z, want float64 }{
		{0, 0.5}, {math.Inf(1), 1}, {math.Inf(-1), 0}, {-1000, 0}, {1000, 1}, {math.Log(3), 0.75},
	} {
		if got := Sigmoid(c.z); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("σ(%g) = %g, want %g", c.z, got, c.want)
		}
	}
	for z := -8.0; z <= 8; z += 0.5 {
		want := NumericalDerivative(func() float64 { return Sigmoid(z) }, &z, 1e-5)
		if got := SigmoidPrime(z); math.Abs(got-want) > 1e-10 {
			t.Errorf("σ′(%g) = %g, numerically %g", z, got, want)
		}
	}
}

func TestCost(t *testing.T) {
	n, _ := gradientCase([]int{2, 2}, 0)
	clear(n.Weights[0].Data)
	clear(n.Biases[0].Data) // the output is (½, ½) for every input
	data := []Example{
		NewExample(matrix.New(2, 1), matrix.FromSlice(2, 1, []float64{1, 0})),   // ‖y−a‖² = ½
		NewExample(matrix.New(2, 1), matrix.FromSlice(2, 1, []float64{0.5, 2})), // 9/4
	}
	if got, want := n.Cost(data), (0.5+2.25)/4; got != want {
		t.Errorf("C = %g, want %g", got, want)
	}
	if got := n.Cost(nil); got != 0 {
		t.Errorf("C of nothing = %g, want 0", got)
	}
}

func TestExample(t *testing.T) {
	e := NewPixelExample([]byte{0, 128, 255}, 2, 4)
	if x := e.X(); !x.Equal(matrix.FromSlice(3, 1, []float64{0, 0.5, 255.0 / 256})) {
		t.Errorf("x = %v, want byte/256", x)
	}
	if y := e.Y(); !y.Equal(matrix.FromSlice(4, 1, []float64{0, 0, 1, 0})) {
		t.Errorf("y = %v, want 1 at 2", y)
	}
	x, y := matrix.FromSlice(1, 1, []float64{7}), matrix.FromSlice(3, 1, []float64{0, 0.9, 0.9})
	e = NewExample(x, y)
	if e.X() != x || e.Y() != y || e.Label() != 1 {
		t.Errorf("NewExample: X %v, Y %v, Label %d", e.X(), e.Y(), e.Label())
	}
	for name, f := range map[string]func(){
		"label 4 of 4": func() { NewPixelExample(nil, 4, 4) },
		"label -1":     func() { NewPixelExample(nil, -1, 4) },
		"a row for x":  func() { NewExample(matrix.New(1, 2), y) },
		"an empty y":   func() { NewExample(x, matrix.New(0, 1)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
