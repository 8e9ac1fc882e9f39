package network3

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
)

// TestTrainerOnRandomNetworks compares the Trainer with the plain layers over networks of any
// shape: images, filters and pools that are not square, filters as large as their image, pools
// of one position, mini-batches of one example, layers without a convolution before them or
// without neurons after it, and dropout of almost everything.
func TestTrainerOnRandomNetworks(t *testing.T) {
	networks := 300
	if testing.Short() {
		networks = 100
	}
	for seed := range networks {
		rng := rand.New(rand.NewPCG(uint64(seed), 0))
		plain := randomNetwork(rng)
		randomize(plain, rng) // the softmax layer too
		plain.FixedWeightInitializer(rng)
		fast := copyOf(plain)
		nIn, _ := plain.Layers[0].sizes()
		_, nOut := plain.Layers[len(plain.Layers)-1].sizes()
		trainer := NewTrainer(fast)
		for step := range 3 {
			data := randomData(1+rng.IntN(6), nIn, nOut, rng)
			masks := rng.Uint64()
			trainer.Update(data, 0.1, 0.8, 7, rand.New(rand.NewPCG(masks, 0)))
			plain.UpdateMiniBatch(data, 0.1, 0.8, 7, rand.New(rand.NewPCG(masks, 0)))
			what := fmt.Sprintf("seed %d, step %d of %s", seed, step, describeAll(plain))
			same(t, what, trainer.Outputs(data).Data, plain.Feedforward(plain.inputs(data)).Data, 1e-11)
		}
		trainer.Store()
		for i, layer := range plain.Layers {
			w, b := fast.Layers[i].Parameters()
			wantW, wantB := layer.Parameters()
			what := fmt.Sprintf("seed %d, layer %d of %s", seed, i, describeAll(plain))
			same(t, what+", w", w.Data, wantW.Data, 1e-11)
			same(t, what+", b", b.Data, wantB.Data, 1e-11)
		}
		if t.Failed() {
			return
		}
	}
}

// randomNetwork returns a network of up to three convolutional and two fully connected layers.
func randomNetwork(rng *rand.Rand) *Network {
	const miniBatchSize = 3
	between := func(least, most int) int { return least + rng.IntN(most-least+1) }
	of := func() Activation {
		return []Activation{Linear, ReLU, Sigmoid, Tanh, softplus}[rng.IntN(5)]
	}
	dropout := func() float64 { return []float64{0, 0, 0.5, 0.999, math.SmallestNonzeroFloat64}[rng.IntN(5)] }
	maps, rows, cols := between(1, 4), between(1, 14), between(1, 14)
	var layers []Layer
	nIn := maps * rows * cols
	for range rng.IntN(4) {
		filter := [4]int{between(1, 13), maps, between(1, min(6, rows)), between(1, min(6, cols))}
		if rng.IntN(5) == 0 {
			filter[2], filter[3] = rows, cols
		}
		image := [4]int{miniBatchSize, maps, rows, cols}
		pool := [2]int{between(1, min(3, rows-filter[2]+1)), between(1, min(3, cols-filter[3]+1))}
		layer := NewConvPoolLayer(filter, image, pool, of(), rng)
		layers = append(layers, layer)
		maps = filter[0]
		rows, cols = layer.pooled()
		nIn = maps * rows * cols
	}
	for range rng.IntN(3) {
		nOut := between(1, 20)
		layers = append(layers, NewFullyConnectedLayer(nIn, nOut, of(), dropout(), rng))
		nIn = nOut
	}
	return New(append(layers, NewSoftmaxLayer(nIn, between(1, 11), dropout())), miniBatchSize)
}

// describeAll describes a network for a message.
func describeAll(net *Network) (all []string) {
	for _, layer := range net.Layers {
		_, description := describe(layer)
		all = append(all, fmt.Sprint(description))
	}
	return all
}

// fixed is a source of one number.
type fixed uint64

func (u fixed) Uint64() uint64 { return uint64(u) }

// TestMaskAtTheBorder compares a mask of the Trainer with one of the plain layers where the
// random number is just below the probability, equal to it or above.
func TestMaskAtTheBorder(t *testing.T) {
	for _, p := range []float64{0.3, 0.5, 0.999, math.SmallestNonzeroFloat64, math.Nextafter(1, 0)} {
		border := uint64(p * (1 << 53))
		for u := max(border, 1) - 1; u <= min(border+1, 1<<53-1); u++ {
			full := &fullTrainer{pDropout: p, order: []int{0}, mask: *matrix.New(1, 1)}
			full.draw(rand.New(fixed(u)))
			if want := dropoutLayer(1, 1, p, rand.New(fixed(u))); full.mask.Data[0] != want.Data[0] {
				t.Errorf("p = %v, random number %d·2⁻⁵³: mask %v, want %v", p, u, full.mask.Data[0], want.Data[0])
			}
		}
	}
}

// TestNotZero: only the two zeros are left out of the backward pass, not NaN.
func TestNotZero(t *testing.T) {
	for _, x := range []float64{1, -1, math.NaN(), math.Inf(1), math.Inf(-1), math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64} {
		if notZero(x) != 1 {
			t.Errorf("notZero(%v) = %d", x, notZero(x))
		}
	}
	if notZero(0) != 0 || notZero(math.Copysign(0, -1)) != 0 {
		t.Error("a zero is not 0")
	}
}
