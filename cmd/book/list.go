package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"nndl/cmd/internal/run"
	"nndl/mnist"
	"nndl/nn"
)

// list prints the experiments by chapter and section.
func list(stdout io.Writer) {
	speed := speed()
	var width [3]int
	for _, e := range experiments {
		for i, text := range []string{e.name, e.shows, e.summary()} {
			width[i] = max(width[i], utf8.RuneCountInString(text))
		}
	}
	heading := ""
	for _, e := range experiments {
		if h := fmt.Sprintf("Chapter %d, %s", e.chapter, e.section); h != heading {
			heading = h
			fmt.Fprintf(stdout, "\n%s\n", heading)
		}
		fmt.Fprintf(stdout, "  %-*s  %-*s  %-*s  %s\n", width[0], e.name, width[1], e.shows, width[2], e.summary(), e.duration(speed))
	}
	fmt.Fprintln(stdout, "\nName, what it shows, the book's figure, and about how long it takes here.")
	fmt.Fprintln(stdout, "go run ./cmd/book run NAME runs one; go run ./cmd/book -h lists the flags.")
}

// summary is the published figure, or the first of several and the last.
func (e *experiment) summary() string {
	var all []string
	for _, l := range e.lines {
		for _, p := range l.published[:min(1, len(l.published))] {
			all = append(all, p.text)
		}
	}
	switch {
	case len(all) == 0:
		return ""
	case len(all) > 2:
		return all[0] + " … " + all[len(all)-1]
	}
	return strings.Join(all, " / ")
}

// duration says about how long an experiment takes at that speed.
func (e *experiment) duration(speed float64) string {
	work := 0.0
	for _, l := range e.lines {
		s, err := run.Parse(strings.Fields(l.flags), "", io.Discard)
		if err != nil {
			panic(fmt.Sprintf("book: %s: %v", e.name, err)) // the table is wrong
		}
		work += s.Work(50000, 10000)
	}
	seconds := work * float64(max(1, e.runs)) / speed
	switch {
	case e.takes != "":
		return e.takes
	case seconds < 1:
		return "1 s"
	case seconds < 100:
		return fmt.Sprintf("%.0f s", seconds)
	}
	return fmt.Sprintf("%.0f min", seconds/60)
}

// speed returns how many multiplications of a weight a second training makes here, tried
// for a moment.
func speed() float64 {
	training, _ := mnist.Synthetic()
	training = training[:2000]
	net := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	t := &nn.Trainer{Biases: net.Biases, Weights: net.Weights}
	best := time.Duration(1 << 62)
	for range 5 {
		start := time.Now()
		for miniBatch := range nn.MiniBatches(training, 10) {
			t.Update(miniBatch, 0.5)
		}
		best = min(best, time.Since(start))
	}
	return 3 * float64(len(training)) * (784*30 + 30*10) / best.Seconds()
}
