// Mnist gets, checks and shows the handwritten digits:
//
//	go run ./cmd/mnist fetch     download the real ones
//	go run ./cmd/mnist verify    check the files
//	go run ./cmd/mnist show      print some in the terminal
//
// mnist -h tells more, and mnist fetch -h the flags of fetch.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"nndl/cmd/internal/cli"
)

const help = `mnist: get, check and show the handwritten digits

  mnist fetch     download the four files of MNIST to data/mnist
  mnist verify    check that the files in a folder are MNIST's
  mnist show      print digits in the terminal, or write a sheet of them as a PNG

mnist COMMAND -h tells the flags of each.
`

func main() {
	cli.Main(name(os.Args[1:]), func(args []string, stdout, stderr io.Writer) error {
		return run(cli.Interrupted(), args, stdout, stderr)
	})
}

// name returns what the program calls itself: mnist and its command.
func name(args []string) string {
	if len(args) > 0 {
		switch args[0] {
		case "fetch", "verify", "show":
			return "mnist " + args[0]
		}
	}
	return "mnist"
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
