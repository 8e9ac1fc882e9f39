package run

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"nndl/cmd/internal/digits"
	"nndl/nn"
	"nndl/nn/network2"
)

// steps returns the run of the flags, before its first step.
func steps(t *testing.T, flags ...string) *Steps {
	t.Helper()
	s, err := Parse(flags, "", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	d, err := digits.Open(s.data)
	if err != nil {
		t.Fatal(err)
	}
	run, err := s.Steps(d)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestSteps goes through three epochs by mini-batches, whole epochs and epochs that are cut
// off, at once and halfway: the network and the scores are those of the run without a stop.
func TestSteps(t *testing.T) {
	for _, flags := range [][]string{
		small(dataDir(t), "-batch", "7"),
		small(dataDir(t), "-cost", "cross-entropy", "-lambda", "2", "-init", "default", "-monitor", "-batch", "600"),
		small(dataDir(t), "-eta", "1e-9", "-halve", "1"),
	} {
		s, err := Parse(append(flags, "-epochs", "3"), "", io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		d, err := digits.Open(s.data)
		if err != nil {
			t.Fatal(err)
		}
		want, err := s.Run(context.Background(), d, io.Discard, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		run := steps(t, flags...)
		now, cancel := context.WithCancel(context.Background())
		cancel()
		if run.Epoch(now, nil) || run.Done() != 0 {
			t.Errorf("%v: an epoch that was cut off at once is %d examples long", flags, run.Done())
		}
		run.MiniBatch()
		halfway, cancel := context.WithCancel(context.Background())
		run.Epoch(halfway, func([]nn.Example) {
			if run.Done() > 250 {
				cancel()
			}
		})
		cancel()
		for len(run.Result().Scores) < 2 {
			run.MiniBatch()
		}
		run.Epoch(context.Background(), func([]nn.Example) {})
		if got := run.Result(); fmt.Sprint(got.Scores) != fmt.Sprint(want.Scores) || encode(t, got.Network) != encode(t, want.Network) {
			t.Errorf("%v: in steps %v, in one go %v, or the networks differ", flags, got.Scores, want.Scores)
		}
	}
}

func encode(t *testing.T, net *nn.Network) string {
	var b bytes.Buffer
	if err := net.Encode(&b, nn.QuadraticCost); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestMiniBatchCost compares the costs of a step with the definition: equation (87), where n
// is the number of all training examples.
func TestMiniBatchCost(t *testing.T) {
	run := steps(t, small(dataDir(t), "-cost", "cross-entropy", "-lambda", "5", "-batch", "7")...)
	was := encode(t, run.t.Network)
	before, _, err := nn.Decode(strings.NewReader(was))
	if err != nil {
		t.Fatal(err)
	}
	batch, c0, c1 := run.MiniBatch()
	for i, net := range []*nn.Network{before, run.t.Network} {
		want := 0.0
		for _, e := range batch {
			want += network2.CrossEntropyCost{}.Fn(net.Feedforward(e.X()), e.Y()) / 7
		}
		for _, w := range net.Weights {
			for _, v := range w.Data {
				want += 5 * v * v / (2 * 500)
			}
		}
		if got := []float64{c0, c1}[i]; !(math.Abs(got-want) < 1e-12*want) {
			t.Errorf("cost %d is %g, want %g", i, got, want)
		}
	}
	if len(batch) != 7 || run.Done() != 7 || !(c1 < c0) || encode(t, run.t.Network) == was {
		t.Errorf("a step over %d examples, %d done, from %g to %g", len(batch), run.Done(), c0, c1)
	}
}

// TestSettingsLine checks that the line that is shown makes the same run.
func TestSettingsLine(t *testing.T) {
	for args, want := range map[string]string{
		"":                                 "",
		"-eta 3 -sizes 784,30,10":          "",
		"-sizes [784,100,10] -eta 0.5":     "-eta 0.5 -sizes 784,100,10",
		"-monitor -shuffle=false -batch 9": "-batch 9 -monitor -shuffle=false",
	} {
		s, err := Parse(strings.Fields(args), "", io.Discard)
		if err != nil || s.Line() != want {
			t.Errorf("%s: %v, %q, want %q", args, err, s.Line(), want)
		}
	}
}
