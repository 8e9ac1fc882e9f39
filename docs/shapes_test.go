package docs_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"nndl/matrix"
	"nndl/nn"
)

// run is the book's network [784,30,10] with the shapes of all symbols in one
// backpropagation, and in a mini-batch of ten: "w²" is 30×784.
type run struct {
	sizes                 []int
	parameters, miniBatch int
	shapes                map[string][2]int
}

func (r run) add(symbol string, l int, x *matrix.Matrix) {
	r.shapes[strings.ReplaceAll(symbol, "ˡ", string(raised[l]))] = [2]int{x.Rows, x.Cols}
}

var raised = []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")

// runShapes runs it.
var runShapes = sync.OnceValue(func() run {
	rng := rand.New(rand.NewPCG(1, 0))
	net := nn.New([]int{784, 30, 10}, rng)
	r := run{sizes: net.Sizes, miniBatch: 10, shapes: map[string][2]int{}}
	x, y, rows := matrix.New(784, 1), matrix.New(10, 1), matrix.New(r.miniBatch, 784)
	nablaB, nablaW := net.Backprop(x, y)
	a := x
	for symbol, v := range map[string]*matrix.Matrix{"x": x, "y": y, "Xⱼ": x, "aˡ": x, "Aˡ": rows} {
		r.add(symbol, 1, v)
	}
	for i, w := range net.Weights {
		l := i + 2
		r.add("(aˡ)ᵀ", l-1, transposed(a))
		z := new(matrix.Matrix).Mul(w, a)
		z.Add(z, net.Biases[i])
		a = new(matrix.Matrix).Apply(nn.Sigmoid, z)
		rows = new(matrix.Matrix).MulT(rows, w)
		for symbol, v := range map[string]*matrix.Matrix{
			"zˡ": z, "aˡ": a, "wˡ": w, "bˡ": net.Biases[i], "(wˡ)ᵀ": transposed(w), "σ′(zˡ)": z,
			"Σ′(zˡ)": matrix.New(z.Rows, z.Rows), "δˡ": nablaB[i], "∂C/∂bˡ": nablaB[i], "∂C/∂wˡ": nablaW[i],
			"∂C_Xⱼ/∂bˡ": nablaB[i], "∂C_Xⱼ/∂wˡ": nablaW[i], "Σⱼ ∂C_Xⱼ/∂bˡ": nablaB[i], "Σⱼ ∂C_Xⱼ/∂wˡ": nablaW[i],
			"(wˡ)ᵀδˡ": new(matrix.Matrix).TMul(w, nablaB[i]),
			"Zˡ":      rows, "Aˡ": rows, "Δˡ": rows, "σ′(Zˡ)": rows, "(Δˡ)ᵀ": transposed(rows),
		} {
			r.add(symbol, l, v)
		}
		r.parameters += len(nablaB[i].Data) + len(nablaW[i].Data)
	}
	r.add("Y", 0, rows)
	r.add("∇ₐC", 0, net.CostDerivative(a, y))
	for _, symbol := range []string{"v", "Δv", "∇C", "w", "Δw", "eⱼ"} {
		r.shapes[symbol] = [2]int{r.parameters, 1}
	}
	r.shapes["H"] = [2]int{r.parameters, r.parameters} // the second derivatives, (104)
	return r
})

func transposed(x *matrix.Matrix) *matrix.Matrix { return matrix.New(x.Cols, x.Rows) }

// at returns a text about layers with the book's layer l filled in: for l = 2,
// aˡ⁻¹ is a¹ and aᴸ is a³.
func (r run) at(text string, l int) string {
	number := func(n int) string {
		if n < 1 || n > len(r.sizes) {
			return "?"
		}
		return string(raised[n])
	}
	return strings.NewReplacer("ˡ⁺¹", number(l+1), "ˡ⁻¹", number(l-1), "ˡ", number(l),
		"ᴸ⁻¹", number(len(r.sizes)-1), "ᴸ", number(len(r.sizes))).Replace(text)
}

// plain returns 30×784 for s²×s¹, and 10×784 for m×s¹.
func (r run) plain(shape string) string {
	parts := strings.Split(shape, "×")
	for i, part := range parts {
		if l := slices.Index([]string{"", "s¹", "s²", "s³"}, part); l > 0 {
			parts[i] = strconv.Itoa(r.sizes[l-1])
		} else if part == "m" {
			parts[i] = strconv.Itoa(r.miniBatch)
		} else if part == "p" {
			parts[i] = strconv.Itoa(r.parameters)
		}
	}
	return strings.Join(parts, "×")
}

// known returns the shapes of a symbol: of aˡ those of all layers that have it.
func (r run) known(symbol string) (all []string) {
	for l := 1; l <= len(r.sizes); l++ {
		if s, ok := r.shapes[r.at(symbol, l)]; ok {
			all = append(all, fmt.Sprintf("%d×%d", s[0], s[1]))
		}
	}
	if !strings.Contains(symbol, "ˡ") && len(all) > 0 {
		return all[:1]
	}
	return all
}

var (
	shapeColumn = regexp.MustCompile(`^(?:Shape(?:, (?:l =|layer) (\d))?|In \[784,30,10\]|With m = 10)$`)
	shapeItem   = regexp.MustCompile(`(\S+) ([^\s×]+×[^\s,;]+)`)
	between     = regexp.MustCompile(`^(number|…|[\s,;·+⊙→−])*$`)
)

// checkShapes compares the shapes that the tables give for the network [784,30,10] with
// those of that network, run. A column "Shapes in [784,30,10]" has items like w² 30×784;
// the columns of shapeColumn have the shapes of the symbols in the first cell, in general
// or of the layers that the network has.
func checkShapes(files tree) (p problems) {
	r := runShapes()
	for _, name := range files.names(".md") {
		for _, row := range tables(name, files[name]) {
			for i, title := range row.head[:min(len(row.head), len(row.cells))] {
				cell := strings.ReplaceAll(row.cells[i], "<br>", " ")
				m := shapeColumn.FindStringSubmatch(title)
				switch {
				case cell == "number" || cell == "numbers":
				case strings.HasPrefix(title, "Shapes in "):
					p = append(p, r.checkItems(row, cell)...)
				case m != nil:
					want, got := r.symbols(row.cells[0], m[1]), r.shapesOf(cell, row.cells[0], m[1])
					if len(want) == 0 || !slices.Equal(got, want) {
						p.addf(row.file, row.line, "%s, column %s: %s, but running [784,30,10] gives %s", row.cells[0], title, cell, strings.Join(want, ", "))
					}
				}
			}
		}
	}
	return p
}

// symbols returns the shapes of the symbols of a cell, such as `b², b³` or `x = a¹`. In
// the column of a layer aˡ is only of that layer, and so is ∂C_Xⱼ/∂w.
func (r run) symbols(cell, layer string) (all []string) {
	for symbol := range strings.SplitSeq(strings.Trim(cell, "`"), ", ") {
		symbol, _, _ = strings.Cut(symbol, " = ")
		if l, err := strconv.Atoi(layer); err == nil {
			if len(r.known(symbol)) == 0 {
				symbol += "ˡ"
			}
			symbol = r.at(symbol, l)
		}
		all = append(all, r.known(symbol)...)
	}
	return all
}

// shapesOf returns the shapes of a cell, a general one for each layer that has the symbol.
func (r run) shapesOf(cell, symbol, layer string) (all []string) {
	if !strings.Contains(cell, "ˡ") {
		for shape := range strings.SplitSeq(r.at(cell, 2), ", ") {
			all = append(all, r.plain(shape))
		}
		return all
	}
	for l := len(r.sizes) - len(r.symbols(symbol, layer)) + 1; l <= len(r.sizes); l++ {
		all = append(all, r.plain(r.at(cell, l)))
	}
	return all
}

// pairs are the vectors of two numbers in the book's small examples: a perceptron
// with two inputs, the valley of (7) to (11), the vectors of (24) and (28).
var pairs = []string{"x", "w", "v", "Δv", "∇C", "y", "f(x)", "x⊙y"}

// checkItems checks every “w² 30×784” of a cell.
func (r run) checkItems(row tableRow, cell string) (p problems) {
	if rest := shapeItem.ReplaceAllString(cell, ""); !between.MatchString(rest) || !shapeItem.MatchString(cell) {
		p.addf(row.file, row.line, "want numbers or shapes like “w² 30×784 · a¹ 784×1”, found %q", cell)
		return p
	}
	for _, m := range shapeItem.FindAllStringSubmatch(cell, -1) {
		want, got := r.known(m[1]), r.plain(m[2])
		if !slices.Equal(want, []string{got}) && !(slices.Contains(pairs, m[1]) && got == "2×1") {
			p.addf(row.file, row.line, "%s %s, but running [784,30,10] gives %s", m[1], m[2], strings.Join(want, ", "))
		}
	}
	return p
}

var (
	shapeInComment   = regexp.MustCompile(`(\w+)×(\w+)`)
	matrixCall       = regexp.MustCompile(`\.(Add|Sub|Hadamard|Apply|Scale|AddScaled|Copy)\(|= (zerosLike|randn)\(|, randn\(`)
	productCall      = regexp.MustCompile(`\.(?:Add)?(TMul|MulT|Mul)\(`)
	productInComment = regexp.MustCompile(`(\(?)(\w+)×(\w+)(\)ᵀ)? · (\(?)(\w+)×(\w+)(\)ᵀ)? → (\w+)×(\w+)`)
)

// checkShapeComments compares the shapes in the comments of the network's files, such as
// // 30×784 · 784×1 → 30×1, with those of a run, and each product's with the rule of the
// product. No line that makes or changes a matrix may be without.
func checkShapeComments(files tree) (p problems) {
	r := runShapes()
	known := map[string]bool{}
	for symbol := range r.shapes {
		known[r.known(symbol)[0]] = true
	}
	for _, size := range r.sizes {
		known[fmt.Sprintf("m×%d", size)] = true
	}
	for _, name := range []string{"nn/network.go", "nn/trainer.go", "nn/gradcheck.go"} {
		for i, line := range strings.Split(files[name], "\n") {
			code, comment, _ := strings.Cut(line, "//")
			if matrixCall.MatchString(code) && !shapeInComment.MatchString(comment) {
				p.addf(name, i+1, "a matrix without its shape in a comment, as in // 30×1")
			}
			for _, m := range shapeInComment.FindAllString(comment, -1) {
				if !known[m] && strings.ContainsAny(m, "0123456789") {
					p.addf(name, i+1, "%s is not the shape of anything when [784,30,10] runs", m)
				}
			}
			if call := productCall.FindStringSubmatch(code); call != nil && !isProduct(call[1], comment) {
				p.addf(name, i+1, "%s: want a comment like // 30×784 · 784×1 → 30×1 for Mul, (10×30)ᵀ · 10×1 → 30×1 for TMul, 30×1 · (784×1)ᵀ → 30×784 for MulT", call[1])
			}
		}
	}
	return p
}

// isProduct reports whether the shapes that a comment gives are those of that product.
func isProduct(operation, comment string) bool {
	m := productInComment.FindStringSubmatch(comment)
	if m == nil || (m[4] != "") != (operation == "TMul") || (m[8] != "") != (operation == "MulT") {
		return false
	}
	x, y := [2]string{m[2], m[3]}, [2]string{m[6], m[7]}
	if m[4] != "" {
		x[0], x[1] = x[1], x[0]
	}
	if m[8] != "" {
		y[0], y[1] = y[1], y[0]
	}
	return x[1] == y[0] && m[9] == x[0] && m[10] == y[1]
}
