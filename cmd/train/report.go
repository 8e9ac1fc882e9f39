package main

import (
	"fmt"
	"io"
	"math"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/report"
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

// writeReport writes the report of the run to the folder that -report names.
func (t *training) writeReport(d digits, stdout io.Writer) error {
	index, err := report.Report{
		Network: t.network,
		Test:    t.test,
		Cols:    d.cols,
		Data:    d.dir,
		Run:     t.description(d),
		Trouble: t.watch.trouble,
		Curves:  t.curves(),
	}.Write(t.report)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "Report: %s\n", index)
	return err
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

// curves returns the accuracy after each epoch of the history, in per cent.
func (t *training) curves() []chart.Series {
	if len(t.history) == 0 {
		return nil
	}
	test, training := chart.Series{Name: "test digits"}, chart.Series{Name: "training digits"}
	first := t.epoch - len(t.history)
	for i, s := range t.history {
		x, learned := float64(first+i), math.NaN() // which draws nothing
		if s.Training >= 0 {
			learned = 100 * float64(s.Training) / float64(len(t.examples))
		}
		test.X, test.Y = append(test.X, x), append(test.Y, t.percent(s.Test))
		training.X, training.Y = append(training.X, x), append(training.Y, learned)
	}
	return []chart.Series{test, training}
}
