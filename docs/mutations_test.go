package docs_test

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// A test that cannot fail shows nothing. The files testdata/mutations.txt of the packages
// and the table "The mistake" of docs/equations.md list mistakes. TestMutations makes them
// one after another, each in a copy of one file, and the tests named beside it must fail.
// An entry of a mutations.txt is
//
//	nn/network.go (BP2): σ where σ′ is meant
//	- Apply(SigmoidPrime, z)
//	+ Apply(Sigmoid, z)
//
// The lines with - must be in the file exactly once; those with + replace them. Instead of
// an equation, whose own test must fail, there may be a test's name, or the beginning of
// one with "…". If it is one of the checks of docs, that check must find the mistake in
// the line where it is, or, with "in FILE" after its name, in that file.
//
//	go test ./docs -v -run TestMutations -mutations .            # all of them
//	go test ./docs -v -run TestMutations -mutations 'BP2'        # those with BP2 in the first line
var which = flag.String("mutations", "", "make the mutations whose first line matches this `regexp` (default: a sample)")

// mutation is one of those mistakes.
type mutation struct {
	table          string // where it is listed
	line           int
	name           string // the first line
	file, old, new string
	form           string   // "Equation (BP2), mini-batch", if it is one of an equation
	tests          []string // that must fail, all of them
	also           []string // those of equations that "see" this one: each must fail with some mutation
	folder         string   // where these tests are
	in             string   // the file where a check of docs must find it
}

var (
	mutationHead = regexp.MustCompile(`^(\S+) (?:\((\w+)\)(?:, ([\w-]+))?|(Test\w+(?:/\w+|…)?)(?: in (\S+))?): .`)
	failed       = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)
	testName     = regexp.MustCompile(`\b(?:Test|Benchmark|Fuzz|Example)[A-Z]\w*`)
)

// readMutations returns the mutations of all tables, and finds fault with those that it
// cannot read or that cannot be made.
func readMutations(files tree) (all []mutation, p problems) {
	for _, name := range files.names("testdata/mutations.txt") {
		for i, line := range strings.Split(files[name], "\n") {
			sign, text, _ := strings.Cut(line, " ")
			switch {
			case line == "" || sign == "#":
			case sign == "-" && len(all) > 0:
				all[len(all)-1].old += text + "\n"
			case sign == "+" && len(all) > 0:
				all[len(all)-1].new += text + "\n"
			default:
				m := mutationHead.FindStringSubmatch(line)
				if m == nil {
					p.addf(name, i+1, "want FILE (N): what, FILE TestName: what, - old or + new; found %q", line)
					continue
				}
				one := mutation{table: name, line: i + 1, name: line, file: m[1], in: m[5]}
				if m[2] != "" {
					one.form = formOf(m[2], m[3])
				} else {
					one.tests = []string{m[4]}
				}
				all = append(all, one)
			}
		}
	}
	for _, row := range mistakes(files) {
		span := func(i int) string { return strings.Trim(row.cells[i], "`") + "\n" }
		all = append(all, mutation{table: row.file, line: row.line, name: "nn/network.go: " + row.cells[0], file: "nn/network.go",
			old: span(1), new: span(2), tests: testName.FindAllString(row.cells[3], -1)})
	}
	rows, _ := equationRows(files)
	comments, _ := equationComments(files)
	for i := range all {
		m := &all[i]
		m.folder = path.Dir(m.file)
		if m.form != "" {
			test := testOf(m.form, m.file, rows, comments)
			m.tests, m.folder = []string{test.symbol}, path.Dir(test.file)
			for _, r := range rows {
				if r.sees() == m.form && path.Dir(r.tests[0].file) == m.folder {
					m.also = append(m.also, r.tests[0].symbol)
				}
			}
		}
		m.old, m.new = strings.TrimSuffix(m.old, "\n"), strings.TrimSuffix(m.new, "\n")
		if n := strings.Count(files[m.file], m.old); n != 1 || m.old == m.new {
			p.addf(m.table, m.line, "%s has %q %d times, want once, and something else in its place", m.file, m.old, n)
		}
		if len(m.tests) == 0 || m.tests[0] == "" {
			p.addf(m.table, m.line, "there is no test that must fail")
			m.tests = []string{""}
		}
	}
	return all, p
}

// mistakes returns the rows of the table of docs/equations.md.
func mistakes(files tree) (rows []tableRow) {
	for _, row := range tables(equationsFile, files[equationsFile]) {
		if row.head[0] == "The mistake" && len(row.cells) == 4 {
			rows = append(rows, row)
		}
	}
	return rows
}

// at returns the line of the file where the mutation begins to differ.
func (m mutation) at(files tree) int {
	before, _, _ := strings.Cut(files[m.file], m.old)
	same := 0
	for same < min(len(m.old), len(m.new)) && m.old[same] == m.new[same] {
		same++
	}
	return strings.Count(before+m.old[:same], "\n") + 1
}

// apply returns the tree with the mutation made.
func (m mutation) apply(files tree) tree {
	return files.with(m.file, strings.Replace(files[m.file], m.old, m.new, 1))
}

// near is how many lines a mutation of an equation may be from the comment with it.
const near = 8

// TestEveryLabel checks that every line of code with an // Equation comment has two
// mutations or more close by, and a test of that equation that can be run for them.
func TestEveryLabel(t *testing.T) {
	files := readTree(t)
	all, p := readMutations(files)
	comments, _ := equationComments(files)
	rows, _ := equationRows(files)
	labels := 0
	for _, c := range comments {
		if c.test {
			continue
		}
		labels++
		count := 0
		for _, m := range all {
			if at := m.at(files); m.form == c.form() && m.file == c.file && c.line-near <= at && at <= c.line+near {
				count++
			}
		}
		if count < 2 {
			p.addf(c.file, c.line, "%s has %d mutations within %d lines, want two or more: add them to %s/testdata/mutations.txt",
				c.form(), count, near, path.Dir(c.file))
		}
		if testOf(c.form(), c.file, rows, comments).symbol == "" {
			p.addf(c.file, c.line, "%s has no test that could fail", c.form())
		}
	}
	for _, m := range all {
		if m.form != "" && !slices.ContainsFunc(comments, func(c equationComment) bool { return c.file == m.file && c.form() == m.form }) {
			p.addf(m.table, m.line, "%s has no comment // %s", m.file, m.form)
		}
	}
	p.report(t)
	t.Logf("%d labelled lines, %d mutations", labels, len(all))
}

// testOf returns the test of an equation: that of the file's own package if it has one,
// or that of the row in docs/equations.md.
func testOf(form, file string, rows []equationRow, comments []equationComment) goLink {
	for _, c := range comments {
		if c.test && c.form() == form && path.Dir(c.file) == path.Dir(file) && strings.HasPrefix(c.symbol, "Test") {
			return goLink{c.symbol, c.file}
		}
	}
	for _, r := range rows {
		if r.form() == form {
			return r.tests[0]
		}
	}
	return goLink{}
}

// TestMutations makes the mutations.
func TestMutations(t *testing.T) {
	files := readTree(t)
	all, p := readMutations(files)
	if p.report(t); len(p) > 0 {
		return
	}
	var compile []mutation
	start, count, before := time.Now(), 0, map[string]problems{}
	for i, m := range all {
		check := checks[m.tests[0]]
		if !m.wanted(i == 0 || all[i-1].table != m.table, check != nil) {
			continue
		}
		if check != nil && before[m.tests[0]] == nil {
			before[m.tests[0]] = append(problems{}, check(files)...)
		}
		if count++; check == nil {
			compile = append(compile, m)
		} else if problem := m.foundBy(check, files, before[m.tests[0]]); problem != "" {
			t.Logf("%s: %s", m.name, problem)
		} else {
			t.Errorf("%s:%d: %s\nthe check finds nothing where it is", m.table, m.line, m.name)
		}
	}
	if arch, err := exec.Command("go", "env", "GOARCH").Output(); err != nil || strings.TrimSpace(string(arch)) != runtime.GOARCH {
		t.Skip("no go command for this processor: nothing is compiled")
	}
	var failing sync.Map // "Equation (22) TestEquation4": a mutation of (22) makes it fail
	todo := make(chan func())
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(compile)) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for job := range todo {
				job()
			}
		}()
	}
	for i, m := range compile {
		needed := files.needed(m.folder, slices.Concat(m.tests, m.also))
		if *which != "" && (i == 0 || compile[i-1].folder != m.folder) {
			todo <- func() { m.passes(t, files, needed) }
		}
		todo <- func() {
			names, err := m.fails(t.TempDir(), files, needed)
			if err != nil {
				t.Errorf("%s:%d: %s\n%v", m.table, m.line, m.name, err)
				return
			}
			for _, name := range names {
				failing.Store(m.form+" "+name, true)
			}
			t.Logf("%s: fails %s", m.name, strings.Join(names, ", "))
		}
	}
	close(todo)
	workers.Wait()
	for _, m := range compile {
		for _, test := range m.also {
			if _, fails := failing.Load(m.form + " " + test); *which == "." && !fails {
				t.Errorf("%s:%d: no mutation of %s makes %s fail, though its row says “see”", m.table, m.line, m.form, test)
			}
		}
	}
	t.Logf("%d mutations in %.0f s", count, time.Since(start).Seconds())
}

// wanted reports whether the mutation is to be made: if its name matches -mutations; and
// without that flag, if a check of docs must find it, which takes no compiler, or if it is
// the first that a package of networks lists.
func (m mutation) wanted(first, check bool) bool {
	if *which != "" {
		return regexp.MustCompile(*which).MatchString(m.name)
	}
	return check || first && strings.HasPrefix(m.table, "nn/") && !testing.Short()
}

// foundBy returns the problem that a check finds where the mutation is, or "". It is not
// one of those that the check finds without the mutation.
func (m mutation) foundBy(check func(tree) problems, files tree, before problems) string {
	place := fmt.Sprintf("%s:%d: ", m.file, m.at(files))
	if m.in != "" {
		place = m.in + ":"
	}
	for _, problem := range check(m.apply(files)) {
		if strings.HasPrefix(problem, place) && !slices.Contains(before, problem) {
			return problem
		}
	}
	return ""
}

// passes fails the test unless the mutation's tests pass without it.
func (m mutation) passes(t *testing.T, files tree, needed map[string]bool) {
	m.new = m.old
	if _, err := m.fails(t.TempDir(), files, needed); err != errPass {
		t.Errorf("%s: without the mutation its tests do not pass: %v", m.name, err)
	}
}

var errPass = errors.New("the tests pass")

// fails makes the mutation and returns the tests that failed, or an error if they are not
// those that should fail.
func (m mutation) fails(dir string, files tree, needed map[string]bool) (names []string, err error) {
	program := filepath.Join(dir, "mutated.test")
	if err := m.build(dir, program, files, needed); err != nil {
		return nil, err
	}
	pattern := "^(" + strings.ReplaceAll(strings.Join(slices.Concat(m.tests, m.also), "|"), "…", ".*") + ")$"
	run := exec.Command(program, "-test.short", "-test.timeout=1m", "-test.run", pattern)
	run.Dir = absolute(m.folder)
	out, err := run.CombinedOutput()
	for _, found := range failed.FindAllStringSubmatch(string(out), -1) {
		names = append(names, found[1])
	}
	switch {
	case err == nil:
		return nil, errPass
	case strings.Contains(string(out), "panic:"):
		return nil, fmt.Errorf("a panic gives it away, which says nothing about the numbers:\n%s", out)
	}
	for _, test := range m.tests {
		if !slices.ContainsFunc(names, func(name string) bool { return named(name, test) }) {
			return nil, fmt.Errorf("%s does not fail:\n%s", test, out)
		}
	}
	return names, nil
}

// named reports whether a test has that name, or that beginning.
func named(name, test string) bool {
	beginning, isBeginning := strings.CutSuffix(test, "…")
	return name == test || isBeginning && strings.HasPrefix(name, beginning)
}

// build compiles the tests of the mutation's folder with the mutation, and without the
// test files that are not needed: that takes half the time.
func (m mutation) build(dir, program string, files tree, needed map[string]bool) error {
	mutated, list := filepath.Join(dir, "mutated.go"), filepath.Join(dir, "overlay.json")
	replace := map[string]string{absolute(m.file): mutated}
	tests, _ := filepath.Glob(filepath.Join(absolute(m.folder), "*_test.go"))
	for _, name := range tests {
		if !needed[path.Join(m.folder, filepath.Base(name))] {
			replace[name] = "" // as if it were not there
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	if err := os.WriteFile(list, overlay, 0o666); err != nil {
		return err
	}
	if err := os.WriteFile(mutated, []byte(m.apply(files)[m.file]), 0o666); err != nil {
		return err
	}
	build := exec.Command("go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", list, "-o", program, ".")
	build.Dir = absolute(m.folder)
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("it does not compile: %v\n%s", err, out)
	}
	return nil
}

// absolute returns the path of a file of the tree.
func absolute(name string) string {
	abs, err := filepath.Abs(filepath.Join("..", filepath.FromSlash(name)))
	if err != nil {
		panic(err)
	}
	return abs
}

// needed returns the test files of a folder that some of its tests need: those that
// declare them, and those that declare what these files use, and so on.
func (files tree) needed(folder string, tests []string) map[string]bool {
	needed, used := map[string]bool{}, map[string]bool{"TestMain": true, "init": true}
	for again := true; again; {
		again = false
		for _, s := range files.sources() {
			if !s.test() || path.Dir(s.name) != folder || needed[s.name] {
				continue
			}
			for symbol := range s.symbols {
				if used[symbol[strings.LastIndex(symbol, ".")+1:]] ||
					slices.ContainsFunc(tests, func(test string) bool { return named(symbol, test) }) {
					needed[s.name], again = true, true
				}
			}
			if needed[s.name] {
				ast.Inspect(s.File, func(n ast.Node) bool {
					if id, ok := n.(*ast.Ident); ok {
						used[id.Name] = true
					}
					return true
				})
			}
		}
	}
	return needed
}
