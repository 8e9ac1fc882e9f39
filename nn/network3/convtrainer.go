package network3

import (
	"math"
	"sync"

	"nndl/matrix"
)

// convTrainer is a [ConvPoolLayer] of a [Trainer]; trainer.go explains the ideas. Maps are last in
// all that it has of an image: the numbers of all maps at one place are neighbours. A position
// is a place that a filter can take, one of 24·24; its patch is what the filter sees there.
type convTrainer struct {
	layer *ConvPoolLayer
	first bool // of the network: no layer before it wants ∂C/∂inpt

	mapsIn, mapsOut int   // 1, 20
	run, step       int   // numbers in a row of a filter, 1·5, and in a row of an image, 1·28
	place           []int // where in an image the patch at a position begins
	keepsPatches    bool  // for the backward pass, because the rows of a filter are short: see update

	w     matrix.Matrix // 20×25, each filter turned, its maps last
	wT    matrix.Matrix // 25×20, the same for the forward pass
	b     matrix.Matrix // 20×1
	tiled matrix.Matrix // 1×2880: b again and again

	inpt    *matrix.Matrix  // 10×784
	z, a    matrix.Matrix   // 10×2880; one memory if a tells the derivative of the activation
	winners []int           // 10·2880 positions: where the maximum of each window is
	patches []matrix.Matrix // 576×25 for each example, if they are kept
	nabla   matrix.Matrix   // 10×2880: ∂C/∂a, then the errors δ, then −ηδ
	nablaB  matrix.Matrix   // 10×20: −ηδ summed over each map of an example

	// The errors that are not 0, for matrix.Runs: those of each filter one after another.
	to, start, from []int
	alpha           []float64

	mu   sync.Mutex
	free []*convScratch
}

// newConvTrainer returns a trainer for the layer, with its parameters.
func newConvTrainer(layer *ConvPoolLayer, first bool) *convTrainer {
	c := &convTrainer{layer: layer, first: first, mapsIn: layer.FilterShape[1], mapsOut: layer.FilterShape[0]}
	c.run, c.step = c.mapsIn*layer.FilterShape[3], c.mapsIn*layer.ImageShape[3]
	rows, cols := layer.convolved()
	for j := range rows {
		for k := range cols {
			c.place = append(c.place, j*c.step+k*c.mapsIn)
		}
	}
	c.keepsPatches = c.run < 32 && len(c.place)*layer.w.Cols < 1<<18 // and they are at most 2 MB
	for f := range c.mapsOut {
		c.to = append(c.to, f*layer.w.Cols)
	}
	c.w, c.wT = *matrix.New(c.mapsOut, layer.w.Cols), *matrix.New(layer.w.Cols, c.mapsOut) // 20×25, 25×20
	c.b.Copy(layer.b)                                                                      // 20×1
	c.eachWeight(func(ours, theirs *float64) { *ours = *theirs })
	_, nOut := layer.sizes()
	c.tiled = *matrix.New(1, nOut) // 1×2880
	c.copies(0, c.mapsOut)
	return c
}

// store copies the parameters to the layer.
func (c *convTrainer) store() {
	c.eachWeight(func(ours, theirs *float64) { *theirs = *ours })
	c.layer.b.Copy(&c.b) // 20×1
}

// eachWeight calls f for each weight, with its place here and in the layer.
func (c *convTrainer) eachWeight(f func(ours, theirs *float64)) {
	height, width := c.layer.FilterShape[2], c.layer.FilterShape[3]
	for i := range c.mapsOut {
		ours, theirs := c.w.Row(i), c.layer.w.Row(i)
		for g := range c.mapsIn {
			for l := range height {
				for m := range width {
					f(&ours[(l*width+m)*c.mapsIn+g], &theirs[(g*height+height-1-l)*width+width-1-m])
				}
			}
		}
	}
}

// copies brings wT and tiled up to date for maps first … end−1.
func (c *convTrainer) copies(first, end int) {
	for f := first; f < end; f++ {
		for k, w := range c.w.Row(f) {
			c.wT.Data[k*c.mapsOut+f] = w
		}
	}
	for i := 0; i < c.tiled.Cols; i += c.mapsOut {
		copy(c.tiled.Data[i+first:i+end], c.b.Data[first:end])
	}
}

// forward is the forward pass of example e, in training or in a test.
func (c *convTrainer) forward(e int, training bool) {
	s := c.take()
	patches := &s.patches
	if c.keepsPatches && training {
		patches = &c.patches[e]
	}
	c.gather(patches.Data, c.inpt.Row(e)) // 576×25
	s.v.Mul(patches, &c.wT)               // 576×25 · 25×20 → 576×20: the sums of (125)
	z := c.z.Row(e)
	_, cols := c.layer.convolved()
	matrix.MaxPool(z, c.winnersOf(e), s.v.Data, cols, c.mapsOut, c.layer.PoolSize[0], c.layer.PoolSize[1])
	c.give(s)
	row(z).Add(row(z), &c.tiled)
	c.layer.Activation.apply(c.a.Row(e), z)
}

// gather copies the patches of an image, one after another.
func (c *convTrainer) gather(patches, image []float64) {
	if c.run == 5 && c.mapsIn == 1 {
		c.gatherFives(patches, image)
		return
	}
	for _, place := range c.place {
		for range c.layer.FilterShape[2] {
			copy(patches[:c.run], image[place:][:c.run])
			patches = patches[c.run:]
			place += c.step
		}
	}
}

// gatherFives is gather for filters five numbers wide, as the book's are, and one map: too few
// numbers for a call of copy. The five of a position are those of the one before, moved on by one.
func (c *convTrainer) gatherFives(patches, image []float64) {
	rows, cols := c.layer.convolved()
	K := c.w.Cols
	for j := range rows {
		for l := range c.layer.FilterShape[2] {
			row := image[(j+l)*c.step:][:c.step]
			to := patches[j*cols*K+5*l:]
			i0, i1, i2, i3 := row[0], row[1], row[2], row[3]
			for k, i4 := range row[4:] {
				p := (*[5]float64)(to[k*K:])
				p[0], p[1], p[2], p[3], p[4] = i0, i1, i2, i3, i4
				i0, i1, i2, i3 = i1, i2, i3, i4
			}
		}
	}
}

func (c *convTrainer) winnersOf(e int) []int { return c.winners[e*c.a.Cols:][:c.a.Cols] }

// backward is the backward pass of example e, for learning rate eta. ∂C/∂a is in nabla, and
// ∂C/∂a of the layer before goes to nablaInpt.
func (c *convTrainer) backward(e int, eta float64, nablaInpt *matrix.Matrix) {
	delta := c.nabla.Row(e)
	c.layer.Activation.timesPrime(delta, c.a.Row(e), c.z.Row(e))
	if !c.first || !c.keepsPatches {
		s := c.take()
		n := c.collect(e, delta, s)
		alpha := c.alpha[e*len(delta):][:n]
		if !c.first {
			c.passBack(e, n, s, nablaInpt.Row(e))
		}
		c.give(s)
		row(alpha).Scale(-eta, row(alpha))
	}
	row(delta).Scale(-eta, row(delta))
	sums := c.nablaB.Row(e)
	clear(sums)
	for i := 0; i < len(delta); i += len(sums) {
		delta := delta[i:][:len(sums)]
		for f, d := range delta {
			sums[f] += d
		}
	}
}

// collect lists the errors of example e that are not 0, filter by filter. It returns how many
// there are, and their positions in s.
func (c *convTrainer) collect(e int, delta []float64, s *convScratch) (n int) {
	winners, alpha, start := c.winnersOf(e), c.alpha[e*len(delta):][:len(delta)], c.startOf(e)
	for f := range c.mapsOut {
		start[f] = n
		for i := f; i < len(delta); i += c.mapsOut {
			s.positions[n], alpha[n] = winners[i], delta[i]
			n += notZero(delta[i])
		}
	}
	start[c.mapsOut] = n
	from := c.from[e*len(delta):]
	for i, p := range s.positions[:n] {
		from[i] = c.place[p]
	}
	return n
}

// startOf returns where the errors of each filter begin in those of example e.
func (c *convTrainer) startOf(e int) []int { return c.start[e*(c.mapsOut+1):][:c.mapsOut+1] }

// notZero returns 0 for 0 and 1 for any other number, NaN too, without a branch.
func notZero(x float64) int {
	u := math.Float64bits(x) << 1 // without the sign
	return int((u | -u) >> 63)
}

// passBack sets nablaInpt to ∂C/∂inpt of example e: (BP2) for the convolution, from the n errors
// that collect has listed. It sorts them by position, so that what they add to a place of the
// image is added there in one go.
func (c *convTrainer) passBack(e, n int, s *convScratch, nablaInpt []float64) {
	start, next := s.runs.Start, s.next
	clear(start)
	for _, p := range s.positions[:n] {
		start[p+1]++
	}
	for p := range next {
		start[p+1] += start[p]
	}
	copy(next, start)
	alpha := c.alpha[e*c.a.Cols:][:n]
	first := c.startOf(e)
	for f, to := range c.to {
		for i := first[f]; i < first[f+1]; i++ {
			p := s.positions[i]
			s.runs.From[next[p]], s.runs.Alpha[next[p]] = to, alpha[i]
			next[p]++
		}
	}
	clear(nablaInpt)
	for l := range c.layer.FilterShape[2] {
		s.runs.Add(nablaInpt[l*c.step:], c.w.Data[l*c.run:], c.run)
	}
}

// update takes a step for filters first … end−1, once backward has done all m examples: (BP3)
// and (BP4) for the convolution. The weights first decay to the given part. An error meets its
// patch row by row, where the image has it, in runs of 5·20 numbers in the second layer. Runs
// of five would be too short: the first layer has kept its patches, of 25 numbers each.
func (c *convTrainer) update(m, first, end int, part float64) {
	K := c.w.Cols
	w := matrix.Matrix{Rows: end - first, Cols: K, Data: c.w.Data[first*K : end*K]} // 20×25
	w.Scale(part, &w)
	for e := range m {
		if c.keepsPatches {
			matrix.AddRows(&w, &c.patches[e], c.nabla.Row(e), c.winnersOf(e), first, c.mapsOut)
		} else {
			n := e * c.a.Cols
			r := matrix.Runs{To: c.to[first:end], Start: c.startOf(e)[first : end+1], From: c.from[n:], Alpha: c.alpha[n:]}
			for l := range c.layer.FilterShape[2] {
				r.Add(c.w.Data[l*c.run:], c.inpt.Row(e)[l*c.step:], c.run)
			}
		}
		for f, v := range c.nablaB.Row(e)[first:end] {
			c.b.Data[first+f] += v
		}
	}
	c.copies(first, end)
}
