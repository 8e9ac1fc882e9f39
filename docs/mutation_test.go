package docs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// mutated returns the tree with one text of one file replaced by another, and the
// number of the line where it stands. The old text must be there exactly once.
func mutated(t *testing.T, files tree, name, old, new string) (tree, int) {
	t.Helper()
	text := files[name]
	if strings.Count(text, old) != 1 {
		t.Fatalf("%s has %q %d times, want once", name, old, strings.Count(text, old))
	}
	before, _, _ := strings.Cut(text, old)
	return files.with(name, strings.Replace(text, old, new, 1)), strings.Count(before, "\n") + 1
}

// found reports whether there is a problem that begins with that file and line and
// has the words.
func (p problems) found(file string, line int, words string) bool {
	for _, problem := range p {
		if strings.HasPrefix(problem, fmt.Sprintf("%s:%d: ", file, line)) && strings.Contains(problem, words) {
			return true
		}
	}
	return false
}

// TestEveryFormula changes one character in each formula of docs/equations.md and
// in each equation comment of the code and its tests, one after another. Each time
// the keeper must find it, and name the file and the line.
func TestEveryFormula(t *testing.T) {
	files := readTree(t)
	if p := checkEquations(files); len(p) > 0 {
		t.Skip("TestEquations fails already")
	}
	rows, _ := equationRows(files)
	comments, _ := equationComments(files)
	for i, r := range rows {
		spoil(t, files, r.file, r.line, r.spans[i%len(r.spans)], i)
	}
	for i, c := range comments {
		spoil(t, files, c.file, c.line, c.formula, i)
	}
	t.Logf("%d rows and %d comments", len(rows), len(comments))
}

// spoil replaces one character of a formula in a line, and looks whether it is found.
func spoil(t *testing.T, files tree, file string, line int, formula string, i int) {
	t.Helper()
	runes := []rune(formula)
	at := i % len(runes)
	if runes[at] == ' ' {
		at-- // a formula does not begin with a blank
	}
	runes[at] = '¿'
	lines := strings.Split(files[file], "\n")
	if !strings.Contains(lines[line-1], formula) {
		t.Fatalf("%s:%d: has no %s", file, line, formula)
	}
	lines[line-1] = strings.Replace(lines[line-1], formula, string(runes), 1)
	if p := checkEquations(files.with(file, strings.Join(lines, "\n"))); !p.found(file, line, string(runes)) {
		t.Errorf("%s:%d: nobody noticed %s", file, line, string(runes))
	}
}

// mutations are things that go wrong with documents, and where the keeper must see them.
var mutations = []struct {
	what           string
	check          func(tree) problems
	file, old, new string
	words          string // of the problem, in the same line; “file: words” if elsewhere
}{
	{"a comment without a row", checkEquations, "nn/cost.go", "// Equation (6):", "// Equation (57):", "has no row"},
	{"a comment in another form", checkEquations, "nn/cost.go", "// Equation (6):", "// Equation (6) is", "want // Equation (N)"},
	{"a comment that is gone", checkEquations, "nn/cost.go", "// Equation (6): ", "// ", "docs/equations.md: has no comment // Equation (6)"},
	{"a test that does not say what it shows", checkEquations, "nn/equation_ch1_test.go", "// Equation (6): C(w,b)", "// The cost: C(w,b)", "nn/equation_ch1_test.go: does not say // Equation (6)"},
	{"another equation's address", checkEquations, equationsFile, "(http://neuralnetworksanddeeplearning.com/chap1.html#eqtn6)", "(http://neuralnetworksanddeeplearning.com/chap1.html#eqtn7)", "links to"},
	{"a function without the equation", checkEquations, equationsFile, "[`nn.Network.Cost`](../nn/cost.go)", "[`nn.Network.Costs`](../nn/cost.go)", "has no comment"},
	{"a reference to nothing", checkEquations, equationsFile, "see (22) ·", "see (4) ·", "see (N)"},
	{"a test that is not there", checkEquations, equationsFile, "[`TestEquation7`](../nn/equation_ch1_test.go)", "[`TestEquation7`](../nn/cost.go)", "there is no TestEquation7"},
	{"a row without a test", checkEquations, equationsFile, " · [`TestEquationBP2MiniBatch`](../nn/equation_batch_test.go)", "", "code · test"},
	{"a variant in the wrong place", checkEquations, equationsFile, "| (BP2), mini-batch |", "| (BP3), mini-batch |", "does not follow"},
	{"another equation's test", checkEquations, equationsFile, "[`TestEquation7`](../nn/equation_ch1_test.go)", "[`TestEquation8`](../nn/equation_ch1_test.go)", "not named after"},
	{"a second row", checkEquations, equationsFile, "| [(8)](http://neuralnetworksanddeeplearning.com/chap1.html#eqtn8)", "| [(7)](http://neuralnetworksanddeeplearning.com/chap1.html#eqtn7)", "second row"},
	{"a first cell that is not a number", checkEquations, equationsFile, "| [(BP2)](http://neuralnetworksanddeeplearning.com/chap2.html#eqtnBP2)", "| BP2", "first cell"},
	{"a wrong shape for [784,30,10]", checkShapesOfRun, equationsFile, "[`TestEquation6`](../nn/equation_ch1_test.go) | y 10×1, a³ 10×1", "[`TestEquation6`](../nn/equation_ch1_test.go) | y 10×1, a³ 1×10", "a³ 1×10"},
	{"a wrong shape of rows", checkShapesOfRun, equationsFile, "| Δ² m×30 → b² 30×1", "| Δ² 30×m → b² 30×1", "Δ² 30×m"},
	{"a wrong shape of a symbol", checkShapesOfRun, notationFile, "| 784×1, 30×1, 10×1 |", "| 784×1, 10×1, 30×1 |", "aˡ"},
	{"a wrong shape of a mini-batch", checkShapesOfRun, notationFile, "| m×sˡ | 10×784,", "| sˡ×m | 10×784,", "Aˡ"},
	{"a wrong shape in a comment", checkShapeCommentsOfRun, "nn/network.go", "return a // 10×1", "return a // 1×10", "1×10 is not the shape"},
	{"a matrix without its shape", checkShapeCommentsOfRun, "nn/network.go", "nablaB[L-2].Copy(delta)                   // 10×1", "nablaB[L-2].Copy(delta)", "without its shape"},
	{"a product without its shapes", checkShapeCommentsOfRun, "nn/network.go", "Mul(w, a) // 30×784 · 784×1 → 30×1", "Mul(w, a)", "want a comment like"},
	{"a product of wrong shapes", checkShapeCommentsOfRun, "nn/network.go", "// 30×1 · (784×1)ᵀ → 30×784", "// 30×1 · (784×1)ᵀ → 10×30", "do not multiply"},
	{"a transpose of the wrong operand", checkShapeCommentsOfRun, "nn/network.go", "// 10×1 · (30×1)ᵀ → 10×30", "// (30×10)ᵀ · 30×1 → 10×1", "not where the operation"},
	{"a wrong shape in another page", checkShapesOfRun, "docs/network.md", "| `∂C/∂wˡ` | 30×784 | 10×30 |", "| `∂C/∂wˡ` | 30×784 | 30×10 |", "30×10"},
	{"a wrong formula in LaTeX", checkLatex, "docs/network.md", `\odot \sigma'(z^l) \qquad (BP2)`, `\odot \sigma(z^l) \qquad (BP2)`, "(BP2)"},
	{"a wrong formula in a sentence", checkMath, "docs/network.md", `\odot \sigma'(z^L)$.`, `\odot \sigma(z^L)$.`, "nor in the list"},
	{"an unknown command in a formula", checkMath, "docs/network.md", `> Compute the vector $\delta^L =`, `> Compute the vector $\detla^L =`, `what is \detla`},
	{"a space that GitHub makes a comma", checkMath, "docs/network.md", `= a^{l-1}_k \delta^l_j \qquad (BP4)`, `= a^{l-1}_k\, \delta^l_j \qquad (BP4)`, "GitHub takes the backslash"},
	{"a formula without an end", checkMath, "docs/network.md", `> Set the activation $a^1$`, `> Set the activation $a^1`, "without a second one"},
	{"a formula with a letter after it", checkMath, "docs/network.md", `> Set the activation $a^1$ of`, `> Set the activation $a^1$s of`, "no letter after it"},
	{"a blank within the dollars", checkMath, "docs/network.md", `> Set the activation $a^1$ of`, `> Set the activation $ a^1$ of`, "no blank at its ends"},
	{"code that clings to a formula", checkMath, "docs/network.md", `> Set the activation $a^1$ of`, "> Set the `activation`$a^1$ of", "a bracket before it"},
	{"a formula that a letter clings to", checkMath, "docs/network.md", `> Set the activation $a^1$ of`, `> Set the activation-$a^1$ of`, "a bracket before it"},
	{"a bracket too few", checkMath, "docs/network.md", `= \nabla_a C \odot \sigma'(z^L)$.`, `= \nabla_a C \odot \sigma'(z^L$.`, "brackets"},
	{"a mistake that cannot be made", checkMistakes, equationsFile, "| `math.Exp(-z)` |", "| `math.Exp(-y)` |", "0 times"},
	{"a wrong index", checkOrder, notationFile, "| 3 | 20 | 2 | −2 | 1 | −2 |", "| 3 | 20 | 2 | −2 | 1 | −3 |", "want"},
	{"a wrong layer", checkOrder, notationFile, "| 2 | 3 | z³ | w⁴ |", "| 2 | 3 | z³ | w³ |", "want"},
	{"functions in another order", checkOrder, "nn/network.go", "func (n *Network) Evaluate(", "func (n *Network) Assess(", "network.py has"},
	{"a function that is not there", checkNames, notationFile, "[`matrix.Matrix.TMul`](../matrix/mul.go)", "[`matrix.Matrix.TMult`](../matrix/mul.go)", "does not declare"},
	{"a variable that is not there", checkNames, notationFile, "`sp` in [`nn.Network.backprop`]", "`spr` in [`nn.Network.backprop`]", "has no spr"},
	{"a public name that is not there", checkNames, equationsFile, "go doc -u nn.Network.backprop ", "go doc -u nn.Network.backpropagate ", "there is no nn.Network.backpropagate"},
	{"a test in a command", checkNames, equationsFile, "-run 'TestEquationBP2$'", "-run 'TestEquationBP5$'", "TestEquationBP5"},
	{"a link to no file", checkLinks, notationFile, "[equations.md](equations.md).\n\n- ", "[equations.md](equation.md).\n\n- ", "there is no"},
	{"a link to no heading", checkLinks, notationFile, "(#signs)", "(#sign)", "no heading"},
	{"a link over two lines to no heading", checkLinks, "docs/network.md", "(15)](equations.md#gradient-descent)", "(15)](equations.md#descent)", "no heading"},
	{"an import the wrong way", checkImports, "matrix/mul.go", "package matrix\n", "package matrix\n\nimport \"nndl/nn\"\n", "matrix/mul.go: one way"},
	{"an import from outside", checkImports, "nn/cost.go", "import \"nndl/matrix\"", "import \"gonum.org/v1/gonum/mat\"", "standard library"},
	{"a file that is too long", checkLengths, "nn/network.go", "package nn\n", "package nn\n" + strings.Repeat("\n", 20), "nn/network.go: 199"},
}

func checkShapeCommentsOfRun(files tree) problems { return checkShapeComments(files, runShapes()) }

func checkShapesOfRun(files tree) problems { return checkShapes(files, runShapes()) }

// TestMutations spoils the documents and the code in the ways above.
func TestMutations(t *testing.T) {
	files := readTree(t)
	for _, m := range mutations {
		t.Run(m.what, func(t *testing.T) {
			if p := m.check(files); len(p) > 0 {
				t.Skip("the check fails already: ", p[0])
			}
			spoiled, line := mutated(t, files, m.file, m.old, m.new)
			p := m.check(spoiled)
			if file, words, elsewhere := strings.Cut(m.words, ": "); elsewhere {
				if !strings.HasPrefix(p.String(), file+":") || !strings.Contains(p.String(), words) {
					t.Errorf("want a problem in %s with %q, got %q", file, words, p)
				}
				t.Log(p)
				return
			}
			if !p.found(m.file, line, m.words) {
				t.Errorf("want a problem in %s:%d with %q, got %q", m.file, line, m.words, p)
				return
			}
			t.Log(p[0])
		})
	}
}

// TestOtherModules holds that a module within the repository, which is not part of it,
// is left alone.
func TestOtherModules(t *testing.T) {
	empty := &fstest.MapFile{}
	files, err := readFrom(fstest.MapFS{"go.mod": empty, "nn/network.go": empty, "peers/gonum/go.mod": empty, "peers/gonum/main.go": empty})
	if got := files.names(".go"); err != nil || !slices.Equal(got, []string{"nn/network.go"}) {
		t.Errorf("read %v, error %v, want nn/network.go alone", got, err)
	}
}

// quoted is a page that quotes Go, rightly and wrongly.
const quoted = "# A page\n\n```go nn/network.go\nfunc SigmoidPrime(z float64) float64 {\n\treturn Sigmoid(z) * (1 - Sigmoid(z))\n}\n```\n\n" +
	"```go nn/network.go\nL := len(n.Sizes) // 3\n// …\n// 3. Output error.\n```\n\n" +
	"```go\nreturn Sigmoid(z) * (1 + Sigmoid(z))\n```\n"

func TestQuotesAreCompared(t *testing.T) {
	files := readTree(t).with("docs/page.md", quoted)
	for _, name := range files.names(".md") {
		if name != "docs/page.md" {
			delete(files, name)
		}
	}
	p := checkQuotes(files)
	if len(p) != 1 || !p.found("docs/page.md", 16, "no Go file has the line") {
		t.Errorf("want one problem, in docs/page.md:16, got %q", p)
	}
}
