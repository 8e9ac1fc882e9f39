// Package digits finds the digits for the programs, wherever they are.
package digits

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
)

// Open returns the digits of the folder that a -data flag names. If dir is "", they are
// those of the folder that the environment variable NNDL_MNIST names; of data/mnist, if
// it exists; and else synthetic, with a Dir of "" and no validation set.
func Open(dir string) (mnist.Data, error) {
	if dir != "" {
		return open(dir)
	}
	if dir = os.Getenv("NNDL_MNIST"); dir != "" {
		d, err := open(dir)
		if err != nil {
			err = fmt.Errorf("NNDL_MNIST: %w", err) // set long ago, and forgotten
		}
		return d, err
	}
	dir = filepath.Join("data", "mnist")
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		training, test := mnist.Synthetic()
		return mnist.Data{Training: training, Test: test, Rows: mnist.Side, Cols: mnist.Side}, nil
	}
	return open(dir)
}

func open(dir string) (mnist.Data, error) {
	d, err := mnist.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w (go run ./cmd/digits fetch -dir %s gets the digits)", err, cli.Quote(dir))
	}
	return d, err
}
