package main

import (
	"errors"
	"fmt"
	"slices"

	"nndl/matrix"
	"nndl/nn/network3"
)

// netRun is the training of a network of chapter 6 as a checkpoint has it.
type netRun struct {
	Seed      uint64     `json:"seed"`
	Scores    []netScore `json:"scores"`              // after each epoch
	Answers   []byte     `json:"answers"`             // after the best epoch: what each test image is read as
	Generator []byte     `json:"generator,omitempty"` // state of the random numbers

	// Of the epoch that was interrupted:
	MiniBatches int     `json:"miniBatches,omitempty"` // done
	Seconds     float64 `json:"seconds,omitempty"`
}

// netScore is how many images the network reads right after an epoch.
type netScore struct {
	Validation int `json:"validation"`
	Test       int `json:"test"`
}

// best returns the epoch with the best accuracy on the validation images, of equal ones the
// last, as network3.py does; −1 without an epoch.
func (r *netRun) best() int {
	best := -1
	for i, s := range r.Scores {
		if best < 0 || s.Validation >= r.Scores[best].Validation {
			best = i
		}
	}
	return best
}

// atBest reports whether the network is as it was after the best epoch.
func (r *netRun) atBest() bool { return r.best() == len(r.Scores)-1 && r.MiniBatches == 0 }

// keepNet writes the checkpoint.
func (t *netTraining) keepNet() (err error) {
	if t.checkpoint == "" {
		return nil
	}
	if t.run.Generator, err = t.pcg.MarshalBinary(); err != nil {
		return err
	}
	t.done.parameters = t.current()
	if len(t.run.Scores) > 0 && !t.run.atBest() {
		t.done.parameters = append(t.done.parameters, t.best...)
	}
	return t.writeCheckpoint()
}

// current returns the parameters, layer by layer, weights before biases.
func (t *netTraining) current() (all []float64) {
	t.trainer.Store()
	all = make([]float64, 0, t.net.parameters(t.data.Rows, t.data.Cols))
	for _, layer := range t.network.Layers {
		w, b := layer.Parameters()
		all = append(append(all, w.Data...), b.Data...)
	}
	return all
}

// setParameters sets the parameters of the network from the numbers.
func setParameters(net *network3.Network, all []float64) {
	take := func(like *matrix.Matrix) *matrix.Matrix {
		m := matrix.FromSlice(like.Rows, like.Cols, all[:len(like.Data):len(like.Data)])
		all = all[len(like.Data):]
		return m
	}
	for _, layer := range net.Layers {
		w, b := layer.Parameters()
		w, b = take(w), take(b)
		layer.SetParameters(w, b)
	}
}

// restore brings the training to the state of the checkpoint, whose runs verify has seen.
func (t *netTraining) restore(parameters []float64) error {
	one := t.net.parameters(t.data.Rows, t.data.Cols)
	want := one
	if len(t.run.Scores) > 0 && !t.run.atBest() {
		want = 2 * one
	}
	if len(parameters) != want {
		return fmt.Errorf("it has %d parameters, want %d", len(parameters), want)
	}
	if err := t.pcg.UnmarshalBinary(t.run.Generator); err != nil {
		return err
	}
	setParameters(t.network, parameters[:one])
	if len(t.run.Scores) > 0 {
		t.best = parameters[want-one:]
	}
	return nil
}

// verify checks what the checksum of a checkpoint does not: whether its runs can be of this
// experiment, with so many images to train on.
func (b *bench) verify(n convNet, images int) error {
	p := b.done
	digits := b.digits()
	if b.resume == "" {
		p.Digits = digits
		return nil
	}
	if p.Digits != digits {
		return fmt.Errorf("-resume: %s: its run was over other digits than these", b.resume)
	}
	for i := range p.Nets {
		r := &p.Nets[i]
		if err := b.possible(r, n, images/batchSize); err != nil || r.Seed != b.seed+uint64(i) || i < len(p.Nets)-1 && len(r.Scores) < n.epochs {
			return fmt.Errorf("-resume: %s: broken: no run has what its network %d has", b.resume, i+1)
		}
	}
	return nil
}

// possible returns an error if no run can be as r is.
func (b *bench) possible(r *netRun, n convNet, batches int) error {
	for _, s := range r.Scores {
		if s.Validation < 0 || s.Validation > len(b.data.Validation) || s.Test < 0 || s.Test > len(b.data.Test) {
			return errors.New("more images read than there are")
		}
	}
	switch best := r.best(); {
	case len(r.Scores) > n.epochs, r.MiniBatches < 0, r.MiniBatches >= batches, r.MiniBatches > 0 && len(r.Scores) == n.epochs, !(r.Seconds >= 0):
		return errors.New("more than the run")
	case best < 0 && len(r.Answers) > 0:
		return errors.New("answers without an epoch")
	case best >= 0 && (len(r.Answers) != len(b.data.Test) || right(r.Answers, b.data.Test) != r.Scores[best].Test || slices.Max(r.Answers) > 9):
		return errors.New("answers that are not those of the best epoch")
	}
	return nil
}
