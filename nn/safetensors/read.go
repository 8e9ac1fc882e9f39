package safetensors

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"nndl/nn/sniff"
)

// Read reads a file of F64 tensors and returns them in the order of their data, and the
// metadata, nil if there is none. The keys of the header may come in any order; otherwise
// Read is strict. It refuses a header of more than 1 MiB, one that is not JSON, names
// something twice or has a key that the format does not know; tensors that share bytes,
// leave bytes between them or do not end where the file ends; and NaN and Inf. Whatever the
// header says, Read takes only a few times the memory of what the file holds.
func Read(r io.Reader) ([]Tensor, map[string]string, error) {
	b := bufio.NewReader(r)
	text, err := readHeader(b)
	if err != nil {
		return nil, nil, err
	}
	places, metadata, err := parse(text)
	if err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	if err := arrange(places); err != nil {
		return nil, nil, err
	}
	var tensors []Tensor
	for _, p := range places {
		data, err := readData(b, p.end-p.begin)
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", p.name, err)
		}
		tensors = append(tensors, Tensor{p.name, p.shape, data})
	}
	if _, err := b.ReadByte(); err == nil {
		return nil, nil, errors.New("more bytes follow after the last tensor")
	} else if err != io.EOF {
		return nil, nil, err
	}
	return tensors, metadata, nil
}

// readHeader reads the length of the header and the header.
func readHeader(b *bufio.Reader) ([]byte, error) {
	head, err := b.Peek(sniff.Length)
	if err != nil && err != io.EOF {
		return nil, err
	}
	const want = "a safetensors file"
	kind := sniff.Kind(head)
	if len(head) <= 8 && kind == "" {
		return nil, fmt.Errorf("%d bytes are too few for %s", len(head), want)
	}
	if len(head) <= 8 || head[8] != '{' {
		return nil, sniff.Wrong(head, want)
	}
	length := binary.LittleEndian.Uint64(head)
	if length > maxHeader && kind != "" && kind != want {
		return nil, sniff.Wrong(head, want)
	} else if length > maxHeader {
		return nil, fmt.Errorf("the header has %d bytes, want at most %d", length, maxHeader)
	}
	b.Discard(8)
	text := make([]byte, length)
	switch n, err := io.ReadFull(b, text); {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		return nil, fmt.Errorf("the header has %d bytes, but the file ends after %d of them", length, n)
	case err != nil:
		return nil, err
	}
	return text, nil
}

// arrange puts the tensors in the order of their data, and returns an error unless the data
// of each begins where that of the one before ends, and is as long as its shape says.
func arrange(places []place) error {
	slices.SortFunc(places, place.compare)
	end, before := uint64(0), "the start"
	for _, p := range places {
		switch n, ok := count(p.shape); {
		case p.dtype != "F64":
			return fmt.Errorf("tensor %q has dtype %s, want F64", p.name, p.dtype)
		case !ok:
			return fmt.Errorf("tensor %q has shape %v, which no file can hold", p.name, p.shape)
		case p.end < p.begin || p.end-p.begin != float64Size*n:
			return fmt.Errorf("tensor %q of shape %v has data_offsets [%d,%d], want %d bytes", p.name, p.shape, p.begin, p.end, float64Size*n)
		case p.begin < end:
			return fmt.Errorf("tensor %q begins at byte %d of the data, within %s, which ends at %d", p.name, p.begin, before, end)
		case p.begin > end:
			return fmt.Errorf("tensor %q begins at byte %d of the data, but %s ends at %d", p.name, p.begin, before, end)
		}
		end, before = p.end, fmt.Sprintf("tensor %q", p.name)
	}
	return nil
}

// readData reads so many bytes of numbers. It takes memory only as they come.
func readData(r io.Reader, length uint64) ([]float64, error) {
	data := []float64{}
	b := make([]byte, float64Size*chunk)
	for length > 0 {
		part := b[:min(uint64(len(b)), length)]
		if n, err := io.ReadFull(r, part); err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, fmt.Errorf("the file ends %d bytes before the end of its data", length-uint64(n))
		} else if err != nil {
			return nil, err
		}
		for i := 0; i < len(part); i += float64Size {
			v := math.Float64frombits(binary.LittleEndian.Uint64(part[i:]))
			if !finite(v) {
				return nil, fmt.Errorf("number %d is %v: the training had failed before the network was saved", len(data), v)
			}
			data = append(data, v)
		}
		length -= uint64(len(part))
	}
	return data, nil
}
