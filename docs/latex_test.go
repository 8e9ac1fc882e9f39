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

// TestMath holds every formula between dollar signs, in a sentence or displayed, to
// what GitHub can show, and every equation without a number to those that are known.
func TestMath(t *testing.T) { checkMath(readTree(t)).report(t) }

// unnumbered are the equations without a number in the book that the pages may state.
var unnumbered = []string{"a¹ = x", "zˡ = wˡaˡ⁻¹ + bˡ", "zˡⱼ = Σₖ wˡⱼₖaˡ⁻¹ₖ + bˡⱼ", "aˡ = σ(zˡ)", "a = σ(z)",
	"σ′(z) = σ(z)(1 − σ(z)) = a(1 − a)", "∇ₐC = aᴸ − y", "∂C/∂bᴸⱼ = (aᴸⱼ − yⱼ)·σ′(zᴸⱼ)·1",
	"Zˡ = Aˡ⁻¹(wˡ)ᵀ + 1(bˡ)ᵀ", "zᵢⱼ = Σₖ xᵢₖyₖⱼ"}

var (
	formulas  = regexp.MustCompile(`\$\$(.+?)\$\$|\$([^$]+)\$`)
	clings    = regexp.MustCompile(`[^\s(]$`)
	follows   = regexp.MustCompile(`^\w`)
	eaten     = regexp.MustCompile(`\\[^A-Za-z]`)
	command   = regexp.MustCompile(`\\[A-Za-z]+`)
	spaced    = regexp.MustCompile(`\\q?quad\s*(\([\w]+\)\s*$)?|\\text\{[^}]*\}`)
	nameLayer = regexp.MustCompile(`^[lL]=`)
)

// checkMath looks at the formulas of all Markdown files outside code.
func checkMath(files tree) (p problems) {
	known := map[string]bool{}
	rows, _ := equationRows(files)
	for _, r := range rows {
		known[bare(r.formula)] = true
	}
	for _, formula := range unnumbered {
		known[bare(formula)] = true
	}
	for _, name := range files.names(".md") {
		for _, line := range markdown(files[name]) {
			if line.fence != "" || strings.HasPrefix(line.text, "    ") {
				continue // code
			}
			text := codeSpans.ReplaceAllString(line.text, "x")
			if strings.Contains(formulas.ReplaceAllString(text, ""), "$") {
				p.addf(name, line.number, "a $ without a second one in the line")
			}
			for _, m := range formulas.FindAllStringSubmatchIndex(text, -1) {
				whole := text[m[0]:m[1]]
				formula := strings.Trim(whole, "$")
				if clings.MatchString(text[:m[0]]) || follows.MatchString(text[m[1]:]) || strings.TrimSpace(formula) != formula {
					p.addf(name, line.number, "%s: GitHub wants a blank or a bracket before it, no letter after it and no blank at its ends", whole)
				}
				for _, problem := range wrongMath(formula, known) {
					p.addf(name, line.number, "%s: %s", whole, problem)
				}
			}
		}
	}
	return p
}

// wrongMath says what is wrong with a formula.
func wrongMath(formula string, known map[string]bool) (wrong []string) {
	if m := eaten.FindString(formula); m != "" {
		wrong = append(wrong, "GitHub takes the backslash of "+m+" away")
	}
	for _, part := range spaced.Split(formula, -1) {
		part = fromLatex(part)
		if m := command.FindString(part); m != "" {
			wrong = append(wrong, "what is "+m+"?")
		}
		if strings.Count(part, "{") != strings.Count(part, "}") || strings.Count(part, "(") != strings.Count(part, ")") {
			wrong = append(wrong, "brackets that do not match")
		}
		equation := strings.TrimSuffix(bare(part), ".")
		if strings.Contains(equation, "=") && !nameLayer.MatchString(equation) && !known[equation] {
			wrong = append(wrong, equation+" is neither in "+equationsFile+" nor in the list unnumbered of this test")
		}
	}
	return wrong
}

var numbered = regexp.MustCompile(`\$\$(.*?)\\q?quad\s*\((\w+)\)\s*\$\$`)

// checkLatex looks at the numbered formulas of all Markdown files.
func checkLatex(files tree) (p problems) {
	rows, _ := equationRows(files)
	formulas := map[string]equationRow{}
	for _, r := range rows {
		if r.variant == "" {
			formulas[r.number] = r
		}
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
	latexLowered  = strings.NewReplacer("i", "ᵢ", "j", "ⱼ", "k", "ₖ", "l", "ₗ", "x", "ₓ", "a", "ₐ", "m", "ₘ", "1", "₁", "2", "₂", "n", "ₙ", "p", "ₚ")
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
