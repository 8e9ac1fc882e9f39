package network3

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"nndl/nn/safetensors"
)

// Save writes the network to a file in the safetensors format, see package
// [nndl/nn/safetensors], which PyTorch, JAX and others read. Layer number 0 has the weights
// "0.w" and the biases "0.b", and so on, in the shapes of network3.py: filters are
// [maps out, maps in, height, width], other weights [nIn, nOut], biases [nOut]. Every float
// comes back bit for bit.
//
// The metadata has the key "network" with the value "network3"; "mini_batch_size"; and for
// each layer, with its number before the name as in "0.type", its type and the arguments of
// network3.py's constructor under their names there: "filter_shape", "image_shape",
// "poolsize", "activation", "n_in", "n_out", "p_dropout". Shapes are lists of JSON.
//
// A network that holds NaN or Inf, or an activation function that is not one of this
// package's four, is an error that leaves the file alone. Otherwise Save simply writes: if
// the disk is full, an old file is lost.
func (net *Network) Save(filename string) error {
	var model bytes.Buffer
	if err := net.Encode(&model); err != nil {
		return fmt.Errorf("%s: %w", filename, err)
	}
	f, err := os.Create(filename)
	if err != nil {
		return err
	}
	if _, err := model.WriteTo(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// Load reads a network from a file that [Network.Save] wrote, as [Decode] does. Any other
// file is an error that names it.
func Load(filename string) (*Network, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	net, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filename, err)
	}
	return net, nil
}

// Encode writes the network to w as Save writes it to a file.
func (net *Network) Encode(w io.Writer) error {
	metadata := map[string]string{"network": networkName, "mini_batch_size": strconv.Itoa(net.MiniBatchSize)}
	var tensors []safetensors.Tensor
	for i, layer := range net.Layers {
		weights, biases := layer.Parameters()
		shape, description := describe(layer)
		for name, value := range description {
			metadata[keyOf(i, name)] = value
		}
		if name, ok := description["activation"]; ok && activations[name].F == nil {
			return fmt.Errorf("layer %d has the activation %q: such a network cannot be saved", i, name)
		}
		tensors = append(tensors,
			safetensors.Tensor{Name: keyOf(i, "w"), Shape: shape, Data: weights.Data},
			safetensors.Tensor{Name: keyOf(i, "b"), Shape: []int{biases.Rows}, Data: biases.Data})
	}
	return safetensors.Write(w, tensors, metadata)
}

const networkName = "network3"

// activations are the activation functions that a saved network may name.
var activations = map[string]Activation{Linear.Name: Linear, ReLU.Name: ReLU, Sigmoid.Name: Sigmoid, Tanh.Name: Tanh}

// keyOf names something of a layer.
func keyOf(layer int, name string) string { return strconv.Itoa(layer) + "." + name }

// describe returns the shape of a layer's weights and the metadata that describes it.
func describe(layer Layer) (shape []int, description map[string]string) {
	nIn, nOut := layer.sizes()
	shape = []int{nIn, nOut}
	description = map[string]string{"n_in": strconv.Itoa(nIn), "n_out": strconv.Itoa(nOut)}
	probability := func(p float64) string { return strconv.FormatFloat(p, 'g', -1, 64) }
	switch layer := layer.(type) {
	case *ConvPoolLayer:
		shape = layer.FilterShape[:]
		description = map[string]string{"type": "ConvPoolLayer", "filter_shape": list(shape), "image_shape": list(layer.ImageShape[:]),
			"poolsize": list(layer.PoolSize[:]), "activation": layer.Activation.Name}
	case *FullyConnectedLayer:
		description["type"] = "FullyConnectedLayer"
		description["activation"] = layer.Activation.Name
		description["p_dropout"] = probability(layer.PDropout)
	case *SoftmaxLayer:
		description["type"] = "SoftmaxLayer"
		description["p_dropout"] = probability(layer.PDropout)
	}
	return shape, description
}

// list returns numbers as JSON.
func list(v []int) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // whole numbers have no error
	}
	return string(text)
}
