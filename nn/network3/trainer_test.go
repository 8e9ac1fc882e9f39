package network3

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
)

// softplus is an activation function that the Trainer does not know.
var softplus = Activation{Name: "softplus", F: func(z float64) float64 { return math.Log1p(math.Exp(z)) }, Prime: sigma}

// trainerNets are networks of every kind, some with more positions and maps than a block or a
// vector has.
func trainerNets(activation Activation, rng *rand.Rand) map[string]*Network {
	nets := gradientNets(activation, rng)
	nets["wide filters"] = New([]Layer{
		NewConvPoolLayer([4]int{5, 2, 2, 17}, [4]int{4, 2, 11, 10 + 10}, [2]int{1, 2}, activation, rng), // 10×4 → 10×2
		NewConvPoolLayer([4]int{21, 5, 3, 2}, [4]int{4, 5, 10, 2}, [2]int{3, 1}, activation, rng),       // 8×1 → 2×1
		NewSoftmaxLayer(42, 3, 0),
	}, 4)
	nets["many positions"] = New([]Layer{
		NewConvPoolLayer([4]int{9, 1, 3, 3}, [4]int{4, 1, 20, 22}, [2]int{1, 1}, activation, rng), // 18×20
		NewConvPoolLayer([4]int{4, 9, 4, 4}, [4]int{4, 9, 18, 20}, [2]int{2, 2}, activation, rng), // 15×17 → 7×8
		NewFullyConnectedLayer(224, 7, activation, 0.5, rng),
		NewSoftmaxLayer(7, 3, 0.5),
	}, 4)
	return nets
}

// copyOf returns a network of the same layers with the same parameters.
func copyOf(net *Network) *Network {
	var layers []Layer
	for _, layer := range net.Layers {
		w, b := layer.Parameters()
		switch layer := layer.(type) {
		case *ConvPoolLayer:
			layers = append(layers, NewConvPoolLayer(layer.FilterShape, layer.ImageShape, layer.PoolSize, layer.Activation, rand.New(rand.NewPCG(0, 0))))
		case *FullyConnectedLayer:
			layers = append(layers, NewFullyConnectedLayer(w.Rows, w.Cols, layer.Activation, layer.PDropout, rand.New(rand.NewPCG(0, 0))))
		case *SoftmaxLayer:
			layers = append(layers, NewSoftmaxLayer(w.Rows, w.Cols, layer.PDropout))
		}
		layers[len(layers)-1].SetParameters(w, b)
	}
	return New(layers, net.MiniBatchSize)
}

// near fails the test unless two networks agree up to rounding.
func near(t *testing.T, what string, got, want *Network) {
	t.Helper()
	for i := range want.Layers {
		w, b := got.Layers[i].Parameters()
		wantW, wantB := want.Layers[i].Parameters()
		same(t, fmt.Sprintf("%s: w of layer %d", what, i), w.Data, wantW.Data, 1e-13)
		same(t, fmt.Sprintf("%s: b of layer %d", what, i), b.Data, wantB.Data, 1e-13)
	}
}

// TestTrainerStep compares a step of the Trainer with one of the plain layers, for every kind
// of layer and activation, by every kernel: a whole mini-batch, a short one, and a long one.
func TestTrainerStep(t *testing.T) {
	all := map[string]Activation{"softplus": softplus}
	for name, activation := range activations {
		all[name] = activation
	}
	for _, kernel := range matrix.Kernels() {
		defer matrix.UseKernel(kernel)()
		for name, activation := range all {
			for kind, plain := range trainerNets(activation, rand.New(rand.NewPCG(5, 0))) {
				rng := rand.New(rand.NewPCG(6, 0))
				randomize(plain, rng)
				fast := copyOf(plain)
				nIn, _ := plain.Layers[0].sizes()
				data := randomData(16, nIn, 3, rng)
				trainer := NewTrainer(fast)
				var fastMasks, plainMasks = rand.New(rand.NewPCG(7, 0)), rand.New(rand.NewPCG(7, 0))
				for _, m := range [][2]int{{0, 4}, {4, 5}, {5, 16}} {
					trainer.Update(data[m[0]:m[1]], 0.3, 0.8, 7, fastMasks)
					plain.UpdateMiniBatch(data[m[0]:m[1]], 0.3, 0.8, 7, plainMasks)
					trainer.Store()
					near(t, fmt.Sprintf("%s, %s, %s, examples %v", kernel, name, kind, m), fast, plain)
					if t.Failed() {
						return
					}
				}
			}
		}
	}
}

// TestTrainerTestPass compares the outputs and the count of right ones, of more examples than
// the test pass takes at a time.
func TestTrainerTestPass(t *testing.T) {
	for name, activation := range activations {
		for kind, net := range trainerNets(activation, rand.New(rand.NewPCG(5, 0))) {
			rng := rand.New(rand.NewPCG(6, 0))
			randomize(net, rng)
			nIn, _ := net.Layers[0].sizes()
			data := randomData(testSize+11, nIn, 3, rng)
			want, correct := net.Feedforward(net.inputs(data)), 0
			for i, e := range data {
				if row(want.Row(i)).ArgMax() == e.Label() {
					correct++
				}
			}
			trainer := NewTrainer(net)
			got := trainer.Outputs(data)
			if got.Rows != testSize+11 || got.Cols != 3 {
				t.Fatalf("%s, %s: outputs %d×%d", name, kind, got.Rows, got.Cols)
			}
			same(t, name+", "+kind, got.Data, want.Data, 1e-13)
			if got := trainer.Correct(data); got != correct {
				t.Errorf("%s, %s: %d right, want %d", name, kind, got, correct)
			}
		}
	}
}

// TestTrainerOnAnyNumberOfCores: the bytes are the same.
func TestTrainerOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for kind, net := range trainerNets(ReLU, rand.New(rand.NewPCG(5, 0))) {
		nIn, _ := net.Layers[0].sizes()
		var first [][]float64
		for cores := 1; cores <= 3; cores++ {
			runtime.GOMAXPROCS(cores)
			rng := rand.New(rand.NewPCG(6, 0))
			fast := copyOf(net)
			randomize(fast, rng)
			trainer := NewTrainer(fast)
			for range 3 {
				trainer.Update(randomData(7, nIn, 3, rng), 0.3, 0.8, 7, rng)
			}
			trainer.Store()
			var got [][]float64
			for _, x := range all(fast) {
				got = append(got, x.Data)
			}
			if cores == 1 {
				first = got
			} else if !slices.EqualFunc(got, first, func(a, b []float64) bool { return slices.Equal(a, b) }) {
				t.Errorf("%s: %d cores give another network than one", kind, cores)
			}
		}
	}
}

// TestTrainerPassesOnNaN: a network that has diverged says so.
func TestTrainerPassesOnNaN(t *testing.T) {
	for kind, net := range trainerNets(ReLU, rand.New(rand.NewPCG(5, 0))) {
		rng := rand.New(rand.NewPCG(6, 0))
		nIn, _ := net.Layers[0].sizes()
		data := randomData(4, nIn, 3, rng)
		for i := range data[1].X().Data {
			data[1].X().Data[i] = math.NaN()
		}
		trainer := NewTrainer(net)
		if v := trainer.Outputs(data).Data; v[3] == v[3] || v[0] != v[0] {
			t.Errorf("%s: the outputs are %v", kind, v)
		}
		trainer.Update(data, 0.3, 0, 1, rng)
		if v := trainer.Outputs(data).Data[0]; v == v {
			t.Errorf("%s: after a step the first output is %v", kind, v)
		}
	}
}

// TestTrainerMisuse: each panics with what is wrong.
func TestTrainerMisuse(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	trainer := NewTrainer(New([]Layer{conv(rng), NewSoftmaxLayer(4, 2, 0.5)}, 2))
	data := randomData(3, 25, 2, rng)
	for want, misuse := range map[string]func(){
		"Update: 0 examples":      func() { trainer.Update(nil, 0.1, 0, 1, rng) },
		"0 mini-batches":          func() { trainer.Update(data, 0.1, 0, 0, rng) },
		"an example of 6 inputs":  func() { trainer.Update(randomData(2, 6, 2, rng), 0.1, 0, 1, rng) },
		"an example with label 2": func() { trainer.Update(randomData(3, 25, 3, rng), 0.1, 0, 1, rng) },
		"rng is nil":              func() { trainer.Update(data, 0.1, 0, 1, nil) },
		"a convolutional layer after": func() {
			New([]Layer{NewFullyConnectedLayer(25, 25, ReLU, 0, rng), conv(rng), NewSoftmaxLayer(4, 2, 0)}, 2)
		},
		"the layer before makes [2 1 2 2]": func() {
			New([]Layer{conv(rng), NewConvPoolLayer([4]int{1, 1, 1, 1}, [4]int{2, 1, 4, 1}, [2]int{1, 1}, ReLU, rng), NewSoftmaxLayer(4, 2, 0)}, 2)
		},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			misuse()
		}()
	}
}
