// The mini-batch as matrices: a problem that chapter 2 of the book leaves to its
// reader. Where network.go goes through a mini-batch example by example, this
// file goes through it once, and every product is one of two whole matrices. The
// results are the same up to rounding, in a small part of the time.
//
// The book puts the examples side by side as columns. Here each of the m
// examples is a row, because then the 784 numbers of an image are neighbours in
// memory, in the order in which the products read them. So every equation is the book's
// one transposed: the row of an example in Aˡ is its (aˡ)ᵀ, and in Δˡ its (δˡ)ᵀ. The
// weights stay as they are. The shapes in the comments are those of the book's
// network [784,30,10].

package nn

import (
	"fmt"
	"iter"
	"slices"

	"nndl/matrix"
)

// Trainer trains a network of sigmoid neurons by whole mini-batches:
//
//	t := &nn.Trainer{Biases: net.Biases, Weights: net.Weights}
//
// It keeps its matrices from one mini-batch to the next, so it serves one network, and must
// not be copied after its first use, nor used by several goroutines at once.
type Trainer struct {
	Biases, Weights []*matrix.Matrix // as in Network; they are trained in place

	// OutputError sets delta to the output errors Δᴸ of m examples, for the outputs a
	// and the targets y, all m×10. Nil is that of the quadratic cost, (30).
	OutputError func(delta, a, y *matrix.Matrix)

	// Decay is λ/n of chapter 3's weight decay: each step first multiplies the
	// weights by 1 − η·Decay. Chapter 1 has none.
	Decay float64

	// Aˡ, l = 1, 2, …, L, is activations[l-1] and Δˡ, l = 2, …, L, is deltas[l-2],
	// with a row for each example.
	activations []*matrix.Matrix // m×784, m×30, m×10
	deltas      []*matrix.Matrix // m×30, m×10
	y           matrix.Matrix    // m×10

	nablaB, nablaW []*matrix.Matrix // 30×1, 10×1; 30×784, 10×30: only of a long mini-batch
}

// partSize is how many examples are held as matrices at a time. A longer
// mini-batch is done in parts, whose gradients are summed: 50,000 images in one
// matrix of floats would take 314 MB, and no cache could hold them.
const partSize = 256

// Update takes one step of gradient descent with learning rate eta. Without OutputError
// and Decay it is the step of [Network.UpdateMiniBatch], up to rounding. An empty
// mini-batch changes nothing. Update allocates nothing after the first mini-batch of a size.
func (t *Trainer) Update(miniBatch []Example, eta float64) {
	switch m := len(miniBatch); {
	case m > partSize:
		t.updateInParts(miniBatch, eta)
	case m > 0:
		t.backprop(miniBatch)
		t.step(eta, float64(m))
	}
}

// step changes the parameters by what backprop has left, as the products are computed.
func (t *Trainer) step(eta, m float64) {
	for i, w := range t.Weights {
		delta := t.deltas[i]
		delta.Scale(-eta/m, delta) // −(η/m)Δˡ, m×30: fewer numbers to scale than 30×784
		// Equation (20), mini-batch: wˡ → wˡ − (η/m)(Δˡ)ᵀAˡ⁻¹
		// Equation (93), mini-batch: wˡ → (1 − ηλ/n)wˡ − (η/m)(Δˡ)ᵀAˡ⁻¹
		w.UpdateTMul(1-eta*t.Decay, 1, delta, t.activations[i]) // (m×30)ᵀ · m×784 → 30×784
		// Equation (21), mini-batch: bˡ → bˡ − (η/m)(Δˡ)ᵀ1
		addSumOfRows(t.Biases[i], delta) // 30×1, 10×1
	}
}

// updateInParts is Update for a long mini-batch. No weight may change before the last
// part has passed its error back, so the gradients are summed first.
func (t *Trainer) updateInParts(miniBatch []Example, eta float64) {
	if t.nablaB == nil {
		t.nablaB, t.nablaW = zerosLike(t.Biases), zerosLike(t.Weights) // 30×1, 10×1; 30×784, 10×30
	}
	t.sumGradients(miniBatch, t.nablaB, t.nablaW)
	m := float64(len(miniBatch))
	for i, w := range t.Weights {
		w.Scale(1-eta*t.Decay, w) // 30×784, 10×30
		// Equation (20): wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ
		w.AddScaled(-eta/m, t.nablaW[i]) // 30×784, 10×30
		// Equation (21): bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ
		t.Biases[i].AddScaled(-eta/m, t.nablaB[i]) // 30×1, 10×1
	}
}

// Gradient returns the sum over the mini-batch of the gradients of Cₓ, nablaB like Biases
// and nablaW like Weights: without OutputError, of those that [Network.Backprop] gives.
func (t *Trainer) Gradient(miniBatch []Example) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(t.Biases), zerosLike(t.Weights) // 30×1, 10×1; 30×784, 10×30
	t.sumGradients(miniBatch, nablaB, nablaW)
	return nablaB, nablaW
}

// sumGradients sets nablaB and nablaW to the sums of the gradients, part by part: the last
// of the book's five steps.
func (t *Trainer) sumGradients(miniBatch []Example, nablaB, nablaW []*matrix.Matrix) {
	for i := range nablaB {
		clear(nablaB[i].Data)
		clear(nablaW[i].Data)
	}
	for part := range slices.Chunk(miniBatch, partSize) {
		t.backprop(part)
		for i, delta := range t.deltas {
			// Equation (BP3), mini-batch: Σₓ ∂Cₓ/∂bˡ = (Δˡ)ᵀ1
			addSumOfRows(nablaB[i], delta) // 30×1, 10×1
			// Equation (BP4), mini-batch: Σₓ ∂Cₓ/∂wˡ = (Δˡ)ᵀAˡ⁻¹
			nablaW[i].AddTMul(1, delta, t.activations[i]) // (m×30)ᵀ · m×784 → 30×784
		}
	}
}

// backprop computes Aˡ and Δˡ of every layer for at most partSize examples: the
// first four of the book's five steps.
func (t *Trainer) backprop(part []Example) {
	L := len(t.Weights) + 1 // 3

	// 1. Input, and 2. feedforward.
	t.feedforward(part)

	// 3. Output error.
	delta, output := t.deltas[L-2], t.activations[L-1]
	if t.OutputError != nil {
		t.OutputError(delta, output, &t.y)
	} else {
		// Equation (30), mini-batch: Δᴸ = (Aᴸ − Y) ⊙ σ′(Zᴸ)
		delta.Sub(output, &t.y)          // m×10
		timesSigmoidPrime(delta, output) // m×10
	}

	// 4. Backpropagate the error, for l = L−1, L−2, …, 2.
	for l := L - 1; l >= 2; l-- {
		w := t.Weights[l+1-2] // wˡ⁺¹, 10×30
		// Equation (BP2), mini-batch: Δˡ = (Δˡ⁺¹wˡ⁺¹) ⊙ σ′(Zˡ)
		t.deltas[l-2].Mul(t.deltas[l+1-2], w)                // m×10 · 10×30 → m×30
		timesSigmoidPrime(t.deltas[l-2], t.activations[l-1]) // m×30
	}
}

// feedforward computes Aˡ of every layer, and y. Zˡ is where Aˡ will be.
func (t *Trainer) feedforward(part []Example) {
	t.input(part)
	for i, w := range t.Weights {
		z := t.activations[i+1]
		z.MulT(t.activations[i], w) // m×784 · (30×784)ᵀ → m×30
		// Equation (25), mini-batch: Aˡ = σ(Aˡ⁻¹(wˡ)ᵀ + 1(bˡ)ᵀ)
		addToRows(z, t.Biases[i]) // m×30
		z.Sigmoid(z)              // m×30
	}
}

// input makes room for the examples of a part and sets A¹ to their inputs, y to their
// targets.
func (t *Trainer) input(part []Example) {
	if t.activations == nil {
		t.activations = append(t.activations, new(matrix.Matrix))
		for range t.Weights {
			t.activations = append(t.activations, new(matrix.Matrix))
			t.deltas = append(t.deltas, new(matrix.Matrix))
		}
	}
	m := len(part)
	setRows(t.activations[0], m, t.Weights[0].Cols)
	for i, w := range t.Weights {
		setRows(t.activations[i+1], m, w.Rows)
		setRows(t.deltas[i], m, w.Rows)
	}
	setRows(&t.y, m, t.Weights[len(t.Weights)-1].Rows)
	for i, e := range part {
		e.CopyX(t.activations[0].Row(i))
		e.copyY(t.y.Row(i))
	}
}

// Activations goes through data in parts and yields for each part the activations Aˡ,
// l = 1, …, L, at index l−1, and the targets Y, with a row for each example. The
// matrices are the Trainer's own: the next part and every other method overwrite them.
func (t *Trainer) Activations(data []Example) iter.Seq2[[]*matrix.Matrix, *matrix.Matrix] {
	return func(yield func(activations []*matrix.Matrix, y *matrix.Matrix) bool) {
		for part := range slices.Chunk(data, partSize) {
			t.feedforward(part)
			if !yield(t.activations, &t.y) {
				return
			}
		}
	}
}

// Evaluate returns how many examples of testData the network gets right, as
// [Network.Evaluate] does, which see for a network with one output.
func (t *Trainer) Evaluate(testData []Example) int {
	correct := 0
	for activations, y := range t.Activations(testData) {
		output := activations[len(activations)-1] // m×10
		for i := range y.Rows {
			if argMax(output.Row(i)) == argMax(y.Row(i)) {
				correct++
			}
		}
	}
	return correct
}

// MiniBatches yields data in mini-batches of the given size, the last of which may be
// short. While one is at work it asks the processor to fetch the images of the next from
// memory, since shuffled images are scattered all over it. It panics if size is less than 1.
func MiniBatches(data []Example, size int) iter.Seq[[]Example] {
	if size < 1 {
		panic(fmt.Sprintf("nn: MiniBatches: size %d", size))
	}
	return func(yield func(miniBatch []Example) bool) {
		for rest := data; len(rest) > 0; {
			n := min(size, len(rest))
			miniBatch := rest[:n:n]
			rest = rest[n:]
			if size <= partSize { // a longer one would not stay in the caches
				for i := range min(size, len(rest)) {
					matrix.Prefetch(rest[i].pixels)
				}
			}
			if !yield(miniBatch) {
				return
			}
		}
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

// addToRows adds bᵀ, b 30×1, to every row of z, m×30.
func addToRows(z, b *matrix.Matrix) {
	for i := range z.Rows {
		row := z.Row(i)[:len(b.Data)]
		for j, bj := range b.Data {
			row[j] += bj
		}
	}
}

// timesSigmoidPrime sets delta to delta ⊙ σ′(Z), both m×30, where a = σ(Z). It needs no
// exponential: σ′(z) = σ(z)(1 − σ(z)).
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

// argMax returns the index of the largest element of a row.
func argMax(row []float64) int {
	x := matrix.Matrix{Rows: 1, Cols: len(row), Data: row}
	return x.ArgMax()
}
