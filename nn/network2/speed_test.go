package network2

import (
	"fmt"
	"math"
	"testing"

	"nndl/matrix"
)

// TestGoldenDeep compares the speeds of learning of chapter 5 with those of
// generate_gradient.py: at the start, and in 20 epochs of one step each.
func TestGoldenDeep(t *testing.T) {
	var g struct {
		parameters
		Sizes          []int
		Cost           string
		Pixels         [][]int
		Labels         []int
		AverageDelta   [][]float64 `json:"average_delta"`
		NormsHidden    []float64   `json:"norms_hidden"`
		NormOutput     float64     `json:"norm_output"`
		NotMeanOfNorms []float64   `json:"NOT_mean_of_norms"`
		Training       struct {
			Epochs int
			Eta    float64
			Lmbda  float64
			Norms  [][]float64 `json:"norms_before_each_epoch"`
			After  parameters
		}
	}
	golden(t, "deep-36-12-12-12-10.json", &g)
	net, data := g.network(g.Sizes, g.Cost), images(g.Pixels, g.Labels)
	n := len(data)
	trainer := net.Trainer(g.Training.Lmbda, n)

	// δˡ by the literal Backprop, averaged.
	mean := zerosLike(net.Biases)
	for _, e := range data {
		nablaB, _ := net.Backprop(e.X(), e.Y())
		for i := range mean {
			mean[i].AddScaled(1/float64(n), nablaB[i])
		}
	}
	for i, want := range g.AverageDelta {
		same(t, fmt.Sprintf("average δ of layer %d", i+2), mean[i:i+1], []*matrix.Matrix{column(want...)}, once)
	}
	speeds := LearningSpeeds(trainer, data)
	for i, want := range append(g.NormsHidden, g.NormOutput) {
		near(t, fmt.Sprintf("‖δ‖ of layer %d", i+2), speeds[i], float(want), once)
		if other := g.NotMeanOfNorms[i]; !(other > 1.02*speeds[i]) {
			t.Errorf("layer %d: the average of the norms is %g, the norm of the average %g", i+2, other, speeds[i])
		}
	}
	for epoch, want := range g.Training.Norms {
		speeds := LearningSpeeds(trainer, data)
		for i := range want {
			near(t, fmt.Sprintf("‖δ‖ of layer %d before epoch %d", i+2, epoch), speeds[i], float(want[i]), again)
		}
		trainer.Update(data, g.Training.Eta)
	}
	if len(g.Training.Norms) != g.Training.Epochs {
		t.Fatalf("%d norms for %d epochs", len(g.Training.Norms), g.Training.Epochs)
	}
	same(t, "w after", net.Weights, g.Training.After.Weights.matrices(), again)
	same(t, "b after", net.Biases, g.Training.After.Biases.matrices(), again)
	if s := LearningSpeeds(trainer, nil); len(s) != 4 || math.IsNaN(s[0]) {
		t.Errorf("without examples %v", s)
	}
}
