// Package cli is what the programs share as commands: flags, one line for an error, the
// exit status, and the sizes of a network as a flag and as text.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"nndl/cmd/internal/term"
	"nndl/matrix"
)

// ErrInterrupted is what a program returns if a signal has stopped it and it has said so
// itself: exit status 130, as for a shell's Ctrl-C.
var ErrInterrupted = errors.New("interrupted")

// usageError is a mistake in the command line: exit status 2.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

// Usagef returns an error that says what is wrong with the command line.
func Usagef(format string, a ...any) error {
	return usageError{fmt.Sprintf(format, a...)}
}

// Parse parses args, which must be flags only, none with an empty value: that comes from
// a shell variable that is not set. For -h it prints help and the list of flags to stdout
// and returns flag.ErrHelp; otherwise it prints nothing.
func Parse(fs *flag.FlagSet, args []string, stdout io.Writer, help string) error {
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, help)
		fs.SetOutput(stdout)
		fs.PrintDefaults()
		return err
	case err != nil:
		return usageError{err.Error()}
	}
	if fs.NArg() > 0 {
		return stray(fs, args)
	}
	var err error
	fs.Visit(func(f *flag.Flag) {
		if f.Value.String() == "" {
			err = Usagef("-%s: its value is empty", f.Name)
		}
	})
	return err
}

// stray returns the error for an argument that is not a flag. It may belong to the flag
// before it: package flag reads -shuffle false as -shuffle and an argument.
func stray(fs *flag.FlagSet, args []string) error {
	arg := fs.Arg(0)
	if before := len(args) - fs.NArg() - 1; before >= 0 {
		if f := fs.Lookup(strings.TrimLeft(args[before], "-")); f != nil && strings.HasPrefix(args[before], "-") {
			return Usagef("unexpected argument %q: write -%s=%s", arg, f.Name, arg)
		}
	}
	return Usagef("unexpected argument %q", arg)
}

// Given returns the names of the flags on the command line.
func Given(fs *flag.FlagSet) map[string]bool {
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	return given
}

// Status returns the exit status for what run returned, and writes its one line
// to stderr if it is an error: 0 for nil and for -h, 2 for a mistake in the
// command line, 130 for ErrInterrupted, 1 for anything else.
func Status(name string, err error, stderr io.Writer) int {
	var usage usageError
	said := oneLine.Replace(fmt.Sprint(err))
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, ErrInterrupted):
		return 130
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "%s: %s (go run ./cmd/%s -h lists the flags)\n", name, said, name)
		return 2
	}
	fmt.Fprintf(stderr, "%s: %s\n", name, said)
	return 1
}

// oneLine keeps an error on one line: the name of a file may have a newline in it.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// Main runs the program and exits. run need not check the errors of printing to stdout:
// Main does in the end.
func Main(name string, run func(args []string, stdout, stderr io.Writer) error) {
	os.Exit(start(name, run, os.Args[1:], os.Stdout, os.Stderr))
}

func start(name string, run func(args []string, stdout, stderr io.Writer) error, args []string, stdout *os.File, stderr io.Writer) int {
	if err := kernel(); err != nil {
		return Status(name, err, stderr)
	}
	out := &term.Output{File: stdout}
	err := run(args, out, stderr)
	if out.Err != nil && (err == nil || errors.Is(err, flag.ErrHelp)) {
		err = out.Err
	}
	if brokenPipe(out.Err) && brokenPipe(err) {
		err = ErrInterrupted // the reader, head or less, has had enough
	}
	return Status(name, err, stderr)
}

// kernel complains if NNDL_KERNEL names none of the kernels that this processor has. A
// figure measured with another one would be taken for that kernel's.
func kernel() error {
	name := os.Getenv("NNDL_KERNEL")
	if name == "" || slices.Contains(matrix.Kernels(), name) {
		return nil
	}
	return fmt.Errorf("NNDL_KERNEL=%s: this processor has %s", name, strings.Join(matrix.Kernels(), ", "))
}

// Interrupted returns a context for work that should end in good order. It is done at the
// first Ctrl-C or SIGTERM, and when the terminal is closed, except under nohup. A second
// Ctrl-C or SIGTERM kills the program.
func Interrupted() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return whileTerminal(ctx)
}
