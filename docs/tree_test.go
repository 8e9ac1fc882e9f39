// Package docs_test keeps the documents of this repository true. Each check is a
// function from a tree, the text of all files, to a list of what is wrong; one
// test runs it on the real files, and another, in mutation_test.go, on copies
// with one thing spoiled, to see that the check finds it.
package docs_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tree is the repository: the text of every .go and .md file by its path from
// the root, as in "nn/network.go". Other files are there without their text.
type tree map[string]string

// readTree reads the repository that this test stands in.
func readTree(t *testing.T) tree {
	t.Helper()
	files, err := readFrom(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	if files["nn/network.go"] == "" || files["docs/equations.md"] == "" {
		wd, _ := filepath.Abs("..")
		t.Fatalf("%s does not look like the repository", wd)
	}
	return files
}

// readFrom reads the tree of a folder.
func readFrom(root fs.FS) (tree, error) {
	files := tree{}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == ".git" || name == "data"): // data is what a user has downloaded
			return fs.SkipDir
		case d.IsDir() && name != "." && isModule(root, name): // as the peers of docs/matmul.md
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		var text []byte
		if ext := path.Ext(name); ext == ".go" || ext == ".md" {
			text, err = fs.ReadFile(root, name)
			if errors.Is(err, fs.ErrNotExist) { // an editor's dangling link, say
				return nil
			}
		}
		files[name] = string(text)
		return err
	})
	return files, err
}

// isModule reports whether a folder is a Go module of its own, and so not of this one.
func isModule(root fs.FS, folder string) bool {
	_, err := fs.Stat(root, path.Join(folder, "go.mod"))
	return err == nil
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

// declare notes what a declaration declares.
func (s *source) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		s.symbols[funcName(d)] = d
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, id := range spec.Names {
					s.symbols[id.Name] = spec
				}
			case *ast.TypeSpec:
				s.symbols[spec.Name.Name] = spec
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
	if id, ok := recv.(*ast.Ident); ok {
		return id.Name + "." + d.Name.Name
	}
	return d.Name.Name
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
	for _, d := range s.Decls {
		start := d.Pos()
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
			if start <= pos && pos <= d.End() {
				return funcName(d)
			}
		case *ast.GenDecl:
			if d.Doc != nil {
				start = d.Doc.Pos()
			}
			if start <= pos && pos <= d.End() {
				for name, node := range s.symbols {
					if !strings.Contains(name, ".") && d.Pos() <= node.Pos() && node.End() <= d.End() {
						return name
					}
				}
			}
		}
	}
	return ""
}

// problems is what a check has found wrong, each with file and line.
type problems []string

func (p *problems) addf(file string, line int, format string, args ...any) {
	*p = append(*p, fmt.Sprintf("%s:%d: %s", file, line, fmt.Sprintf(format, args...)))
}

func (p problems) String() string { return strings.Join(p, "\n") }

// report fails the test for each of them.
func (p problems) report(t *testing.T) {
	t.Helper()
	slices.Sort(p)
	for _, problem := range slices.Compact(p) {
		t.Error(problem)
	}
}
