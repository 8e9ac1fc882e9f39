package network2

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"

	"nndl/matrix"
)

// This file has what network2.py takes from Python and numpy.

// randn returns a rows×cols matrix of independent draws from the normal
// distribution with mean 0 and standard deviation 1.
func randn(rows, cols int, rng *rand.Rand) *matrix.Matrix {
	x := matrix.New(rows, cols)
	for i := range x.Data {
		x.Data[i] = rng.NormFloat64()
	}
	return x
}

// zerosLike returns matrices of zeros with the shapes of xs.
func zerosLike(xs []*matrix.Matrix) []*matrix.Matrix {
	zeros := make([]*matrix.Matrix, len(xs))
	for i, x := range xs {
		zeros[i] = matrix.New(x.Rows, x.Cols)
	}
	return zeros
}

// ln returns the natural logarithm of x. On amd64 math.Log is wrong below the
// smallest normal number: it gives −709.1 for 5e-324, where −744.4 is right.
func ln(x float64) float64 {
	if 0 < x && x < 0x1p-1022 {
		return math.Log(x*0x1p54) - 54*math.Ln2
	}
	return math.Log(x)
}

// nanToNum returns 0 for NaN, the largest float64 of the same sign for an
// infinity, and any other x itself.
func nanToNum(x float64) float64 {
	if x != x {
		return 0
	}
	return max(-math.MaxFloat64, min(x, math.MaxFloat64))
}

// sumOfSquares returns the sum of the squares of all elements: np.linalg.norm(x)**2
// of each matrix, and of several the sum.
func sumOfSquares(xs []*matrix.Matrix) float64 {
	sum := 0.0
	for _, x := range xs {
		for _, v := range x.Data {
			sum += v * v
		}
	}
	return sum
}

// repr returns x as Python prints it: the shortest digits that read back, with a
// point or an exponent.
func repr(x float64) string {
	switch {
	case x != x:
		return "nan"
	case math.IsInf(x, 0):
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(x), "+")) // inf, -inf
	}
	scientific := strconv.FormatFloat(x, 'e', -1, 64)
	_, exponent, _ := strings.Cut(scientific, "e")
	if e, _ := strconv.Atoi(exponent); e < -4 || e >= 16 {
		return scientific
	}
	plain := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(plain, ".") {
		plain += ".0"
	}
	return plain
}

// costs are the costs by their names, as network2.py finds them in its module.
var costs = map[string]Cost{"QuadraticCost": QuadraticCost{}, "CrossEntropyCost": CrossEntropyCost{}}

// nameOf returns the name of a cost's type, Python's __name__.
func nameOf(cost Cost) string {
	name := fmt.Sprintf("%T", cost)
	return name[strings.LastIndex(name, ".")+1:]
}
