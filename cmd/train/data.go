package main

import (
	"errors"
	"fmt"

	"nndl/mnist"
	"nndl/nn"
)

// examples returns the digits to train on and to test on, as many as -train and
// -test ask for, from the folder that -data or NNDL_MNIST names or from data/mnist.
func examples(o options) (training, test []nn.Example, err error) {
	dir, err := mnist.Find(o.data)
	if err != nil {
		return nil, nil, err
	}
	if dir == "" {
		return nil, nil, errors.New("no digits found: put the four MNIST files into data/mnist, or name their folder with -data")
	}
	if training, _, test, err = mnist.Load(dir); err != nil {
		return nil, nil, err
	}
	if training, err = first(training, o.train, "-train"); err != nil {
		return nil, nil, err
	}
	if test, err = first(test, o.test, "-test"); err != nil {
		return nil, nil, err
	}
	return training, test, nil
}

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
