package docs_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"
)

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

// imports says what a folder at the top may import besides itself.
var imports = map[string][]string{"matrix": {}, "nn": {"matrix"}, "mnist": {"matrix", "nn"}, "cmd": {"matrix", "nn", "mnist"}}

// siblings are packages within nn that use nn and not one another.
var siblings = []string{"nn/network2", "nn/network3"}

// checkImports holds the files but tests to importing one way, matrix < nn < (nn/network2,
// nn/network3, mnist) < cmd, and all to the standard library.
func checkImports(files tree) (p problems) {
	for _, s := range files.sources() {
		top, _, inside := strings.Cut(s.name, "/")
		if own, ok := imports[top]; !s.test() && (!ok || !inside) {
			p.addf(s.name, 1, "code is in matrix, nn, mnist and cmd only, found %s, which may import %v", s.name, own)
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
			other, _, _ := strings.Cut(rest, "/")
			ok := other == top || slices.Contains(imports[top], other)
			if sibling := slices.IndexFunc(siblings, func(s string) bool { return rest == s || strings.HasPrefix(rest, s+"/") }); sibling >= 0 {
				ok = top == "cmd" || strings.HasPrefix(s.name, siblings[sibling]+"/")
			}
			if !s.test() && !ok {
				p.addf(s.name, s.line(spec.Pos()), "%s imports %s: imports run one way, matrix < nn < (nn/network2, nn/network3, mnist) < cmd", path.Dir(s.name), imported)
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
