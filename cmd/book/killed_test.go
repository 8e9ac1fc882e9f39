//go:build unix

package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var kill = flag.Bool("kill", false, "let TestKilled kill the program longer")

// exe is the real program, built once, in a folder that TestMain removes.
var exe struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(exe.dir)
	os.Exit(code)
}

// program builds the real program.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the program and kills it")
	}
	exe.once.Do(func() {
		if exe.dir, exe.err = os.MkdirTemp("", "book"); exe.err != nil {
			return
		}
		if out, err := exec.Command("go", "build", "-o", exe.dir, ".").CombinedOutput(); err != nil {
			exe.err = errors.New(err.Error() + ": " + string(out))
		}
	})
	if exe.err != nil {
		t.Fatal(exe.err)
	}
	return filepath.Join(exe.dir, "book")
}

// killedCase is an experiment to be killed.
type killedCase struct {
	args  string
	small bool // on small images
	kills int
}

// TestKilled kills the real program at any moment again and again, and goes on each time: the
// last checkpoint, with parameters, random numbers and scores, and the table are those of a
// run in peace.
func TestKilled(t *testing.T) {
	exe, dir := program(t), smallDigits(t)
	cases := []killedCase{{"relu -epochs 6 -runs 2", true, 8}}
	if *kill {
		cases = []killedCase{
			{"relu -epochs 20 -runs 2", true, 40}, {"dropout -train 40 -epochs 10", true, 40},
			{"ensemble -train 20 -epochs 2", true, 40}, {"weights-30 -train 60 -epochs 30 -runs 4", false, 15},
		}
	}
	for _, c := range cases {
		t.Run(strings.Fields(c.args)[0], func(t *testing.T) { c.run(t, exe, dir) })
	}
}

func (c killedCase) run(t *testing.T, exe, dir string) {
	args := append([]string{"run"}, strings.Fields(c.args)...)
	if t.Setenv("NNDL_MNIST", ""); c.small {
		args = append(args, "-data", dir)
	}
	files := t.TempDir()
	whole, cut := filepath.Join(t.TempDir(), "whole"), filepath.Join(files, "cut")
	start := time.Now()
	want, err := exec.Command(exe, append(args, "-checkpoint", whole)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, want)
	}
	took := time.Since(start)
	kills, resumed := 0, 0
	for {
		args := append(args, "-checkpoint", cut)
		if _, err := os.Stat(cut); err == nil {
			args, resumed = append(args, "-resume", cut), resumed+1
		}
		cmd := exec.Command(exe, args...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if kills < c.kills {
			timer := time.AfterFunc(time.Duration(rand.Float64()*float64(took)/6), func() { cmd.Process.Kill() })
			defer timer.Stop()
		}
		cmd.Wait()
		switch code := cmd.ProcessState.ExitCode(); {
		case code > 0:
			t.Fatalf("exit status %d after %d kills: %s", code, kills, out.String())
		case code < 0:
			kills++
			continue
		}
		a, _ := os.ReadFile(whole)
		b, err := os.ReadFile(cut)
		table := func(s string) string { return s[strings.LastIndex(s, "published  "):] }
		if err != nil || !bytes.Equal(a, b) || table(out.String()) != table(string(want)) {
			t.Errorf("another end than that of the run in peace:\n%s\nwant\n%s", out.String(), want)
		}
		if t.Logf("%d kills, %d of them with a checkpoint", kills, resumed); kills == 0 {
			t.Error("no kill")
		}
		if left, _ := os.ReadDir(files); len(left) != 1 {
			t.Errorf("beside the checkpoint, the kills have left %v", left)
		}
		return
	}
}

// TestSignal sends the real program a Ctrl-C in an epoch: it finishes the mini-batch, writes,
// and says how to go on.
func TestSignal(t *testing.T) {
	exe, dir := program(t), smallDigits(t)
	file := filepath.Join(t.TempDir(), "file")
	args := []string{"run", "double-fc", "-data", dir, "-epochs", "1000000"}
	cmd := exec.Command(exe, append(args, "-checkpoint", file)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer timer.Stop()
	if _, err := io.ReadFull(out, make([]byte, 500)); err != nil { // some epochs are behind it
		t.Fatal(err)
	}
	cmd.Process.Signal(syscall.SIGINT)
	rest, _ := io.ReadAll(out)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 130 || !strings.Contains(string(rest), "\nInterrupted in epoch ") ||
		!strings.Contains(string(rest), "\nTo go on: go run ./cmd/book run -resume ") || stderr.Len() > 0 {
		t.Errorf("status %d, %s\n%s", code, stderr.String(), rest)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseCheckpoint(data)
	if err != nil || len(p.Nets) != 1 || len(p.Nets[0].Scores) == 0 {
		t.Errorf("%v: %+v", err, p)
	}
}
