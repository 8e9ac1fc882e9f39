package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
	"nndl/nn"
)

// mostNeurons is how many neurons' weights a report shows.
const mostNeurons = 100

// weights draws what each neuron of the first layer behind the input looks for: its
// weights as a picture, each in the place of its pixel.
func weights(net *nn.Network, cols int) []byte {
	g := chart.Grid{Title: "What each hidden neuron looks for", Cols: 6, Size: sizeOfWeights, Cells: weightCells(net, cols),
		Note: "Orange: ink here excites the neuron; blue: ink here inhibits it"}
	if len(net.Sizes) == 2 {
		g.Title, g.Cols = "What each output neuron looks for", 5
	}
	if of := net.Sizes[1]; of > mostNeurons {
		g.Note = fmt.Sprintf("The first %d of %d. %s", mostNeurons, of, g.Note)
	}
	g.Alt = g.Title + ". " + g.Note
	return g.SVG()
}

// weightCells returns the pictures. Where the next layer is the output, they are sorted
// by the digit for which the neuron speaks most, the strongest first.
func weightCells(net *nn.Network, cols int) []chart.Cell {
	w := net.Weights[0] // 30×784
	neurons := make([]speaker, min(w.Rows, mostNeurons))
	for j := range neurons {
		neurons[j].number = j
		if len(net.Sizes) == 3 {
			neurons[j] = speaksFor(net.Weights[1], j)
		}
	}
	slices.SortStableFunc(neurons, func(a, b speaker) int {
		return cmp.Or(cmp.Compare(a.most, b.most), cmp.Compare(b.strength, a.strength))
	})
	cells := make([]chart.Cell, len(neurons))
	for i, s := range neurons {
		row := w.Row(s.number)
		c := chart.Cell{Image: chart.Weights(row, cols, limit(row)), Caption: fmt.Sprintf("neuron %d", s.number)}
		what := "."
		switch len(net.Sizes) {
		case 2:
			c.Caption = fmt.Sprintf("digit %d", s.number)
		case 3:
			c.Note = fmt.Sprintf("for %d, not %d", s.most, s.least)
			what = fmt.Sprintf(", which speaks most for %d and most against %d.", s.most, s.least)
		}
		c.Alt = fmt.Sprintf("Weights of %s%s Ink in the %s excites it most, in the %s it inhibits it most.", c.Caption, what, strongest(row, cols, 1), strongest(row, cols, -1))
		cells[i] = c
	}
	return cells
}

// limit returns the weight that gets the full colour, so that a few outliers do not leave
// the rest pale.
func limit(row []float64) float64 {
	sizes := make([]float64, len(row))
	for i, v := range row {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	return sizes[len(sizes)*99/100]
}

// speaker is a hidden neuron and the outputs that it raises most and lowers most.
type speaker struct {
	number, most, least int
	strength            float64 // of the weight to most
}

// speaksFor returns the speaker of neuron j, from the weights w of the output layer,
// 10×30.
func speaksFor(w *matrix.Matrix, j int) speaker {
	s := speaker{number: j}
	for i := range w.Rows {
		if w.At(i, j) > w.At(s.most, j) {
			s.most = i
		}
		if w.At(i, j) < w.At(s.least, j) {
			s.least = i
		}
	}
	s.strength = w.At(s.most, j)
	return s
}

// strongest returns the ninth of the image in which the weights of this sign, 1 or −1,
// have the largest sum.
func strongest(row []float64, cols int, sign float64) string {
	rows := len(row) / cols
	var sums [9]float64
	for i, v := range row {
		sums[3*(3*(i/cols)/rows)+3*(i%cols)/cols] += max(0, sign*v)
	}
	most := 0
	for i, v := range sums {
		if v > sums[most] {
			most = i
		}
	}
	return []string{"upper left", "upper middle", "upper right", "middle left", "middle", "middle right", "lower left", "lower middle", "lower right"}[most]
}
