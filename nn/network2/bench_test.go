package network2

import (
	"math/rand/v2"
	"testing"

	"nndl/mnist"
)

// BenchmarkMonitors measures cost and accuracy together, as the monitors do, beside the
// accuracy alone.
//
//	go test ./nn/network2 -run '^$' -bench Monitors -count 5
func BenchmarkMonitors(b *testing.B) {
	training, _ := mnist.Synthetic()
	net := New([]int{784, 30, 10}, CrossEntropyCost{}, rand.New(rand.NewPCG(1, 0)))
	trainer := net.Trainer(5, len(training))
	b.Run("accuracy", func(b *testing.B) {
		for b.Loop() {
			trainer.Evaluate(training)
		}
	})
	b.Run("cost-and-accuracy", func(b *testing.B) {
		for b.Loop() {
			net.Measure(trainer, training, 5)
		}
	})
}
