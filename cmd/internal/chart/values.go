package chart

import (
	"fmt"
	"math"
)

// valueRoom is the distance between values that are written on a line.
const valueRoom = 84

// values writes the values of the series at its first and its last point and at some
// between them, above the line or below it, and none where a note is.
func (l Lines) values(c *canvas, s Series, x, y axis, above bool) {
	if l.Format == "" {
		return
	}
	last := len(s.Y) - 1
	for last > 0 && !finite(y.at(s.Y[last])) {
		last--
	}
	written := math.Inf(-1) // where the last value is
	for i, v := range s.Y {
		px, py := x.at(s.X[i]), y.at(v)
		if !finite(px) || !finite(py) || px-written < valueRoom || i != last && x.at(s.X[last])-px < valueRoom || l.noted(px, py, x, y) {
			continue
		}
		written = px
		dy, anchor := 18.0, "middle"
		if above {
			dy = -9
		}
		if i == last && i > 0 {
			anchor, px = "end", px+8
		}
		if dy > 0 && py+dy > y.a-4 {
			dy = -9 // not on the axis
		}
		c.text(px, py+dy, "small halo", anchor, fmt.Sprintf(l.Format, v))
	}
}

// noted reports whether a note is so near the point that its word is in the way.
func (l Lines) noted(px, py float64, x, y axis) bool {
	for _, n := range l.Notes {
		if math.Abs(x.at(n.X)-px) < valueRoom && math.Abs(y.at(n.Y)-py) < 30 {
			return true
		}
	}
	return false
}

// above reports whether the series is the highest of all at its end, so that its values
// can be written above it, where no other line is.
func (l Lines) above(i int) bool {
	end := func(s Series) float64 {
		for j := len(s.Y) - 1; j >= 0; j-- {
			if finite(s.Y[j]) {
				return s.Y[j]
			}
		}
		return math.Inf(-1)
	}
	for j, s := range l.Series {
		if j != i && end(s) > end(l.Series[i]) {
			return false
		}
	}
	return true
}
