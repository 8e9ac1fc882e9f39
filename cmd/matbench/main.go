// Matbench measures how fast this machine can compute at all, and how near to
// that a matrix product comes on each rung of the ladder, from three plain loops
// to package matrix on all cores.
//
//	go run ./cmd/matbench
//
// takes about ten seconds; matbench -h tells the flags. docs/matmul.md explains
// what it shows.
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"time"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/term"
	"nndl/matrix"
	"nndl/matrix/ladder"
)

const help = `matbench: measure the machine's peak and the climb of a matrix product towards it

  matbench                       512×512 matrices, about ten seconds
  matbench -n 1024               now the naive loops feel what the cache costs
  matbench -threads 1            one core alone
  matbench -svg ladder.svg       draw the climb as well
  NNDL_KERNEL=avx2 matbench      let the upper rungs use another kernel than the best

`

// options are the flags.
type options struct {
	n, threads int
	each       time.Duration
	svg        string
}

func main() { cli.Main("matbench", run) }

func run(args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil {
		return err
	}
	if err := files.Check("-svg", o.svg, files.SVG); err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(o.threads))
	us := units()
	steps := len(us) + 1 + len(ladder.Rungs)
	s := &stopwatch{each: o.each, now: time.Now, bar: term.NewBar(stderr, "Measuring", int64(steps)*int64(o.each))}
	fmt.Fprintf(stdout, "%s, %s: float64, kernel %s\n", processor(), cores(o.threads), matrix.Kernel())
	one, all := peaks(s, us, o.threads, stdout)
	rates := climb(s, o, one, all, stdout)
	if o.svg == "" {
		return nil
	}
	return files.Write(o.svg, func(w io.Writer) error {
		_, err := w.Write(draw(o, rates, one))
		return err
	})
}

// maxN bounds -n: three matrices of 8192×8192 take 1.6 GB.
const maxN = 8192

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("matbench", flag.ContinueOnError)
	fs.IntVar(&o.n, "n", 512, "rows and columns of the matrices")
	fs.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "cores for the last rung")
	fs.DurationVar(&o.each, "time", 800*time.Millisecond, "how long to repeat each measurement; the fastest run counts")
	fs.StringVar(&o.svg, "svg", "", "draw the rungs to this `file`")
	if err := cli.Parse(fs, args, stdout, help); err != nil {
		return o, err
	}
	switch {
	case o.n < 1 || o.n > maxN:
		return o, cli.Usagef("-n %d: want 1 to %d", o.n, maxN)
	case o.threads < 1 || o.threads > 1024:
		return o, cli.Usagef("-threads %d: want 1 to 1024", o.threads)
	case o.each <= 0 || o.each > time.Hour:
		return o, cli.Usagef("-time %v: want more than 0 and at most an hour", o.each)
	}
	return o, nil
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

// climb measures and prints all rungs and returns their GFLOP/s. The last runs
// on all threads and is measured by their peak, the others by that of one core.
func climb(s *stopwatch, o options, one, all float64, stdout io.Writer) []float64 {
	rng := rand.New(rand.NewPCG(1, 0))
	x, y, z := random(rng, o.n), random(rng, o.n), matrix.New(o.n, o.n)
	fmt.Fprintf(stdout, "\nz = xy, %s\n%s\n", shape(o.n), "  rung       GFLOP/s  × naive  of the peak")
	var rates []float64
	for _, rung := range ladder.Rungs {
		threads, peak := 1, one
		if rung.Name == "parallel" {
			threads, peak = o.threads, all
		}
		restore := runtime.GOMAXPROCS(threads)
		seconds := s.fastest(func() { rung.Mul(z, x, y) })
		runtime.GOMAXPROCS(restore)
		rate := 2 * float64(o.n) * float64(o.n) * float64(o.n) / seconds / 1e9
		rates = append(rates, rate)
		s.bar.Clear()
		line := fmt.Sprintf("  %-10s %s  %s %10.1f %%  %s", rung.Name, figure(rate), figure(rate/rates[0]), 100*rate/peak, bar(rate, max(all, slices.Max(rates)), 30))
		fmt.Fprintln(stdout, strings.TrimRight(line, " "))
	}
	return rates
}

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

// bar draws value in so many characters for full, to an eighth of a character.
func bar(value, full float64, width int) string {
	eighths := int(value / full * float64(8*width))
	eighths = max(1, min(eighths, 8*width))
	s := strings.Repeat("█", eighths/8)
	if eighths%8 > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[eighths%8-1])
	}
	return s
}

// figure writes a rate in seven characters, with three digits that count.
func figure(v float64) string {
	digits := 0
	switch {
	case v < 10:
		digits = 2
	case v < 100:
		digits = 1
	}
	return fmt.Sprintf("%7.*f", digits, v)
}

// shape writes the product's shapes.
func shape(n int) string { return fmt.Sprintf("%d×%[1]d · %[1]d×%[1]d", n) }

// cores writes a number of cores.
func cores(n int) string {
	if n == 1 {
		return "1 core"
	}
	return fmt.Sprintf("%d cores", n)
}
