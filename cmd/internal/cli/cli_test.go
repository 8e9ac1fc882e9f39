package cli

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"
)

func TestParseAndStatus(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		stdout string // what it begins with
		stderr string // all of it
	}{
		{"-n 3", 0, "", ""},
		{"-h", 0, "Help.\n  -n int", ""},
		{"-n x", 2, "", "prog: invalid value \"x\" for flag -n: parse error (prog -h tells the flags)\n"},
		{"-q", 2, "", "prog: flag provided but not defined: -q (prog -h tells the flags)\n"},
		{"stray", 2, "", "prog: unexpected argument \"stray\" (prog -h tells the flags)\n"},
	} {
		fs := flag.NewFlagSet("prog", flag.ContinueOnError)
		fs.Int("n", 1, "how many")
		var stdout, stderr strings.Builder
		err := Parse(fs, strings.Fields(c.args), &stdout, "Help.\n")
		status := Status("prog", err, &stderr)
		if status != c.status || !strings.HasPrefix(stdout.String(), c.stdout) || stderr.String() != c.stderr {
			t.Errorf("%s: status %d, stdout %q, stderr %q", c.args, status, stdout.String(), stderr.String())
		}
	}
}

func TestStatusOfErrors(t *testing.T) {
	var stderr strings.Builder
	if s := Status("prog", fmt.Errorf("training: %w", ErrInterrupted), &stderr); s != 130 || stderr.Len() != 0 {
		t.Errorf("interrupted: status %d, stderr %q", s, stderr.String())
	}
	if s := Status("prog", errors.New("no data"), &stderr); s != 1 || stderr.String() != "prog: no data\n" {
		t.Errorf("error: status %d, stderr %q", s, stderr.String())
	}
}
