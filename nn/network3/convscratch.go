package network3

import "nndl/matrix"

// convScratch is what a core needs for the example that it is at.
type convScratch struct {
	patches   matrix.Matrix // 576×25
	v         matrix.Matrix // 576×20
	positions []int         // 2880: of the errors that are not 0
	next      []int         // 576: where in runs the next error at a position goes
	runs      matrix.Runs   // the errors by position
}

// grow makes room for m examples, whose inputs will be in inpt, in training or in a test.
func (c *convTrainer) grow(m int, inpt *matrix.Matrix, training bool) {
	_, nOut := c.layer.sizes()
	c.inpt = inpt
	setRows(&c.a, m, nOut)
	if c.layer.Activation.whole != nil {
		c.z = c.a
	} else {
		setRows(&c.z, m, nOut)
	}
	if len(c.winners) < m*nOut {
		c.winners = make([]int, m*nOut)
	}
	if !training {
		return
	}
	setRows(&c.nabla, m, nOut)
	setRows(&c.nablaB, m, c.mapsOut)
	if len(c.alpha) < m*nOut {
		c.from, c.alpha, c.start = make([]int, m*nOut), make([]float64, m*nOut), make([]int, m*(c.mapsOut+1))
	}
	for c.keepsPatches && len(c.patches) < m {
		c.patches = append(c.patches, *matrix.New(len(c.place), c.w.Cols)) // 576×25
	}
}

// take returns scratch memory that no other core uses, and give gives it back.
func (c *convTrainer) take() *convScratch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.free); n > 0 {
		s := c.free[n-1]
		c.free = c.free[:n-1]
		return s
	}
	return c.newScratch()
}

func (c *convTrainer) give(s *convScratch) {
	c.mu.Lock()
	c.free = append(c.free, s)
	c.mu.Unlock()
}

func (c *convTrainer) newScratch() *convScratch {
	_, nOut := c.layer.sizes()
	s := &convScratch{
		patches:   *matrix.New(len(c.place), c.w.Cols),  // 576×25
		v:         *matrix.New(len(c.place), c.mapsOut), // 576×20
		positions: make([]int, nOut),
		next:      make([]int, len(c.place)),
	}
	s.runs = matrix.Runs{To: c.place, Start: make([]int, len(c.place)+1), From: make([]int, nOut), Alpha: make([]float64, nOut)}
	return s
}
