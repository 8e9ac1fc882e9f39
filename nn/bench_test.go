package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// flops returns how many floating-point operations the products of one epoch over
// so many examples take: forward and for the gradient two for each weight and
// example, and backward two more for each weight but the first layer's.
func flops(sizes []int, examples int) float64 {
	total := 0.0
	for i := range sizes[1:] {
		weights := float64(sizes[i] * sizes[i+1])
		total += 4 * weights
		if i > 0 {
			total += 2 * weights
		}
	}
	return total * float64(examples)
}

// gflops reports the speed of b.N rounds of so many operations each.
func gflops(b *testing.B, flops float64) {
	b.ReportMetric(flops*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// The networks and mini-batches of the scaling table in docs/training.md.
func shapes(b *testing.B, run func(b *testing.B, sizes []int, m int)) {
	for _, hidden := range []int{30, 100, 300, 1000} {
		for _, m := range []int{1, 10, 100, 1000} {
			sizes := []int{784, hidden, 10}
			b.Run(fmt.Sprintf("784-%d-10/m=%d", hidden, m), func(b *testing.B) { run(b, sizes, m) })
		}
	}
}

func BenchmarkUpdateMiniBatch(b *testing.B) {
	n, data := New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0))), pictures(1000, 784, 10)
	for _, m := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("784-30-10/m=%d", m), func(b *testing.B) {
			for i := range b.N {
				k := i * m % len(data)
				n.UpdateMiniBatch(data[k:k+m], 0.01)
			}
			gflops(b, flops(n.Sizes, m))
		})
	}
}

func BenchmarkTrainer(b *testing.B) {
	data := pictures(5000, 784, 10)
	shapes(b, func(b *testing.B, sizes []int, m int) {
		batch := trainer(New(sizes, rand.New(rand.NewPCG(1, 0))))
		batch.Update(data[:m], 0.01)
		b.ResetTimer()
		for i := range b.N {
			k := i * m % len(data)
			batch.Update(data[k:k+m], 0.01)
		}
		gflops(b, flops(sizes, m))
	})
}

func BenchmarkEvaluate(b *testing.B) {
	n, data := New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0))), pictures(10000, 784, 10)
	batch := trainer(n)
	for _, method := range []struct {
		name     string
		evaluate func([]Example) int
	}{{"batch", batch.Evaluate}, {"book", n.Evaluate}} {
		b.Run(method.name+"/784-30-10/10000", func(b *testing.B) {
			for range b.N {
				method.evaluate(data)
			}
			gflops(b, float64(len(data)*2*(784*30+30*10)))
		})
	}
}
