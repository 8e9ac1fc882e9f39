package chart

import (
	"fmt"
	"math"
	"strings"
)

// Series is one line of a chart, through the points (X[i], Y[i]). It is broken
// where a value is NaN or infinite.
type Series struct {
	Name      string
	X, Y      []float64
	Published bool // the book's values: a dashed line with hollow points
}

// Note is a word beside a point.
type Note struct {
	X, Y float64
	Text string
}

// Lines is a line chart. The labels of the axes name their units.
type Lines struct {
	Title, XLabel, YLabel string
	Series                []Series
	Notes                 []Note
	LogX                  bool      // x is logarithmic, with ticks at the values of X
	Ticks                 []float64 // of a logarithmic x, instead of those
	LogY                  bool      // y is logarithmic, with ticks at powers of ten or between them
	FromZero              bool      // y begins at 0
	Span                  float64   // y spans at least this much, so that a small change looks small
	Format                string    // how values are written at some of the points, as for fmt: "%.2f"; "" writes none
	Alt                   string    // what the drawing shows, in words
	Narrow                bool      // for a telephone
}

// The margins around the axes of a line chart.
const left, right, bottom = 72, 24, 52

// size returns the width and height of the chart.
func (l Lines) size() (width, height float64) {
	if l.Narrow {
		return 358, 320
	}
	return 720, 400
}

// SVG returns the drawing.
func (l Lines) SVG() []byte {
	width, height := l.size()
	c := newCanvas(width, height, l.Title, l.Alt)
	top := 56.0
	if len(l.Series) > 1 {
		top = l.legend(c, 54) + 20
	}
	x, y := l.axes(top)
	for _, v := range y.ticks {
		c.line(left, y.at(v), width-right, y.at(v), "grid")
		c.text(left-8, y.at(v)+4, "soft", "end", y.label(v))
	}
	for _, v := range x.ticks {
		c.line(x.at(v), height-bottom, x.at(v), height-bottom+5, "axis")
		c.text(x.at(v), height-bottom+19, "soft", "middle", x.label(v))
	}
	c.line(left, height-bottom, width-right, height-bottom, "axis")
	c.text((left+width-right)/2, height-12, "", "middle", l.XLabel)
	fmt.Fprintf(c, `<text transform="translate(20 %s) rotate(-90)" text-anchor="middle">%s</text>`+"\n",
		num((top+height-bottom)/2), escape(l.YLabel))
	for i, s := range l.Series {
		s.draw(c, x, y, i%colors)
	}
	for i, s := range l.Series {
		l.values(c, s, x, y, l.above(i))
	}
	for _, n := range l.Notes {
		n.draw(c, x, y)
	}
	return c.svg()
}

// axes returns the axes for all points.
func (l Lines) axes(top float64) (x, y axis) {
	width, height := l.size()
	var xs, ys [][]float64
	whole := true
	for _, s := range l.Series {
		xs, ys = append(xs, s.X), append(ys, s.Y)
		for _, v := range s.X {
			whole = whole && v == math.Trunc(v)
		}
	}
	lo, hi := bounds(xs...)
	x = newAxis(lo, hi, left+10, width-right-10, int(width/70), whole, false)
	if l.LogX {
		var all []float64
		for _, v := range xs {
			all = append(all, v...)
		}
		x = logAxis(all, left+10, width-right-10)
		if len(l.Ticks) > 0 {
			x.ticks = l.Ticks
		}
	}
	if l.LogY {
		return x, decades(height-bottom, top, ys...)
	}
	lo, hi = bounds(ys...)
	if l.FromZero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	lo, hi = widen(lo, hi, l.Span)
	return x, newAxis(lo, hi, height-bottom, top, 6, false, true)
}

// widen returns a range of at least span that contains lo to hi. It extends downwards,
// since per cent end at 100, but not below 0 unless lo is below 0.
func widen(lo, hi, span float64) (float64, float64) {
	if !(hi-lo < span) {
		return lo, hi
	}
	if lo >= 0 && hi < span {
		return 0, span
	}
	return hi - span, hi
}

// draw draws the line, with a dot for each point if there are few.
func (s Series) draw(c *canvas, x, y axis, color int) {
	line, dot := fmt.Sprintf("line l%d", color), fmt.Sprintf("f%d", color)
	if s.Published {
		line, dot = line+" dashed", fmt.Sprintf("l%d hollow", color)
	}
	var path, dots strings.Builder
	pen := "M"
	for i := range min(len(s.X), len(s.Y)) {
		px, py := x.at(s.X[i]), y.at(s.Y[i])
		if !finite(px) || !finite(py) {
			pen = "M"
			continue
		}
		path.WriteString(pen + num(px) + " " + num(py))
		pen = "L"
		fmt.Fprintf(&dots, `<circle cx="%s" cy="%s" r="3" class="%s"/>`+"\n", num(px), num(py), dot)
	}
	if path.Len() > 0 {
		fmt.Fprintf(c, `<path d="%s" class="%s"/>`+"\n", path.String(), line)
	}
	if len(s.X) <= 60 {
		c.WriteString(dots.String())
	}
}

// legend names the lines, from y = 54 down, and returns where the last name is.
func (l Lines) legend(c *canvas, y float64) float64 {
	width, _ := l.size()
	x := 20.0
	for i, s := range l.Series {
		room := 30 + textWidth(s.Name, 13) + 16
		if x+room > width && x > 20 {
			x, y = 20, y+20
		}
		class := fmt.Sprintf("line l%d", i%colors)
		if s.Published {
			class += " dashed"
		}
		c.line(x, y-4, x+22, y-4, class)
		c.text(x+30, y, "", "start", s.Name)
		x += room
	}
	return y
}

// draw rings the point and writes the word below it, to the side where there is room.
func (n Note) draw(c *canvas, x, y axis) {
	px, py := x.at(n.X), y.at(n.Y)
	if !finite(px) || !finite(py) {
		return
	}
	fmt.Fprintf(c, `<circle cx="%s" cy="%s" r="6" fill="none" class="axis"/>`+"\n", num(px), num(py))
	anchor, dx := "start", 4.0
	if px+textWidth(n.Text, 13) > x.b {
		anchor, dx = "end", -4
	}
	dy := 24.0
	if py+dy > y.a-6 {
		dy = -14
	}
	c.text(px+dx, py+dy, "strong halo", anchor, n.Text)
}
