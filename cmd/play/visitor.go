package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/nn/network2"
)

// maxVisitors is how many visitors the server remembers, and maxUndo how many steps of
// each can be undone: fewer, but at least one, if the networks before them have more than
// maxKept numbers. A network [784,30,10] has 24,000, and takes 190 kB.
const (
	maxVisitors = 128
	maxUndo     = 20
	maxKept     = 500_000
)

// A visitor is one page in a browser: its network, and at most one training.
type visitor struct {
	mu       sync.Mutex
	net      *network2.Network   // the network shown: never changed, only exchanged
	base     *network2.Network   // the one that was ready at the first visit, shared by all
	undo     []*network2.Network // before each of the last steps
	pictured *network2.Network   // the one that has
	pictures []picture           // these pictures of its weights
	cancel   context.CancelFunc  // ends the training, nil if there is none
	run      int                 // counts the trainings
	training training            // its mu guards it
	seen     time.Time           // guarded by visitors.mu
}

// network returns the network shown. It must not be changed.
func (v *visitor) network() *network2.Network {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.net
}

// show exchanges the network, which must not be changed from now on. It cannot be undone.
func (v *visitor) show(net *network2.Network) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.net, v.undo = net, nil
}

// step exchanges the network before for after, unless another one is shown meanwhile.
func (v *visitor) step(before, after *network2.Network) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.net != before {
		return false
	}
	most := min(maxUndo, max(1, int(maxKept/cli.Parameters(before.Sizes))))
	v.undo = append(v.undo, before)
	v.net, v.undo = after, slices.Delete(v.undo, 0, max(0, len(v.undo)-most))
	return true
}

// steps returns how many steps can be undone.
func (v *visitor) steps() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.undo)
}

// undoStep takes the last step back, if there is one, and returns how many are left.
func (v *visitor) undoStep() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.undo) - 1; n >= 0 {
		v.net, v.undo = v.undo[n], v.undo[:n]
	}
	return len(v.undo)
}

// begin starts a training: it ends the one before, and returns a context that is done
// with ctx and when the next one begins or the visitor leaves. The caller calls end.
func (v *visitor) begin(ctx context.Context) (training context.Context, end func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cancel != nil {
		v.cancel()
	}
	training, cancel := context.WithCancel(ctx)
	v.cancel = cancel
	v.run++
	run := v.run
	return training, func() {
		cancel()
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.run == run {
			v.cancel = nil
		}
	}
}

// leave ends the training. The visitor does not come back.
func (v *visitor) leave() {
	v.training.left.Store(true)
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.cancel != nil {
		v.cancel()
	}
}

// visitors are those seen last, by what their pages call themselves.
type visitors struct {
	mu    sync.Mutex
	byID  map[string]*visitor
	ready *network2.Network
}

// get returns the visitor with this id, a new one if there is none. For a new one, when
// there are too many, the one that has been idle the longest leaves.
func (vs *visitors) get(id string) *visitor {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	v := vs.byID[id]
	if v == nil {
		if len(vs.byID) == maxVisitors {
			vs.dropIdle()
		}
		v = &visitor{net: vs.ready, base: vs.ready}
		vs.byID[id] = v
	}
	v.seen = time.Now()
	return v
}

func (vs *visitors) dropIdle() {
	idle := ""
	for id, v := range vs.byID {
		if idle == "" || v.seen.Before(vs.byID[idle].seen) {
			idle = id
		}
	}
	vs.byID[idle].leave()
	delete(vs.byID, idle)
}

// leaveAll ends all trainings.
func (vs *visitors) leaveAll() {
	vs.mu.Lock()
	defer vs.mu.Unlock()
	for _, v := range vs.byID {
		v.leave()
	}
}

// validID reports whether id is 128 bits in hexadecimal.
func validID(id string) bool {
	for _, c := range id {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return len(id) == 32
}
