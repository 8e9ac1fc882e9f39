package main

import (
	"errors"
	"fmt"
	"math"

	"nndl/cmd/internal/digits"
	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// digit is the image that is explained.
type digit struct {
	pixels  []byte // row after row: 0 is blank paper, 255 is ink
	cols    int
	label   int    // −1: not known
	guessed bool   // the label is only what the network says
	origin  string // where it is from, for the reader
}

// find returns the digit that the flags name. Without -index it is one that net, if
// trained, misreads or doubts: where the answer is right and sure, C is almost 0 and there
// is no error to follow backwards.
func find(o options, net *network2.Network) (digit, error) {
	if o.png != "" {
		return readPicture(o.png, o.label)
	}
	digits, cols, source, err := testDigits(o)
	if err != nil {
		return digit{}, err
	}
	index, why := o.index, ""
	if index < 0 {
		index = 0
		if net != nil && net.Sizes[0] == len(mnist.Pixels(digits[0])) {
			index, why = doubtful(net, digits)
		}
	}
	if index >= len(digits) {
		return digit{}, fmt.Errorf("-index %d: there are only %d digits, 0 to %d", index, len(digits), len(digits)-1)
	}
	e := digits[index]
	return digit{pixels: mnist.Pixels(e), cols: cols, label: e.Label(), origin: fmt.Sprintf("%s %d, a %d%s", source, index, e.Label(), why)}, nil
}

// testDigits returns the test or validation digits of the folder that [digits.Open] finds.
func testDigits(o options) (test []nn.Example, cols int, source string, err error) {
	data, err := digits.Open(o.data)
	source = "test digit"
	switch {
	case err != nil:
		return nil, 0, "", err
	case o.validate && len(data.Validation) == 0:
		return nil, 0, "", errors.New("-validate: there are no validation images")
	case o.validate:
		return data.Validation, data.Cols, "validation digit", nil
	case data.Dir == "":
		source = "synthetic digit"
	}
	return data.Test, data.Cols, source, err
}

// visible is the least error δᴸⱼ of a digit that is worth a tour.
const visible = 0.05

// doubtful returns the index of the first digit that net misreads and whose error is
// visible or, if there is none, of the first that net is not sure of. why says which.
func doubtful(net *network2.Network, digits []nn.Example) (index int, why string) {
	for i, e := range digits {
		a := net.Feedforward(e.X()) // 10×1
		reading := tour.Read(a)
		if reading.Answer != e.Label() && largestError(net, a, e.Y()) >= visible {
			return i, ", the first that is misread; -index chooses another"
		}
		if why == "" && !reading.Sure {
			index, why = i, ", the first that is in doubt; -index chooses another"
		}
	}
	return index, why
}

// largestError returns the largest |δᴸⱼ| of the outputs a, where y is desired.
func largestError(net *network2.Network, a, y *matrix.Matrix) float64 {
	z := new(matrix.Matrix).Apply(func(a float64) float64 { return math.Log(a / (1 - a)) }, a) // zᴸ, 10×1
	delta := net.Cost.Delta(z, a, y)                                                           // 10×1
	j, _ := tour.Largest(delta)
	return math.Abs(delta.Data[j])
}

// example returns the pair (x, y) that the network learns from, y for the given label.
func (d digit) example(label int) nn.Example { return nn.NewPixelExample(d.pixels, label, 10) }
