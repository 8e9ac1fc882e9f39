package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/run"
	"nndl/mnist"
	"nndl/nn"
)

// This file runs the experiments of chapter 6.

// checkNets returns an error if flags do not fit together with the experiments.
func (b *bench) checkNets(chosen []*experiment) error {
	for _, e := range chosen {
		switch {
		case e.net == nil && b.save != "":
			return cli.Usagef("-save keeps a network of chapter 6, and %s is of chapter %d", e.name, e.chapter)
		case b.save != "" && len(chosen)*b.networks(e) > 1:
			return cli.Usagef("-save keeps one network, and %d are trained", len(chosen)*b.networks(e))
		case b.save != "" && b.checkpoint != "" && filepath.Clean(b.save) == filepath.Clean(b.checkpoint):
			return cli.Usagef("-checkpoint and -save name the same file %s", b.save)
		case e.net == nil && b.given["init"] && b.init != "book":
			return cli.Usagef("-init is for the experiments of chapter 6, and %s is one of chapter %d", e.name, e.chapter)
		case e.net != nil && b.train > 0 && b.train < batchSize:
			return cli.Usagef("-train %d: %s wants %d or more, a mini-batch", b.train, e.name, batchSize)
		}
	}
	return files.Check("-save", b.save, files.Tensors)
}

// networks returns how many networks an experiment of chapter 6 trains.
func (b *bench) networks(e *experiment) int { return b.seeds(e) * max(e.net.voters, 1) }

// settled returns the network of an experiment as the flags have changed it.
func (b *bench) settled(e *experiment) convNet {
	n := *e.net
	n.eta = b.etaOr(n.eta)
	if b.given["lambda"] && b.lambda >= 0 {
		n.lambda = b.lambda
	}
	if b.epochs > 0 {
		n.epochs = b.epochs
	}
	return n
}

// expansion is how many images Expand makes of one.
const expansion = 5

// trainingImages returns the images that the network trains on. With -train N they are N in
// all, of which in the expanded data four fifths are copies.
func (b *bench) trainingImages(n convNet) ([]nn.Example, error) {
	images, copies, all := b.data.Training, 1, "images"
	if n.expanded {
		copies, all = expansion, "with the shifted copies"
	}
	want := copies * len(images)
	if b.train > want {
		return nil, fmt.Errorf("-train %d: there are only %d %s", b.train, want, all)
	}
	if b.train > 0 {
		want = b.train
	}
	if want < batchSize {
		return nil, fmt.Errorf("there are only %d images to train on, not a mini-batch of %d", want, batchSize)
	}
	images = images[:(want+copies-1)/copies]
	if n.expanded {
		// Shuffled once and for all runs, as the file of expand_mnist.py is.
		images = mnist.Expand(images, b.data.Rows, b.data.Cols, rand.New(rand.NewPCG(0, 0)))
	}
	return images[:want], nil
}

// runNets runs an experiment and prints its table.
func (b *bench) runNets(ctx context.Context, e *experiment, stdout, stderr io.Writer) error {
	// Most of the memory is the images, and stays. By default Go would let garbage grow as large.
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	n := b.settled(e)
	if err := n.fits(b.data.Rows, b.data.Cols); err != nil {
		return err
	}
	images, err := b.trainingImages(n)
	if err != nil {
		return err
	}
	if b.checkpoint == "" {
		b.done = new(progress)
	} else if err := b.verify(n, len(images)); err != nil {
		return err
	}
	if size := 16 * n.parameters(b.data.Rows, b.data.Cols); b.checkpoint != "" && int64(size) > checkpointKind.Most-1<<20 {
		return fmt.Errorf("-checkpoint: it would have %d MB, and at most %d are read", size>>20, checkpointKind.Most>>20)
	}
	networks := b.networks(e)
	if done := len(b.done.Nets); done > networks {
		return fmt.Errorf("-resume: %s has %d networks, more than the %d of this run", b.resume, done, networks)
	}
	fmt.Fprintf(stdout, "  %s; %d parameters\n", n.words(b.data.Rows, b.data.Cols), n.parameters(b.data.Rows, b.data.Cols))
	fmt.Fprintf(stdout, "  %d images, mini-batch %d, η = %g, λ = %g, %s\n", len(images), batchSize, n.eta, n.lambda, plural(n.epochs, "epoch"))
	var last *netTraining
	for i := max(0, len(b.done.Nets)-1); i < networks; i++ { // those before are done
		if last, err = b.begin(e, n, images, i); err != nil {
			return err
		}
		if err := last.train(ctx, stdout, stderr); err != nil {
			return err
		}
	}
	b.netTable(n, stdout)
	err = last.saveNet()
	if drawn := last.drawNet(stdout); err == nil { // the page is there even if -save fails
		err = drawn
	}
	return err
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprint(n, " ", word, "s")
}

// netTable prints the published accuracy beside ours, run by run.
func (b *bench) netTable(n convNet, stdout io.Writer) {
	w := tabwriter.NewWriter(stdout, 0, 0, 3, ' ', 0)
	voters := max(n.voters, 1)
	head, best, votes, epochs := "\n\tpublished", "accuracy on the test images\t"+n.published, "", "after epoch, the best on the validation images\t"
	if n.voters > 0 {
		best, votes = "each network\t", fmt.Sprintf("vote of %d\t%s", n.voters, n.published)
	}
	for i := 0; i < len(b.done.Nets); i += voters {
		head += fmt.Sprintf("\tseed %d", b.done.Nets[i].Seed)
		var accuracies, after []string
		var runs []netRun
		for _, r := range b.done.Nets[i : i+voters] {
			epoch := r.best()
			accuracies = append(accuracies, fmt.Sprintf("%.2f", 100*float64(r.Scores[epoch].Test)/float64(len(b.data.Test))))
			after = append(after, fmt.Sprint(epoch))
			runs = append(runs, r)
		}
		if n.voters > 0 {
			head += fmt.Sprintf(" to %d", runs[voters-1].Seed)
			votes += "\t" + percent(right(vote(runs), b.data.Test), len(b.data.Test))
		}
		best += "\t" + strings.Join(accuracies, ", ") + " %"
		epochs += "\t" + strings.Join(after, ", ")
	}
	fmt.Fprintln(w, head)
	if votes != "" {
		fmt.Fprintln(w, votes)
	}
	fmt.Fprintf(w, "%s\n%s\n", best, epochs)
	w.Flush()
}

// vote returns the digit that most of the networks read each test image as; of equally many,
// the one that is read first in the order of the networks.
func vote(runs []netRun) []byte {
	answers := make([]byte, len(runs[0].Answers))
	for i := range answers {
		var votes [256]int
		for _, r := range runs {
			votes[r.Answers[i]]++
		}
		answers[i] = runs[0].Answers[i]
		for _, r := range runs {
			if votes[r.Answers[i]] > votes[answers[i]] {
				answers[i] = r.Answers[i]
			}
		}
	}
	return answers
}

// right returns how many of the examples are read as what they are.
func right(answers []byte, data []nn.Example) (correct int) {
	for i, e := range data {
		if int(answers[i]) == e.Label() {
			correct++
		}
	}
	return correct
}

// digits returns the checksum of the images that a run depends on.
func (b *bench) digits() uint32 { return run.Digest(b.data.Training, b.data.Validation, b.data.Test) }
