package matrix

// Mul sets z to the product xy and returns z: M×K · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) Mul(x, y *Matrix) *Matrix {
	z.product("Mul", x, y, x.Rows, x.Cols, y.Rows, y.Cols)
	clear(z.Data)
	z.addMul(1, x, y)
	return z
}

// AddMul adds αxy to z and returns z: M×K · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) AddMul(alpha float64, x, y *Matrix) *Matrix {
	z.product("AddMul", x, y, x.Rows, x.Cols, y.Rows, y.Cols)
	z.addMul(alpha, x, y)
	return z
}

// TMul sets z to xᵀy and returns z: (K×M)ᵀ · K×N → M×N. z must not share memory
// with x or y.
func (z *Matrix) TMul(x, y *Matrix) *Matrix {
	z.product("TMul", x, y, x.Cols, x.Rows, y.Rows, y.Cols)
	clear(z.Data)
	z.addTMul(1, x, y)
	return z
}

// AddTMul adds αxᵀy to z and returns z: (K×M)ᵀ · K×N → M×N. z must not share
// memory with x or y.
func (z *Matrix) AddTMul(alpha float64, x, y *Matrix) *Matrix {
	z.product("AddTMul", x, y, x.Cols, x.Rows, y.Rows, y.Cols)
	z.addTMul(alpha, x, y)
	return z
}

// MulT sets z to xyᵀ and returns z: M×K · (N×K)ᵀ → M×N. z must not share memory
// with x or y.
func (z *Matrix) MulT(x, y *Matrix) *Matrix {
	z.product("MulT", x, y, x.Rows, x.Cols, y.Cols, y.Rows)
	for i := range x.Rows {
		xi, zi := x.Row(i), z.Row(i)
		for j := range y.Rows {
			sum := 0.0
			for k, v := range y.Row(j) {
				sum += xi[k] * v
			}
			zi[j] = sum
		}
	}
	return z
}

// addMul adds αxy to z. The loops run i, k, j: the innermost one walks along a
// row of y and a row of z, which lie in memory as they are read.
func (z *Matrix) addMul(alpha float64, x, y *Matrix) {
	for i := range x.Rows {
		zi := z.Row(i)
		for k, xik := range x.Row(i) {
			axpy(alpha*xik, y.Row(k), zi)
		}
	}
}

// addTMul adds αxᵀy to z. The loops run k, i, j, again along rows of y and z.
func (z *Matrix) addTMul(alpha float64, x, y *Matrix) {
	for k := range x.Rows {
		for i, xki := range x.Row(k) {
			axpy(alpha*xki, y.Row(k), z.Row(i))
		}
	}
}

// axpy adds αx to z.
func axpy(alpha float64, x, z []float64) {
	z = z[:len(x)]
	for j, v := range x {
		z[j] += alpha * v
	}
}

// product makes z ready to hold an m×n product that sums over k in x and over
// k2 in y.
func (z *Matrix) product(op string, x, y *Matrix, m, k, k2, n int) {
	if k != k2 {
		mismatch(op, x, y)
	}
	z.shape(op, m, n)
	z.apart(op, x)
	z.apart(op, y)
}
