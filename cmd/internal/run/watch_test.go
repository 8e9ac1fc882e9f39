package run

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// TestTroubleIsTold checks that a run which cannot work says so in one line, once,
// and goes on; and that runs which work, or are only slow, say nothing.
func TestTroubleIsTold(t *testing.T) {
	dir := dataDir(t)
	runs := [][]string{{"-data", dir, "-sizes", "12,8,10"}}
	if mnist := os.Getenv("NNDL_MNIST"); mnist != "" && !testing.Short() {
		runs = append(runs, []string{"-data", mnist, "-train", "5000", "-test", "1000"},
			[]string{"-data", mnist, "-train", "1000", "-test", "100", "-sizes", "784,10"})
	}
	for _, flags := range runs {
		for _, method := range []string{"batch", "book"} {
			if method == "book" && len(flags) > 4 {
				continue
			}
			for eta, want := range map[string]int{"100": 1, "0.001": 0, "3": 0} {
				stdout, stderr, status := call(t, append(flags, "-epochs", "6", "-method", method, "-eta", eta)...)
				if status != 0 || strings.Count(stdout, "\nEpoch ") != 6 {
					t.Errorf("%v -eta %s: status %d, %s", flags, eta, status, stdout)
				}
				if strings.Count(stderr, "\n") != want || want == 1 && !strings.Contains(stderr, "learning rate") {
					t.Errorf("%v -eta %s: stderr %q, want %d lines", flags, eta, stderr, want)
				}
			}
		}
	}
}

// TestOddImages checks that the data is looked at before η is blamed.
func TestOddImages(t *testing.T) {
	for name, c := range map[string]struct {
		change func(pixel byte) byte
		want   string // "" for nothing
	}{
		"as they are": {func(p byte) byte { return p }, ""},
		"inverted":    {func(p byte) byte { return 255 - p }, "dark on light"},
		"0 and 1":     {func(p byte) byte { return p / 128 }, "largest pixel is 1, want 255"},
		"blank":       {func(p byte) byte { return 0 }, "every pixel is 0"},
	} {
		dir := dataDir(t)
		images := filepath.Join(dir, "train-images-idx3-ubyte")
		data := []byte(read(t, images))
		for i := 16; i < len(data); i++ {
			data[i] = c.change(data[i])
		}
		if err := os.WriteFile(images, data, 0o666); err != nil {
			t.Fatal(err)
		}
		// A learning rate that breaks the training, but for which something else is blamed.
		stdout, stderr, status := call(t, "-data", dir, "-sizes", "12,10", "-epochs", "3", "-eta", "100")
		first, rest, _ := strings.Cut(stderr, "\n")
		if status != 0 || !strings.Contains(stdout, "Best") || strings.Contains(first, "not like MNIST's") != (c.want != "") || !strings.Contains(first, c.want) {
			t.Errorf("%s: status %d, %q, want %q", name, status, stderr, c.want)
		}
		if c.want != "" && strings.Contains(rest, "learning rate") {
			t.Errorf("%s: η is blamed: %q", name, rest)
		}
	}
	large := nn.NewExample(matrix.FromSlice(4, 1, []float64{0, 254, 0, 0}), mnist.VectorizedResult(1))
	if odd := oddImages([]nn.Example{large}, 2, 2); !strings.Contains(odd, "as large as 254") {
		t.Errorf("unscaled bytes: %q", odd)
	}
}

// TestTrouble checks that one answer for everything is trouble if the cost does not fall,
// and not if it does; that NaN is; and that a saturated network may be right.
func TestTrouble(t *testing.T) {
	before := signs{cost: 0.45, zero: 0.5, answers: 1, slope: []float64{0.1, 1e-5}}
	for _, c := range []struct {
		now  signs
		want string
	}{
		{signs{cost: 0.45, zero: 0.5, answers: 1, slope: []float64{0.1, 0.1}}, "same answer"},
		{signs{cost: 0.449, zero: 0.5, answers: 1, slope: []float64{0.1, 0.1}}, ""},
		{signs{cost: math.NaN(), zero: 0.5, answers: 1, slope: []float64{0.1, 0.1}}, "NaN"},
		{signs{cost: 0.44, zero: 0.5, answers: 5, slope: []float64{0.1, 1e-5}}, "layer 3 are saturated"},
		{signs{cost: 0.2, zero: 0.5, answers: 5, slope: []float64{0.1, 1e-5}}, ""},
	} {
		if got := c.now.trouble(before).String(); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: told %q, want %q", c.now, got, c.want)
		}
	}
}

// TestLook compares the figures of a look with the definitions.
func TestLook(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	net := nn.New([]int{4, 5, 3, 2}, rng)
	var data []nn.Example
	for range 300 {
		x := matrix.New(4, 1)
		for i := range x.Data {
			x.Data[i] = rng.NormFloat64()
		}
		y := matrix.New(2, 1)
		y.Data[rng.IntN(2)] = 1
		data = append(data, nn.NewExample(x, y))
	}
	s := look(&nn.Trainer{Biases: net.Biases, Weights: net.Weights}, data)
	answers, zero := map[int]bool{}, 0.0
	slope := make([]float64, 3)
	for _, e := range data {
		a := e.X()
		for i, w := range net.Weights {
			z := new(matrix.Matrix).Mul(w, a)
			z.Add(z, net.Biases[i])
			for _, v := range z.Data {
				slope[i] += nn.SigmoidPrime(v) / float64(len(z.Data)*len(data))
			}
			a = new(matrix.Matrix).Apply(nn.Sigmoid, z)
		}
		answers[a.ArgMax()] = true
		for _, v := range e.Y().Data {
			zero += v * v / 2 / float64(len(data))
		}
	}
	for i, want := range slope {
		if !(math.Abs(s.slope[i]-want) < 1e-12) {
			t.Errorf("layer %d: mean σ′ %g, want %g", i+2, s.slope[i], want)
		}
	}
	if !(math.Abs(s.cost-net.Cost(data)) < 1e-12) || !(math.Abs(s.zero-zero) < 1e-12) || s.answers != len(answers) {
		t.Errorf("%+v, want cost %g, zero %g, %d answers", s, net.Cost(data), zero, len(answers))
	}
}
