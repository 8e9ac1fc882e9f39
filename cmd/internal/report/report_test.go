package report

import (
	"bytes"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/chart"
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
	wrong := misreadings(rs)
	for i, r := range wrong {
		if r.said == r.label || i > 0 && r.sureness() > wrong[i-1].sureness() {
			t.Errorf("misreading %d: %+v", i, r)
		}
	}
	if len(wrong) != len(rs)-right || wrong[0].sureness() <= wrong[len(wrong)-1].sureness() {
		t.Errorf("%d misreadings, want %d", len(wrong), len(rs)-right)
	}
	// A network that has gone wrong is still drawn.
	for _, w := range n.Weights {
		w.Data[0] = math.NaN()
	}
	rs = readings(n, test)
	for name, svg := range map[string][]byte{"answers": answers(rs, 3), "misread": misread(rs, 3), "weights": weights(n, 3), "confusion": confusion(rs, false), "learning": learning([]chart.Series{{X: []float64{0, 1}, Y: []float64{math.NaN(), math.NaN()}}}, false)} {
		if bytes.Contains(svg, []byte("NaN")) {
			t.Errorf("%s: NaN in the drawing", name)
		}
	}
}

func TestSpeaksFor(t *testing.T) {
	n := nn.New([]int{2, 2, 3}, rand.New(rand.NewPCG(1, 0)))
	copy(n.Weights[1].Data, []float64{1, -5, -2, 7, 0.5, 0})
	for j, want := range []speaker{{0, 0, 1, 1}, {1, 1, 0, 7}} {
		if got := speaksFor(n.Weights[1], j); got != want {
			t.Errorf("neuron %d: %v, want %v", j, got, want)
		}
	}
}

// TestOrder checks that the pictures of weights are in the order of the digits that their
// neurons speak for, the strongest first, and keep their neurons' numbers.
func TestOrder(t *testing.T) {
	n := nn.New([]int{4, 4, 3}, rand.New(rand.NewPCG(1, 0)))
	copy(n.Weights[1].Data, []float64{ // by column: neuron 0 is for 2, 1 for 0, 2 for 0, 3 for 1
		-1, 2, 5, 0,
		-2, 1, -3, 1,
		3, -1, 0, 0})
	for j := range 4 {
		copy(n.Weights[0].Row(j), []float64{0, 0, 0, 0})
		n.Weights[0].Set(j, j, 1) // the picture of neuron j has one pixel, number j
	}
	var got []string
	for _, c := range weightCells(n, 2) {
		got = append(got, c.Caption+" "+c.Note)
		number := int(c.Caption[len("neuron ")] - '0')
		if _, _, _, alpha := c.Image.At(number%2, number/2).RGBA(); alpha != 0xffff {
			t.Errorf("%s has the weights of another", c.Caption)
		}
	}
	want := []string{"neuron 2 for 0, not 1", "neuron 1 for 0, not 2", "neuron 3 for 1, not 0", "neuron 0 for 2, not 1"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestStrongest(t *testing.T) {
	row := make([]float64, 81)
	row[2*9+7], row[8*9+4] = 1, -1
	if above, below := strongest(row, 9, 1), strongest(row, 9, -1); above != "upper right" || below != "lower middle" {
		t.Errorf("above 0 %s, below 0 %s", above, below)
	}
}

// write writes the report of a random network and returns its page.
func write(t *testing.T, sizes []int, r Report) string {
	t.Helper()
	r.Network, r.Cols, r.Run = nn.New(sizes, rand.New(rand.NewPCG(5, 0))), 3, "a <run>"
	if r.Test == nil {
		r.Test = digits(300)
	}
	index, err := r.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	net, _, err := nn.Load(filepath.Join(filepath.Dir(index), networkFile))
	if err != nil || !net.Weights[0].Equal(r.Network.Weights[0]) {
		t.Errorf("the network beside the page: %v", err)
	}
	return string(data)
}

// TestPage checks what the page says of a training, and that every misread digit that is
// shown has its number, its command and a link.
func TestPage(t *testing.T) {
	curves := []chart.Series{{Name: "test digits", X: []float64{0, 1, 2}, Y: []float64{91.5, 93.25, 93}}, {Name: "training digits", X: []float64{0, 1, 2}, Y: []float64{math.NaN(), 94, 95}}}
	page := write(t, []int{12, 6, 10}, Report{Data: "my data", Trouble: "saturated & stuck", Curves: curves})
	for _, want := range []string{"The network [12,6,10]", "a &lt;run&gt;.", "saturated &amp; stuck", "<b>93.25 %</b>at best, after epoch 1",
		"test digits: from 91.50 % after epoch 0 to 93.00 % after epoch 2; training digits: from 94.00 % after epoch 1 to 95.00 % after epoch 2; best 93.25 % after epoch 1.",
		"-data &#34;my data&#34; -index N", "Confusion matrix of 300 digits", "Ink in the "} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(page, "drawn by a program") {
		t.Error("the digits of a folder are said to be synthetic")
	}
	numbers := regexp.MustCompile(`<details id="digit-(\d+)">`).FindAllStringSubmatch(page, -1)
	if len(numbers) != mostMisread {
		t.Errorf("%d misread digits, want %d", len(numbers), mostMisread)
	}
	for _, m := range numbers {
		for _, want := range []string{`<a href="#digit-` + m[1] + `">` + m[1] + "</a>", ">number " + m[1] + "<", "-index " + m[1] + "</code>"} {
			if strings.Count(page, want) < 1 {
				t.Errorf("digit %s: no %s", m[1], want)
			}
		}
	}
	if n := strings.Count(page, "<svg "); n != strings.Count(page, ` role="img" aria-label="`) || n != 4+10+mostMisread+6 {
		t.Errorf("%d drawings", n)
	}
	if n := strings.Count(page, "<style>"); n != 2 {
		t.Errorf("%d styles, want the drawings' and the page's", n)
	}
}

// TestValidation checks that the page of a run with validation digits says so, and that its
// commands explain these.
func TestValidation(t *testing.T) {
	page := write(t, []int{12, 10}, Report{Data: "d", Set: "validation"})
	if !strings.Contains(page, "of the validation digits read right") || !strings.Contains(page, "-data d -validate -index N") || strings.Contains(page, "test digit") {
		t.Error("validation digits are taken for test digits")
	}
}

// TestPages checks the pages of other networks and digits.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		sizes    []int
		test     int
		want     string
		pictures int
	}{
		{[]int{12, 10}, 300, "digit 9<", 10},
		{[]int{12, 7, 6, 10}, 300, "neuron 6<", 7},
		{[]int{12, 120, 10}, 300, "the first 100 hidden neurons", 100},
		{[]int{12, 5, 10}, 1, "drawn by a program", 5},
	} {
		page := write(t, c.sizes, Report{Test: digits(c.test)})
		_, weights, _ := strings.Cut(page, "What it looks for")
		if n := strings.Count(weights, "<image "); !strings.Contains(page, c.want) || n != c.pictures || strings.Contains(page, "How it learned") {
			t.Errorf("%v: %d pictures of weights, want %d and %q", c.sizes, n, c.pictures, c.want)
		}
	}
	// A network without a mistake.
	perfect := Report{Network: nn.New([]int{12, 10}, rand.New(rand.NewPCG(5, 0))), Test: digits(50), Cols: 3}
	w := perfect.Network.Weights[0]
	w.Scale(0, w)
	for j := range 10 {
		w.Set(j, j, 20)
		perfect.Network.Biases[0].Data[j] = -10
	}
	index, err := perfect.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if page, _ := os.ReadFile(index); !bytes.Contains(page, []byte("every test digit was read right")) || !bytes.Contains(page, []byte("There are no mistakes")) {
		t.Error("a network without a mistake has some")
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
