package docs_test

import (
	"regexp"
	"strings"
)

const walkFile = "docs/network.md"

var (
	twoPrograms = regexp.MustCompile(`^network\.py +nn/network\.go$`)
	outputLine  = regexp.MustCompile(`^\t// (.+) = (.+)$`)
	goComment   = regexp.MustCompile(`//.*`)
)

// checkWalk looks at the blocks of docs/network.md: the right half of those that have
// network.py and nn/network.go side by side must be in nn/network.go, comments and white
// space aside, and what nn/example_hand_test.go prints must be in the others, as in
// C = ½·(0.1 − 0.5)² = 0.08 for its line C = 0.08.
func checkWalk(files tree) (p problems) {
	squeeze := func(text string) string { return strings.Join(strings.Fields(text), "") }
	network := squeeze(goComment.ReplaceAllString(files["nn/network.go"], ""))
	var right, numbers string
	column, start := -1, 0
	lines := append(markdown(files[walkFile]), mdLine{})
	for i, line := range lines {
		if head := twoPrograms.MatchString(line.text); line.fence == "text" && head {
			column, start = strings.Index(line.text, "nn/"), line.number
		} else if line.fence == "text" && column < 0 {
			numbers += line.text + "\n"
		} else if line.fence == "text" && len([]rune(line.text)) > column {
			right += string([]rune(line.text)[column:])
		}
		if column >= 0 && (i+1 == len(lines) || lines[i+1].number != line.number+1) {
			if !strings.Contains(network, squeeze(right)) {
				p.addf(walkFile, start, "the right side of this block is not in nn/network.go: %s", right)
			}
			right, column = "", -1
		}
	}
	for _, line := range strings.Split(files["nn/example_hand_test.go"], "\n") {
		m := outputLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if !regexp.MustCompile(`(?m)(^|  )` + regexp.QuoteMeta(m[1]) + ` = ([^=\n]* = )*` + regexp.QuoteMeta(m[2]) + `(\s|$)`).MatchString(numbers) {
			p.addf(walkFile, 1, "no block has %s = … = %s, as nn/example_hand_test.go prints", m[1], m[2])
		}
	}
	return p
}
