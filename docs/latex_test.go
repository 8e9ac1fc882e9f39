package docs_test

import (
	"regexp"
	"slices"
	"strings"
)

var (
	numbered = regexp.MustCompile(`\$\$(.*?)\\q?quad\s*\((\w+)\)\s*\$\$`)
	inMath   = regexp.MustCompile(`\$\$(.+?)\$\$|\$([^$]+)\$`)
	eaten    = regexp.MustCompile(`\\[^A-Za-z]`)
)

// checkLatex compares the displayed formulas that end in an equation's number, as in
// $$\delta^L = \nabla_a C \odot \sigma'(z^L) \qquad (BP1a)$$, with the rows of
// docs/equations.md, and finds what GitHub cannot show in any formula.
func checkLatex(files tree) (p problems) {
	rows, _ := equationRows(files)
	for _, name := range files.names(".md") {
		for _, line := range markdown(files[name]) {
			if line.fence != "" || strings.HasPrefix(line.text, "    ") {
				continue // code
			}
			text := codeSpans.ReplaceAllString(line.text, "x")
			if strings.Contains(inMath.ReplaceAllString(text, ""), "$") {
				p.addf(name, line.number, "a $ without a second one in the line")
			}
			for _, formula := range inMath.FindAllString(text, -1) {
				if m := eaten.FindString(formula); m != "" {
					p.addf(name, line.number, "%s: GitHub takes the backslash of %s away", formula, m)
				}
			}
			for _, m := range numbered.FindAllStringSubmatch(text, -1) {
				i := slices.IndexFunc(rows, func(r equationRow) bool { return r.number == m[2] && r.variant == "" })
				if i < 0 {
					p.addf(name, line.number, "(%s) has no row in %s", m[2], equationsFile)
				} else if got, want := bare(fromLatex(m[1])), bare(rows[i].formula); got != want {
					p.addf(name, line.number, "(%s) is %s here and %s in %s:%d", m[2], got, want, equationsFile, rows[i].line)
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
		`\cdot`, "·", `\ldots`, "…", `\dots`, "…", `\frac{1}{2}`, "½", `\Vert`, "‖", `\left`, "", `\right`, "", `\,`, "", `\ `, "",
		`\exp`, "exp", `\ln`, "ln", `\sin`, "sin", `\cos`, "cos", `\lambda`, "λ", `\mu`, "μ", "-", "−", "'", "′", "_{X_j}", "_Xⱼ")
	latexRaised   = strings.NewReplacer("l", "ˡ", "L", "ᴸ", "+", "⁺", "−", "⁻", "1", "¹", "2", "²", "3", "³", "4", "⁴", "T", "ᵀ", "z", "ᶻ", " ", "")
	latexLowered  = strings.NewReplacer("+", "₊", "i", "ᵢ", "j", "ⱼ", "k", "ₖ", "l", "ₗ", "x", "ₓ", "a", "ₐ", "m", "ₘ", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "n", "ₙ", "p", "ₚ")
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
