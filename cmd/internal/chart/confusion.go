package chart

import "fmt"

// Confusion is a confusion matrix: Counts[i][j] examples of class i were taken for
// class j. The diagonal, the right answers, is plain grey. The mistakes are coloured, the
// most frequent ones most strongly.
type Confusion struct {
	Title              string
	RowLabel, ColLabel string // what rows and columns are
	Names              []string
	Counts             [][]int // len(Names) rows of as many
	Alt                string  // what the drawing shows, in words
	Narrow             bool    // small cells and no per cent, for a telephone
}

// SVG returns the drawing. Shapes that do not fit panic.
func (m Confusion) SVG() []byte {
	n, most := len(m.Names), 1
	if len(m.Counts) != n {
		panic(fmt.Sprintf("chart: Confusion: %d rows for %d names", len(m.Counts), n))
	}
	for i, row := range m.Counts {
		if len(row) != n {
			panic(fmt.Sprintf("chart: Confusion: row %d of %d columns for %d names", i, len(row), n))
		}
		for j, v := range row {
			if i != j {
				most = max(most, v)
			}
		}
	}
	cell, top, leftEdge, rightEdge := 44.0, 104.0, 84.0, 90.0
	if m.Narrow {
		cell, leftEdge, rightEdge = 30, 50, 8
	}
	size := cell * float64(n)
	c := newCanvas(leftEdge+size+rightEdge, top+size+28, m.Title, m.Alt)
	c.text(leftEdge+size/2, top-34, "", "middle", m.ColLabel)
	fmt.Fprintf(c, `<text transform="translate(%s %s) rotate(-90)" text-anchor="middle">%s</text>`+"\n", num(leftEdge*0.36), num(top+size/2), escape(m.RowLabel))
	if !m.Narrow {
		c.text(leftEdge+size+rightEdge-10, top-12, "soft", "end", "right")
	}
	for i, row := range m.Counts {
		x, y := leftEdge+cell*float64(i), top+cell*float64(i)
		c.text(x+cell/2, top-12, "strong", "middle", m.Names[i])
		c.text(leftEdge-10, y+cell/2+5, "strong", "end", m.Names[i])
		sum := 0
		for j, v := range row {
			sum += v
			m.cell(c, leftEdge+cell*float64(j), y, cell, i == j, v, most)
		}
		if sum > 0 && !m.Narrow {
			c.text(leftEdge+size+rightEdge-10, y+cell/2+5, "soft", "end", fmt.Sprintf("%.1f %%", 100*float64(row[i])/float64(sum)))
		}
	}
	return c.svg()
}

// How opaque the colours of the most frequent mistake and of a right answer are.
const strongest, onDiagonal = 0.6, 0.35

// cell draws one count.
func (m Confusion) cell(c *canvas, x, y, size float64, diagonal bool, v, most int) {
	c.rect(x+1, y+1, size-2, size-2, 1, "cell")
	class := ""
	switch {
	case diagonal:
		c.rect(x+1, y+1, size-2, size-2, onDiagonal, "dim")
		class = "strong"
	case v > 0:
		c.rect(x+1, y+1, size-2, size-2, 0.08+(strongest-0.08)*float64(v)/float64(most), "heat")
		class = ""
	default:
		return
	}
	if m.Narrow {
		class = "small"
	}
	c.text(x+size/2, y+size/2+5, class, "middle", fmt.Sprint(v))
}
