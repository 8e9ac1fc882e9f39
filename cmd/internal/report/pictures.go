package report

import (
	"fmt"
	"math"
	"slices"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
	"nndl/nn"
)

// answers draws the first test digit of each kind and what the network says of it.
// It holds no data, only shapes, so that it can stand in a README.
func answers(rs []reading, cols int) []byte {
	g := chart.Grid{Title: "What the network says", Cols: 5, Size: 88, Shapes: true,
		Note: "The first test digit of each kind, and the activations of the ten output neurons beside it"}
	for class := range len(rs[0].output) {
		i := slices.IndexFunc(rs, func(r reading) bool { return r.label == class })
		if i >= 0 {
			c := cell(rs[i], cols)
			c.Caption = fmt.Sprintf("says %d", rs[i].said)
			g.Cells = append(g.Cells, c)
		}
	}
	return g.SVG()
}

// mostMisread is how many misread digits a report shows.
const mostMisread = 60

// misread draws the digits that the network got wrong, the surest mistakes first.
func misread(wrong []reading, cols int) []byte {
	g := chart.Grid{Title: "Misread test digits", Cols: 5, Size: 88, Note: "none"}
	if len(wrong) > 0 {
		g.Note = fmt.Sprintf("All %d, the surest mistakes first", len(wrong))
	}
	if len(wrong) > mostMisread {
		g.Note = fmt.Sprintf("The %d surest of %d mistakes", mostMisread, len(wrong))
		wrong = wrong[:mostMisread]
	}
	for _, r := range wrong {
		g.Cells = append(g.Cells, cell(r, cols))
	}
	return g.SVG()
}

// cell is a test digit with the network's answer beside it.
func cell(r reading, cols int) chart.Cell {
	return chart.Cell{
		Image:   chart.Grey(r.pixels, cols),
		Caption: fmt.Sprintf("%d read as %d", r.label, r.said),
		Hint:    fmt.Sprintf("test digit number %d", r.number),
		Wrong:   r.said != r.label,
		Values:  r.output,
	}
}

// mostNeurons is how many neurons' weights a report shows.
const mostNeurons = 100

// weights draws what each neuron of the first layer behind the input looks for: its
// weights as a picture, each in the place of the pixel that it weighs.
func weights(n *nn.Network, cols int) []byte {
	w := n.Weights[0] // 30×784
	g := chart.Grid{Title: "What each hidden neuron looks for", Cols: 6, Size: 112,
		Note: "Red: ink here excites the neuron; blue: ink here inhibits it; white: no matter"}
	hidden := len(n.Sizes) > 2
	if !hidden {
		g.Title, g.Cols = "What each output neuron looks for", 5
	}
	for j := range min(w.Rows, mostNeurons) {
		row := w.Row(j)
		c := chart.Cell{Image: chart.Weights(row, cols, limit(row)), Caption: fmt.Sprint(j)}
		if len(n.Sizes) == 3 {
			c.Caption = speaksFor(n.Weights[1], j)
		}
		g.Cells = append(g.Cells, c)
	}
	if w.Rows > mostNeurons {
		g.Note = fmt.Sprintf("The first %d of %d. %s", mostNeurons, w.Rows, g.Note)
	}
	return g.SVG()
}

// limit returns the weight that gets the full colour: a few outliers would
// otherwise leave the rest pale.
func limit(row []float64) float64 {
	sizes := make([]float64, len(row))
	for i, v := range row {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	return sizes[len(sizes)*99/100]
}

// speaksFor says which output the hidden neuron j raises most and which it lowers
// most, by the weights w of the output layer, 10×30.
func speaksFor(w *matrix.Matrix, j int) string {
	most, least := 0, 0
	for i := range w.Rows {
		if w.At(i, j) > w.At(most, j) {
			most = i
		}
		if w.At(i, j) < w.At(least, j) {
			least = i
		}
	}
	return fmt.Sprintf("for %d, not %d", most, least)
}

// learning draws the learning curves, the best point of the first marked.
func learning(curves []chart.Series) []byte {
	l := chart.Lines{Title: "Learning curve", XLabel: "epoch", YLabel: "read right, %", Series: curves}
	epoch, y, ok := best(curves)
	if !ok {
		l.Title = "Learning curve: no epoch was trained"
		return l.SVG()
	}
	l.Notes = []chart.Note{{X: epoch, Y: y, Text: fmt.Sprintf("best %.2f %%", y)}}
	return l.SVG()
}

// best returns the highest point of the first curve, the first of them if several are equal.
func best(curves []chart.Series) (epoch, y float64, ok bool) {
	if len(curves) == 0 || len(curves[0].Y) == 0 {
		return 0, 0, false
	}
	i := slices.Index(curves[0].Y, slices.Max(curves[0].Y))
	return curves[0].X[i], curves[0].Y[i], true
}

// confusion draws how often each digit was read as which.
func confusion(rs []reading) []byte {
	classes := len(rs[0].output)
	counts, names := make([][]int, classes), make([]string, classes)
	for i := range counts {
		counts[i], names[i] = make([]int, classes), fmt.Sprint(i)
	}
	for _, r := range rs {
		counts[r.label][r.said]++
	}
	return chart.Confusion{Title: "Confusion matrix", RowLabel: "what it is", ColLabel: "what the network says",
		Names: names, Counts: counts}.SVG()
}
