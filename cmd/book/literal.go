package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/nn"
	"nndl/nn/network2"
)

// This file has the chapter's problems L1 and momentum. They run by the literal program of
// nn/network2, one example after another: the trainer of cmd/train has neither.

// variant is a way to take a step.
type variant struct {
	name, elsewhere string // elsewhere: what a public set of solutions has
	lambda          float64
	update          func(net *network2.Network) func(miniBatch []nn.Example, eta, lambda float64, n int)
}

func plain(net *network2.Network) func([]nn.Example, float64, float64, int) {
	return net.UpdateMiniBatch
}

func withL1(net *network2.Network) func([]nn.Example, float64, float64, int) {
	return net.UpdateMiniBatchL1
}

func withMomentum(mu float64) func(*network2.Network) func([]nn.Example, float64, float64, int) {
	return func(net *network2.Network) func([]nn.Example, float64, float64, int) {
		return network2.NewMomentum(net, mu).UpdateMiniBatch
	}
}

func l1(ctx context.Context, b *bench, stdout, stderr io.Writer) ([]chart.Lines, error) {
	return b.compare(ctx, "L1 regularization", []variant{
		{"no regularization", "96.32 %", 0, plain},
		{"L1, λ = 0.2", "96.31 %", 0.2, withL1},
		{"L1, λ = 1", "96.66 %", 1, withL1},
		{"L1, λ = 5", "96.34 %", 5, withL1},
	}, stdout, stderr)
}

func momentum(ctx context.Context, b *bench, stdout, stderr io.Writer) ([]chart.Lines, error) {
	return b.compare(ctx, "Momentum, λ = 5", []variant{
		{"μ = 0", "", 5, plain},
		{"μ = 0.1", "", 5, withMomentum(0.1)},
		{"μ = 0.5", "", 5, withMomentum(0.5)},
		{"μ = 0.9, with the same η", "", 5, withMomentum(0.9)},
	}, stdout, stderr)
}

// compare trains [784,30,10] with the cross-entropy in each of the ways.
func (b *bench) compare(ctx context.Context, title string, variants []variant, stdout, stderr io.Writer) ([]chart.Lines, error) {
	epochs, eta := b.epochs, b.etaOr(0.5)
	if epochs == 0 {
		epochs = 30
	}
	training := slices.Clone(b.data.Training)
	if b.train > 0 {
		training = training[:min(b.train, len(training))]
	}
	fmt.Fprintf(stdout, "[784,30,10], cross-entropy, %d epochs over %d images, η = %g, seed %d, by nn/network2's own loop\n\n", epochs, len(training), eta, b.seed)
	lines := chart.Lines{Title: title, XLabel: "epoch", YLabel: "accuracy on the validation images, %", Span: 5}
	for _, v := range variants {
		if b.given["lambda"] && v.lambda > 0 {
			v.lambda = b.lambda
		}
		curve, err := b.literal(ctx, v, training, epochs, eta, stderr)
		if err != nil {
			return nil, err
		}
		lines.Series = append(lines.Series, curve)
		fmt.Fprintf(stdout, "%-26s best accuracy %.2f %%", v.name, slices.Max(curve.Y))
		if v.elsewhere != "" {
			fmt.Fprintf(stdout, "   (a public set of solutions: %s)", v.elsewhere)
		}
		fmt.Fprintln(stdout)
	}
	return []chart.Lines{lines}, nil
}

// literal trains in one of the ways and returns the accuracy after each epoch.
func (b *bench) literal(ctx context.Context, v variant, training []nn.Example, epochs int, eta float64, stderr io.Writer) (chart.Series, error) {
	rng := rand.New(rand.NewPCG(b.seed, 0))
	net := network2.New([]int{len(training[0].X().Data), 30, 10}, network2.CrossEntropyCost{}, rng)
	update, trainer := v.update(net), net.Trainer(0, len(training)) // the trainer only evaluates
	bar := term.NewBar(stderr, v.name, int64(epochs*len(training)))
	defer bar.Clear()
	curve, done := chart.Series{Name: v.name}, 0
	for epoch := range epochs {
		rng.Shuffle(len(training), func(i, k int) { training[i], training[k] = training[k], training[i] })
		for miniBatch := range nn.MiniBatches(training, 10) {
			if ctx.Err() != nil {
				return curve, cli.ErrInterrupted
			}
			update(miniBatch, eta, v.lambda, len(training))
			done += len(miniBatch)
			bar.Set(int64(done))
		}
		curve.X = append(curve.X, float64(epoch))
		curve.Y = append(curve.Y, 100*float64(trainer.Evaluate(b.data.Validation))/float64(len(b.data.Validation)))
	}
	return curve, nil
}
