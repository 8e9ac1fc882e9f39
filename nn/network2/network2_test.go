package network2

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

func TestInitializers(t *testing.T) {
	deviation := func(x *matrix.Matrix) float64 {
		return math.Sqrt(sumOfSquares([]*matrix.Matrix{x}) / float64(len(x.Data)))
	}
	net := New([]int{400, 300, 100}, CrossEntropyCost{}, rand.New(rand.NewPCG(1, 0)))
	small := deviation(net.Weights[0])
	if s := deviation(net.Weights[1]); math.Abs(small*20-1) > 0.02 || math.Abs(s*math.Sqrt(300)-1) > 0.02 {
		t.Errorf("default weights have standard deviations %g and %g, want 1/√400 and 1/√300", small, s)
	}
	bias := net.Biases[0].Data[0]
	net.LargeWeightInitializer(rand.New(rand.NewPCG(1, 0)))
	if s := deviation(net.Weights[0]); math.Abs(s/small-20) > 1e-9 || net.Biases[0].Data[0] != bias {
		t.Errorf("large weights are %g times the default ones, want 20; first bias %g, want %g", s/small, net.Biases[0].Data[0], bias)
	}
	// network.go draws the same numbers.
	if chapter1 := nn.New(net.Sizes, rand.New(rand.NewPCG(1, 0))); !chapter1.Weights[1].Equal(net.Weights[1]) {
		t.Error("large weights differ from those of nn.New with the same seed")
	}
	defer func() {
		if recover() == nil {
			t.Error("New with an empty layer does not panic")
		}
	}()
	New([]int{3, 0, 2}, CrossEntropyCost{}, rand.New(rand.NewPCG(1, 0)))
}

// TestMonitorsOff: what is not asked for is neither computed nor printed.
func TestMonitorsOff(t *testing.T) {
	net := New([]int{3, 2}, QuadraticCost{}, rand.New(rand.NewPCG(1, 0)))
	data := randomData(4, 3, 2)
	var printed strings.Builder
	h := net.SGD(data, 2, 3, 0.1, 0, data, Monitor{EvaluationAccuracy: true}, rand.New(rand.NewPCG(1, 0)), &printed)
	if h.EvaluationCost != nil || h.TrainingCost != nil || h.TrainingAccuracy != nil || len(h.EvaluationAccuracy) != 2 {
		t.Errorf("history %+v, want the evaluation accuracy alone", h)
	}
	if got := printed.String(); !strings.HasPrefix(got, "Epoch 0 training complete\nAccuracy on evaluation data: ") || strings.Count(got, "\n") != 6 {
		t.Errorf("printed %q", got)
	}
	if c := net.TotalCost(nil, 1); c != 0 {
		t.Errorf("the cost of no examples is %g, want 0", c)
	}
	before := net.Weights[0].Data[0]
	if net.UpdateMiniBatch(nil, 1, 1, 4); net.Weights[0].Data[0] != before {
		t.Error("an empty mini-batch changed a weight")
	}
}

// randomData returns examples with inputs in 0..1 and outputs 1 for one label.
func randomData(count, inputs, outputs int) (data []nn.Example) {
	rng := rand.New(rand.NewPCG(2, 0))
	for range count {
		x, y := matrix.New(inputs, 1), matrix.New(outputs, 1)
		for j := range x.Data {
			x.Data[j] = rng.Float64()
		}
		y.Data[rng.IntN(outputs)] = 1
		data = append(data, nn.NewExample(x, y))
	}
	return data
}

// TestRepr: numbers as Python 3 prints them.
func TestRepr(t *testing.T) {
	for x, want := range map[float64]string{
		0.878: "0.878", 0: "0.0", 80000000: "80000000.0", 1e15: "1000000000000000.0", 1e16: "1e+16",
		1.5e-5: "1.5e-05", 1e-4: "0.0001", -2.5: "-2.5", math.MaxFloat64: "1.7976931348623157e+308",
		math.Inf(1): "inf", math.Inf(-1): "-inf",
	} {
		if got := repr(x); got != want {
			t.Errorf("repr(%v) = %q, want %q", x, got, want)
		}
	}
	if got := repr(math.NaN()); got != "nan" {
		t.Errorf("repr(NaN) = %q", got)
	}
}

func TestLn(t *testing.T) {
	for _, c := range []struct{ x, want float64 }{
		{5e-324, -744.4400719213812}, {1e-310, -713.8013788281542}, {0x1p-1022, -708.3964185322641}, {0.5, -math.Ln2}, {1, 0},
	} {
		if got := ln(c.x); math.Abs(got-c.want) > 1e-12*math.Abs(c.want) {
			t.Errorf("ln(%g) = %v, want %v", c.x, got, c.want)
		}
	}
	if got := ln(0); !math.IsInf(got, -1) {
		t.Errorf("ln(0) = %v, want -Inf", got)
	}
}

// TestAccuracyOfNaN: as in network2.py the first output that is NaN is the answer, so
// a network whose outputs are all NaN answers 0.
func TestAccuracyOfNaN(t *testing.T) {
	y := matrix.New(3, 1)
	for first := range 3 {
		net := New([]int{2, 3}, CrossEntropyCost{}, rand.New(rand.NewPCG(1, 0)))
		for i := first; i < 3; i++ {
			net.Biases[0].Data[i] = math.NaN()
		}
		for label := range 3 {
			clear(y.Data)
			y.Data[label] = 1
			if got := net.Accuracy([]nn.Example{nn.NewExample(matrix.New(2, 1), y)}); (got == 1) != (label == first) {
				t.Errorf("first NaN at %d, label %d: %d right", first, label, got)
			}
		}
	}
}

// g654 returns a network of 6, 5 and 4 neurons, the same each time.
func g654(cost Cost) *Network { return New([]int{6, 5, 4}, cost, rand.New(rand.NewPCG(3, 0))) }
