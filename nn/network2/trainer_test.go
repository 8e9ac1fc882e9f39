package network2

import (
	"fmt"
	"io"
	"slices"
	"testing"

	"nndl/nn"
	"nndl/nn/internal/proof"
)

// TestTrainerIsNetwork trains the same network by the literal program and by the trainer,
// for both costs, with and without decay, the last mini-batch short, and one longer than
// the parts that the trainer works in.
func TestTrainerIsNetwork(t *testing.T) {
	data := randomData(700, 6, 4)
	for name, cost := range costs {
		for _, lambda := range []float64{0, 3} {
			for _, size := range []int{1, 32, 300} {
				what := fmt.Sprintf("%s, λ = %g, mini-batches of %d: ", name, lambda, size)
				a, b := g654(cost), g654(cost)
				h := a.SGD(data, 2, size, 0.5, lambda, data[:50], Monitor{true, true, true, true}, nil, io.Discard)
				trainer := b.Trainer(lambda, len(data))
				for range 2 {
					for miniBatch := range nn.MiniBatches(data, size) {
						trainer.Update(miniBatch, 0.5)
					}
				}
				same(t, what+"w", b.Weights, a.Weights, again)
				same(t, what+"b", b.Biases, a.Biases, again)
				for _, m := range []struct {
					data     []nn.Example
					cost     float64
					accuracy int
				}{{data, h.TrainingCost[1], h.TrainingAccuracy[1]}, {data[:50], h.EvaluationCost[1], h.EvaluationAccuracy[1]}} {
					got, accuracy := b.Measure(trainer, m.data, lambda)
					near(t, what+"cost", got, float(m.cost), again)
					if accuracy != m.accuracy {
						t.Errorf("%saccuracy %d, want %d", what, accuracy, m.accuracy)
					}
				}
			}
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a trainer for another cost does not panic")
		}
	}()
	g654(LogLikelihoodCost{}).Trainer(0, 1)
}

// Equation (66), mini-batch: Δᴸ = Aᴸ − Y
//
// The gradient of three examples at once, against the sum of C over them written out and
// each bias of the last layer moved: this is the sum of the rows of Δᴸ.
func TestEquation66MiniBatch(t *testing.T) {
	net, data := pocketNetwork(CrossEntropyCost{}), pocketData(3, 3, 2)
	right, _ := written(net).Gradient(costOver(written(net), data, entropy))
	left, _ := net.Trainer(0, 3).Gradient(data)
	proof.Agree(t, "(66), mini-batch", over(slices.Clone(left[2].Data), 3), right[2], proof.Derived)
}

// Equation (93), mini-batch: wˡ → (1 − ηλ/n)wˡ − (η/m)(Δˡ)ᵀAˡ⁻¹
//
// One step with three of 40 examples, against the gradient of C₀ over the three by moving
// each weight.
func TestEquation93MiniBatch(t *testing.T) {
	net, data := pocketNetwork(CrossEntropyCost{}), pocketData(3, 3, 2)
	_, w0 := gradientOf(net, costOver(written(net), data, entropy))
	w := numbers(net.Weights)
	right := plus(proof.Each(func(w float64) float64 { return (1 - testEta*testLambda/40) * w }, w), -testEta, w0)
	net.Trainer(testLambda, 40).Update(data, testEta)
	proof.Agree(t, "(93), mini-batch", numbers(net.Weights), right, proof.Derived)
}

// TestTrainerGolden: the trainer does what network2.py did.
func TestTrainerGolden(t *testing.T) {
	for _, name := range []string{"network2-sgd-36-10.json", "network2-sgd-25-9-10.json"} {
		t.Run(name, func(t *testing.T) {
			var g struct {
				parameters
				Sizes         []int
				Pixels        [][]int
				Labels        []int
				MiniBatchSize int `json:"mini_batch_size"`
				Eta           float64
				Runs          []goldenRun
			}
			golden(t, name, &g)
			data := images(g.Pixels, g.Labels)
			for _, r := range g.Runs {
				net := g.network(g.Sizes, r.Cost)
				trainer := net.Trainer(r.Lmbda, len(data))
				for i, want := range r.AfterEpoch {
					for miniBatch := range nn.MiniBatches(data, g.MiniBatchSize) {
						trainer.Update(miniBatch, g.Eta)
					}
					what := fmt.Sprintf("%s, λ = %g, epoch %d: ", r.Cost, r.Lmbda, i)
					same(t, what+"w", net.Weights, want.Weights.matrices(), again)
					same(t, what+"b", net.Biases, want.Biases.matrices(), again)
					cost, accuracy := net.Measure(trainer, data, r.Lmbda)
					near(t, what+"cost", cost, r.TrainingCost[i], again)
					if accuracy != r.TrainingAccuracy[i] {
						t.Errorf("%saccuracy %d, want %d", what, accuracy, r.TrainingAccuracy[i])
					}
				}
			}
		})
	}
}
