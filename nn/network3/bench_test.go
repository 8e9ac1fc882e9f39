package network3

import (
	"math/rand/v2"
	"testing"

	"nndl/nn"
)

// chapter6 are networks of the book's chapter 6.
var chapter6 = map[string]func(rng *rand.Rand) []Layer{
	"conv": func(rng *rand.Rand) []Layer {
		return []Layer{first(Sigmoid, rng), NewFullyConnectedLayer(20*12*12, 100, Sigmoid, 0, rng), NewSoftmaxLayer(100, 10, 0)}
	},
	"relu": func(rng *rand.Rand) []Layer {
		return []Layer{first(ReLU, rng), second(ReLU, rng), NewFullyConnectedLayer(40*4*4, 100, ReLU, 0, rng), NewSoftmaxLayer(100, 10, 0)}
	},
	"tanh": func(rng *rand.Rand) []Layer {
		return []Layer{first(Tanh, rng), second(Tanh, rng), NewFullyConnectedLayer(40*4*4, 100, Tanh, 0, rng), NewSoftmaxLayer(100, 10, 0)}
	},
	"dropout": func(rng *rand.Rand) []Layer {
		return []Layer{first(ReLU, rng), second(ReLU, rng), NewFullyConnectedLayer(40*4*4, 1000, ReLU, 0.5, rng),
			NewFullyConnectedLayer(1000, 1000, ReLU, 0.5, rng), NewSoftmaxLayer(1000, 10, 0.5)}
	},
}

func first(activation Activation, rng *rand.Rand) Layer {
	return NewConvPoolLayer([4]int{20, 1, 5, 5}, [4]int{10, 1, 28, 28}, [2]int{2, 2}, activation, rng)
}

func second(activation Activation, rng *rand.Rand) Layer {
	return NewConvPoolLayer([4]int{40, 20, 5, 5}, [4]int{10, 20, 12, 12}, [2]int{2, 2}, activation, rng)
}

// digits returns made-up images of 28×28, each a blot of ink whose place depends on the label.
func digits(count int, rng *rand.Rand) (data []nn.Example) {
	for i := range count {
		pixels := make([]byte, 28*28)
		for range 150 {
			row, col := 4+rng.IntN(12)+i%10%5*2, 4+rng.IntN(12)+i%10/5*7
			pixels[28*row+col] = byte(128 + rng.IntN(128))
		}
		data = append(data, nn.NewPixelExample(pixels, i%10, 10))
	}
	return data
}

// BenchmarkTrainer measures a step of a mini-batch of ten, as the time that an epoch of 50,000
// images takes, and the test pass, as that of 10,000.
//
//	go test -run '^$' -bench Trainer -cpu 1,2 ./nn/network3
func BenchmarkTrainer(b *testing.B) {
	for _, name := range []string{"conv", "relu", "tanh", "dropout"} {
		rng := rand.New(rand.NewPCG(1, 0))
		net := New(chapter6[name](rng), 10)
		trainer, data := NewTrainer(net), digits(1000, rng)
		eta := 0.03
		if name == "conv" {
			eta = 0.1
		}
		update := func(i int) { trainer.Update(data[i%100*10:][:10], eta, 0.1, 5000, rng) }
		for i := range 300 { // until it has learnt something: the errors of the first steps are all 0
			update(i)
		}
		b.Run(name+"/Update", func(b *testing.B) {
			for i := range b.N {
				update(i)
			}
			b.ReportMetric(b.Elapsed().Seconds()*5000/float64(b.N), "s/epoch")
			b.ReportMetric(b.Elapsed().Seconds()*1e5/float64(b.N), "µs/image")
		})
		b.Run(name+"/Correct", func(b *testing.B) {
			for range b.N {
				trainer.Correct(data)
			}
			b.ReportMetric(b.Elapsed().Seconds()*10/float64(b.N), "s/10000")
		})
	}
}
