package run

import (
	"fmt"
	"math"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/report"
)

// page returns the report of the run.
func (t *training) page() report.Report {
	return report.Report{
		Network: t.Network,
		Cost:    costNames[t.cost],
		Test:    t.data.Test,
		Set:     t.evaluated(),
		Cols:    t.data.Cols,
		Data:    t.data.Dir,
		Run:     t.description(),
		Trouble: t.Trouble,
		Curves:  t.curves(),
		Costs:   t.costCurves(),
	}
}

// evaluated says on which digits the network is tested.
func (t *training) evaluated() string {
	if t.validate {
		return "validation"
	}
	return "test"
}

// description says in one line how the network came to be.
func (t *training) description() string {
	from := "the digits of " + t.data.Dir
	if t.data.Dir == "" {
		from = "synthetic digits"
	}
	done, epochs := len(t.Scores), "epochs"
	if done == 1 {
		epochs = "epoch"
	}
	how := fmt.Sprintf("%d %s over %d examples, mini-batch %d, η = %g, seed %d%s", done, epochs, t.Training, t.batch, t.eta, t.seed, t.chapter3())
	switch {
	case done == 0 && t.load != "":
		how = "the network of " + t.load
	case done == 0:
		how = fmt.Sprintf("not trained, seed %d", t.seed)
	}
	return fmt.Sprintf("%s; %s, %d of them to test on", how, from, t.Test)
}

// curves returns the accuracy after each epoch, in per cent.
func (t *training) curves() []chart.Series {
	if len(t.Scores) == 0 {
		return nil
	}
	test, training := chart.Series{Name: t.evaluated() + " digits"}, chart.Series{Name: "training digits"}
	for i, s := range t.Scores {
		if s.Test < 0 {
			continue // not evaluated
		}
		learned := math.NaN() // which draws nothing
		if s.Training >= 0 {
			learned = 100 * float64(s.Training) / float64(t.Training)
		}
		test.X, test.Y = append(test.X, float64(i)), append(test.Y, t.percent(s.Test))
		training.X, training.Y = append(training.X, float64(i)), append(training.Y, learned)
	}
	return []chart.Series{test, training}
}
