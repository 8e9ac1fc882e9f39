package docs_test

import (
	"go/ast"
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

// checkOrder compares what nn/network.go exports, in order, with what network.py declares,
// and with the table network.py – Go of docs/notation.md.
func checkOrder(files tree) (p problems) {
	s, err := files.source("nn/network.go")
	if err != nil {
		return p
	}
	var exported []string
	for _, d := range s.inOrder {
		i := len(exported)
		if name := strings.TrimPrefix(d.name, "Network."); !ast.IsExported(name) {
			continue // network.py needs no such function
		} else if i >= len(networkPy) || name != goName(networkPy[i]) {
			p.addf(s.name, s.line(s.symbols[d.name].Pos()), "found %s; network.py has %s", d.name, strings.Join(networkPy, ", "))
			return p
		}
		exported = append(exported, "nn."+d.name)
	}
	if i := len(exported); i < len(networkPy) {
		p.addf(s.name, 1, "network.py's %s is missing", networkPy[i])
		return p
	}
	var found []string
	for _, row := range tables(notationFile, files[notationFile]) {
		if slices.Equal(row.head, []string{"network.py", "Go"}) {
			found = append(found, strings.Trim(row.cells[0], "`"))
			i := slices.Index(networkPy, found[len(found)-1])
			if links := linksToGo(row.file, row.cells[1]); i < 0 || len(links) != 1 || links[0].symbol != exported[i] {
				p.addf(row.file, row.line, "%s is not %s", row.cells[0], row.cells[1])
			}
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

// formats are packages within nn that know files and no networks: nothing of this module may
// be imported there but what is listed.
var formats = map[string][]string{"nn/sniff": {}, "nn/safetensors": {"nn/sniff"}}

// checkImports checks that the files but tests import one way, formats and matrix < nn <
// (nn/network2, nn/network3, mnist) < cmd, and besides only the standard library.
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
			if own, format := formats[path.Dir(s.name)]; format {
				ok = slices.Contains(own, rest)
			}
			if !s.test() && !ok {
				p.addf(s.name, s.line(spec.Pos()), "%s imports %s: imports run one way, formats and matrix < nn < (nn/network2, nn/network3, mnist) < cmd", path.Dir(s.name), imported)
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

// thresholds are the declarations with the sizes from which one way of a product is faster
// than another, by file.
var thresholds = map[string]string{"matrix/mul.go": "job.choose", "matrix/kernel.go": "kernel"}

// checkThresholds looks whether their comments name the test or benchmark of their package
// that measures those sizes.
func checkThresholds(files tree) (p problems) {
	known := files.known()
	for name, symbol := range thresholds {
		s, err := files.source(name)
		if err != nil || s.symbols[symbol] == nil {
			p.addf(name, 1, "there is no %s", symbol)
			continue
		}
		named := false
		for _, group := range s.Comments {
			for _, test := range testName.FindAllString(group.Text(), -1) {
				named = named || s.enclosing(group.Pos()) == symbol && known[path.Base(path.Dir(name))+"."+test]
			}
		}
		if !named {
			p.addf(name, s.line(s.symbols[symbol].Pos()), "the comment of %s names no test or benchmark that measures its sizes", symbol)
		}
	}
	return p
}
