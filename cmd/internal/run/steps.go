package run

import (
	"context"
	"flag"
	"io"
	"strings"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// Steps is a run that goes on only as far as it is told to, a mini-batch or an epoch at a
// time. After the same number of epochs its network is that of [Settings.Run].
type Steps struct {
	t       *training
	seconds []float64 // of each epoch, the last one under way
}

// Steps returns the run before its first step.
func (s *Settings) Steps(d mnist.Data) (*Steps, error) {
	t, err := s.begin(d)
	if err != nil {
		return nil, err
	}
	t.watch.begin(io.Discard)
	return &Steps{t, []float64{0}}, nil
}

// Epoch finishes the epoch under way, or runs a whole one, and evaluates it. It calls after
// with every mini-batch when its step is taken. When ctx is done it returns false, between
// two mini-batches.
func (s *Steps) Epoch(ctx context.Context, after func(miniBatch []nn.Example)) bool {
	start := time.Now()
	ended := s.t.miniBatches(ctx, after)
	s.took(start)
	if ended {
		s.evaluate()
	}
	return ended
}

// took adds the time since start to the epoch's.
func (s *Steps) took(start time.Time) { s.seconds[len(s.seconds)-1] += time.Since(start).Seconds() }

// Seconds returns how long an epoch took that has ended, without its evaluation: what
// cmd/train prints.
func (s *Steps) Seconds(epoch int) float64 { return s.seconds[epoch] }

// MiniBatch takes one step, evaluates the epoch if it was its last, and returns the
// mini-batch with its cost before and after.
func (s *Steps) MiniBatch() (miniBatch []nn.Example, before, after float64) {
	s.t.deal()
	miniBatch = s.t.rest[:min(s.t.batch, len(s.t.rest))]
	before = s.Cost(miniBatch)
	start := time.Now()
	s.t.update(miniBatch, s.t.plateau.rate(s.t.eta))
	s.took(start)
	s.t.rest = s.t.rest[len(miniBatch):]
	after = s.Cost(miniBatch)
	if len(s.t.rest) == 0 {
		s.evaluate()
	}
	return miniBatch, before, after
}

// evaluate adds the score of the epoch that has just ended.
func (s *Steps) evaluate() {
	score := s.t.score()
	s.t.Scores = append(s.t.Scores, score)
	s.t.follow(score)
	s.t.Trouble = s.t.watch.look(io.Discard)
	s.seconds = append(s.seconds, 0)
}

// Cost returns the cost on a mini-batch, which the next step would lower. Its regularization
// term is that of the whole training data.
func (s *Steps) Cost(miniBatch []nn.Example) float64 {
	net, lambda := s.Network(), s.t.lambda*float64(len(miniBatch))/float64(s.t.Training)
	cost, _ := net.Measure(s.t.watch.trainer, miniBatch, lambda)
	return cost
}

// Network returns the network, which the next step changes.
func (s *Steps) Network() *network2.Network {
	n := s.t.Network
	return &network2.Network{Sizes: n.Sizes, Biases: n.Biases, Weights: n.Weights, Cost: costs[s.t.cost]}
}

// Result returns the run's result so far.
func (s *Steps) Result() *Result { return &s.t.Result }

// Done returns how many examples of the epoch under way have been used, 0 between epochs.
func (s *Steps) Done() int {
	if len(s.t.rest) == 0 {
		return 0
	}
	return s.t.Training - len(s.t.rest)
}

// Trouble returns what has kept the network from learning.
func (s *Steps) Trouble() Trouble { return s.t.watch.trouble }

// Odd returns what is odd about the images, "" if nothing is.
func (s *Steps) Odd() string { return s.t.watch.odd }

// Line returns the flags that differ from their defaults, as one would type them.
func (s *Settings) Line() string {
	var line []string
	s.set.VisitAll(func(f *flag.Flag) {
		switch v := f.Value.String(); v {
		case f.DefValue:
		case "true":
			line = append(line, "-"+f.Name)
		case "false":
			line = append(line, "-"+f.Name+"=false")
		default:
			line = append(line, "-"+f.Name, cli.Quote(v))
		}
	})
	return strings.Join(line, " ")
}
