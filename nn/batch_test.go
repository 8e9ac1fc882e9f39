package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
)

// pictures returns made-up pictures of the given number of pixels and classes, the
// same ones each time: the label's own pixels are bright.
func pictures(count, pixels, classes int) []Example {
	rng := rand.New(rand.NewPCG(uint64(count), uint64(pixels)))
	var data []Example
	for range count {
		label := rng.IntN(classes)
		p := make([]byte, pixels)
		for i := range p {
			p[i] = byte(rng.IntN(100))
			if i%classes == label {
				p[i] += 155
			}
		}
		data = append(data, NewPixels(p, label, classes))
	}
	return data
}

// TestBatchGradient holds the gradient of a whole mini-batch against the sum of
// what Backprop gives for each of its examples. One Batch does all sizes of a
// network, the long before the short, so that nothing may be left in its matrices.
func TestBatchGradient(t *testing.T) {
	for _, sizes := range [][]int{{2, 3, 1}, {4, 5, 3, 2}, {1, 1}, {36, 12, 10}, {784, 30, 10}, {784, 10}, {17, 33, 9, 8}} {
		n, data := gradientCase(sizes, 2*partSize+3)
		b := NewBatch(n)
		for _, m := range []int{2*partSize + 3, partSize + 1, partSize, 64, 10, 7, 2, 1} {
			nablaB, nablaW := b.Gradient(data[:m])
			wantB, wantW := sumOfBackprops(n, data[:m])
			for i := range wantW {
				sameGradient(t, fmt.Sprintf("%v, m = %d, ∂C/∂b of layer %d", sizes, m, i+2), nablaB[i], wantB[i])
				sameGradient(t, fmt.Sprintf("%v, m = %d, ∂C/∂w of layer %d", sizes, m, i+2), nablaW[i], wantW[i])
			}
		}
	}
}

// sameGradient holds that got is within 1e-12 of want's largest |entry|.
func sameGradient(t *testing.T, what string, got, want *matrix.Matrix) {
	t.Helper()
	largest := 0.0
	for _, v := range want.Data {
		largest = max(largest, math.Abs(v))
	}
	if d := maxDiff(got, want); !(d <= 1e-12*largest) {
		t.Errorf("%s: differs by %g of the largest entry, want at most 1e-12", what, d/largest)
	}
}

// TestBatchUpdate holds a run by whole mini-batches, the last one short, against
// the same run example by example: mini-batches of one, of some, of more than a
// part, of everything.
func TestBatchUpdate(t *testing.T) {
	data := pictures(2*partSize+37, 36, 10)
	for _, m := range []int{1, 7, 10, 64, partSize, partSize + 1, len(data)} {
		n, _ := gradientCase([]int{36, 12, 10}, 0)
		want := n.clone()
		b := NewBatch(n)
		for range 3 {
			Unshuffled(n, data, m, 3, func(_ *Network, miniBatch []Example, eta float64) { b.Update(miniBatch, eta) })
			Unshuffled(want, data, m, 3, (*Network).UpdateMiniBatch)
		}
		for i := range want.Weights {
			if d := max(maxDiff(n.Weights[i], want.Weights[i]), maxDiff(n.Biases[i], want.Biases[i])); !(d <= 1e-9) {
				t.Errorf("mini-batch %d: layer %d differs by %g after three epochs, want at most 1e-9", m, i+2, d)
			}
		}
		if got, want := b.Evaluate(data), want.Evaluate(data); got != want || got == 0 {
			t.Errorf("mini-batch %d: %d correct, example by example %d", m, got, want)
		}
		if got, want := b.Cost(data), want.Cost(data); !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("mini-batch %d: cost %g, example by example %g", m, got, want)
		}
	}
}

// TestBatchEvaluateTies holds that equal outputs go to the first, as in Evaluate.
func TestBatchEvaluateTies(t *testing.T) {
	n, _ := gradientCase([]int{36, 10}, 0)
	clear(n.Weights[0].Data)
	clear(n.Biases[0].Data)
	data := pictures(300, 36, 10)
	if got, want := NewBatch(n).Evaluate(data), n.Evaluate(data); got != want || want == 0 {
		t.Errorf("%d correct, want %d", got, want)
	}
	if got := NewBatch(n).Evaluate(nil); got != 0 {
		t.Errorf("%d of no examples correct", got)
	}
	if got := NewBatch(n).Cost(nil); got != 0 {
		t.Errorf("cost of no examples %g, want 0", got)
	}
}

// TestBatchAllocations holds that a Batch which has seen the sizes allocates nothing.
func TestBatchAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	n, _ := gradientCase([]int{36, 12, 10}, 0)
	data := pictures(partSize+50, 36, 10)
	b := NewBatch(n)
	for _, m := range []int{1, 10, partSize + 50} {
		b.Update(data[:m], 3)
		if allocs := testing.AllocsPerRun(10, func() { b.Update(data[:m], 3) }); allocs != 0 {
			t.Errorf("mini-batch %d: %g allocations", m, allocs)
		}
	}
	if allocs := testing.AllocsPerRun(10, func() { b.Evaluate(data) }); allocs != 0 {
		t.Errorf("Evaluate: %g allocations", allocs)
	}
}

// TestBatchCores holds that the number of cores changes no bit of the result.
func TestBatchCores(t *testing.T) {
	data := pictures(300, 784, 10)
	var first *Network
	for _, cores := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(cores)
		n := New([]int{784, 100, 10}, rand.New(rand.NewPCG(1, 0)))
		b := NewBatch(n)
		for _, m := range []int{10, 100, 300} {
			for miniBatch := range slices.Chunk(data, m) {
				b.Update(miniBatch, 3)
			}
		}
		runtime.GOMAXPROCS(before)
		if first == nil {
			first = n
		}
		for i := range n.Weights {
			if !n.Weights[i].Equal(first.Weights[i]) || !n.Biases[i].Equal(first.Biases[i]) {
				t.Errorf("%d cores: layer %d differs from that of one core", cores, i+2)
			}
		}
	}
}

// TestBatchMisfit holds that an example of the wrong size panics and says both sizes.
func TestBatchMisfit(t *testing.T) {
	n, _ := gradientCase([]int{36, 12, 10}, 0)
	for want, e := range map[string]Example{
		"an example of 35 inputs for a network of 36":  NewPixels(make([]byte, 35), 3, 10),
		"an example of 37 inputs for a network of 36":  NewExample(matrix.New(37, 1), matrix.New(10, 1)),
		"an example of 9 outputs for a network of 10":  NewPixels(make([]byte, 36), 3, 9),
		"an example of 11 outputs for a network of 10": NewExample(matrix.New(36, 1), matrix.New(11, 1)),
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			NewBatch(n).Update([]Example{e}, 3)
		}()
	}
}
