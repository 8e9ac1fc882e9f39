package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"nndl/cmd/internal/tour"
)

// narrowest and widest bound the characters of a line, which otherwise is as wide as the
// terminal.
const narrowest, widest = 60, 100

// page collects what is shown.
type page struct {
	strings.Builder
	color bool
	width int
}

// The looks of what is not plain text. The colours are of middle brightness: each has a
// contrast of about 4.5 to black and to white.
const (
	bold  = "1"
	grey  = "38;5;243"
	green = "38;5;28"
	teal  = "38;5;30"
	brown = "38;5;130"
)

// paint returns s in a look, or unchanged where there are no colours.
func (p *page) paint(look, s string) string {
	if !p.color || s == "" {
		return s
	}
	return "\x1b[" + look + "m" + s + "\x1b[0m"
}

// line writes one line, indented, without blanks at its end.
func (p *page) line(format string, a ...any) {
	p.WriteString(strings.TrimRight("  "+fmt.Sprintf(format, a...), " ") + "\n")
}

// text writes a paragraph, folded to the width.
func (p *page) text(format string, a ...any) {
	for _, line := range wrap(fmt.Sprintf(format, a...), p.width-2) {
		p.line("%s", line)
	}
}

// about writes a name and a text, the text folded beside it.
func (p *page) about(name, text string) {
	for _, line := range wrap(text, p.width-2-count(name)) {
		p.line("%s%s", name, line)
		name = strings.Repeat(" ", count(name))
	}
}

// notes writes a blank line and the sentences as a paragraph, if there are any.
func (p *page) notes(sentences []string) {
	if len(sentences) > 0 {
		p.line("")
		p.text("%s", strings.Join(sentences, " "))
	}
}

// heading writes the name of a part on a rule across the page, and the detail after it or,
// where there is no room, below.
func (p *page) heading(name, detail string) {
	below := ""
	if n := count(name + detail); detail != "" && n+9 > p.width {
		detail, below = "", detail
	} else if detail != "" {
		detail = ": " + detail
	}
	rule := strings.Repeat("─", max(0, p.width-4-count(name+detail)))
	p.WriteString("\n" + p.paint(bold, "── "+name) + detail + " " + p.paint(grey, rule) + "\n\n")
	if below != "" {
		p.text("%s", below)
		p.line("")
	}
}

// formulaWidth is the room for the formulas of equations, on a wide page and on others. A
// longer formula takes more.
func (p *page) formulaWidth() int {
	if p.width >= widest {
		return 38
	}
	return 28
}

// equation writes the number and the formula of an equation, and a remark after the
// formula if there is room, otherwise below.
func (p *page) equation(e tour.Equation, remark string) {
	formula := e.Formula
	if remark != "" {
		formula = pad(formula, p.formulaWidth())
	}
	number := p.paint(bold, fmt.Sprintf("%-6s", "("+e.Number+")"))
	if 2+6+1+count(formula)+3+count(remark) <= p.width {
		p.line("%s %s   %s", number, p.paint(teal, formula), remark)
		return
	}
	p.line("%s %s", number, p.paint(teal, strings.TrimRight(formula, " ")))
	for _, line := range wrap(remark, p.width-9) {
		p.line("%s %s", strings.Repeat(" ", 6), line)
	}
}

func (p *page) equations(es []tour.Equation) {
	for _, e := range es {
		p.equation(e, e.Remark)
	}
}

// code writes lines of nn/network.go with those of network.py that do the same, side by
// side if there is room, otherwise one below the other.
func (p *page) code(blocks []tour.Code) {
	goWidth, pyWidth := 0, 0
	for _, b := range blocks {
		goWidth, pyWidth = max(goWidth, longest(b.Go)), max(pyWidth, longest(b.Python))
	}
	if beside := 2+goWidth+3+pyWidth <= p.width; beside {
		goWidth = max(goWidth, count(goFile(blocks[0])))
		p.line("%s   %s", p.paint(grey, pad(goFile(blocks[0]), goWidth)), p.paint(grey, blocks[0].PythonFile))
		for _, b := range blocks {
			for i := range max(len(b.Go), len(b.Python)) {
				p.line("%s   %s", p.paint(green, pad(at(b.Go, i), goWidth)), at(b.Python, i))
			}
		}
		return
	}
	for _, line := range wrap(goFile(blocks[0])+", and the same in "+blocks[0].PythonFile+":", p.width-2) {
		p.line("%s", p.paint(grey, line))
	}
	for _, b := range blocks {
		p.lines("Go", green, b.Go)
		p.lines("Python", "0", b.Python)
	}
}

func goFile(c tour.Code) string { return c.Function + " in " + c.GoFile }

// lines writes lines of code after the name of their language. A line that is too long
// continues in the next, indented.
func (p *page) lines(language, look string, code []string) {
	for _, line := range code {
		for i, part := range wrap(line, p.width-14) {
			if i > 0 {
				part = "    " + part
			}
			p.line("%s %s", p.paint(grey, pad(language, 7)), p.paint(look, part))
			language = ""
		}
	}
}

// formula writes a formula and under each symbol its shape.
func (p *page) formula(factors []tour.Factor) {
	var symbols, shapes strings.Builder
	for _, f := range factors {
		n := max(count(f.Symbol), count(f.Shape))
		symbols.WriteString(middle(f.Symbol, n) + " ")
		shapes.WriteString(middle(f.Shape, n) + " ")
	}
	p.line("      %s", p.paint(bold, strings.TrimRight(symbols.String(), " ")))
	p.line("      %s", p.paint(grey, strings.TrimRight(shapes.String(), " ")))
	p.line("")
}

// wrap folds s at blanks into lines of at most n characters; a longer word stays whole.
func wrap(s string, n int) []string {
	var lines []string
	for word := range strings.FieldsSeq(s) {
		if last := len(lines) - 1; last >= 0 && count(lines[last])+1+count(word) <= n {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}

// count returns how many characters wide s is.
func count(s string) int { return utf8.RuneCountInString(s) }

func longest(lines []string) int {
	return count(slices.MaxFunc(append(lines, ""), func(a, b string) int { return count(a) - count(b) }))
}

// at returns the element i, "" if there is none.
func at(lines []string, i int) string {
	if 0 <= i && i < len(lines) {
		return lines[i]
	}
	return ""
}

// pad fills s with blanks to n characters.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-count(s))) }

// middle puts s in the middle of n characters.
func middle(s string, n int) string { return pad(strings.Repeat(" ", (n-count(s))/2)+s, n) }

// right puts s at the end of n characters.
func right(s string, n int) string { return strings.Repeat(" ", max(0, n-count(s))) + s }

// clip shortens s to its last n characters: the end of a file name says most.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n+1:])
	}
	return s
}
