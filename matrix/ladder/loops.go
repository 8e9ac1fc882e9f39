package ladder

import "nndl/matrix"

// The innermost loops. The short ones take two steps at a time. The processor
// reads code in lines of 64 bytes, at most one in a cycle, and a loop of a few
// bytes that happens to cross from one line to the next would run at half its
// speed.

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

// columns2x3 returns the products of two rows of x with three columns of y, from j on.
func columns2x3(x0, x1 []float64, y *matrix.Matrix, j int) (sum0, sum1 [3]float64) {
	x1 = x1[:len(x0)]
	var s00, s01, s02, s10, s11, s12 float64
	for k, a0 := range x0 {
		a1, b := x1[k], (*[3]float64)(y.Data[k*y.Cols+j:])
		s00 += a0 * b[0]
		s01 += a0 * b[1]
		s02 += a0 * b[2]
		s10 += a1 * b[0]
		s11 += a1 * b[1]
		s12 += a1 * b[2]
	}
	return [3]float64{s00, s01, s02}, [3]float64{s10, s11, s12}
}

// column returns the product of a row of x with column j of y.
func column(x []float64, y *matrix.Matrix, j int) (sum float64) {
	for k, v := range x {
		sum += v * y.Data[k*y.Cols+j]
	}
	return sum
}

// panel2x3 is columns2x3 for a panel. It takes two steps at a time, so that the
// loop itself costs less.
func panel2x3(x0, x1 []float64, panel [][3]float64) (sum0, sum1 [3]float64) {
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

// set copies as many of the sums to z as it has elements.
func set(z []float64, sums [3]float64) {
	if len(z) >= 3 {
		z[0], z[1], z[2] = sums[0], sums[1], sums[2]
		return
	}
	copy(z, sums[:])
}

// pack3 copies the three columns of y from j on to a panel, with zeros beyond the
// last column. pack8 copies eight columns of the rows from k on.
func pack3(panel [][3]float64, y *matrix.Matrix, j int) {
	for p := range panel {
		if row := y.Row(p)[j:]; len(row) >= 3 {
			panel[p] = [3]float64(row)
		} else {
			panel[p] = [3]float64{}
			copy(panel[p][:], row)
		}
	}
}

func pack8(panel [][8]float64, y *matrix.Matrix, k, j int) {
	for p := range panel {
		if row := y.Row(k + p)[j:]; len(row) >= 8 {
			panel[p] = [8]float64(row)
		} else {
			panel[p] = [8]float64{}
			copy(panel[p][:], row)
		}
	}
}

// tile6x8Go is what tile6x8 computes: the products of six rows of x, ld apart, with
// the eight columns of a panel.
func tile6x8Go(sums *[6][8]float64, x []float64, ld int, panel [][8]float64) {
	*sums = [6][8]float64{}
	for k := range panel {
		for i := range sums {
			for j := range sums[i] {
				sums[i][j] += x[i*ld+k] * panel[k][j]
			}
		}
	}
}

// addTile adds the sums to z at (i,j), but those beyond its last row or column.
func addTile(z *matrix.Matrix, i, j int, sums *[6][8]float64) {
	for r := range min(6, z.Rows-i) {
		zr, s := z.Row(i + r)[j:], &sums[r]
		if len(zr) < 8 {
			for c := range zr {
				zr[c] += s[c]
			}
			continue
		}
		zr[0] += s[0]
		zr[1] += s[1]
		zr[2] += s[2]
		zr[3] += s[3]
		zr[4] += s[4]
		zr[5] += s[5]
		zr[6] += s[6]
		zr[7] += s[7]
	}
}
