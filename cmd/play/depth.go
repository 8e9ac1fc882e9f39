package main

import (
	"net/http"
	"net/url"
	"strconv"

	"nndl/cmd/internal/deep"
)

const maxHidden = 5

// descents has a place for each descent of chapter 5 that may be at work. One keeps a core
// busy for some seconds, so more of them wait.
var descents = make(chan struct{}, 2)

// routesDepth adds the stream of chapter 5.
func (s *server) routesDepth(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/depth", s.depth)
}

// depthEvent is how fast each hidden layer learns before an epoch.
type depthEvent struct {
	Epoch  int       `json:"epoch"`
	Speeds []float64 `json:"speeds"` // ‖δˡ‖, the first hidden layer first
}

// depthSetting is what the page says of the descent.
type depthSetting struct {
	Sizes  []int   `json:"sizes"`
	Images int     `json:"images"`
	Epochs int     `json:"epochs"`
	Eta    float64 `json:"eta"`
	Lambda float64 `json:"lambda"`
}

// depth trains a network of 1 to 5 hidden layers as cmd/book does, and sends an event
// "setting", one "speeds" for every epoch, and "end". It counts as the visitor's one training,
// and stops when the page no longer listens.
func (s *server) depth(w http.ResponseWriter, r *http.Request) {
	v, err := s.visitor(r)
	if err != nil {
		fail(w, err)
		return
	}
	hidden, seed, err := readDepth(r.URL.Query())
	if err != nil {
		fail(w, err)
		return
	}
	ctx, end := v.begin(r.Context())
	defer end()
	e := openEvents(w) // before it waits, which may take longer than a request may
	select {
	case descents <- struct{}{}:
		defer func() { <-descents }()
	case <-ctx.Done():
		return
	}
	data := s.data.Training[:min(deep.Images, len(s.data.Training))]
	trainer := deep.New(hidden, seed, deep.Lambda, data)
	sizes := []int{trainer.Weights[0].Cols}
	for _, b := range trainer.Biases {
		sizes = append(sizes, b.Rows)
	}
	if e.send("setting", depthSetting{sizes, len(data), deep.Epochs, deep.Eta, deep.Lambda}) != nil {
		return
	}
	for epoch, speeds := range deep.Descent(trainer, data, deep.Epochs, deep.Eta) {
		if ctx.Err() != nil || e.send("speeds", depthEvent{epoch, speeds}) != nil {
			return
		}
	}
	e.send("end", struct{}{})
}

// readDepth reads the number of hidden layers and the seed.
func readDepth(query url.Values) (hidden int, seed uint64, err error) {
	hidden, err = strconv.Atoi(query.Get("hidden"))
	if err != nil || hidden < 1 || hidden > maxHidden {
		return 0, 0, refuse("hidden: want 1 to %d hidden layers, found %.20q", maxHidden, query.Get("hidden"))
	}
	seed, err = strconv.ParseUint(query.Get("seed"), 10, 32)
	if err != nil {
		return 0, 0, refuse("seed: want a number from 0 to 4294967295, found %.20q", query.Get("seed"))
	}
	return hidden, seed, nil
}
