package main

import (
	"fmt"
	"strings"

	"nndl/cmd/internal/run"
)

// measure is what is looked at in a run.
type measure struct {
	name string
	of   func(r *run.Result) string
}

func percent(correct, of int) string { return fmt.Sprintf("%.2f %%", 100*float64(correct)/float64(of)) }

var (
	bestAccuracy = measure{"best accuracy", func(r *run.Result) string {
		epoch, _ := r.Best()
		return percent(r.Scores[epoch].Test, r.Test)
	}}
	firstAccuracy = measure{"accuracy after epoch 0", func(r *run.Result) string { return percent(r.Scores[0].Test, r.Test) }}
	lastAccuracy  = measure{"accuracy at the end", func(r *run.Result) string {
		return percent(r.Scores[len(r.Scores)-1].Test, r.Test)
	}}
	bestLearned = measure{"best on the training images", func(r *run.Result) string {
		best := 0
		for _, s := range r.Scores {
			best = max(best, s.Training)
		}
		return percent(best, r.Training)
	}}
	trainingCosts = measure{"training cost, first → last epoch", func(r *run.Result) string {
		return fmt.Sprintf("%.3f → %.3f", float64(r.Scores[0].TrainingCost), float64(r.Scores[len(r.Scores)-1].TrainingCost))
	}}
)

// firsts shows how many were right after the first n epochs.
func firsts(n int) measure {
	return measure{"right after the first epochs", func(r *run.Result) string { return counts(r.Scores[:min(n, len(r.Scores))]) }}
}

// ends shows how many were right after the first and the last n epochs.
func ends(n int) measure {
	return measure{"right after the first, the last epochs", func(r *run.Result) string {
		if len(r.Scores) <= 2*n {
			return counts(r.Scores)
		}
		return counts(r.Scores[:n]) + " … " + counts(r.Scores[len(r.Scores)-n:])
	}}
}

func counts(scores []run.Score) string {
	var all []string
	for _, s := range scores {
		all = append(all, fmt.Sprint(s.Test))
	}
	return strings.Join(all, ", ")
}
