package matrix

// Add sets z to x + y, all of one shape, and returns z.
func (z *Matrix) Add(x, y *Matrix) *Matrix {
	zs, xs, ys := z.pairwise("Add", x, y)
	active.Load().sum(zs, xs, ys, 1)
	return z
}

// Sub sets z to x − y, all of one shape, and returns z.
func (z *Matrix) Sub(x, y *Matrix) *Matrix {
	zs, xs, ys := z.pairwise("Sub", x, y)
	active.Load().sum(zs, xs, ys, -1)
	return z
}

// Hadamard sets z to x ⊙ y, the product element by element, all of one shape,
// and returns z.
//
// Equation (28): (x ⊙ y)ⱼ = xⱼyⱼ
func (z *Matrix) Hadamard(x, y *Matrix) *Matrix {
	zs, xs, ys := z.pairwise("Hadamard", x, y)
	for i, v := range xs {
		zs[i] = v * ys[i]
	}
	return z
}

// Scale sets z to αx, both of one shape, and returns z.
func (z *Matrix) Scale(alpha float64, x *Matrix) *Matrix {
	zs, xs := z.onto("Scale", x)
	active.Load().scaled(zs, xs, alpha)
	return z
}

// AddScaled adds αx to z, both of one shape, and returns z.
func (z *Matrix) AddScaled(alpha float64, x *Matrix) *Matrix {
	zs, xs := z.onto("AddScaled", x)
	active.Load().sum(zs, zs, xs, alpha)
	return z
}

// Apply sets each element of z to f of the same element of x, both of one
// shape, and returns z.
//
// Equation (24): f(x)ⱼ = f(xⱼ)
func (z *Matrix) Apply(f func(float64) float64, x *Matrix) *Matrix {
	zs, xs := z.onto("Apply", x)
	for i, v := range xs {
		zs[i] = f(v)
	}
	return z
}

// pairwise makes z ready to hold x ∘ y for an elementwise ∘ and returns the
// memory of all three, which are of one length.
func (z *Matrix) pairwise(op string, x, y *Matrix) (zs, xs, ys []float64) {
	y.whole(op)
	if x.Rows != y.Rows || x.Cols != y.Cols {
		mismatch(op, x, y)
	}
	zs, xs = z.onto(op, x)
	z.elementwise(op, y)
	return zs, xs, y.Data[:len(xs)]
}

// onto makes z ready to hold f(x) for an elementwise f and returns the memory
// of both, which are of one length.
func (z *Matrix) onto(op string, x *Matrix) (zs, xs []float64) {
	x.whole(op)
	z.shape(op, x.Rows, x.Cols)
	z.elementwise(op, x)
	return z.Data[:len(x.Data)], x.Data
}
