package network3

import (
	"math"

	"nndl/matrix"
)

// whole is an activation function for all neurons of a layer at once.
type whole struct {
	f     func(a, z []float64)     // sets a to F(z); they may be the same
	prime func(delta, a []float64) // multiplies delta by Prime(z), where a = F(z) tells it
}

var wholeLinear = &whole{
	func(a, z []float64) { copy(a, z) },
	func(delta, a []float64) {},
}

var wholeReLU = &whole{
	func(a, z []float64) {
		for i, z := range z[:len(a)] {
			a[i] = max(0, z)
		}
	},
	// A number is positive if it is negative as an integer with the sign turned: there is no
	// branch here that the processor would have to guess.
	func(delta, a []float64) {
		for i, a := range a[:len(delta)] {
			delta[i] *= float64(-int64(math.Float64bits(a)) >> 63 & 1)
		}
	},
}

var wholeSigmoid = &whole{
	func(a, z []float64) { row(a).Sigmoid(row(z)) },
	func(delta, a []float64) {
		for i, a := range a[:len(delta)] {
			delta[i] *= a * (1 - a)
		}
	},
}

// tanh z = 2σ(2z) − 1
var wholeTanh = &whole{
	func(a, z []float64) {
		row(a).Scale(2, row(z))
		row(a).Sigmoid(row(a))
		for i, s := range a {
			a[i] = 2*s - 1
		}
	},
	func(delta, a []float64) {
		for i, a := range a[:len(delta)] {
			delta[i] *= 1 - a*a
		}
	},
}

// row returns v as a matrix of one row.
func row(v []float64) *matrix.Matrix { return &matrix.Matrix{Rows: 1, Cols: len(v), Data: v} }

// apply sets a to F(z). They may be the same if f is whole.
func (f *Activation) apply(a, z []float64) {
	if f.whole != nil {
		f.whole.f(a, z)
		return
	}
	for i, z := range z[:len(a)] {
		a[i] = f.F(z)
	}
}

// timesPrime multiplies delta by Prime(z), where a = F(z).
func (f *Activation) timesPrime(delta, a, z []float64) {
	if f.whole != nil {
		f.whole.prime(delta, a)
		return
	}
	for i, z := range z[:len(delta)] {
		delta[i] *= f.Prime(z)
	}
}
