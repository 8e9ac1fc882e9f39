package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"text/tabwriter"
	"time"

	"nndl/cmd/internal/run"
	"nndl/mnist"
	"nndl/nn"
)

// list prints the experiments by chapter.
func list(stdout io.Writer) {
	speed := speed()
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	chapter := 0
	for i := range experiments {
		e := &experiments[i]
		if e.chapter != chapter {
			chapter = e.chapter
			fmt.Fprintf(w, "Chapter %d\n", chapter)
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", e.name, e.shows, e.summary(), e.duration(speed))
	}
	w.Flush()
	fmt.Fprintln(stdout, "\nThe second column but one is the book's figure, the last about how long it takes here: go run ./cmd/book run NAME")
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
	case e.name == "mistakes":
		return "some minutes"
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
