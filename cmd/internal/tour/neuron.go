package tour

import (
	"math"
	"slices"
)

// Term is one product of a sum: X, a weight, times Y, an activation or an error.
type Term struct {
	K       int     `json:"k"`
	X       float64 `json:"x"`
	Y       float64 `json:"y"`
	Product float64 `json:"product"`
}

// Forward returns the terms wˡⱼₖaˡ⁻¹ₖ of zˡⱼ, in the order of k.
func (t *Tour) Forward(l, j int) []Term { return products(t.W(l).Row(j), t.A(l-1).Data) }

// Backward returns the terms wˡ⁺¹ₖⱼδˡ⁺¹ₖ of the error that arrives at neuron j of layer
// l, in the order of k. The last layer has none.
func (t *Tour) Backward(l, j int) []Term {
	if l == t.L {
		return nil
	}
	column := make([]float64, t.W(l+1).Rows)
	for k := range column {
		column[k] = t.W(l+1).At(k, j)
	}
	return products(column, t.Delta(l+1).Data)
}

func products(xs, ys []float64) []Term {
	terms := make([]Term, len(xs))
	for k, x := range xs {
		terms[k] = Term{k, x, ys[k], x * ys[k]}
	}
	return terms
}

// LargestTerms returns the n largest terms, in the order of k, and the sum of the others.
func LargestTerms(terms []Term, n int) (shown []Term, others float64) {
	shown = BySize(terms)
	n = min(n, len(shown))
	rest := shown[n:]
	byK := func(a, b Term) int { return a.K - b.K }
	slices.SortFunc(rest, byK) // the order of the sum, so that it is the same everywhere
	for _, term := range rest {
		others += term.Product
	}
	slices.SortFunc(shown[:n], byK)
	return shown[:n], others
}

// BySize returns the terms sorted by the size of their products, the largest first.
func BySize(terms []Term) []Term {
	sorted := slices.Clone(terms)
	slices.SortStableFunc(sorted, func(a, b Term) int {
		switch x, y := math.Abs(a.Product), math.Abs(b.Product); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return sorted
}
