// Matbench measures how fast this machine can compute, and how close a matrix product comes
// to that on each rung of the ladder, from three plain loops to package matrix on all
// cores.
//
//	go run ./cmd/matbench
//
// takes about fifteen seconds; matbench -h lists the flags. docs/matmul.md
// explains what it shows.
package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
)

const help = `matbench: measure the machine's peak and the climb of a matrix product towards it

  matbench                       512×512 matrices, about fifteen seconds
  matbench -n 2048               matrices that do not fit into the caches
  matbench -threads 1            one core alone
  matbench -svg ladder.svg       draw the climb as well
  matbench -sweep                every kernel on one core, n from 8 to 2048, about a minute;
                                 and numpy's BLAS, if python3 has numpy
  matbench -sweep -svg sweep.svg draw that
  NNDL_KERNEL=avx2 matbench      let the upper rungs use another kernel than the best

`

// options are the flags.
type options struct {
	n, threads int
	each       time.Duration
	svg        string
	sweep      bool
	python     string
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
	measure := climb
	if o.sweep {
		measure = sweep
	}
	svg := measure(o, stdout, stderr)
	if o.svg == "" {
		return nil
	}
	return files.Write(o.svg, func(w io.Writer) error {
		_, err := w.Write(svg)
		return err
	})
}

// maxN bounds -n: three matrices of 8192×8192 take 1.6 GB.
const maxN = 8192

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("matbench", flag.ContinueOnError)
	fs.IntVar(&o.n, "n", 512, "rows and columns of the matrices; the largest with -sweep, which then is 2048 by default")
	fs.IntVar(&o.threads, "threads", runtime.GOMAXPROCS(0), "cores for the last rung")
	fs.DurationVar(&o.each, "time", 800*time.Millisecond, "how long to repeat each measurement; the fastest run counts. With -sweep the default is 200ms")
	fs.StringVar(&o.svg, "svg", "", "draw what is measured to this `file`")
	fs.BoolVar(&o.sweep, "sweep", false, "measure the kernels for growing n instead of the rungs")
	fs.StringVar(&o.python, "python", "python3", "the `program` that may have numpy, for -sweep")
	if err := cli.Parse(fs, args, stdout, help); err != nil {
		return o, err
	}
	if given := cli.Given(fs); o.sweep {
		if !given["n"] {
			o.n = 2048
		}
		if !given["time"] {
			o.each = 200 * time.Millisecond
		}
	}
	switch {
	case o.n < 1 || o.n > maxN:
		return o, cli.Usagef("-n %d: want 1 to %d", o.n, maxN)
	case o.sweep && o.n < smallest:
		return o, cli.Usagef("-n %d: -sweep begins at %d", o.n, smallest)
	case o.threads < 1 || o.threads > 1024:
		return o, cli.Usagef("-threads %d: want 1 to 1024", o.threads)
	case o.each <= 0 || o.each > time.Hour:
		return o, cli.Usagef("-time %v: want more than 0 and at most an hour", o.each)
	}
	return o, nil
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

// figure writes a rate in seven characters, with three significant digits.
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
