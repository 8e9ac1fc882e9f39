//go:build !race && !purego

package nn

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// faults are mistakes that published networks have, each as one change to a file.
// A fault that the shapes of the matrices would give away at once is written so
// that the shapes fit: what remains is the wrong number.
var faults = []struct {
	name     string
	file     string
	old, new string
}{
	{"σ for σ′ in the hidden layers", "network.go",
		"Apply(SigmoidPrime, z) ",
		"Apply(Sigmoid, z) "},
	{"σ for σ′ in the hidden layers", "trainer.go",
		"timesSigmoidPrime(t.deltas[l-2], t.activations[l-1])",
		"t.deltas[l-2].Hadamard(t.deltas[l-2], t.activations[l-1])"},
	{"σ′ of the activation instead of z", "network.go",
		"sp := new(matrix.Matrix).Apply(SigmoidPrime, z) ",
		"z = activations[l-1]\nsp := new(matrix.Matrix).Apply(SigmoidPrime, z) "},
	{"σ′ of the activation instead of z", "trainer.go",
		"timesSigmoidPrime(t.deltas[l-2], t.activations[l-1])",
		"timesSigmoidPrime(t.deltas[l-2], new(matrix.Matrix).Apply(Sigmoid, t.activations[l-1]))"},
	{"no σ′ in the output layer", "network.go",
		"delta.Hadamard(delta, sp) // 10×1",
		"_ = sp"},
	{"no σ′ in the output layer", "trainer.go",
		"timesSigmoidPrime(delta, output)",
		""},
	{"δ not passed through wᵀ", "network.go",
		"TMul(n.Weights[l+1-2], delta)",
		"TMul(new(matrix.Matrix).Apply(func(float64) float64 { return 1 }, n.Weights[l+1-2]), delta)"},
	{"δ not passed through wᵀ", "trainer.go",
		"Mul(t.deltas[l+1-2], w)",
		"Mul(t.deltas[l+1-2], new(matrix.Matrix).Apply(func(float64) float64 { return 1 }, w))"},
	{"the wrong layer's activation", "network.go",
		"MulT(delta, activations[l-1-1])",
		"MulT(delta, map[bool]*matrix.Matrix{true: activations[l-1], false: activations[l-1-1]}[n.Sizes[l-1] == n.Sizes[l-2]])"},
	{"the wrong layer's activation", "trainer.go",
		"nablaW[i].AddTMul(1, delta, t.activations[i])",
		"nablaW[i].AddTMul(1, delta, t.activations[i+t.Weights[i].Cols/t.Weights[i].Rows*(t.Weights[i].Rows/t.Weights[i].Cols)])"},
	{"the wrong layer's activation in the step", "trainer.go",
		"w.AddTMul(1, delta, t.activations[i])",
		"w.AddTMul(1, delta, t.activations[i+w.Cols/w.Rows*(w.Rows/w.Cols)])"},
	{"the outer product transposed", "network.go",
		"nablaW[l-2].MulT(delta, activations[l-1-1])",
		"matrix.FromSlice(n.Sizes[l-2], n.Sizes[l-1], nablaW[l-2].Data).MulT(activations[l-1-1], delta)"},
	{"the outer product transposed", "trainer.go",
		"nablaW[i].AddTMul(1, delta, t.activations[i])",
		"matrix.FromSlice(nablaW[i].Cols, nablaW[i].Rows, nablaW[i].Data).AddTMul(1, t.activations[i], delta)"},
	{"the outer product of the step transposed", "trainer.go",
		"w.AddTMul(1, delta, t.activations[i])",
		"matrix.FromSlice(w.Cols, w.Rows, w.Data).AddTMul(1, t.activations[i], delta)"},
	{"weights updated before the error goes back through them", "network.go",
		"for l := L - 1; l >= 2; l-- {",
		"for l := L - 1; l >= 2; l-- {\nn.Weights[l+1-2].AddScaled(-0.5, nablaW[l+1-2])"},
	{"weights updated before the error goes back through them", "trainer.go",
		"w := t.Weights[l+1-2]",
		"w := t.Weights[l+1-2]\nw.AddTMul(-0.5, t.deltas[l+1-2], t.activations[l-1])"},
	{"the gradient of the example before left in", "network.go",
		"nablaW[l-2].MulT(delta, activations[l-1-1])",
		"nablaW[l-2].Add(nablaW[l-2], new(matrix.Matrix).MulT(delta, activations[l-1-1]))"},
	{"the gradient of the biases left zero", "network.go",
		"nablaB[l-2].Copy(delta) // 30×1",
		""},
	{"the gradient of the biases left zero", "trainer.go",
		"addSumOfRows(nablaB[i], delta)",
		""},
	{"the biases never updated", "network.go",
		"n.Biases[i].AddScaled(-eta/m, nablaB[i])",
		""},
	{"the biases never updated", "trainer.go",
		"addSumOfRows(t.Biases[i], delta)",
		""},
	{"the biases never updated by long mini-batches", "trainer.go",
		"t.Biases[i].AddScaled(-eta/m, t.nablaB[i])",
		""},
	{"no division by the length of the mini-batch", "network.go",
		"m := float64(len(miniBatch))",
		"m := 1.0"},
	{"no division by the length of the mini-batch", "trainer.go",
		"t.step(eta, float64(m))",
		"t.step(eta, 1)"},
	{"no division by the length of a long mini-batch", "trainer.go",
		"m := float64(len(miniBatch))",
		"m := 1.0"},
	{"a short mini-batch divided by the full length", "network.go",
		"m := float64(len(miniBatch))",
		"m := float64(max(10, len(miniBatch)))"},
	{"a short mini-batch divided by the full length", "trainer.go",
		"t.step(eta, float64(m))",
		"t.step(eta, float64(max(10, m)))"},
}

// TestFaults makes one mistake after the other and sees the gradient tests fail.
func TestFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles the package once for every fault")
	}
	arch, err := exec.Command("go", "env", "GOARCH").Output()
	if err != nil || strings.TrimSpace(string(arch)) != runtime.GOARCH {
		t.Skip("no go command for this processor")
	}
	for _, f := range faults {
		t.Run(f.file+": "+f.name, func(t *testing.T) {
			t.Parallel()
			out, err := gradientTestsWith(t, f.file, f.old, f.new)
			if err == nil {
				t.Errorf("the gradient tests pass with %q for %q", f.new, f.old)
			} else if !strings.Contains(out, "--- FAIL: TestGradient") || strings.Contains(out, "panic:") {
				t.Errorf("the gradient tests did not fail as tests fail: %v\n%s", err, out)
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		t.Parallel()
		if out, err := gradientTestsWith(t, "trainer.go", "package nn", "package nn"); err != nil {
			t.Errorf("the gradient tests fail without a fault: %v\n%s", err, out)
		}
	})
}

// gradientTestsWith runs the gradient tests with one replacement in a file, which
// must match exactly once. The file itself stays as it is.
func gradientTestsWith(t *testing.T, file, old, new string) (out string, err error) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), old); n != 1 {
		t.Fatalf("%q stands %d times in %s, want once", old, n, file)
	}
	path, err := filepath.Abs(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	faulty, overlay := filepath.Join(dir, file), filepath.Join(dir, "overlay.json")
	replaced := strings.Replace(string(source), old, new, 1)
	if err := os.WriteFile(faulty, []byte(replaced), 0o666); err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {path: faulty}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, list, 0o666); err != nil {
		t.Fatal(err)
	}
	b, err := exec.Command("go", "test", "-overlay", overlay, "-vet=off", "-count=1", "-short", "-run", "^TestGradient", ".").CombinedOutput()
	return string(b), err
}
