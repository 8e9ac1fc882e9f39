package network2

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// The golden files hold what network2.py itself computes. Each number is compared
// with a tolerance times the largest number of its array: once for one step, and
// again for what has gone through many.
const (
	once  = 1e-12
	again = 1e-10
)

// float is a number of a golden file. JSON has no word for some, which are strings.
type float float64

func (x *float) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"Infinity"`:
		*x = float(math.Inf(1))
		return nil
	case `"NaN"`:
		*x = float(math.NaN())
		return nil
	}
	return json.Unmarshal(b, (*float64)(x))
}

// rows is a matrix as the files have it, row by row.
type rows [][]float

func (r rows) matrix() *matrix.Matrix {
	x := matrix.New(len(r), len(r[0]))
	for i := range r {
		for j, v := range r[i] {
			x.Set(i, j, float64(v))
		}
	}
	return x
}

type layers []rows

func (l layers) matrices() (xs []*matrix.Matrix) {
	for _, r := range l {
		xs = append(xs, r.matrix())
	}
	return xs
}

type parameters struct{ Weights, Biases layers }

// network returns a new network with the parameters.
func (p parameters) network(sizes []int, cost string) *Network {
	return &Network{Sizes: sizes, Weights: p.Weights.matrices(), Biases: p.Biases.matrices(), Cost: costs[cost]}
}

// golden reads a golden file from testdata or, the larger ones, from the folder
// that NNDL_GOLDEN names.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if errors.Is(err, fs.ErrNotExist) {
		dir := os.Getenv("NNDL_GOLDEN")
		if dir == "" {
			t.Skipf("%s: NNDL_GOLDEN does not name the folder of the larger golden files", name)
		}
		data, err = os.ReadFile(filepath.Join(dir, name))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// same fails the test unless got is want, a list of matrices, up to the tolerance.
func same(t *testing.T, what string, got, want []*matrix.Matrix, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d matrices, want %d", what, len(got), len(want))
	}
	for i := range want {
		if got[i].Rows != want[i].Rows || got[i].Cols != want[i].Cols {
			t.Fatalf("%s [%d]: %d×%d, want %d×%d", what, i, got[i].Rows, got[i].Cols, want[i].Rows, want[i].Cols)
		}
		largest, worst := 0.0, 0.0
		for j, v := range want[i].Data {
			largest = math.Max(largest, math.Abs(v))
			worst = math.Max(worst, math.Abs(got[i].Data[j]-v)) // NaN stays NaN
		}
		if !(worst <= tolerance*largest) {
			t.Errorf("%s [%d]: differs by %.1e of the largest entry %.3g, want at most %.0e", what, i, worst/largest, largest, tolerance)
		}
	}
}

// near fails the test unless got is want up to the tolerance; an infinity must be equal.
func near(t *testing.T, what string, got float64, want float, tolerance float64) {
	t.Helper()
	if w := float64(want); got != w && !(math.Abs(got-w) <= tolerance*math.Abs(w)) || got != got {
		t.Errorf("%s: %v, want %v", what, got, w)
	}
}

type example struct{ X, Y rows }

func examples(es []example) (data []nn.Example) {
	for _, e := range es {
		data = append(data, nn.NewExample(e.X.matrix(), e.Y.matrix()))
	}
	return data
}

func TestGoldenBackprop(t *testing.T) {
	type result struct {
		Cost   float
		NablaB layers `json:"nabla_b"`
		NablaW layers `json:"nabla_w"`
	}
	var g struct {
		parameters
		Sizes []int
		Cases []struct {
			example
			Output                          rows
			QuadraticCost, CrossEntropyCost result
		}
	}
	golden(t, "network2-backprop-6-9-4-5.json", &g)
	for i, c := range g.Cases {
		for cost, want := range map[string]result{"QuadraticCost": c.QuadraticCost, "CrossEntropyCost": c.CrossEntropyCost} {
			what := fmt.Sprintf("case %d, %s: ", i, cost)
			net := g.network(g.Sizes, cost)
			x, y := c.X.matrix(), c.Y.matrix()
			a := net.Feedforward(x)
			same(t, what+"output", []*matrix.Matrix{a}, []*matrix.Matrix{c.Output.matrix()}, once)
			near(t, what+"cost", net.Cost.Fn(a, y), want.Cost, once)
			nablaB, nablaW := net.Backprop(x, y)
			same(t, what+"∂C/∂b", nablaB, want.NablaB.matrices(), once)
			same(t, what+"∂C/∂w", nablaW, want.NablaW.matrices(), once)
		}
	}
}

func TestGoldenUpdate(t *testing.T) {
	var g struct {
		parameters
		Sizes    []int
		Eta      float64
		N        int
		Examples []example
		Cases    []struct {
			Cost      string
			MiniBatch int `json:"mini_batch"`
			Lmbda     float64
			After     parameters
		}
	}
	golden(t, "network2-update-8-6-4.json", &g)
	for _, c := range g.Cases {
		what := fmt.Sprintf("%s, m = %d, λ = %g: ", c.Cost, c.MiniBatch, c.Lmbda)
		net := g.network(g.Sizes, c.Cost)
		net.UpdateMiniBatch(examples(g.Examples[:c.MiniBatch]), g.Eta, c.Lmbda, g.N)
		same(t, what+"w", net.Weights, c.After.Weights.matrices(), once)
		same(t, what+"b", net.Biases, c.After.Biases.matrices(), once)
	}
}

// goldenRun is a run of SGD with all four monitors on.
type goldenRun struct {
	Cost                     string
	Lmbda                    float64
	TrainingCostBefore       float        `json:"training_cost_before"`
	TrainingAccuracyBefore   int          `json:"training_accuracy_before"`
	EvaluationCostBefore     float        `json:"evaluation_cost_before"`
	EvaluationAccuracyBefore int          `json:"evaluation_accuracy_before"`
	AfterEpoch               []parameters `json:"after_epoch"`
	EvaluationCost           []float      `json:"evaluation_cost"`
	EvaluationAccuracy       []int        `json:"evaluation_accuracy"`
	TrainingCost             []float      `json:"training_cost"`
	TrainingAccuracy         []int        `json:"training_accuracy"`
	Printed                  string
}

// check compares the four monitors and, but for the last digits of a cost, what was printed.
func (g goldenRun) check(t *testing.T, what string, h History, printed string) {
	t.Helper()
	for i := range g.EvaluationCost {
		near(t, fmt.Sprintf("%sepoch %d, evaluation cost", what, i), h.EvaluationCost[i], g.EvaluationCost[i], again)
		near(t, fmt.Sprintf("%sepoch %d, training cost", what, i), h.TrainingCost[i], g.TrainingCost[i], again)
	}
	if got, want := fmt.Sprint(h.EvaluationAccuracy, h.TrainingAccuracy), fmt.Sprint(g.EvaluationAccuracy, g.TrainingAccuracy); got != want {
		t.Errorf("%saccuracies %s, want %s", what, got, want)
	}
	got, want := strings.Split(printed, "\n"), strings.Split(g.Printed, "\n")
	if len(got) != len(want) {
		t.Fatalf("%sprinted %d lines, want %d:\n%s", what, len(got), len(want), printed)
	}
	for i := range want {
		text, number, isCost := strings.Cut(want[i], " data: ")
		if !isCost || strings.Contains(number, "/") {
			if got[i] != want[i] {
				t.Errorf("%sprinted %q, want %q", what, got[i], want[i])
			}
			continue
		}
		var a, b float64
		if _, err := fmt.Sscanf(got[i], text+" data: %g", &a); err != nil {
			t.Fatalf("%sprinted %q, want %q", what, got[i], want[i])
		}
		fmt.Sscan(number, &b)
		near(t, what+got[i], a, float(b), again)
	}
}

func TestGoldenSGD(t *testing.T) {
	for _, name := range []string{"network2-sgd-36-10.json", "network2-sgd-25-9-10.json"} {
		t.Run(name, func(t *testing.T) {
			var g struct {
				parameters
				Sizes            []int
				Pixels           [][]int
				Labels           []int
				EvaluationPixels [][]int `json:"evaluation_pixels"`
				EvaluationLabels []int   `json:"evaluation_labels"`
				Epochs           int
				MiniBatchSize    int `json:"mini_batch_size"`
				Eta              float64
				Runs             []goldenRun
			}
			golden(t, name, &g)
			training, evaluation := images(g.Pixels, g.Labels), images(g.EvaluationPixels, g.EvaluationLabels)
			for _, r := range g.Runs {
				what := fmt.Sprintf("%s, λ = %g: ", r.Cost, r.Lmbda)
				net := g.network(g.Sizes, r.Cost)
				near(t, what+"training cost before", net.TotalCost(training, r.Lmbda), r.TrainingCostBefore, once)
				near(t, what+"evaluation cost before", net.TotalCost(evaluation, r.Lmbda), r.EvaluationCostBefore, once)
				if a, b := net.Accuracy(training), net.Accuracy(evaluation); a != r.TrainingAccuracyBefore || b != r.EvaluationAccuracyBefore {
					t.Errorf("%saccuracies before %d, %d, want %d, %d", what, a, b, r.TrainingAccuracyBefore, r.EvaluationAccuracyBefore)
				}
				var printed strings.Builder
				h := net.SGD(training, g.Epochs, g.MiniBatchSize, g.Eta, r.Lmbda, evaluation, Monitor{true, true, true, true}, nil, &printed)
				r.check(t, what, h, printed.String())
				// Once more, an epoch at a time, for the parameters after each.
				net = g.network(g.Sizes, r.Cost)
				for i, want := range r.AfterEpoch {
					net.SGD(training, 1, g.MiniBatchSize, g.Eta, r.Lmbda, nil, Monitor{}, nil, new(strings.Builder))
					same(t, fmt.Sprintf("%sw after epoch %d", what, i), net.Weights, want.Weights.matrices(), again)
					same(t, fmt.Sprintf("%sb after epoch %d", what, i), net.Biases, want.Biases.matrices(), again)
				}
			}
		})
	}
}

func images(pixels [][]int, labels []int) (data []nn.Example) {
	for i := range pixels {
		bytes := make([]byte, len(pixels[i]))
		for j, p := range pixels[i] {
			bytes[j] = byte(p)
		}
		data = append(data, nn.NewPixelExample(bytes, labels[i], 10))
	}
	return data
}

// TestGoldenMNIST trains on real digits, as far as network2.py did.
func TestGoldenMNIST(t *testing.T) {
	for _, name := range []string{"network2-784-30-10", "network2-784-18-12-10"} {
		t.Run(name, func(t *testing.T) {
			var g struct {
				goldenRun
				First         int `json:"first_training_example"`
				Train         int `json:"train_examples"`
				Validation    int `json:"validation_examples"`
				Epochs        int
				MiniBatchSize int `json:"mini_batch_size"`
				Eta           float64
			}
			golden(t, name+"-run.json", &g)
			dir := os.Getenv("NNDL_MNIST")
			if dir == "" {
				t.Skip("NNDL_MNIST does not name the folder of the digits")
			}
			training, validation, _, err := mnist.Load(dir)
			if err != nil {
				t.Fatal(err)
			}
			training, validation = training[g.First:g.First+g.Train], validation[:g.Validation]
			net, want := loaded(t, name+"-initial.json"), loaded(t, name+"-final.json")
			near(t, "training cost before", net.TotalCost(training, g.Lmbda), g.TrainingCostBefore, once)
			near(t, "evaluation cost before", net.TotalCost(validation, g.Lmbda), g.EvaluationCostBefore, once)
			var printed strings.Builder
			h := net.SGD(training, g.Epochs, g.MiniBatchSize, g.Eta, g.Lmbda, validation, Monitor{true, true, true, true}, nil, &printed)
			g.check(t, "", h, printed.String())
			same(t, "w", net.Weights, want.Weights, again)
			same(t, "b", net.Biases, want.Biases, again)

			net = loaded(t, name+"-initial.json")
			trainer := net.Trainer(g.Lmbda, len(training))
			for range g.Epochs {
				for miniBatch := range nn.MiniBatches(training, g.MiniBatchSize) {
					trainer.Update(miniBatch, g.Eta)
				}
			}
			same(t, "w of the trainer", net.Weights, want.Weights, again)
			same(t, "b of the trainer", net.Biases, want.Biases, again)
		})
	}
}

// loaded loads a network from testdata or from the larger golden files.
func loaded(t *testing.T, name string) *Network {
	t.Helper()
	filename := filepath.Join("testdata", name)
	if _, err := os.Stat(filename); err != nil {
		filename = filepath.Join(os.Getenv("NNDL_GOLDEN"), name)
	}
	net, err := Load(filename)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

func TestGoldenSaved(t *testing.T) {
	var g struct {
		Checks []struct {
			Files []string
			Cost  string
			Sizes []int
			Data  []struct {
				example
				Output rows
			}
			Lmbda     float64
			TotalCost float `json:"total_cost"`
			Accuracy  int
		}
	}
	golden(t, "saved-check-3-2-4.json", &g)
	for _, c := range g.Checks {
		for _, name := range c.Files {
			net := loaded(t, name)
			again := filepath.Join(t.TempDir(), "again.json")
			if err := net.Save(again); err != nil {
				t.Fatal(err)
			}
			for _, filename := range []string{filepath.Join("testdata", name), again} {
				net, err := Load(filename)
				if err != nil {
					t.Fatal(err)
				}
				if net.Cost != costs[c.Cost] || fmt.Sprint(net.Sizes) != fmt.Sprint(c.Sizes) {
					t.Errorf("%s: cost %T, sizes %v, want %s, %v", name, net.Cost, net.Sizes, c.Cost, c.Sizes)
				}
				var data []nn.Example
				for _, d := range c.Data {
					data = append(data, nn.NewExample(d.X.matrix(), d.Y.matrix()))
					same(t, name+": output", []*matrix.Matrix{net.Feedforward(d.X.matrix())}, []*matrix.Matrix{d.Output.matrix()}, once)
				}
				near(t, name+": total cost", net.TotalCost(data, c.Lmbda), c.TotalCost, once)
				if got := net.Accuracy(data); got != c.Accuracy {
					t.Errorf("%s: accuracy %d, want %d", name, got, c.Accuracy)
				}
			}
			// The same object, whatever the order of its keys and the spaces between them.
			var was, is any
			golden(t, name, &was)
			data, err := os.ReadFile(again)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &is); err != nil || fmt.Sprint(is) != fmt.Sprint(was) {
				t.Errorf("%s: saved again as %s", name, data)
			}
		}
	}
}

// TestDiverged loads and saves networks that hold NaN or an infinity: both are errors.
func TestDiverged(t *testing.T) {
	filename := filepath.Join("testdata", "saved-diverged-3-2-4.json.txt")
	if net, err := Load(filename); err == nil || !strings.HasPrefix(err.Error(), filename+": ") {
		t.Errorf("Load(%s) = %v, %v, want an error that names the file", filename, net, err)
	}
	filename = filepath.Join(t.TempDir(), "model.json")
	if err := os.WriteFile(filename, []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		net := loaded(t, "saved-CrossEntropyCost-3-2-4.json")
		net.Weights[1].Data[3] = v
		if err := net.Save(filename); err == nil || !strings.HasPrefix(err.Error(), filename+": ") {
			t.Errorf("Save with a weight of %v: error %v, want one that names the file", v, err)
		}
	}
	if data, _ := os.ReadFile(filename); string(data) != "precious" {
		t.Errorf("a failed Save left %q in the file", data)
	}
}

func TestLoadRefusesAnotherCost(t *testing.T) {
	filename := filepath.Join(t.TempDir(), "model.json")
	net := loaded(t, "saved-CrossEntropyCost-3-2-4.json")
	net.Cost = otherCost{}
	if err := net.Save(filename); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(filename); err == nil || !strings.Contains(err.Error(), `cost is "otherCost"`) {
		t.Errorf("Load of a model with another cost: error %v", err)
	}
}

type otherCost struct{ CrossEntropyCost }

func TestGoldenExtremes(t *testing.T) {
	type perCost struct {
		CostOfEach   []float  `json:"cost_of_each"`
		TotalCost    float    `json:"total_cost"`
		WithLambda   float    `json:"total_cost_lmbda_0.5"`
		Accuracy     int      `json:"accuracy"`
		NablaBOfEach []layers `json:"nabla_b_of_each"`
	}
	var g struct {
		CostFn []struct {
			A, Y                            rows
			Terms                           rows
			QuadraticCost, CrossEntropyCost float
		} `json:"cost_fn"`
		Sigmoid []struct {
			Z            float64
			Sigmoid      float
			SigmoidPrime float `json:"sigmoid_prime"`
		}
		Saturated struct {
			parameters
			Sizes []int
			Sets  []struct {
				Data []struct {
					X     rows
					Label int
				}
				QuadraticCost, CrossEntropyCost perCost
			}
		}
	}
	golden(t, "network2-extremes.json", &g)
	for _, c := range g.CostFn {
		a, y := c.A.matrix(), c.Y.matrix()
		what := fmt.Sprintf("a = %v, y = %v: ", a.Data, y.Data)
		near(t, what+"QuadraticCost", QuadraticCost{}.Fn(a, y), c.QuadraticCost, once)
		near(t, what+"CrossEntropyCost", CrossEntropyCost{}.Fn(a, y), c.CrossEntropyCost, once)
		for j := range a.Data {
			term := CrossEntropyCost{}.Fn(matrix.FromSlice(1, 1, a.Data[j:j+1]), matrix.FromSlice(1, 1, y.Data[j:j+1]))
			near(t, fmt.Sprintf("%sterm %d", what, j), term, c.Terms[j][0], once)
		}
	}
	for _, c := range g.Sigmoid {
		near(t, fmt.Sprintf("σ(%g)", c.Z), Sigmoid(c.Z), c.Sigmoid, once)
		near(t, fmt.Sprintf("σ′(%g)", c.Z), SigmoidPrime(c.Z), c.SigmoidPrime, once)
	}
	for i, set := range g.Saturated.Sets {
		for cost, want := range map[string]perCost{"QuadraticCost": set.QuadraticCost, "CrossEntropyCost": set.CrossEntropyCost} {
			what := fmt.Sprintf("saturated set %d, %s: ", i, cost)
			net := g.Saturated.network(g.Saturated.Sizes, cost)
			var data []nn.Example
			for j, d := range set.Data {
				y := matrix.New(10, 1)
				y.Data[d.Label] = 1
				data = append(data, nn.NewExample(d.X.matrix(), y))
				near(t, what+"cost", net.Cost.Fn(net.Feedforward(d.X.matrix()), y), want.CostOfEach[j], once)
				nablaB, _ := net.Backprop(d.X.matrix(), y)
				same(t, what+"∂C/∂b", nablaB, want.NablaBOfEach[j].matrices(), once)
			}
			near(t, what+"total cost", net.TotalCost(data, 0), want.TotalCost, once)
			near(t, what+"total cost, λ = 0.5", net.TotalCost(data, 0.5), want.WithLambda, once)
			if got := net.Accuracy(data); got != want.Accuracy {
				t.Errorf("%saccuracy %d, want %d", what, got, want.Accuracy)
			}
		}
	}
}
