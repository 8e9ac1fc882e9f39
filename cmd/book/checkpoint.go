package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/run"
)

// progress is what a checkpoint keeps: the runs that are done. The run under way has a
// checkpoint of its own, beside it.
type progress struct {
	Experiment string            `json:"nndl-book-checkpoint-of"`
	Flags      map[string]string `json:"flags"` // those that change the results
	Done       []doneRun         `json:"done"`
}

type doneRun struct {
	Label          string `json:"label"`
	Seed           uint64 `json:"seed"`
	Training, Test int
	Scores         []run.Score `json:"scores"`
}

// checkpointKind is what a checkpoint may replace.
var checkpointKind = files.Kind{What: "a checkpoint of book", Is: func(head []byte) bool {
	return bytes.HasPrefix(head, []byte(`{"nndl-book-checkpoint-of":`))
}}

// maxCheckpoint is the largest checkpoint that is read, in bytes.
const maxCheckpoint = 1 << 28

// part is the checkpoint of the run under way.
func (b *bench) part() string { return b.checkpoint + ".run" }

// open prepares -checkpoint and -resume, for one experiment.
func (b *bench) open(chosen []*experiment) error {
	b.done = &progress{Experiment: chosen[0].name, Flags: b.settings()}
	if b.resume != "" {
		if err := b.goOn(chosen[0]); err != nil {
			return fmt.Errorf("-resume: %w", err)
		}
		if b.checkpoint == "" {
			b.checkpoint = b.resume
		}
	} else if b.checkpoint != "" {
		if err := os.Remove(b.part()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("-checkpoint: %w", err)
		}
	}
	if b.checkpoint != "" && chosen[0].do != nil {
		return cli.Usagef("-checkpoint: %s keeps nothing", chosen[0].name)
	}
	return files.Check("-checkpoint", b.checkpoint, checkpointKind)
}

// settings returns the values of the flags that change the results.
func (b *bench) settings() map[string]string {
	all := map[string]string{}
	for _, name := range []string{"seed", "epochs", "train", "eta", "lambda"} {
		all[name] = b.flags.Lookup(name).Value.String()
	}
	return all
}

// goOn reads the checkpoint of -resume. Flags that are not given are as they were.
func (b *bench) goOn(e *experiment) error {
	f, err := os.Open(b.resume)
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxCheckpoint))
	if err != nil {
		return err
	}
	var p progress
	if !checkpointKind.Is(data) {
		return fmt.Errorf("%s is not a checkpoint of book", b.resume)
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return fmt.Errorf("%s: broken", b.resume)
	}
	if p.Experiment != e.name {
		return fmt.Errorf("%s is of the experiment %q, not of %s", b.resume, p.Experiment, e.name)
	}
	for name, was := range p.Flags {
		now, known := b.settings()[name]
		switch {
		case !known:
			return fmt.Errorf("%s: broken: it has a flag -%s", b.resume, name)
		case b.given[name] && now != was:
			return fmt.Errorf("-%s %s, but %s has %s", name, now, b.resume, was)
		}
		if f := b.flags.Lookup(name); f.Value.String() != was {
			if err := b.flags.Set(name, was); err != nil {
				return fmt.Errorf("%s: broken: -%s: %v", b.resume, name, err)
			}
			b.given[name] = true
		}
	}
	for _, d := range p.Done {
		if len(d.Scores) == 0 || d.Training < 1 || d.Test < 1 {
			return fmt.Errorf("%s: broken: a run without scores", b.resume)
		}
	}
	b.done = &p
	return b.check([]string{e.name})
}

// find returns a run that is done, nil if it is not.
func (p *progress) find(label string, seed uint64) *run.Result {
	for _, d := range p.Done {
		if d.Label == label && d.Seed == seed {
			return &run.Result{Training: d.Training, Test: d.Test, Scores: d.Scores}
		}
	}
	return nil
}

// keep writes the checkpoint after a run.
func (b *bench) keep(label string, seed uint64, r *run.Result) error {
	if b.checkpoint == "" {
		return nil
	}
	b.done.Done = append(b.done.Done, doneRun{label, seed, r.Training, r.Test, r.Scores})
	if err := b.writeCheckpoint(); err != nil {
		return err
	}
	return os.Remove(b.part())
}

func (b *bench) writeCheckpoint() error {
	err := files.Write(b.checkpoint, func(w io.Writer) error { return json.NewEncoder(w).Encode(b.done) })
	if err != nil {
		return fmt.Errorf("-checkpoint: %w", err)
	}
	return nil
}

// interrupted says how to go on.
func (b *bench) interrupted(e *experiment, stdout io.Writer) {
	fmt.Fprintln(stdout, "Interrupted")
	if b.checkpoint != "" && b.writeCheckpoint() == nil {
		fmt.Fprintf(stdout, "To go on: go run ./cmd/book run -resume %s %s\n", cli.Quote(b.checkpoint), e.name)
	}
}
