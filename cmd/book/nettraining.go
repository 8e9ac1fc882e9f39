package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/term"
	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/network3"
)

// netTraining is the training of one network of chapter 6.
type netTraining struct {
	*bench
	experiment *experiment
	net        convNet
	images     []nn.Example
	network    *network3.Network
	trainer    *network3.Trainer // has the parameters; those of network are of some time before
	pcg        *rand.PCG
	rng        *rand.Rand // over pcg
	run        *netRun    // the last of the checkpoint
	best       []float64  // the parameters after its best epoch
	diverged   bool       // an output was NaN
	warned     bool
}

// begin returns the training of network i, new or at the checkpoint.
func (b *bench) begin(e *experiment, n convNet, images []nn.Example, i int) (*netTraining, error) {
	seed := b.seed + uint64(i)
	pcg := rand.NewPCG(seed, 0)
	t := &netTraining{bench: b, experiment: e, net: n, images: images, pcg: pcg, rng: rand.New(pcg)}
	t.network = n.network(b.data.Rows, b.data.Cols, t.rng)
	if b.init == "fixed" {
		t.network.FixedWeightInitializer(t.rng)
	}
	if i == len(b.done.Nets) {
		b.done.Nets = append(b.done.Nets, netRun{Seed: seed})
		t.run = &b.done.Nets[i]
	} else {
		t.run = &b.done.Nets[i]
		if err := t.restore(b.done.parameters); err != nil {
			return nil, fmt.Errorf("-resume: %s: broken: %w", b.resume, err)
		}
	}
	t.trainer = network3.NewTrainer(t.network)
	return t, nil
}

// train runs the epochs.
func (t *netTraining) train(ctx context.Context, stdout, stderr io.Writer) error {
	fmt.Fprintf(stdout, "\nSeed %d", t.run.Seed)
	if len(t.run.Scores)+t.run.MiniBatches > 0 {
		fmt.Fprintf(stdout, ", after %s and %d of %d mini-batches", plural(len(t.run.Scores), "epoch"), t.run.MiniBatches, len(t.images)/batchSize)
	}
	fmt.Fprintln(stdout)
	batches := len(t.images) / batchSize
	done := int64(len(t.run.Scores)*batches + t.run.MiniBatches)
	bar := term.NewBar(stderr, fmt.Sprintf("%s, seed %d", t.experiment.name, t.run.Seed), int64(t.net.epochs*batches)-done)
	defer bar.Clear()
	for len(t.run.Scores) < t.net.epochs {
		ended := t.epoch(ctx, batches, func() {
			bar.Set(int64(len(t.run.Scores)*batches+t.run.MiniBatches) - done)
		})
		if !ended {
			bar.Clear()
			return t.stop(stdout)
		}
		t.score()
		bar.Clear()
		t.say(stdout, stderr)
		t.run.MiniBatches, t.run.Seconds = 0, 0
		if err := t.keepNet(); err != nil {
			return err
		}
	}
	return nil
}

// epoch goes on with an epoch and reports whether it came to the end. As in network3.py the
// mini-batches are always the same, in the order of the images, and what does not fill one is
// left out. step is called after each.
func (t *netTraining) epoch(ctx context.Context, batches int, step func()) bool {
	start := time.Now()
	for t.run.MiniBatches < batches && ctx.Err() == nil {
		miniBatch := t.images[t.run.MiniBatches*batchSize:][:batchSize]
		t.trainer.Update(miniBatch, t.net.eta, t.net.lambda, batches, t.rng)
		t.run.MiniBatches++
		step()
	}
	t.run.Seconds += time.Since(start).Seconds()
	return t.run.MiniBatches == batches
}

// score evaluates the network after an epoch.
func (t *netTraining) score() {
	answers := t.answers(t.data.Test)
	t.run.Scores = append(t.run.Scores, netScore{t.trainer.Correct(t.data.Validation), right(answers, t.data.Test)})
	if t.run.best() == len(t.run.Scores)-1 {
		t.run.Answers, t.best = answers, t.current()
	}
}

// answers returns what the network reads each example as.
func (t *netTraining) answers(data []nn.Example) []byte {
	answers := make([]byte, 0, len(data))
	for i := 0; i < len(data); i += batchSize {
		outputs := t.trainer.Outputs(data[i:min(i+batchSize, len(data))]) // 10×10
		for j := range outputs.Rows {
			row := matrix.FromSlice(outputs.Cols, 1, outputs.Row(j)) // 10×1
			t.diverged = t.diverged || math.IsNaN(row.Data[0])
			answers = append(answers, byte(row.ArgMax()))
		}
	}
	return answers
}

// say prints the score of the last epoch. The line ends in the seconds of training alone.
func (t *netTraining) say(stdout, stderr io.Writer) {
	epoch, best := len(t.run.Scores)-1, ""
	if t.run.best() == epoch {
		best = " (best)"
	}
	s, validation, test := t.run.Scores[epoch], len(t.data.Validation), len(t.data.Test)
	fmt.Fprintf(stdout, "Epoch %d: validation %d / %d  %.2f%%%s, test %d / %d  %.2f%%  %.3fs\n", epoch,
		s.Validation, validation, 100*float64(s.Validation)/float64(validation), best, s.Test, test, 100*float64(s.Test)/float64(test), t.run.Seconds)
	if t.diverged && !t.warned {
		fmt.Fprintf(stderr, "book: %s, seed %d: the outputs are NaN; a learning rate that is too large is the likely cause\n", t.experiment.name, t.run.Seed)
		t.warned = true
	}
}

// stop ends the training in the middle of an epoch.
func (t *netTraining) stop(stdout io.Writer) error {
	fmt.Fprintf(stdout, "Interrupted in epoch %d, after %d of its %d mini-batches\n", len(t.run.Scores), t.run.MiniBatches, len(t.images)/batchSize)
	if t.checkpoint != "" {
		if err := t.keepNet(); err != nil {
			return err
		}
		t.sayHowToGoOn(t.experiment, stdout)
	}
	if err := t.saveNet(); err != nil {
		return err
	}
	return cli.ErrInterrupted
}

// saveNet writes the network, as after its best epoch, to the file of -save.
func (t *netTraining) saveNet() error {
	if t.save == "" || t.best == nil {
		return nil
	}
	setParameters(t.network, t.best)
	if err := files.Write(t.save, t.network.Encode); err != nil {
		return fmt.Errorf("-save: %w", err)
	}
	return nil
}
