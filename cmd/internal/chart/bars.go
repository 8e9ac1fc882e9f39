package chart

import "strconv"

// Bars is a bar chart: a horizontal bar for each value, with its label before it and the
// value after it.
type Bars struct {
	Title, XLabel string // XLabel names the unit
	Labels        []string
	Values        []float64 // a NaN has no bar
	Mark          float64   // a line at this value, unless it is 0
	MarkLabel     string
}

// SVG returns the drawing. Values below 0 go to the left.
func (b Bars) SVG() []byte {
	const width, row = 720.0, 30.0
	top := 50.0
	if b.Mark != 0 {
		top = 74
	}
	n := min(len(b.Labels), len(b.Values))
	height := top + row*float64(n) + 62
	c := newCanvas(width, height, b.Title, "")
	names := 40.0
	for _, s := range b.Labels[:n] {
		names = min(max(names, textWidth(s, 13)+36), width/2)
	}
	lo, hi := bounds(b.Values[:n], []float64{0, b.Mark})
	x := newAxis(lo, hi, names, width-72, 7, false, true)
	foot := top + row*float64(n) + 4
	for _, v := range x.ticks {
		c.line(x.at(v), top, x.at(v), foot, "grid")
		c.text(x.at(v), foot+17, "soft", "middle", x.label(v))
	}
	if b.Mark != 0 && finite(b.Mark) {
		c.line(x.at(b.Mark), top-6, x.at(b.Mark), foot, "mark")
		c.text(x.at(b.Mark), top-10, "soft", "middle", b.MarkLabel)
	}
	for i, v := range b.Values[:n] {
		y := top + row*float64(i)
		c.text(names-10, y+row/2+5, "", "end", b.Labels[i])
		if !finite(v) {
			c.text(x.at(0)+6, y+row/2+5, "soft", "start", "no value")
			continue
		}
		from, to := min(x.at(0), x.at(v)), max(x.at(0), x.at(v))
		c.rect(from, y+5, to-from, row-8, 1, "f0")
		c.text(to+6, y+row/2+5, "strong halo", "start", short(v))
	}
	c.line(x.at(0), top, x.at(0), foot, "axis")
	c.text((names+width-72)/2, foot+40, "", "middle", b.XLabel)
	return c.svg()
}

// short writes a value with three significant digits.
func short(v float64) string {
	if v >= 100 || v <= -100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
