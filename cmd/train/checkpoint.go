package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"slices"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/nn"
)

// checkpoint is all that the rest of a run depends on, and what its flags were.
// The file is a line that says what it is, with a checksum, and then this as JSON.
type checkpoint struct {
	Epoch     int             `json:"epoch"` // the next one: so many are done
	Epochs    int             `json:"epochs"`
	Method    string          `json:"method"`
	Batch     int             `json:"batch"`
	Eta       float64         `json:"eta"`
	Seed      uint64          `json:"seed"`
	Shuffle   bool            `json:"shuffle"`
	Train     int             `json:"train"`
	Test      int             `json:"test"`
	Examples  uint32          `json:"examples"`  // their checksum, as they were before any shuffle
	Order     []byte          `json:"order"`     // where the shuffles have left them, four bytes each
	Generator []byte          `json:"generator"` // the random numbers to come
	BestEpoch int             `json:"bestEpoch"`
	Best      int             `json:"best"`
	History   []score         `json:"history"` // of the last epochs: all, but if a program that did not write it began the run
	Network   json.RawMessage `json:"network"` // as -save writes it

	order   []int32
	network *nn.Network
}

// heading is the first line of a checkpoint; the number is the checksum of the rest.
const heading = "nndl train checkpoint 1, checksum %08x\n"

// checkpointKind is what may be replaced by a checkpoint.
var checkpointKind = files.Kind{What: "a checkpoint", Is: func(head []byte) bool { return bytes.HasPrefix(head, []byte("nndl train checkpoint")) }}

// maxCheckpoint is the largest checkpoint that is read, in bytes.
const maxCheckpoint = 1 << 30

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writeCheckpoint writes the training as it stands, between two epochs, to the file
// that -checkpoint names, whole or not at all.
func (t *training) writeCheckpoint() error {
	generator, err := t.pcg.MarshalBinary()
	if err != nil {
		return err
	}
	var network bytes.Buffer
	if err := t.network.Encode(&network); err != nil {
		return fmt.Errorf("-checkpoint %s: %w", t.checkpoint, err)
	}
	order := make([]byte, 0, 4*len(t.order))
	for _, i := range t.order {
		order = binary.LittleEndian.AppendUint32(order, uint32(i))
	}
	data, err := json.Marshal(checkpoint{
		Epoch: t.epoch, Epochs: t.epochs, Method: t.method, Batch: t.batch, Eta: t.eta, Seed: t.seed,
		Shuffle: t.shuffle, Train: len(t.examples), Test: len(t.test),
		Examples: t.digest, Order: order, Generator: generator,
		BestEpoch: t.bestEpoch, Best: t.best, History: t.history, Network: network.Bytes(),
	})
	if err != nil {
		return err
	}
	return files.Write(t.checkpoint, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, heading+"%s", crc32.Checksum(data, castagnoli), data)
		return err
	})
}

// readCheckpoint reads what writeCheckpoint wrote. Anything else is an error.
func readCheckpoint(filename string) (*checkpoint, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxCheckpoint+1))
	if err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	c, err := parseCheckpoint(data)
	if err != nil {
		return nil, fmt.Errorf("-resume: %s: %w", filename, err)
	}
	return c, nil
}

// errNoCheckpoint is what parseCheckpoint returns for a file of another kind.
var errNoCheckpoint = errors.New("not a checkpoint")

func parseCheckpoint(data []byte) (*checkpoint, error) {
	if len(data) > maxCheckpoint {
		return nil, fmt.Errorf("more than %d bytes: %w", maxCheckpoint, errNoCheckpoint)
	}
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	var sum uint32
	if _, err := fmt.Sscanf(string(line)+"\n", heading, &sum); err != nil {
		return nil, errNoCheckpoint
	}
	if got := crc32.Checksum(rest, castagnoli); got != sum {
		return nil, fmt.Errorf("broken: its checksum is %08x, want %08x", got, sum)
	}
	c := new(checkpoint)
	if err := json.Unmarshal(rest, c); err != nil {
		return nil, fmt.Errorf("broken: %w", err)
	}
	return c, c.check()
}

// check decodes and checks what the JSON alone does not.
func (c *checkpoint) check() (err error) {
	switch {
	case c.Epoch < 1, c.Epochs < c.Epoch, c.Batch < 1, !(c.Eta > 0), math.IsInf(c.Eta, 0),
		c.Method != "batch" && c.Method != "book",
		c.BestEpoch < 0, c.BestEpoch >= c.Epoch, c.Best < 0, c.Best > c.Test,
		c.Test < 1, c.Train < 1, len(c.Order)%4 != 0, c.Train != len(c.Order)/4,
		len(c.History) > c.Epoch, slices.ContainsFunc(c.History, c.impossible):
		return errors.New("broken: no run has such settings")
	}
	seen := make([]bool, c.Train)
	c.order = make([]int32, c.Train)
	for i := range c.order {
		j := binary.LittleEndian.Uint32(c.Order[4*i:])
		if int64(j) >= int64(c.Train) || seen[j] {
			return errors.New("broken: its order is none of its examples")
		}
		seen[j], c.order[i] = true, int32(j)
	}
	if c.network, err = nn.Decode(bytes.NewReader(c.Network)); err != nil {
		return fmt.Errorf("broken: its network: %w", err)
	}
	return nil
}

// impossible reports whether there were not so many digits to be read right.
func (c *checkpoint) impossible(s score) bool {
	return s.Test < 0 || s.Test > c.Test || s.Training < -1 || s.Training > c.Train
}

// adopt takes from the checkpoint every setting that no flag gives. A flag that
// contradicts it is an error.
func (o *options) adopt(c *checkpoint) error {
	if !o.given["epochs"] {
		o.epochs = c.Epochs
	}
	if o.epochs < c.Epoch {
		return fmt.Errorf("-epochs %d, but %s has %d behind it", o.epochs, o.resume, c.Epoch)
	}
	if !o.given["train"] {
		o.train = c.Train
	}
	if !o.given["test"] {
		o.test = c.Test
	}
	now := *o
	o.sizes, o.method, o.batch, o.eta = c.network.Sizes, c.Method, c.Batch, c.Eta
	o.seed, o.shuffle = c.Seed, c.Shuffle
	for _, f := range []struct {
		name    string
		same    bool
		is, was any
	}{
		{"sizes", slices.Equal(now.sizes, o.sizes), cli.Layers(now.sizes), cli.Layers(o.sizes)},
		{"method", now.method == o.method, now.method, o.method},
		{"batch", now.batch == o.batch, now.batch, o.batch},
		{"eta", now.eta == o.eta, now.eta, o.eta},
		{"seed", now.seed == o.seed, now.seed, o.seed},
		{"shuffle", now.shuffle == o.shuffle, now.shuffle, o.shuffle},
	} {
		if o.given[f.name] && !f.same {
			return fmt.Errorf("-%s %v, but the run of %s has %v", f.name, f.is, o.resume, f.was)
		}
	}
	return nil
}

// goOn brings a training to where the checkpoint was written.
func (t *training) goOn(c *checkpoint) error {
	if len(t.examples) != c.Train || len(t.test) != c.Test || t.digest != c.Examples {
		return fmt.Errorf("-resume: %s: its run was over other digits than these", t.resume)
	}
	if err := fits(c.network.Sizes, t.examples[0]); err != nil {
		return fmt.Errorf("-resume: %s: %w", t.resume, err)
	}
	if err := t.pcg.UnmarshalBinary(c.Generator); err != nil {
		return fmt.Errorf("-resume: %s: broken: %w", t.resume, err)
	}
	t.order = c.order
	t.arrange()
	t.network, t.epoch, t.bestEpoch, t.best, t.history = c.network, c.Epoch, c.BestEpoch, c.Best, c.History
	return nil
}

// digest returns a checksum of all examples of the sets, inputs and labels in order.
func digest(sets ...[]nn.Example) uint32 {
	sum := uint32(0)
	var b []byte
	for _, e := range slices.Concat(sets...) {
		b = binary.LittleEndian.AppendUint32(b[:0], uint32(e.Label()))
		for _, v := range e.X().Data {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		sum = crc32.Update(sum, castagnoli, b)
	}
	return sum
}
