package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"text/tabwriter"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/run"
	"nndl/cmd/internal/term"
	"nndl/mnist"
)

// bench runs experiments as the flags say.
type bench struct {
	flags *flag.FlagSet
	given map[string]bool
	data  mnist.Data

	dir                string
	seed               uint64
	runs               int
	epochs, train      int
	eta, lambda        float64
	init, out, save    string
	checkpoint, resume string
	done               *progress // of the checkpoint
}

// etaOr returns η of the flags, or the book's.
func (b *bench) etaOr(eta float64) float64 {
	if b.eta > 0 {
		return b.eta
	}
	return eta
}

// changed are the flags that make another experiment of it than the book's.
func (b *bench) changed() string {
	var more []string
	for _, name := range []string{"epochs", "train", "eta", "lambda", "init"} {
		if b.given[name] {
			more = append(more, "-"+name, b.flags.Lookup(name).Value.String())
		}
	}
	return strings.Join(more, " ")
}

// run runs an experiment and prints its table.
func (b *bench) run(ctx context.Context, e *experiment, stdout, stderr io.Writer) error {
	fmt.Fprintf(stdout, "\n%s: %s (chapter %d, %s)\n", e.name, e.shows, e.chapter, e.section)
	if changed := b.changed(); changed != "" {
		fmt.Fprintf(stdout, "With %s: the published figures are for the book's own settings.\n", changed)
	}
	if err := b.checkOut(e); err != nil {
		return err
	}
	if e.net != nil {
		return b.runNets(ctx, e, stdout, stderr)
	}
	if e.do != nil {
		figures, err := e.do(ctx, b, stdout, stderr)
		if err == cli.ErrInterrupted {
			fmt.Fprintln(stdout, "Interrupted")
		}
		if err != nil {
			return err
		}
		return b.drawLines(e, figures, stdout)
	}
	results := make([][]*run.Result, len(e.lines))
	for i, l := range e.lines {
		fmt.Fprintf(stdout, "  go run ./cmd/train %s\n", b.command(l))
		if few, err := b.tooFew(l); err != nil {
			return err
		} else if few {
			fmt.Fprintf(stdout, "    left out: there are only %d images\n", len(b.data.Training))
			continue
		}
		for seed := range b.seeds(e) {
			r, err := b.one(ctx, e, l, b.seed+uint64(seed), stderr)
			if err != nil {
				if err == cli.ErrInterrupted {
					b.interrupted(e, stdout)
				}
				return err
			}
			results[i] = append(results[i], r)
		}
	}
	b.table(e, results, stdout)
	return b.drawLines(e, b.figures(e, results), stdout)
}

// seeds returns how many runs there are of each line.
func (b *bench) seeds(e *experiment) int {
	if b.runs > 0 {
		return b.runs
	}
	return max(1, e.runs)
}

// tooFew reports whether a line wants more images than the synthetic digits are.
func (b *bench) tooFew(l line) (bool, error) {
	s, err := run.Parse(strings.Fields(b.command(l)), "", io.Discard)
	if err != nil {
		return false, err
	}
	return b.data.Dir == "" && !b.given["train"] && s.Train() > len(b.data.Training), nil
}

// command returns the flags of a line, as -epochs and the like have changed them.
func (b *bench) command(l line) string { return strings.TrimSpace(l.flags + " " + b.changed()) }

// one runs one line with one seed, unless the checkpoint has it.
func (b *bench) one(ctx context.Context, e *experiment, l line, seed uint64, stderr io.Writer) (*run.Result, error) {
	if r := b.done.find(l.label, seed); r != nil {
		return r, nil
	}
	args := append(strings.Fields(b.command(l)), "-seed", fmt.Sprint(seed))
	if b.checkpoint != "" {
		args = append(args, "-checkpoint", b.part())
		if _, err := os.Stat(b.part()); err == nil && b.resume != "" {
			args = append(args, "-resume", b.part())
		}
	}
	s, err := run.Parse(args, "", io.Discard)
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("%s, seed %d", strings.TrimSpace(e.name+" "+l.label), seed)
	epochs := &epochs{bar: term.NewBar(stderr, name, int64(s.Epochs()))}
	r, err := s.Run(ctx, b.data, epochs, io.Discard)
	epochs.bar.Clear()
	if err != nil {
		return nil, err
	}
	if r.Trouble != "" {
		fmt.Fprintf(stderr, "book: %s: %s\n", name, r.Trouble)
	}
	return r, b.keep(l.label, seed, r)
}

// epochs is what a run prints to: it moves a bar by the lines of the epochs.
type epochs struct{ bar *term.Bar }

func (e *epochs) Write(p []byte) (int, error) {
	var epoch int64
	if _, err := fmt.Sscanf(string(p), "Epoch %d:", &epoch); err == nil {
		e.bar.Set(epoch + 1)
	}
	return len(p), nil
}

// table prints the published figures beside ours, seed by seed.
func (b *bench) table(e *experiment, results [][]*run.Result, stdout io.Writer) {
	w := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	fmt.Fprint(w, "\n\t\tpublished")
	for seed := range b.seeds(e) {
		fmt.Fprintf(w, "\tseed %d", b.seed+uint64(seed))
	}
	fmt.Fprintln(w)
	for i, l := range e.lines {
		for _, p := range l.published {
			fmt.Fprintf(w, "%s\t%s\t%s", l.label, p.name, p.text)
			for _, r := range results[i] {
				fmt.Fprintf(w, "\t%s", p.of(r))
			}
			fmt.Fprintln(w)
		}
	}
	w.Flush()
}

// figures returns the figures of an experiment.
func (b *bench) figures(e *experiment, results [][]*run.Result) []chart.Lines {
	l := chart.Lines{Title: e.name + ": " + e.shows, XLabel: "epoch", YLabel: "accuracy, %", Span: 5}
	switch e.figure {
	case accuracyBySize:
		l.XLabel, l.LogX = "images to train on", true
		l.Series = bySize(e, results)
	case accuracyByDepth:
		l.XLabel, l.YLabel, l.Span = "hidden layers", "best accuracy, %", 2
		l.Series = b.byDepth(e, results)
	case costByEpoch:
		l.YLabel, l.Span = "cost on the training images", 0
		fallthrough
	default:
		l.Series = byEpoch(e, results)
	}
	return []chart.Lines{l}
}

// byEpoch returns a curve for each line and, if there is one line alone, for each seed; and
// what the book has of it, points or the best accuracy.
func byEpoch(e *experiment, results [][]*run.Result) (all []chart.Series) {
	for i, l := range e.lines {
		for seed, r := range results[i] {
			if seed > 0 && len(e.lines) > 1 {
				break
			}
			s := curve(e, r)
			if s.Name = l.label; l.label == "" {
				s.Name = fmt.Sprint("run ", seed+1)
			}
			all = append(all, s)
		}
		name := strings.TrimSpace(l.label + " published")
		if best := l.best(); len(l.points) > 0 {
			all = append(all, pointsOf(name, l.points, true))
		} else if best > 0 && len(results[i]) > 0 && e.figure == accuracyByEpoch {
			last := len(results[i][0].Scores) - 1
			all = append(all, pointsOf(name+", the best", [][2]float64{{0, best}, {float64(last), best}}, false))
		}
	}
	return all
}

// curve returns what the figure shows of a run, epoch by epoch.
func curve(e *experiment, r *run.Result) (s chart.Series) {
	for epoch, score := range r.Scores {
		y := 100 * float64(score.Test) / float64(r.Test)
		if e.figure == costByEpoch {
			y = float64(score.TrainingCost)
		}
		if score.Test >= 0 {
			s.X, s.Y = append(s.X, float64(epoch)), append(s.Y, y)
		}
	}
	return s
}

// best returns the published best accuracy in per cent, 0 if there is none.
func (l line) best() (accuracy float64) {
	for _, p := range l.published {
		if p.name == bestAccuracy.name {
			fmt.Sscan(p.text, &accuracy) // 0 for words
		}
	}
	return accuracy
}

// bySize returns the accuracy at the end of each line against its number of images.
func bySize(e *experiment, results [][]*run.Result) []chart.Series {
	ours, points := chart.Series{Name: "ours"}, [][2]float64{}
	for i, l := range e.lines {
		if len(results[i]) == 0 {
			continue
		}
		r := results[i][0]
		ours.X = append(ours.X, float64(r.Training))
		ours.Y = append(ours.Y, 100*float64(r.Scores[len(r.Scores)-1].Test)/float64(r.Test))
		points = append(points, l.points...)
	}
	return []chart.Series{ours, pointsOf("published", points, false)}
}

// pointsOf returns published points as a curve; with gaps, if not all points are known,
// without a line between those that are not neighbours.
func pointsOf(name string, points [][2]float64, gaps bool) chart.Series {
	s := chart.Series{Name: name, Published: true}
	for i, p := range points {
		if i > 0 && gaps && p[0] > points[i-1][0]+1 {
			s.X, s.Y = append(s.X, (p[0]+points[i-1][0])/2), append(s.Y, math.NaN())
		}
		s.X, s.Y = append(s.X, p[0]), append(s.Y, p[1])
	}
	return s
}
