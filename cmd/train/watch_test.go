package main

import (
	"os"
	"strings"
	"testing"
)

// TestTroubleIsTold holds that a run which cannot work says so in one line, once,
// and goes on; and that runs which work, or are only slow, say nothing.
func TestTroubleIsTold(t *testing.T) {
	dir := dataDir(t)
	runs := [][]string{{"-data", dir, "-sizes", "12,8,10"}}
	if mnist := os.Getenv("NNDL_MNIST"); mnist != "" && !testing.Short() {
		runs = append(runs, []string{"-data", mnist, "-train", "5000", "-test", "1000"},
			[]string{"-data", mnist, "-train", "1000", "-test", "100", "-sizes", "784,10"})
	}
	for _, flags := range runs {
		for _, method := range []string{"batch", "book"} {
			if method == "book" && len(flags) > 4 {
				continue
			}
			for eta, want := range map[string]int{"100": 1, "0.001": 0, "3": 0} {
				stdout, stderr, status := call(t, append(flags, "-epochs", "6", "-method", method, "-eta", eta)...)
				if status != 0 || strings.Count(stdout, "\nEpoch ") != 6 {
					t.Errorf("%v -eta %s: status %d, %s", flags, eta, status, stdout)
				}
				if strings.Count(stderr, "\n") != want || want == 1 && !strings.Contains(stderr, "learning rate") {
					t.Errorf("%v -eta %s: stderr %q, want %d lines", flags, eta, stderr, want)
				}
			}
		}
	}
}
