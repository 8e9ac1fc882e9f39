package main

import (
	"fmt"
	"slices"
	"strings"

	"nndl/cmd/internal/tour"
	"nndl/matrix"
)

// A line of values has their name, their shape, and numbers of eight characters each.
const (
	nameWidth   = 11
	shapeWidth  = 7
	numberWidth = 8
)

// whole is how many elements a vector may have to be shown whole.
const whole = 10

// value writes the name, the shape and the values of x: a small vector whole, a large one
// or a matrix as its smallest, mean and largest element and a histogram.
func (p *page) value(name string, x *matrix.Matrix) {
	if x.Cols == 1 && x.Rows <= whole {
		p.vector(name, x)
		return
	}
	mean := 0.0
	for _, v := range x.Data {
		mean += v / float64(len(x.Data))
	}
	summary := fmt.Sprintf(" min %7s  mean %7s  max %7s", tour.Number(slices.Min(x.Data)), tour.Number(mean), tour.Number(slices.Max(x.Data)))
	first := p.label(name, tour.Shape(x))
	if room := p.width - 2 - nameWidth - max(shapeWidth, count(tour.Shape(x))) - count(summary) - 4; room >= 12 {
		p.line("%s%s  ▕%s▏", first, summary, histogram(x.Data, min(bins, room)))
		return
	}
	p.line("%s%s", first, summary)
	p.line("%s ▕%s▏", p.label("", ""), histogram(x.Data, bins))
}

// label returns the beginning of a line of values.
func (p *page) label(name, shape string) string {
	return pad(name, nameWidth) + p.paint(grey, pad(shape, shapeWidth))
}

// perLine is how many numbers fit on a line.
func (p *page) perLine() int {
	if 2+nameWidth+shapeWidth+whole*numberWidth <= p.width {
		return whole
	}
	return whole / 2
}

// vector writes all elements of a vector.
func (p *page) vector(name string, x *matrix.Matrix) {
	shape := tour.Shape(x)
	for row := range slices.Chunk(x.Data, p.perLine()) {
		p.line("%s%s", p.label(name, shape), numbers(row))
		name, shape = "", ""
	}
}

// table writes all elements of a vector below the last digits of their numbers, and before
// each line the number of its first element.
func (p *page) table(name string, x *matrix.Matrix) {
	n := p.perLine()
	header := ""
	for i := range min(n, x.Rows) {
		header += right(fmt.Sprint(i), numberWidth)
	}
	p.line("%s%s", p.label(name, tour.Shape(x)), p.paint(grey, header))
	i := 0
	for row := range slices.Chunk(x.Data, n) {
		p.line("%s%s", p.paint(grey, right(fmt.Sprint(i), nameWidth+shapeWidth)), numbers(row))
		i += len(row)
	}
}

// numbers writes numbers side by side.
func numbers(vs []float64) string {
	var s strings.Builder
	for _, v := range vs {
		s.WriteString(right(tour.Number(v), numberWidth))
	}
	return s.String()
}

// bins is how many bars a histogram has at most.
const bins = 24

// legend says what a histogram is.
const legend = "▕▂▁█▁ ▁▏ is a histogram: how many of the values lie in each part of the range from min to max. █ is the fullest part, a blank one has none."

// histogram draws how many of the values lie in each of n parts of their range. A part
// that has any gets at least the lowest bar.
func histogram(values []float64, n int) string {
	least, most := slices.Min(values), slices.Max(values)
	counts := make([]int, n)
	for _, v := range values {
		bin := n / 2
		if most > least {
			bin = int(float64(n) * ((v - least) / (most - least)))
		}
		counts[max(0, min(bin, n-1))]++
	}
	highest := slices.Max(counts)
	bars := make([]rune, n)
	for i, c := range counts {
		bars[i] = []rune(" ▁▂▃▄▅▆▇█")[(8*c+highest-1)/highest]
	}
	return string(bars)
}
