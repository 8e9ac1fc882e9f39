package main

import (
	"fmt"

	"nndl/cmd/internal/photo"
	"nndl/mnist"
)

// readPicture reads the digit in a PNG, JPEG or GIF file. Its origin says how the
// picture was understood.
func readPicture(filename string, label int) (digit, error) {
	seen, err := photo.Read(filename)
	if err != nil {
		return digit{}, err
	}
	origin := fmt.Sprintf("%s, %s", clip(filename, 40), seen)
	if label >= 0 {
		origin += fmt.Sprintf(", a %d", label)
	}
	return digit{pixels: seen.Pixels, cols: mnist.Side, label: label, origin: origin}, nil
}
