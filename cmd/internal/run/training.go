package run

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/mnist"
	"nndl/nn"
)

// training is a run under way.
type training struct {
	*Settings
	Result
	data     mnist.Data // cut to -train and -test
	update   func(miniBatch []nn.Example, eta float64)
	evaluate func(data []nn.Example) int
	measure  func(data []nn.Example) (cost float64, correct int)
	examples []nn.Example // the training data in the order that the shuffles have left:
	order    []int32      // examples[i] is data.Training[order[i]]
	rest     []nn.Example // the end of examples that the epoch under way has not used
	pcg      *rand.PCG
	watch    watch
	plateau  plateau
	digest   uint32 // of training and test data before any shuffle, for checkpoints
}

// begin returns a training at its beginning or, with -resume, at the checkpoint.
func (s *Settings) begin(d mnist.Data) (t *training, err error) {
	t = &training{Settings: s, data: d, pcg: rand.NewPCG(s.seed, 0)}
	if t.data.Training, err = first(d.Training, s.train, "-train"); err != nil {
		return nil, err
	}
	if t.data.Test, err = s.evaluated(d); err != nil {
		return nil, err
	}
	t.Training, t.Test = len(t.data.Training), len(t.data.Test)
	t.examples = slices.Clone(t.data.Training)
	for i := range t.examples {
		t.order = append(t.order, int32(i))
	}
	if s.checkpoint != "" || s.from != nil {
		t.digest = Digest(t.data.Training, t.data.Test)
	}
	if s.from != nil {
		err = t.goOn(s.from)
	} else {
		err = t.network()
	}
	if err != nil {
		return nil, err
	}
	t.watch = newWatch(t.engine(), t.data)
	t.replay()
	return t, nil
}

// first returns the first n examples, all of them if n is 0.
func first(data []nn.Example, n int, flag string) ([]nn.Example, error) {
	if n > len(data) {
		return nil, fmt.Errorf("%s %d: there are only %d", flag, n, len(data))
	}
	if n == 0 {
		n = len(data)
	}
	return data[:n:n], nil
}

// network loads the network that -load names or draws one of the given sizes.
func (t *training) network() (err error) {
	if t.load != "" {
		if err := t.loadNetwork(); err != nil {
			return err
		}
		if t.given["sizes"] && !slices.Equal(t.sizes, t.Network.Sizes) {
			return fmt.Errorf("-sizes %s, but %s holds a network %s", cli.Layers(t.sizes), t.load, cli.Layers(t.Network.Sizes))
		}
		t.sizes = t.Network.Sizes
	}
	if err := fits(t.sizes, t.data.Training[0]); err != nil {
		return err
	}
	if t.load == "" {
		t.Network = nn.New(t.sizes, rand.New(t.pcg))
		t.initialize()
	}
	return nil
}

// maxParameters is how many weights and biases a network may have: 2 GiB of them.
const maxParameters = 1 << 28

// fits returns an error unless a network of these sizes can learn examples like e.
func fits(sizes []int, e nn.Example) error {
	in, out := sizes[0], sizes[len(sizes)-1]
	if x := e.X().Rows; in != x {
		return fmt.Errorf("the network %s has %d inputs, but the images have %d pixels", cli.Layers(sizes), in, x)
	}
	if y := e.Y().Rows; out != y {
		return fmt.Errorf("the network %s has %d outputs, but there are %d digits", cli.Layers(sizes), out, y)
	}
	if cli.Parameters(sizes) > maxParameters {
		return fmt.Errorf("a network %s has more than %d parameters", cli.Layers(sizes), maxParameters)
	}
	return nil
}

// train runs the epochs: the book's SGD, with progress, the time of each epoch and an
// orderly stop.
func (t *training) train(ctx context.Context, stdout, stderr io.Writer) error {
	t.watch.begin(stderr)
	for epoch := len(t.Scores); epoch < t.epochs && !t.plateau.stopped; epoch++ {
		start := time.Now()
		if !t.runEpoch(ctx, epoch, stderr) {
			fmt.Fprintf(stdout, "Interrupted in epoch %d\n", epoch)
			t.sayHowToGoOn(stdout)
			return cli.ErrInterrupted
		}
		seconds := time.Since(start).Seconds()
		if (epoch+1)%t.every == 0 || epoch+1 == t.epochs {
			t.Scores = append(t.Scores, t.score())
			t.say(stdout, epoch, seconds)
			t.Trouble = t.watch.look(stderr)
		} else {
			t.Scores = append(t.Scores, Score{Test: -1, Training: -1})
		}
		if t.checkpoint != "" {
			if err := t.writeCheckpoint(); err != nil {
				return err
			}
		}
	}
	epoch, percent := t.Best()
	fmt.Fprintf(stdout, "Best: epoch %d, %d / %d  %.2f%%\n", epoch, t.Scores[epoch].Test, t.Test, percent)
	return nil
}

// runEpoch goes through the training data once and reports whether it came to the end.
func (t *training) runEpoch(ctx context.Context, epoch int, stderr io.Writer) bool {
	bar := term.NewBar(stderr, fmt.Sprintf("Epoch %d", epoch), int64(t.Training))
	defer bar.Clear()
	return t.miniBatches(ctx, func([]nn.Example) { bar.Set(int64(t.Training - len(t.rest))) })
}

// miniBatches takes a step for each mini-batch that is left of the epoch, calls after with
// it, and reports whether it came to the end. Between epochs all are left.
func (t *training) miniBatches(ctx context.Context, after func(miniBatch []nn.Example)) bool {
	t.deal()
	for miniBatch := range nn.MiniBatches(t.rest, t.batch) {
		if ctx.Err() != nil {
			return false
		}
		t.update(miniBatch, t.plateau.rate(t.eta))
		t.rest = t.rest[len(miniBatch):]
		after(miniBatch)
	}
	return true
}

// deal shuffles the examples for another epoch if those of the last are used up.
func (t *training) deal() {
	if len(t.rest) > 0 {
		return
	}
	if t.shuffle {
		rand.New(t.pcg).Shuffle(t.Training, func(i, j int) {
			t.order[i], t.order[j] = t.order[j], t.order[i]
		})
		t.arrange()
	}
	t.rest = t.examples
}

// arrange puts the examples in order. Their numbers are shuffled, which fit in the caches,
// and then the examples, 56 bytes each, are fetched.
func (t *training) arrange() {
	for i, j := range t.order {
		t.examples[i] = t.data.Training[j]
	}
}
