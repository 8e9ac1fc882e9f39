package run

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/nn"
)

// checkpoint is all that the rest of a run depends on. The file is a heading with a
// checksum, and then this as JSON.
type checkpoint struct {
	Flags     map[string]string `json:"flags"`     // as on the command line
	Examples  uint32            `json:"examples"`  // their checksum, before any shuffle
	Order     []byte            `json:"order"`     // of the examples after the shuffles, four bytes each
	Generator []byte            `json:"generator"` // state of the random numbers
	Scores    []Score           `json:"scores"`    // of the epochs so far
	Network   json.RawMessage   `json:"network"`   // as -save writes it
}

// checkpointKind is the file of a checkpoint.
var checkpointKind = files.Sealed{
	Kind:    files.Kind{What: "a checkpoint", Is: func(head []byte) bool { return bytes.HasPrefix(head, []byte("nndl train checkpoint")) }},
	Heading: "nndl train checkpoint 2, checksum %08x\n",
	Most:    1 << 30,
}

// writeCheckpoint writes the state of the training between two epochs to the file of
// -checkpoint.
func (t *training) writeCheckpoint() error {
	generator, err := t.pcg.MarshalBinary()
	if err != nil {
		return err
	}
	var network bytes.Buffer
	if err := t.encode(&network); err != nil {
		return fmt.Errorf("-checkpoint %s: %w", t.checkpoint, err)
	}
	order, err := binary.Append(nil, binary.LittleEndian, t.order)
	if err != nil {
		return err
	}
	data, err := json.Marshal(checkpoint{t.flags(), t.digest, order, generator, t.Scores, network.Bytes()})
	if err != nil {
		return err
	}
	return files.Write(t.checkpoint, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, checkpointKind.Heading+"%s", crc32.Checksum(data, files.Castagnoli), data)
		return err
	})
}

// readCheckpoint reads what writeCheckpoint wrote. Anything else is an error.
func readCheckpoint(filename string) (*checkpoint, error) {
	data, err := checkpointKind.Read(filename)
	if err != nil {
		return nil, fmt.Errorf("-resume: %w", err)
	}
	c, err := parseCheckpoint(data)
	if err != nil {
		return nil, fmt.Errorf("-resume: %s: %w", filename, err)
	}
	return c, nil
}

func parseCheckpoint(data []byte) (*checkpoint, error) {
	body, err := checkpointKind.Open(data)
	if err != nil {
		return nil, err
	}
	c := new(checkpoint)
	if err := json.Unmarshal(body, c); err != nil {
		return nil, errors.New("broken: not what -checkpoint writes")
	}
	if len(c.Scores) == 0 {
		return nil, errors.New("broken: no epoch is behind it")
	}
	return c, nil
}

// goOn brings a training to the state in which the checkpoint was written.
func (t *training) goOn(c *checkpoint) error {
	if len(c.Order) != 4*t.Training || t.digest != c.Examples {
		return fmt.Errorf("-resume: %s: its run was over other digits than these", t.resume)
	}
	err := t.restore(c)
	if err == nil {
		err = fits(t.sizes, t.data.Training[0])
	}
	if err != nil {
		return fmt.Errorf("-resume: %s: broken: %w", t.resume, err)
	}
	return nil
}

// restore decodes the checkpoint and checks what its checksum does not.
func (t *training) restore(c *checkpoint) error {
	seen := make([]bool, t.Training)
	for i := range t.order {
		j := binary.LittleEndian.Uint32(c.Order[4*i:])
		if int64(j) >= int64(t.Training) || seen[j] {
			return errors.New("its order is not one of its examples")
		}
		seen[j], t.order[i] = true, int32(j)
	}
	t.arrange()
	if slices.ContainsFunc(c.Scores, t.impossible) {
		return errors.New("no run has such scores")
	}
	t.Scores = c.Scores
	if err := t.pcg.UnmarshalBinary(c.Generator); err != nil {
		return err
	}
	net, cost, err := nn.Decode(bytes.NewReader(c.Network))
	if err != nil {
		return err
	}
	if t.Network = net; cost != costNames[t.cost] {
		return fmt.Errorf("the cost of its network is %s", cost)
	}
	if !slices.Equal(t.sizes, t.Network.Sizes) {
		return fmt.Errorf("its network is %s", cli.Layers(t.Network.Sizes))
	}
	return nil
}

// impossible reports whether a score is more than there were digits.
func (t *training) impossible(s Score) bool {
	return s.Test < -1 || s.Test > t.Test || s.Training < -1 || s.Training > t.Training
}

// sayHowToGoOn prints the command that continues from the checkpoint, if there is one.
func (t *training) sayHowToGoOn(stdout io.Writer) {
	if t.checkpoint == "" || len(t.Scores) == 0 {
		return
	}
	command := []string{"go run ./cmd/train -resume", cli.Quote(t.checkpoint)}
	for _, name := range []string{"checkpoint", "data", "save", "export", "report", "epochs"} {
		if t.given[name] {
			command = append(command, "-"+name, cli.Quote(t.set.Lookup(name).Value.String()))
		}
	}
	fmt.Fprintln(stdout, "To go on:", strings.Join(command, " "))
}

// Digest returns a checksum of all examples of the sets, inputs and labels in order.
func Digest(sets ...[]nn.Example) uint32 {
	sum := uint32(0)
	var b []byte
	for _, e := range slices.Concat(sets...) {
		b = binary.LittleEndian.AppendUint32(b[:0], uint32(e.Label()))
		for _, v := range e.X().Data {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		sum = crc32.Update(sum, files.Castagnoli, b)
	}
	return sum
}
