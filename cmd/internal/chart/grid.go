package chart

import (
	"fmt"
	"image"
	"strconv"
)

// Cell is a picture with its words and bars.
type Cell struct {
	Image   image.Image
	Caption string // below the picture
	Note    string // below the caption
	Wrong   bool   // the caption has the colour of mistakes
	Alt     string // what the picture shows, in words

	// Values, if any, are bars from 0 to 1 beside the picture, numbered from 0. The longest
	// is coloured, and that at Right, which should be the longest, is marked.
	Values []float64
	Right  int
}

// Grid is a sheet of pictures.
type Grid struct {
	Title string
	Note  string // a line below the title
	Alt   string // what the drawing shows, in words
	Cols  int    // pictures in a row
	Size  int    // the longer side of a picture on the screen
	Cells []Cell
	// Shapes draws the pictures, which must be grey, as shapes and not as embedded data:
	// in a README, code hosts do not show a drawing with data.
	Shapes bool
}

// SVG returns the drawing.
func (g Grid) SVG() []byte {
	const gap = 16.0
	top, size, cols := 20.0, float64(g.Size), min(max(g.Cols, 1), max(len(g.Cells), 1))
	if g.Title != "" {
		top = 50
	}
	if g.Note != "" {
		top += 20
	}
	width, height := 0.0, 0.0
	for _, cell := range g.Cells {
		w, h := cell.extent(size)
		width, height = max(width, w), max(height, h)
	}
	rows := (len(g.Cells) + cols - 1) / cols
	full := max(40-gap+(width+gap)*float64(cols), 40+textWidth(g.Title, 16), 40+textWidth(g.Note, 13))
	c := newCanvas(full, top+(height+gap)*float64(rows)+20-gap, g.Title, g.Alt)
	if g.Note != "" {
		c.text(20, 50, "soft", "start", g.Note)
	}
	for i, cell := range g.Cells {
		cell.draw(c, 20+(width+gap)*float64(i%cols), top+(height+gap)*float64(i/cols), size, g.Shapes)
	}
	return c.svg()
}

// SVG returns the cell as a drawing of its own, for a page that has [Style]; size is the
// longer side of the picture.
func (cell Cell) SVG(size int) []byte {
	c := new(canvas)
	width, height := cell.extent(float64(size))
	c.begin(width, height, cell.Alt)
	cell.draw(c, 0, 0, float64(size), false)
	return c.svg()
}

// Beside a picture are bars: the number of each, the bar, and room for the mark. A row is
// as high as a number of 12 pixels needs.
const (
	barsGap, barLength, markWidth = 12, 46, 12
	barsRow                       = 13.2
	lineHeight                    = 17 // of a caption
)

// extent returns the room that the cell takes.
func (cell Cell) extent(size float64) (width, height float64) {
	width, height = size, size
	for _, s := range []string{cell.Caption, cell.Note} {
		if s != "" {
			height += lineHeight
		}
	}
	if n := len(cell.Values); n > 0 {
		width += barsGap + 13 + barLength + markWidth
		height = max(height, barsRow*float64(n))
	}
	return width, height
}

// draw draws the cell with its upper left corner at (x, y).
func (cell Cell) draw(c *canvas, x, y, size float64, shapes bool) {
	b := cell.Image.Bounds()
	longer := float64(max(b.Dx(), b.Dy(), 1))
	w, h := size*float64(b.Dx())/longer, size*float64(b.Dy())/longer
	put := c.picture
	if shapes {
		put = c.shapes
	}
	put(x+(size-w)/2, y+(size-h)/2, w, h, cell.Image)
	class := "strong"
	if cell.Wrong {
		class += " bad"
	}
	below := y + size
	if cell.Caption != "" {
		below += lineHeight
		c.text(x+size/2, below-1, class, "middle", cell.Caption)
	}
	if cell.Note != "" {
		c.text(x+size/2, below+lineHeight-2, "small soft", "middle", cell.Note)
	}
	if len(cell.Values) > 0 {
		cell.bars(c, x+size+barsGap, y)
	}
}

// bars draws the values as bars below one another.
func (cell Cell) bars(c *canvas, x, y float64) {
	best := 0
	for i, v := range cell.Values {
		if v > cell.Values[best] {
			best = i
		}
	}
	for i, v := range cell.Values {
		at, class, name := y+barsRow*float64(i), "dim", "small soft"
		if i == best {
			class, name = "right", "small strong"
			if cell.Wrong {
				class = "heat"
			}
		}
		c.text(x+8, at+barsRow/2+4.5, name, "end", strconv.Itoa(i))
		if width := min(v, 1) * barLength; finite(v) && width >= 0.5 {
			c.rect(x+13, at+2, width, barsRow-4, 1, class)
		}
		if i == cell.Right {
			c.rect(x+13, at+1, barLength, barsRow-2, 1, "frame")
			fmt.Fprintf(c, `<path d="M%s %sl3 3l5-7" class="tick"/>`+"\n", num(x+13+barLength+3), num(at+barsRow/2+1))
		}
	}
	c.line(x+13, y, x+13, y+barsRow*float64(len(cell.Values)), "axis")
}
