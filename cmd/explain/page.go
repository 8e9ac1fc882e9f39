package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"nndl/matrix"
)

// wide is how many characters a line may have.
const wide = 100

// page collects what is shown.
type page struct {
	strings.Builder
	color bool
}

// The looks of what is not plain text.
const (
	bold  = "1"
	dim   = "2"
	green = "32"
	cyan  = "36"
)

// paint returns s in a look, as it is where there are no colours.
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

// heading writes the name of a part, on a rule across the page.
func (p *page) heading(name, detail string) {
	if detail != "" {
		detail = ": " + detail
	}
	rule := strings.Repeat("─", max(0, wide-4-utf8.RuneCountInString(name+detail)))
	p.WriteString("\n" + p.paint(bold, "── "+name) + detail + " " + p.paint(dim, rule) + "\n\n")
}

// equation is one of the book's, in the words of the code's comments.
type equation struct{ number, formula string }

// equation writes the number and the formula of an equation, and a remark.
func (p *page) equation(e equation, remark string) {
	p.line("%s %s   %s", p.paint(bold, fmt.Sprintf("%-6s", "("+e.number+")")), p.paint(cyan, pad(e.formula, 38)), remark)
}

// code writes lines of nn/network.go as they stand there.
func (p *page) code(function string, lines ...string) {
	for i, line := range lines {
		if i > 0 {
			function = ""
		}
		p.line("%s %s", p.paint(dim, fmt.Sprintf("%-23s", function)), p.paint(green, line))
	}
}

// factor is a symbol in a formula and its shape; a sign between symbols has none.
type factor struct{ symbol, shape string }

// shapes writes a formula and under each symbol its shape.
func (p *page) shapes(factors ...factor) {
	var symbols, shapes strings.Builder
	for _, f := range factors {
		n := max(utf8.RuneCountInString(f.symbol), utf8.RuneCountInString(f.shape))
		symbols.WriteString(middle(f.symbol, n) + " ")
		shapes.WriteString(middle(f.shape, n) + " ")
	}
	p.line("")
	p.line("      %s", p.paint(bold, strings.TrimRight(symbols.String(), " ")))
	p.line("      %s", p.paint(dim, strings.TrimRight(shapes.String(), " ")))
	p.line("")
}

// whole is how many elements a vector may have to be shown whole.
const whole = 10

// matrix writes the name, the shape and the values of x: a small vector whole, a
// large one or a matrix as its least, mean and greatest element and a histogram.
// Ten numbers fill the line: 2 + 11 + 7 + 10·8 = wide.
func (p *page) matrix(name string, x *matrix.Matrix) {
	values := ""
	if x.Cols == 1 && x.Rows <= whole {
		values = numbers(x.Data)
	} else {
		least, mean, most := slices.Min(x.Data), 0.0, slices.Max(x.Data)
		for _, v := range x.Data {
			mean += v / float64(len(x.Data))
		}
		values = fmt.Sprintf(" min %s  mean %s  max %s   ▕%s▏", number(least), number(mean), number(most), histogram(x.Data))
	}
	p.line("%s%s%s", pad(name, 11), p.paint(dim, pad(shape(x), 7)), values)
}

// vector writes all elements of a vector, ten to a line.
func (p *page) vector(name string, x *matrix.Matrix) {
	shape := shape(x)
	for i := 0; i < len(x.Data); i += whole {
		p.line("%s%s%s", pad(name, 11), p.paint(dim, pad(shape, 7)), numbers(x.Data[i:min(i+whole, len(x.Data))]))
		name, shape = "", ""
	}
}

// shape returns the shape of x: 30×784.
func shape(x *matrix.Matrix) string { return fmt.Sprintf("%d×%d", x.Rows, x.Cols) }

// numbers writes numbers side by side.
func numbers(vs []float64) string {
	var s strings.Builder
	for _, v := range vs {
		s.WriteString(number(v))
	}
	return s.String()
}

// number writes v with three decimals, or in powers of ten if it is too small or
// too large for that, eight characters wide of which the first is blank.
func number(v float64) string {
	size, s := math.Abs(v), ""
	switch {
	case v == 0:
		s = "0"
	case size < 0.0005 && size > 1e-9, size >= 9999.5 && size < 1e9:
		s = fmt.Sprintf("%.1e", v)
	case size < 0.0005, size >= 9999.5:
		s = fmt.Sprintf("%.0e", v)
	case size >= 99.95:
		s = fmt.Sprintf("%.1f", v)
	default:
		s = fmt.Sprintf("%.3f", v)
	}
	s = strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(s)
	return fmt.Sprintf("%8s", s)
}

// trim writes a number as it stands in a sentence.
func trim(v float64) string { return strings.TrimSpace(number(v)) }

// bins is how many bars a histogram has.
const bins = 24

// histogram draws how many of the values lie in each part of their range. A part
// with any at all has at least the lowest bar.
func histogram(values []float64) string {
	least, most := slices.Min(values), slices.Max(values)
	var counts [bins]int
	for _, v := range values {
		bin := bins / 2
		if most > least {
			bin = int(bins * ((v - least) / (most - least)))
		}
		counts[max(0, min(bin, bins-1))]++
	}
	highest := slices.Max(counts[:])
	bars := make([]rune, bins)
	for i, c := range counts {
		bars[i] = []rune(" ▁▂▃▄▅▆▇█")[(8*c+highest-1)/highest]
	}
	return string(bars)
}

// super returns n in superscript, as in w².
func super(n int) string {
	var s strings.Builder
	for _, d := range fmt.Sprint(n) {
		s.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[d-'0'])
	}
	return s.String()
}

// pad fills s with blanks to n characters.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}

// middle puts s in the middle of n characters.
func middle(s string, n int) string {
	return pad(strings.Repeat(" ", (n-utf8.RuneCountInString(s))/2)+s, n)
}

// clip shortens s to n characters; the end of a file's name tells most.
func clip(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n+1:])
	}
	return s
}
