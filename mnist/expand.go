package mnist

import (
	"math/rand/v2"

	"nndl/nn"
)

// Expand returns five times the examples, as the book's expand_mnist.py does: each image
// and four copies of it that are moved by one pixel down, up, right and left. The row or
// column that becomes free is background. The images are rows×cols pixels. All examples
// are then shuffled once; a nil rng does not shuffle.
func Expand(data []nn.Example, rows, cols int, rng *rand.Rand) []nn.Example {
	size := rows * cols
	expanded := make([]nn.Example, 0, 5*len(data))
	copies := make([]byte, 4*size*len(data))
	for _, e := range data {
		expanded = append(expanded, e)
		pixels := Pixels(e)
		for _, move := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			moved := copies[:size:size]
			copies = copies[size:]
			shift(moved, pixels, rows, cols, move[0], move[1])
			expanded = append(expanded, nn.NewPixelExample(moved, e.Label(), Classes))
		}
	}
	if rng != nil {
		rng.Shuffle(len(expanded), func(i, j int) { expanded[i], expanded[j] = expanded[j], expanded[i] })
	}
	return expanded
}

// shift sets moved to the image pixels, rows×cols, moved by so many pixels down and
// right. What moves out is lost, and moved must be zero before.
func shift(moved, pixels []byte, rows, cols, down, right int) {
	for i := max(0, down); i < min(rows, rows+down); i++ {
		to, from := moved[i*cols:(i+1)*cols], pixels[(i-down)*cols:(i-down+1)*cols]
		copy(to[max(0, right):], from[max(0, -right):cols-max(0, right)])
	}
}
