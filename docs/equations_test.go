package docs_test

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const equationsFile = "docs/equations.md"

// TestEquations holds docs/equations.md and the equation comments of the code
// against each other.
func TestEquations(t *testing.T) { checkEquations(readTree(t)).report(t) }

// equationNumbers are the numbers of chapters 1 and 2 in the book's order.
func equationNumbers() []string {
	var numbers []string
	for i := 1; i <= 53; i++ {
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

// equationRow is a row of docs/equations.md.
type equationRow struct {
	tableRow
	number, formula, miniBatch string
	symbols                    []goLink // of the column Go
	tests                      []goLink // one, and a second for the mini-batch's form
}

// goLink is a link like [`nn.Network.Backprop`](../nn/network.go).
type goLink struct{ symbol, file string }

var (
	firstCell  = regexp.MustCompile(`^(?:\((\w+)\)|\[\((\w+)\)\]\(([^)]+)\))$`)
	goLinks    = regexp.MustCompile("\\[`([\\w./]+)`\\]\\(([^)]+\\.go)\\)")
	codeSpan   = regexp.MustCompile("^`([^`]+)`$")
	seeCell    = regexp.MustCompile(`^see \((\w+)\)$`)
	testNumber = regexp.MustCompile(`^TestEquation(?:(BP\d+a?|\d+)|s(BP)?(\d+)to(BP)?(\d+))(?:MiniBatch)?$`)
)

// linksToGo returns the links to Go files of a text that stands in a file of docs.
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
		if len(row.head) < 2 || row.head[1] != "Formula" {
			continue
		}
		m := firstCell.FindStringSubmatch(row.cells[0])
		if m == nil {
			p.addf(row.file, row.line, "the first cell is %s, want (N) or [(N)](link)", row.cells[0])
			continue
		}
		r := equationRow{tableRow: row, number: m[1] + m[2]}
		if want := bookLink(r.number); m[3] != "" && m[3] != want {
			p.addf(row.file, row.line, "(%s) links to %s, want %s", r.number, m[3], want)
		}
		for _, c := range []struct {
			title string
			span  *string
		}{{"Formula", &r.formula}, {"Mini-batch", &r.miniBatch}} {
			m := codeSpan.FindStringSubmatch(row.cell(c.title))
			if m == nil && (c.title == "Formula" || row.cell(c.title) != "—") {
				p.addf(row.file, row.line, "(%s), column %s: want `a formula`, found %q", r.number, c.title, row.cell(c.title))
			} else if m != nil {
				*c.span = m[1]
			}
		}
		r.symbols = linksToGo(row.file, row.cell("Go"))
		r.tests = linksToGo(row.file, row.cell("Test"))
		if want := 1 + len(r.miniBatch)/max(len(r.miniBatch), 1); len(r.tests) != want {
			p.addf(row.file, row.line, "(%s), column Test: want a link like [`TestEquation%s`](../nn/equation_test.go), "+
				"and with a mini-batch form a second one like [`TestEquation%[1]sMiniBatch`](../nn/equation_batch_test.go)", r.number, r.number)
		}
		rows = append(rows, r)
	}
	return rows, p
}

// bookLink returns the address of an equation in the book.
func bookLink(number string) string {
	chapter := 2
	if n, err := strconv.Atoi(number); err == nil && n <= 22 {
		chapter = 1
	}
	return fmt.Sprintf("http://neuralnetworksanddeeplearning.com/chap%d.html#eqtn%s", chapter, number)
}

// equationComment is a comment // Equation (BP2): … of the code.
type equationComment struct {
	file            string
	line            int
	number, formula string
	miniBatch, test bool
	symbol          string // nn.Network.Backprop; in a test file TestEquationBP2
}

func (c equationComment) form() string {
	if c.miniBatch {
		return "Equation (" + c.number + "), mini-batch"
	}
	return "Equation (" + c.number + ")"
}

var equationForm = regexp.MustCompile(`^// Equation \((\w+)\)(, mini-batch)?: (\S.*)$`)

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
					p.addf(s.name, s.line(c.Pos()), "%q: want // Equation (N): formula or // Equation (N), mini-batch: formula", c.Text)
					continue
				}
				symbol := s.enclosing(c.Pos())
				if !s.test() {
					symbol = path.Base(path.Dir(s.name)) + "." + symbol
				}
				comments = append(comments, equationComment{s.name, s.line(c.Pos()), m[1], m[3], m[2] != "", s.test(), symbol})
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
	byNumber := map[string]*equationRow{}
	var order []string
	for i, r := range rows {
		if byNumber[r.number] != nil {
			p.addf(r.file, r.line, "(%s) has a second row", r.number)
			continue
		}
		byNumber[r.number] = &rows[i]
		order = append(order, r.number)
	}
	if want := equationNumbers(); !slices.Equal(order, want) {
		for i := range want {
			if i >= len(order) || order[i] != want[i] {
				line := 1
				if i < len(order) {
					line = byNumber[order[i]].line
				}
				p.addf(equationsFile, line, "want the row of (%s) here: (1) to (53) with BP1 to BP4, in the book's order", want[i])
				break
			}
		}
	}
	for _, c := range comments {
		p = append(p, checkComment(c, byNumber)...)
	}
	for _, r := range rows {
		p = append(p, checkRow(files, r, byNumber, comments)...)
	}
	return p
}

// checkComment looks for the row of a comment.
func checkComment(c equationComment, rows map[string]*equationRow) (p problems) {
	r := rows[c.number]
	link := fmt.Sprintf("[`%s`](../%s)", c.symbol, c.file)
	switch {
	case r == nil:
		p.addf(c.file, c.line, "%s has no row in %s", c.form(), equationsFile)
		return p
	case c.miniBatch && r.miniBatch == "":
		p.addf(c.file, c.line, "%s is not in %s: in line %d put `%s` in the column Mini-batch and add %s to the column Go",
			c.form(), equationsFile, r.line, c.formula, link)
		return p
	}
	want := r.formula
	if c.miniBatch {
		want = r.miniBatch
	}
	if c.formula != want {
		p.addf(c.file, c.line, "%s is `%s` here and `%s` in %s:%d", c.form(), c.formula, want, equationsFile, r.line)
		p.addf(equationsFile, r.line, "%s is `%s` here and `%s` in %s:%d", c.form(), want, c.formula, c.file, c.line)
	}
	if !c.test && !slices.Contains(r.symbols, goLink{c.symbol, c.file}) {
		p.addf(c.file, c.line, "%s: in %s, line %d, add %s to the column Go", c.form(), equationsFile, r.line, link)
	}
	return p
}

// checkRow looks for what a row names: the comments of its functions, its test,
// and the row that it refers to.
func checkRow(files tree, r equationRow, rows map[string]*equationRow, comments []equationComment) (p problems) {
	has := func(f func(c equationComment) bool) bool {
		return slices.ContainsFunc(comments, func(c equationComment) bool { return c.number == r.number && f(c) })
	}
	for _, link := range r.symbols {
		if !has(func(c equationComment) bool { return goLink{c.symbol, c.file} == link }) {
			p.addf(r.file, r.line, "(%s) names `%s`, which has no comment // Equation (%s): %s in %s",
				r.number, link.symbol, r.number, r.formula, link.file)
		}
	}
	if go1 := r.cell("Go"); len(r.symbols) == 0 && go1 != "—" {
		m := seeCell.FindStringSubmatch(go1)
		if m == nil || rows[m[1]] == nil || len(rows[m[1]].symbols) == 0 {
			p.addf(r.file, r.line, "(%s), column Go: want —, links to functions, or “see (N)” with a row N that has them; found %q", r.number, go1)
		}
	}
	if r.miniBatch != "" && !has(func(c equationComment) bool { return c.miniBatch && !c.test }) {
		p.addf(r.file, r.line, "(%s) has a mini-batch form, but no comment // Equation (%s), mini-batch: %s", r.number, r.number, r.miniBatch)
	}
	for i, test := range r.tests {
		p = append(p, checkTest(files, r, test, i == 1, comments)...)
	}
	return p
}

// checkTest looks for a test of a row: that it is there, is named after the
// equation and says in its comment what it shows.
func checkTest(files tree, r equationRow, test goLink, miniBatch bool, comments []equationComment) (p problems) {
	if !covers(test.symbol, r.number) || strings.HasSuffix(test.symbol, "MiniBatch") != miniBatch {
		p.addf(r.file, r.line, "(%s) names %s, which is not named after it", r.number, test.symbol)
	}
	s := files.declaring(test)
	if s == nil {
		p.addf(r.file, r.line, "(%s): there is no %s in %s", r.number, test.symbol, test.file)
		return p
	}
	says := equationComment{number: r.number, formula: r.formula, miniBatch: miniBatch}
	if miniBatch {
		says.formula = r.miniBatch
	}
	if !slices.ContainsFunc(comments, func(c equationComment) bool {
		return c.file == test.file && c.symbol == test.symbol && c.number == r.number && c.miniBatch == miniBatch
	}) {
		p.addf(test.file, s.line(s.symbols[test.symbol].Pos()),
			"the comment of %s does not say // %s: %s", test.symbol, says.form(), says.formula)
	}
	return p
}

// covers reports whether a test is named after an equation: TestEquation41 and
// TestEquations40to42 are both for (41), TestEquationsBP3toBP4MiniBatch is for
// (BP4).
func covers(test, number string) bool {
	m := testNumber.FindStringSubmatch(test)
	if m == nil {
		return false
	}
	if m[1] != "" {
		return m[1] == number
	}
	n, err := strconv.Atoi(strings.TrimPrefix(number, m[2]))
	from, _ := strconv.Atoi(m[3])
	to, _ := strconv.Atoi(m[5])
	return err == nil && m[2] == m[4] && from <= n && n <= to
}
