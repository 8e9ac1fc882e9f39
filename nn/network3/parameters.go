package network3

import (
	"math/rand/v2"

	"nndl/matrix"
)

// parameters are the weights and biases of a layer and their gradient. Every layer has
// them, each w in network3.py's shape.
type parameters struct {
	w, b           *matrix.Matrix
	nablaW, nablaB *matrix.Matrix // shaped like w and b
}

func newParameters(rows, cols, biases int) parameters {
	return parameters{matrix.New(rows, cols), matrix.New(biases, 1), matrix.New(rows, cols), matrix.New(biases, 1)}
}

// draw draws the weights with mean 0 and the given standard deviation, then the biases with
// mean 0 and standard deviation 1.
func (p *parameters) draw(deviation float64, rng *rand.Rand) {
	for i := range p.w.Data {
		p.w.Data[i] = deviation * rng.NormFloat64()
	}
	for i := range p.b.Data {
		p.b.Data[i] = rng.NormFloat64()
	}
}

// Parameters returns copies of the weights and the biases, as [Layer] says.
func (p *parameters) Parameters() (w, b *matrix.Matrix) {
	return new(matrix.Matrix).Copy(p.w), new(matrix.Matrix).Copy(p.b)
}

// SetParameters copies w and b into the layer, as [Layer] says.
func (p *parameters) SetParameters(w, b *matrix.Matrix) {
	p.w.Copy(w)
	p.b.Copy(b)
}

// Gradient returns copies of ∂C/∂w and ∂C/∂b, as [Layer] says.
func (p *parameters) Gradient() (nablaW, nablaB *matrix.Matrix) {
	return new(matrix.Matrix).Copy(p.nablaW), new(matrix.Matrix).Copy(p.nablaB)
}

// update takes a step down the gradient. The weights decay, the biases do not.
func (p *parameters) update(eta, decay float64) {
	p.w.Scale(1-eta*decay, p.w).AddScaled(-eta, p.nablaW)
	p.b.AddScaled(-eta, p.nablaB)
}

func (p *parameters) sumOfSquares() float64 {
	sum := 0.0
	for _, w := range p.w.Data {
		sum += w * w
	}
	return sum
}

// addBiases adds the biases b, a column, to each row of z.
func addBiases(z, b *matrix.Matrix) {
	for i := range z.Rows {
		row := z.Row(i)[:len(b.Data)]
		for j, b := range b.Data {
			row[j] += b
		}
	}
}

// sumRows sets b, a column, to the sum of the rows of delta.
func sumRows(b, delta *matrix.Matrix) {
	clear(b.Data)
	for i := range delta.Rows {
		for j, d := range delta.Row(i) {
			b.Data[j] += d
		}
	}
}
