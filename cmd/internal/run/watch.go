package run

import (
	"fmt"
	"io"
	"math"
	"slices"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// watch looks for signs that a training cannot work, and prints a warning once.
type watch struct {
	trainer *nn.Trainer
	sample  []nn.Example // the same at every look
	odd     string       // what is odd about the images
	before  signs
	trouble Trouble // what was said
}

func newWatch(trainer *nn.Trainer, d mnist.Data) watch {
	sample := d.Training[:min(1000, len(d.Training))]
	return watch{trainer: trainer, sample: sample, odd: oddImages(sample, d.Rows, d.Cols)}
}

// begin reports what is odd about the images, before anything else is blamed, and takes
// the first look.
func (w *watch) begin(stderr io.Writer) {
	if w.odd != "" {
		fmt.Fprintf(stderr, "train: the data is not like MNIST's: %s\n", w.odd)
	}
	w.before = look(w.trainer, w.sample)
}

// look compares the network with the look before, and returns the first thing that looked
// wrong. The training goes on in any case.
func (w *watch) look(stderr io.Writer) string {
	now := look(w.trainer, w.sample)
	if trouble := now.trouble(w.before); trouble.Kind != "" && w.trouble.Kind == "" {
		w.trouble = trouble
		w.trouble.Odd = w.odd
		fmt.Fprintf(stderr, "train: this does not look well: %s\n", w.trouble)
	}
	w.before = now
	return w.trouble.String()
}

// Trouble is what keeps a network from learning.
type Trouble struct {
	Kind  string  // "nan", "saturated" or "same" answer to everything; "" if nothing seems to
	Layer int     // that is saturated
	Slope float64 // its mean σ′
	Cost  float64 // equation (6)
	Odd   string  // what is odd about the images, the likely cause; else it is η
}

// String returns the trouble and its likely cause in one line.
func (t Trouble) String() string {
	what := ""
	switch t.Kind {
	case "":
		return ""
	case "nan":
		what = "the cost is NaN"
	case "saturated":
		what = fmt.Sprintf("the neurons of layer %d are saturated (mean σ′ = %.0e) and the cost stays at %.2g", t.Layer, t.Slope, t.Cost)
	case "same":
		what = fmt.Sprintf("it gives every example the same answer and the cost does not fall from %.3g", t.Cost)
	}
	if t.Odd != "" {
		return what + "; the likely cause is the data: " + t.Odd
	}
	return what + "; a learning rate that is too large is the likely cause"
}

// oddImages returns what is odd about images of rows×cols pixels, "" if nothing is. MNIST's
// are light on dark: 0 is the background and 255 the ink.
func oddImages(sample []nn.Example, rows, cols int) string {
	largest, edge, bright := 0.0, 0, 0
	for _, e := range sample {
		for i, v := range e.X().Data {
			largest = max(largest, v)
			if y, x := i/cols, i%cols; y == 0 || x == 0 || y == rows-1 || x == cols-1 {
				edge++
				if v > 0.5 {
					bright++
				}
			}
		}
	}
	switch {
	case largest > 4:
		return fmt.Sprintf("inputs are as large as %.4g, and should lie in 0..1", largest)
	case largest == 0:
		return "every pixel is 0"
	case largest < 5.0/256:
		return fmt.Sprintf("the largest pixel is %.0f, want 255: they may have been scaled to 0..1 already", 256*largest)
	case 2*bright > edge:
		return "the images are dark on light, and should be inverted: 0 is the background, 255 the ink"
	}
	return ""
}

// signs are what a network's answers to some examples say about whether its training can
// work.
type signs struct {
	cost    float64   // equation (6) over the examples
	zero    float64   // the cost if all outputs were 0: ½ for digits
	answers int       // the number of different answers
	slope   []float64 // mean σ′(zˡ) of each layer l = 2, 3, …, L: at most ¼; near 0 the layer is saturated
}

// look takes a look at the network's answers to data.
func look(t *nn.Trainer, data []nn.Example) signs {
	s := signs{slope: make([]float64, len(t.Weights))}
	answered := make(map[int]bool)
	for activations, y := range t.Activations(data) {
		for i, a := range activations[1:] {
			for _, v := range a.Data {
				s.slope[i] += v * (1 - v) / float64(len(data)*a.Cols)
			}
		}
		output := activations[len(activations)-1] // m×10
		for i, want := range y.Data {
			d := want - output.Data[i]
			s.cost += d * d / float64(2*len(data))
			s.zero += want * want / float64(2*len(data))
		}
		for i := range output.Rows {
			answered[matrix.FromSlice(1, output.Cols, output.Row(i)).ArgMax()] = true
		}
	}
	s.answers = len(answered)
	return s
}

// trouble returns what keeps the network from learning. s is the look after an epoch,
// before is the one before it. Slow learning is no trouble, and neither is a saturated
// network that is right.
func (s signs) trouble(before signs) Trouble {
	// Of runs on the real digits, good ones kept every slope above 2e-3 as long as
	// the cost was above half of zero; broken ones had one below 2e-4.
	const saturated = 1e-3
	low := slices.IndexFunc(s.slope, func(v float64) bool { return v < saturated })
	switch {
	case math.IsNaN(s.cost):
		return Trouble{Kind: "nan"}
	case low >= 0 && slices.Min(before.slope) < saturated && s.cost > 0.5*s.zero && s.cost > 0.9*before.cost:
		return Trouble{Kind: "saturated", Layer: low + 2, Slope: s.slope[low], Cost: s.cost}
	case s.answers == 1 && s.cost >= before.cost:
		return Trouble{Kind: "same", Cost: s.cost}
	}
	return Trouble{}
}
