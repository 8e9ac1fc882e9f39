package run

import (
	"fmt"
	"io"
	"math"
	"strconv"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// This file has what a run takes from chapter 3: the cost, the regularization, the initial
// weights, the four monitors, early stopping and the halving of η.

// The costs of -cost, and the names by which models have them.
var (
	costs     = map[string]network2.Cost{"quadratic": network2.QuadraticCost{}, "cross-entropy": network2.CrossEntropyCost{}}
	costNames = map[string]string{"quadratic": nn.QuadraticCost, "cross-entropy": nn.CrossEntropyCost}
)

func (s *Settings) checkChapter3() error {
	switch {
	case costs[s.cost] == nil:
		return cli.Usagef("-cost %q: want quadratic or cross-entropy", s.cost)
	case !(s.lambda >= 0) || math.IsInf(s.lambda, 0):
		return cli.Usagef("-lambda %g: want 0 or more", s.lambda)
	case s.init != "large" && s.init != "default":
		return cli.Usagef("-init %q: want large or default", s.init)
	case s.load != "" && s.given["init"]:
		return cli.Usagef("-init with -load: the file holds the weights")
	case s.stop < 0:
		return cli.Usagef("-stop %d: want 0 or more", s.stop)
	case s.halve < 0:
		return cli.Usagef("-halve %d: want 0 or more", s.halve)
	case s.stop > 0 && s.halve > 0:
		return cli.Usagef("-stop with -halve: halving stops by itself, at η/128")
	case s.every < 1:
		return cli.Usagef("-every %d: want 1 or more", s.every)
	case s.every > 1 && s.stop+s.halve > 0:
		return cli.Usagef("-every %d: -stop and -halve need every epoch evaluated", s.every)
	}
	return nil
}

// chapter3 returns in words what the run does that chapter 1's does not.
func (s *Settings) chapter3() (what string) {
	if s.cost != "quadratic" {
		what += ", " + s.cost
	}
	if s.lambda != 0 {
		what += fmt.Sprintf(", λ = %g", s.lambda)
	}
	if s.init != "large" {
		what += ", weights of standard deviation 1/√inputs"
	}
	if s.validate {
		what += ", evaluated on the validation images"
	}
	return what
}

// evaluated returns the examples on which the run is evaluated.
func (s *Settings) evaluated(d mnist.Data) ([]nn.Example, error) {
	if !s.validate {
		return first(d.Test, s.test, "-test")
	}
	if len(d.Validation) == 0 {
		return nil, fmt.Errorf("-validate: there are no validation images")
	}
	return first(d.Validation, s.test, "-test")
}

// engine sets what trains and evaluates, by -method and -cost, and returns the trainer.
func (t *training) engine() *nn.Trainer {
	net := &network2.Network{Sizes: t.Network.Sizes, Biases: t.Network.Biases, Weights: t.Network.Weights, Cost: costs[t.cost]}
	trainer := net.Trainer(t.lambda, t.Training)
	t.update, t.evaluate = trainer.Update, trainer.Evaluate
	t.measure = func(data []nn.Example) (float64, int) { return net.Measure(trainer, data, t.lambda) }
	if t.method == "book" {
		t.evaluate = net.Accuracy
		t.update = func(miniBatch []nn.Example, eta float64) { net.UpdateMiniBatch(miniBatch, eta, t.lambda, t.Training) }
	}
	if t.method == "book" && t.cost == "quadratic" && t.lambda == 0 { // chapter 1
		t.update, t.evaluate = t.Network.UpdateMiniBatch, t.Network.Evaluate
	}
	return trainer
}

// initialize scales down the weights that have just been drawn, if -init says so.
func (t *training) initialize() {
	if t.init == "default" {
		for _, w := range t.Network.Weights {
			w.Scale(1/math.Sqrt(float64(w.Cols)), w)
		}
	}
}

// loadNetwork loads the network of -load. Its cost becomes the run's unless -cost names one.
func (t *training) loadNetwork() error {
	net, err := network2.Load(t.load)
	if err != nil {
		return err
	}
	t.Network = &nn.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights}
	for name, cost := range costs {
		if cost != net.Cost {
			continue
		}
		if t.given["cost"] && t.cost != name {
			return fmt.Errorf("-cost %s, but the cost of %s is %s", t.cost, t.load, name)
		}
		return t.set.Set("cost", name)
	}
	return nil
}

// encode writes the network with its cost.
func (t *training) encode(w io.Writer) error { return t.Network.Encode(w, costNames[t.cost]) }

// score evaluates the network after an epoch.
func (t *training) score() Score {
	if t.monitor {
		cost, correct := t.measure(t.data.Test)
		trainingCost, learned := t.measure(t.data.Training)
		return Score{correct, learned, number(cost), number(trainingCost)}
	}
	s := Score{Test: t.evaluate(t.data.Test), Training: -1}
	if t.report != "" { // counting takes time, and only the report shows it
		s.Training = t.evaluate(t.data.Training)
	}
	return s
}

// say prints the score of an epoch and its consequences for the next.
func (t *training) say(stdout io.Writer, epoch int, seconds float64) {
	s := t.Scores[epoch]
	fmt.Fprintf(stdout, "Epoch %d: %d / %d  %.2f%%  %.3fs\n", epoch, s.Test, t.Test, t.percent(s.Test), seconds)
	if t.monitor {
		on := "test"
		if t.validate {
			on = "validation"
		}
		fmt.Fprintf(stdout, "  training images: %d / %d  %.2f%%, cost %.4g; %s images: cost %.4g\n",
			s.Training, t.Training, 100*float64(s.Training)/float64(t.Training), float64(s.TrainingCost), on, float64(s.Cost))
	}
	halvings := t.plateau.halvings
	t.follow(s)
	switch {
	case t.plateau.stopped:
		fmt.Fprintf(stdout, "Stopped: no improvement in %d epochs\n", t.stop+t.halve)
	case t.plateau.halvings > halvings:
		fmt.Fprintf(stdout, "No improvement in %d epochs: η = %g from now on\n", t.halve, t.plateau.rate(t.eta))
	}
}

// costCurves returns the costs after each epoch, of a run with -monitor.
func (t *training) costCurves() []chart.Series {
	if !t.monitor {
		return nil
	}
	test, training := chart.Series{Name: "test digits"}, chart.Series{Name: "training digits"}
	if t.validate {
		test.Name = "validation digits"
	}
	for i, s := range t.Scores {
		if s.Test >= 0 {
			test.X, test.Y = append(test.X, float64(i)), append(test.Y, float64(s.Cost))
			training.X, training.Y = append(training.X, float64(i)), append(training.Y, float64(s.TrainingCost))
		}
	}
	return []chart.Series{test, training}
}

// plateau is what -stop and -halve know about the scores so far.
type plateau struct {
	early    network2.NoImprovement
	halving  network2.Halving
	halvings int
	stopped  bool
}

// rate returns the learning rate of the next epoch.
func (p *plateau) rate(eta float64) float64 { return math.Ldexp(eta, -p.halvings) }

// replay sets plateau from the scores of the checkpoint.
func (t *training) replay() {
	t.plateau.early.N, t.plateau.halving.N = t.stop, t.halve
	for _, s := range t.Scores {
		t.follow(s)
	}
}

// follow takes the score of the next epoch.
func (t *training) follow(s Score) {
	p := &t.plateau
	switch {
	case t.stop > 0:
		p.stopped = p.early.Add(s.Test)
	case t.halve > 0:
		var halve bool
		if halve, p.stopped = p.halving.Add(s.Test); halve {
			p.halvings++
		}
	}
}

// number is a float64 that JSON can hold, NaN and Inf included.
type number float64

// MarshalText writes the shortest digits that read back.
func (x number) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(x), 'g', -1, 64), nil
}

// UnmarshalText reads them.
func (x *number) UnmarshalText(text []byte) error {
	v, err := strconv.ParseFloat(string(text), 64)
	*x = number(v)
	return err
}
