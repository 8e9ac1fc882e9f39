package docs_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

const notationFile = "docs/notation.md"

// TestShapes holds the shapes that the documents give for the network
// [784,30,10] against those of that network, run.
func TestShapes(t *testing.T) { checkShapes(readTree(t), runShapes()).report(t) }

// shapes are what a run has: "w²" is 30×784.
type shapes map[string][2]int

func (s shapes) add(symbol string, l int, x *matrix.Matrix) {
	if l > 0 {
		symbol = strings.ReplaceAll(symbol, "ˡ", string([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[l]))
	}
	s[symbol] = [2]int{x.Rows, x.Cols}
}

// run is the book's network with the shapes of all symbols in one backpropagation.
type run struct {
	sizes                 []int
	parameters, miniBatch int
	shapes
	rows shapes // of a mini-batch, an example in each row
}

// runShapes runs the book's network once for one example, and forward for a
// mini-batch of ten.
func runShapes() run {
	rng := rand.New(rand.NewPCG(1, 0))
	n := nn.New([]int{784, 30, 10}, rng)
	r := run{sizes: n.Sizes, miniBatch: 10, shapes: shapes{}, rows: shapes{}}
	pixels := make([]byte, 784)
	for i := range pixels {
		pixels[i] = byte(rng.IntN(256))
	}
	e := nn.NewPixelExample(pixels, 3, 10)
	nablaB, nablaW := n.Backprop(e.X(), e.Y())
	a, rows := e.X(), matrix.New(r.miniBatch, 784)
	r.add("x", 0, e.X())
	r.add("y", 0, e.Y())
	r.add("Xⱼ", 0, e.X())
	r.add("aˡ", 1, a)
	r.rows.add("Aˡ", 1, rows)
	for i, w := range n.Weights {
		l := i + 2
		r.add("(aˡ)ᵀ", l-1, transposed(a))
		z := new(matrix.Matrix).Mul(w, a)
		z.Add(z, n.Biases[i])
		a = new(matrix.Matrix).Apply(nn.Sigmoid, z)
		rows = new(matrix.Matrix).MulT(rows, w)
		sp := new(matrix.Matrix).Apply(nn.SigmoidPrime, z)
		for symbol, x := range map[string]*matrix.Matrix{
			"zˡ": z, "aˡ": a, "wˡ": w, "bˡ": n.Biases[i], "(wˡ)ᵀ": transposed(w), "σ′(zˡ)": sp,
			"Σ′(zˡ)": matrix.New(z.Rows, z.Rows), "δˡ": nablaB[i], "∂C/∂bˡ": nablaB[i], "∂C/∂wˡ": nablaW[i],
			"∂C_Xⱼ/∂bˡ": nablaB[i], "∂C_Xⱼ/∂wˡ": nablaW[i], "Σⱼ ∂C_Xⱼ/∂bˡ": nablaB[i], "Σⱼ ∂C_Xⱼ/∂wˡ": nablaW[i],
			"(wˡ)ᵀδˡ": new(matrix.Matrix).TMul(w, nablaB[i]),
		} {
			r.add(symbol, l, x)
		}
		for _, symbol := range []string{"Zˡ", "Aˡ", "Δˡ", "σ′(Zˡ)"} {
			r.rows.add(symbol, l, rows)
		}
		r.rows.add("(Δˡ)ᵀ", l, transposed(rows))
		r.parameters += len(nablaB[i].Data) + len(nablaW[i].Data)
	}
	r.rows.add("Y", 0, rows)
	r.rows.add("Aˡ − Y", 3, rows)
	r.add("∇ₐC", 0, n.CostDerivative(a, e.Y()))
	for _, symbol := range []string{"v", "Δv", "∇C", "w", "eⱼ"} {
		r.shapes[symbol] = [2]int{r.parameters, 1}
	}
	return r
}

func transposed(x *matrix.Matrix) *matrix.Matrix { return matrix.New(x.Cols, x.Rows) }

// at returns a text about layers with the book's layer l filled in: for l = 2,
// aˡ⁻¹ is a¹ and aᴸ is a³. It is false if a layer is asked for that there is not.
func (r run) at(text string, l int) (string, bool) {
	number := func(n int) string {
		if n < 1 || n > len(r.sizes) {
			return "?"
		}
		return string([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[n])
	}
	text = strings.NewReplacer("ˡ⁺¹", number(l+1), "ˡ⁻¹", number(l-1), "ˡ", number(l),
		"ᴸ⁻¹", number(len(r.sizes)-1), "ᴸ", number(len(r.sizes))).Replace(text)
	return text, !strings.Contains(text, "?")
}

// size returns what 784, s², m or p is.
func (r run) size(text string) (int, error) {
	if l, ok := strings.CutPrefix(text, "s"); ok {
		for i, d := range []string{"¹", "²", "³"} {
			if l == d {
				return r.sizes[i], nil
			}
		}
	}
	switch text {
	case "m":
		return r.miniBatch, nil
	case "p":
		return r.parameters, nil
	}
	return strconv.Atoi(text)
}

// shape returns what 30×784 or s²×s¹ is.
func (r run) shape(text string) (s [2]int, err error) {
	rows, cols, ok := strings.Cut(text, "×")
	if !ok {
		return s, fmt.Errorf("%q is not a shape", text)
	}
	if s[0], err = r.size(rows); err == nil {
		s[1], err = r.size(cols)
	}
	return s, err
}

var (
	shapeItem = regexp.MustCompile(`(\S+) ([^\s×]+×[^\s,;]+)`)
	between   = regexp.MustCompile(`^(number|numbers|…|[\s,;·+⊙→−])*$`)
)

// checkShapes compares the tables with a run.
func checkShapes(files tree, r run) (p problems) {
	for _, row := range tables(equationsFile, files[equationsFile]) {
		p = append(p, checkShapeCell(r, row, "Shapes in [784,30,10]")...)
	}
	for _, row := range tables(notationFile, files[notationFile]) {
		if row.cell("Symbol") != "" && row.cell("Shape") != "" {
			p = append(p, checkSymbolShapes(r, row)...)
		}
	}
	for _, name := range files.names(".md") {
		for _, row := range tables(name, files[name]) {
			if name != notationFile && row.head[0] == "Symbol" {
				p = append(p, checkPageShapes(r, row)...)
			}
		}
	}
	return p
}

var layerColumn = regexp.MustCompile(`^Shape(?:, (?:l =|layer) (\d))?$`)

// checkPageShapes checks a row of a table in any other page, whose columns are
// called “Shape” or “Shape, l = 2”. The first cell has a symbol, or several with
// commas between them; `x = a¹` is both.
func checkPageShapes(r run, row tableRow) (p problems) {
	for i, title := range row.head {
		m := layerColumn.FindStringSubmatch(title)
		if m == nil || i >= len(row.cells) || row.cells[i] == "number" {
			continue
		}
		l, _ := strconv.Atoi("0" + m[1])
		if l == 0 {
			l = 2
		}
		symbols, cells := strings.Split(strings.Trim(row.cells[0], "`"), ", "), strings.Split(row.cells[i], ", ")
		for j, symbol := range symbols {
			var want [2]int
			known := false
			for _, s := range strings.Split(symbol, " = ") {
				for _, s := range []string{s, s + "ˡ"} { // ∂C_Xⱼ/∂w in the column of a layer
					if at, ok := r.at(s, l); ok && !known {
						want, known = r.shapes[at]
					}
				}
			}
			if !known {
				p.addf(row.file, row.line, "%s is not one of the symbols that runShapes in docs/shapes_test.go knows the shape of", symbol)
			} else if j >= len(cells) || cells[j] != shown(want, true) {
				p.addf(row.file, row.line, "column %s: %s %s, but running [784,30,10] gives %s", title, symbol, row.cells[i], shown(want, true))
			}
		}
	}
	return p
}

// checkShapeCell checks every “w² 30×784” of a cell of docs/equations.md.
func checkShapeCell(r run, row tableRow, column string) (p problems) {
	cell := strings.ReplaceAll(row.cell(column), "<br>", " ")
	if cell == "" || cell == "numbers" {
		return nil
	}
	if rest := shapeItem.ReplaceAllString(cell, ""); !between.MatchString(rest) || !shapeItem.MatchString(cell) {
		p.addf(row.file, row.line, "column %s: want numbers or shapes like “w² 30×784 · a¹ 784×1”, found %q", column, cell)
		return p
	}
	for _, m := range shapeItem.FindAllStringSubmatch(cell, -1) {
		want, known := r.shapes[m[1]]
		if !known {
			want, known = r.rows[m[1]]
		}
		got, err := r.shape(m[2])
		if slices.Contains(pairs, m[1]) && got == [2]int{2, 1} {
			continue
		}
		if !known || err != nil || got != want {
			p.addf(row.file, row.line, "column %s: %s %s, but running [784,30,10] gives %s", column, m[1], m[2], shown(want, known))
		}
	}
	return p
}

// pairs are the vectors of two numbers in the book's small examples: a perceptron
// with two inputs, the valley of (7) to (11), the vectors of (24) and (28).
var pairs = []string{"x", "w", "v", "Δv", "∇C", "y", "f(x)", "x⊙y"}

func shown(s [2]int, known bool) string {
	if !known {
		return "no such symbol"
	}
	return fmt.Sprintf("%d×%d", s[0], s[1])
}

// checkSymbolShapes checks the two columns of shapes of a row of docs/notation.md,
// the general one and that of the network [784,30,10] or of a mini-batch of 10.
func checkSymbolShapes(r run, row tableRow) (p problems) {
	symbol := strings.Trim(row.cell("Symbol"), "`")
	column, known := "In [784,30,10]", r.shapes
	if row.cell(column) == "" {
		column, known = "With m = 10", r.rows
	}
	want := r.every(symbol, known)
	p = append(p, r.checkList(row, column, row.cell(column), want)...)
	return append(p, r.checkList(row, "Shape", r.list(symbol, row.cell("Shape"), len(want)), want)...)
}

// every returns the shapes of a symbol in all layers that have it.
func (r run) every(symbol string, known shapes) (all [][2]int) {
	if !strings.Contains(symbol, "ˡ") {
		symbol, _ = r.at(symbol, 2)
		if s, ok := known[symbol]; ok {
			return [][2]int{s}
		}
		return nil
	}
	for l := 1; l <= len(r.sizes); l++ {
		if at, ok := r.at(symbol, l); ok {
			if s, ok := known[at]; ok {
				all = append(all, s)
			}
		}
	}
	return all
}

// list returns a general shape for each of the last count layers.
func (r run) list(symbol, general string, count int) string {
	if !strings.Contains(symbol, "ˡ") || general == "number" {
		text, _ := r.at(general, 2)
		return text
	}
	var all []string
	for l := len(r.sizes) - count + 1; l <= len(r.sizes); l++ {
		text, ok := r.at(general, l)
		if !ok {
			text = general
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// checkList compares a cell with shapes; without any, it must say “number”.
func (r run) checkList(row tableRow, column, cell string, want [][2]int) (p problems) {
	var texts []string
	for _, s := range want {
		texts = append(texts, fmt.Sprintf("%d×%d", s[0], s[1]))
	}
	if want == nil {
		if cell != "number" {
			p.addf(row.file, row.line, "%s, column %s: %q, want “number”", row.cell("Symbol"), column, cell)
		}
		return p
	}
	parts := strings.Split(cell, ", ")
	for i := range max(len(parts), len(want)) {
		if i < len(parts) && i < len(want) {
			if got, err := r.shape(parts[i]); err == nil && got == want[i] {
				continue
			}
		}
		p.addf(row.file, row.line, "%s, column %s: %q, but running [784,30,10] gives %s", row.cell("Symbol"), column, cell, strings.Join(texts, ", "))
		break
	}
	return p
}
