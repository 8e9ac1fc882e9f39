package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/deep"
	"nndl/cmd/internal/run"
	"nndl/cmd/internal/term"
	"nndl/nn"
)

// chapter5 are the experiments of chapter 5: more hidden layers, and how fast each learns.
var chapter5 = []experiment{
	{name: "deep", chapter: 5, section: "The vanishing gradient problem", shows: "one to four hidden layers", figure: accuracyByDepth, lines: []line{
		deepLine("1 hidden layer", "784,30,10", "96.48 %"), deepLine("2 hidden layers", "784,30,30,10", "96.90 %"),
		deepLine("3 hidden layers", "784,30,30,30,10", "96.57 %"), deepLine("4 hidden layers", "784,30,30,30,30,10", "96.53 %"),
	}},
	{name: "gradients", chapter: 5, section: "The vanishing gradient problem", shows: "‖δˡ‖ before training: 0.07 and 0.31 …", do: gradients},
	{name: "gradients-training", chapter: 5, section: "The vanishing gradient problem", shows: "‖δˡ‖ in 500 epochs of one step each", do: gradientsTraining, takes: "a minute"},
}

func deepLine(label, sizes, accuracy string) line {
	return line{label: label, flags: "-sizes " + sizes + " -epochs 30 -eta 0.1 -lambda 5" + small, published: []published{{bestAccuracy, accuracy}}}
}

// byDepth returns the best accuracy of each line, one after another, for each seed, and what
// the book has.
func (b *bench) byDepth(e *experiment, results [][]*run.Result) (all []chart.Series) {
	book := chart.Series{Name: "published", Published: true}
	for i, l := range e.lines {
		book.X, book.Y = append(book.X, float64(i+1)), append(book.Y, l.best())
		for seed, r := range results[i] {
			if seed == len(all) {
				all = append(all, chart.Series{Name: fmt.Sprint("seed ", b.seed+uint64(seed))})
			}
			epoch, _ := r.Best()
			s := &all[seed]
			s.X, s.Y = append(s.X, float64(i+1)), append(s.Y, 100*float64(r.Scores[epoch].Test)/float64(r.Test))
		}
	}
	return append(all, book)
}

// publishedSpeeds are the book's ‖δˡ‖ of the hidden layers of the networks with 2, 3 and 4 of
// them, before the first of the 500 epochs and before the last.
var publishedSpeeds = [][2][]float64{
	{{0.0657, 0.3092}, {0.00343, 0.00963}},
	{{0.01184, 0.05997, 0.2831}, {8.56e-5, 2.18e-4, 1.26e-3}},
	{{0.00298, 0.01708, 0.06954, 0.28514}, {8.2e-6, 2.6e-5, 1.8e-4, 9.2e-4}},
}

// images are the first 1,000, as in the book, on which the speeds are measured.
func (b *bench) images() []nn.Example {
	n := deep.Images
	if b.train > 0 {
		n = b.train
	}
	return b.data.Training[:min(n, len(b.data.Training))]
}

// gradients measures the speed of learning of every hidden layer before training.
func gradients(_ context.Context, b *bench, stdout, _ io.Writer) ([]chart.Lines, error) {
	data := b.images()
	fmt.Fprintf(stdout, "‖δˡ‖ of the hidden layers before training, δˡ averaged over %d images\n\n", len(data))
	l := chart.Lines{Title: "How fast each hidden layer learns, before training", XLabel: "hidden layer", YLabel: "‖δˡ‖", LogY: true}
	for depth, published := range publishedSpeeds {
		hidden := depth + 2
		fmt.Fprintf(stdout, "%d hidden layers  published  %s\n", hidden, written(published[0]))
		for i := range max(1, b.runs) {
			seed := b.seed + uint64(i)
			speeds := deep.Speeds(deep.New(hidden, seed, 0, data), data)
			fmt.Fprintf(stdout, "%17s %-9s  %s\n", "", fmt.Sprint("seed ", seed), written(speeds))
			if i == 0 {
				l.Series = append(l.Series, byLayer(fmt.Sprintf("%d hidden layers", hidden), speeds, false))
			}
		}
		l.Series = append(l.Series, byLayer(fmt.Sprintf("%d, published", hidden), published[0], true))
	}
	return []chart.Lines{l}, nil
}

// written is a list of speeds with three digits each.
func written(speeds []float64) string {
	var all []string
	for _, v := range speeds {
		all = append(all, fmt.Sprintf("%-9.3g", v))
	}
	return strings.TrimSpace(strings.Join(all, " "))
}

// byLayer is a curve over the hidden layers, counted from 1.
func byLayer(name string, speeds []float64, published bool) chart.Series {
	s := chart.Series{Name: name, Y: speeds, Published: published}
	for i := range speeds {
		s.X = append(s.X, float64(i+1))
	}
	return s
}

// gradientsTraining measures the speeds before each epoch of gradient descent, every step on
// all of the images.
func gradientsTraining(ctx context.Context, b *bench, stdout, stderr io.Writer) (figures []chart.Lines, err error) {
	data, epochs, eta, lambda := b.images(), deep.Epochs, b.etaOr(deep.Eta), deep.Lambda
	if b.epochs > 0 {
		epochs = b.epochs
	}
	if b.given["lambda"] {
		lambda = b.lambda
	}
	fmt.Fprintf(stdout, "‖δˡ‖ of the hidden layers in %d epochs of one step each, on %d images, η = %g, λ = %g, seed %d\n\n", epochs, len(data), eta, lambda, b.seed)
	for i, published := range publishedSpeeds {
		l, err := b.descent(ctx, i+2, epochs, eta, lambda, data, stderr)
		if err != nil {
			return nil, err
		}
		figures = append(figures, l)
		for when, name := range []string{"before the first", "before the last"} {
			var ours []float64
			for _, s := range l.Series {
				ours = append(ours, s.Y[when*(len(s.Y)-1)])
			}
			fmt.Fprintf(stdout, "%d hidden layers, %-17s published  %s\n%35s ours       %s\n", i+2, name, written(published[when]), "", written(ours))
		}
	}
	return figures, nil
}

// descent trains one network and returns the figure, a curve for each hidden layer.
func (b *bench) descent(ctx context.Context, hidden, epochs int, eta, lambda float64, data []nn.Example, stderr io.Writer) (chart.Lines, error) {
	l := chart.Lines{Title: fmt.Sprintf("How fast each of %d hidden layers learns", hidden), XLabel: "epoch", YLabel: "‖δˡ‖", LogY: true}
	for i := range hidden {
		l.Series = append(l.Series, chart.Series{Name: fmt.Sprint("hidden layer ", i+1)})
	}
	bar := term.NewBar(stderr, fmt.Sprint(hidden, " hidden layers"), int64(epochs))
	defer bar.Clear()
	for epoch, speeds := range deep.Descent(deep.New(hidden, b.seed, lambda, data), data, epochs, eta) {
		if ctx.Err() != nil {
			return l, cli.ErrInterrupted
		}
		for i, speed := range speeds {
			s := &l.Series[i]
			s.X, s.Y = append(s.X, float64(epoch)), append(s.Y, speed)
		}
		bar.Set(int64(epoch + 1))
	}
	return l, nil
}
