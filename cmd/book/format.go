package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"

	"nndl/cmd/internal/files"
	"nndl/cmd/internal/run"
)

// progress is what a checkpoint keeps. The file is a heading with a checksum; a line of JSON,
// this; and the parameters as float64, little-endian.
//
// Of chapters 1 to 5 it keeps the runs that are done. The run under way has a checkpoint of
// its own, beside it.
type progress struct {
	Experiment string            `json:"experiment"`
	Flags      map[string]string `json:"flags"` // those that change the results
	Done       []doneRun         `json:"done,omitempty"`

	// Of chapter 6:
	Digits     uint32    `json:"digits,omitempty"` // checksum of the images
	Nets       []netRun  `json:"nets,omitempty"`   // the last one may be under way
	parameters []float64 // of the last one: as they are, then those of its best epoch if they are others
}

type doneRun struct {
	Label          string `json:"label"`
	Seed           uint64 `json:"seed"`
	Training, Test int
	Scores         []run.Score `json:"scores"`
}

// checkpointKind is the file of a checkpoint.
var checkpointKind = files.Sealed{
	Kind:    files.Kind{What: "a checkpoint of book", Is: func(head []byte) bool { return bytes.HasPrefix(head, []byte("nndl book checkpoint")) }},
	Heading: "nndl book checkpoint 1, checksum %08x\n",
	Most:    1 << 28,
}

// encode writes the checkpoint.
func (p *progress) encode(w io.Writer) error {
	head, err := json.Marshal(p)
	if err != nil {
		return err
	}
	head = append(head, '\n')
	sum := crc32.New(files.Castagnoli)
	p.body(sum, head)
	if _, err := fmt.Fprintf(w, checkpointKind.Heading, sum.(hash.Hash32).Sum32()); err != nil {
		return err
	}
	return p.body(w, head)
}

// body writes what the checksum covers, the parameters a piece at a time.
func (p *progress) body(w io.Writer, head []byte) error {
	_, err := w.Write(head)
	var piece []byte
	for i := 0; err == nil && i < len(p.parameters); i += 8192 {
		piece = piece[:0]
		for _, v := range p.parameters[i:min(i+8192, len(p.parameters))] {
			piece = binary.LittleEndian.AppendUint64(piece, math.Float64bits(v))
		}
		_, err = w.Write(piece)
	}
	return err
}

// readCheckpoint reads what encode wrote. Anything else is an error.
func readCheckpoint(name string) (*progress, error) {
	data, err := checkpointKind.Read(name)
	if err != nil {
		return nil, err
	}
	p, err := parseCheckpoint(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

func parseCheckpoint(data []byte) (*progress, error) {
	body, err := checkpointKind.Open(data)
	if err != nil {
		return nil, err
	}
	return parseBody(body)
}

// parseBody reads what the checksum covers.
func parseBody(data []byte) (*progress, error) {
	head, numbers, found := bytes.Cut(data, []byte("\n"))
	p := new(progress)
	decoder := json.NewDecoder(bytes.NewReader(head))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(p); err != nil || decoder.InputOffset() != int64(len(head)) || !found || len(numbers)%8 != 0 {
		return nil, errors.New("broken: not what -checkpoint writes")
	}
	for _, d := range p.Done {
		if len(d.Scores) == 0 || d.Training < 1 || d.Test < 1 {
			return nil, errors.New("broken: a run without scores")
		}
	}
	p.parameters = make([]float64, len(numbers)/8)
	for i := range p.parameters {
		p.parameters[i] = math.Float64frombits(binary.LittleEndian.Uint64(numbers[8*i:]))
	}
	return p, nil
}
