package mnist

import (
	"crypto/sha256"
	"encoding/hex"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"runtime"
	"slices"
	"testing"

	"nndl/nn"
)

// embeddedSum is the SHA-256 of the 12,000 synthetic digits: the pixels of each and
// then its label. It is the same on every processor.
const embeddedSum = "a50ced6e12aeb0a6aac1e9cad424058067d91b8dd42e8889b4f8870eb1fdb9b0"

func TestSynthetic(t *testing.T) {
	training, test := Synthetic()
	if len(training) != 10_000 || len(test) != 2_000 {
		t.Errorf("%d to train on and %d to test on, want 10000 and 2000", len(training), len(test))
	}
	sum := sha256.New()
	for _, e := range slices.Concat(training, test) {
		sum.Write(pixelsOf(e))
		sum.Write([]byte{byte(e.Label())})
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != embeddedSum {
		t.Errorf("the SHA-256 of the digits is %s, want %s", got, embeddedSum)
	}
}

// pixelsOf returns the bytes of a picture.
func pixelsOf(e nn.Example) []byte {
	var pixels []byte
	for _, v := range e.X().Data {
		pixels = append(pixels, byte(v*256))
	}
	return pixels
}

// TestDigitsAlone holds that a picture depends on the seed and its place alone: not
// on how many are drawn, nor on how many processors draw them.
func TestDigitsAlone(t *testing.T) {
	many := Digits(50, 7)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	few := Digits(20, 7)
	other := Digits(20, 8)
	same := 0
	for i, e := range few {
		if e.Label() != many[i].Label() || !slices.Equal(pixelsOf(e), pixelsOf(many[i])) {
			t.Errorf("picture %d of 20 is another one than of 50", i)
		}
		if slices.Equal(pixelsOf(e), pixelsOf(other[i])) {
			same++
		}
	}
	if same > 0 {
		t.Errorf("%d of 20 pictures are the same with another seed", same)
	}
	if got := Digits(0, 1); len(got) != 0 {
		t.Errorf("none asked for, %d drawn", len(got))
	}
}

// TestNormalised holds what is true of MNIST's pictures: the ink fits into 20×20,
// touching two opposite sides, its middle of weight is in the picture's middle, and
// it is white on black.
func TestNormalised(t *testing.T) {
	counts := [Classes]int{}
	for i, e := range Digits(1000, 3) {
		counts[e.Label()]++
		x := e.X().Data
		top, bottom, left, right := Side, -1, Side, -1
		var sum, across, down float64
		for k, v := range x {
			if v > 0 {
				top, bottom = min(top, k/Side), max(bottom, k/Side)
				left, right = min(left, k%Side), max(right, k%Side)
			}
			sum += v
			across += v * float64(k%Side)
			down += v * float64(k/Side)
		}
		if height, width := bottom-top+1, right-left+1; max(height, width) < 18 || max(height, width) > box {
			t.Errorf("picture %d, a %d: the ink is %d×%d, want %d in one direction", i, e.Label(), height, width, box)
		}
		edge := top == 0 || left == 0 || bottom == Side-1 || right == Side-1 // further it can't be moved
		if !edge && (math.Abs(across/sum-Side/2) > 0.51 || math.Abs(down/sum-Side/2) > 0.51) {
			t.Errorf("picture %d, a %d: the middle of weight is %.2f, %.2f", i, e.Label(), across/sum, down/sum)
		}
		if slices.Max(x) < 0.6 || sum > 784/2 {
			t.Errorf("picture %d, a %d: the brightest pixel is %g, the mean %g", i, e.Label(), slices.Max(x), sum/784)
		}
	}
	for digit, count := range counts {
		if count < 60 {
			t.Errorf("of 1000 pictures only %d show a %d", count, digit)
		}
	}
}

// TestReproducible reads digits.go and normalize.go for what may differ between processors: a product
// that is added without a conversion, which some compilers fuse with the sum; a
// function of package math that is not exact; a random number of another kind. The
// sum of TestSynthetic alone would rarely see one, as pixels are rounded to bytes.
func TestReproducible(t *testing.T) {
	fset := token.NewFileSet()
	for _, name := range []string{"digits.go", "normalize.go"} {
		file, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, node := range inexact(file) {
			t.Errorf("%s: not the same on every processor", fset.Position(node.Pos()))
		}
	}
	const bad = `package p
func f(a, b, c float64) {
	c = a*b + c
	c = c - (a*b)
	c = -(a * b) + c
	c += a * b
	c -= 2 * (a * b)
	c = math.Exp(a) + rng.NormFloat64()
	c = float64(a*b) + a/b - math.Sqrt(a*b) + rng.Float64() // these are right
	x[2*i+1] = 0
}`
	file, err := parser.ParseFile(fset, "bad.go", bad, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(inexact(file)); got != 7 {
		t.Errorf("%d places found in the bad example, want 7", got)
	}
}

// inexact returns the nodes that TestReproducible speaks of. Products within an
// index are of integers.
func inexact(file *ast.File) []ast.Node {
	allowed := map[string][]string{"math": {"Sqrt", "Floor", "Abs"}, "rand": {"New", "NewPCG", "Rand"}, "rng": {"Float64", "IntN"}}
	var found []ast.Node
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.IndexExpr, *ast.SliceExpr:
			return false
		case *ast.BinaryExpr:
			if (n.Op == token.ADD || n.Op == token.SUB) && (isProduct(n.X) || isProduct(n.Y)) {
				found = append(found, n)
			}
		case *ast.AssignStmt:
			if (n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN) && isProduct(n.Rhs[0]) {
				found = append(found, n)
			}
		case *ast.SelectorExpr:
			name := ""
			switch x := n.X.(type) {
			case *ast.Ident:
				name = x.Name
			case *ast.SelectorExpr:
				name = x.Sel.Name // h.rng
			}
			if names, ok := allowed[name]; ok && !slices.Contains(names, n.Sel.Name) {
				found = append(found, n)
			}
		}
		return true
	})
	return found
}

// isProduct reports whether x is a product, perhaps in parentheses or negated.
func isProduct(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.ParenExpr:
		return isProduct(x.X)
	case *ast.UnaryExpr:
		return isProduct(x.X)
	case *ast.BinaryExpr:
		return x.Op == token.MUL
	}
	return false
}

func TestStrokes(t *testing.T) {
	for digit, ways := range strokes {
		if len(ways) < 3 {
			t.Errorf("%d is written in only %d ways", digit, len(ways))
		}
	}
}

func BenchmarkSynthetic(b *testing.B) {
	for b.Loop() {
		Synthetic()
	}
}
