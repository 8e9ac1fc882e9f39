package mnist

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"nndl/nn"
)

// TestExpand checks every pixel of every copy against expand_mnist.py's rule, on images that
// have ink at every edge.
func TestExpand(t *testing.T) {
	const rows, cols = 4, 5
	rng := rand.New(rand.NewPCG(1, 0))
	var data []nn.Example
	for label := range 7 {
		pixels := make([]byte, rows*cols)
		for i := range pixels {
			pixels[i] = byte(1 + rng.IntN(255))
		}
		data = append(data, nn.NewPixelExample(pixels, label, Classes))
	}
	expanded := Expand(data, rows, cols, nil)
	if len(expanded) != 5*len(data) {
		t.Fatalf("%d examples, want %d", len(expanded), 5*len(data))
	}
	for k, e := range expanded {
		move := [][2]int{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}}[k%5] // down, right
		from := Pixels(data[k/5])
		want := make([]byte, rows*cols)
		for i := range rows {
			for j := range cols {
				if y, x := i-move[0], j-move[1]; y >= 0 && y < rows && x >= 0 && x < cols {
					want[i*cols+j] = from[y*cols+x]
				}
			}
		}
		if got := Pixels(e); !bytes.Equal(got, want) || e.Label() != data[k/5].Label() {
			t.Errorf("example %d, moved %v: %v, a %d, want %v", k, move, got, e.Label(), want)
		}
	}
}

// TestExpandShuffles checks that a generator only changes the order, and that images of one
// row or column are no trouble.
func TestExpandShuffles(t *testing.T) {
	data := Digits(20, 1)
	count := func(examples []nn.Example) map[string]int {
		counts := map[string]int{}
		for _, e := range examples {
			counts[string(Pixels(e))+string(rune('0'+e.Label()))]++
		}
		return counts
	}
	plain, shuffled := Expand(data, Side, Side, nil), Expand(data, Side, Side, rand.New(rand.NewPCG(1, 0)))
	a, b := count(plain), count(shuffled)
	if len(a) != 100 || len(b) != len(a) {
		t.Fatalf("%d and %d different examples, want 100", len(a), len(b))
	}
	for example, n := range a {
		if b[example] != n {
			t.Fatal("shuffling lost an example")
		}
	}
	same := 0
	for i := range plain {
		if bytes.Equal(Pixels(plain[i]), Pixels(shuffled[i])) {
			same++
		}
	}
	if same > 10 {
		t.Errorf("%d of 100 examples are where they were", same)
	}
	thin := []nn.Example{nn.NewPixelExample([]byte{1, 2, 3}, 0, Classes)}
	if got := Pixels(Expand(thin, 1, 3, nil)[3]); !bytes.Equal(got, []byte{0, 1, 2}) {
		t.Errorf("1×3 moved right: %v", got)
	}
	if got := Pixels(Expand(thin, 3, 1, nil)[3]); !bytes.Equal(got, []byte{0, 0, 0}) {
		t.Errorf("3×1 moved right: %v", got)
	}
}
