package network3

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nndl/matrix"
	"nndl/nn/safetensors"
)

// What Decode reads at most, so that a small file cannot describe a network whose
// mini-batches would fill the memory.
const (
	maxSize      = 1 << 20 // maps, rows, columns, neurons, examples
	maxMiniBatch = 1 << 26 // numbers that go into a layer or come out of it
)

// Decode reads a network that [Network.Encode] wrote. The tensors may be in any order, and
// the metadata may have more keys, which mean nothing. Anything else is an error: a tensor
// that is missing, belongs to no layer or has another shape than the metadata says; layers
// that do not fit together; or what [safetensors.Read] refuses.
func Decode(r io.Reader) (*Network, error) {
	tensors, metadata, err := safetensors.Read(r)
	if err != nil {
		return nil, err
	}
	if name := metadata["network"]; name != networkName {
		return nil, fmt.Errorf("its metadata has network %q, want %q", name, networkName)
	}
	d := decoder{metadata: metadata, tensors: map[string]safetensors.Tensor{}}
	for _, t := range tensors {
		d.tensors[t.Name] = t
	}
	net := &Network{MiniBatchSize: d.number("mini_batch_size")}
	for i := 0; d.err == nil && (i == 0 || metadata[keyOf(i, "type")] != ""); i++ {
		net.Layers = append(net.Layers, d.layer(i))
	}
	if d.err != nil {
		return nil, d.err
	}
	for _, t := range tensors {
		if _, left := d.tensors[t.Name]; left {
			return nil, fmt.Errorf("tensor %q belongs to none of the %d layers", t.Name, len(net.Layers))
		}
	}
	if err := check(net.Layers, net.MiniBatchSize); err != nil {
		return nil, err
	}
	for i, layer := range net.Layers {
		if nIn, nOut := layer.sizes(); uint64(max(nIn, nOut))*uint64(net.MiniBatchSize) > maxMiniBatch {
			return nil, fmt.Errorf("layer %d has %d inputs and %d outputs: too many for mini-batches of %d", i, nIn, nOut, net.MiniBatchSize)
		}
	}
	return net, nil
}

// decoder takes a network from tensors and metadata. After the first error its methods
// return zeros.
type decoder struct {
	metadata map[string]string
	tensors  map[string]safetensors.Tensor // those that no layer has taken
	err      error
}

// layer returns layer number i.
func (d *decoder) layer(i int) Layer {
	switch kind := d.text(keyOf(i, "type")); kind {
	case "ConvPoolLayer":
		return d.convPoolLayer(i)
	case "FullyConnectedLayer", "SoftmaxLayer":
		return d.fullLayer(i, kind)
	default:
		d.fail("%s is %q, want ConvPoolLayer, FullyConnectedLayer or SoftmaxLayer", keyOf(i, "type"), kind)
	}
	return nil
}

func (d *decoder) convPoolLayer(i int) Layer {
	var filters, images [4]int
	var pool [2]int
	d.list(keyOf(i, "filter_shape"), filters[:])
	d.list(keyOf(i, "image_shape"), images[:])
	d.list(keyOf(i, "poolsize"), pool[:])
	activation := d.activation(keyOf(i, "activation"))
	w, b := d.tensor(keyOf(i, "w"), filters[:]), d.tensor(keyOf(i, "b"), filters[:1])
	// As many outputs as pixels for each map out are more than there can be.
	if pixels := uint64(images[2]) * uint64(images[3]); pixels*uint64(max(filters[0], images[1])) > maxMiniBatch {
		d.fail("layer %d has filters %v for images %v: too many numbers", i, filters, images)
	}
	if d.err != nil {
		return nil
	}
	layer, err := newConvPoolLayer(filters, images, pool, activation)
	if err != nil {
		d.fail("layer %d: %w", i, err)
		return nil
	}
	layer.SetParameters(matrix.FromSlice(layer.w.Rows, layer.w.Cols, w), matrix.FromSlice(len(b), 1, b)) // 20×25, 20×1
	return layer
}

// fullLayer returns a fully connected layer or a softmax layer.
func (d *decoder) fullLayer(i int, kind string) Layer {
	nIn, nOut, pDropout := d.number(keyOf(i, "n_in")), d.number(keyOf(i, "n_out")), d.probability(keyOf(i, "p_dropout"))
	w, b := d.tensor(keyOf(i, "w"), []int{nIn, nOut}), d.tensor(keyOf(i, "b"), []int{nOut})
	if err := checkSizes(nIn, nOut, pDropout); err != nil {
		d.fail("layer %d: %w", i, err)
	}
	var activation Activation
	if kind == "FullyConnectedLayer" {
		activation = d.activation(keyOf(i, "activation"))
	}
	if d.err != nil {
		return nil
	}
	var layer Layer = NewSoftmaxLayer(nIn, nOut, pDropout)
	if kind == "FullyConnectedLayer" {
		layer = &FullyConnectedLayer{Activation: activation, PDropout: pDropout, parameters: newParameters(nIn, nOut, nOut)}
	}
	layer.SetParameters(matrix.FromSlice(nIn, nOut, w), matrix.FromSlice(nOut, 1, b)) // 2880×100, 100×1
	return layer
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
}

// tensor takes the numbers of a tensor, which must have the given shape.
func (d *decoder) tensor(name string, shape []int) []float64 {
	t, ok := d.tensors[name]
	switch delete(d.tensors, name); {
	case !ok:
		d.fail("there is no tensor %q", name)
	case !slices.Equal(t.Shape, shape):
		d.fail("tensor %q has shape %v, want %v", name, t.Shape, shape)
	}
	return t.Data
}

// text returns a value of the metadata.
func (d *decoder) text(key string) string {
	value, ok := d.metadata[key]
	if !ok {
		d.fail("its metadata has no %q", key)
	}
	return value
}

// number returns a whole number from the metadata.
func (d *decoder) number(key string) int {
	text := d.text(key)
	v, err := strconv.ParseUint(text, 10, 32)
	if err != nil || v > maxSize {
		d.fail("%s is %q, want a whole number up to %d", key, text, maxSize)
		return 0
	}
	return int(v)
}

// list reads a list of whole numbers from the metadata.
func (d *decoder) list(key string, v []int) {
	text := d.text(key)
	inside, opened := strings.CutPrefix(text, "[")
	inside, closed := strings.CutSuffix(inside, "]")
	numbers := strings.Split(inside, ",")
	for i := range v {
		n, err := strconv.ParseUint(strings.TrimSpace(numbers[min(i, len(numbers)-1)]), 10, 32)
		if v[i] = int(n); err != nil || n > maxSize || len(numbers) != len(v) || !opened || !closed {
			d.fail("%s is %q, want a list of %d whole numbers up to %d", key, text, len(v), maxSize)
			return
		}
	}
}

// probability returns a number from the metadata. That it is a probability is checked with
// the sizes.
func (d *decoder) probability(key string) float64 {
	text := d.text(key)
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		d.fail("%s is %q, want a probability", key, text)
	}
	return v
}

// activation returns the activation function that the metadata names.
func (d *decoder) activation(key string) Activation {
	name := d.text(key)
	activation, ok := activations[name]
	if !ok {
		d.fail("%s is %q, want linear, relu, sigmoid or tanh", key, name)
	}
	return activation
}
