package nn

import "nndl/matrix"

// The loops of batch.go that are no products of matrices.

// sigmoidOfRows sets every row of z, m×30, to σ(row + bᵀ), b 30×1.
func sigmoidOfRows(z, b *matrix.Matrix) {
	for i := range z.Rows {
		row := z.Row(i)[:len(b.Data)]
		for j, bj := range b.Data {
			row[j] += bj
		}
	}
	sigmoid(z.Data)
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

// widenGo is widen on every processor: it sets row[i] to pixels[i]/256.
func widenGo(row []float64, pixels []byte) {
	row = row[:len(pixels)]
	for i, p := range pixels {
		row[i] = float64(p) / 256
	}
}

// sigmoidGo is sigmoid on every processor: it sets each element of z to σ of it.
func sigmoidGo(z []float64) {
	for i, v := range z {
		z[i] = Sigmoid(v)
	}
}
