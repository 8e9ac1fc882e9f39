package report

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"nndl/mnist"
	"nndl/nn"
)

// digits returns n examples of 12 pixels: pixel number label is brighter than the others.
func digits(n int) []nn.Example {
	rng := rand.New(rand.NewPCG(7, 0))
	examples := make([]nn.Example, n)
	for i := range examples {
		pixels := make([]byte, 12)
		for j := range pixels {
			pixels[j] = byte(rng.IntN(60))
		}
		pixels[i%10] += 180
		examples[i] = nn.NewPixelExample(pixels, i%10, 10)
	}
	return examples
}

// TestReadings holds that the report counts as Evaluate does, and that it puts the
// surest mistake first.
func TestReadings(t *testing.T) {
	test := digits(50)
	n := nn.New([]int{12, 6, 10}, rand.New(rand.NewPCG(5, 0)))
	rs, right := readings(n, test), 0
	for i, r := range rs {
		if r.said == r.label {
			right++
		}
		if r.number != i || r.label != test[i].Label() || float64(r.pixels[r.label])/256 != test[i].X().Data[r.label] {
			t.Errorf("reading %d: %+v", i, r)
		}
	}
	if want := n.Evaluate(test); right != want {
		t.Errorf("%d right, Evaluate counts %d", right, want)
	}
	r := reading{label: 1, said: 2, output: []float64{0.1, 0.25, 0.75}}
	if r.sureness() != 0.5 {
		t.Errorf("sureness %g", r.sureness())
	}
	// A network that has gone wrong is still drawn.
	for _, w := range n.Weights {
		w.Data[0] = math.NaN()
	}
	rs = readings(n, test)
	for name, svg := range map[string][]byte{"answers": answers(rs, 3), "misread": misread(rs, 3), "weights": weights(n, 3), "confusion": confusion(rs)} {
		if bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: NaN in the drawing", name)
		}
	}
}

func TestSpeaksFor(t *testing.T) {
	n := nn.New([]int{2, 2, 3}, rand.New(rand.NewPCG(1, 0)))
	copy(n.Weights[1].Data, []float64{1, -5, -2, 7, 0.5, 0})
	for j, want := range []string{"for 0, not 1", "for 1, not 0"} {
		if got := speaksFor(n.Weights[1], j); got != want {
			t.Errorf("neuron %d: %q, want %q", j, got, want)
		}
	}
}

// TestPicture holds docs/answers.svg, which the README shows, to the embedded digits.
// What the network says of them depends a little on the processor, so it is not held.
func TestPicture(t *testing.T) {
	_, test := mnist.Synthetic()
	n := nn.New([]int{784, 10}, rand.New(rand.NewPCG(1, 0)))
	pictures := regexp.MustCompile(`(?s)<g .*?</g>`)
	want := pictures.FindAll(answers(readings(n, test), mnist.Side), -1)
	drawing, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "answers.svg"))
	if err != nil {
		t.Fatal(err)
	}
	got := pictures.FindAll(drawing, -1)
	if len(want) != 10 || !slices.EqualFunc(got, want, bytes.Equal) {
		t.Error("docs/answers.svg does not show these digits; in a folder without MNIST: go run ./cmd/train -report report && cp report/answers.svg docs/")
	}
}
