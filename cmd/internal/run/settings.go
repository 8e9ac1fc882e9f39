package run

import (
	"flag"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"

	"nndl/cmd/internal/cli"
)

// Settings are the flags of a run.
type Settings struct {
	set   *flag.FlagSet
	given map[string]bool // the flags that the command line has
	from  *checkpoint     // of -resume

	data          string
	sizes         cli.Sizes
	epochs, batch int
	eta           float64
	seed          uint64
	train, test   int // how many to use, 0 = all
	shuffle       bool
	load, save    string
	export        string
	method        string // "batch" or "book"
	checkpoint    string
	resume        string
	report        string

	// Chapter 3's.
	cost, init  string
	lambda      float64
	validate    bool
	monitor     bool
	stop, halve int // epochs without improvement, 0 = never
	every       int
}

// forgotten are the flags that a checkpoint does not keep: they say where things are, not
// how the network is trained.
var forgotten = []string{"data", "load", "save", "export", "checkpoint", "resume", "report"}

// free are the flags that may differ from those of the checkpoint: a run may continue for
// longer, and the examples are compared anyway.
var free = []string{"epochs", "train", "test"}

// declare returns the settings with their default values.
func declare() *Settings {
	s := &Settings{set: flag.NewFlagSet("train", flag.ContinueOnError), sizes: cli.Sizes{784, 30, 10}}
	f := s.set
	f.StringVar(&s.data, "data", "", "`folder` with the four MNIST files (default: $NNDL_MNIST, then data/mnist, then synthetic digits)")
	f.Var(&s.sizes, "sizes", "`neurons` in each layer, the input first")
	f.IntVar(&s.epochs, "epochs", 30, "number of epochs; 0 only tests")
	f.IntVar(&s.batch, "batch", 10, "examples in a mini-batch")
	f.Float64Var(&s.eta, "eta", 3, "learning rate η")
	f.Uint64Var(&s.seed, "seed", 1, "seed of the weights and of the shuffles")
	f.IntVar(&s.train, "train", 0, "train on the first `N` examples, 0 = all")
	f.IntVar(&s.test, "test", 0, "test on the first `N` examples, 0 = all")
	f.BoolVar(&s.shuffle, "shuffle", true, "shuffle the examples before each epoch; -shuffle=false does not")
	f.StringVar(&s.load, "load", "", "begin with the network in this `file`, which -save or the book's network2.py wrote")
	f.StringVar(&s.save, "save", "", "write the trained network to this `file`")
	f.StringVar(&s.export, "export", "", "write the trained network to this safetensors `file`, for PyTorch, JAX and others")
	f.StringVar(&s.method, "method", "batch", "batch: a mini-batch as matrices; book: one example after the other")
	f.StringVar(&s.checkpoint, "checkpoint", "", "after every epoch, write to this `file` all that the rest of the run depends on")
	f.StringVar(&s.resume, "resume", "", "continue from the `file` that -checkpoint wrote, with its flags unless others are given")
	f.StringVar(&s.cost, "cost", "quadratic", "`cost` to minimize: quadratic or cross-entropy")
	f.Float64Var(&s.lambda, "lambda", 0, "regularization parameter λ: adds (λ/2n) Σ w² to the cost")
	f.StringVar(&s.init, "init", "large", "first `weights`: large (standard deviation 1) or default (1/√inputs)")
	f.BoolVar(&s.validate, "validate", false, "evaluate on the validation images instead of the test images")
	f.BoolVar(&s.monitor, "monitor", false, "after each epoch, also show cost and accuracy on the training images and the cost on the others")
	f.IntVar(&s.stop, "stop", 0, "stop after `N` epochs without improvement, 0 = never")
	f.IntVar(&s.halve, "halve", 0, "halve η after `N` epochs without improvement and stop at η/128, 0 = never")
	f.IntVar(&s.every, "every", 1, "evaluate only after every `N`th epoch and the last")
	f.StringVar(&s.report, "report", "", "write pictures of the run and a page with them to this `folder`")
	return s
}

// check returns an error if the flags are wrong in themselves. Whether they fit the data
// is checked later.
func (s *Settings) check() error {
	switch {
	case !(s.eta > 0) || math.IsInf(s.eta, 0):
		return cli.Usagef("-eta %g: want a number above 0", s.eta)
	case s.batch < 1:
		return cli.Usagef("-batch %d: want 1 or more", s.batch)
	case s.epochs < 0:
		return cli.Usagef("-epochs %d: want 0 or more", s.epochs)
	case s.method != "batch" && s.method != "book":
		return cli.Usagef("-method %q: want batch or book", s.method)
	case s.resume != "" && s.load != "":
		return cli.Usagef("-load with -resume: the checkpoint holds the network")
	case s.train < 0:
		return cli.Usagef("-train %d: want 0 or more", s.train)
	case s.test < 0:
		return cli.Usagef("-test %d: want 0 or more", s.test)
	}
	if err := s.apart(); err != nil {
		return err
	}
	return s.checkChapter3()
}

// apart returns an error if two flags name the same file, of which one would overwrite the
// other. Only -checkpoint and -resume may, and -save and -load.
func (s *Settings) apart() error {
	for _, pair := range [][2]string{{"checkpoint", "save"}, {"resume", "save"}, {"save", "export"},
		{"checkpoint", "export"}, {"resume", "export"}, {"load", "export"}} {
		a, b := s.set.Lookup(pair[0]).Value.String(), s.set.Lookup(pair[1]).Value.String()
		if a != "" && b != "" && filepath.Clean(a) == filepath.Clean(b) {
			return cli.Usagef("-%s and -%s name the same file %s", pair[0], pair[1], b)
		}
	}
	return nil
}

// Parse returns the settings of the flags in args. For -h it prints help and the list of
// flags to stdout and returns [flag.ErrHelp].
func Parse(args []string, help string, stdout io.Writer) (*Settings, error) {
	s := declare()
	if err := cli.Parse(s.set, args, stdout, help); err != nil {
		return nil, err
	}
	s.given = cli.Given(s.set)
	if err := s.check(); err != nil || s.resume == "" {
		return s, err
	}
	c, err := readCheckpoint(s.resume)
	if err != nil {
		return nil, err
	}
	return s, s.adopt(c)
}

// adopt sets every flag that is not on the command line to its value in the run of the
// checkpoint. A flag that contradicts that run is an error.
func (s *Settings) adopt(c *checkpoint) error {
	s.from = c
	for name, was := range c.Flags {
		f := s.set.Lookup(name)
		if f == nil || slices.Contains(forgotten, name) {
			return fmt.Errorf("-resume: %s: broken: it has a flag -%s", s.resume, name)
		}
		if now := f.Value.String(); !s.given[name] {
			if err := s.set.Set(name, was); err != nil {
				return fmt.Errorf("-resume: %s: broken: -%s: %v", s.resume, name, err)
			}
		} else if now != was && !slices.Contains(free, name) {
			return fmt.Errorf("-%s %s, but the run of %s has %s", name, now, s.resume, was)
		}
	}
	if done := len(c.Scores); s.epochs < done {
		return fmt.Errorf("-epochs %d, but %s has %d behind it", s.epochs, s.resume, done)
	}
	if err := s.check(); err != nil {
		return fmt.Errorf("-resume: %s: broken: %v", s.resume, err)
	}
	return nil
}

// flags returns the values of the flags that a checkpoint keeps.
func (s *Settings) flags() map[string]string {
	flags := make(map[string]string)
	s.set.VisitAll(func(f *flag.Flag) {
		if !slices.Contains(forgotten, f.Name) {
			flags[f.Name] = f.Value.String()
		}
	})
	return flags
}

// Epochs returns how many epochs the run is to have.
func (s *Settings) Epochs() int { return s.epochs }

// Sizes returns the number of neurons in each layer.
func (s *Settings) Sizes() []int { return s.sizes }

// Batch returns how many examples a mini-batch has.
func (s *Settings) Batch() int { return s.batch }

// Train returns how many examples the run is to train on, 0 for all.
func (s *Settings) Train() int { return s.train }

// Work returns about how many times the run multiplies by a weight, forward and backward,
// if there are so many examples.
func (s *Settings) Work(training, evaluation int) float64 {
	if s.train > 0 {
		training = s.train
	}
	if s.test > 0 {
		evaluation = s.test
	}
	if s.monitor {
		evaluation += training
	}
	epochs := float64(s.epochs)
	return cli.Parameters(s.sizes) * (3*epochs*float64(training) + epochs/float64(s.every)*float64(evaluation))
}
