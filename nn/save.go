package nn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"nndl/matrix"
)

// maxModel is the largest model file that Load reads, in bytes: room for a
// network of fifty million parameters, some two thousand of the book's.
const maxModel = 1 << 30

// Save writes the network to a file in the format of network2.py's save, which the
// book's own programs read: one JSON object with sizes, weights (row by row),
// biases (a list of one-element lists for each layer) and the name of the cost.
// Every float comes back bit for bit. The file appears whole or not at all, see
// [ReplaceFile]. A network that holds NaN or Inf is an error: JSON has no word for it.
func (n *Network) Save(filename string) error {
	return ReplaceFile(filename, n.Encode)
}

// Load reads a network from a file that [Network.Save] wrote, or network2.py's save
// of a network with the quadratic cost. Any other file is an error that names it;
// so is one with another cost, which this package does not have.
func Load(filename string) (*Network, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	n, err := Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filename, err)
	}
	return n, nil
}

// Encode writes the network to w as Save writes it to a file.
func (n *Network) Encode(w io.Writer) error { return EncodeModel(w, n, "QuadraticCost") }

// EncodeModel writes a network with the name of its cost, which is network2's: the
// network of chapters 1 and 2 has but one, "QuadraticCost".
func EncodeModel(w io.Writer, n *Network, cost string) error {
	model := struct {
		Sizes   []int         `json:"sizes"`
		Weights [][][]float64 `json:"weights"`
		Biases  [][][]float64 `json:"biases"`
		Cost    string        `json:"cost"`
	}{n.Sizes, rows(n.Weights), rows(n.Biases), cost}
	return json.NewEncoder(w).Encode(model)
}

// Decode reads a network from r as [Load] reads it from a file.
func Decode(r io.Reader) (*Network, error) {
	n, cost, err := DecodeModel(r)
	if err == nil && cost != "QuadraticCost" {
		err = fmt.Errorf(`cost is %q, want "QuadraticCost"`, cost)
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

// DecodeModel reads what [EncodeModel] writes: a network and the name of its cost,
// which may be any.
func DecodeModel(r io.Reader) (n *Network, cost string, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxModel+1))
	if err != nil {
		return nil, "", err
	}
	if len(data) > maxModel {
		return nil, "", fmt.Errorf("more than %d bytes: not a model", maxModel)
	}
	// A map, because decoding into a struct would take "SIZES" for "sizes".
	var model map[string]json.RawMessage
	if err := json.Unmarshal(data, &model); err != nil {
		return nil, "", fmt.Errorf("not a model: %w", err)
	}
	if err := decodeKey(model, "cost", &cost); err != nil {
		return nil, "", err
	}
	n = new(Network)
	if err := decodeKey(model, "sizes", &n.Sizes); err != nil {
		return nil, "", err
	}
	if len(n.Sizes) < 2 {
		return nil, "", fmt.Errorf("sizes %v: want two layers or more", n.Sizes)
	}
	for _, size := range n.Sizes {
		if size < 1 {
			return nil, "", fmt.Errorf("sizes %v: want one neuron or more in each layer", n.Sizes)
		}
	}
	from := n.Sizes[:len(n.Sizes)-1]
	if n.Weights, err = decodeLayers(model, "weights", n.Sizes[1:], from); err != nil {
		return nil, "", err
	}
	ones := make([]int, len(from)) // a bias vector is a matrix of one column
	for i := range ones {
		ones[i] = 1
	}
	if n.Biases, err = decodeLayers(model, "biases", n.Sizes[1:], ones); err != nil {
		return nil, "", err
	}
	return n, cost, nil
}

// decodeKey decodes model[key], which must be there and not be null, into v.
func decodeKey(model map[string]json.RawMessage, key string, v any) error {
	raw, ok := model[key]
	if !ok {
		return fmt.Errorf("no %q: not a model", key)
	}
	if bytes.Equal(raw, []byte("null")) {
		return fmt.Errorf("%s is null", key)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// number is a float64 that refuses null, which encoding/json would read as 0.
type number float64

func (x *number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return errors.New("null where a number is wanted")
	}
	return json.Unmarshal(b, (*float64)(x))
}

// decodeLayers decodes model[key], one matrix of toSizes[i]×fromSizes[i] for each i.
// What it allocates follows what the file holds, whatever sizes the file claims.
func decodeLayers(model map[string]json.RawMessage, key string, toSizes, fromSizes []int) ([]*matrix.Matrix, error) {
	var layers [][][]number
	if err := decodeKey(model, key, &layers); err != nil {
		return nil, err
	}
	if len(layers) != len(toSizes) {
		return nil, fmt.Errorf("%s: %d layers, want %d", key, len(layers), len(toSizes))
	}
	xs := make([]*matrix.Matrix, len(layers))
	for i, layer := range layers {
		if len(layer) != toSizes[i] {
			return nil, fmt.Errorf("%s of layer %d: %d rows, want %d", key, i+2, len(layer), toSizes[i])
		}
		var data []float64
		for j, row := range layer {
			if len(row) != fromSizes[i] {
				return nil, fmt.Errorf("%s of layer %d, row %d: %d numbers, want %d", key, i+2, j, len(row), fromSizes[i])
			}
			for _, v := range row {
				data = append(data, float64(v))
			}
		}
		xs[i] = matrix.FromSlice(toSizes[i], fromSizes[i], data)
	}
	return xs, nil
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
