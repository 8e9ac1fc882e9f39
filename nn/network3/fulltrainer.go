package network3

import (
	"math"
	"math/rand/v2"

	"nndl/matrix"
)

// fullTrainer is a [FullyConnectedLayer] or the [SoftmaxLayer] of a [Trainer];
// trainer.go explains the ideas.
type fullTrainer struct {
	parameters *parameters // of the layer
	activation *Activation // nil is softmax
	pDropout   float64
	first      bool  // of the network: no layer before it wants ∂C/∂inpt
	order      []int // input i of the layer is input order[i] here

	w matrix.Matrix // 100×2880, the transpose of the layer's
	b matrix.Matrix // 100×1

	inpt    *matrix.Matrix // 10×2880
	mask    matrix.Matrix  // 10×2880, and
	dropped matrix.Matrix  // 10×2880 if there is dropout
	z, a    matrix.Matrix  // 10×100; one memory if a tells the derivative of the activation
	nabla   matrix.Matrix  // 10×100: ∂C/∂a, then the errors δ
}

// newFullTrainer returns a trainer for the layer after before, with its parameters.
func newFullTrainer(layer, before Layer) *fullTrainer {
	f := &fullTrainer{first: before == nil}
	switch layer := layer.(type) {
	case *FullyConnectedLayer:
		f.parameters, f.activation, f.pDropout = &layer.parameters, &layer.Activation, layer.PDropout
	case *SoftmaxLayer:
		f.parameters, f.pDropout = &layer.parameters, layer.PDropout
	}
	nIn, nOut := layer.sizes()
	maps := 1
	if conv, ok := before.(*ConvPoolLayer); ok {
		maps = conv.FilterShape[0]
	}
	for i := range nIn { // a map has nIn/maps neurons
		f.order = append(f.order, i%(nIn/maps)*maps+i/(nIn/maps))
	}
	f.w = *matrix.New(nOut, nIn) // 100×2880
	f.b.Copy(f.parameters.b)     // 100×1
	f.eachWeight(func(ours, theirs *float64) { *ours = *theirs })
	return f
}

// store copies the parameters to the layer.
func (f *fullTrainer) store() {
	f.eachWeight(func(ours, theirs *float64) { *theirs = *ours })
	f.parameters.b.Copy(&f.b) // 100×1
}

// eachWeight calls do for each weight, with its place here and in the layer.
func (f *fullTrainer) eachWeight(do func(ours, theirs *float64)) {
	for k, here := range f.order {
		theirs := f.parameters.w.Row(k)
		for j := range theirs {
			do(&f.w.Data[j*f.w.Cols+here], &theirs[j])
		}
	}
}

// grow makes room for m examples, whose inputs will be in inpt, in training or in a test.
func (f *fullTrainer) grow(m int, inpt *matrix.Matrix, training bool) {
	f.inpt = inpt
	setRows(&f.a, m, f.w.Rows)
	if f.activation == nil || f.activation.whole != nil {
		f.z = f.a
	} else {
		setRows(&f.z, m, f.w.Rows)
	}
	if !training {
		return
	}
	setRows(&f.nabla, m, f.w.Rows)
	if f.pDropout > 0 {
		setRows(&f.mask, m, f.w.Cols)
		setRows(&f.dropped, m, f.w.Cols)
	}
}

// draw draws the mask as dropoutLayer does, input by input of the layer. A number from rng
// is a multiple of 2⁻⁵³, so it can be compared as a whole number, which needs no branch.
func (f *fullTrainer) draw(rng *rand.Rand) {
	if f.pDropout == 0 {
		return
	}
	if rng == nil {
		panic("network3: dropout needs a random generator, rng is nil")
	}
	least := uint64(math.Ceil(f.pDropout * (1 << 53)))
	for e := range f.mask.Rows {
		mask := f.mask.Row(e)
		for _, here := range f.order {
			drops := (rng.Uint64()<<11>>11 - least) >> 63 // 1 if it is below
			mask[here] = float64(1 - drops)
		}
	}
}

// forward is the training pass, or the test pass.
func (f *fullTrainer) forward(training bool) {
	x := f.inpt
	if f.pDropout > 0 && training {
		x = f.dropped.Hadamard(f.inpt, &f.mask) // 10×2880
	}
	f.z.MulT(x, &f.w) // 10×2880 · (100×2880)ᵀ → 10×100
	if f.pDropout > 0 && !training {
		f.z.Scale(1-f.pDropout, &f.z) // 10×100
	}
	addBiases(&f.z, &f.b)
	if f.activation != nil {
		f.activation.apply(f.a.Data, f.z.Data)
		return
	}
	for e := range f.a.Rows {
		softmaxOf(f.a.Row(e))
	}
}

// backward is the backward pass for learning rate eta. ∂C/∂a is in nabla, or the errors
// if this is the softmax layer. ∂C/∂a of the layer before goes to nablaInpt, and the
// parameters take their step, the weights after they have decayed to the given part.
func (f *fullTrainer) backward(eta, part float64, nablaInpt *matrix.Matrix) {
	delta, x := &f.nabla, f.inpt
	if f.activation != nil {
		f.activation.timesPrime(delta.Data, f.a.Data, f.z.Data)
	}
	if !f.first {
		nablaInpt.Mul(delta, &f.w) // 10×100 · 100×2880 → 10×2880
	}
	if f.pDropout > 0 {
		x = &f.dropped
		if !f.first {
			nablaInpt.Hadamard(nablaInpt, &f.mask) // 10×2880
		}
	}
	delta.Scale(-eta, delta)          // 10×100
	f.w.UpdateTMul(part, 1, delta, x) // (10×100)ᵀ · 10×2880 → 100×2880
	for e := range delta.Rows {
		for j, v := range delta.Row(e) {
			f.b.Data[j] += v
		}
	}
}
