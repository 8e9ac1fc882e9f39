package run

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/report"
	"nndl/mnist"
	"nndl/nn"
)

// Main runs what the arguments of cmd/train say.
func Main(ctx context.Context, args []string, help string, stdout, stderr io.Writer) error {
	s, err := Parse(args, help, stdout)
	if err != nil {
		return err
	}
	d, err := digits.Open(s.data)
	if err != nil {
		return err
	}
	_, err = s.Run(ctx, d, stdout, stderr)
	return err
}

// Line runs what a line of flags says, on the digits d.
func Line(ctx context.Context, flags string, d mnist.Data, stdout, stderr io.Writer) (*Result, error) {
	s, err := Parse(strings.Fields(flags), "", stdout)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flags, err)
	}
	return s.Run(ctx, d, stdout, stderr)
}

// Result is the result of a run.
type Result struct {
	Network        *nn.Network
	Training, Test int     // how many examples there are
	Scores         []Score // after each epoch
	Trouble        string  // what looked wrong, "" if nothing did
}

// Score is how many examples the network gets right after an epoch.
type Score struct {
	Test         int    `json:"test"`              // −1 if not counted
	Training     int    `json:"training"`          // likewise
	Cost         number `json:"cost,omitempty"`    // on the test data, with -monitor
	TrainingCost number `json:"learned,omitempty"` // on the training data, with -monitor
}

// Best returns the first of the best epochs and its accuracy on the test data in per
// cent. The result must have scores.
func (r *Result) Best() (epoch int, percent float64) {
	for i, s := range r.Scores {
		if s.Test > r.Scores[epoch].Test {
			epoch = i
		}
	}
	return epoch, r.percent(r.Scores[epoch].Test)
}

// percent returns correct as per cent of the test data.
func (r *Result) percent(correct int) float64 { return 100 * float64(correct) / float64(r.Test) }

// What is printed before and after training on synthetic digits.
const (
	madeUp   = "No MNIST here: these digits are synthetic, drawn by the program; go run ./cmd/digits fetch gets the real ones"
	realOnes = "For the real digits: go run ./cmd/digits fetch"
)

// Run trains on the digits d. When ctx is done, it finishes the mini-batch, says so and
// returns the result so far with [cli.ErrInterrupted]. The files of -save, -export and
// -report are written in any case; what would prevent that is found before the training.
func (s *Settings) Run(ctx context.Context, d mnist.Data, stdout, stderr io.Writer) (*Result, error) {
	t, err := s.begin(d)
	if err != nil {
		return nil, err
	}
	if err := s.writable(); err != nil {
		return nil, err
	}
	if d.Dir == "" {
		fmt.Fprintln(stdout, madeUp)
	}
	fmt.Fprintf(stdout, "%s, %.0f parameters; %d examples, mini-batch %d, η = %g, seed %d%s\n",
		cli.Layers(s.sizes), cli.Parameters(s.sizes), t.Training, s.batch, s.eta, s.seed, s.chapter3())
	if s.epochs == 0 {
		fmt.Fprintf(stdout, "Correct: %d / %d\n", t.evaluate(t.data.Test), t.Test)
		return &t.Result, t.finish(stdout)
	}
	err = t.train(ctx, stdout, stderr)
	if d.Dir == "" {
		fmt.Fprintln(stdout, realOnes)
	}
	if e := t.finish(stdout); e != nil {
		err = e
	}
	return &t.Result, err
}

// writable returns an error if the files of the end of the run could not be written, or
// would replace a file of another kind. It makes the folder of the report, into which
// -save and -export may write too.
func (s *Settings) writable() error {
	if s.report != "" {
		if err := os.MkdirAll(s.report, 0o777); err != nil {
			return fmt.Errorf("-report: %w", err)
		}
		if err := report.Check("-report", s.report); err != nil {
			return err
		}
	}
	if err := files.Check("-save", s.save, files.Network); err != nil {
		return err
	}
	if err := files.Check("-export", s.export, files.Tensors); err != nil {
		return err
	}
	return files.Check("-checkpoint", s.checkpoint, checkpointKind.Kind)
}

// finish writes the files that the run leaves behind.
func (t *training) finish(stdout io.Writer) (err error) {
	if t.save != "" {
		err = files.Write(t.save, t.encode)
	}
	if t.export != "" {
		err = cmp.Or(err, files.Write(t.export, func(w io.Writer) error { return t.Network.Export(w, costNames[t.cost]) }))
	}
	if t.report == "" {
		return err
	}
	index, e := t.page().Write(t.report)
	if e != nil {
		return e
	}
	fmt.Fprintf(stdout, "Report: %s\n", index)
	return err
}
