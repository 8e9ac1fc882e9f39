package universality

import (
	"math"
	"strings"
	"testing"

	"nndl/nn"
)

// weighted returns the weighted input of a network's output neuron as a function of x: what
// the book's figures show, beside σ⁻¹∘f.
func weighted(net *nn.Network) func(x float64) float64 {
	return func(x float64) float64 { return WeightedInput(net, x) }
}

func inverse(f func(x float64) float64) func(x float64) float64 {
	return func(x float64) float64 { return Logit(f(x)) }
}

// TestChallenge: with five pairs the book asks its reader for an average deviation of 0.40
// between the weighted input and σ⁻¹∘f.
func TestChallenge(t *testing.T) {
	net := New(Target, 5, Steep)
	deviation := Deviation(weighted(net), inverse(Target))
	if !(0.30 < deviation && deviation <= 0.40) {
		t.Errorf("average deviation %.4f, want at most the book's 0.40", deviation)
	}
	for k, want := range []float64{0, 0.2, 0.2, 0.4, 0.4, 0.6, 0.6, 0.8, 0.8, 1} {
		if s := -net.Biases[0].Data[k] / net.Weights[0].Data[k]; math.Abs(s-want) > 1e-12 {
			t.Errorf("step %d is at s = −b/w = %g, want %g", k, s, want)
		}
	}
	if b := net.Biases[1].Data[0]; b != 0 {
		t.Errorf("the output's bias is %g, want 0", b)
	}
	t.Logf("average deviation %.4f", deviation)
}

// TestDeviation: twice as many pairs halve the average deviation, if the steps are steep
// enough for that many; with the book's w = 1000 they are wider than the bumps at last.
func TestDeviation(t *testing.T) {
	functions := map[string]func(x float64) float64{
		"(113)":    Target,
		"straight": func(x float64) float64 { return 0.1 + 0.8*x },
		"jump":     func(x float64) float64 { return 0.3 + 0.4*math.Floor(2*x)/2 },
	}
	for name, f := range functions {
		deviation := func(pairs int, w float64) float64 {
			net := New(f, pairs, w)
			return Deviation(func(x float64) float64 { return Output(net, x) }, f)
		}
		if name == "jump" { // between two bumps: nothing is left
			if d := deviation(10, 1e6); d > 1e-3 {
				t.Errorf("%s: %g", name, d)
			}
			continue
		}
		for _, pairs := range []int{20, 40, 80} {
			before, after := deviation(pairs, 1e6), deviation(2*pairs, 1e6)
			if ratio := before / after; !(1.8 < ratio && ratio < 2.2) {
				t.Errorf("%s: %d pairs %.5f, twice as many %.5f: %.3f times smaller, want about 2", name, pairs, before, after, ratio)
			}
		}
		if d := deviation(1000, Steep); !(d > 1e-4) {
			t.Errorf("%s: with w = %d, 1000 pairs deviate by %g", name, Steep, d)
		}
	}
}

// TestTowers: a network of two inputs, close to a function everywhere but at the edges of
// the towers, and closer with more of them.
func TestTowers(t *testing.T) {
	f := Waves
	for _, n := range []int{3, 6} {
		net := NewTowers(f, n, 1e5)
		for i := range n {
			for j := range n {
				x, y := (float64(i)+0.5)/float64(n), (float64(j)+0.5)/float64(n)
				if a := Output(net, x, y); math.Abs(a-f(x, y)) > 1e-6 {
					t.Errorf("%d towers in a row: %.6f at the middle of tower (%d, %d), want %.6f", n, a, i, j, f(x, y))
				}
			}
		}
	}
	few, many := grid(NewTowers(f, 5, 1e5), f), grid(NewTowers(f, 10, 1e5), f)
	if ratio := few / many; !(1.8 < ratio && ratio < 2.2) {
		t.Errorf("average deviation %.4f with 5 towers in a row, %.4f with 10, want half", few, many)
	}
}

// grid returns the average deviation on a grid of 53×53 points.
func grid(net *nn.Network, f func(x, y float64) float64) float64 {
	return Deviation2(func(x, y float64) float64 { return Output(net, x, y) }, f, 53)
}

// TestDeviation2: |x − y| is 1/3 on average, and on 10×10 points a hundredth of that less.
func TestDeviation2(t *testing.T) {
	x, y := func(x, y float64) float64 { return x }, func(x, y float64) float64 { return y }
	if got := Deviation2(x, y, 10); math.Abs(got-0.33) > 1e-15 {
		t.Errorf("the average of |x − y| on 10×10 points is %g, want 0.33", got)
	}
}

// TestBumps: overlapping bumps add up, one with its steps the other way round is turned over,
// and the weighted input is finite where no logit of the output is.
func TestBumps(t *testing.T) {
	net := Bumps([]Pair{{0.2, 0.6, 3}, {0.4, 0.8, 50}, {1, 0.9, 2}}, 1e4)
	for x, want := range map[float64]float64{0.1: 0, 0.3: 3, 0.5: 53, 0.7: 50, 0.85: 0, 0.95: -2} {
		if z := WeightedInput(net, x); math.Abs(z-want) > 1e-9 {
			t.Errorf("the weighted input at %g is %g, want %g", x, z, want)
		}
		if a := Output(net, x); a != nn.Sigmoid(WeightedInput(net, x)) {
			t.Errorf("the output at %g is %g, want σ of the weighted input", x, a)
		}
	}
	if net := Bumps(nil, Steep); WeightedInput(net, 0.5) != 0 || Output(net, 0.5) != 0.5 {
		t.Error("a network without pairs has another output than σ(0)")
	}
}

// TestPanics: misuse says what is wrong.
func TestPanics(t *testing.T) {
	for want, f := range map[string]func(){
		"0 pairs":                     func() { New(Target, 0, Steep) },
		"0 towers":                    func() { NewTowers(func(x, y float64) float64 { return 0.5 }, 0, Steep) },
		"no sigmoid neuron has the o": func() { New(func(x float64) float64 { return x - 0.5 }, 3, Steep) },
		"output NaN":                  func() { Logit(math.NaN()) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, "universality: ") || !strings.Contains(got, want) {
					t.Errorf("panic %q, want %q", got, want)
				}
			}()
			f()
		}()
	}
}
