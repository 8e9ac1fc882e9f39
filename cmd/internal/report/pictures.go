package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"nndl/cmd/internal/chart"
)

// learning draws the learning curves and marks the best point of the first. The axis
// spans at least five points, so that 0.06 points do not look like a cliff.
func learning(curves []chart.Series, narrow bool) []byte {
	l := chart.Lines{Title: "Learning curve", XLabel: "epoch", YLabel: "read right, %", Series: curves,
		Span: 5, Format: "%.2f", Narrow: narrow}
	epoch, y, ok := best(curves)
	if !ok {
		l.Title = "Learning curve: no epoch was trained"
		return l.SVG()
	}
	l.Notes = []chart.Note{{X: epoch, Y: y, Text: fmt.Sprintf("best %.2f", y)}}
	l.Alt = fmt.Sprintf("Learning curve. %s; best %.2f %% after epoch %g.", strings.Join(inWords(curves), "; "), y, epoch)
	return l.SVG()
}

// costs draws the costs after each epoch.
func costs(curves []chart.Series, narrow bool) []byte {
	l := chart.Lines{Title: "The cost", XLabel: "epoch", YLabel: "cost", Series: curves, Narrow: narrow, FromZero: true}
	var words []string
	for _, s := range curves {
		if last := len(s.Y) - 1; last >= 0 {
			words = append(words, fmt.Sprintf("%s: from %.3g to %.3g", s.Name, s.Y[0], s.Y[last]))
		}
	}
	l.Alt = "The cost. " + strings.Join(words, "; ") + "."
	return l.SVG()
}

// inWords says where each curve begins and ends.
func inWords(curves []chart.Series) []string {
	var words []string
	for _, s := range curves {
		i := slices.IndexFunc(s.Y, func(v float64) bool { return !math.IsNaN(v) })
		if last := len(s.Y) - 1; i >= 0 && i < last {
			words = append(words, fmt.Sprintf("%s: from %.2f %% after epoch %g to %.2f %% after epoch %g", s.Name, s.Y[i], s.X[i], s.Y[last], s.X[last]))
		} else if i >= 0 {
			words = append(words, fmt.Sprintf("%s: %.2f %% after epoch %g", s.Name, s.Y[i], s.X[i]))
		}
	}
	return words
}

// best returns the highest point of the first curve, the first of them if several are equal.
func best(curves []chart.Series) (epoch, y float64, ok bool) {
	if len(curves) == 0 {
		return 0, 0, false
	}
	for i, v := range curves[0].Y {
		if v > y || !ok && !math.IsNaN(v) {
			epoch, y, ok = curves[0].X[i], v, true
		}
	}
	return epoch, y, ok
}

// The size of a picture on the screen, with bars beside it and without.
const sizeWithBars, sizeOfWeights = 88, 112

// firstOfEach returns the first reading of each digit.
func firstOfEach(rs []reading) []reading {
	var first []reading
	for digit := range rs[0].output {
		if i := slices.IndexFunc(rs, func(r reading) bool { return r.label == digit }); i >= 0 {
			first = append(first, rs[i])
		}
	}
	return first
}

// answers draws the first test digit of each kind and what the network says about it. It
// is drawn in shapes, without data, so that it can be shown in a README.
func answers(rs []reading, cols int) []byte {
	g := chart.Grid{Title: "What the network says", Cols: 5, Size: sizeWithBars, Shapes: true,
		Note: "The first digit of each kind, and the activations of the ten output neurons beside it"}
	said := make([]string, 0, 10)
	for _, r := range firstOfEach(rs) {
		g.Cells = append(g.Cells, r.cell(cols))
		said = append(said, fmt.Sprintf("%d as %d", r.label, r.said))
	}
	g.Alt = "The first digit of each kind is read: " + strings.Join(said, ", ") + "."
	return g.SVG()
}

// mostMisread is how many misread digits a report shows.
const mostMisread = 60

// misread draws the digits that the network got wrong, the surest mistakes first.
func misread(wrong []reading, cols int) []byte {
	g := chart.Grid{Title: "Misread digits", Cols: 5, Size: sizeWithBars, Note: shownOf(wrong)}
	g.Alt = g.Title + ". " + g.Note
	for _, r := range wrong[:min(len(wrong), mostMisread)] {
		g.Cells = append(g.Cells, r.cell(cols))
	}
	return g.SVG()
}

// shownOf says which of the misread digits are shown.
func shownOf(wrong []reading) string {
	switch n := len(wrong); {
	case n == 0:
		return "None"
	case n > mostMisread:
		return fmt.Sprintf("The %d surest of %d mistakes", mostMisread, n)
	default:
		return fmt.Sprintf("All %d, the surest mistakes first", n)
	}
}

// cell is a test digit with the network's answer beside it.
func (r reading) cell(cols int) chart.Cell {
	return chart.Cell{
		Image:   chart.Grey(r.pixels, cols),
		Caption: fmt.Sprintf("%d read as %d", r.label, r.said),
		Note:    fmt.Sprintf("number %d", r.number),
		Wrong:   r.said != r.label,
		Values:  r.output,
		Right:   r.label,
		Alt: fmt.Sprintf("Digit number %d, a %d, read as %d: output %d is %.2f, output %d is %.2f.",
			r.number, r.label, r.said, r.said, number(r.output[r.said]), r.label, number(r.output[r.label])),
	}
}

// number returns v, or 0 for a NaN.
func number(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// confusion draws how often each digit was read as which.
func confusion(rs []reading, narrow bool) []byte {
	classes := len(rs[0].output)
	counts, names := make([][]int, classes), make([]string, classes)
	for i := range counts {
		counts[i], names[i] = make([]int, classes), fmt.Sprint(i)
	}
	for _, r := range rs {
		counts[r.label][r.said]++
	}
	return chart.Confusion{Title: "Confusion matrix", RowLabel: "what it is", ColLabel: "what the network says",
		Names: names, Counts: counts, Narrow: narrow,
		Alt: fmt.Sprintf("Confusion matrix of %d digits, the right answers on the diagonal. %s.", len(rs), frequent(counts))}.SVG()
}

// frequent says which the most frequent mistakes are.
func frequent(counts [][]int) string {
	type mistake struct{ is, said, n int }
	var mistakes []mistake
	for i, row := range counts {
		for j, n := range row {
			if i != j && n > 0 {
				mistakes = append(mistakes, mistake{i, j, n})
			}
		}
	}
	if len(mistakes) == 0 {
		return "There are no mistakes"
	}
	slices.SortStableFunc(mistakes, func(a, b mistake) int { return cmp.Compare(b.n, a.n) })
	var words []string
	for _, m := range mistakes[:min(3, len(mistakes))] {
		words = append(words, fmt.Sprintf("%d read as %d (%d)", m.is, m.said, m.n))
	}
	return "The most frequent mistakes: " + strings.Join(words, ", ")
}
