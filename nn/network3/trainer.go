// The fast way through a network. The plain layers define what is computed, in loops that
// read like the equations. A Trainer computes the same, up to rounding, and hardly anything
// of it in loops of its own: nearly all is one of a few operations of package matrix, on a
// whole image or a whole mini-batch.
//
// A convolution is a product. What a filter sees at one position is its patch of the image,
// 25 numbers in the first layer of the book's network, 500 in the second. Copy the patches
// of all positions into the rows of a matrix, have a filter in each column of another, and
// (125) for all neurons of all maps is their product,
//
//	576×25 · 25×20 → 576×20    and    64×500 · 500×40 → 64×40,
//
// image by image, since the patches of one image stay in the second cache and those of ten
// would not. Most numbers are copied 25 times; the product uses each copy 20 or 40 times.
//
// Maps last. network3.py has an image map by map. Here the numbers of all maps at one place
// are neighbours. Then a row of a patch is one run of memory, 5·20 numbers in the second
// layer; the product leaves its result in this very order; and pooling compares vectors,
// those of the four places of a window, with all maps in them. The fully connected layer
// above gets its inputs in this order too, so it has its weights in another order than the
// plain layer: NewTrainer and Store exchange them, and nothing is turned round on the way.
//
// Winners only. The error of a window goes to its maximum alone, so three quarters of the
// errors before pooling are 0, and a dense product backward would mostly multiply by 0. The
// winners are multiplied one by one: each adds its error times its patch to the gradient of
// its filter, and its error times its filter to ∂C/∂a of its patch. Errors that happen to be
// 0, as behind a ReLU that is off or a dropped input, are left out as well. (In a network
// that has diverged, 0 times an infinite number is NaN by the plain layers, and nothing here.)
// The first layer passes no error back: ∂C/∂ of a pixel has no use.
//
// The step is taken as the gradient is found: its terms, times −η, are added to the weights
// themselves, which have decayed before. So w is read and written once, and there is no ∇w.
// A fully connected layer of 1,000 by 1,000 has 8 MB of weights, more than the second cache
// holds, and with ten examples its three products take hardly longer than reading it.
// It has w as network2 has it, a neuron in each row, the transpose of network3.py's: for
// 2,880 inputs and 100 neurons that is a quarter faster.
//
// Cores share the images of a mini-batch, and after that the filters of a layer, for which
// each adds up all images in their order. So no sum depends on how many cores there are.

package network3

import (
	"fmt"
	"math/rand/v2"
	"runtime"

	"nndl/matrix"
	"nndl/nn"
)

// Trainer trains a [Network] by whole mini-batches as matrices, on as many cores as are free;
// the result does not depend on how many. It has its own copy of the parameters:
// [Trainer.Store] copies them back to the network. A Trainer serves one network, and must not
// be used by several goroutines at once.
type Trainer struct {
	net   *Network
	convs []*convTrainer
	fulls []*fullTrainer // the last is the softmax layer

	inpt      matrix.Matrix // 10×784, maps last
	mapsFirst matrix.Matrix // the same as it comes, if an input has several maps
	outputs   matrix.Matrix // 10×10

	// The step that is being taken, and what the cores share of it.
	examples  []nn.Example
	eta, part float64 // the learning rate; what is left of a weight that has decayed
	rng       *rand.Rand
	parts     int // into which the filters of a layer are shared out
	shared    struct{ train, test, backward, update func(i int) }
}

// NewTrainer returns a Trainer for net, with the parameters that net has now.
func NewTrainer(net *Network) *Trainer {
	t := &Trainer{net: net}
	var before Layer
	for _, layer := range net.Layers {
		if conv, ok := layer.(*ConvPoolLayer); ok {
			t.convs = append(t.convs, newConvTrainer(conv, before == nil))
		} else {
			t.fulls = append(t.fulls, newFullTrainer(layer, before))
		}
		before = layer
	}
	t.shared.train, t.shared.test, t.shared.backward, t.shared.update = t.train, func(e int) { t.convolve(e, false) }, t.backward, t.update
	return t
}

// Store copies the parameters to the layers of the network.
func (t *Trainer) Store() {
	for _, c := range t.convs {
		c.store()
	}
	for _, f := range t.fulls {
		f.store()
	}
}

// Update takes one step of gradient descent for the examples of a mini-batch: the step of
// [Network.UpdateMiniBatch], up to rounding, with the same masks from the same rng. It
// panics as that does. It allocates nothing after the first mini-batch of a size, on one core.
func (t *Trainer) Update(miniBatch []nn.Example, eta, lambda float64, numTrainingBatches int, rng *rand.Rand) {
	if len(miniBatch) == 0 || numTrainingBatches < 1 {
		panic(fmt.Sprintf("network3: Update: %d examples, %d mini-batches: want one or more of both", len(miniBatch), numTrainingBatches))
	}
	t.eta, t.part, t.rng = eta, 1-eta*lambda/float64(numTrainingBatches), rng
	m := len(miniBatch)
	t.begin(miniBatch, true)
	matrix.Share(m+1, t.shared.train)
	for _, f := range t.fulls {
		f.forward(true)
	}
	t.outputError()
	for i := len(t.fulls) - 1; i >= 0; i-- {
		t.fulls[i].backward(t.eta, t.part, t.nablaBefore(len(t.convs)+i))
	}
	if len(t.convs) > 0 {
		matrix.Share(m, t.shared.backward)
		t.parts = runtime.GOMAXPROCS(0)
		matrix.Share(t.parts*len(t.convs), t.shared.update)
	}
}

// nablaBefore returns where ∂C/∂a of the layer before layer i belongs, or nil.
func (t *Trainer) nablaBefore(i int) *matrix.Matrix {
	switch {
	case i > len(t.convs):
		return &t.fulls[i-len(t.convs)-1].nabla // 10×100
	case i > 0:
		return &t.convs[i-1].nabla // 10×2880
	}
	return nil
}

// begin makes room for the examples of a mini-batch, or of a test.
func (t *Trainer) begin(examples []nn.Example, training bool) {
	t.examples = examples
	m := len(examples)
	nIn, _ := t.net.Layers[0].sizes()
	setRows(&t.inpt, m, nIn)
	if len(t.convs) > 0 && t.convs[0].mapsIn > 1 {
		setRows(&t.mapsFirst, m, nIn)
	}
	inpt := &t.inpt
	for _, c := range t.convs {
		c.grow(m, inpt, training)
		inpt = &c.a
	}
	for _, f := range t.fulls {
		f.grow(m, inpt, training)
		inpt = &f.a
	}
}

// train is the forward pass of example i − 1 through the convolutional layers, or for 0 the
// drawing of the masks, which takes about as long.
func (t *Trainer) train(i int) {
	if i == 0 {
		for _, f := range t.fulls {
			f.draw(t.rng)
		}
		return
	}
	t.convolve(i-1, true)
}

// convolve takes example e through the convolutional layers.
func (t *Trainer) convolve(e int, training bool) {
	if len(t.convs) == 0 || t.convs[0].mapsIn == 1 {
		t.examples[e].CopyX(t.inpt.Row(e))
	} else {
		t.examples[e].CopyX(t.mapsFirst.Row(e))
		mapsLast(t.inpt.Row(e), t.mapsFirst.Row(e), t.convs[0].mapsIn)
	}
	for _, c := range t.convs {
		c.forward(e, training)
	}
}

// mapsLast sets last to the numbers of first, an image map by map, with the maps last.
func mapsLast(last, first []float64, maps int) {
	size := len(first) / maps
	for i, v := range first {
		last[i%size*maps+i/size] = v
	}
}

// outputError sets nabla of the softmax layer to its errors.
func (t *Trainer) outputError() {
	softmax := t.fulls[len(t.fulls)-1]
	delta := softmax.nabla.Copy(&softmax.a) // 10×10
	for e, example := range t.examples {
		y := example.Label()
		if y >= delta.Cols {
			panic(fmt.Sprintf("network3: an example with label %d for a network of %d outputs", y, delta.Cols))
		}
		delta.Row(e)[y] -= 1 // (84)
	}
	delta.Scale(1/float64(delta.Rows), delta) // 10×10
}

// backward is the backward pass of example e through the convolutional layers.
func (t *Trainer) backward(e int) {
	for i := len(t.convs) - 1; i >= 0; i-- {
		t.convs[i].backward(e, t.eta, t.nablaBefore(i))
	}
}

// update is the step of some filters of a convolutional layer.
func (t *Trainer) update(i int) {
	c, part := t.convs[len(t.convs)-1-i/t.parts], i%t.parts
	c.update(len(t.examples), part*c.mapsOut/t.parts, (part+1)*c.mapsOut/t.parts, t.part)
}

// Correct returns how many of data the test pass gets right. It goes through all of data,
// where [Network.Accuracy], as the original, leaves out the examples at the end that do not
// fill a mini-batch.
func (t *Trainer) Correct(data []nn.Example) int {
	correct := 0
	for i := 0; i < len(data); i += testSize {
		part := data[i:min(i+testSize, len(data))]
		outputs := t.test(part) // 50×10
		for j, e := range part {
			if row(outputs.Row(j)).ArgMax() == e.Label() {
				correct++
			}
		}
	}
	return correct
}

// Outputs returns the outputs of the test pass, a row for each example. The matrix is the
// Trainer's own: the next call of any method overwrites it.
func (t *Trainer) Outputs(examples []nn.Example) *matrix.Matrix {
	_, nOut := t.net.Layers[len(t.net.Layers)-1].sizes()
	setRows(&t.outputs, len(examples), nOut)
	for i := 0; i < len(examples); i += testSize {
		part := t.test(examples[i:min(i+testSize, len(examples))]) // 50×10
		copy(t.outputs.Data[i*nOut:], part.Data)
	}
	return &t.outputs
}

// testSize is how many examples the test pass takes at a time: more than a mini-batch usually
// has, for then each has a smaller part in the reading of the weights.
const testSize = 50

// test is the test pass of so many examples, or fewer.
func (t *Trainer) test(examples []nn.Example) *matrix.Matrix {
	t.begin(examples, false)
	matrix.Share(len(examples), t.shared.test)
	for _, f := range t.fulls {
		f.forward(false)
	}
	return &t.fulls[len(t.fulls)-1].a // 50×10
}

// setRows makes x rows×cols; its elements are whatever they were. It allocates only when x
// has never been so large.
func setRows(x *matrix.Matrix, rows, cols int) {
	if cap(x.Data) < rows*cols {
		x.Data = make([]float64, rows*cols)
	}
	x.Rows, x.Cols, x.Data = rows, cols, x.Data[:rows*cols]
}
