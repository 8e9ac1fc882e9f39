// Train is the book's experiment: it trains a network on handwritten digits by
// stochastic gradient descent and prints after every epoch how many of the test
// digits it reads right.
//
//	go run ./cmd/train
//
// trains the book's [784,30,10] for 30 epochs; train -h lists the flags.
package main

import (
	"context"
	"io"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/run"
)

const help = `train: train the book's network on handwritten digits

  go run ./cmd/train                                  the book's first run: [784,30,10], 30 epochs, mini-batch 10, η = 3
  go run ./cmd/train -sizes 784,100,10                a hundred hidden neurons
  go run ./cmd/train -sizes 784,10                    no hidden layer
  go run ./cmd/train -cost cross-entropy -eta 0.5 -lambda 5 -init default   chapter 3: its cost, weight decay, small first weights
  go run ./cmd/train -train 1000 -test 100            a thousand digits to learn from, a hundred to be tested on
  go run ./cmd/train -save net.json                   keep the trained network
  go run ./cmd/train -load net.json -epochs 0         test it again, train nothing
  go run ./cmd/train -load net.json -epochs 0 -export net.safetensors   hand it over to PyTorch or JAX
  go run ./cmd/train -report report                   draw what it learned, what it got wrong and what its neurons look for
  go run ./cmd/train -method book                     use the book's loop over examples, many times slower
  go run ./cmd/train -checkpoint run.json             after every epoch, save all that is needed to continue
  go run ./cmd/train -checkpoint run.json -resume run.json   continue

`

func main() {
	cli.Main("train", func(args []string, stdout, stderr io.Writer) error {
		// If the output is no longer read, the files are written all the same.
		return train(cli.WhileRead(cli.Interrupted()), args, stdout, stderr)
	})
}

func train(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	return run.Main(ctx, args, help, stdout, stderr)
}
