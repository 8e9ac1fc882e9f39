package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/run"
)

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
		if err := b.removeStale(chosen[0]); err != nil {
			return fmt.Errorf("-resume: %w", err)
		}
	} else if b.checkpoint != "" {
		if err := os.Remove(b.part()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("-checkpoint: %w", err)
		}
	}
	if b.checkpoint != "" && chosen[0].do != nil {
		return cli.Usagef("-checkpoint: %s keeps nothing", chosen[0].name)
	}
	if err := b.checkNets(chosen); err != nil {
		return err
	}
	return files.Check("-checkpoint", b.checkpoint, checkpointKind.Kind)
}

// removeStale removes the checkpoint of the last run that is done, if there still is one: the
// program may have been killed between the two steps of keep.
func (b *bench) removeStale(e *experiment) error {
	for _, l := range e.lines {
		if n := len(b.done.Done); n > 0 && b.done.Done[n-1].Label == l.label {
			args := append(strings.Fields(b.command(l)), "-seed", fmt.Sprint(b.done.Done[n-1].Seed), "-resume", b.part())
			if _, err := run.Parse(args, "", io.Discard); err == nil {
				return os.Remove(b.part())
			}
		}
	}
	return nil
}

// settings returns the values of the flags that change the results.
func (b *bench) settings() map[string]string {
	all := map[string]string{}
	for _, name := range []string{"seed", "epochs", "train", "eta", "lambda", "init"} {
		all[name] = b.flags.Lookup(name).Value.String()
	}
	return all
}

// goOn reads the checkpoint of -resume. Flags that are not given are as they were.
func (b *bench) goOn(e *experiment) error {
	p, err := readCheckpoint(b.resume)
	if err != nil {
		return err
	}
	if p.Experiment != e.name {
		return fmt.Errorf("%s is of the experiment %q, not of %s", b.resume, p.Experiment, e.name)
	}
	now := b.settings()
	if len(p.Flags) != len(now) {
		return fmt.Errorf("%s: broken: it has %d flags, not %d", b.resume, len(p.Flags), len(now))
	}
	for name, was := range p.Flags {
		if _, known := now[name]; !known {
			return fmt.Errorf("%s: broken: it has a flag -%s", b.resume, name)
		} else if b.given[name] && now[name] != was {
			return fmt.Errorf("-%s %s, but %s has %s", name, now[name], b.resume, was)
		}
		if f := b.flags.Lookup(name); f.Value.String() != was {
			if err := b.flags.Set(name, was); err != nil {
				return fmt.Errorf("%s: broken: -%s: %v", b.resume, name, err)
			}
			b.given[name] = true
		}
	}
	if e.net != nil && len(p.Done) > 0 || e.net == nil && len(p.Nets) > 0 || len(p.Nets) == 0 && len(p.parameters) > 0 {
		return fmt.Errorf("%s: broken: %s keeps something else", b.resume, e.name)
	}
	b.done = p
	if err := b.check([]string{e.name}); err != nil {
		return fmt.Errorf("%s: broken: %v", b.resume, err)
	}
	return nil
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
	if err := files.Write(b.checkpoint, b.done.encode); err != nil {
		return fmt.Errorf("-checkpoint: %w", err)
	}
	return nil
}

// interrupted writes what is done and says how to go on.
func (b *bench) interrupted(e *experiment, stdout io.Writer) {
	fmt.Fprintln(stdout, "Interrupted")
	if b.checkpoint != "" && b.writeCheckpoint() == nil {
		b.sayHowToGoOn(e, stdout)
	}
}

// sayHowToGoOn prints the command that continues from the checkpoint.
func (b *bench) sayHowToGoOn(e *experiment, stdout io.Writer) {
	command := []string{"go run ./cmd/book run -resume", cli.Quote(b.checkpoint)}
	for _, name := range []string{"data", "runs", "out", "save"} {
		if b.given[name] {
			command = append(command, "-"+name, cli.Quote(b.flags.Lookup(name).Value.String()))
		}
	}
	fmt.Fprintln(stdout, "To go on:", strings.Join(append(command, e.name), " "))
}
