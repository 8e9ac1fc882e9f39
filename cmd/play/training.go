package main

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"nndl/cmd/internal/cli"
	cmdtrain "nndl/cmd/internal/run"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn/network2"
)

// A training is a visitor's run. The zero training has none yet.
type training struct {
	mu       sync.Mutex      // held by the request that goes on with it
	line     string          // its flags
	steps    *cmdtrain.Steps // nil if there is none
	numbers  int             // how many numbers it keeps, about
	gone     bool            // it had to make room for others
	overflow bool            // a number of the network is not finite: it cannot go on
	left     atomic.Bool     // its visitor has left
}

// begin makes a new run of the settings.
func (t *training) begin(settings *cmdtrain.Settings, data mnist.Data) error {
	steps, err := settings.Steps(data)
	if err != nil {
		return refuse("%v", err)
	}
	t.steps, t.line, t.gone, t.overflow = steps, settings.Line(), false, false
	t.numbers = int(cli.Parameters(settings.Sizes())) + 8*steps.Result().Training // an example is 56 bytes
	return nil
}

// enter gives the caller the visitor's training, at rest, and a context that is done with
// ctx or when another request wants it. The caller calls leave.
func (v *visitor) enter(ctx context.Context) (t *training, working context.Context, leave func()) {
	working, end := v.begin(ctx)
	v.training.mu.Lock()
	return &v.training, working, func() {
		v.training.mu.Unlock()
		end()
	}
}

// goOn gets the visitor's training ready for the settings of the request: the run that is
// there if they are its own, else, or if anew says so, a new one.
func (s *server) goOn(v *visitor, t *training, r *trainRequest, anew bool) error {
	settings, err := r.settings()
	if err != nil {
		return err
	}
	if !anew && t.gone && t.line == settings.Line() {
		return refuse("this run had to make room for those of others: reset begins it again")
	}
	if anew = anew || t.steps == nil || t.line != settings.Line(); anew {
		if err := t.begin(settings, s.data); err != nil {
			return err
		}
	}
	if len(t.steps.Result().Scores) >= maxEpochs {
		return refuse("this run has %d epochs, the most that this page keeps", maxEpochs)
	}
	if err := s.trainings.use(t); err != nil {
		return err
	}
	if anew {
		t.publish(v)
	}
	return nil
}

// publish shows the visitor the network as it is now, and reports whether its numbers are
// finite. One that has overflowed is not shown.
func (t *training) publish(v *visitor) bool {
	net := clone(t.steps.Network())
	for _, x := range slices.Concat(net.Biases, net.Weights) {
		if slices.ContainsFunc(x.Data, func(v float64) bool { return math.IsNaN(v - v) }) {
			t.overflow = true
			return false
		}
	}
	v.show(net)
	return true
}

func clone(net *network2.Network) *network2.Network {
	c := &network2.Network{Sizes: slices.Clone(net.Sizes), Cost: net.Cost}
	for i, b := range net.Biases {
		c.Biases = append(c.Biases, new(matrix.Matrix).Copy(b))
		c.Weights = append(c.Weights, new(matrix.Matrix).Copy(net.Weights[i]))
	}
	return c
}

// trainings are the runs of all visitors.
type trainings struct {
	turns turns
	mu    sync.Mutex
	open  []*training // the one used last at the end
}

// maxNumbers is how many numbers all runs together may keep: half a gigabyte, enough for
// every visitor to train the book's [784,100,10] on MNIST.
const maxNumbers = 64 << 20

// use notes that t is in use. If all runs together become too large, those that have rested
// the longest are given up.
func (ts *trainings) use(t *training) error {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	ts.open = append(slices.DeleteFunc(ts.open, func(other *training) bool { return other == t || other.left.Load() }), t)
	sum := 0
	for _, t := range ts.open {
		sum += t.numbers
	}
	ts.open = slices.DeleteFunc(ts.open, func(other *training) bool {
		if sum <= maxNumbers || other == t || !other.mu.TryLock() {
			return false
		}
		defer other.mu.Unlock()
		sum -= other.numbers
		other.steps, other.gone = nil, true
		return true
	})
	if sum > maxNumbers {
		t.steps, t.gone, ts.open = nil, true, ts.open[:len(ts.open)-1]
		return refuse("too many large trainings are under way here: try again in a while, or with a smaller network")
	}
	return nil
}

// turns has a place for each training that may be at work at the same time. The others wait
// for an epoch to end.
type turns chan struct{}

// newTurns leaves one processor to the rest of the page.
func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// take waits for a turn until ctx is done, and reports whether it has one. If it has to wait
// for long it calls waiting.
func (t turns) take(ctx context.Context, waiting func()) bool {
	select {
	case t <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	case <-time.After(tick):
		waiting()
	}
	select {
	case t <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t turns) give() { <-t }
