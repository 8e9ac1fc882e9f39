package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestLatex holds the displayed formulas that end in an equation's number, as in
// $$\delta^L = \nabla_a C \odot \sigma'(z^L) \qquad (BP1a)$$, against the rows of
// docs/equations.md.
func TestLatex(t *testing.T) { checkLatex(readTree(t)).report(t) }

var numbered = regexp.MustCompile(`\$\$(.*?)\\q?quad\s*\((\w+)\)\s*\$\$`)

// checkLatex looks at the numbered formulas of all Markdown files.
func checkLatex(files tree) (p problems) {
	rows, _ := equationRows(files)
	formulas := map[string]equationRow{}
	for _, r := range rows {
		formulas[r.number] = r
	}
	for _, name := range files.names(".md") {
		for _, line := range markdown(files[name]) {
			for _, m := range numbered.FindAllStringSubmatch(line.text, -1) {
				r, known := formulas[m[2]]
				if got, want := bare(fromLatex(m[1])), bare(r.formula); !known || got != want {
					p.addf(name, line.number, "(%s) is %s here and %s in %s:%d", m[2], got, want, equationsFile, r.line)
				}
			}
		}
	}
	return p
}

// bare leaves out blanks and brackets, which the two ways of writing place
// differently: \frac{1}{1 + a} is 1/(1 + a).
func bare(formula string) string {
	return strings.NewReplacer(" ", "", "(", "", ")", "", "{", "", "}", "").Replace(formula)
}

var (
	latexSigns = strings.NewReplacer(`\delta`, "δ", `\sigma`, "σ", `\Sigma`, "Σ", `\eta`, "η", `\epsilon`, "ε", `\Delta`, "Δ",
		`\nabla`, "∇", `\partial`, "∂", `\odot`, "⊙", `\sum`, "Σ", `\rightarrow`, "→", `\to`, "→", `\equiv`, "≡", `\approx`, "≈",
		`\cdot`, "·", `\ldots`, "…", `\dots`, "…", `\frac{1}{2}`, "½", `\|`, "‖", `\left`, "", `\right`, "", `\,`, "", `\ `, "",
		`\exp`, "exp", "-", "−", "'", "′", "_{X_j}", "_Xⱼ")
	latexRaised   = strings.NewReplacer("l", "ˡ", "L", "ᴸ", "+", "⁺", "−", "⁻", "1", "¹", "2", "²", "3", "³", "4", "⁴", "T", "ᵀ", "z", "ᶻ", " ", "")
	latexLowered  = strings.NewReplacer("j", "ⱼ", "k", "ₖ", "l", "ₗ", "x", "ₓ", "a", "ₐ", "m", "ₘ", "1", "₁", "2", "₂", "n", "ₙ", "p", "ₚ")
	latexScript   = regexp.MustCompile(`([\^_])(\{[^{}]*\}|[A-Za-z0-9])`)
	latexFraction = regexp.MustCompile(`\\frac\{([^{}]*)\}\{([^{}]*)\}`)
)

// fromLatex writes a formula in the characters of the code's comments.
func fromLatex(formula string) string {
	formula = latexSigns.Replace(formula)
	formula = latexScript.ReplaceAllStringFunc(formula, func(script string) string {
		inner := strings.Trim(script[1:], "{}")
		switch {
		case inner == "X" || inner == "q": // Unicode has no small ones below the line
			return "_" + inner
		case script[0] == '^':
			return latexRaised.Replace(inner)
		}
		return latexLowered.Replace(inner)
	})
	return latexFraction.ReplaceAllString(formula, "$1/$2")
}
