package main

import (
	"fmt"

	"nndl/mnist"
	"nndl/nn"
)

// digits are what there is to learn from.
type digits struct {
	training, test []nn.Example
	cols           int    // of a picture, in pixels
	dir            string // their folder; "" for the embedded ones, which are made up
}

// examples returns the digits to train on and to test on, as many as -train and
// -test ask for, from the folder that -data or NNDL_MNIST names, from data/mnist or,
// if there is no such folder, the embedded ones. A folder that is there but
// incomplete is an error.
func examples(o options) (d digits, err error) {
	if d.dir, err = mnist.Find(o.data); err != nil {
		return d, err
	}
	if d.dir == "" {
		d.training, d.test = mnist.Synthetic()
		d.cols = mnist.Side
	} else {
		if d.training, _, d.test, err = mnist.Load(d.dir); err != nil {
			return d, err
		}
		if _, d.cols, err = mnist.Size(d.dir); err != nil {
			return d, err
		}
	}
	if d.training, err = first(d.training, o.train, "-train"); err != nil {
		return d, err
	}
	d.test, err = first(d.test, o.test, "-test")
	return d, err
}

// madeUp is said before and after a training on the embedded digits.
const (
	madeUp   = "No MNIST here: these digits are made up by a program; go run ./cmd/digits fetch gets the real ones"
	realOnes = "For the real digits: go run ./cmd/digits fetch"
)

// first returns the first n examples, all of them if n is 0.
func first(data []nn.Example, n int, flag string) ([]nn.Example, error) {
	if n > len(data) {
		return nil, fmt.Errorf("%s %d: there are only %d", flag, n, len(data))
	}
	if n == 0 {
		n = len(data)
	}
	return data[:n:n], nil
}
