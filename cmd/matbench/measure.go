package main

import (
	"io"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"nndl/cmd/internal/term"
)

// A stopwatch measures one thing after another and shows its progress.
type stopwatch struct {
	each time.Duration // time for one measurement
	now  func() time.Time
	bar  *term.Bar
	done int // measurements so far
}

// newStopwatch returns one for so many measurements.
func newStopwatch(o options, steps int, stderr io.Writer) *stopwatch {
	return &stopwatch{each: o.each, now: time.Now, bar: term.NewBar(stderr, "Measuring", int64(steps)*int64(o.each))}
}

// fastest repeats f for a while and returns the seconds of its fastest run, since
// disturbances can only make a run slower. A run too short for the clock is repeated, more
// and more often, until the repetitions together are long enough.
func (s *stopwatch) fastest(f func()) float64 {
	const enough = time.Millisecond
	best := math.Inf(1)
	start := s.now()
	for n := 1; ; {
		begin := s.now()
		for range n {
			f()
		}
		end := s.now()
		took, elapsed := end.Sub(begin), end.Sub(start)
		s.bar.Set(int64(s.done)*int64(s.each) + int64(min(elapsed, s.each)))
		if took < enough {
			n *= 2
			continue
		}
		best = min(best, took.Seconds()/float64(n))
		if elapsed >= s.each {
			s.done++
			return best
		}
	}
}

// A unit is a part of the processor that multiplies and adds.
type unit struct {
	name  string
	loop  func(n int) // n rounds, all in registers
	flops float64     // multiplications and additions in a round
}

// rate returns the unit's GFLOP/s with so many threads at once.
func (u unit) rate(s *stopwatch, threads int) float64 {
	const rounds = 1 << 20 // a few milliseconds
	seconds := s.fastest(func() {
		var wg sync.WaitGroup
		for range threads - 1 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				u.loop(rounds)
			}()
		}
		u.loop(rounds)
		wg.Wait()
	})
	return u.flops * rounds * float64(threads) / seconds / 1e9
}

// processor returns the processor's name, or its architecture if the system does not tell
// the name.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo") // Linux has it; elsewhere it is empty
	for line := range strings.Lines(string(info)) {
		if key, name, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(name)
		}
	}
	return runtime.GOARCH
}
