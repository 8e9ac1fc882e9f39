// Train is the book's experiment: it trains a network on handwritten digits by
// stochastic gradient descent and tells after every epoch how many of the test
// digits it reads right.
//
//	go run ./cmd/train
//
// trains the book's [784,30,10] for 30 epochs; train -h tells the flags.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/report"
	"nndl/nn"
)

const help = `train: train the book's network on handwritten digits

  train                                  the book's first run: [784,30,10], 30 epochs, mini-batch 10, η = 3
  train -sizes 784,100,10                a hundred hidden neurons
  train -sizes 784,10                    no hidden layer
  train -train 1000 -test 100            a thousand digits to learn from, a hundred to be tested on
  train -save net.json                   keep the trained network
  train -load net.json -epochs 0         test it again, train nothing
  train -report report                   draw what it learned, what it got wrong and what its neurons look for
  train -method book                     by the book's loop over examples, several times slower
  train -checkpoint run.json             keep after every epoch what a later run needs to go on
  train -checkpoint run.json -resume run.json   go on

`

// options are the flags.
type options struct {
	data          string
	sizes         []int // nil if not given
	epochs, batch int
	eta           float64
	seed          uint64
	train, test   int // use so many, 0 = all
	shuffle       bool
	load, save    string
	method        string // "batch" or "book"
	checkpoint    string
	resume        string
	report        string
	given         map[string]bool // the flags that were given by name
}

func main() {
	cli.Main("train", func(args []string, stdout, stderr io.Writer) error {
		// Whoever reads the output may go: what was to be kept is kept all the same.
		return run(cli.WhileRead(cli.Interrupted()), args, stdout, stderr)
	})
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil {
		return err
	}
	var c *checkpoint
	if o.resume != "" {
		if c, err = readCheckpoint(o.resume); err != nil {
			return err
		}
		if err := o.adopt(c); err != nil {
			return err
		}
	}
	d, err := examples(o)
	if err != nil {
		return err
	}
	t, err := begin(o, c, d.training, d.test)
	if err != nil {
		return err
	}
	if err := o.writable(); err != nil {
		return err
	}
	if d.dir == "" {
		fmt.Fprintln(stdout, madeUp)
	}
	fmt.Fprintf(stdout, "%s, %.0f parameters; %d examples, mini-batch %d, η = %g, seed %d\n",
		cli.Layers(t.network.Sizes), cli.Parameters(t.network.Sizes), len(d.training), o.batch, o.eta, o.seed)
	if o.epochs == 0 {
		fmt.Fprintf(stdout, "Correct: %d / %d\n", t.evaluate(d.test), len(d.test))
		return t.finish(d, stdout)
	}
	err = t.train(ctx, stdout, stderr)
	if d.dir == "" {
		fmt.Fprintln(stdout, realOnes)
	}
	if e := t.finish(d, stdout); e != nil {
		return e
	}
	return err
}

// finish writes what is to be left of the run.
func (t *training) finish(d digits, stdout io.Writer) error {
	err := keep(t.network, t.options)
	if t.report != "" {
		if e := t.writeReport(d, stdout); err == nil {
			err = e
		}
	}
	return err
}

// writable returns an error if the files to be written at the end cannot be, or if one
// that nobody meant to replace is in the way. It makes the folder of the
// report, into which -save may write too.
func (o *options) writable() error {
	if o.report != "" {
		if err := os.MkdirAll(o.report, 0o777); err != nil {
			return fmt.Errorf("-report: %w", err)
		}
		if err := report.Check("-report", o.report); err != nil {
			return err
		}
	}
	if err := files.Check("-save", o.save, files.Network); err != nil {
		return err
	}
	return files.Check("-checkpoint", o.checkpoint, checkpointKind)
}

// same reports whether two flags name the same file.
func same(a, b string) bool { return a != "" && b != "" && filepath.Clean(a) == filepath.Clean(b) }

// parse reads the flags. What is wrong with them by themselves is a mistake in the
// command line; whether they fit the data is asked later.
func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "`folder` with the four MNIST files (default: $NNDL_MNIST, then data/mnist, then the embedded digits)")
	sizes := fs.String("sizes", "784,30,10", "neurons in each layer, the input first")
	fs.IntVar(&o.epochs, "epochs", 30, "how often to go through all examples; 0 only tests")
	fs.IntVar(&o.batch, "batch", 10, "examples in a mini-batch")
	fs.Float64Var(&o.eta, "eta", 3, "learning rate η")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the weights and of the shuffles")
	fs.IntVar(&o.train, "train", 0, "train on the first `N` examples, 0 = all")
	fs.IntVar(&o.test, "test", 0, "test on the first `N` examples, 0 = all")
	fs.BoolVar(&o.shuffle, "shuffle", true, "shuffle the examples before each epoch")
	fs.StringVar(&o.load, "load", "", "begin with the network in this `file`, which -save or the book's network2.py with the quadratic cost wrote")
	fs.StringVar(&o.save, "save", "", "write the trained network to this `file`")
	fs.StringVar(&o.method, "method", "batch", "batch: a mini-batch as matrices; book: one example after the other")
	fs.StringVar(&o.checkpoint, "checkpoint", "", "after every epoch write to this `file` what the rest of the run depends on")
	fs.StringVar(&o.resume, "resume", "", "go on from the `file` that -checkpoint wrote; flags that are not given are as they were")
	fs.StringVar(&o.report, "report", "", "write pictures of the run and a page that holds them to this `folder`")
	if err := cli.Parse(fs, args, stdout, help); err != nil {
		return o, err
	}
	o.given = cli.Given(fs)
	var err error
	if o.load == "" || o.given["sizes"] {
		o.sizes, err = cli.ParseSizes(*sizes)
	}
	switch {
	case err != nil:
		return o, err
	case !(o.eta > 0) || math.IsInf(o.eta, 0):
		return o, cli.Usagef("-eta %g: want a number above 0", o.eta)
	case o.batch < 1:
		return o, cli.Usagef("-batch %d: want 1 or more", o.batch)
	case o.epochs < 0:
		return o, cli.Usagef("-epochs %d: want 0 or more", o.epochs)
	case o.method != "batch" && o.method != "book":
		return o, cli.Usagef("-method %q: want batch or book", o.method)
	case o.resume != "" && o.load != "":
		return o, cli.Usagef("-load with -resume: the checkpoint holds the network")
	case same(o.save, o.checkpoint):
		return o, cli.Usagef("-checkpoint and -save name the same file %s", o.save)
	case same(o.save, o.resume):
		return o, cli.Usagef("-resume and -save name the same file %s", o.save)
	case o.train < 0:
		return o, cli.Usagef("-train %d: want 0 or more", o.train)
	case o.test < 0:
		return o, cli.Usagef("-test %d: want 0 or more", o.test)
	}
	return o, nil
}

// maxParameters is how many weights and biases a network may have: 2 GiB of them.
const maxParameters = 1 << 28

// network loads the network that -load names or draws one of the given sizes, for
// examples like e.
func network(o options, e nn.Example, rng *rand.Rand) (*nn.Network, error) {
	if o.load == "" {
		if err := fits(o.sizes, e); err != nil {
			return nil, err
		}
		return nn.New(o.sizes, rng), nil
	}
	n, err := nn.Load(o.load)
	if err != nil {
		return nil, err
	}
	if o.sizes != nil && !slices.Equal(o.sizes, n.Sizes) {
		return nil, fmt.Errorf("-sizes %s, but %s holds a network %s", cli.Layers(o.sizes), o.load, cli.Layers(n.Sizes))
	}
	return n, fits(n.Sizes, e)
}

// fits returns an error unless a network of these sizes can learn examples like e.
func fits(sizes []int, e nn.Example) error {
	in, out := sizes[0], sizes[len(sizes)-1]
	if x := e.X().Rows; in != x {
		return fmt.Errorf("the network %s has %d inputs, but the pictures have %d pixels", cli.Layers(sizes), in, x)
	}
	if y := e.Y().Rows; out != y {
		return fmt.Errorf("the network %s has %d outputs, but there are %d digits", cli.Layers(sizes), out, y)
	}
	if cli.Parameters(sizes) > maxParameters {
		return fmt.Errorf("a network %s has more than %d parameters", cli.Layers(sizes), maxParameters)
	}
	return nil
}

// keep writes the network to the file that -save names, if it names one.
func keep(n *nn.Network, o options) error {
	if o.save == "" {
		return nil
	}
	return files.Write(o.save, n.Encode)
}
