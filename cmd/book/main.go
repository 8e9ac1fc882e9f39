// Book runs the experiments of the book by name and prints what they get beside what the
// book has.
//
//	go run ./cmd/book                    list them
//	go run ./cmd/book run first          run one, or several
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
)

const help = `book: run the experiments of the book

  go run ./cmd/book                                   list the experiments
  go run ./cmd/book run first                         run one as the book does
  go run ./cmd/book run -runs 3 cross-entropy tuned   two, each with three seeds
  go run ./cmd/book run -out figures weights-30       draw its figure, and a page with it
  go run ./cmd/book run -checkpoint c.json tuned      keep what is done
  go run ./cmd/book run -resume c.json tuned          go on from there
  go run ./cmd/book run -epochs 3 -save net conv      train a network of chapter 6, and keep it

The flags of run:

`

func main() {
	cli.Main("book", func(args []string, stdout, stderr io.Writer) error {
		return book(cli.WhileRead(cli.Interrupted()), args, stdout, stderr)
	})
}

// book lists or runs.
func book(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	switch {
	case len(args) == 0 || args[0] == "list" && len(args) == 1:
		list(stdout)
		return nil
	case args[0] == "run":
		return runNames(ctx, args[1:], stdout, stderr)
	case slices.Contains([]string{"-h", "-help", "--help", "help"}, args[0]):
		_, _, err := parse([]string{"-h"}, stdout)
		return err
	case find(args[0]) != nil:
		return cli.Usagef("go run ./cmd/book run %s runs it", strings.Join(args, " "))
	}
	return cli.Usagef("%q is neither list nor run", args[0])
}

// runNames runs the experiments that the arguments name.
func runNames(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	b, names, err := parse(args, stdout)
	if err != nil {
		return err
	}
	var chosen []*experiment
	for _, name := range names {
		e := find(name)
		if e == nil {
			return cli.Usagef("there is no experiment %q; the nearest name is %s", name, nearest(name))
		}
		chosen = append(chosen, e)
	}
	if err := b.open(chosen); err != nil {
		return err
	}
	if b.data, err = digits.Open(b.dir); err != nil {
		return err
	}
	if b.data.Dir == "" && slices.ContainsFunc(chosen, func(e *experiment) bool { return !e.noDigits }) {
		fmt.Fprintln(stdout, "No MNIST here: these digits are synthetic, and the published figures are for the real ones (go run ./cmd/digits fetch)")
	}
	if len(b.data.Validation) == 0 {
		b.data.Validation = b.data.Test // the synthetic digits have no validation set
	}
	for _, e := range chosen {
		if err := b.run(ctx, e, stdout, stderr); err != nil {
			return err
		}
	}
	return nil
}

// parse returns the bench that the flags describe, and the names, which may be between them.
func parse(args []string, stdout io.Writer) (b *bench, names []string, err error) {
	b = &bench{flags: flag.NewFlagSet("run", flag.ContinueOnError)}
	f := b.flags
	f.StringVar(&b.dir, "data", "", "`folder` with the four MNIST files (default: $NNDL_MNIST, then data/mnist, then synthetic digits)")
	f.Uint64Var(&b.seed, "seed", 1, "seed of the first run; the next has one more")
	f.IntVar(&b.runs, "runs", 0, "how many `runs`, 0 = as many as the book; in chapter 6, where they are long, 0 = one")
	f.IntVar(&b.epochs, "epochs", 0, "epochs, 0 = as many as the book")
	f.IntVar(&b.train, "train", 0, "train on the first `N` examples, 0 = on as many as the book; the shifted copies of chapter 6 count")
	f.Float64Var(&b.eta, "eta", 0, "learning rate η, 0 = the book's")
	f.Float64Var(&b.lambda, "lambda", -1, "regularization parameter λ, −1 = the book's")
	f.StringVar(&b.init, "init", "book", "first `weights` in chapter 6: book (standard deviation 1/√outputs, its mistake) or fixed (1/√inputs)")
	f.StringVar(&b.out, "out", "", "draw the figures into this `folder`, with a page that holds them")
	f.StringVar(&b.save, "save", "", "write a network of chapter 6, as after its best epoch, to this safetensors `file`")
	f.StringVar(&b.checkpoint, "checkpoint", "", "keep in this `file` what is done, epoch by epoch")
	f.StringVar(&b.resume, "resume", "", "go on from the `file` that -checkpoint wrote")
	for len(args) > 0 {
		if !strings.HasPrefix(args[0], "-") {
			names, args = append(names, args[0]), args[1:]
			continue
		}
		n := len(args)
		for i := range args { // cli.Parse takes flags alone
			if i > 0 && f.Lookup(strings.TrimLeft(args[i-1], "-")) != nil && strings.HasPrefix(args[i-1], "-") {
				continue // the value of the flag before it
			}
			if !strings.HasPrefix(args[i], "-") {
				n = i
				break
			}
		}
		if err := cli.Parse(f, args[:n], stdout, help); err != nil {
			return nil, nil, err
		}
		args = args[n:]
	}
	b.given = cli.Given(f)
	return b, names, b.check(names)
}

// check returns an error if the flags are wrong by themselves.
func (b *bench) check(names []string) error {
	switch {
	case len(names) == 0:
		return cli.Usagef("run what? go run ./cmd/book lists the experiments")
	case b.runs < 0:
		return cli.Usagef("-runs %d: want 0 or more", b.runs)
	case b.epochs < 0:
		return cli.Usagef("-epochs %d: want 0 or more", b.epochs)
	case b.train < 0:
		return cli.Usagef("-train %d: want 0 or more", b.train)
	case !(b.eta >= 0) || b.eta > 1e300:
		return cli.Usagef("-eta %g: want a number above 0", b.eta)
	case b.given["lambda"] && !(b.lambda >= 0 && b.lambda < 1e300):
		return cli.Usagef("-lambda %g: want 0 or more", b.lambda)
	case b.init != "book" && b.init != "fixed":
		return cli.Usagef("-init %q: want book or fixed", b.init)
	case b.checkpoint+b.resume != "" && len(names) > 1:
		return cli.Usagef("-checkpoint and -resume are for one experiment")
	}
	return nil
}
