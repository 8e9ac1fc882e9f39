package nn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"nndl/matrix"
	"nndl/nn/sniff"
)

// What Decode reads at most. Whatever a file claims, it takes only a few times the memory of
// what the file holds.
const (
	maxModel      = 1 << 30 // bytes
	maxParameters = 1 << 26 // weights and biases: some three thousand of the book's networks
	maxLayers     = 1000
)

// Decode reads a network and the name of its cost, [QuadraticCost] or [CrossEntropyCost],
// from r. It reads what [Network.Encode] and network2.py's save write, and what
// other programs make of that: keys in any order, sizes like 784.0, the biases of a
// layer as one flat list, a mark (BOM) at the start, gzip. Anything else is an error.
//
// The Network does not know its cost. If that is not the quadratic one, [Network.SGD], or a
// [Trainer] without OutputError, would train it on with another cost than before.
func Decode(r io.Reader) (net *Network, cost string, err error) {
	b, err := sniff.Open(r)
	if err != nil {
		return nil, "", err
	}
	head, err := b.Peek(sniff.Length)
	if err != nil && err != io.EOF {
		return nil, "", err
	}
	switch text := bytes.TrimLeft(head, " \t\r\n"); {
	case bytes.HasPrefix(text, []byte(`"{`)):
		return nil, "", errors.New("this is JSON within a string, as if encoded twice, not a saved network")
	case !bytes.HasPrefix(text, []byte("{")):
		return nil, "", sniff.Wrong(head, "a saved network")
	}
	d := decoder{Decoder: json.NewDecoder(io.LimitReader(b, maxModel))}
	d.UseNumber()
	if err := d.model(); err != nil {
		return nil, "", err
	}
	if err := d.net.check(); err != nil {
		return nil, "", err
	}
	if d.cost != QuadraticCost && d.cost != CrossEntropyCost {
		return nil, "", fmt.Errorf("cost is %q, want %q or %q", d.cost, QuadraticCost, CrossEntropyCost)
	}
	return &d.net, d.cost, nil
}

// check reports whether the shapes of weights and biases follow from sizes.
func (net *Network) check() error {
	if len(net.Sizes) < 2 || slices.Min(net.Sizes) < 1 {
		return fmt.Errorf("sizes %v: want two layers or more, each of one neuron or more", net.Sizes)
	}
	if w, b, want := len(net.Weights), len(net.Biases), len(net.Sizes)-1; w != want || b != want {
		return fmt.Errorf("weights of %d layers and biases of %d, want %d for sizes %v", w, b, want, net.Sizes)
	}
	for i, rows := range net.Sizes[1:] {
		w, b, cols := net.Weights[i], net.Biases[i], net.Sizes[i]
		if w.Rows != rows || w.Cols != cols || b.Rows != rows || b.Cols != 1 {
			return fmt.Errorf("layer %d: weights %d×%d and biases %d×%d, want %d×%d and %d×1 for sizes %v",
				i+2, w.Rows, w.Cols, b.Rows, b.Cols, rows, cols, rows, net.Sizes)
		}
	}
	return nil
}

// decoder reads a network number by number: as slices of slices, a file of 60 MB could
// become gigabytes.
type decoder struct {
	*json.Decoder
	net        Network
	cost       string
	parameters int // so many have been read
}

// model reads the whole object.
func (d *decoder) model() error {
	missing := []string{"sizes", "weights", "biases", "cost"}
	if _, err := d.next(); err != nil { // the {
		return err
	}
	for d.More() {
		key, err := d.next()
		if err != nil {
			return err
		}
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == key })
		if err := d.value(key.(string)); err != nil { // json.Decoder accepts no other key
			return fmt.Errorf("%v: %w", key, err)
		}
	}
	if _, err := d.next(); err != nil { // the }
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("no %q: not a saved network", missing[0])
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more follows after the network: not a saved network")
	}
	return nil
}

// value reads the value of a key.
func (d *decoder) value(key string) error {
	if !slices.Contains([]string{"sizes", "weights", "biases", "cost"}, key) {
		return d.plain(d.Decode(new(json.RawMessage))) // it means nothing here
	}
	t, err := d.next()
	if err != nil {
		return err
	}
	switch key {
	case "sizes":
		d.net.Sizes, err = d.sizes(t)
	case "weights":
		d.net.Weights, err = d.layers(t)
	case "biases":
		d.net.Biases, err = d.layers(t)
	case "cost":
		name, ok := t.(string)
		if !ok {
			return wrong(t, "a name")
		}
		d.cost = name
	}
	return err
}

// The methods below read one value each, whose first token is t.

func (d *decoder) sizes(t json.Token) (sizes []int, err error) {
	err = d.list(t, func(t json.Token) error {
		v, err := number(t)
		if err == nil && (v != math.Trunc(v) || math.Abs(v) > 1<<30 || len(sizes) == maxLayers) {
			err = fmt.Errorf("found %v, want a number of neurons, and at most %d", t, maxLayers)
		}
		sizes = append(sizes, int(v))
		return err
	})
	return sizes, err
}

func (d *decoder) layers(t json.Token) (layers []*matrix.Matrix, err error) {
	err = d.list(t, func(t json.Token) error {
		if len(layers) == maxLayers {
			return fmt.Errorf("more than %d layers", maxLayers)
		}
		x := new(matrix.Matrix)
		layers = append(layers, x)
		if err := d.layer(x, t); err != nil {
			return fmt.Errorf("layer %d, row %d: %w", len(layers)+1, x.Rows, err)
		}
		return nil
	})
	return layers, err
}

// layer reads a list of rows, all of one length and none empty, or a flat list, a column.
func (d *decoder) layer(x *matrix.Matrix, t json.Token) error {
	add := func(t json.Token) error {
		v, err := number(t)
		if d.parameters++; d.parameters > maxParameters {
			return fmt.Errorf("more than %d weights and biases", maxParameters)
		}
		x.Data = append(x.Data, v)
		return err
	}
	return d.list(t, func(t json.Token) (err error) {
		before := len(x.Data)
		if _, flat := t.(json.Number); flat {
			err = add(t)
		} else {
			err = d.list(t, add)
		}
		if err != nil {
			return err
		}
		switch n := len(x.Data) - before; {
		case n == 0:
			return errors.New("it is empty")
		case x.Rows > 0 && n != x.Cols:
			return fmt.Errorf("found %d numbers, want %d as in the row before", n, x.Cols)
		default:
			x.Rows, x.Cols = x.Rows+1, n
		}
		return nil
	})
}

// list calls each with the first token of every element.
func (d *decoder) list(t json.Token, each func(t json.Token) error) error {
	if t != json.Delim('[') {
		return wrong(t, "a list")
	}
	for d.More() {
		t, err := d.next()
		if err == nil {
			err = each(t)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.next() // the ]
	return err
}

// number returns the value of a token.
func number(t json.Token) (float64, error) {
	n, ok := t.(json.Number)
	if !ok {
		return 0, wrong(t, "a number")
	}
	v, err := strconv.ParseFloat(string(n), 64)
	if err != nil {
		err = fmt.Errorf("%s is too large", n)
	}
	return v, err
}

// wrong says what was found.
func wrong(t json.Token, want string) error {
	found := fmt.Sprint(t)
	switch t := t.(type) {
	case nil:
		found = "null"
	case string:
		found = "a string"
	case json.Delim:
		found = map[json.Delim]string{'[': "a list", '{': "an object"}[t]
	}
	return fmt.Errorf("found %s, want %s", found, want)
}

// next returns the next token.
func (d *decoder) next() (json.Token, error) {
	t, err := d.Token()
	return t, d.plain(err)
}

// plain says in plain words what an error of json.Decoder means.
func (d *decoder) plain(err error) error {
	var syntax *json.SyntaxError
	switch ended := err == io.EOF || err == io.ErrUnexpectedEOF; {
	case ended && d.InputOffset() < maxModel/2:
		return errors.New("the file ends in the middle of the network")
	case ended:
		return fmt.Errorf("more than %d bytes: not a saved network", maxModel)
	case errors.As(err, &syntax):
		return d.unreadable()
	}
	return err
}

// unreadable names what json.Decoder cannot read. Python writes NaN and Infinity, which
// are not JSON.
func (d *decoder) unreadable() error {
	rest, _ := io.ReadAll(io.LimitReader(d.Buffered(), 40))
	word := strings.TrimLeft(string(rest), " \t\r\n,:")
	if i := strings.IndexAny(word, " \t\r\n,:[]{}"); i >= 0 {
		word = word[:max(i, 1)]
	}
	switch strings.Trim(strings.ToLower(word), "+-") {
	case "nan", "inf", "infinity":
		return fmt.Errorf("found %s, want a number: the training had failed before the network was saved", word)
	}
	return fmt.Errorf("found %q, which is not JSON: not a saved network", word)
}
