// Digits gets, checks and shows the handwritten digits:
//
//	go run ./cmd/digits fetch     download the real ones
//	go run ./cmd/digits verify    check the files
//	go run ./cmd/digits show      print some in the terminal
//
// With -h after any of them it lists the flags.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"

	"nndl/cmd/internal/cli"
)

const help = `digits: get, check and show the handwritten digits

  go run ./cmd/digits fetch     download the four files of MNIST to data/mnist
  go run ./cmd/digits verify    check that the files in a folder are MNIST's
  go run ./cmd/digits show      print digits in the terminal, or write a sheet of them as a PNG

With -h after any of them: its flags.
`

var commands = []string{"fetch", "verify", "show"}

func main() {
	args := os.Args[1:]
	ctx := context.Background()
	if len(args) > 0 && args[0] == "fetch" { // which stops in good order; the others just stop
		ctx = cli.Interrupted()
	}
	cli.Main(name(args), func(args []string, stdout, stderr io.Writer) error {
		return run(ctx, args, stdout, stderr)
	})
}

// name returns what the program calls itself: digits and its command.
func name(args []string) string {
	if len(args) > 0 && slices.Contains(commands, args[0]) {
		return "digits " + args[0]
	}
	return "digits"
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return cli.Usagef("what to do: fetch, verify or show?")
	}
	switch args[0] {
	case "fetch":
		return fetch(ctx, args[1:], stdout, stderr)
	case "verify":
		return verify(args[1:], stdout)
	case "show":
		return show(args[1:], stdout)
	case "-h", "-help", "--help", "help":
		fmt.Fprint(stdout, help)
		return flag.ErrHelp
	}
	return cli.Usagef("%q is none of fetch, verify and show", args[0])
}
