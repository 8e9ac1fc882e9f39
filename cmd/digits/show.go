package main

import (
	"flag"
	"fmt"
	"image/png"
	"io"
	"slices"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/term"
	"nndl/mnist"
	"nndl/nn"
)

const showHelp = `digits show: print digits in the terminal, or write a sheet of them as a PNG

  go run ./cmd/digits show                       the first of the test digits
  go run ./cmd/digits show -digit 7 -n 4         four sevens
  go run ./cmd/digits show -set training -from 100
  go run ./cmd/digits show -png digits.png       a sheet of a hundred
  go run ./cmd/digits show -embedded             the synthetic digits, even if the real ones are there

`

// Without -n: what fits a screen, and a square sheet.
const (
	defaultPrint = 6
	defaultSheet = 100
)

// options are the flags of show.
type options struct {
	data, set, png string
	embedded       bool
	digit          int // -1: all
	from, n        int
}

func show(args []string, stdout io.Writer) error {
	o, err := parseShow(args, stdout)
	if err != nil {
		return err
	}
	if err := files.Check("-png", o.png, files.PNG); err != nil {
		return err
	}
	s, err := open(o)
	if err != nil {
		return err
	}
	picked, err := s.pick(o.from, o.n, o.digit)
	if err != nil {
		return err
	}
	if o.png == "" {
		return printDigits(stdout, s, picked)
	}
	if err := files.Write(o.png, func(w io.Writer) error { return png.Encode(w, sheet(s, picked)) }); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s: %d of the %s\n", o.png, len(picked), s.name)
	return err
}

func parseShow(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("digits show", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "`folder` with the four MNIST files (default: $NNDL_MNIST, then data/mnist, then the embedded digits)")
	fs.BoolVar(&o.embedded, "embedded", false, "show the synthetic digits that are part of the program")
	fs.StringVar(&o.set, "set", "test", "`SET` to show: training, validation or test")
	fs.IntVar(&o.digit, "digit", -1, "show this `digit` alone, 0 to 9")
	fs.IntVar(&o.from, "from", 0, "begin at example `I` of the set, counted from 0")
	fs.IntVar(&o.n, "n", 0, "show `N` digits (default 6, and 100 with -png)")
	fs.StringVar(&o.png, "png", "", "write a sheet to this `file`")
	if err := cli.Parse(fs, args, stdout, showHelp); err != nil {
		return o, err
	}
	given := cli.Given(fs)
	switch {
	case given["digit"] && (o.digit < 0 || o.digit >= mnist.Classes):
		return o, cli.Usagef("-digit %d: want 0 to 9", o.digit)
	case given["n"] && o.n < 1:
		return o, cli.Usagef("-n %d: want 1 or more", o.n)
	case o.from < 0:
		return o, cli.Usagef("-from %d: want 0 or more", o.from)
	case o.embedded && o.data != "":
		return o, cli.Usagef("-embedded or -data, not both")
	case o.set != "training" && o.set != "validation" && o.set != "test":
		return o, cli.Usagef("-set %s: want training, validation or test", o.set)
	}
	if !given["n"] {
		o.n = defaultPrint
		if o.png != "" {
			o.n = defaultSheet
		}
	}
	return o, nil
}

// source is a set of digits to show.
type source struct {
	name string // for a person
	cols int    // of a picture
	data []nn.Example
}

// open returns the digits that the flags ask for.
func open(o options) (source, error) {
	d := mnist.Data{Rows: mnist.Side, Cols: mnist.Side}
	if o.embedded {
		d.Training, d.Test = mnist.Synthetic()
	} else {
		var err error
		if d, err = digits.Open(o.data); err != nil {
			return source{}, err
		}
	}
	data := map[string][]nn.Example{"training": d.Training, "validation": d.Validation, "test": d.Test}[o.set]
	switch {
	case d.Dir != "":
		return source{o.set + " digits of " + d.Dir, d.Cols, data}, nil
	case data == nil:
		return source{}, cli.Usagef("the embedded digits have no %s set", o.set)
	}
	return source{"synthetic " + o.set + " digits, drawn by the program", d.Cols, data}, nil
}

// pick returns the positions in the set of the first n examples from number from on, only
// of the given digit unless that is −1; fewer if the set has fewer.
func (s source) pick(from, n, digit int) ([]int, error) {
	var picked []int
	for i := from; i < len(s.data) && len(picked) < n; i++ {
		if digit < 0 || s.data[i].Label() == digit {
			picked = append(picked, i)
		}
	}
	switch {
	case from >= len(s.data):
		return nil, fmt.Errorf("-from %d: there are only %d %s", from, len(s.data), s.name)
	case len(picked) == 0:
		return nil, fmt.Errorf("no %d among the %s from number %d on", digit, s.name, from)
	}
	return picked, nil
}

// printDigits draws the picked digits on w, as many side by side as fit, and below each its
// label and its number in the set.
func printDigits(w io.Writer, s source, picked []int) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%d of the %s:\n", len(picked), s.name)
	const gap = "  "
	beside := max(1, (term.Width(w)+len(gap))/(s.cols+len(gap)))
	for row := range slices.Chunk(picked, beside) {
		var pictures [][]string
		for _, i := range row {
			caption := fmt.Sprintf("%d  (number %d)", s.data[i].Label(), i)
			left := max(0, (s.cols-len(caption))/2)
			lines := term.Lines(mnist.Pixels(s.data[i]), s.cols, term.Color(w))
			pictures = append(pictures, append(lines, fmt.Sprintf("%*s%-*s", left, "", s.cols-left, caption)))
		}
		out.WriteByte('\n')
		for l := range pictures[0] {
			for j, lines := range pictures {
				if j > 0 {
					out.WriteString(gap)
				}
				out.WriteString(lines[l])
			}
			out.WriteByte('\n')
		}
	}
	_, err := io.WriteString(w, out.String())
	return err
}
