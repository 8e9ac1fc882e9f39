package docs_test

import (
	"regexp"
	"strings"
	"unicode"
)

// mdLine is a line of a Markdown file.
type mdLine struct {
	number int
	text   string
	fence  string // of a line inside a fenced block: the block's first line after ```, or "text"
}

// markdown returns the lines of a file, those of fenced blocks marked. The lines
// with the fences themselves are left out.
func markdown(text string) []mdLine {
	var lines []mdLine
	fence, ticks := "", ""
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		opening := strings.TrimLeft(trimmed, "`")
		mark := trimmed[:len(trimmed)-len(opening)]
		switch {
		case fence == "" && len(mark) >= 3 && !strings.Contains(opening, "`"):
			fence, ticks = strings.TrimSpace(opening), mark
			if fence == "" {
				fence = "text"
			}
		case fence != "" && opening == "" && len(mark) >= len(ticks):
			fence = ""
		default:
			lines = append(lines, mdLine{i + 1, line, fence})
		}
	}
	return lines
}

// tableRow is a row of a Markdown table.
type tableRow struct {
	file  string
	line  int
	head  []string // the titles of the columns
	cells []string
}

// cell returns the cell of the column with that title, or "".
func (r tableRow) cell(title string) string {
	for i, h := range r.head {
		if h == title && i < len(r.cells) {
			return r.cells[i]
		}
	}
	return ""
}

var rule = regexp.MustCompile(`^\|(\s*:?-+:?\s*\|)+$`)

// tables returns the rows of all tables of a Markdown file, without the titles.
func tables(file, text string) []tableRow {
	var rows []tableRow
	var head, previous []string
	for _, line := range markdown(text) {
		trimmed := strings.TrimSpace(line.text)
		if line.fence != "" || !strings.HasPrefix(trimmed, "|") {
			head, previous = nil, nil
			continue
		}
		cells := strings.Split(strings.Trim(trimmed, "|"), "|")
		if strings.HasPrefix(trimmed, "||") || strings.HasPrefix(trimmed, "| |") {
			cells = strings.Split(strings.TrimSuffix(trimmed[1:], "|"), "|")
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case rule.MatchString(trimmed):
			head = previous
		case head != nil:
			rows = append(rows, tableRow{file, line.number, head, cells})
		}
		previous = cells
	}
	return rows
}

var heading = regexp.MustCompile(`^#{1,6}\s+(.*?)\s*#*$`)

// anchors returns the anchors that GitHub makes for the headings of a file, and
// those that the file sets itself.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, line := range markdown(text) {
		if line.fence != "" {
			continue
		}
		for _, m := range regexp.MustCompile(`<a (?:id|name)="([^"]+)"`).FindAllStringSubmatch(line.text, -1) {
			found[m[1]] = true
		}
		m := heading.FindStringSubmatch(line.text)
		if m == nil {
			continue
		}
		slug := slugOf(m[1])
		for i := 1; found[slug]; i++ {
			slug = slugOf(m[1]) + "-" + string(rune('0'+i))
		}
		found[slug] = true
	}
	return found
}

var mdLink = regexp.MustCompile(`!?\[([^\]]*)\]\(([^)\s]+)[^)]*\)`)

// slugOf returns the anchor of a heading: lower case, blanks as hyphens, letters
// and digits kept, all else dropped.
func slugOf(title string) string {
	title = mdLink.ReplaceAllString(title, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
