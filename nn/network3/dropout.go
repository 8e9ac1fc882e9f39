package network3

import (
	"fmt"
	"math/rand/v2"

	"nndl/matrix"
)

// dropoutLayer returns a mask for inputs of the given shape: each number is 0 with
// probability pDropout and 1 otherwise. Without dropout the mask is nil.
//
// The original seeds the mask of every layer alike, so that layers of equally many inputs
// always drop the same ones. Here all masks come one after another from the same rng, and
// are independent.
func dropoutLayer(rows, cols int, pDropout float64, rng *rand.Rand) *matrix.Matrix {
	if pDropout == 0 {
		return nil
	}
	if rng == nil {
		panic("network3: dropout needs a random generator, rng is nil")
	}
	mask := matrix.New(rows, cols) // 10×100
	for i := range mask.Data {
		if rng.Float64() >= pDropout {
			mask.Data[i] = 1
		}
	}
	return mask
}

// dropped returns x with the masked numbers set to 0. What is left is not scaled up: the
// test pass scales down instead.
func dropped(x, mask *matrix.Matrix) *matrix.Matrix {
	if mask == nil {
		return x
	}
	return new(matrix.Matrix).Hadamard(x, mask) // 10×100
}

// checkSizes returns an error unless a layer can have these sizes.
func checkSizes(nIn, nOut int, pDropout float64) error {
	if nIn < 1 || nOut < 1 || !(0 <= pDropout && pDropout < 1) {
		return fmt.Errorf("%d inputs, %d outputs, dropout %v: want one or more, and a probability below 1", nIn, nOut, pDropout)
	}
	return nil
}
