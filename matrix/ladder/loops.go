package ladder

import "nndl/matrix"

// The innermost loops. The short ones take two steps at a time: the processor
// reads code by lines of 64 bytes, at most one in a cycle, and a loop of few
// bytes that happens to lie across two lines would run at half its speed.

// addScaled adds αy to z.
func addScaled(z []float64, alpha float64, y []float64) {
	z = z[:len(y)]
	j := 0
	for ; j < len(y)-1; j += 2 {
		z[j] += alpha * y[j]
		z[j+1] += alpha * y[j+1]
	}
	if j < len(y) {
		z[j] += alpha * y[j]
	}
}

// addFour adds x₀y₀ + x₁y₁ + x₂y₂ + x₃y₃ to z.
func addFour(z, x, y0, y1, y2, y3 []float64) {
	x0, x1, x2, x3 := x[0], x[1], x[2], x[3]
	y0, y1, y2, y3 = y0[:len(z)], y1[:len(z)], y2[:len(z)], y3[:len(z)]
	for j, v := range z {
		z[j] = v + x0*y0[j] + x1*y1[j] + x2*y2[j] + x3*y3[j]
	}
}

// panels copies the tile of y at (k,j) to panels of three columns, one panel
// after the other and each row by row, with zeros where the last is not full.
func panels(tile [][3]float64, y *matrix.Matrix, k, j, rows, cols int) {
	for c := 0; c < cols; c += 3 {
		for kk := range rows {
			row := y.Row(k + kk)[j+c : j+cols]
			if len(row) >= 3 {
				tile[c/3*rows+kk] = [3]float64(row)
				continue
			}
			tile[c/3*rows+kk] = [3]float64{}
			copy(tile[c/3*rows+kk][:], row)
		}
	}
}

// dot2x3 returns the products of two rows of x with the three columns of a
// panel. It takes two steps at a time, so that the loop itself costs less.
func dot2x3(x0, x1 []float64, panel [][3]float64) (sum0, sum1 [3]float64) {
	x1, panel = x1[:len(x0)], panel[:len(x0)]
	var s00, s01, s02, s10, s11, s12 float64
	k := 0
	for ; k < len(x0)-1; k += 2 {
		a0, a1, b := x0[k], x1[k], &panel[k]
		s00 += a0 * b[0]
		s01 += a0 * b[1]
		s02 += a0 * b[2]
		s10 += a1 * b[0]
		s11 += a1 * b[1]
		s12 += a1 * b[2]
		a0, a1, b = x0[k+1], x1[k+1], &panel[k+1]
		s00 += a0 * b[0]
		s01 += a0 * b[1]
		s02 += a0 * b[2]
		s10 += a1 * b[0]
		s11 += a1 * b[1]
		s12 += a1 * b[2]
	}
	sum0, sum1 = [3]float64{s00, s01, s02}, [3]float64{s10, s11, s12}
	if k < len(x0) { // an odd number of steps
		for c, b := range panel[k] {
			sum0[c] += x0[k] * b
			sum1[c] += x1[k] * b
		}
	}
	return sum0, sum1
}

// add adds as many of the sums to z as it has elements.
func add(z []float64, sums [3]float64) {
	if len(z) >= 3 {
		z[0] += sums[0]
		z[1] += sums[1]
		z[2] += sums[2]
		return
	}
	for c := range z {
		z[c] += sums[c]
	}
}
