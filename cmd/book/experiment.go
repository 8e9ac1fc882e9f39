package main

import (
	"context"
	"io"
	"slices"

	"nndl/cmd/internal/chart"
)

// experiment is one of the book's: lines of flags, each a run of cmd/train; a network of
// chapter 6; or a function.
type experiment struct {
	name     string
	chapter  int
	section  string // of the chapter
	shows    string
	runs     int // how often the book ran it, if more than once
	lines    []line
	figure   figure
	net      *convNet
	do       func(ctx context.Context, b *bench, stdout, stderr io.Writer) ([]chart.Lines, error) // what is no run of cmd/train
	noDigits bool                                                                                 // it uses none
	takes    string                                                                               // how long do takes, if it is more than a moment
}

// line is one setting of an experiment.
type line struct {
	label     string // what tells it from the others
	flags     string // of cmd/train
	published []published
	points    [][2]float64 // of the published curve, as far as the book's files have it
}

// published is a figure of the book.
type published struct {
	measure
	text string
}

// figure is what -out draws.
type figure int

const (
	accuracyByEpoch figure = iota
	costByEpoch            // on the training data
	accuracyBySize         // at the end, against the size of the training set
	accuracyByDepth        // the best, against the number of hidden layers
)

// experiments are all of them, in the book's order.
var experiments = slices.Concat(chapter1, chapter3, chapter4, chapter5, chapter6)

// find returns the experiment of that name, nil if there is none.
func find(name string) *experiment {
	for i := range experiments {
		if experiments[i].name == name {
			return &experiments[i]
		}
	}
	return nil
}

// nearest returns the name that takes the fewest changes of a letter to become.
func nearest(name string) string {
	best, fewest := "", 1<<30
	for _, e := range experiments {
		if d := distance(name, e.name); d < fewest {
			best, fewest = e.name, d
		}
	}
	return best
}

// distance is Levenshtein's: letters put in, taken out or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
