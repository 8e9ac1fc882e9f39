package docs_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	equationsFile = "docs/equations.md"
	notationFile  = "docs/notation.md"
)

// chapters has the last number of each chapter of the book.
var chapters = []int{22, 53, 112, 113, 124, 125}

// chapterOf returns the chapter of an equation, counted from 1.
func chapterOf(number string) int {
	n, err := strconv.Atoi(number)
	if err != nil {
		return 2 // BP1 to BP4
	}
	i, _ := slices.BinarySearch(chapters, n)
	return i + 1
}

// equationNumbers are the numbers, in the book's order, of the chapters that have a
// heading "## Chapter N" in docs/equations.md.
func equationNumbers(files tree) []string {
	var numbers []string
	for i := 1; i <= chapters[len(chapters)-1]; i++ {
		if !strings.Contains(files[equationsFile], fmt.Sprintf("\n## Chapter %d\n", chapterOf(strconv.Itoa(i)))) {
			continue
		}
		numbers = append(numbers, strconv.Itoa(i))
		switch i {
		case 29:
			numbers = append(numbers, "BP1", "BP1a")
		case 30:
			numbers = append(numbers, "BP2", "BP3")
		case 31:
			numbers = append(numbers, "BP4")
		}
	}
	return numbers
}

// equationRow is a row of docs/equations.md. Its second cell has lines with <br>
// between them: the formula, in one line or several, and then "code · test".
type equationRow struct {
	tableRow
	number, variant string   // "BP2" and "", or "mini-batch"
	spans           []string // the formula, line by line
	formula         string
	code            string   // "no code", "see (22)", or links
	symbols         []goLink // of the code
	tests           []goLink // one
}

func (r equationRow) form() string { return formOf(r.number, r.variant) }

// sees returns the form of the equation whose line computes this one, or "".
func (r equationRow) sees() string {
	if m := seeCell.FindStringSubmatch(r.code); m != nil {
		return formOf(m[1], "")
	}
	return ""
}

// goLink is a link like [`nn.Network.Backprop`](../nn/network.go).
type goLink struct{ symbol, file string }

var (
	firstCell = regexp.MustCompile(`^(?:\((\w+)\), ([\w-]+)|\[\((\w+)\)\]\(([^)]+)\))$`)
	goLinks   = regexp.MustCompile("\\[`([\\w./]+)`\\]\\(([^)]+\\.go)\\)")
	codeSpan  = regexp.MustCompile("^`([^`]+)`$")
	seeCell   = regexp.MustCompile(`^see \((\w+)\)$`)
)

// linksToGo returns the links to Go files in a text of the file.
func linksToGo(file, text string) []goLink {
	var links []goLink
	for _, m := range goLinks.FindAllStringSubmatch(text, -1) {
		links = append(links, goLink{m[1], path.Join(path.Dir(file), m[2])})
	}
	return links
}

// equationRows reads the rows, and finds fault with those that it cannot read.
func equationRows(files tree) (rows []equationRow, p problems) {
	for _, row := range tables(equationsFile, files[equationsFile]) {
		if len(row.head) < 2 || row.head[1] != "Formula, code · test" {
			continue
		}
		m := firstCell.FindStringSubmatch(row.cells[0])
		if m == nil {
			p.addf(row.file, row.line, "the first cell is %s, want [(N)](link) or (N), variant", row.cells[0])
			continue
		}
		r := equationRow{tableRow: row, number: m[1] + m[3], variant: m[2]}
		if want := bookLink(r.number); r.variant == "" && m[4] != want {
			p.addf(row.file, row.line, "(%s) links to %s, want %s", r.number, m[4], want)
		}
		lines := strings.Split(row.cells[1], "<br>")
		last := len(lines) - 1
		for _, line := range lines[:last] {
			if m := codeSpan.FindStringSubmatch(line); m != nil {
				r.spans = append(r.spans, m[1])
			}
		}
		code, test, _ := strings.Cut(lines[last], " · ")
		r.formula, r.code = strings.Join(r.spans, " "), code
		r.symbols, r.tests = linksToGo(row.file, code), linksToGo(row.file, test)
		if len(r.spans) != last || last == 0 || len(r.tests) != 1 {
			p.addf(row.file, row.line, "(%s): want `formula`<br>code · test, where code is links, “see (N)” or “no code” "+
				"and test a link like [`TestEquation%s`](../nn/equation_test.go); found %s", r.number, r.number, row.cells[1])
			continue
		}
		rows = append(rows, r)
	}
	return rows, p
}

// bookLink returns the address of an equation in the book.
func bookLink(number string) string {
	return fmt.Sprintf("http://neuralnetworksanddeeplearning.com/chap%d.html#eqtn%s", chapterOf(number), number)
}

// equationComment is a comment // Equation (BP2): … of the code.
type equationComment struct {
	file            string
	line            int
	number, variant string // "BP2" and "", or "mini-batch"
	formula         string
	test            bool
	symbol          string // nn.Network.Backprop; in a test file TestEquationBP2
}

func (c equationComment) form() string { return formOf(c.number, c.variant) }

func formOf(number, variant string) string {
	if variant != "" {
		return "Equation (" + number + "), " + variant
	}
	return "Equation (" + number + ")"
}

var equationForm = regexp.MustCompile(`^// Equation \((\w+)\)(?:, ([\w-]+))?: (\S.*)$`)

// equationComments returns all equation comments of all Go files.
func equationComments(files tree) (comments []equationComment, p problems) {
	for _, s := range files.sources() {
		for _, group := range s.Comments {
			for _, c := range group.List {
				if !strings.HasPrefix(c.Text, "// Equation (") {
					continue
				}
				m := equationForm.FindStringSubmatch(c.Text)
				if m == nil {
					p.addf(s.name, s.line(c.Pos()), "%q: want // Equation (N): formula or // Equation (N), variant: formula", c.Text)
					continue
				}
				symbol := s.enclosing(c.Pos())
				if !s.test() {
					symbol = path.Base(path.Dir(s.name)) + "." + symbol
				}
				comments = append(comments, equationComment{s.name, s.line(c.Pos()), m[1], m[2], m[3], s.test(), symbol})
			}
		}
	}
	return comments, p
}

// checkEquations compares the rows with the comments, both ways.
func checkEquations(files tree) problems {
	rows, p := equationRows(files)
	comments, p2 := equationComments(files)
	p = append(p, p2...)
	byForm := map[string]*equationRow{}
	order := []string{""}
	for i, r := range rows {
		if byForm[r.form()] != nil {
			p.addf(r.file, r.line, "(%s) has a second row", r.number)
			continue
		}
		byForm[r.form()] = &rows[i]
		if r.variant == "" {
			order = append(order, r.number)
		} else if order[len(order)-1] != r.number {
			p.addf(r.file, r.line, "%s does not follow the row of (%s)", r.form(), r.number)
		}
	}
	for i, want := range equationNumbers(files) {
		if i+1 >= len(order) || order[i+1] != want {
			p.addf(equationsFile, 1, "want the row of (%s) after that of (%s): the rows are in the book's order", want, order[i])
			break
		}
	}
	for _, c := range comments {
		r := byForm[c.form()]
		if r == nil {
			p.addf(c.file, c.line, "%s has no row in %s", c.form(), equationsFile)
			continue
		}
		if c.formula != r.formula {
			p.addf(c.file, c.line, "%s is `%s` here and `%s` in %s:%d", c.form(), c.formula, r.formula, equationsFile, r.line)
			p.addf(equationsFile, r.line, "%s is `%s` here and `%s` in %s:%d", c.form(), r.formula, c.formula, c.file, c.line)
		}
		if !c.test && !slices.Contains(r.symbols, goLink{c.symbol, c.file}) {
			p.addf(c.file, c.line, "%s: in %s, line %d, name [`%s`](../%s)", c.form(), equationsFile, r.line, c.symbol, c.file)
		}
	}
	for _, r := range rows {
		p = append(p, checkRow(files, r, byForm, comments)...)
	}
	return p
}

// checkRow looks for what a row names: the comments of its functions, the row that it
// refers to, and its test, whose comment must say what it shows.
func checkRow(files tree, r equationRow, rows map[string]*equationRow, comments []equationComment) (p problems) {
	says := func(link goLink) bool {
		return slices.ContainsFunc(comments, func(c equationComment) bool {
			return c.form() == r.form() && goLink{c.symbol, c.file} == link
		})
	}
	for _, link := range r.symbols {
		if !says(link) {
			p.addf(r.file, r.line, "(%s) names `%s`, which has no comment // %s: %s in %s",
				r.number, link.symbol, r.form(), r.formula, link.file)
		}
	}
	if len(r.symbols) == 0 && r.code != "no code" {
		if seen := rows[r.sees()]; seen == nil || len(seen.symbols) == 0 {
			p.addf(r.file, r.line, "(%s): want “no code”, links to functions, or “see (N)” with a row N that has them; found %q", r.number, r.code)
		}
	}
	test := r.tests[0]
	if s := files.declaring(test); s == nil {
		p.addf(r.file, r.line, "(%s): there is no %s in %s", r.number, test.symbol, test.file)
	} else if !says(test) {
		p.addf(r.file, r.line, "(%s): the comment of %s in %s does not say // %s: %s", r.number, test.symbol, test.file, r.form(), r.formula)
	}
	return p
}
