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

// pictures returns synthetic images of the given number of pixels and classes, the
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
		data = append(data, NewPixelExample(p, label, classes))
	}
	return data
}

// trainer returns the Trainer of n, with the quadratic cost.
func trainer(n *Network) *Trainer { return &Trainer{Biases: n.Biases, Weights: n.Weights} }

// costByParts returns the quadratic cost over data from the outputs that a Trainer computes.
func costByParts(t *Trainer, data []Example) float64 {
	sum := 0.0
	for activations, y := range t.Activations(data) {
		for i, a := range activations[len(activations)-1].Data {
			sum += (y.Data[i] - a) * (y.Data[i] - a)
		}
	}
	return sum / (2 * float64(len(data)))
}

// TestTrainerGradient holds the gradient of a whole mini-batch against the sum of
// what Backprop gives for each of its examples. One Trainer does all sizes of a
// network, the long before the short, so that nothing may be left in its matrices.
func TestTrainerGradient(t *testing.T) {
	for _, sizes := range [][]int{{2, 3, 1}, {4, 5, 3, 2}, {1, 1}, {36, 12, 10}, {784, 30, 10}, {784, 10}, {17, 33, 9, 8}} {
		n, data := gradientCase(sizes, 2*partSize+3)
		b := trainer(n)
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

// TestTrainerUpdate holds a run by whole mini-batches, the last one short, against
// the same run example by example: mini-batches of one, of some, of more than a
// part, of everything.
func TestTrainerUpdate(t *testing.T) {
	data := pictures(2*partSize+37, 36, 10)
	for _, m := range []int{1, 7, 10, 64, partSize, partSize + 1, len(data)} {
		n, _ := gradientCase([]int{36, 12, 10}, 0)
		want := n.clone()
		b := trainer(n)
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
		if got, want := costByParts(b, data), want.Cost(data); !(math.Abs(got-want) <= 1e-9) {
			t.Errorf("mini-batch %d: cost %g, example by example %g", m, got, want)
		}
	}
}

// TestTrainerEvaluateTies holds that equal outputs go to the first, as in Evaluate.
func TestTrainerEvaluateTies(t *testing.T) {
	n, _ := gradientCase([]int{36, 10}, 0)
	clear(n.Weights[0].Data)
	clear(n.Biases[0].Data)
	data := pictures(300, 36, 10)
	if got, want := trainer(n).Evaluate(data), n.Evaluate(data); got != want || want == 0 {
		t.Errorf("%d correct, want %d", got, want)
	}
	if got := trainer(n).Evaluate(nil); got != 0 {
		t.Errorf("%d of no examples correct", got)
	}
	for range trainer(n).Activations(nil) {
		t.Error("activations of no examples")
	}
}

// TestTrainerAllocations holds that a Trainer which has seen the sizes allocates nothing.
func TestTrainerAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	n, _ := gradientCase([]int{36, 12, 10}, 0)
	data := pictures(partSize+50, 36, 10)
	b := trainer(n)
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

// TestTrainerCores holds that the number of cores changes no bit of the result.
func TestTrainerCores(t *testing.T) {
	data := pictures(300, 784, 10)
	var first *Network
	for _, cores := range []int{1, 2, 4} {
		before := runtime.GOMAXPROCS(cores)
		n := New([]int{784, 100, 10}, rand.New(rand.NewPCG(1, 0)))
		b := trainer(n)
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

// TestTrainerMisfit holds that an example of the wrong size panics and says both sizes.
func TestTrainerMisfit(t *testing.T) {
	n, _ := gradientCase([]int{36, 12, 10}, 0)
	for want, e := range map[string]Example{
		"an example of 35 inputs for a network of 36":  NewPixelExample(make([]byte, 35), 3, 10),
		"an example of 37 inputs for a network of 36":  NewExample(matrix.New(37, 1), matrix.New(10, 1)),
		"an example of 9 outputs for a network of 10":  NewPixelExample(make([]byte, 36), 3, 9),
		"an example of 11 outputs for a network of 10": NewExample(matrix.New(36, 1), matrix.New(11, 1)),
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			trainer(n).Update([]Example{e}, 3)
		}()
	}
}

// TestTrainerOutputError compares the gradient with the cross-entropy's output error, a − y,
// with the numerical gradient of the cross-entropy.
func TestTrainerOutputError(t *testing.T) {
	n, data := gradientCase([]int{4, 5, 3, 2}, 3)
	crossEntropy := func() float64 {
		sum := 0.0
		for _, e := range data {
			y := e.Y().Data
			for j, a := range n.Feedforward(e.X()).Data {
				sum -= y[j]*math.Log(a) + (1-y[j])*math.Log(1-a)
			}
		}
		return sum
	}
	wantB, wantW := n.NumericalGradient(crossEntropy, 1e-5)
	b := trainer(n)
	b.OutputError = func(delta, a, y *matrix.Matrix) { delta.Sub(a, y) }
	nablaB, nablaW := b.Gradient(data)
	for i := range wantW {
		if d := max(maxDiff(nablaB[i], wantB[i]), maxDiff(nablaW[i], wantW[i])); !(d <= 1e-8) {
			t.Errorf("layer %d: differs by %g, want at most 1e-8", i+2, d)
		}
	}
}

// TestTrainerDecay checks that each step multiplies the weights, and not the biases, by
// 1 − η·Decay before it takes the step without decay, in short and in long mini-batches.
func TestTrainerDecay(t *testing.T) {
	const eta, decay = 0.5, 0.04
	for _, m := range []int{10, partSize + 5} {
		n, data := gradientCase([]int{4, 5, 3, 2}, m)
		before, plain := n.clone(), n.clone()
		trainer(plain).Update(data, eta)
		b := trainer(n)
		b.Decay = decay
		b.Update(data, eta)
		for i := range n.Weights {
			want := new(matrix.Matrix).Copy(plain.Weights[i])
			want.AddScaled(-eta*decay, before.Weights[i])
			if d := maxDiff(n.Weights[i], want); !(d <= 1e-14) {
				t.Errorf("mini-batch %d: the weights of layer %d differ by %g", m, i+2, d)
			}
			if !n.Biases[i].Equal(plain.Biases[i]) {
				t.Errorf("mini-batch %d: the biases of layer %d decay", m, i+2)
			}
		}
	}
}

// TestActivations checks every layer of every part, and that the parts end with the loop.
func TestActivations(t *testing.T) {
	n, _ := gradientCase([]int{36, 12, 10}, 0)
	data := pictures(2*partSize+3, 36, 10)
	done := 0
	for activations, y := range trainer(n).Activations(data) {
		for i := range y.Rows {
			e := data[done]
			a := e.X()
			for l := range activations {
				if l > 0 {
					z := new(matrix.Matrix).Mul(n.Weights[l-1], a)
					a = new(matrix.Matrix).Apply(Sigmoid, z.Add(z, n.Biases[l-1]))
				}
				if d := maxDiff(matrix.FromSlice(a.Rows, 1, activations[l].Row(i)), a); !(d <= 1e-13) {
					t.Fatalf("example %d, layer %d: differs by %g", done, l+1, d)
				}
			}
			if !slices.Equal(y.Row(i), e.Y().Data) {
				t.Fatalf("example %d: target %v", done, y.Row(i))
			}
			done++
		}
	}
	if done != len(data) {
		t.Errorf("%d examples, want %d", done, len(data))
	}
	parts := 0
	for range trainer(n).Activations(data) {
		parts++
		break
	}
	if parts != 1 {
		t.Errorf("%d parts after a break", parts)
	}
}

// TestMiniBatches checks lengths and contents, that a loop may be left, and that the same
// iterator can be used again.
func TestMiniBatches(t *testing.T) {
	data := pictures(25, 9, 3)
	for size, want := range map[int][]int{10: {10, 10, 5}, 25: {25}, 26: {25}, math.MaxInt: {25}, 5: {5, 5, 5, 5, 5}} {
		miniBatches := MiniBatches(data, size)
		for range 2 {
			var got []int
			k := 0
			for miniBatch := range miniBatches {
				got = append(got, len(miniBatch))
				if &miniBatch[0] != &data[k] || cap(miniBatch) != len(miniBatch) {
					t.Errorf("size %d: the mini-batch at %d is another", size, k)
				}
				k += len(miniBatch)
			}
			if !slices.Equal(got, want) {
				t.Errorf("size %d: mini-batches of %v, want %v", size, got, want)
			}
		}
	}
	count := 0
	for range MiniBatches(data, 10) {
		if count++; count == 2 {
			break
		}
	}
	if count != 2 {
		t.Errorf("%d mini-batches after a break at the second", count)
	}
	for range MiniBatches(nil, 10) {
		t.Error("a mini-batch of nothing")
	}
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "size 0") {
			t.Errorf("size 0: panic %q", got)
		}
	}()
	MiniBatches(data, 0)
}
