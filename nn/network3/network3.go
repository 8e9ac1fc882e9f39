// Package network3 is network3.py, the program of the book's chapter 6: convolutional
// layers, pooling, softmax and dropout. It has the same parts in the same order under the
// same names, each kind of layer in a file of its own. The Python leaves the gradients to
// Theano. Here they are written out: each layer's backward pass comes right after its
// forward pass.
//
// The layers are the plain version. They say what a convolutional layer computes, in loops
// that read like equation (125); the tests prove it; and it is slow. A [Trainer] does the same
// up to rounding, fast.
//
// A mini-batch is a matrix with an example in each row, as in network3.py. An image is such
// a row, map by map, and each map row by row. The shapes in the comments are those of
//
//	New([]Layer{
//		NewConvPoolLayer([4]int{20, 1, 5, 5}, [4]int{10, 1, 28, 28}, [2]int{2, 2}, Sigmoid, rng),
//		NewFullyConnectedLayer(20*12*12, 100, Sigmoid, 0, rng),
//		NewSoftmaxLayer(100, 10, 0),
//	}, 10)
//
// where 10 is the number of examples in a mini-batch, and of digits too.
package network3

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"nndl/matrix"
	"nndl/nn"
)

// Activation is the activation function of a layer's neurons and its derivative. Both take
// the weighted input z.
type Activation struct {
	Name     string
	F, Prime func(z float64) float64
	whole    *whole // both for many neurons at once, or nil: see Trainer
}

// Linear gives a neuron its weighted input as its activation.
var Linear = Activation{"linear", func(z float64) float64 { return z }, func(z float64) float64 { return 1 }, wholeLinear}

// ReLU makes rectified linear neurons. At z = 0, where there is no derivative, Prime is 0,
// as in Theano 1.0; in Theano 0.6 and 0.7, which the book used, it was 1.
var ReLU = Activation{"relu", func(z float64) float64 { return max(0, z) }, reluPrime, wholeReLU}

// Sigmoid makes the sigmoid neurons of the chapters before.
var Sigmoid = Activation{"sigmoid", sigma, func(z float64) float64 { return sigma(z) * (1 - sigma(z)) }, wholeSigmoid}

// Tanh makes tanh neurons, with activations between −1 and 1.
var Tanh = Activation{"tanh", math.Tanh, func(z float64) float64 { return 1 - math.Tanh(z)*math.Tanh(z) }, wholeTanh}

func sigma(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func reluPrime(z float64) float64 {
	if z > 0 {
		return 1
	}
	return 0
}

// Layer is a layer of a network: a [ConvPoolLayer], a [FullyConnectedLayer] or a
// [SoftmaxLayer].
type Layer interface {
	// Parameters returns copies of the weights and the biases. The biases are a column.
	Parameters() (w, b *matrix.Matrix)
	// SetParameters copies w and b into the layer, and panics if their shapes do not fit.
	SetParameters(w, b *matrix.Matrix)
	// Gradient returns copies of ∂C/∂w and ∂C/∂b as the last Backward found them.
	Gradient() (nablaW, nablaB *matrix.Matrix)
	// Output is the test pass: it returns the activations for a mini-batch of inputs.
	Output(inpt *matrix.Matrix) *matrix.Matrix
	// OutputDropout is the training pass, with dropout. It keeps what Backward needs, and
	// inpt too.
	OutputDropout(inpt *matrix.Matrix, rng *rand.Rand) *matrix.Matrix
	// Backward is the backward pass of the last training pass. It takes ∂C/∂output, or the
	// targets if the layer is the softmax layer, and returns ∂C/∂inpt.
	Backward(nablaA *matrix.Matrix) *matrix.Matrix

	sizes() (nIn, nOut int)    // numbers in a row of inpt and of the output
	update(eta, decay float64) // w → w − η(∂C/∂w + decay·w), b → b − η ∂C/∂b
	sumOfSquares() float64     // Σ_w w²
}

// Network is a network of layers, the last of them a softmax layer.
type Network struct {
	Layers        []Layer
	MiniBatchSize int
}

// New returns the network of the layers, which it keeps. It panics if the last layer is not
// a softmax layer or another one is, if a layer has another number of inputs than the layer
// before it has outputs, if a convolutional layer is for mini-batches of another size or for
// other images than the layer before it makes, or if it comes after one that makes none.
func New(layers []Layer, miniBatchSize int) *Network {
	if err := check(layers, miniBatchSize); err != nil {
		panic("network3: New: " + err.Error())
	}
	return &Network{layers, miniBatchSize}
}

// check returns an error unless the layers make a network.
func check(layers []Layer, miniBatchSize int) error {
	if len(layers) == 0 || miniBatchSize < 1 {
		return fmt.Errorf("%d layers, mini-batches of %d: want one or more of both", len(layers), miniBatchSize)
	}
	for i, layer := range layers {
		if _, ok := layer.(*SoftmaxLayer); ok != (i == len(layers)-1) {
			return fmt.Errorf("layer %d of %d is a %T: want a softmax layer last, and no other", i, len(layers), layer)
		}
		if conv, ok := layer.(*ConvPoolLayer); ok && conv.ImageShape[0] != miniBatchSize {
			return fmt.Errorf("layer %d has image shape %v, the mini-batches are of %d", i, conv.ImageShape, miniBatchSize)
		}
		if i > 0 {
			_, before := layers[i-1].sizes()
			if nIn, _ := layer.sizes(); nIn != before {
				return fmt.Errorf("layer %d has %d inputs, layer %d has %d outputs", i, nIn, i-1, before)
			}
			if err := checkMaps(layers[i-1], layer); err != nil {
				return fmt.Errorf("layer %d: %w", i, err)
			}
		}
	}
	return nil
}

// checkMaps returns an error if the layer is convolutional and its images are not the maps
// that the layer before it makes.
func checkMaps(before, layer Layer) error {
	conv, ok := layer.(*ConvPoolLayer)
	if !ok {
		return nil
	}
	maps, ok := before.(*ConvPoolLayer)
	if !ok {
		return fmt.Errorf("a convolutional layer after a %T: want it first, or after another", before)
	}
	rows, cols := maps.pooled()
	if made := [4]int{maps.ImageShape[0], maps.FilterShape[0], rows, cols}; conv.ImageShape != made {
		return fmt.Errorf("images %v, the layer before makes %v", conv.ImageShape, made)
	}
	return nil
}

// FixedWeightInitializer draws the parameters anew, layer by layer as the layers were made,
// but the weights with standard deviation 1/√nIn, which is what chapter 3 calls for. nIn is
// how many inputs a neuron has: in a convolutional layer the maps in times the size of a
// filter. It leaves the softmax layer as it is.
func (net *Network) FixedWeightInitializer(rng *rand.Rand) {
	for _, layer := range net.Layers {
		switch layer := layer.(type) {
		case *ConvPoolLayer:
			layer.draw(math.Sqrt(1/float64(layer.w.Cols)), rng) // 20×25, 20×1
		case *FullyConnectedLayer:
			layer.draw(math.Sqrt(1/float64(layer.w.Rows)), rng) // 2880×100, 100×1
		}
	}
}

// SGD trains the network by stochastic gradient descent with learning rate eta and
// regularization parameter lambda, and writes to w what network3.py prints. It does not
// shuffle: the mini-batches are always the same, in the order of trainingData. Examples that
// do not fill a mini-batch at the end are never used, in any of the three sets. rng is for
// the masks of dropout alone, and may be nil without dropout. SGD panics if miniBatchSize is
// not the network's, or if trainingData has fewer examples than that.
func (net *Network) SGD(trainingData []nn.Example, epochs, miniBatchSize int, eta float64, validationData, testData []nn.Example, lambda float64, rng *rand.Rand, w io.Writer) {
	if miniBatchSize != net.MiniBatchSize || len(trainingData) < miniBatchSize {
		panic(fmt.Sprintf("network3: SGD: %d training examples in mini-batches of %d for a network with mini-batches of %d",
			len(trainingData), miniBatchSize, net.MiniBatchSize))
	}
	numTrainingBatches := len(trainingData) / miniBatchSize
	bestValidationAccuracy, bestIteration, testAccuracy := 0.0, -1, 0.0
	for epoch := range epochs {
		for i := range numTrainingBatches {
			iteration := numTrainingBatches*epoch + i
			if iteration%1000 == 0 {
				fmt.Fprintf(w, "Training mini-batch number %d\n", iteration)
			}
			net.UpdateMiniBatch(trainingData[i*miniBatchSize:(i+1)*miniBatchSize], eta, lambda, numTrainingBatches, rng)
		}
		validationAccuracy := net.Accuracy(validationData)
		fmt.Fprintf(w, "Epoch %d: validation accuracy %.2f%%\n", epoch, 100*validationAccuracy)
		if validationAccuracy >= bestValidationAccuracy { // an equal one counts as the best too
			fmt.Fprintln(w, "This is the best validation accuracy to date.")
			bestValidationAccuracy, bestIteration = validationAccuracy, numTrainingBatches*(epoch+1)-1
			if len(testData) > 0 {
				testAccuracy = net.Accuracy(testData)
				fmt.Fprintf(w, "The corresponding test accuracy is %.2f%%\n", 100*testAccuracy)
			}
		}
	}
	fmt.Fprintln(w, "Finished training network.")
	if bestIteration >= 0 { // without an epoch or validation data the Python stops with an error here
		fmt.Fprintf(w, "Best validation accuracy of %.2f%% obtained at iteration %d\n", 100*bestValidationAccuracy, bestIteration)
		fmt.Fprintf(w, "Corresponding test accuracy of %.2f%%\n", 100*testAccuracy)
	}
}

// UpdateMiniBatch takes one step of gradient descent for the examples of a mini-batch: the
// Python's train_mb. It returns the cost before the step, regularization included,
//
//	C = −(1/m) Σₓ ln aᴸ_y + (λ/2)/numTrainingBatches Σ_w w²
//
// λ is divided by the number of mini-batches, where network2.py divides by the number of
// examples. So with mini-batches of 10, λ = 0.1 here is λ = 1 there. UpdateMiniBatch panics
// if miniBatch is empty or numTrainingBatches is less than 1.
func (net *Network) UpdateMiniBatch(miniBatch []nn.Example, eta, lambda float64, numTrainingBatches int, rng *rand.Rand) float64 {
	if len(miniBatch) == 0 || numTrainingBatches < 1 {
		panic(fmt.Sprintf("network3: UpdateMiniBatch: %d examples, %d mini-batches: want one or more of both", len(miniBatch), numTrainingBatches))
	}
	decay := lambda / float64(numTrainingBatches)
	cost := net.backprop(miniBatch, rng)
	for _, layer := range net.Layers {
		cost += 0.5 * decay * layer.sumOfSquares()
	}
	for _, layer := range net.Layers {
		layer.update(eta, decay)
	}
	return cost
}

// backprop finds the gradient of the cost, regularization aside, for the examples of a
// mini-batch. Each layer keeps its own. It returns that cost.
func (net *Network) backprop(miniBatch []nn.Example, rng *rand.Rand) float64 {
	softmax := net.Layers[len(net.Layers)-1].(*SoftmaxLayer)
	activations := net.inputs(miniBatch) // 10×784, then 10×2880, 10×100, 10×10
	for _, layer := range net.Layers {
		activations = layer.OutputDropout(activations, rng)
	}
	y := net.targets(miniBatch) // 10×10
	nabla := y                  // then ∂C/∂a: 10×100, 10×2880, 10×784
	for i := len(net.Layers) - 1; i >= 0; i-- {
		nabla = net.Layers[i].Backward(nabla)
	}
	return softmax.Cost(y)
}

// Feedforward returns the outputs of the test pass, a row for each row of inpt.
func (net *Network) Feedforward(inpt *matrix.Matrix) *matrix.Matrix {
	for _, layer := range net.Layers {
		inpt = layer.Output(inpt) // 10×2880, 10×100, 10×10
	}
	return inpt
}

// Accuracy returns the fraction of data that the network gets right, over the full
// mini-batches. It is NaN if data does not fill one. The Python takes the mean of the
// mini-batches' accuracies instead, which rounds, so that two equal counts may differ.
func (net *Network) Accuracy(data []nn.Example) float64 {
	correct, m := 0, net.MiniBatchSize
	used := data[:len(data)/m*m]
	for i := 0; i < len(used); i += m {
		output := net.Feedforward(net.inputs(used[i : i+m])) // 10×10
		for j, e := range used[i : i+m] {
			if matrix.FromSlice(output.Cols, 1, output.Row(j)).ArgMax() == e.Label() { // 10×1
				correct++
			}
		}
	}
	return float64(correct) / float64(len(used))
}

// inputs returns the inputs of some examples as the rows of a matrix, 10×784.
func (net *Network) inputs(examples []nn.Example) *matrix.Matrix {
	nIn, _ := net.Layers[0].sizes()
	x := matrix.New(len(examples), nIn) // 10×784
	for i, e := range examples {
		input := e.X() // 784×1
		if input.Rows != nIn {
			panic(fmt.Sprintf("network3: an example of %d inputs for a network of %d", input.Rows, nIn))
		}
		copy(x.Row(i), input.Data)
	}
	return x
}

// targets returns the targets of some examples as the rows of a matrix, 10×10: 1 at the
// label and 0 elsewhere.
func (net *Network) targets(examples []nn.Example) *matrix.Matrix {
	_, nOut := net.Layers[len(net.Layers)-1].sizes()
	y := matrix.New(len(examples), nOut) // 10×10
	for i, e := range examples {
		if e.Label() >= nOut {
			panic(fmt.Sprintf("network3: an example with label %d for a network of %d outputs", e.Label(), nOut))
		}
		y.Set(i, e.Label(), 1)
	}
	return y
}
