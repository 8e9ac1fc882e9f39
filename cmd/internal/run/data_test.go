package run

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/cmd/internal/digits"
)

// alone is a folder without data, and no NNDL_MNIST.
func alone(t *testing.T) {
	t.Helper()
	t.Setenv("NNDL_MNIST", "")
	t.Chdir(t.TempDir())
}

// TestSynthetic checks what a fresh machine without any data sees.
func TestSynthetic(t *testing.T) {
	alone(t)
	stdout, stderr, status := call(t, "-epochs", "1", "-train", "2000")
	lines := strings.Split(stdout, "\n")
	if status != 0 || stderr != "" || lines[0] != madeUp || !strings.HasSuffix(stdout, "\n"+realOnes+"\n") {
		t.Errorf("status %d, %s%s", status, stdout, stderr)
	}
	if !strings.Contains(stdout, "2000 examples") || !strings.Contains(stdout, " / 2000  ") {
		t.Errorf("not the synthetic digits: %s", stdout)
	}
	for _, args := range [][]string{{"-train", "10001"}, {"-test", "2001"}} {
		if _, stderr, status := call(t, args...); status != 1 || !strings.Contains(stderr, "only") {
			t.Errorf("%v: status %d, %q", args, status, stderr)
		}
	}
}

// TestRealBeforeSynthetic checks that a folder of real digits is used where there is
// one, and that an incomplete one is an error and no silent fall back.
func TestRealBeforeSynthetic(t *testing.T) {
	alone(t)
	dir := filepath.Join("data", "mnist")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	stdout, stderr, status := call(t)
	if status != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, dir) {
		t.Errorf("an empty data/mnist: status %d, %s%s", status, stdout, stderr)
	}
	writeData(t, dir, 600, 50)
	for name, env := range map[string]string{"data/mnist": "", "NNDL_MNIST": dataDir(t)} {
		t.Setenv("NNDL_MNIST", env)
		stdout, stderr, status := call(t, "-sizes", "12,5,10", "-epochs", "1")
		if status != 0 || strings.Contains(stdout, "synthetic") || strings.Contains(stdout, "fetch") || !strings.Contains(stdout, " / 50 ") {
			t.Errorf("%s: status %d, %s%s", name, status, stdout, stderr)
		}
		if d, err := digits.Open(""); err != nil || d.Cols != 3 || len(d.Validation) != 100 {
			t.Errorf("%s: %d columns, %d in the validation set, %v", name, d.Cols, len(d.Validation), err)
		}
	}
	t.Setenv("NNDL_MNIST", "nothere")
	if _, stderr, status := call(t); status != 1 || !strings.Contains(stderr, "nothere") {
		t.Errorf("NNDL_MNIST=nothere: status %d, %q", status, stderr)
	}
}
