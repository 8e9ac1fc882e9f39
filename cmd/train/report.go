package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/mnist"
	"nndl/nn"
)

// score is how many digits were read right after an epoch.
type score struct {
	Test     int `json:"test"`
	Training int `json:"training"` // −1 if they were not counted
}

// record keeps what the report, of this run or of one that goes on, says of the epoch
// that has just ended. The training digits take time to read: without -report they are
// not counted.
func (t *training) record(correct int) {
	s := score{correct, -1}
	if t.report != "" {
		s.Training = t.evaluate(t.examples)
	}
	t.history = append(t.history, s)
}

// reading is what the network says of one test digit.
type reading struct {
	number      int // among the test digits
	label, said int
	output      []float64 // the activations of the output neurons
	pixels      []byte
}

// sureness is how much more the network believes in what it says than in what is right.
func (r reading) sureness() float64 { return r.output[r.said] - r.output[r.label] }

// readings asks the network about every test digit.
func readings(n *nn.Network, test []nn.Example) []reading {
	rs := make([]reading, len(test))
	for i, e := range test {
		x := e.X()
		a := n.Feedforward(x) // 10×1
		// The label of an example with this output is the answer as Evaluate counts it.
		rs[i] = reading{i, e.Label(), nn.NewExample(x, a).Label(), a.Data, mnist.Pixels(e)}
	}
	return rs
}

// The files of a report. index.html holds all of the drawings once more.
const (
	indexFile     = "index.html"
	learningFile  = "learning.svg"
	answersFile   = "answers.svg"
	misreadFile   = "misread.svg"
	confusionFile = "confusion.svg"
	weightsFile   = "weights.svg"
)

// reportMark stands at the beginning of every file of a report.
const reportMark = `class="nndl`

// checkReport returns an error if the report could not be written to its folder: asked
// before the training, not after it. A file in the way that is no report's stays.
func checkReport(dir string) error {
	for _, name := range []string{indexFile, learningFile, answersFile, misreadFile, confusionFile, weightsFile} {
		path := filepath.Join(dir, name)
		if err := nn.CheckReplaceable(path); err != nil {
			return err
		}
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return err
		}
		head, err := io.ReadAll(io.LimitReader(f, 512))
		f.Close()
		if err != nil {
			return err
		}
		if !bytes.Contains(head, []byte(reportMark)) {
			return fmt.Errorf("%s is there and is no report", path)
		}
	}
	return nil
}

// writeReport writes the report of the run to the folder that -report names.
func (t *training) writeReport(d digits, stdout io.Writer) error {
	rs := readings(t.network, t.test)
	wrong := slices.DeleteFunc(slices.Clone(rs), func(r reading) bool { return r.said == r.label })
	slices.SortStableFunc(wrong, func(a, b reading) int { return cmp.Compare(b.sureness(), a.sureness()) })
	p := page{
		Network:  cli.Layers(t.network.Sizes),
		Run:      t.description(d),
		Right:    len(rs) - len(wrong),
		Wrong:    len(wrong),
		Of:       len(rs),
		Percent:  fmt.Sprintf("%.2f", 100*float64(len(rs)-len(wrong))/float64(len(rs))),
		MadeUp:   d.dir == "",
		NoHidden: len(t.network.Sizes) == 2,
	}
	if len(t.history) > 0 {
		p.Best, p.BestEpoch = fmt.Sprintf("%.2f", t.percent(t.best)), t.bestEpoch
	}
	for _, part := range []struct {
		file string
		svg  []byte
	}{
		{learningFile, t.learningCurve()},
		{answersFile, answers(rs, d.cols)},
		{misreadFile, misread(wrong, d.cols)},
		{confusionFile, confusion(rs, len(t.test[0].Y().Data))},
		{weightsFile, weights(t.network, d.cols)},
	} {
		p.add(part.file, part.svg)
		if err := replace(t.report, part.file, part.svg); err != nil {
			return err
		}
	}
	html, err := p.html()
	if err != nil {
		return err
	}
	if err := replace(t.report, indexFile, html); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Report: %s\n", filepath.Join(t.report, indexFile))
	return err
}

// replace writes a file of the report, whole or not at all.
func replace(dir, name string, content []byte) error {
	return nn.ReplaceFile(filepath.Join(dir, name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// description says in one line how the network came to be.
func (t *training) description(d digits) string {
	from := "the digits of " + d.dir
	if d.dir == "" {
		from = "the embedded, made-up digits"
	}
	epochs := "epochs"
	if t.epoch == 1 {
		epochs = "epoch"
	}
	how := fmt.Sprintf("%d %s over %d examples, mini-batch %d, η = %g, seed %d", t.epoch, epochs, len(t.examples), t.batch, t.eta, t.seed)
	switch {
	case t.epoch == 0 && t.load != "":
		how = "the network of " + t.load
	case t.epoch == 0:
		how = fmt.Sprintf("not trained, seed %d", t.seed)
	}
	return fmt.Sprintf("%s; %s, %d of them to test on", how, from, len(t.test))
}

// learningCurve draws the accuracy after each epoch of the history.
func (t *training) learningCurve() []byte {
	l := chart.Lines{Title: "Learning curve", XLabel: "epoch", YLabel: "read right, %"}
	if len(t.history) == 0 {
		l.Title = "Learning curve: no epoch was trained"
		return l.SVG()
	}
	test, training := chart.Series{Name: "test digits"}, chart.Series{Name: "training digits"}
	first, best := t.epoch-len(t.history), 0
	for i, s := range t.history {
		x, learned := float64(first+i), math.NaN() // which draws nothing
		if s.Training >= 0 {
			learned = 100 * float64(s.Training) / float64(len(t.examples))
		}
		test.X, test.Y = append(test.X, x), append(test.Y, t.percent(s.Test))
		training.X, training.Y = append(training.X, x), append(training.Y, learned)
		if s.Test > t.history[best].Test {
			best = i
		}
	}
	l.Series = []chart.Series{test, training}
	l.Notes = []chart.Note{{X: test.X[best], Y: test.Y[best], Text: fmt.Sprintf("best %.2f %%", test.Y[best])}}
	return l.SVG()
}

// confusion draws how often each digit was read as which.
func confusion(rs []reading, classes int) []byte {
	counts, names := make([][]int, classes), make([]string, classes)
	for i := range counts {
		counts[i], names[i] = make([]int, classes), fmt.Sprint(i)
	}
	for _, r := range rs {
		counts[r.label][r.said]++
	}
	return chart.Confusion{Title: "Confusion matrix", RowLabel: "what it is", ColLabel: "what the network says",
		Names: names, Counts: counts}.SVG()
}
