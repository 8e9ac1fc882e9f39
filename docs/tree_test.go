// Package docs_test keeps the documents of this repository true. Each check is a function
// from a tree, the text of all files, to a list of what is wrong. TestDocs runs the checks
// on the real files; TestMutations, in mutations_test.go, on copies with one thing spoiled,
// to see that the check finds it.
package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// checks are all of them, under the names of TestDocs's subtests.
var checks = map[string]func(tree) problems{
	"TestDocs/equations":  checkEquations,
	"TestDocs/latex":      checkLatex,
	"TestDocs/shapes":     checkShapes,
	"TestDocs/comments":   checkShapeComments,
	"TestDocs/order":      checkOrder,
	"TestDocs/imports":    checkImports,
	"TestDocs/lengths":    checkLengths,
	"TestDocs/links":      checkLinks,
	"TestDocs/names":      checkNames,
	"TestDocs/quotes":     checkQuotes,
	"TestDocs/thresholds": checkThresholds,
	"TestDocs/walk":       checkWalk,
	"TestDocs/work":       checkWork,
}

// TestDocs runs the checks.
func TestDocs(t *testing.T) {
	files := readTree(t)
	for name, check := range checks {
		t.Run(strings.TrimPrefix(name, "TestDocs/"), func(t *testing.T) { check(files).report(t) })
	}
}

// tree is the repository: the text of every .go, .md and mutations.txt file by its path
// from the root, as in "nn/network.go". Other files are there without their text.
type tree map[string]string

// layout is what the repository has at the top.
var layout = []string{"matrix", "nn", "mnist", "cmd", "docs", "go.mod", "README.md", "LICENSE", ".gitignore", ".gitattributes", ".ci"}

// readTree reads the repository that this test is in.
func readTree(t *testing.T) tree {
	t.Helper()
	files := tree{}
	for _, name := range tracked() {
		switch path.Ext(name) {
		case ".go", ".md", ".txt":
			text, err := os.ReadFile(absolute(name))
			if os.IsNotExist(err) { // deleted, and not committed yet
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			files[name] = strings.ReplaceAll(string(text), "\r\n", "\n")
		default:
			files[name] = ""
		}
	}
	if files["nn/network.go"] == "" || files["docs/equations.md"] == "" {
		t.Fatalf("%s does not look like the repository", absolute("."))
	}
	return files
}

// tracked returns the files that git knows: what a reader has added to his clone is his
// own. Without git it returns the files of the repository's own folders.
func tracked() (names []string) {
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = absolute(".")
	if out, err := list.Output(); err == nil && len(out) > 0 {
		return strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	}
	fs.WalkDir(os.DirFS(absolute(".")), ".", func(name string, d fs.DirEntry, err error) error {
		switch top, _, _ := strings.Cut(name, "/"); {
		case name == ".":
		case !slices.Contains(layout, top) && d.IsDir():
			return fs.SkipDir
		case err == nil && !d.IsDir() && slices.Contains(layout, top):
			names = append(names, name)
		}
		return nil
	})
	return names
}

// with returns a copy of the tree in which one file has another text.
func (files tree) with(name, text string) tree {
	files = maps.Clone(files)
	files[name] = text
	return files
}

// names returns the files with one of the endings, in order.
func (files tree) names(ending string) []string {
	var names []string
	for name := range files {
		if strings.HasSuffix(name, ending) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// source is a Go file with its syntax.
type source struct {
	name string
	fset *token.FileSet
	*ast.File
	symbols map[string]ast.Node // what it declares: New, Network, Network.SGD, Network.Sizes
	inOrder []declared
}

// declared is a declaration at the top level, with its doc comment; "" is an import.
type declared struct {
	name     string
	from, to token.Pos
}

func (s *source) test() bool { return strings.HasSuffix(s.name, "_test.go") }

func (s *source) line(pos token.Pos) int { return s.fset.Position(pos).Line }

// parsed keeps the syntax of a file by its name and text, so that a hundred
// mutations of one file do not parse the others again.
var parsed = map[[2]string]*source{}

// source parses a Go file.
func (files tree) source(name string) (*source, error) {
	key := [2]string{name, files[name]}
	if s := parsed[key]; s != nil {
		return s, nil
	}
	s := &source{name: name, fset: token.NewFileSet(), symbols: map[string]ast.Node{}}
	var err error
	s.File, err = parser.ParseFile(s.fset, name, files[name], parser.ParseComments)
	if err != nil {
		return nil, err
	}
	for _, d := range s.Decls {
		s.declare(d)
	}
	parsed[key] = s
	return s, nil
}

// declare notes what a declaration declares, and from where to where it goes.
func (s *source) declare(d ast.Decl) {
	declared := declared{from: d.Pos(), to: d.End()}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc != nil {
			declared.from = d.Doc.Pos()
		}
		declared.name = funcName(d)
		s.symbols[declared.name] = d
	case *ast.GenDecl:
		if d.Doc != nil {
			declared.from = d.Doc.Pos()
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					declared.name, s.symbols[id.Name] = id.Name, spec
				}
			case *ast.TypeSpec:
				declared.name, s.symbols[spec.Name.Name] = spec.Name.Name, spec
				if st, ok := spec.Type.(*ast.StructType); ok {
					for _, field := range st.Fields.List {
						for _, id := range field.Names {
							s.symbols[spec.Name.Name+"."+id.Name] = field
						}
					}
				}
			}
		}
	}
	s.inOrder = append(s.inOrder, declared)
}

// funcName returns the name of a function, Receiver.Name for a method.
func funcName(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return d.Name.Name
	}
	recv := d.Recv.List[0].Type
	if star, ok := recv.(*ast.StarExpr); ok {
		recv = star.X
	}
	return fmt.Sprint(recv) + "." + d.Name.Name
}

// sources parses all Go files. A file that does not parse is an error for the
// compiler to report; here it is left out.
func (files tree) sources() []*source {
	var all []*source
	for _, name := range files.names(".go") {
		if s, err := files.source(name); err == nil {
			all = append(all, s)
		}
	}
	return all
}

// enclosing returns the name of the top-level declaration around pos, its doc
// comment included, or "" if there is none.
func (s *source) enclosing(pos token.Pos) string {
	for _, d := range s.inOrder {
		if d.from <= pos && pos <= d.to {
			return d.name
		}
	}
	return ""
}

// problems is what a check has found wrong, each with file and line.
type problems []string

func (p *problems) addf(file string, line int, format string, args ...any) {
	*p = append(*p, fmt.Sprintf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
}

// report fails the test for each of them.
func (p problems) report(t *testing.T) {
	t.Helper()
	slices.Sort(p)
	for _, problem := range slices.Compact(p) {
		t.Error(problem)
	}
}
