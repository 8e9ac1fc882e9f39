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

// training is a run under way.
type training struct {
	options
	network   *nn.Network
	update    func(miniBatch []nn.Example, eta float64)
	evaluate  func(testData []nn.Example) int
	given     []nn.Example // the training data as they were before any shuffle
	examples  []nn.Example // the same in the order that the shuffles have left:
	order     []int32      // examples[i] is given[order[i]]
	test      []nn.Example
	pcg       *rand.PCG
	epoch     int // the next one
	bestEpoch int
	best      int // correct answers after bestEpoch, −1 before the first epoch
	watch     watch
	history   []score // of the epochs before this one, for the report
	digest    uint32  // of training and test data before any shuffle, for checkpoints
}

// begin returns a training that begins or, with a checkpoint, goes on.
func begin(o options, c *checkpoint, examples, test []nn.Example) (*training, error) {
	t := &training{options: o, given: examples, examples: slices.Clone(examples), test: test, pcg: rand.NewPCG(o.seed, 0), best: -1}
	for i := range examples {
		t.order = append(t.order, int32(i))
	}
	if o.checkpoint != "" || c != nil {
		t.digest = digest(examples, test)
	}
	var err error
	if c != nil {
		err = t.goOn(c)
	} else {
		t.network, err = network(o, examples[0], rand.New(t.pcg))
	}
	if err != nil {
		return nil, err
	}
	trainer := &nn.Trainer{Biases: t.network.Biases, Weights: t.network.Weights}
	t.update, t.evaluate = trainer.Update, trainer.Evaluate
	if o.method == "book" {
		t.update, t.evaluate = t.network.UpdateMiniBatch, t.network.Evaluate
	}
	t.watch = watch{trainer: trainer, sample: examples[:min(1000, len(examples))]}
	return t, nil
}

// train runs the epochs: the book's SGD, which here also shows its progress, takes
// the time and stops in good order. When ctx is done it finishes its mini-batch,
// writes one line and returns cli.ErrInterrupted.
func (t *training) train(ctx context.Context, stdout, stderr io.Writer) error {
	t.watch.look(stderr)
	for t.epoch < t.epochs {
		start := time.Now()
		if !t.runEpoch(ctx, stderr) {
			fmt.Fprintf(stdout, "Interrupted in epoch %d\n", t.epoch)
			return cli.ErrInterrupted
		}
		seconds := time.Since(start).Seconds()
		correct := t.evaluate(t.test)
		fmt.Fprintf(stdout, "Epoch %d: %d / %d  %.2f%%  %.3fs\n", t.epoch, correct, len(t.test), t.percent(correct), seconds)
		if correct > t.best {
			t.bestEpoch, t.best = t.epoch, correct
		}
		t.record(correct)
		t.watch.look(stderr)
		if err := t.next(); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "Best: epoch %d, %d / %d  %.2f%%\n", t.bestEpoch, t.best, len(t.test), t.percent(t.best))
	return nil
}

// next ends an epoch: it writes the checkpoint, if there is to be one.
func (t *training) next() error {
	t.epoch++
	if t.checkpoint == "" {
		return nil
	}
	return t.writeCheckpoint()
}

// runEpoch goes through the training data once and reports whether it came to the end.
func (t *training) runEpoch(ctx context.Context, stderr io.Writer) bool {
	bar := term.NewBar(stderr, fmt.Sprintf("Epoch %d", t.epoch), int64(len(t.examples)))
	defer bar.Clear()
	t.shuffleExamples()
	done := 0
	for miniBatch := range nn.MiniBatches(t.examples, t.batch) {
		if ctx.Err() != nil {
			return false
		}
		t.update(miniBatch, t.eta)
		done += len(miniBatch)
		bar.Set(int64(done))
	}
	return true
}

// shuffleExamples puts the examples in the order of the next epoch. Numbers are
// shuffled, which the caches hold, and then the examples fetched: an example is 56 bytes.
func (t *training) shuffleExamples() {
	if !t.shuffle {
		return
	}
	rand.New(t.pcg).Shuffle(len(t.order), func(i, j int) {
		t.order[i], t.order[j] = t.order[j], t.order[i]
	})
	t.arrange()
}

// arrange puts the examples in order.
func (t *training) arrange() {
	for i, j := range t.order {
		t.examples[i] = t.given[j]
	}
}

// percent returns correct as per cent of the test data.
func (t *training) percent(correct int) float64 {
	return 100 * float64(correct) / float64(len(t.test))
}

// watch looks at a training from time to time for signs that it cannot work, and
// says so once.
type watch struct {
	trainer *nn.Trainer
	sample  []nn.Example // the same at every look
	before  nn.Signs
	trouble string // what was said
}

// look compares the network with the look before. The training goes on in any case.
func (w *watch) look(stderr io.Writer) {
	now := w.trainer.Signs(w.sample)
	if trouble := now.Trouble(w.before); trouble != "" && w.trouble == "" {
		fmt.Fprintf(stderr, "train: this does not look well: %s\n", trouble)
		w.trouble = trouble
	}
	w.before = now
}
