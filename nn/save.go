package nn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"nndl/matrix"
	"nndl/nn/safetensors"
)

// QuadraticCost and CrossEntropyCost are the costs that a saved network may name: that of
// chapters 1 and 2, which Network has, and the one that chapter 3 adds, of package network2.
const (
	QuadraticCost    = "QuadraticCost"
	CrossEntropyCost = "CrossEntropyCost"
)

// Save writes the network to a file in the format of network2.py's save, which the
// book's own programs read: one JSON object with sizes, weights (row by row),
// biases (a list of one-element lists for each layer) and the name of the cost,
// "QuadraticCost". Every float comes back bit for bit.
//
// A network that holds NaN or Inf, for which JSON has no word, is an error that leaves the
// file alone. Otherwise Save simply writes: if the disk is full, an old file is lost.
func (net *Network) Save(filename string) error {
	var model bytes.Buffer
	if err := net.Encode(&model, QuadraticCost); err != nil {
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

// Load reads a network from a file that [Network.Save] or network2.py's save wrote, as
// [Decode] does. Any other file is an error that names it.
func Load(filename string) (net *Network, cost string, err error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	net, cost, err = Decode(f)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", filename, err)
	}
	return net, cost, nil
}

// Encode writes the network to w as Save writes it to a file, with the name of the cost
// that it was trained with.
func (net *Network) Encode(w io.Writer, cost string) error {
	model := struct {
		Sizes   []int         `json:"sizes"`
		Weights [][][]float64 `json:"weights"`
		Biases  [][][]float64 `json:"biases"`
		Cost    string        `json:"cost"`
	}{net.Sizes, rows(net.Weights), rows(net.Biases), cost}
	err := json.NewEncoder(w).Encode(model)
	var value *json.UnsupportedValueError
	if errors.As(err, &value) {
		return fmt.Errorf("a weight or a bias is %s: such a network cannot be saved", value.Str)
	}
	return err
}

// Export writes the network to w in the safetensors format, see package
// [nndl/nn/safetensors], for PyTorch, JAX and others to go on from. The weights into the first
// hidden layer are "0.w" and its biases "0.b", and so on. w is [neurons, neurons of the layer
// before], as in network.py; b is [neurons]. The metadata has the "network", which is
// network2, the program whose save names the cost as well, the "cost" and the "sizes".
//
// A network that holds NaN or Inf is an error, and then nothing has been written.
func (net *Network) Export(w io.Writer, cost string) error {
	sizes, err := json.Marshal(net.Sizes)
	if err != nil {
		return err
	}
	var tensors []safetensors.Tensor
	for i, weights := range net.Weights {
		name, biases := strconv.Itoa(i), net.Biases[i]
		tensors = append(tensors,
			safetensors.Tensor{Name: name + ".w", Shape: []int{weights.Rows, weights.Cols}, Data: weights.Data},
			safetensors.Tensor{Name: name + ".b", Shape: []int{biases.Rows}, Data: biases.Data})
	}
	return safetensors.Write(w, tensors, map[string]string{"network": "network2", "cost": cost, "sizes": string(sizes)})
}

// rows returns the rows of each matrix, sharing their memory.
func rows(xs []*matrix.Matrix) [][][]float64 {
	out := make([][][]float64, len(xs))
	for i, x := range xs {
		out[i] = make([][]float64, x.Rows)
		for j := range out[i] {
			out[i][j] = x.Row(j)
		}
	}
	return out
}
