package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"nndl/nn/network3"
)

// convNet is an experiment of chapter 6: a network and how it is trained. Its convolutional
// layers have filters of 5×5 and pools of 2×2; then come fully connected layers and a
// softmax layer.
type convNet struct {
	maps        []int // of each convolutional layer
	hidden      []int // neurons of each fully connected layer
	activation  network3.Activation
	dropout     float64 // of the inputs of every layer after the convolutional ones
	epochs      int
	eta, lambda float64
	expanded    bool // trained on the images and their shifted copies
	voters      int  // networks that vote, 0 for one that is asked alone
	published   string
}

// chapter6 are the experiments of chapter 6 as its program conv.py has them: mini-batches of
// 10, and the accuracy on the test images after the epoch with the best accuracy on the
// validation images. The book took the best of three runs. One is the rule here, because a
// run is long.
var chapter6 = []experiment{
	inPractice("shallow", "100 hidden neurons, no convolution", convNet{hidden: []int{100}, activation: network3.Sigmoid, epochs: 60, eta: 0.1, published: "97.80 %"}),
	inPractice("conv", "20 feature maps, then 100 neurons", convNet{maps: []int{20}, hidden: []int{100}, activation: network3.Sigmoid, epochs: 60, eta: 0.1, published: "98.78 %"}),
	inPractice("omit-fc", "20 feature maps and no hidden neurons (an exercise)", convNet{maps: []int{20}, activation: network3.Sigmoid, epochs: 60, eta: 0.1, published: "not given"}),
	inPractice("double-conv", "20 and 40 feature maps", convNet{maps: []int{20, 40}, hidden: []int{100}, activation: network3.Sigmoid, epochs: 60, eta: 0.1, published: "99.06 %"}),
	inPractice("tanh", "20 and 40 feature maps, tanh (a problem)", convNet{maps: []int{20, 40}, hidden: []int{100}, activation: network3.Tanh, epochs: 60, eta: 0.1, published: "not given"}),
	inPractice("relu", "20 and 40 feature maps, rectified linear neurons", convNet{maps: []int{20, 40}, hidden: []int{100}, activation: network3.ReLU, epochs: 60, eta: 0.03, lambda: 0.1, published: "99.23 %"}),
	rectified("expanded", "relu on five times the images, four fifths of them shifted", []int{100}, "99.37 %"),
	rectified("fc-300", "expanded with 300 neurons instead of 100", []int{300}, "99.46 %"),
	rectified("fc-1000", "expanded with 1,000", []int{1000}, "99.43 %"),
	rectified("double-fc", "expanded with two layers of 100", []int{100, 100}, "99.43 %"),
	rectified("double-fc-300", "expanded with two layers of 300", []int{300, 300}, "99.48 %"),
	rectified("double-fc-1000", "expanded with two layers of 1,000", []int{1000, 1000}, "99.47 %"),
	inPractice("dropout", "two layers of 1,000 with dropout, on the shifted images too", withDropout(0, "99.60 %")),
	inPractice("ensemble", "five networks of dropout vote", withDropout(5, "99.67 %")),
}

// inPractice is an experiment of the chapter's second section.
func inPractice(name, shows string, net convNet) experiment {
	return experiment{name: name, chapter: 6, section: "Convolutional neural networks in practice", shows: shows, net: &net}
}

// rectified is relu on the expanded images.
func rectified(name, shows string, hidden []int, published string) experiment {
	return inPractice(name, shows, convNet{maps: []int{20, 40}, hidden: hidden, activation: network3.ReLU,
		epochs: 60, eta: 0.03, lambda: 0.1, expanded: true, published: published})
}

// withDropout is the network that reads the most test images of all.
func withDropout(voters int, published string) convNet {
	return convNet{maps: []int{20, 40}, hidden: []int{1000, 1000}, activation: network3.ReLU, dropout: 0.5,
		epochs: 40, eta: 0.03, expanded: true, voters: voters, published: published}
}

// The sizes of chapter 6.
const (
	batchSize  = 10
	filterSize = 5
	poolSize   = 2
)

// pooled returns the size of a feature map after the pool, for a map of that size before the
// layer: 12 for 28, 4 for 12.
func pooled(size int) int { return (size - filterSize + 1) / poolSize }

// network returns a new network for images of rows×cols pixels and ten digits. The images
// must not be too small.
func (n *convNet) network(rows, cols int, rng *rand.Rand) *network3.Network {
	var layers []network3.Layer
	maps := 1
	for _, out := range n.maps {
		layers = append(layers, network3.NewConvPoolLayer([4]int{out, maps, filterSize, filterSize},
			[4]int{batchSize, maps, rows, cols}, [2]int{poolSize, poolSize}, n.activation, rng))
		maps, rows, cols = out, pooled(rows), pooled(cols)
	}
	nIn := maps * rows * cols
	for _, nOut := range n.hidden {
		layers = append(layers, network3.NewFullyConnectedLayer(nIn, nOut, n.activation, n.dropout, rng))
		nIn = nOut
	}
	return network3.New(append(layers, network3.NewSoftmaxLayer(nIn, 10, n.dropout)), batchSize)
}

// fits returns an error if images of rows×cols pixels are too small for the layers.
func (n *convNet) fits(rows, cols int) error {
	r, c := rows, cols
	for range n.maps {
		r, c = pooled(r), pooled(c)
	}
	if min(r, c) < 1 {
		return fmt.Errorf("the images of %d×%d pixels are too small for %d convolutional layers", rows, cols, len(n.maps))
	}
	return nil
}

// words describes the network: 28×28 → 20 maps of 12×12 → 100 → 10, sigmoid.
func (n *convNet) words(rows, cols int) string {
	layers := []string{fmt.Sprintf("%d×%d", rows, cols)}
	for _, maps := range n.maps {
		rows, cols = pooled(rows), pooled(cols)
		layers = append(layers, fmt.Sprintf("%d maps of %d×%d", maps, rows, cols))
	}
	for _, neurons := range n.hidden {
		layers = append(layers, fmt.Sprint(neurons))
	}
	words := strings.Join(append(layers, "10"), " → ") + ", " + n.activation.Name
	if n.dropout > 0 {
		words += fmt.Sprintf(", dropout %g", n.dropout)
	}
	return words
}

// parameters returns how many weights and biases the network has.
func (n *convNet) parameters(rows, cols int) (count int) {
	maps := 1
	for _, out := range n.maps {
		count += out * (maps*filterSize*filterSize + 1)
		maps, rows, cols = out, pooled(rows), pooled(cols)
	}
	nIn := maps * rows * cols
	for _, nOut := range slices.Concat(n.hidden, []int{10}) {
		count += nOut * (nIn + 1)
		nIn = nOut
	}
	return count
}

// multiplications returns how many an image takes, forward alone and forward and backward. In
// the backward pass of a convolutional layer, the error goes to one number of each pool.
func (n *convNet) multiplications(rows, cols int) (forward, both float64) {
	maps, first := 1, true
	add := func(products, backward float64) {
		forward, both = forward+products, both+products+backward // of the weights
		if !first {
			both += backward // and of the inputs, which the images do not need
		}
		first = false
	}
	for _, out := range n.maps {
		products := float64(out * (rows - filterSize + 1) * (cols - filterSize + 1) * maps * filterSize * filterSize)
		add(products, products/(poolSize*poolSize))
		maps, rows, cols = out, pooled(rows), pooled(cols)
	}
	nIn := maps * rows * cols
	for _, nOut := range slices.Concat(n.hidden, []int{10}) {
		add(float64(nIn*nOut), float64(nIn*nOut))
		nIn = nOut
	}
	return forward, both
}

// work returns about how many multiplications a run takes on so many images and as many to
// evaluate it.
func (n *convNet) work(training, evaluation int) float64 {
	if n.expanded {
		training *= 5
	}
	forward, both := n.multiplications(28, 28)
	return float64(n.epochs*max(n.voters, 1)) * (both*float64(training) + forward*float64(evaluation))
}
