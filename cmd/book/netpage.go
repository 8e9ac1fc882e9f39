package main

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network3"
)

// This file draws what a network of chapter 6 has learned.

// drawNet writes the page of an experiment: of its last network, as after its best epoch.
func (t *netTraining) drawNet(stdout io.Writer) error {
	setParameters(t.network, t.best)
	voters := max(t.net.voters, 1)
	runs := t.done.Nets[len(t.done.Nets)-voters:]
	answers := vote(runs)
	figures := []drawing{t.accuracies()}
	for i, layer := range t.network.Layers {
		if conv, ok := layer.(*network3.ConvPoolLayer); ok {
			figures = append(figures, filters(conv, i+1))
		}
	}
	figures = append(figures, wrongDigits(t.data, answers, voters))
	command := []string{"go run ./cmd/book run"}
	if changed := t.changed(); changed != "" {
		command = append(command, changed)
	}
	command = append(command, "-seed", fmt.Sprint(t.seed), "-runs", fmt.Sprint(t.seeds(t.experiment)), t.experiment.name)
	p := page{figures: figures, rows: t.layerByLayer(), commands: []string{strings.Join(command, " ")}}
	p.note = fmt.Sprintf("The filters and the maps are those of the network of seed %d after epoch %d, the best on the validation images.", t.run.Seed, t.run.best())
	return t.draw(t.experiment, p, stdout)
}

// accuracies are the curves of all networks beside the published accuracy.
func (t *netTraining) accuracies() chart.Lines {
	l := chart.Lines{Title: t.experiment.name + ": " + t.experiment.shows, XLabel: "epoch", YLabel: "accuracy, %", Span: 1}
	for _, r := range t.done.Nets {
		test := chart.Series{Name: fmt.Sprintf("seed %d, test images", r.Seed)}
		validation := chart.Series{Name: fmt.Sprintf("seed %d, validation images", r.Seed)}
		for epoch, s := range r.Scores {
			test.X, test.Y = append(test.X, float64(epoch)), append(test.Y, 100*float64(s.Test)/float64(len(t.data.Test)))
			validation.X, validation.Y = append(validation.X, float64(epoch)), append(validation.Y, 100*float64(s.Validation)/float64(len(t.data.Validation)))
		}
		l.Series = append(l.Series, test)
		if len(t.done.Nets) == 1 {
			l.Series = append(l.Series, validation)
		}
	}
	var published float64
	if fmt.Sscan(t.net.published, &published); published > 0 {
		name := "published"
		if t.net.voters > 0 {
			name = fmt.Sprintf("published, the vote of %d", t.net.voters)
		}
		l.Series = append(l.Series, pointsOf(name, [][2]float64{{0, published}, {float64(t.net.epochs - 1), published}}, false))
	}
	return l
}

// filters are the filters of a layer, turned as (125) has them: a picture for each feature
// map, and in it a filter for each map of the layer before.
func filters(layer *network3.ConvPoolLayer, number int) chart.Grid {
	w := layer.Filters() // 20×25, 40×500
	maps, height, width := layer.FilterShape[1], layer.FilterShape[2], layer.FilterShape[3]
	limit := fullColour(w.Data)
	across := acrossFor(maps)
	g := chart.Grid{Title: fmt.Sprintf("The filters of convolutional layer %d", number), Cols: 10, Size: 60,
		Note: fmt.Sprintf("Orange: light here counts for the feature; blue: against it. Full colour: ±%.2g and beyond.", limit)}
	if maps > 1 {
		g.Cols, g.Size = 6, 116
		g.Note = fmt.Sprintf("Each of the %d maps sees all %d maps before it, through a filter for each. Full colour: ±%.2g and beyond.", w.Rows, maps, limit)
	}
	for f := range w.Rows {
		picture, cols := tile(w.Row(f), height, width, across)
		g.Cells = append(g.Cells, chart.Cell{Image: chart.Weights(picture, cols, limit), Caption: fmt.Sprint("map ", f+1)})
	}
	return g
}

// fullColour is the value that a picture shows in full colour: only one of fifty is larger, or
// the largest would make the others pale.
func fullColour(values []float64) float64 {
	var sizes []float64
	for _, v := range values {
		if v != 0 && !math.IsNaN(v) {
			sizes = append(sizes, math.Abs(v))
		}
	}
	if len(sizes) == 0 {
		return 0
	}
	slices.Sort(sizes)
	return sizes[(len(sizes)-1)*49/50]
}

// acrossFor is how many of n tiles are in a row.
func acrossFor(n int) int {
	across := 1
	for across*across < n || n%across != 0 && across < n {
		across++
	}
	return across
}

// tile puts maps of rows×cols numbers, one after another in all, beside and below one another
// with a gap of one, and returns the picture and its columns.
func tile(all []float64, rows, cols, across int) (picture []float64, width int) {
	n := len(all) / (rows * cols)
	width = across*(cols+1) - 1
	picture = make([]float64, width*((n+across-1)/across*(rows+1)-1))
	for i, v := range all {
		m, j, k := i/(rows*cols), i/cols%rows, i%cols
		picture[(m/across*(rows+1)+j)*width+m%across*(cols+1)+k] = v
	}
	return picture, width
}

// row is a digit on its way through the layers.
type row struct {
	Title string
	Cells []template.HTML
}

// layerByLayer shows the activations for three digits that are read right and one that is
// not.
func (t *netTraining) layerByLayer() (rows []row) {
	seen, wrong := map[int]bool{}, false
	for i, e := range t.data.Test {
		isRight := int(t.run.Answers[i]) == e.Label()
		if isRight && len(seen) < 3 && !seen[e.Label()] || !isRight && !wrong {
			rows = append(rows, t.through(i, e))
			seen[e.Label()], wrong = seen[e.Label()] || isRight, wrong || !isRight
		}
	}
	return rows
}

// through shows one test image layer by layer.
func (t *netTraining) through(i int, e nn.Example) row {
	var r row
	show := func(c chart.Cell, size int) { r.Cells = append(r.Cells, template.HTML(chart.Inline(c.SVG(size)))) }
	show(chart.Cell{Image: chart.Grey(mnist.Pixels(e), t.data.Cols), Caption: fmt.Sprintf("%d×%d", t.data.Rows, t.data.Cols), Note: "the image"}, 84)
	layers := t.network.Layers
	a := matrix.FromSlice(1, t.data.Rows*t.data.Cols, e.X().Data) // 1×784
	outputs := t.network.Feedforward(a)                           // 1×10
	answer := matrix.FromSlice(10, 1, outputs.Data).ArgMax()      // 10×1
	r.Title = fmt.Sprintf("Test image %d, a %d, read as %d", i, e.Label(), answer)
	for i, layer := range layers[:len(layers)-1] {
		a = layer.Output(a) // 1×2880, 1×640, 1×100
		c, size := activationsOf(layer, a.Data)
		if i == len(layers)-2 {
			c.Values, c.Right, c.Wrong = outputs.Data, e.Label(), answer != e.Label()
		}
		show(c, size)
	}
	return r
}

// activationsOf shows the activations of a layer, and how large.
func activationsOf(layer network3.Layer, a []float64) (c chart.Cell, size int) {
	rows, cols, maps := 1, 1, len(a)
	c.Caption, size = fmt.Sprint(len(a), " neurons"), 100
	if conv, ok := layer.(*network3.ConvPoolLayer); ok {
		maps, rows, cols = conv.FilterShape[0], pooled(conv.ImageShape[2]), pooled(conv.ImageShape[3])
		c.Caption, size = fmt.Sprintf("%d maps of %d×%d", maps, rows, cols), 128
	}
	picture, width := a, acrossFor(maps)
	if rows*cols > 1 {
		picture, width = tile(a, rows, cols, width)
	}
	c.Image = chart.Weights(picture, width, fullColour(a))
	largest := 0.0
	for _, v := range a {
		largest = max(largest, math.Abs(v))
	}
	c.Note = fmt.Sprintf("up to %.2g", largest)
	return c, size
}

// maxWrong is how many of the digits that are read wrong a page shows.
const maxWrong = 100

// wrongDigits shows the test digits that are read wrong.
func wrongDigits(d mnist.Data, answers []byte, voters int) chart.Grid {
	g := chart.Grid{Title: "The digits that are read wrong", Cols: 10, Size: 56}
	wrong := 0
	for i, e := range d.Test {
		if int(answers[i]) == e.Label() {
			continue
		}
		if wrong++; wrong <= maxWrong {
			g.Cells = append(g.Cells, chart.Cell{Image: chart.Grey(mnist.Pixels(e), d.Cols), Caption: fmt.Sprintf("%d → %d", e.Label(), answers[i]), Wrong: true,
				Alt: fmt.Sprintf("test image %d, a %d read as %d", i, e.Label(), answers[i])})
		}
	}
	g.Note = fmt.Sprintf("%d of %d; the label → the answer", wrong, len(d.Test))
	if voters > 1 {
		g.Note += fmt.Sprintf(" by the vote of %d networks", voters)
	}
	if wrong > maxWrong {
		g.Note += fmt.Sprintf("; the first %d", maxWrong)
	}
	return g
}
