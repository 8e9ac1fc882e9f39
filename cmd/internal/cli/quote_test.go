package cli

import (
	"os/exec"
	"runtime"
	"testing"
)

// TestQuote asks a shell.
func TestQuote(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no sh here")
	}
	for _, arg := range []string{"data/mnist", "my digits", "it's", `a\b`, "$HOME", "`x`", "", "*", "ü/ß-1.json", "~", "a;b", "-n", `"`} {
		out, err := exec.Command(sh, "-c", "printf %s "+Quote(arg)).Output()
		if err != nil || string(out) != arg {
			t.Errorf("%q is quoted as %s, which the shell takes for %q, %v", arg, Quote(arg), out, err)
		}
	}
	if Quote("data/mnist") != "data/mnist" {
		t.Error("quoted without need")
	}
}
