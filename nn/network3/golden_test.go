package network3

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

// The golden files hold what network3.py computes on Theano. Each number is compared with a
// tolerance times the largest number of its array: once for one step, and again for what has
// gone through many.
const (
	once  = 1e-12
	again = 1e-10
)

// numbers are the numbers of nested lists, in order, whatever their depth.
type numbers []float64

func (n *numbers) UnmarshalJSON(b []byte) error {
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		return err
	}
	var add func(v any)
	add = func(v any) {
		if list, ok := v.([]any); ok {
			for _, v := range list {
				add(v)
			}
			return
		}
		*n = append(*n, v.(float64))
	}
	*n = nil
	add(v)
	return nil
}

type goldenParameters struct{ W, B numbers }

type goldenRun struct {
	Layers []struct {
		Type        string
		FilterShape [4]int `json:"filter_shape"`
		ImageShape  [4]int `json:"image_shape"`
		PoolSize    [2]int
		NIn         int `json:"n_in"`
		NOut        int `json:"n_out"`
		Activation  string
		PDropout    float64 `json:"p_dropout"`
	}
	MiniBatchSize      int `json:"mini_batch_size"`
	Eta, Lmbda         float64
	Epochs             int
	NumTrainingBatches int         `json:"num_training_batches"`
	TrainingX          [][]float64 `json:"training_x"`
	TrainingY          []int       `json:"training_y"`
	ValidationX        [][]float64 `json:"validation_x"`
	ValidationY        []int       `json:"validation_y"`
	TestX              [][]float64 `json:"test_x"`
	TestY              []int       `json:"test_y"`
	Params             []goldenParameters
	First              struct {
		LogLikelihood float64 `json:"log_likelihood"`
		Cost          float64
		YOut          []int `json:"y_out"`
		Accuracy      float64
		Grads         []goldenParameters
		GradsFirstTie []goldenParameters `json:"grads_first_tie"`
		Output        []numbers
		OutputDropout []numbers `json:"output_dropout"`
	}
	StepCosts               []float64 `json:"step_costs"`
	After                   []goldenParameters
	AfterFirstTie           []goldenParameters   `json:"after_first_tie"`
	AfterStep               [][]goldenParameters `json:"after_step"`
	ValidationAccuracyAfter float64              `json:"validation_accuracy_after"`
	Printed                 string
	Masks                   []struct {
		MaskOfStep []numbers `json:"mask_of_step"`
	}
}

// golden reads a golden file from testdata or, the larger ones, from the folder that
// NNDL_GOLDEN names.
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

// same fails the test unless got is want up to the tolerance; with tolerance 0 they must be
// equal.
func same(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	largest, worst := 0.0, 0.0
	for j, v := range want {
		largest = math.Max(largest, math.Abs(v))
		worst = math.Max(worst, math.Abs(got[j]-v)) // NaN stays NaN
	}
	if !(worst <= tolerance*largest) {
		t.Errorf("%s: differs by %.1e of the largest entry %.3g, want at most %.0e", what, worst/largest, largest, tolerance)
	}
}

// network returns the network of a file with its parameters at the start.
func (g *goldenRun) network(t *testing.T) *Network {
	rng := rand.New(rand.NewPCG(1, 0))
	var layers []Layer
	for _, l := range g.Layers {
		activation, ok := activations[l.Activation]
		if !ok && l.Type != "SoftmaxLayer" {
			t.Fatalf("activation %q", l.Activation)
		}
		switch l.Type {
		case "ConvPoolLayer":
			layers = append(layers, NewConvPoolLayer(l.FilterShape, l.ImageShape, l.PoolSize, activation, rng))
		case "FullyConnectedLayer":
			layers = append(layers, NewFullyConnectedLayer(l.NIn, l.NOut, activation, l.PDropout, rng))
		case "SoftmaxLayer":
			layers = append(layers, NewSoftmaxLayer(l.NIn, l.NOut, l.PDropout))
		}
	}
	net := New(layers, g.MiniBatchSize)
	set(net, g.Params)
	return net
}

// set gives a network the parameters of a file.
func set(net *Network, params []goldenParameters) {
	for i, layer := range net.Layers {
		w, b := layer.Parameters()
		layer.SetParameters(matrix.FromSlice(w.Rows, w.Cols, params[i].W), matrix.FromSlice(b.Rows, b.Cols, params[i].B))
	}
}

func examples(x [][]float64, y []int, classes int) (data []nn.Example) {
	for i := range x {
		target := matrix.New(classes, 1)
		target.Data[y[i]] = 1
		data = append(data, nn.NewExample(matrix.FromSlice(len(x[i]), 1, x[i]), target))
	}
	return data
}

// data returns the three sets of a file.
func (g *goldenRun) data() (training, validation, test []nn.Example) {
	classes := g.Layers[len(g.Layers)-1].NOut
	return examples(g.TrainingX, g.TrainingY, classes), examples(g.ValidationX, g.ValidationY, classes), examples(g.TestX, g.TestY, classes)
}

// given is a source of random numbers from which dropoutLayer makes the masks that are in a
// file: the lowest number drops, the highest keeps.
type given struct{ masks []float64 }

func (s *given) Uint64() uint64 {
	keep := s.masks[0]
	s.masks = s.masks[1:]
	return uint64(-int64(keep))
}

// rng returns the random generator that gives a file's masks from a step on.
func (g *goldenRun) rng(step int) *rand.Rand {
	s := &given{}
	for ; step < g.NumTrainingBatches && len(g.Masks) > 0; step++ {
		for _, layer := range g.Masks {
			s.masks = append(s.masks, layer.MaskOfStep[step]...)
		}
	}
	return rand.New(s)
}

var goldenFiles = []string{"fc-12-7-4", "fc-zero-softmax", "conv-sigmoid-8x8", "conv-noFC-2maps-7x9",
	"conv2-relu-12x12", "conv2-tanh-11x10", "dropout", "epochs-6-5-3", "ties-12x12"}

// TestGoldenNetworks runs each file's network: the first mini-batch layer by layer, then step by
// step, then by SGD, then by a Trainer. Only ties-12x12 has equal numbers in a window of a pool. Of that file
// the gradients are those that go to the first of them, not the original's. The original's
// costs, which come from its own steps, are compared for the first step only.
func TestGoldenNetworks(t *testing.T) {
	for _, name := range goldenFiles {
		t.Run(name, func(t *testing.T) {
			var g goldenRun
			golden(t, "network3-"+name+".json", &g)
			if name == "ties-12x12" {
				g.First.Grads, g.After, g.StepCosts = g.First.GradsFirstTie, g.AfterFirstTie, g.StepCosts[:1]
			}
			g.first(t)
			g.steps(t)
			g.sgd(t)
			g.trainer(t)
		})
	}
}

// first compares the first mini-batch.
func (g *goldenRun) first(t *testing.T) {
	net := g.network(t)
	training, _, _ := g.data()
	miniBatch := training[:g.MiniBatchSize]
	a := net.inputs(miniBatch)
	for i, layer := range net.Layers {
		a = layer.Output(a)
		same(t, fmt.Sprintf("output of layer %d", i), a.Data, g.First.Output[i], once)
	}
	for i, want := range g.First.YOut {
		if got := matrix.FromSlice(a.Cols, 1, a.Row(i)).ArgMax(); got != want {
			t.Errorf("example %d is read as a %d, want %d", i, got, want)
		}
	}
	same(t, "accuracy", []float64{1, net.Accuracy(miniBatch)}, []float64{1, g.First.Accuracy}, once)

	rng := g.rng(0)
	a = net.inputs(miniBatch)
	for i := range g.First.OutputDropout {
		a = net.Layers[i].OutputDropout(a, rng)
		same(t, fmt.Sprintf("output with dropout of layer %d", i), a.Data, g.First.OutputDropout[i], once)
	}
	cost := net.backprop(miniBatch, g.rng(0))
	same(t, "log-likelihood", []float64{cost}, []float64{g.First.LogLikelihood}, once)
	for i, layer := range net.Layers {
		w, _ := layer.Parameters()
		nablaW, nablaB := layer.Gradient()
		nablaW.AddScaled(g.Lmbda/float64(g.NumTrainingBatches), w)
		same(t, fmt.Sprintf("∂C/∂w of layer %d", i), nablaW.Data, g.First.Grads[i].W, once)
		same(t, fmt.Sprintf("∂C/∂b of layer %d", i), nablaB.Data, g.First.Grads[i].B, once)
	}
}

// steps compares the cost before each step, and some parameters after it.
func (g *goldenRun) steps(t *testing.T) {
	net := g.network(t)
	training, _, _ := g.data()
	rng := g.rng(0)
	for step, want := range g.StepCosts {
		i := step % g.NumTrainingBatches
		cost := net.UpdateMiniBatch(training[i*g.MiniBatchSize:(i+1)*g.MiniBatchSize], g.Eta, g.Lmbda, g.NumTrainingBatches, rng)
		same(t, fmt.Sprintf("cost before step %d", step), []float64{cost}, []float64{want}, again)
		if step == 0 {
			same(t, "cost", []float64{cost}, []float64{g.First.Cost}, once)
		}
		if step < len(g.AfterStep) {
			sameParameters(t, fmt.Sprintf("after step %d", step), net, g.AfterStep[step], again)
		}
	}
}

// sgd compares what SGD prints and the parameters after it.
func (g *goldenRun) sgd(t *testing.T) {
	net := g.network(t)
	training, validation, test := g.data()
	var printed strings.Builder
	net.SGD(training, g.Epochs, g.MiniBatchSize, g.Eta, validation, test, g.Lmbda, g.rng(0), &printed)
	if printed.String() != g.Printed {
		t.Errorf("SGD prints\n%s\nwant\n%s", printed.String(), g.Printed)
	}
	sameParameters(t, "after SGD", net, g.After, again)
	same(t, "validation accuracy", []float64{1, net.Accuracy(validation)}, []float64{1, g.ValidationAccuracyAfter}, once)
}

// trainer compares the outputs of a Trainer at the start, the parameters after some steps and
// at the end, and the accuracy.
func (g *goldenRun) trainer(t *testing.T) {
	net := g.network(t)
	trainer := NewTrainer(net)
	training, validation, _ := g.data()
	same(t, "outputs of a Trainer", trainer.Outputs(training[:g.MiniBatchSize]).Data, g.First.Output[len(g.Layers)-1], once)
	rng := g.rng(0)
	for step := range g.Epochs * g.NumTrainingBatches {
		i := step % g.NumTrainingBatches * g.MiniBatchSize
		trainer.Update(training[i:i+g.MiniBatchSize], g.Eta, g.Lmbda, g.NumTrainingBatches, rng)
		if step < len(g.AfterStep) {
			trainer.Store()
			sameParameters(t, fmt.Sprintf("after step %d of a Trainer", step), net, g.AfterStep[step], again)
		}
	}
	trainer.Store()
	sameParameters(t, "after a Trainer's steps", net, g.After, again)
	used := validation[:len(validation)/g.MiniBatchSize*g.MiniBatchSize]
	accuracy := float64(trainer.Correct(used)) / float64(len(used))
	same(t, "validation accuracy by a Trainer", []float64{1, accuracy}, []float64{1, g.ValidationAccuracyAfter}, once)
}

func sameParameters(t *testing.T, what string, net *Network, want []goldenParameters, tolerance float64) {
	t.Helper()
	for i, layer := range net.Layers {
		w, b := layer.Parameters()
		same(t, fmt.Sprintf("w of layer %d %s", i, what), w.Data, want[i].W, tolerance)
		same(t, fmt.Sprintf("b of layer %d %s", i, what), b.Data, want[i].B, tolerance)
	}
}

// TestGoldenOps compares the convolution and the pooling alone, on whole numbers: all must be
// equal. A pool alone is a layer whose filters pass each map on unchanged.
func TestGoldenOps(t *testing.T) {
	var g struct {
		Conv []struct {
			InputShape       [4]int `json:"input_shape"`
			FilterShape      [4]int `json:"filter_shape"`
			Input, Filters   numbers
			Convolution      numbers
			CrossCorrelation numbers `json:"cross_correlation"`
			GradOutput       numbers `json:"grad_output"`
			GradInput        numbers `json:"grad_input"`
			GradFilters      numbers `json:"grad_filters"`
		}
		Pool []struct {
			InputShape       [4]int `json:"input_shape"`
			PoolSize         [2]int
			Input, Pooled    numbers
			GradOutput       numbers `json:"grad_output"`
			GradInputAll     numbers `json:"grad_input_all_ties"`
			GradInputFirst   numbers `json:"grad_input_first_tie"`
			WindowsWithATies int     `json:"windows_with_a_tie"`
		}
	}
	golden(t, "network3-ops.json", &g)
	if len(g.Conv) == 0 || len(g.Pool) == 0 {
		t.Fatal("the file has no cases")
	}
	rng := rand.New(rand.NewPCG(1, 0))
	for i, c := range g.Conv {
		layer := NewConvPoolLayer(c.FilterShape, c.InputShape, [2]int{1, 1}, Linear, rng)
		_, biases := layer.Parameters()
		rows, _ := layer.Parameters()
		layer.SetParameters(matrix.FromSlice(rows.Rows, rows.Cols, c.Filters), biases.Scale(0, biases))
		output, nablaInpt := forthAndBack(layer, c.Input, c.GradOutput)
		same(t, fmt.Sprintf("convolution %d", i), output, c.Convolution, 0)
		same(t, fmt.Sprintf("grad_input %d", i), nablaInpt, c.GradInput, 0)
		nablaW, _ := layer.Gradient()
		same(t, fmt.Sprintf("grad_filters %d", i), nablaW.Data, c.GradFilters, 0)
	}
	for i, c := range g.Pool {
		maps := c.InputShape[1]
		layer := NewConvPoolLayer([4]int{maps, maps, 1, 1}, c.InputShape, c.PoolSize, Linear, rng)
		w, b := layer.Parameters()
		w.Scale(0, w)
		for j := range maps {
			w.Set(j, j, 1)
		}
		layer.SetParameters(w, b.Scale(0, b))
		output, nablaInpt := forthAndBack(layer, c.Input, c.GradOutput)
		same(t, fmt.Sprintf("pooled %d", i), output, c.Pooled, 0)
		same(t, fmt.Sprintf("grad_input %d of the pool", i), nablaInpt, c.GradInputFirst, 0)
	}
}

// forthAndBack returns the output of a layer for some inputs and, for ∂C/∂output, ∂C/∂inpt.
func forthAndBack(layer *ConvPoolLayer, inpt, nablaA []float64) (output, nablaInpt []float64) {
	nIn, nOut := layer.sizes()
	m := len(inpt) / nIn
	a := layer.OutputDropout(matrix.FromSlice(m, nIn, inpt), nil)
	return a.Data, layer.Backward(matrix.FromSlice(m, nOut, nablaA)).Data
}
