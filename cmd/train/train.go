package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/nn"
)

// train runs the epochs: the book's SGD, which here also shows its progress, takes
// the time and stops in good order. When ctx is done it finishes its mini-batch,
// writes one line and returns cli.ErrInterrupted.
func train(ctx context.Context, n *nn.Network, training, test []nn.Example, o options,
	rng *rand.Rand, stdout, stderr io.Writer) error {
	bestEpoch, best := 0, -1
	for epoch := range o.epochs {
		start := time.Now()
		if !runEpoch(ctx, n, training, o, rng, epoch, stderr) {
			fmt.Fprintf(stdout, "Interrupted in epoch %d\n", epoch)
			return cli.ErrInterrupted
		}
		seconds := time.Since(start).Seconds()
		correct := n.Evaluate(test)
		fmt.Fprintf(stdout, "Epoch %d: %d / %d  %.2f%%  %.3fs\n", epoch, correct, len(test), percent(correct, test), seconds)
		if correct > best {
			bestEpoch, best = epoch, correct
		}
	}
	fmt.Fprintf(stdout, "Best: epoch %d, %d / %d  %.2f%%\n", bestEpoch, best, len(test), percent(best, test))
	return nil
}

// runEpoch goes through the training data once and reports whether it came to the end.
func runEpoch(ctx context.Context, n *nn.Network, training []nn.Example, o options,
	rng *rand.Rand, epoch int, stderr io.Writer) bool {
	if o.shuffle {
		rng.Shuffle(len(training), func(i, j int) { training[i], training[j] = training[j], training[i] })
	}
	bar := term.NewBar(stderr, fmt.Sprintf("Epoch %d", epoch), int64(len(training)))
	defer bar.Clear()
	done := 0
	for miniBatch := range slices.Chunk(training, o.batch) {
		if ctx.Err() != nil {
			return false
		}
		n.UpdateMiniBatch(miniBatch, o.eta)
		done += len(miniBatch)
		bar.Set(int64(done))
	}
	return true
}

// percent returns correct as per cent of the test data.
func percent(correct int, test []nn.Example) float64 {
	return 100 * float64(correct) / float64(len(test))
}
