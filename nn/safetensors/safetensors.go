// Package safetensors reads and writes safetensors files, in which PyTorch, JAX and others
// take over the parameters of a network. Such a file has three parts:
//
//	8 bytes    the length of the header, little-endian
//	the header a JSON object, padded with spaces
//	the data   the numbers of one tensor after another, row by row, little-endian
//
// The header has for each tensor its name, type, shape and place in the data,
//
//	"0.w": {"dtype": "F64", "shape": [30, 784], "data_offsets": [0, 188160]}
//
// and under the name "__metadata__" whatever strings the writer wants to add. The format is
// described at https://github.com/huggingface/safetensors. It has many types; here all
// numbers are float64, F64.
package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/bits"
	"unicode/utf8"
)

// Tensor is an array of numbers of any number of dimensions, with its name. The last index
// runs fastest, so a matrix is stored row by row. An empty Shape is that of a single number.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float64
}

const (
	metadataKey = "__metadata__"
	maxHeader   = 1 << 20 // bytes: some ten thousand tensors
	float64Size = 8
	chunk       = 1 << 13 // so many numbers are read or written at once
)

// entry is what the header says of a tensor.
type entry struct {
	DType   string    `json:"dtype"`
	Shape   []int     `json:"shape"`
	Offsets [2]uint64 `json:"data_offsets"`
}

// Write writes the tensors to w in the order given, and the metadata, which may be nil. The
// same arguments give the same bytes.
//
// A tensor that holds NaN or Inf is an error, and so is a header of more than 1 MiB; then
// nothing has been written. Write panics if a Shape does not fit its Data, if two tensors
// have the same name, or if a string is not UTF-8.
func Write(w io.Writer, tensors []Tensor, metadata map[string]string) error {
	for _, t := range tensors {
		for _, v := range t.Data {
			if !finite(v) {
				return fmt.Errorf("tensor %q holds %v: such a network cannot be saved", t.Name, v)
			}
		}
	}
	text := header(tensors, metadata)
	if len(text) > maxHeader {
		return fmt.Errorf("the header would have %d bytes, want at most %d", len(text), maxHeader)
	}
	head := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	if _, err := w.Write(append(head, text...)); err != nil {
		return err
	}
	for _, t := range tensors {
		if err := writeData(w, t.Data); err != nil {
			return err
		}
	}
	return nil
}

// header returns the header, padded so that the data begins at a multiple of 8.
func header(tensors []Tensor, metadata map[string]string) []byte {
	var b bytes.Buffer
	add := func(name string, value any) {
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.Write(encoded(name))
		b.WriteByte(':')
		b.Write(encoded(value))
	}
	if len(metadata) > 0 {
		checkText(metadata)
		add(metadataKey, metadata) // encoding/json sorts the keys
	}
	names := map[string]bool{metadataKey: true}
	offset := uint64(0)
	for _, t := range tensors {
		if n, ok := count(t.Shape); !ok || n != uint64(len(t.Data)) || names[t.Name] {
			panic(fmt.Sprintf("safetensors: Write: tensor %q of shape %v has %d numbers: want as many as the shape says, and another name than before",
				t.Name, t.Shape, len(t.Data)))
		}
		checkText(map[string]string{t.Name: ""})
		names[t.Name] = true
		end := offset + float64Size*uint64(len(t.Data))
		add(t.Name, entry{"F64", append([]int{}, t.Shape...), [2]uint64{offset, end}})
		offset = end
	}
	text := append(append([]byte{'{'}, b.Bytes()...), '}')
	return append(text, bytes.Repeat([]byte{' '}, -len(text)&7)...)
}

// checkText panics unless the strings are UTF-8: JSON can hold no others.
func checkText(texts map[string]string) {
	for key, value := range texts {
		if !utf8.ValidString(key) || !utf8.ValidString(value) {
			panic(fmt.Sprintf("safetensors: Write: %q or %q is not UTF-8", key, value))
		}
	}
}

// encoded returns v as JSON.
func encoded(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // strings and whole numbers have no error
	}
	return text
}

// count returns how many numbers a tensor of this shape has. It is not ok if that does not
// fit into the bytes of a file.
func count(shape []int) (n uint64, ok bool) {
	n = 1
	for _, size := range shape {
		if size < 0 {
			return 0, false
		}
		high, low := bits.Mul64(n, uint64(size))
		if high != 0 {
			return 0, false
		}
		n = low
	}
	return n, n <= math.MaxInt64/float64Size
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func writeData(w io.Writer, data []float64) error {
	b := make([]byte, 0, float64Size*min(chunk, len(data)))
	for len(data) > 0 {
		n := min(chunk, len(data))
		for _, v := range data[:n] {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		if _, err := w.Write(b); err != nil {
			return err
		}
		b, data = b[:0], data[n:]
	}
	return nil
}
