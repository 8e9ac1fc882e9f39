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
	"nndl/nn/network3"
)

// list prints the experiments by chapter and section.
func list(stdout io.Writer) {
	speed, convSpeed := speed(), convSpeed()
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
		fmt.Fprintf(stdout, "  %-*s  %-*s  %-*s  %s\n", width[0], e.name, width[1], e.shows, width[2], e.summary(), e.duration(speed, convSpeed))
	}
	fmt.Fprintln(stdout, "\nName, what it shows, the book's figure, and about how long it takes here.")
	fmt.Fprintln(stdout, "go run ./cmd/book run NAME runs one; go run ./cmd/book -h lists the flags.")
}

// summary is the published figure, or the first of several and the last.
func (e *experiment) summary() string {
	var all []string
	if e.net != nil {
		return e.net.published
	}
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

// duration says about how long an experiment takes at these speeds, the second for chapter 6.
func (e *experiment) duration(speed, convSpeed float64) string {
	work := 0.0
	for _, l := range e.lines {
		s, err := run.Parse(strings.Fields(l.flags), "", io.Discard)
		if err != nil {
			panic(fmt.Sprintf("book: %s: %v", e.name, err)) // the table is wrong
		}
		work += s.Work(50000, 10000)
	}
	seconds := work * float64(max(1, e.runs)) / speed
	if e.net != nil {
		seconds = e.net.work(50000, 20000) / convSpeed
	}
	switch {
	case e.takes != "":
		return e.takes
	case seconds < 1:
		return "1 s"
	case seconds < 100:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds >= 100*60:
		return fmt.Sprintf("%.1f h", seconds/3600)
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

// convSpeed returns how many multiplications a second training makes here in a network of
// chapter 6, tried for a moment.
func convSpeed() float64 {
	training, _ := mnist.Synthetic()
	rng := rand.New(rand.NewPCG(1, 0))
	n := find("relu").net
	t := network3.NewTrainer(n.network(mnist.Side, mnist.Side, rng))
	best := time.Duration(1 << 62)
	for i := range 10 {
		start := time.Now()
		t.Update(training[i*batchSize:][:batchSize], n.eta, n.lambda, 1000, rng)
		best = min(best, time.Since(start))
	}
	_, both := n.multiplications(mnist.Side, mnist.Side)
	return batchSize * both / best.Seconds()
}
