package network3

import (
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

// TestInitialParameters compares the deviations of the drawn weights and biases with
// network3.py's: 1/√nOut and 1.
func TestInitialParameters(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	conv := NewConvPoolLayer([4]int{40, 20, 5, 5}, [4]int{10, 20, 12, 12}, [2]int{2, 2}, ReLU, rng)
	full := NewFullyConnectedLayer(640, 100, ReLU, 0.5, rng)
	for _, c := range []struct {
		layer     Layer
		deviation float64
	}{{conv, math.Sqrt(1.0 / 250)}, {full, 0.1}, {NewSoftmaxLayer(100, 10, 0.5), 0}} {
		w, b := c.layer.Parameters()
		if got := deviation(w.Data); math.Abs(got-c.deviation) > 0.03*c.deviation {
			t.Errorf("%T: the weights have deviation %.4f, want about %.4f", c.layer, got, c.deviation)
		}
		if got := deviation(b.Data); c.deviation > 0 && math.Abs(got-1) > 0.35 || c.deviation == 0 && got != 0 {
			t.Errorf("%T: the biases have deviation %.2f", c.layer, got)
		}
	}
	if w, _ := conv.Parameters(); w.Rows != 40 || w.Cols != 20*25 {
		t.Errorf("w is %d×%d, want 40×500", w.Rows, w.Cols)
	}
}

// TestFixedWeightInitializer: the deviations are 1/√nIn and 1, and the softmax layer keeps
// its zeros.
func TestFixedWeightInitializer(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	net := New([]Layer{
		NewConvPoolLayer([4]int{40, 20, 5, 5}, [4]int{10, 20, 12, 12}, [2]int{2, 2}, ReLU, rng),
		NewFullyConnectedLayer(640, 100, ReLU, 0.5, rng),
		NewSoftmaxLayer(100, 10, 0.5),
	}, 10)
	net.FixedWeightInitializer(rng)
	for i, want := range []float64{math.Sqrt(1.0 / 500), math.Sqrt(1.0 / 640), 0} {
		w, b := net.Layers[i].Parameters()
		if got := deviation(w.Data); math.Abs(got-want) > 0.03*want {
			t.Errorf("layer %d: the weights have deviation %.4f, want about %.4f", i, got, want)
		}
		if got := deviation(b.Data); want > 0 && math.Abs(got-1) > 0.35 || want == 0 && got != 0 {
			t.Errorf("layer %d: the biases have deviation %.2f", i, got)
		}
	}
}

func deviation(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return math.Sqrt(sum / float64(len(v)))
}

// TestMasks looks at the masks of two layers with equally many inputs: each drops about the
// part that it should, and they are not the same.
func TestMasks(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	first, second := NewFullyConnectedLayer(1000, 1000, Linear, 0.3, rng), NewSoftmaxLayer(1000, 10, 0.3)
	ones := matrix.New(10, 1000).Apply(func(float64) float64 { return 1 }, matrix.New(10, 1000))
	first.OutputDropout(ones, rng)
	second.OutputDropout(ones, rng)
	kept, different := 0.0, 0
	for i, m := range first.mask.Data {
		kept += m
		if m != second.mask.Data[i] {
			different++
		}
	}
	if part := kept / 10000; part < 0.68 || part > 0.72 {
		t.Errorf("a mask keeps %.3f of the inputs, want about 0.7", part)
	}
	if different < 3900 || different > 4500 { // 2·0.3·0.7 of 10,000
		t.Errorf("two masks differ in %d of 10,000 places, want about 4,200", different)
	}
}

// TestWinner: the error goes to the first of equal maxima, and where the sums differ by less
// than the bias can show, still to the larger, because the bias is added after the pooling.
func TestWinner(t *testing.T) {
	layer := NewConvPoolLayer([4]int{1, 1, 1, 1}, [4]int{1, 1, 2, 2}, [2]int{2, 2}, Linear, rand.New(rand.NewPCG(1, 0)))
	layer.SetParameters(matrix.FromSlice(1, 1, []float64{1}), matrix.FromSlice(1, 1, []float64{1}))
	for _, c := range []struct{ inpt, want []float64 }{
		{[]float64{3, 5, 5, 5}, []float64{0, 7, 0, 0}},
		{[]float64{0, 0, 0, 0}, []float64{7, 0, 0, 0}},
		{[]float64{1e-20, 2e-20, 3e-20, -4}, []float64{0, 0, 7, 0}},
	} {
		layer.OutputDropout(matrix.FromSlice(1, 4, c.inpt), nil)
		same(t, "the error", layer.Backward(matrix.FromSlice(1, 1, []float64{7})).Data, c.want, 0)
	}
}

// TestExtremes: weighted inputs beyond what e^z can hold make no NaN, neither in the outputs
// nor in the cost.
func TestExtremes(t *testing.T) {
	layer := NewSoftmaxLayer(1, 2, 0)
	layer.SetParameters(matrix.FromSlice(1, 2, []float64{1000, -1000}), matrix.New(2, 1))
	one := matrix.FromSlice(1, 1, []float64{1})
	same(t, "outputs", layer.OutputDropout(one, nil).Data, []float64{1, 0}, 0)
	same(t, "cost", []float64{layer.Cost(matrix.FromSlice(1, 2, []float64{0, 1}))}, []float64{2000}, 0)
}

// TestPrinted: without validation data no epoch is the best, and SGD says nothing of one.
func TestPrinted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	net := New([]Layer{NewSoftmaxLayer(5, 2, 0)}, 2)
	var printed strings.Builder
	net.SGD(randomData(5, 5, 2, rng), 1, 2, 0.1, nil, nil, 0, nil, &printed)
	if want := "Training mini-batch number 0\nEpoch 0: validation accuracy NaN%\nFinished training network.\n"; printed.String() != want {
		t.Errorf("SGD prints %q, want %q", printed.String(), want)
	}
}

// TestMisuse: each panics with what is wrong.
func TestMisuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	net := New([]Layer{NewSoftmaxLayer(5, 2, 0)}, 2)
	data := randomData(5, 5, 2, rng)
	train := func(net *Network, data []nn.Example, m int) func() {
		return func() { net.SGD(data, 1, m, 0.1, nil, nil, 0, nil, io.Discard) }
	}
	for want, misuse := range map[string]func(){
		"New: 0 layers":              func() { New(nil, 1) },
		"want a softmax layer last":  func() { New([]Layer{NewFullyConnectedLayer(5, 2, ReLU, 0, rng)}, 2) },
		"layer 1 has 3 inputs":       func() { New([]Layer{NewFullyConnectedLayer(5, 2, ReLU, 0, rng), NewSoftmaxLayer(3, 2, 0)}, 2) },
		"the mini-batches are of 3":  func() { New([]Layer{conv(rng), NewSoftmaxLayer(4, 2, 0)}, 3) },
		"dropout 1:":                 func() { NewSoftmaxLayer(5, 2, 1) },
		"0 inputs":                   func() { NewSoftmaxLayer(0, 2, 0) },
		"leave nothing":              func() { NewConvPoolLayer([4]int{1, 1, 5, 5}, [4]int{1, 1, 5, 5}, [2]int{2, 2}, ReLU, rng) },
		"as many maps in":            func() { NewConvPoolLayer([4]int{1, 2, 5, 5}, [4]int{1, 1, 9, 9}, [2]int{2, 2}, ReLU, rng) },
		"5 training examples":        train(net, data, 3),
		"mini-batches of 0":          train(net, data, 0),
		"0 examples, 1 mini-batches": func() { net.UpdateMiniBatch(nil, 0.1, 0, 1, nil) },
		"2 examples, 0 mini-batches": func() { net.UpdateMiniBatch(data[:2], 0.1, 0, 0, nil) },
		"1 training examples":        train(net, data[:1], 2),
		"an example of 6 inputs":     train(net, randomData(5, 6, 2, rng), 2),
		"an example with label 2":    train(net, randomData(5, 5, 3, rng), 2),
		"rng is nil":                 train(New([]Layer{NewSoftmaxLayer(5, 2, 0.5)}, 2), data, 2),
		"inputs 2×7 for images":      func() { conv(rng).Output(matrix.New(2, 7)) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			misuse()
		}()
	}
}

func conv(rng *rand.Rand) *ConvPoolLayer {
	return NewConvPoolLayer([4]int{1, 1, 2, 2}, [4]int{2, 1, 5, 5}, [2]int{2, 2}, ReLU, rng)
}
