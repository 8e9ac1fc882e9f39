package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"

	"nndl/cmd/internal/cli"
	cmdtrain "nndl/cmd/internal/run"
)

// This file trains a visitor's network: the run of cmd/train with the same flags, as far as
// the page asks for. A run rests between two requests and goes on in the next. A request
// that goes on for longer is answered by a stream of events, and ends when the page no
// longer reads it.

// What a training may ask for.
const (
	maxWeights   = 1_000_000
	maxLayers    = 12
	maxLayer     = 1000 // neurons
	maxMiniBatch = 10_000
	maxEpochs    = 10_000 // of a run
)

func (s *server) routesTrain(mux *http.ServeMux) {
	post(s, mux, "/api/train/reset", s.resetTraining)
	post(s, mux, "/api/train/pause", s.pauseTraining)
	post(s, mux, "/api/train/minibatch", s.trainMiniBatch)
	mux.HandleFunc("POST /api/train/run", s.runTraining)
}

// trainRequest has the flags of cmd/train as one would type them, "" for the default.
type trainRequest struct {
	Sizes   string `json:"sizes"`
	Eta     string `json:"eta"`
	Batch   string `json:"batch"`
	Cost    string `json:"cost"`
	Lambda  string `json:"lambda"`
	Init    string `json:"init"`
	Seed    string `json:"seed"`
	Train   string `json:"train"`
	Monitor bool   `json:"monitor"`

	Epochs int `json:"epochs"` // for how many epochs the run goes on, 0 for until the page has seen enough
	From   int `json:"from"`   // the first epoch whose score the page does not have
}

// settings returns the settings of the request, checked by cmd/train's own checks and by
// the limits of this server.
func (r *trainRequest) settings() (*cmdtrain.Settings, error) {
	var args []string
	for _, f := range []struct{ name, value string }{
		{"sizes", r.Sizes}, {"eta", r.Eta}, {"batch", r.Batch}, {"cost", r.Cost},
		{"lambda", r.Lambda}, {"init", r.Init}, {"seed", r.Seed}, {"train", r.Train},
	} {
		if f.value != "" {
			args = append(args, "-"+f.name+"="+f.value)
		}
	}
	settings, err := cmdtrain.Parse(append(args, fmt.Sprintf("-monitor=%v", r.Monitor)), "", io.Discard)
	if err != nil {
		return nil, refuse("%v", err)
	}
	return settings, r.bounded(settings)
}

// bounded returns an error if the server does not want to train so large a network.
func (r *trainRequest) bounded(s *cmdtrain.Settings) error {
	sizes := s.Sizes()
	switch {
	case cli.Parameters(sizes) > maxWeights:
		return refuse("-sizes: %.0f weights and biases; on this page at most %d", cli.Parameters(sizes), maxWeights)
	case len(sizes) > maxLayers:
		return refuse("-sizes: %d layers; on this page at most %d", len(sizes), maxLayers)
	case slices.Max(sizes) > maxLayer:
		return refuse("-sizes: a layer of %d neurons; on this page at most %d", slices.Max(sizes), maxLayer)
	case s.Batch() > maxMiniBatch:
		return refuse("-batch %d: on this page at most %d", s.Batch(), maxMiniBatch)
	case r.Epochs < 0 || r.Epochs > maxEpochs:
		return refuse("%d epochs: want 0 to %d", r.Epochs, maxEpochs)
	case r.From < 0:
		return refuse("from epoch %d: want 0 or more", r.From)
	}
	return nil
}

// resetTraining begins the run of the settings anew.
func (s *server) resetTraining(ctx context.Context, v *visitor, r *trainRequest) (*trainState, error) {
	t, _, leave := v.enter(ctx)
	defer leave()
	if err := s.goOn(v, t, r, true); err != nil {
		return nil, err
	}
	return t.state(0), nil
}

// pauseTraining ends the stream of a run that goes on, and returns where it is.
func (s *server) pauseTraining(ctx context.Context, v *visitor, _ *empty) (*trainState, error) {
	t, _, leave := v.enter(ctx)
	defer leave()
	return t.state(0), nil
}

// trainMiniBatch takes one step.
func (s *server) trainMiniBatch(ctx context.Context, v *visitor, r *trainRequest) (*trainState, error) {
	t, working, leave := v.enter(ctx)
	defer leave()
	if err := s.goOn(v, t, r, false); err != nil {
		return nil, err
	}
	if t.overflow {
		return t.state(r.From), nil
	}
	if !s.trainings.turns.take(working, func() {}) {
		return nil, working.Err()
	}
	defer s.trainings.turns.give()
	miniBatch, before, after := t.steps.MiniBatch()
	state := t.state(r.From)
	if t.publish(v) {
		state.Step = &trainStep{len(miniBatch), figure(before), figure(after)}
	}
	state.Trouble = t.trouble()
	return state, nil
}

// runTraining goes on for some epochs and streams what there is to see.
func (s *server) runTraining(w http.ResponseWriter, r *http.Request) {
	request := new(trainRequest)
	v, err := s.visitor(r)
	if err == nil {
		err = readJSON(w, r, request)
	}
	if err != nil {
		fail(w, err)
		return
	}
	t, working, leave := v.enter(r.Context())
	defer leave()
	if err := s.goOn(v, t, request, false); err != nil {
		fail(w, err)
		return
	}
	stretch := &stretch{turns: s.trainings.turns, v: v, t: t, events: openEvents(w), sent: request.From}
	stretch.run(working, request.Epochs)
}
