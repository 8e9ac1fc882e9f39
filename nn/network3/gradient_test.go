package network3

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/internal/proof"
)

// gradientNets are the kinds of networks, each with every activation. No image, filter or
// pool is square, the pools leave a row or a column over, and there are two maps in.
func gradientNets(activation Activation, rng *rand.Rand) map[string]*Network {
	conv1 := func() Layer {
		return NewConvPoolLayer([4]int{3, 2, 3, 2}, [4]int{4, 2, 11, 10}, [2]int{2, 2}, activation, rng) // 9×9 → 4×4
	}
	conv2 := func() Layer {
		return NewConvPoolLayer([4]int{2, 3, 2, 3}, [4]int{4, 3, 4, 4}, [2]int{2, 1}, activation, rng) // 3×2 → 1×2
	}
	full := func(nIn int, p float64) Layer { return NewFullyConnectedLayer(nIn, 6, activation, p, rng) }
	return map[string]*Network{
		"conv, conv, full, full, softmax, dropout": New([]Layer{conv1(), conv2(), full(4, 0.25), full(6, 0.5), NewSoftmaxLayer(6, 3, 0.5)}, 4),
		"conv, full, softmax":                      New([]Layer{conv1(), full(48, 0), NewSoftmaxLayer(6, 3, 0)}, 4),
		"conv, softmax, dropout":                   New([]Layer{conv1(), NewSoftmaxLayer(48, 3, 0.5)}, 4),
		"full, softmax, dropout":                   New([]Layer{full(220, 0.5), NewSoftmaxLayer(6, 3, 0.25)}, 4),
	}
}

// randomize gives every layer random parameters, the softmax layer too: from zero it would
// pass no error back.
func randomize(net *Network, rng *rand.Rand) {
	for _, layer := range net.Layers {
		w, b := layer.Parameters()
		for _, x := range []*matrix.Matrix{w, b} {
			for i := range x.Data {
				x.Data[i] = 0.7 * rng.NormFloat64()
			}
		}
		layer.SetParameters(w, b)
	}
}

// pDropout returns the number of inputs of a layer and the probability that one is dropped.
func pDropout(layer Layer) (nIn int, p float64) {
	switch layer := layer.(type) {
	case *FullyConnectedLayer:
		return layer.w.Rows, layer.PDropout
	case *SoftmaxLayer:
		return layer.w.Rows, layer.PDropout
	}
	return 0, 0
}

// drawMasks returns fixed masks for the network, by layer and example, and the source from
// which dropoutLayer makes the same.
func drawMasks(net *Network, rng *rand.Rand) (masks [][][]float64, source func() *rand.Rand) {
	var all []float64
	for _, layer := range net.Layers {
		nIn, p := pDropout(layer)
		rows := make([][]float64, net.MiniBatchSize)
		for e := range rows {
			for range nIn {
				keep := 1.0
				if p > 0 {
					keep = float64(rng.IntN(2))
					all = append(all, keep)
				}
				rows[e] = append(rows[e], keep)
			}
		}
		masks = append(masks, rows)
	}
	return masks, func() *rand.Rand { return rand.New(&given{all}) }
}

func randomData(count, inputs, classes int, rng *rand.Rand) (data []nn.Example) {
	for i := range count {
		x, y := matrix.New(inputs, 1), matrix.New(classes, 1)
		for j := range x.Data {
			x.Data[j] = rng.Float64()
		}
		y.Data[i%classes] = 1
		data = append(data, nn.NewExample(x, y))
	}
	return data
}

// TestGradientOfStep compares a step, divided by −η, with the derivative of the whole cost
// written out, λ included, with respect to every parameter: through convolution, pooling,
// dropout with fixed masks and softmax.
func TestGradientOfStep(t *testing.T) {
	const eta, lambda, batches = 0.3, 0.8, 7
	for name, activation := range activations {
		rng := rand.New(rand.NewPCG(5, 0))
		for kind, net := range gradientNets(activation, rng) {
			t.Run(name+"/"+kind, func(t *testing.T) {
				rng := rand.New(rand.NewPCG(6, 0))
				randomize(net, rng)
				data := randomData(4, 220, 3, rng)
				masks, source := drawMasks(net, rng)
				cost := func() float64 {
					sum := 0.0
					for e, example := range data {
						a := outputs(net, example.X().Data, func(layer int) []float64 { return masks[layer][e] })
						sum -= math.Log(a[example.Label()]) / 4
					}
					for _, layer := range net.Layers {
						w, _ := layer.Parameters()
						sum += lambda / (2 * batches) * proof.Dot(w.Data, w.Data)
					}
					return sum
				}
				var want, before [][]float64
				for _, x := range all(net) {
					// The variables are the network's own numbers: cost reads them there.
					at := slices.Clone(x.Data)
					before = append(before, at)
					want = append(want, proof.Gradient(func(v []float64) float64 { copy(x.Data, v); return cost() }, at))
					copy(x.Data, at)
				}
				right := cost()
				got := net.UpdateMiniBatch(data, eta, lambda, batches, source())
				proof.Agree(t, "C", []float64{got}, []float64{right}, proof.Exact)
				var step [][]float64
				for i, x := range all(net) {
					step = append(step, nil)
					for j, v := range x.Data {
						step[i] = append(step[i], (v-before[i][j])/-eta)
					}
				}
				for i := 0; i < len(step); i += 2 {
					proof.Agree(t, fmt.Sprintf("∂C/∂w and ∂C/∂b of layer %d", i/2), slices.Concat(step[i:i+2]...), slices.Concat(want[i:i+2]...), proof.Derived)
				}
			})
		}
	}
}

// all returns the network's own weights and biases, layer by layer.
func all(net *Network) (xs []*matrix.Matrix) {
	for _, layer := range net.Layers {
		switch layer := layer.(type) {
		case *ConvPoolLayer:
			xs = append(xs, layer.w, layer.b)
		case *FullyConnectedLayer:
			xs = append(xs, layer.w, layer.b)
		case *SoftmaxLayer:
			xs = append(xs, layer.w, layer.b)
		}
	}
	return xs
}

// TestGradientTestPass compares the test pass with the network written out, in which every
// input counts 1 − p times.
func TestGradientTestPass(t *testing.T) {
	for name, activation := range activations {
		rng := rand.New(rand.NewPCG(5, 0))
		for kind, net := range gradientNets(activation, rng) {
			rng := rand.New(rand.NewPCG(6, 0))
			randomize(net, rng)
			data := randomData(4, 220, 3, rng)
			var want []float64
			for _, e := range data {
				want = append(want, outputs(net, e.X().Data, func(i int) []float64 {
					nIn, p := pDropout(net.Layers[i])
					seen := make([]float64, nIn)
					for k := range seen {
						seen[k] = 1 - p
					}
					return seen
				})...)
			}
			proof.Agree(t, name+", "+kind, net.Feedforward(net.inputs(data)).Data, want, proof.Exact)
		}
	}
}
