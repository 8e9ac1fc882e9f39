package chart

import (
	"fmt"
	"image"
	"strconv"
)

// Cell is a picture with what is said of it.
type Cell struct {
	Image   image.Image
	Caption string
	Hint    string    // shown when a reader points at the cell
	Wrong   bool      // the caption stands in the colour of mistakes
	Values  []float64 // if any, bars in 0..1 beside the picture, numbered from 0, the longest coloured
}

// Grid is a sheet of pictures.
type Grid struct {
	Title string
	Note  string // a line below the title
	Cols  int    // pictures in a row
	Size  int    // the longer side of a picture on the screen
	Cells []Cell
	// Shapes draws the pictures, which must be grey, as shapes and not as data: code
	// hosts show no drawing in a README that has data inside.
	Shapes bool
}

// SVG returns the drawing.
func (g Grid) SVG() []byte {
	const gap = 14.0
	top, size, cols := 20.0, float64(g.Size), min(max(g.Cols, 1), max(len(g.Cells), 1))
	if g.Title != "" {
		top = 50
	}
	if g.Note != "" {
		top += 20
	}
	width, height, caption := size, size, 0.0
	for _, cell := range g.Cells {
		if len(cell.Values) > 0 {
			width = size + barsWidth
		}
		if cell.Caption != "" {
			caption = 22
		}
	}
	rows := (len(g.Cells) + cols - 1) / cols
	full := max(40-gap+(width+gap)*float64(cols), 40+textWidth(g.Title, 16), 40+textWidth(g.Note, 13))
	c := newCanvas(full, top+(height+caption+gap)*float64(rows)+20-gap, g.Title)
	if g.Note != "" {
		c.text(20, 50, "soft", "start", g.Note)
	}
	for i, cell := range g.Cells {
		cell.draw(c, 20+(width+gap)*float64(i%cols), top+(height+caption+gap)*float64(i/cols), size, g.Shapes)
	}
	return c.svg()
}

const barsWidth = 80 // beside a picture

// draw draws the cell with its upper left corner at (x, y).
func (cell Cell) draw(c *canvas, x, y, size float64, shapes bool) {
	b := cell.Image.Bounds()
	longer := float64(max(b.Dx(), b.Dy(), 1))
	w, h := size*float64(b.Dx())/longer, size*float64(b.Dy())/longer
	if cell.Hint != "" {
		fmt.Fprintf(c, "<g><title>%s</title>\n", escape(cell.Hint))
		defer c.WriteString("</g>\n")
	}
	put := c.picture
	if shapes {
		put = c.shapes
	}
	put(x+(size-w)/2, y+(size-h)/2, w, h, cell.Image)
	if cell.Caption != "" {
		class := "strong"
		if cell.Wrong {
			class += " bad"
		}
		c.text(x+size/2, y+size+17, class, "middle", cell.Caption)
	}
	if len(cell.Values) > 0 {
		cell.bars(c, x+size+12, y, size)
	}
}

// bars draws the values as bars below one another.
func (cell Cell) bars(c *canvas, x, y, height float64) {
	row, best := height/float64(len(cell.Values)), 0
	for i, v := range cell.Values {
		if v > cell.Values[best] {
			best = i
		}
	}
	for i, v := range cell.Values {
		at, class, name := y+row*float64(i), "dim", "small soft"
		if i == best {
			class, name = "right", "small strong"
			if cell.Wrong {
				class = "heat"
			}
		}
		fmt.Fprintf(c, `<text x="%s" y="%s" class="%s" text-anchor="end" style="font-size:%spx">%s</text>`+"\n",
			num(x+8), num(at+row/2+4), name, num(min(row, 12)), strconv.Itoa(i))
		if width := min(v, 1) * (barsWidth - 32); finite(v) && width >= 0.5 {
			c.rect(x+13, at+row*0.14, width, row*0.72, 1, class)
		}
	}
	c.line(x+13, y, x+13, y+height, "axis")
}
