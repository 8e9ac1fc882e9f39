package chart

import (
	"fmt"
	"math"
	"strings"
)

// Series is one line of a chart, through the points (X[i], Y[i]). It is broken
// where a value is NaN or infinite.
type Series struct {
	Name string
	X, Y []float64
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
	FromZero              bool      // y begins at 0
}

// The size of a line chart and the margins around its axes.
const (
	linesWidth, linesHeight = 720, 400
	left, right             = 72, 24
	bottom                  = 52
)

// SVG returns the drawing.
func (l Lines) SVG() []byte {
	c := newCanvas(linesWidth, linesHeight, l.Title)
	top := 56.0
	if len(l.Series) > 1 {
		top = l.legend(c, 54) + 20
	}
	x, y := l.axes(top)
	for _, v := range y.ticks {
		c.line(left, y.at(v), linesWidth-right, y.at(v), "grid")
		c.text(left-8, y.at(v)+4, "soft", "end", y.label(v))
	}
	for _, v := range x.ticks {
		c.line(x.at(v), linesHeight-bottom, x.at(v), linesHeight-bottom+5, "axis")
		c.text(x.at(v), linesHeight-bottom+19, "soft", "middle", x.label(v))
	}
	c.line(left, linesHeight-bottom, linesWidth-right, linesHeight-bottom, "axis")
	c.text((left+linesWidth-right)/2, linesHeight-12, "", "middle", l.XLabel)
	fmt.Fprintf(c, `<text transform="translate(20 %s) rotate(-90)" text-anchor="middle">%s</text>`+"\n",
		num((top+linesHeight-bottom)/2), escape(l.YLabel))
	for i, s := range l.Series {
		s.draw(c, x, y, i%colors)
	}
	for _, n := range l.Notes {
		n.draw(c, x, y)
	}
	return c.svg()
}

// axes returns the axes for all points.
func (l Lines) axes(top float64) (x, y axis) {
	var xs, ys [][]float64
	whole := true
	for _, s := range l.Series {
		xs, ys = append(xs, s.X), append(ys, s.Y)
		for _, v := range s.X {
			whole = whole && v == math.Trunc(v)
		}
	}
	lo, hi := bounds(xs...)
	x = newAxis(lo, hi, left+10, linesWidth-right-10, 10, whole, false)
	if l.LogX {
		var all []float64
		for _, v := range xs {
			all = append(all, v...)
		}
		x = logAxis(all, left+10, linesWidth-right-10)
		if len(l.Ticks) > 0 {
			x.ticks = l.Ticks
		}
	}
	lo, hi = bounds(ys...)
	if l.FromZero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	return x, newAxis(lo, hi, linesHeight-bottom, top, 6, false, true)
}

// draw draws the line, with a dot for each point if there are few.
func (s Series) draw(c *canvas, x, y axis, color int) {
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
		fmt.Fprintf(&dots, `<circle cx="%s" cy="%s" r="3" class="f%d"/>`+"\n", num(px), num(py), color)
	}
	if path.Len() > 0 {
		fmt.Fprintf(c, `<path d="%s" class="line l%d"/>`+"\n", path.String(), color)
	}
	if len(s.X) <= 60 {
		c.WriteString(dots.String())
	}
}

// legend names the lines, from y = 54 down, and returns where the last name stands.
func (l Lines) legend(c *canvas, y float64) float64 {
	x := 20.0
	for i, s := range l.Series {
		width := 30 + textWidth(s.Name, 13) + 16
		if x+width > linesWidth && x > 20 {
			x, y = 20, y+20
		}
		c.line(x, y-4, x+22, y-4, fmt.Sprintf("line l%d", i%colors))
		c.text(x+30, y, "", "start", s.Name)
		x += width
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
	if px+textWidth(n.Text, 13) > linesWidth-right {
		anchor, dx = "end", -4
	}
	dy := 24.0
	if py+dy > linesHeight-bottom-6 {
		dy = -14
	}
	c.text(px+dx, py+dy, "strong halo", anchor, n.Text)
}
