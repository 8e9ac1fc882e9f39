package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
)

// smallest is where a sweep begins.
const smallest = 8

// sizes returns what a sweep measures: the powers of two up to n, their neighbours, where
// a tile is left over or a row of 2ⁿ bytes is avoided, and a size between.
func sizes(n int) []int {
	var all []int
	for p := smallest; p <= n; p *= 2 {
		for _, size := range []int{p - 1, p, p + 1, p + p/2} {
			if smallest <= size && size <= n {
				all = append(all, size)
			}
		}
	}
	return all
}

// sweep measures and prints products of growing matrices, by every kernel on one core, by
// numpy if it is there and by the best kernel on all threads, and returns them as a drawing.
func sweep(o options, stdout, stderr io.Writer) []byte {
	lines, ns := kernels(o), sizes(o.n)
	peer := startNumpy(o.python, o.each)
	if peer != nil {
		defer peer.stop()
		lines = append(lines, line{name: peer.name, seconds: peer.seconds})
	}
	s := newStopwatch(o, len(units())+1+len(ns)*len(lines), stderr)
	fmt.Fprintf(stdout, "%s: float64, one core but where more are named\n", processor())
	one, _ := peaks(s, units(), 1, stdout)
	if peer == nil {
		fmt.Fprintf(stdout, "\nWithout a peer: %s has no numpy.\n", o.python)
	}
	fmt.Fprintf(stdout, "\nz = xy, n×n · n×n, GFLOP/s\n     n%s\n", headings(lines))
	rng := rand.New(rand.NewPCG(1, 0))
	for _, n := range ns {
		x, y, z := random(rng, n), random(rng, n), matrix.New(n, n)
		fmt.Fprintf(stdout, "%6d", n)
		for i := range lines {
			rate := flops(n) / lines[i].measure(s, z, x, y) / 1e9
			lines[i].rates = append(lines[i].rates, rate)
			s.bar.Clear()
			fmt.Fprintf(stdout, "%*s", max(9, len(lines[i].name)+2), figure(rate))
		}
		fmt.Fprintln(stdout)
	}
	return drawSweep(ns, lines, one)
}

// A line is one curve of a sweep: a kernel on some cores, or else a peer that measures
// itself.
type line struct {
	name, kernel string
	threads      int
	seconds      func(n int) float64
	rates        []float64
}

// kernels returns the lines of package matrix.
func kernels(o options) []line {
	var ls []line
	for _, name := range matrix.Kernels() {
		ls = append(ls, line{name: name, kernel: name, threads: 1})
	}
	if o.threads > 1 {
		best := ls[len(ls)-1].name
		ls = append(ls, line{name: best + ", " + cores(o.threads), kernel: best, threads: o.threads})
	}
	return ls
}

// measure returns the seconds that a product takes.
func (l *line) measure(s *stopwatch, z, x, y *matrix.Matrix) float64 {
	if l.seconds != nil {
		s.done++
		return l.seconds(z.Rows)
	}
	defer matrix.UseKernel(l.kernel)()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(l.threads))
	return s.fastest(func() { z.Mul(x, y) })
}

// headings writes the names above their columns.
func headings(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "%*s", max(9, len(l.name)+2), l.name)
	}
	return b.String()
}

// drawSweep returns the lines as a chart, with the peak of one core.
func drawSweep(ns []int, lines []line, peak float64) []byte {
	c := chart.Lines{Title: "n×n · n×n on " + processor(), XLabel: "n", YLabel: "GFLOP/s", LogX: true, FromZero: true}
	xs := make([]float64, len(ns))
	for i, n := range ns {
		xs[i] = float64(n)
		if n&(n-1) == 0 {
			c.Ticks = append(c.Ticks, xs[i])
		}
	}
	for _, l := range lines {
		c.Series = append(c.Series, chart.Series{Name: l.name, X: xs, Y: l.rates})
	}
	ends := []float64{xs[0], xs[len(xs)-1]}
	c.Series = append(c.Series, chart.Series{Name: "peak of one core", X: ends, Y: []float64{peak, peak}})
	return c.SVG()
}
