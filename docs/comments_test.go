package docs_test

import (
	"regexp"
	"strings"
	"testing"
)

// TestShapeComments holds the shapes in the comments of the network's files, such as
// // 30×784 · 784×1 → 30×1, against those of a run, and each product's against the
// rule of the product; no line that makes or changes a matrix may be without.
func TestShapeComments(t *testing.T) { checkShapeComments(readTree(t), runShapes()).report(t) }

var (
	shapeInComment   = regexp.MustCompile(`(\w+)×(\w+)`)
	matrixCall       = regexp.MustCompile(`\.(Add|Sub|Hadamard|Apply|Scale|AddScaled|Copy)\(|= (zerosLike|randn)\(|, randn\(`)
	productCall      = regexp.MustCompile(`\.(Add)?(TMul|MulT|Mul)\(`)
	productInComment = regexp.MustCompile(`(\(?)(\w+)×(\w+)(\)ᵀ)? · (\(?)(\w+)×(\w+)(\)ᵀ)? → (\w+)×(\w+)`)
)

// checkShapeComments reads the comments line by line.
func checkShapeComments(files tree, r run) (p problems) {
	known := map[string]bool{}
	for _, s := range r.shapes {
		known[shown(s, true)] = true
	}
	for _, s := range r.rows {
		known["m×"+strings.TrimPrefix(shown(s, true), "10×")] = true
	}
	for _, name := range []string{"nn/network.go", "nn/trainer.go", "nn/cost.go", "nn/gradcheck.go"} {
		for i, line := range strings.Split(files[name], "\n") {
			code, comment, _ := strings.Cut(line, "//")
			if matrixCall.MatchString(code) && !shapeInComment.MatchString(comment) {
				p.addf(name, i+1, "a matrix without its shape in a comment, as in // 30×1")
			}
			for _, m := range shapeInComment.FindAllString(comment, -1) {
				if !known[m] && strings.ContainsAny(m, "0123456789") {
					p.addf(name, i+1, "%s is not the shape of anything when [784,30,10] runs", m)
				}
			}
			if call := productCall.FindStringSubmatch(code); call != nil {
				if problem := wrongProduct(call[2], comment); problem != "" {
					p.addf(name, i+1, "%s", problem)
				}
			}
		}
	}
	return p
}

// wrongProduct says what is wrong with the shapes that the comment of a product
// gives: 30×784 · 784×1 → 30×1 for Mul, (10×30)ᵀ · 10×1 → 30×1 for TMul,
// 30×1 · (784×1)ᵀ → 30×784 for MulT.
func wrongProduct(operation, comment string) string {
	m := productInComment.FindStringSubmatch(comment)
	if m == nil {
		return operation + ": want a comment like // 30×784 · 784×1 → 30×1"
	}
	xRows, xCols, yRows, yCols := m[2], m[3], m[6], m[7]
	xT, yT := m[4] != "", m[8] != ""
	if xT != (operation == "TMul") || yT != (operation == "MulT") {
		return operation + ": the ᵀ of the comment is not where the operation has it: " + m[0]
	}
	if xT {
		xRows, xCols = xCols, xRows
	}
	if yT {
		yRows, yCols = yCols, yRows
	}
	if xCols != yRows || m[9] != xRows || m[10] != yCols {
		return operation + ": these shapes do not multiply so: " + m[0]
	}
	return ""
}
