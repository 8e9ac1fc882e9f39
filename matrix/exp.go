package matrix

import "math"

// Exp sets each element of z to eˣ of the same element of x, both of one shape, and
// returns z. The vector kernels have their own exponential; its relative error is at most
// 4e-16, and a subnormal result is off by at most its last bit. NaN, ±Inf, overflow to
// +Inf (above 709.78) and underflow to 0 (below −745.13) come out as they should.
// What an element becomes does not depend on its place in the matrix.
func (z *Matrix) Exp(x *Matrix) *Matrix {
	zs, xs := z.onto("Exp", x)
	stretches(active.Load().exponentials, zs, xs)
	return z
}

// Sigmoid sets each element of z to 1/(1 + e⁻ˣ) of the same element of x, both of one
// shape, and returns z. It uses the exponential of Exp. Its relative error is at most
// 5e-16 from x = −708 up. Below that the result is less than 1e-307, and 0 from −710 down.
// What an element becomes does not depend on its place in the matrix.
func (z *Matrix) Sigmoid(x *Matrix) *Matrix {
	zs, xs := z.onto("Sigmoid", x)
	stretches(active.Load().sigmoids, zs, xs)
	return z
}

// stretches calls f for one stretch of the vectors after the other.
func stretches(f func(z, x []float64), z, x []float64) {
	for len(x) > stretch {
		stretches(f, z[:stretch], x[:stretch])
		z, x = z[stretch:], x[stretch:]
	}
	f(z, x)
}

// expGo is kernel.exponentials in Go.
func expGo(z, x []float64) {
	z = z[:len(x)]
	for i, v := range x {
		z[i] = expOf(v)
	}
}

// sigmoidGo is kernel.sigmoids in Go.
func sigmoidGo(z, x []float64) {
	z = z[:len(x)]
	for i, v := range x {
		z[i] = 1 / (1 + expOf(-v))
	}
}

// expOf returns eˣ. On amd64 math.Exp is +Inf from 709.44 up, where eˣ is still a number
// up to 709.78.
func expOf(x float64) float64 {
	if x > 709 {
		return math.Exp(x-1) * math.E
	}
	return math.Exp(x)
}
