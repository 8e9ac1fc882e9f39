package tour

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/network2"
)

// example returns a network of four layers and an example for it.
func example() (*network2.Network, nn.Example) {
	net, e := network()
	return Quadratic(net), e
}

func network() (*nn.Network, nn.Example) {
	rng := rand.New(rand.NewPCG(3, 0))
	pixels := make([]byte, 40)
	for i := range pixels {
		pixels[i] = byte(rng.IntN(256))
	}
	return nn.New([]int{40, 8, 7, 10}, rng), nn.NewPixelExample(pixels, 4, 10)
}

// TestTour compares what the tour computes by itself with the network, and a tour of
// chapters 1 and 2 with nn.
func TestTour(t *testing.T) {
	net, e := network()
	tour := New(Quadratic(net), e)
	if !tour.A(4).Equal(net.Feedforward(e.X())) || tour.Answer != net.Feedforward(e.X()).ArgMax() {
		t.Error("a⁴ is not what Feedforward returns")
	}
	if want := net.Cost([]nn.Example{e}); math.Abs(tour.Cost-want) > 1e-15 || tour.Label != 4 || tour.L != 4 {
		t.Errorf("cost %g, want %g; label %d, L = %d", tour.Cost, want, tour.Label, tour.L)
	}
	nablaB, nablaW := net.Backprop(e.X(), e.Y())
	for l := 2; l <= 4; l++ {
		if !tour.Delta(l).Equal(nablaB[l-2]) || !tour.NablaW(l).Equal(nablaW[l-2]) {
			t.Errorf("the gradient of layer %d is not what nn's Backprop returns", l)
		}
	}
	for l := 2; l <= 3; l++ {
		delta := new(matrix.Matrix).Hadamard(tour.Back(l), tour.SigmoidPrime(l))
		if !delta.Equal(tour.Delta(l)) {
			t.Errorf("δ of layer %d is not what Backprop returns", l)
		}
	}
	output := net.CostDerivative(tour.A(4), e.Y())
	if !output.Hadamard(output, tour.SigmoidPrime(4)).Equal(tour.Delta(4)) {
		t.Error("δ⁴ is not what Backprop returns")
	}
}

// TestCrossEntropy checks that a network of chapter 3 gets the tour of its own cost, and
// that the proof holds for it.
func TestCrossEntropy(t *testing.T) {
	net, e := example()
	net.Cost = network2.CrossEntropyCost{}
	tour := New(net, e)
	if want := net.Cost.Fn(net.Feedforward(e.X()), e.Y()); tour.Cost != want || !tour.CrossEntropy() {
		t.Errorf("cost %g, want %g", tour.Cost, want)
	}
	error := tour.Steps[2]
	if want := new(matrix.Matrix).Sub(tour.A(4), e.Y()); !want.Equal(tour.Delta(4)) || error.Equations[2].Number != "66" || error.Code[0].GoFile != "nn/network2/network2.go" {
		t.Errorf("the output error: %+v", error)
	}
	for _, c := range tour.Proof(rand.New(rand.NewPCG(1, 0))) {
		if strings.HasSuffix(c.Name, "largest") && !agree.MatchString(c.Agreement) {
			t.Errorf("%+v", c)
		}
	}
	if trial := tour.Try(1e-5); !(math.Abs(trial.Real-trial.Promised) <= 0.01*math.Abs(trial.Promised)) {
		t.Errorf("%+v", trial)
	}
	if example, _ := example(); New(example, e).CrossEntropy() {
		t.Error("the quadratic cost is taken for the cross-entropy")
	}
}

// agree is said of two derivatives of which one is right.
var agree = regexp.MustCompile(`^([6-9]|1[0-6]) digits$`)

// TestSteps checks the data of the steps: the values have the names that the formulas
// have, and each its own numbers.
func TestSteps(t *testing.T) {
	net, e := example()
	tour := New(net, e)
	want := map[string]func(l int) *matrix.Matrix{"a": tour.A, "w": tour.W, "b": tour.B, "z": tour.Z, "σ′": tour.SigmoidPrime,
		"δ": tour.Delta, "wᵀδ": tour.Back, "∂C/∂b": tour.Delta, "∂C/∂w": tour.NablaW,
		"y": func(int) *matrix.Matrix { return e.Y() }, "∇ₐC": func(int) *matrix.Matrix { return new(matrix.Matrix).Sub(tour.A(4), e.Y()) }}
	parts := []int{1, 3, 1, 2, 3}
	for i, step := range tour.Steps {
		if step.Number != i+1 || len(step.Parts) != parts[i] || len(step.Code) == 0 {
			t.Errorf("step %d at %d: %d parts, want %d", step.Number, i+1, len(step.Parts), parts[i])
		}
		for _, part := range step.Parts {
			for _, v := range part.Values {
				if x := want[v.Symbol]; x == nil || !v.Equal(x(v.Layer)) || !strings.Contains(v.Name, v.Symbol[:1]) {
					t.Errorf("step %d, layer %d: %s is not %s of layer %d", step.Number, part.Layer, v.Name, v.Symbol, v.Layer)
				}
				for _, f := range part.Formula {
					if f.Symbol == v.Name && f.Shape != Shape(v.Matrix) {
						t.Errorf("step %d: %s is %s, by its formula %s", step.Number, v.Name, Shape(v.Matrix), f.Shape)
					}
				}
			}
		}
	}
}

// TestJSON checks that a page gets each value with its name, shape and numbers.
func TestJSON(t *testing.T) {
	data, err := json.Marshal(New(example()))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		L     int
		Steps []struct {
			Parts []struct {
				Values []struct {
					Name       string
					Rows, Cols int
					Data       []float64
				}
			}
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	z := got.Steps[1].Parts[0].Values[2]
	if got.L != 4 || z.Name != "z²" || z.Rows != 8 || z.Cols != 1 || len(z.Data) != 8 {
		t.Errorf("L = %d, %+v", got.L, z)
	}
}

// TestQuotes checks that the equations are in nn or matrix and the lines of code in
// their file, letter by letter, and these in their function and in order.
func TestQuotes(t *testing.T) {
	source := ""
	for _, dir := range []string{"nn", "nn/network2", "matrix"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "..", dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			source += read(t, file)
		}
	}
	for _, e := range []Equation{Layer, Sigmoid, Neuron, Error, OutputOfOne, BackOfOne, OutputError, Back, BiasGradient,
		WeightGradient, Numerical, UpdateWeights, UpdateBiases, Cost, Entropy, EntropyError, Change, Descent, Hadamard} {
		comment := regexp.MustCompile(`// Equation \(` + e.Number + `\)(, two-sided)?: ` + regexp.QuoteMeta(e.Formula) + "\n")
		if !comment.MatchString(source) {
			t.Errorf("no comment in nn or matrix says %s", comment)
		}
	}
	for _, blocks := range [][]Code{inputCode, layerCode, outputErrorCode, entropyErrorCode, backCode, gradientCode, UpdateCode} {
		name := strings.TrimPrefix(blocks[0].Function, "Network.")
		body := regexp.MustCompile(`(?s)\nfunc \(\w+ \*Network\) ` + name + `\(.*?\n}\n`).FindString(read(t, filepath.Join("..", "..", "..", blocks[0].GoFile)))
		for _, block := range blocks {
			for _, line := range block.Go {
				at := regexp.MustCompile(`(?m)^\t+` + regexp.QuoteMeta(line) + `( *//.*)?$`).FindStringIndex(body)
				if at == nil {
					t.Errorf("%s in %s has no line %q at its place", name, block.GoFile, line)
					continue
				}
				body = body[at[1]:]
			}
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTry checks that small steps do what was promised, that what cannot be is said,
// and that the network itself stays as it is.
func TestTry(t *testing.T) {
	net, e := example()
	tour := New(net, e)
	before := new(matrix.Matrix).Copy(net.Weights[0])
	if trial := tour.Try(1e-4); !(math.Abs(trial.Real-trial.Promised) <= 0.01*math.Abs(trial.Promised)) || trial.Remark != "" {
		t.Errorf("%+v", trial)
	}
	if trial := tour.Try(1e9); !strings.Contains(trial.Remark, "below 0") || trial.After < 0 {
		t.Errorf("%+v", trial)
	}
	if trial := tour.Try(1e-16); !strings.Contains(trial.Remark, "rounding") {
		t.Errorf("%+v", trial)
	}
	if !net.Weights[0].Equal(before) {
		t.Error("the step changed the network")
	}
}

// TestProof checks that nudging agrees with Backprop, and that a gradient which is wrong
// is found out.
func TestProof(t *testing.T) {
	net, e := example()
	tour := New(net, e)
	before := new(matrix.Matrix).Copy(net.Weights[0])
	for _, c := range tour.Proof(rand.New(rand.NewPCG(1, 0))) {
		if strings.HasSuffix(c.Name, "largest") && !agree.MatchString(c.Agreement) {
			t.Errorf("%+v", c)
		}
	}
	if !net.Weights[0].Equal(before) {
		t.Error("the proof changed the network")
	}
	j, k := Largest(tour.NablaW(2))
	tour.NablaW(2).Row(j)[k] *= 1.01
	if c := tour.CheckWeight(2, j, k); agree.MatchString(c.Agreement) {
		t.Errorf("a wrong gradient agrees: %+v", c)
	}
}

func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		numerical, back float64
		want            string
	}{
		{0.12345678, 0.12345600, "5 digits"},
		{0.5, 0.5, "16 digits"},
		{1, -1, "0 digits"},
		{0.1, 0, "0 digits"},
		{0, 0, "both are 0"},
		{0, 4e-20, "too small to tell"},
		{1e-9, 1.1e-9, "1 digits"},
	} {
		if _, got := agreement(c.numerical, c.back, 0.4); got != c.want {
			t.Errorf("%g and %g: %s, want %s", c.numerical, c.back, got, c.want)
		}
	}
}

// TestTerms checks that the terms of a neuron add up to its z and its error.
func TestTerms(t *testing.T) {
	tour := New(example())
	sum := func(terms []Term) (s float64) {
		shown, others := LargestTerms(terms, 3)
		for i, term := range shown {
			if s += term.Product; i > 0 && term.K <= shown[i-1].K || math.Abs(term.X*term.Y-term.Product) > 0 {
				t.Errorf("%+v", shown)
			}
		}
		return s + others
	}
	for j := range 7 {
		if got, want := sum(tour.Forward(3, j))+tour.B(3).Data[j], tour.Z(3).Data[j]; math.Abs(got-want) > 1e-12 {
			t.Errorf("z³(%d) = %g, its terms make %g", j, want, got)
		}
		if got, want := sum(tour.Backward(3, j)), tour.Back(3).Data[j]; math.Abs(got-want) > 1e-12 {
			t.Errorf("the error at neuron %d: %g, its terms make %g", j, want, got)
		}
	}
	if shown, others := LargestTerms([]Term{{K: 0, Product: 1}, {K: 1, Product: -5}, {K: 2, Product: 2}}, 2); len(shown) != 2 || shown[0].K != 1 || shown[1].K != 2 || others != 1 {
		t.Errorf("%+v and %g", shown, others)
	}
}

// TestRead checks the answer against Evaluate's choice, and when it is sure.
func TestRead(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		a    []float64
		want string
	}{
		{[]float64{0, 1, 0}, "1"},
		{[]float64{0.1, 0.3, 0.55}, "2"},
		{[]float64{0.5, 0.1, 0.2}, "not sure: 0 (0.50) or 2 (0.20)"},
		{[]float64{0.41, 0.1, 0.38}, "not sure: 0 (0.41) or 2 (0.38)"},
		{[]float64{0.9, 0.95, 0}, "not sure: 1 (0.95) or 0 (0.90)"},
		{[]float64{1, 1, 0}, "not sure: 0 (1.00) or 1 (1.00)"},
		{[]float64{1e-9, 2e-4, 0}, "not sure: 1 (2.0e-4) or 0 (1e-9)"},
		{[]float64{0, nan, 1}, "not sure: 1 (NaN) or 2 (1.00)"},
		{[]float64{nan, nan, 2}, "not sure: 0 (NaN) or 1 (NaN)"},
		{[]float64{1, 0, nan}, "not sure: 2 (NaN) or 0 (1.00)"},
	} {
		got := Read(matrix.FromSlice(3, 1, c.a))
		if want := nn.NewExample(matrix.New(1, 1), matrix.FromSlice(3, 1, c.a)).Label(); got.Answer != want || got.String() != c.want {
			t.Errorf("%v: %d, %s; want %d, %s", c.a, got.Answer, got, want, c.want)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", 1: "1", -1: "-1", 0.99999: "1.000", 1.0001: "1.000", 0.5: "0.500", -28.23: "-28.230", 0.00049: "4.9e-4",
		5e-13: "5e-13", 12345: "1.2e+4", 321.5: "321.5", -6e-14: "-6e-14", 1e300: "1e+300", -9999: "-9999.0",
	} {
		if got := Number(v); got != want || len(got) > 7 {
			t.Errorf("%g: %q, want %q", v, got, want)
		}
	}
}
