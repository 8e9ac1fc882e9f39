package main

import (
	"context"
	"encoding/json"
	"math"
	"time"

	"nndl/nn"
)

// A stretch is what one request lets a training do.
type stretch struct {
	turns  turns
	v      *visitor
	t      *training
	events *events
	last   time.Time // of the last event
	sent   int       // how many scores the page has
	err    error     // of sending
}

// tick is the shortest time between two events of a stretch.
const tick = 250 * time.Millisecond

// run goes on for so many epochs, 0 for any number, until ctx is done, the page no longer
// reads or the network overflows.
func (s *stretch) run(ctx context.Context, epochs int) {
	s.send("state", s.t.state(s.sent))
	for n := 0; (n < epochs || epochs == 0) && len(s.t.steps.Result().Scores) < maxEpochs; n++ {
		if !s.turns.take(ctx, func() { s.send("wait", s.t.state(s.sent)) }) {
			break
		}
		ended := s.epoch(ctx)
		s.turns.give()
		if !ended {
			break
		}
	}
	s.t.publish(s.v)
	s.send("end", s.t.state(s.sent))
}

// epoch finishes the epoch under way or runs a whole one, and reports whether the training
// can go on.
func (s *stretch) epoch(ctx context.Context) bool {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := !s.t.overflow && s.t.steps.Epoch(ctx, func(miniBatch []nn.Example) {
		if time.Since(s.last) >= tick && !s.show(miniBatch) {
			stop()
		}
	})
	return ended && ctx.Err() == nil
}

// show exchanges the network that the page shows, sends where the training is, and reports
// whether it can go on.
func (s *stretch) show(miniBatch []nn.Example) bool {
	if !s.t.publish(s.v) {
		return false
	}
	state := s.t.state(s.sent)
	state.Cost = figure(s.t.steps.Cost(miniBatch))
	s.send("state", state)
	return s.err == nil
}

// send sends an event, unless an earlier one could not be sent.
func (s *stretch) send(name string, state *trainState) {
	if s.err == nil {
		s.err = s.events.send(name, state)
	}
	s.sent = state.From + len(state.Scores)
	s.last = time.Now()
}

// trainState is what the page shows of a training. Line is "" and the rest is 0 if there
// is none.
type trainState struct {
	Line    string       `json:"line"`           // the flags of the same run of cmd/train
	Epochs  int          `json:"epochs"`         // that have ended
	Done    int          `json:"done"`           // examples used of the epoch under way
	Of      int          `json:"of"`             // examples of an epoch
	From    int          `json:"from"`           // the epoch of Scores[0]
	Scores  []trainScore `json:"scores"`         // of the epochs from there on
	Cost    figure       `json:"cost"`           // on the last mini-batch, in a stream
	Step    *trainStep   `json:"step,omitempty"` // the one that the page has asked for
	Trouble trainTrouble `json:"trouble"`        // what keeps it from learning
	Odd     string       `json:"odd"`            // what is odd about the images
}

// trainScore is what cmd/train prints after an epoch.
type trainScore struct {
	Correct int           `json:"correct"`
	Of      int           `json:"of"`
	Percent float64       `json:"percent"`
	Seconds float64       `json:"seconds"`
	Monitor *trainMonitor `json:"monitor,omitempty"`
}

// trainMonitor is what -monitor adds.
type trainMonitor struct {
	Percent      float64 `json:"percent"`      // of the training digits
	Cost         figure  `json:"cost"`         // on the test digits
	TrainingCost figure  `json:"trainingCost"` // on the training digits
}

// trainStep is the step of one mini-batch.
type trainStep struct {
	Size   int    `json:"size"`
	Before figure `json:"before"` // the cost on its examples
	After  figure `json:"after"`
}

// trainTrouble is cmdtrain.Trouble, with the Kind "overflow" for a number that is not finite.
type trainTrouble struct {
	Kind  string `json:"kind"`
	Layer int    `json:"layer"`
	Slope figure `json:"slope"`
	Cost  figure `json:"cost"`
	Odd   string `json:"odd"`
}

// trouble returns what keeps the network from learning.
func (t *training) trouble() trainTrouble {
	x := t.steps.Trouble()
	if t.overflow {
		x.Kind = "overflow"
	}
	return trainTrouble{x.Kind, x.Layer, figure(x.Slope), figure(x.Cost), x.Odd}
}

// figure is a float64 that is null in JSON if it is not finite.
type figure float64

// MarshalJSON returns the number or null.
func (x figure) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x - x)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

// state returns where the training is, with the scores from epoch from on.
func (t *training) state(from int) *trainState {
	if t.steps == nil {
		return &trainState{Scores: []trainScore{}}
	}
	result := t.steps.Result()
	from = min(from, len(result.Scores))
	s := &trainState{Line: t.line, Epochs: len(result.Scores), Done: t.steps.Done(), Of: result.Training,
		From: from, Scores: []trainScore{}, Trouble: t.trouble(), Odd: t.steps.Odd()}
	for i, score := range result.Scores[from:] {
		line := trainScore{Correct: score.Test, Of: result.Test, Percent: percent(score.Test, result.Test), Seconds: t.steps.Seconds(from + i)}
		if score.Training >= 0 { // with -monitor
			line.Monitor = &trainMonitor{percent(score.Training, result.Training), figure(score.Cost), figure(score.TrainingCost)}
		}
		s.Scores = append(s.Scores, line)
	}
	return s
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(whole) }
