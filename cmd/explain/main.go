// Explain shows in the terminal what a network reads a digit as, and how: backpropagation
// in its five steps, each with its equations, its lines of nn/network.go beside those of
// network.py, the shape of every symbol and the values; then a check that the gradient is
// right, and one step of gradient descent.
//
//	go run ./cmd/explain -load net.json
//
// explains a digit that the network in net.json misreads; explain -h lists the flags.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/cmd/internal/tour"
	"nndl/nn"
	"nndl/nn/network2"
)

const help = `explain: what a network reads a digit as, and backpropagation step by step

  explain -load net.json             a test digit that this network, from train -save, misreads
  explain -load net.json -index 7    test digit number 7
  explain -load net.json -png 3.png  a digit that you drew or photographed
  explain -layer 2                   one layer in depth, with one of its neurons by hand
  explain                            a random network [784,30,10], which has learned nothing
  explain | less                     it is longer than a screen

The test digits are those of $NNDL_MNIST or data/mnist, as for train; where there are none, synthetic ones.

`

// options are the flags.
type options struct {
	data, png, load string
	validate        bool
	index, label    int // −1 if not given
	sizes           []int
	seed            uint64
	eta             float64
	layer           int // 0: all of them
}

func main() { cli.Main("explain", run) }

func run(args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil {
		return err
	}
	p := &page{color: term.Color(stdout), width: max(narrowest, min(term.Width(stdout), widest))}
	if err := explain(p, o); err != nil {
		return err
	}
	_, err = io.WriteString(stdout, p.String())
	return err
}

// explain writes what the flags ask for: the answer, and how it came about.
func explain(p *page, o options) error {
	loaded, err := load(o)
	if err != nil {
		return err
	}
	d, err := find(o, loaded)
	if err != nil {
		return err
	}
	net, origin, err := network(o, loaded, d)
	if err != nil {
		return err
	}
	if d.label < 0 {
		d.label = net.Feedforward(d.example(0).X()).ArgMax()
		d.guessed = true
	}
	s := &shown{tour.New(net, d.example(d.label)), p, o, d, origin}
	s.answer()
	s.layers()
	if o.layer > 0 {
		s.depth(o.layer)
		return nil
	}
	s.steps()
	s.proof()
	s.update()
	return nil
}

// parse reads the flags. Flags that are wrong in themselves are a mistake in the command
// line; whether they fit the image and the network is checked later.
func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("explain", flag.ContinueOnError)
	fs.StringVar(&o.data, "data", "", "take the digit from the MNIST test set in this `folder` (default: $NNDL_MNIST, then data/mnist, then the synthetic digits)")
	fs.IntVar(&o.index, "index", 0, "which test digit, counted from 0 (default: one that the network of -load misreads or doubts)")
	fs.BoolVar(&o.validate, "validate", false, "take the digit from the validation images instead")
	fs.StringVar(&o.png, "png", "", "take the digit from this image, a PNG, JPEG or GIF `file`")
	fs.IntVar(&o.label, "label", 0, "which `digit` the image of -png shows (default: what the network says)")
	fs.StringVar(&o.load, "load", "", "explain the network in this `file`, which train -save or the book's network2.py wrote")
	sizes := fs.String("sizes", "784,30,10", "neurons in each layer of a random network, the input first")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the random network and of the weights that are tested")
	fs.Float64Var(&o.eta, "eta", 3, "learning rate η of the step at the end")
	fs.IntVar(&o.layer, "layer", 0, "show this layer in depth, 2 to L as the book counts (default: all layers, step by step)")
	if err := cli.Parse(fs, args, stdout, help); err != nil {
		return o, err
	}
	given := cli.Given(fs)
	if o.load == "" || given["sizes"] {
		var err error
		if o.sizes, err = cli.ParseSizes(*sizes); err != nil {
			return o, err
		}
	}
	if !given["label"] {
		o.label = -1
	}
	if !given["index"] {
		o.index = -1
	}
	switch {
	case given["png"] && (given["data"] || given["index"] || given["validate"]):
		return o, cli.Usagef("-png names the digit: not together with -data, -validate or -index")
	case given["label"] && !given["png"]:
		return o, cli.Usagef("-label is for -png: the other digits have their labels")
	case given["label"] && (o.label < 0 || o.label > 9):
		return o, cli.Usagef("-label %d: want 0 to 9", o.label)
	case given["index"] && o.index < 0:
		return o, cli.Usagef("-index %d: want 0 or more", o.index)
	case given["layer"] && o.layer < 2:
		return o, cli.Usagef("-layer %d: want 2 to L; layer 1 is the image, it has neither weights nor biases", o.layer)
	case !(o.eta > 0) || math.IsInf(o.eta, 0):
		return o, cli.Usagef("-eta %g: want a number above 0", o.eta)
	}
	return o, nil
}

// maxParameters is how many weights and biases a random network may have, so that a
// mistyped size does not take all memory.
const maxParameters = 1 << 24

// load returns the network of -load, nil if there is none.
func load(o options) (*network2.Network, error) {
	if o.load == "" {
		return nil, nil
	}
	net, err := network2.Load(o.load)
	if err == nil && o.sizes != nil && !slices.Equal(o.sizes, net.Sizes) {
		err = fmt.Errorf("-sizes %s, but %s holds a network %s", cli.Layers(o.sizes), o.load, cli.Layers(net.Sizes))
	}
	return net, err
}

// network returns the loaded network or, if there is none, a random one for the digit d,
// and where it is from.
func network(o options, loaded *network2.Network, d digit) (net *network2.Network, origin string, err error) {
	sizes, origin := o.sizes, fmt.Sprintf("random, seed %d", o.seed)
	if loaded != nil {
		sizes, origin = loaded.Sizes, "from "+clip(o.load, 50)
		if loaded.Cost == network2.Cost(network2.CrossEntropyCost{}) {
			origin = "trained on the cross-entropy, " + origin
		}
	}
	L := len(sizes)
	switch in, out := sizes[0], sizes[L-1]; {
	case in != len(d.pixels):
		return nil, "", fmt.Errorf("the network %s has %d inputs, but the image has %d pixels", cli.Layers(sizes), in, len(d.pixels))
	case out != 10:
		return nil, "", fmt.Errorf("the network %s has %d outputs, but there are 10 digits", cli.Layers(sizes), out)
	case o.layer > L:
		return nil, "", cli.Usagef("-layer %d: the network %s has layers 1 to %d", o.layer, cli.Layers(sizes), L)
	case loaded != nil:
		return loaded, origin, nil
	case cli.Parameters(sizes) > maxParameters:
		return nil, "", fmt.Errorf("a network %s has more than %d parameters", cli.Layers(sizes), maxParameters)
	}
	return tour.Quadratic(nn.New(sizes, rand.New(rand.NewPCG(o.seed, 0)))), origin, nil
}
