package main

import (
	"fmt"

	"nndl/mnist"
	"nndl/nn"
)

// digit is the picture that is explained.
type digit struct {
	pixels  []byte // row after row: 0 is the ground, 255 the ink
	cols    int
	label   int    // −1: not known
	guessed bool   // the label is only what the network says
	origin  string // where it is from, for the reader
}

// find returns the digit that the flags name.
func find(o options) (digit, error) {
	if o.png != "" {
		return readPicture(o.png, o.label)
	}
	source, cols := "made-up digit", side
	var digits []nn.Example
	if o.data == "" {
		_, digits = mnist.Synthetic()
	} else {
		dir, err := mnist.Find(o.data)
		if err != nil {
			return digit{}, err
		}
		if _, cols, err = mnist.Size(dir); err != nil {
			return digit{}, err
		}
		if _, _, digits, err = mnist.Load(dir); err != nil {
			return digit{}, err
		}
		source = "test digit"
	}
	if o.index >= len(digits) {
		return digit{}, fmt.Errorf("-index %d: there are only %d digits, 0 to %d", o.index, len(digits), len(digits)-1)
	}
	e := digits[o.index]
	d := digit{pixels: mnist.Pixels(e), cols: cols, origin: fmt.Sprintf("%s %d, a %d", source, o.index, e.Label())}
	return d.labelled(e.Label()), nil
}

// labelled returns d with a label.
func (d digit) labelled(label int) digit {
	d.label = label
	return d
}

// example returns the pair (x, y) that the network learns from, y for the given label.
func (d digit) example(label int) nn.Example { return nn.NewPixelExample(d.pixels, label, 10) }
