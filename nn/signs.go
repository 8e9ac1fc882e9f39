package nn

import (
	"fmt"
	"math"
	"slices"

	"nndl/matrix"
)

// Signs are what one look at a network's answers to some examples tells of whether
// its training can work.
type Signs struct {
	Cost    float64   // equation (6) over the examples
	Zero    float64   // what the cost would be if all outputs were 0: ½ for digits
	Answers int       // how many different classes it answered
	Slope   []float64 // mean σ′(zˡ) of each layer l = 2, 3, …, L: at most ¼; near 0 the layer is saturated
	Input   float64   // the largest |input|
}

// Signs looks at the network's answers to data: a thousand examples are enough.
func (t *Trainer) Signs(data []Example) Signs {
	s := Signs{Slope: make([]float64, len(t.Weights))}
	answered := make([]bool, t.Weights[len(t.Weights)-1].Rows)
	for activations, y := range t.Activations(data) {
		for _, v := range activations[0].Data {
			if v = math.Abs(v); v > s.Input {
				s.Input = v
			}
		}
		for i, a := range activations[1:] {
			for _, v := range a.Data {
				s.Slope[i] += v * (1 - v) / float64(len(data)*a.Cols)
			}
		}
		output := activations[len(activations)-1] // m×10
		for i, want := range y.Data {
			d := want - output.Data[i]
			s.Cost += d * d / float64(2*len(data))
			s.Zero += want * want / float64(2*len(data))
		}
		for i := range output.Rows {
			answered[matrix.FromSlice(1, output.Cols, output.Row(i)).ArgMax()] = true
		}
	}
	for _, yes := range answered {
		if yes {
			s.Answers++
		}
	}
	return s
}

// Trouble says in one line what keeps the network from learning, or "" if nothing
// seems to: s is a look after an epoch, before the look before it, at the same
// examples (the zero Signs if there was none). Slow is no trouble, and neither is a
// saturated network that is right.
func (s Signs) Trouble(before Signs) string {
	if math.IsNaN(s.Cost) {
		return "the cost is NaN" + s.cause()
	}
	if before.Slope == nil {
		return ""
	}
	// Of runs on the real digits, good ones kept every slope above 2e-3 as long as
	// the cost was above half of Zero; broken ones had one below 2e-4.
	const saturated = 1e-3
	low := slices.IndexFunc(s.Slope, func(v float64) bool { return v < saturated })
	switch {
	case low >= 0 && slices.Min(before.Slope) < saturated && s.Cost > 0.5*s.Zero && s.Cost > 0.9*before.Cost:
		return fmt.Sprintf("the neurons of layer %d are saturated (mean σ′ = %.0e) and the cost stays at %.2g%s", low+2, s.Slope[low], s.Cost, s.cause())
	case s.Answers == 1 && s.Cost >= before.Cost:
		return fmt.Sprintf("it gives every example the same answer and the cost does not fall from %.3g%s", s.Cost, s.cause())
	}
	return ""
}

// cause names what most often leads to trouble.
func (s Signs) cause() string {
	if s.Input > 4 {
		return fmt.Sprintf("; inputs as large as %.4g are the likely cause: they should lie in 0..1", s.Input)
	}
	return "; a learning rate that is too large is the likely cause"
}
