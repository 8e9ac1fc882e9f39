package main

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/tour"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// The training of the network that is there at the first visit. A small λ makes its
// weights smooth enough that their pictures show something. In the proportion λ/n = 10⁻⁴
// it is the book's λ = 5 for 50,000 digits.
const (
	readyEpochs    = 5
	readyMiniBatch = 10
	readyEta       = 0.5
	readyDecay     = 1e-4
)

// prepare returns the network of a new visitor, that of -load or one that it trains in
// well under two seconds, and where it is from.
func prepare(o options, data mnist.Data) (ready *network2.Network, origin string, err error) {
	if o.load == "" {
		digits := fmt.Sprintf("%d digits of %s", len(data.Training), data.Dir)
		if data.Dir == "" {
			digits = fmt.Sprintf("%d synthetic digits", len(data.Training))
		}
		return trainReady(data, o.seed), "[784,30,10], just trained on " + digits, nil
	}
	if ready, err = network2.Load(o.load); err != nil {
		return nil, "", err
	}
	if in, out := ready.Sizes[0], ready.Sizes[len(ready.Sizes)-1]; in != pixels || out != mnist.Classes {
		return nil, "", fmt.Errorf("%s holds a network %s, and the page needs 784 inputs and 10 outputs", o.load, cli.Layers(ready.Sizes))
	}
	return ready, cli.Layers(ready.Sizes) + " from " + o.load, nil
}

// doubtful returns the first digit that net is not sure of and reads wrong, or 0: where all
// is well, there is no error that could come back.
func doubtful(net *network2.Network, digits []nn.Example) int {
	for i, e := range digits {
		reading := tour.Read(net.Feedforward(e.X()))
		if !reading.Sure && reading.Answer != e.Label() {
			return i
		}
	}
	return 0
}

// trainReady trains the network [784,30,10] with the cross-entropy.
func trainReady(data mnist.Data, seed uint64) *network2.Network {
	rng := rand.New(rand.NewPCG(seed, 0))
	net := network2.New([]int{pixels, 30, mnist.Classes}, network2.CrossEntropyCost{}, rng)
	n := len(data.Training)
	trainer := net.Trainer(readyDecay*float64(n), n)
	training := slices.Clone(data.Training) // shuffled, and the order of data is not ours
	for range readyEpochs {
		rng.Shuffle(n, func(i, j int) { training[i], training[j] = training[j], training[i] })
		for miniBatch := range nn.MiniBatches(training, readyMiniBatch) {
			trainer.Update(miniBatch, readyEta)
		}
	}
	return net
}
