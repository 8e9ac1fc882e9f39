package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
	"nndl/matrix/ladder"
)

// climb measures and prints the peak, the memory and the rungs, and returns the rungs
// as a drawing.
func climb(o options, stdout, stderr io.Writer) []byte {
	us := units()
	steps := len(us) + 1 + len(streamed) + len(ladder.Rungs)
	s := newStopwatch(o, steps, stderr)
	fmt.Fprintf(stdout, "%s, %s: float64, kernel %s\n", processor(), cores(o.threads), matrix.Kernel())
	one, all := peaks(s, us, o.threads, stdout)
	streams(s, stdout)
	return draw(o, rungs(s, o, one, all, stdout), one)
}

// peaks measures and prints how many GFLOP/s the machine computes in registers,
// and returns the best of one core and that of all threads together.
func peaks(s *stopwatch, us []unit, threads int, stdout io.Writer) (one, all float64) {
	fmt.Fprintf(stdout, "\nThe peak, with operands in registers  GFLOP/s\n")
	best := us[0]
	for _, u := range us {
		rate := u.rate(s, 1)
		if rate > one {
			one, best = rate, u
		}
		s.bar.Clear()
		fmt.Fprintf(stdout, "  %-36s %s\n", u.name, figure(rate))
	}
	all = one
	if threads > 1 {
		all = best.rate(s, threads)
		s.bar.Clear()
		fmt.Fprintf(stdout, "  %-36s %s\n", best.name+", "+cores(threads), figure(all))
	}
	return one, all
}

// streams measures and prints how many bytes a second one core moves between its registers
// and vectors of several sizes, in several levels of cache: z = z + αx loads two elements
// of 8 bytes and stores one.
func streams(s *stopwatch, stdout io.Writer) {
	fmt.Fprintf(stdout, "\nz = z + αx, both vectors together         GB/s\n")
	for _, bytes := range streamed {
		n := bytes / 16
		x, z := matrix.New(1, n), matrix.New(1, n)
		for i := range n { // memory that was never written may share one page
			x.Data[i], z.Data[i] = 1, 1
		}
		rate := 24e-9 * float64(n) / s.fastest(func() { z.AddScaled(1e-9, x) })
		s.bar.Clear()
		fmt.Fprintf(stdout, "  %-36s %s\n", size(bytes), figure(rate))
	}
}

// streamed are sizes in bytes for the first level of most caches, the second, the
// third, and memory.
var streamed = []int{24 << 10, 192 << 10, 6 << 20, 192 << 20}

// size writes a number of bytes.
func size(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d KiB", bytes>>10)
	}
	return fmt.Sprintf("%d MiB", bytes>>20)
}

// rungs measures and prints all rungs and returns their GFLOP/s. The last runs on all
// threads and is compared with their peak, the others with that of one core.
func rungs(s *stopwatch, o options, one, all float64, stdout io.Writer) []float64 {
	rng := rand.New(rand.NewPCG(1, 0))
	x, y, z := random(rng, o.n), random(rng, o.n), matrix.New(o.n, o.n)
	fmt.Fprintf(stdout, "\nz = xy, %s\n%s\n", shape(o.n), "  rung       GFLOP/s  × naive  of the peak")
	var rates []float64
	for _, rung := range ladder.Rungs {
		peak := one
		if rung.Name == "parallel" {
			peak = all
		}
		rate := flops(o.n) / s.fastest(func() { rung.Mul(z, x, y) }) / 1e9
		rates = append(rates, rate)
		s.bar.Clear()
		line := fmt.Sprintf("  %-10s %s  %s %10.1f %%  %s", rung.Name, figure(rate), figure(rate/rates[0]), 100*rate/peak, bar(rate, max(all, slices.Max(rates)), 30))
		fmt.Fprintln(stdout, strings.TrimRight(line, " "))
	}
	return rates
}

// flops returns the multiplications and additions in a product of n×n matrices.
func flops(n int) float64 { return 2 * float64(n) * float64(n) * float64(n) }

// draw returns the rungs as a chart.
func draw(o options, rates []float64, peak float64) []byte {
	b := chart.Bars{
		Title:     fmt.Sprintf("%s on %s", shape(o.n), processor()),
		XLabel:    "GFLOP/s",
		Values:    rates,
		Mark:      peak,
		MarkLabel: "peak of one core",
	}
	for _, rung := range ladder.Rungs {
		label := rung.Name
		if label == "parallel" {
			label += ", " + cores(o.threads)
		}
		b.Labels = append(b.Labels, label)
	}
	return b.SVG()
}

// random returns an n×n matrix of numbers in −1..1.
func random(rng *rand.Rand, n int) *matrix.Matrix {
	x := matrix.New(n, n)
	for i := range x.Data {
		x.Data[i] = 2*rng.Float64() - 1
	}
	return x
}

// bar draws value to an eighth of a character; full takes width characters.
func bar(value, full float64, width int) string {
	eighths := int(value / full * float64(8*width))
	eighths = max(1, min(eighths, 8*width))
	s := strings.Repeat("█", eighths/8)
	if eighths%8 > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[eighths%8-1])
	}
	return s
}
