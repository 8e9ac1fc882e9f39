package docs_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestOrder holds nn/network.go, network.py and the tables of docs/notation.md
// against each other.
func TestOrder(t *testing.T) { checkOrder(readTree(t)).report(t) }

// TestImports holds the packages to importing one way: matrix < nn < mnist < cmd,
// and from outside the standard library alone.
func TestImports(t *testing.T) { checkImports(readTree(t)).report(t) }

// TestLengths holds files and functions to a length that can be read.
func TestLengths(t *testing.T) { checkLengths(readTree(t)).report(t) }

// networkPy is what network.py declares, in its order.
var networkPy = []string{"Network", "__init__", "feedforward", "SGD", "update_mini_batch", "backprop",
	"evaluate", "cost_derivative", "sigmoid", "sigmoid_prime"}

// goName is the Go name of something in network.py.
func goName(python string) string {
	if python == "__init__" {
		return "New"
	}
	name := ""
	for word := range strings.SplitSeq(python, "_") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

// checkOrder looks at what nn/network.go declares and in what order, and at the
// tables of docs/notation.md that say so.
func checkOrder(files tree) (p problems) {
	s, err := files.source("nn/network.go")
	if err != nil {
		return p
	}
	full := map[string]string{} // sigmoid_prime: nn.SigmoidPrime
	i, before := 0, ""
	for _, d := range s.Decls {
		name := ""
		switch d := d.(type) {
		case *ast.FuncDecl:
			name = funcName(d)
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				continue
			}
			name = s.enclosing(d.Pos())
		}
		if before == "Network.Backprop" && name == "Network.backprop" {
			continue // its five steps, in memory that is there already
		}
		before = name
		if i >= len(networkPy) || strings.TrimPrefix(name, "Network.") != goName(networkPy[i]) {
			p.addf(s.name, s.line(d.Pos()), "%s stands here; network.py has %s", name, strings.Join(networkPy, ", "))
			return p
		}
		full[networkPy[i]] = "nn." + name
		i++
	}
	if i < len(networkPy) {
		p.addf(s.name, 1, "network.py's %s is missing", networkPy[i])
	}
	p = append(p, checkFunctionTable(files, full)...)
	p = append(p, checkLayerTables(files)...)
	return p
}

// checkFunctionTable looks at the table network.py – Go of docs/notation.md.
func checkFunctionTable(files tree, full map[string]string) (p problems) {
	var found []string
	for _, row := range tables(notationFile, files[notationFile]) {
		if !slices.Equal(row.head, []string{"network.py", "Go"}) {
			continue
		}
		python := strings.Trim(row.cells[0], "`")
		found = append(found, python)
		if links := linksToGo(row.file, row.cells[1]); len(links) != 1 || links[0].symbol != full[python] {
			p.addf(row.file, row.line, "%s is %s in Go, found %s", python, full[python], row.cells[1])
		}
	}
	if !slices.Equal(found, networkPy) {
		p.addf(notationFile, 1, "the table of functions has %s; network.py has %s", strings.Join(found, ", "), strings.Join(networkPy, ", "))
	}
	return p
}

// index is an index of a Python list with that many elements, from the front and
// from the end, as the tables write them.
func index(i, length int) (front, end string) {
	return strconv.Itoa(i), "−" + strconv.Itoa(length-i)
}

// checkLayerTables computes the tables of docs/notation.md about indices.
func checkLayerTables(files tree) (p problems) {
	const L = 4
	sizes := []int{784, 30, 20, 10}
	sup := []rune("⁰¹²³⁴")
	want := map[string][][]string{}
	var counted, stand, step [][]string
	for l := 1; l <= 3; l++ {
		cells := []string{[]string{"", "1", "2", "3 = L"}[l], strconv.Itoa([]int{784, 30, 10}[l-1]), fmt.Sprintf("`activations[%d]`", l-1), "none"}
		if l > 1 {
			cells[3] = fmt.Sprintf("`zs[%d]`, `Weights[%d]`, `Biases[%d]`", l-2, l-2, l-2)
		}
		counted = append(counted, cells)
	}
	for l := 1; l <= L; l++ {
		front, end := index(l-1, L)
		cells := []string{strconv.Itoa(l), strconv.Itoa(sizes[l-1]), front, end, "none", "none"}
		if l > 1 {
			cells[4], cells[5] = index(l-2, L-1)
		}
		if l == L {
			cells[0] += " = L"
		}
		stand = append(stand, cells)
	}
	for pl := 2; pl < L; pl++ { // for l in xrange(2, self.num_layers)
		layer := func(first, length, index int) string { return string(sup[first+length+index]) }
		step = append(step, []string{strconv.Itoa(pl), strconv.Itoa(L - pl + 1),
			"z" + layer(2, L-1, -pl), "w" + layer(2, L-1, -pl+1), "a" + layer(1, L, -pl-1), "∂C/∂b" + layer(2, L-1, -pl)})
	}
	want["Layer l"], want["Layer, the book's l"], want["network.py's `l`"] = counted, stand, step
	for _, row := range tables(notationFile, files[notationFile]) {
		rows := want[row.head[0]]
		if len(rows) == 0 {
			continue
		}
		if !slices.Equal(row.cells, rows[0]) {
			p.addf(row.file, row.line, "%q: want %q", row.cells, rows[0])
		}
		want[row.head[0]] = rows[1:]
	}
	for head, rows := range want {
		if len(rows) > 0 {
			p.addf(notationFile, 1, "the table that begins with %q lacks %q", head, rows[0])
		}
	}
	return p
}

// layersOfCode are the folders at the top, each of which may import those before
// it and itself.
var layersOfCode = []string{"matrix", "nn", "mnist", "cmd"}

// checkImports looks at the imports of all files but tests.
func checkImports(files tree) (p problems) {
	for _, s := range files.sources() {
		top, _, inside := strings.Cut(s.name, "/")
		own := slices.Index(layersOfCode, top)
		if !s.test() && (own < 0 || !inside) {
			p.addf(s.name, 1, "code stands in %s only", strings.Join(layersOfCode, ", "))
			continue
		}
		for _, spec := range s.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			first, rest, _ := strings.Cut(imported, "/")
			if first != "nndl" {
				if strings.Contains(first, ".") || first == "C" {
					p.addf(s.name, s.line(spec.Pos()), "%s is not of the standard library", imported)
				}
				continue
			}
			other := slices.Index(layersOfCode, strings.Split(rest, "/")[0])
			if !s.test() && other > own {
				p.addf(s.name, s.line(spec.Pos()), "%s imports %s: imports run one way, %s", path.Dir(s.name), imported, strings.Join(layersOfCode, " < "))
			}
		}
	}
	return p
}

// checkLengths looks at the lines of files and functions, tests aside.
func checkLengths(files tree) (p problems) {
	for _, s := range files.sources() {
		if s.test() {
			continue
		}
		most := 300
		if s.name == "nn/network.go" {
			most = 199
		}
		if n := strings.Count(files[s.name], "\n"); n > most {
			p.addf(s.name, n, "%d lines, want at most %d", n, most)
		}
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := s.line(f.End()) - s.line(f.Pos()) + 1; n > 60 {
					p.addf(s.name, s.line(f.Pos()), "%s has %d lines, want at most 60", funcName(f), n)
				}
			}
		}
	}
	return p
}
