package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
		{"-h", 0, "Help.\n  -b", ""},
		{"-n x", 2, "", "prog: invalid value \"x\" for flag -n: parse error (go run ./cmd/prog -h lists the flags)\n"},
		{"-q", 2, "", "prog: flag provided but not defined: -q (go run ./cmd/prog -h lists the flags)\n"},
		{"-s=", 2, "", "prog: -s: its value is empty (go run ./cmd/prog -h lists the flags)\n"},
		{"-s= stray", 2, "", "prog: unexpected argument \"stray\" (go run ./cmd/prog -h lists the flags)\n"},
		{"-n 3 stray", 2, "", "prog: unexpected argument \"stray\" (go run ./cmd/prog -h lists the flags)\n"},
		{"-b false", 2, "", "prog: unexpected argument \"false\": write -b=false (go run ./cmd/prog -h lists the flags)\n"},
		{"stray", 2, "", "prog: unexpected argument \"stray\" (go run ./cmd/prog -h lists the flags)\n"},
	} {
		fs := flag.NewFlagSet("prog", flag.ContinueOnError)
		fs.Int("n", 1, "how many")
		fs.String("s", "", "what")
		fs.Bool("b", true, "whether")
		var stdout, stderr strings.Builder
		err := Parse(fs, strings.Fields(c.args), &stdout, "Help.\n")
		status := Status("prog", err, &stderr)
		if status != c.status || !strings.HasPrefix(stdout.String(), c.stdout) || stderr.String() != c.stderr {
			t.Errorf("%s: status %d, stdout %q, stderr %q", c.args, status, stdout.String(), stderr.String())
		}
		if given := Given(fs); given["n"] != strings.HasPrefix(c.args, "-n 3") {
			t.Errorf("%s: given are %v", c.args, given)
		}
	}
}

func TestStatusOfErrors(t *testing.T) {
	var stderr strings.Builder
	if s := Status("prog", fmt.Errorf("training: %w", ErrInterrupted), &stderr); s != 130 || stderr.Len() != 0 {
		t.Errorf("interrupted: status %d, stderr %q", s, stderr.String())
	}
	if s := Status("prog", errors.New("no data in two\nlines"), &stderr); s != 1 || stderr.String() != "prog: no data in two\\nlines\n" {
		t.Errorf("error: status %d, stderr %q", s, stderr.String())
	}
}

// TestStdout checks that a program whose output is lost says so, and what it says and
// returns if the reader has gone.
func TestStdout(t *testing.T) {
	write := func(err error) func([]string, io.Writer, io.Writer) error {
		return func(_ []string, stdout, _ io.Writer) error {
			fmt.Fprintln(stdout, "one")
			if _, e := fmt.Fprintln(stdout, "two"); err == nil {
				return e // as some programs do
			}
			return err
		}
	}
	quiet := func([]string, io.Writer, io.Writer) error { return nil }
	reader, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	closed, err := os.Create(filepath.Join(t.TempDir(), "closed"))
	if err != nil {
		t.Fatal(err)
	}
	closed.Close() // stands for a disk that is full
	for _, c := range []struct {
		what   string
		run    func([]string, io.Writer, io.Writer) error
		stdout *os.File
		status int
		stderr string
	}{
		{"a file", write(nil), file, 0, ""},
		{"nothing said", quiet, closed, 0, ""},
		{"a full disk", write(nil), closed, 1, "file already closed"},
		{"help to a full disk", write(flag.ErrHelp), closed, 1, "file already closed"},
		{"another error too", write(errors.New("no data")), closed, 1, "no data"},
		{"interrupted too", write(ErrInterrupted), closed, 130, ""},
		{"a pipe that is closed", write(nil), pipe, 130, ""},
		{"help to a pipe that is closed", write(flag.ErrHelp), pipe, 130, ""},
		{"a pipe and another error", write(errors.New("no data")), pipe, 1, "no data"},
	} {
		var stderr strings.Builder
		status := start("prog", c.run, nil, c.stdout, &stderr)
		if said := stderr.String(); status != c.status || !strings.Contains(said, c.stderr) || (said == "") != (c.stderr == "") || strings.Count(said, "\n") > 1 {
			t.Errorf("%s: status %d, stderr %q, want %d and %q", c.what, status, said, c.status, c.stderr)
		}
	}
	if got, _ := os.ReadFile(file.Name()); string(got) != "one\ntwo\n" {
		t.Errorf("written: %q", got)
	}
}

// TestKernelName checks that a kernel that this processor does not have ends every program.
func TestKernelName(t *testing.T) {
	t.Setenv("NNDL_KERNEL", "gpu")
	var stderr strings.Builder
	status := start("prog", func([]string, io.Writer, io.Writer) error { t.Error("it ran"); return nil }, nil, nil, &stderr)
	if status != 1 || !strings.HasPrefix(stderr.String(), "prog: NNDL_KERNEL=gpu: this processor has portable") || strings.Count(stderr.String(), "\n") != 1 {
		t.Errorf("status %d, %q", status, stderr.String())
	}
}
