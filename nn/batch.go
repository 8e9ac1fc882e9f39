// The mini-batch as matrices: a problem that chapter 2 of the book leaves to its
// reader. Where network.go goes through a mini-batch example by example, this
// file goes through it once, and every product is one of two whole matrices. The
// results are the same but for rounding; the time is a small part.
//
// The book stands its examples side by side as columns. Here each of the m
// examples is a row, because then a picture's 784 numbers lie side by side in
// memory as the products read them. So every equation is the book's one
// transposed: the row of an example in Aˡ is its (aˡ)ᵀ, and in Δˡ its (δˡ)ᵀ. The
// weights stay as they are. The shapes in the comments are those of the book's
// network [784,30,10].

package nn

import (
	"fmt"
	"slices"

	"nndl/matrix"
)

// Batch trains a network by whole mini-batches. It holds the matrices that the
// work needs and keeps them from one mini-batch to the next. Not for use by
// several goroutines at once.
type Batch struct {
	n *Network

	// Aˡ, l = 1, 2, …, L, stands at activations[l-1] and Δˡ, l = 2, …, L, at
	// deltas[l-2], with a row for each example.
	activations []matrix.Matrix // m×784, m×30, m×10
	deltas      []matrix.Matrix // m×30, m×10
	y           matrix.Matrix   // m×10

	nablaB, nablaW []*matrix.Matrix // 30×1, 10×1; 30×784, 10×30: only of a mini-batch that comes in parts
}

// NewBatch returns a Batch that trains n in place.
func NewBatch(n *Network) *Batch {
	return &Batch{
		n:           n,
		activations: make([]matrix.Matrix, len(n.Sizes)),
		deltas:      make([]matrix.Matrix, len(n.Sizes)-1),
	}
}

// partSize is how many examples are held as matrices at a time. A longer
// mini-batch goes through in parts, whose gradients are summed: 50,000 pictures
// in one matrix of floats would take 314 MB, and none of the caches could hold them.
const partSize = 256

// Update takes one step of gradient descent with learning rate eta, the same step
// as [Network.UpdateMiniBatch] up to rounding. An empty mini-batch changes nothing. It
// allocates nothing after the first mini-batch of a size.
func (b *Batch) Update(miniBatch []Example, eta float64) {
	n, m := b.n, float64(len(miniBatch))
	if len(miniBatch) <= partSize {
		b.backprop(miniBatch)
		// Equation (20), mini-batch: wˡ → wˡ − (η/m)(Δˡ)ᵀAˡ⁻¹
		// Equation (21), mini-batch: bˡ → bˡ − (η/m)(Δˡ)ᵀ1
		b.addGradient(-eta/m, n.Biases, n.Weights)
		return
	}
	// No weight may change before the last part has passed its error back.
	if b.nablaW == nil {
		b.nablaB, b.nablaW = zerosLike(n.Biases), zerosLike(n.Weights) // 30×1, 10×1; 30×784, 10×30
	}
	b.sumGradients(miniBatch, b.nablaB, b.nablaW)
	for i := range n.Weights {
		n.Weights[i].AddScaled(-eta/m, b.nablaW[i]) // 30×784, 10×30
		n.Biases[i].AddScaled(-eta/m, b.nablaB[i])  // 30×1, 10×1
	}
}

// Prefetch asks the processor to bring the pictures of the next mini-batch near
// while the present one is at work: shuffled pictures lie all over the memory. It
// is a hint and changes no result.
func (b *Batch) Prefetch(miniBatch []Example) {
	if len(miniBatch) > partSize {
		return // more than the caches hold
	}
	for i := range miniBatch {
		matrix.Prefetch(miniBatch[i].pixels)
	}
}

// Gradient returns the sum over the mini-batch of the gradients that
// [Network.Backprop] gives, nablaB like Biases and nablaW like Weights.
func (b *Batch) Gradient(miniBatch []Example) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(b.n.Biases), zerosLike(b.n.Weights) // 30×1, 10×1; 30×784, 10×30
	b.sumGradients(miniBatch, nablaB, nablaW)
	return nablaB, nablaW
}

// sumGradients sets nablaB and nablaW to the sums of the gradients, part by part.
func (b *Batch) sumGradients(miniBatch []Example, nablaB, nablaW []*matrix.Matrix) {
	for i := range nablaB {
		clear(nablaB[i].Data)
		clear(nablaW[i].Data)
	}
	for part := range slices.Chunk(miniBatch, partSize) {
		b.backprop(part)
		b.addGradient(1, nablaB, nablaW)
	}
}

// backprop computes Aˡ and Δˡ of every layer for at most partSize examples: the
// first four of the book's five steps.
func (b *Batch) backprop(part []Example) {
	L := len(b.n.Sizes) // 3

	// 1. Input, and 2. feedforward.
	b.feedforward(part)

	// 3. Output error. The sigmoid has a derivative that needs no exponential:
	// σ′(z) = σ(z)(1 − σ(z)), and σ(Zˡ) is Aˡ.
	b.wanted(part)
	delta, output := &b.deltas[L-2], &b.activations[L-1]
	// Equation (30), mini-batch: Δᴸ = (Aᴸ − Y) ⊙ σ′(Zᴸ)
	delta.Sub(output, &b.y)          // m×10
	timesSigmoidPrime(delta, output) // m×10

	// 4. Backpropagate the error, for l = L−1, L−2, …, 2.
	for l := L - 1; l >= 2; l-- {
		w := b.n.Weights[l+1-2] // wˡ⁺¹, 10×30
		// Equation (BP2), mini-batch: Δˡ = (Δˡ⁺¹wˡ⁺¹) ⊙ σ′(Zˡ)
		b.deltas[l-2].Mul(&b.deltas[l+1-2], w)                 // m×10 · 10×30 → m×30
		timesSigmoidPrime(&b.deltas[l-2], &b.activations[l-1]) // m×30
	}
}

// feedforward computes Aˡ of every layer. Zˡ stands where Aˡ will be.
func (b *Batch) feedforward(part []Example) {
	b.input(part)
	for i, w := range b.n.Weights {
		z := &b.activations[i+1]
		z.MulT(&b.activations[i], w) // m×784 · (30×784)ᵀ → m×30
		// Equation (25), mini-batch: Aˡ = σ(Aˡ⁻¹(wˡ)ᵀ + 1(bˡ)ᵀ)
		addToRows(z, b.n.Biases[i]) // m×30
		z.Sigmoid(z)                // m×30
	}
}

// addGradient adds alpha times the gradient that backprop has left to toB and toW:
// step 5. To the parameters themselves, with alpha = −η/m, it is the step of
// gradient descent, made as the product is computed. Δˡ becomes αΔˡ on the way.
func (b *Batch) addGradient(alpha float64, toB, toW []*matrix.Matrix) {
	for i := range b.deltas {
		delta := &b.deltas[i]
		delta.Scale(alpha, delta) // m×30, which is less to multiply than 30×784
		// Equation (BP3), mini-batch: Σₓ ∂Cₓ/∂bˡ = (Δˡ)ᵀ1
		addSumOfRows(toB[i], delta) // 30×1, 10×1
		// Equation (BP4), mini-batch: Σₓ ∂Cₓ/∂wˡ = (Δˡ)ᵀAˡ⁻¹
		toW[i].AddTMul(1, delta, &b.activations[i]) // (m×30)ᵀ · m×784 → 30×784
	}
}

// input makes room for len(part) examples and sets A¹ to their inputs.
func (b *Batch) input(part []Example) {
	m, sizes := len(part), b.n.Sizes
	setRows(&b.activations[0], m, sizes[0])
	for i, size := range sizes[1:] {
		setRows(&b.activations[i+1], m, size)
		setRows(&b.deltas[i], m, size)
	}
	for i, e := range part {
		e.copyX(b.activations[0].Row(i))
	}
}

// wanted sets y to the wanted outputs.
func (b *Batch) wanted(part []Example) {
	setRows(&b.y, len(part), b.n.Sizes[len(b.n.Sizes)-1])
	for i, e := range part {
		e.copyY(b.y.Row(i))
	}
}

// setRows makes x rows×cols; its elements are whatever they were. It allocates
// only when x has never been so large.
func setRows(x *matrix.Matrix, rows, cols int) {
	if cap(x.Data) < rows*cols {
		x.Data = make([]float64, rows*cols)
	}
	x.Rows, x.Cols, x.Data = rows, cols, x.Data[:rows*cols]
}

// copyX writes the input into the row of a matrix.
func (e Example) copyX(row []float64) {
	switch {
	case e.x == nil && len(e.pixels) == len(row):
		matrix.Widen(row, e.pixels)
	case e.x != nil && len(e.x.Data) == len(row):
		copy(row, e.x.Data)
	default:
		panic(fmt.Sprintf("nn: Batch: an example of %d inputs for a network of %d", e.X().Rows, len(row)))
	}
}

// copyY writes the wanted output into the row of a matrix.
func (e Example) copyY(row []float64) {
	if e.n != len(row) {
		panic(fmt.Sprintf("nn: Batch: an example of %d outputs for a network of %d", e.n, len(row)))
	}
	if e.y != nil {
		copy(row, e.y.Data)
		return
	}
	clear(row)
	row[e.label] = 1
}

// addToRows adds bᵀ, b 30×1, to every row of z, m×30.
func addToRows(z, b *matrix.Matrix) {
	for i := range z.Rows {
		row := z.Row(i)[:len(b.Data)]
		for j, bj := range b.Data {
			row[j] += bj
		}
	}
}

// timesSigmoidPrime sets delta to delta ⊙ σ′(Z), both m×30, where a = σ(Z).
func timesSigmoidPrime(delta, a *matrix.Matrix) {
	d := delta.Data
	for i, v := range a.Data[:len(d)] {
		d[i] *= v * (1 - v)
	}
}

// addSumOfRows adds the sum of delta's rows, m×30, to z, 30×1.
func addSumOfRows(z, delta *matrix.Matrix) {
	sums := z.Data
	for i := range delta.Rows {
		row := delta.Row(i)[:len(sums)]
		for j, v := range row {
			sums[j] += v
		}
	}
}

// argMaxOfRow returns the index of the largest element in row i of x.
func argMaxOfRow(x *matrix.Matrix, i int) int {
	row := matrix.Matrix{Rows: 1, Cols: x.Cols, Data: x.Row(i)}
	return row.ArgMax()
}
