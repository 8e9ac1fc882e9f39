package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	"nndl/cmd/internal/run"
)

// call runs the program without any real digits.
func call(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	t.Setenv("NNDL_MNIST", "")
	var out, errs bytes.Buffer
	status = cli.Status("book", book(context.Background(), args, &out, &errs), &errs)
	return out.String(), errs.String(), status
}

// failing runs the program and returns its one line of error.
func failing(t *testing.T, args ...string) (line string, status int) {
	t.Helper()
	t.Setenv("NNDL_MNIST", "")
	var out, errs bytes.Buffer
	status = cli.Status("book", book(context.Background(), args, &out, &errs), &errs)
	if strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("%v: %q, want one line", args, errs.String())
	}
	return errs.String(), status
}

// TestExperiments: the flags of every experiment are right, and every name is there once.
func TestExperiments(t *testing.T) {
	names := map[string]bool{}
	for _, e := range experiments {
		ways := min(1, len(e.lines))
		if e.do != nil {
			ways++
		}
		if e.net != nil {
			ways++
		}
		if names[e.name] || e.shows == "" || ways != 1 {
			t.Errorf("%s: its name is not the only one, or something is missing", e.name)
		}
		names[e.name] = true
		for _, l := range e.lines {
			s, err := run.Parse(strings.Fields(l.flags), "", io.Discard)
			if err != nil {
				t.Errorf("%s: %v", e.name, err)
			} else if s.Work(50000, 10000) <= 0 || len(l.published) == 0 {
				t.Errorf("%s: no work, or nothing published", e.name)
			}
		}
	}
	for _, name := range strings.Fields(`first hundred no-hidden slow fast darkness
		toy cross-entropy cross-entropy-100 overfitting overfitting-full regularized regularized-full regularized-100 tuned
		more-data weights-30 weights-100 saturation hyperparameters learning-rates mistakes l1 momentum
		universality deep gradients gradients-training
		shallow conv omit-fc double-conv tanh relu expanded fc-300 fc-1000 double-fc dropout ensemble`) {
		if !names[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestList(t *testing.T) {
	stdout, _, status := call(t)
	for _, e := range experiments {
		if !strings.Contains(stdout, "\n  "+e.name+" ") {
			t.Errorf("%s is not listed", e.name)
		}
	}
	if status != 0 || !strings.Contains(stdout, "95.42 %") || !strings.Contains(stdout, "\nChapter 3, Weight initialization\n") {
		t.Errorf("status %d:\n%s", status, stdout)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		args string
		want string
	}{
		{"run", "run what?"},
		{"run cros-entropy", `there is no experiment "cros-entropy"; the nearest name is cross-entropy`},
		{"run tuend", "nearest name is tuned"},
		{"frist", `"frist" is neither list nor run`},
		{"first", "go run ./cmd/book run first runs it"},
		{"run first -lambda NaN", "-lambda NaN: want 0 or more"},
		{"run first -lambda -2", "-lambda -2: want 0 or more"},
		{"run -lambda -2 first", "-lambda -2: want 0 or more"},
		{"run first -eta NaN", "-eta NaN: want a number above 0"},
		{"run first -runs -1", "-runs -1"},
		{"run first -epochs -1", "-epochs -1"},
		{"run first tuned -checkpoint c", "for one experiment"},
		{"run first -depth 3", "flag provided but not defined: -depth"},
		{"run toy -checkpoint c", "keeps nothing"},
		{"run conv -init good", `-init "good": want book or fixed`},
		{"run first -init fixed", "-init is for the experiments of chapter 6, and first is one of chapter 1"},
		{"run conv first -init fixed", "first is one of chapter 1"},
		{"run first -save n.safetensors", "-save keeps a network of chapter 6, and first is of chapter 1"},
		{"run ensemble -save n.safetensors", "-save keeps one network, and 5 are trained"},
		{"run conv -runs 2 -save n.safetensors", "and 2 are trained"},
		{"run conv relu -save n.safetensors", "and 2 are trained"},
		{"run conv -save c -checkpoint ./c", "-checkpoint and -save name the same file c"},
		{"run conv -train 9", "-train 9: conv wants 10 or more, a mini-batch"},
	} {
		if line, status := failing(t, strings.Fields(c.args)...); status != 2 || !strings.Contains(line, c.want) {
			t.Errorf("%s: status %d, %q, want 2, %q", c.args, status, line, c.want)
		}
	}
	if line, status := failing(t, "run", "first", "-data", "no/such/folder"); status != 1 || !strings.Contains(line, "no/such/folder") {
		t.Errorf("status %d, %q", status, line)
	}
	if line, status := failing(t, "run", "conv", "-save", "."); status != 1 || !strings.Contains(line, "-save: .: not a regular file") {
		t.Errorf("status %d, %q", status, line)
	}
	if err := book(context.Background(), []string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}

// quick makes a run short.
var quick = []string{"-epochs", "2", "-train", "60"}

func TestRun(t *testing.T) {
	out := t.TempDir()
	stdout, stderr, status := call(t, append(append([]string{"run"}, quick...), "-seed", "5", "weights-30", "-runs", "2", "-out", out)...)
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	for _, want := range []string{
		"these digits are synthetic, and the published figures are for the real ones",
		"With -epochs 2 -train 60: the published figures are for the book's own settings.",
		"  go run ./cmd/train -sizes 784,30,10 -epochs 30 -eta 0.1 -lambda 5 -validate -init large -cost cross-entropy -epochs 2 -train 60\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	row := regexp.MustCompile(`(?m)^(large|small) weights +accuracy (after epoch 0|at the end) +\d\d\.\d\d % +\d+\.\d\d % +\d+\.\d\d %$`)
	if got := len(row.FindAllString(stdout, -1)); got != 4 || !regexp.MustCompile(`published +seed 5 +seed 6\n`).MatchString(stdout) {
		t.Errorf("%d rows of the table, want 4:\n%s", got, stdout)
	}
	for _, name := range []string{"weights-30.svg", "weights-30.html"} {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(data, []byte("published")) {
			t.Errorf("%s has no published curve", name)
		}
		if d := xml.NewDecoder(bytes.NewReader(data)); strings.HasSuffix(name, "svg") {
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	}
	// A file that is not a figure stays.
	if err := os.WriteFile(filepath.Join(out, "toy.svg"), []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(out, "relu-4.svg"), []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"toy": "toy.svg", "relu": "relu-4.svg"} { // before the work
		if line, status := failing(t, "run", name, "-out", out); status != 1 || !strings.Contains(line, file) {
			t.Errorf("-out over another file: status %d, %q", status, line)
		}
	}
}

// TestSameAsTrain: an experiment is the run of cmd/train that it names.
func TestSameAsTrain(t *testing.T) {
	stdout, _, _ := call(t, append([]string{"run", "no-hidden"}, quick...)...)
	t.Setenv("NNDL_MNIST", "")
	var out bytes.Buffer
	args := regexp.MustCompile(`go run ./cmd/train (.*)`).FindStringSubmatch(stdout)[1]
	if err := run.Main(context.Background(), strings.Fields(args), "", &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	best := regexp.MustCompile(`Best: .*  (\S+)%`).FindStringSubmatch(out.String())[1]
	if !strings.Contains(stdout, best+" %\n") {
		t.Errorf("train says %s %%, book\n%s", best, stdout)
	}
}

// TestTooFew: the synthetic digits are 10,000, and what needs more is left out.
func TestTooFew(t *testing.T) {
	stdout, stderr, status := call(t, "run", "more-data", "-epochs", "1", "-out", t.TempDir())
	if status != 0 || strings.Count(stdout, "left out: there are only 10000 images") != 2 || !strings.Contains(stdout, "50000 images") {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
}

func TestFunctions(t *testing.T) {
	stdout, _, status := call(t, "run", "toy", "darkness", "saturation")
	for _, want := range []string{"0.8176   0.2110", "0.9820   0.9641   0.9334   0.7887   0.2028", "0.0120", "√501 = 22.4", "published 2225 / 10000  22.25%"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q", want)
		}
	}
	if status != 0 {
		t.Errorf("status %d", status)
	}
	stdout, stderr, status := call(t, append([]string{"run", "l1", "momentum"}, quick...)...)
	if status != 0 || len(regexp.MustCompile(`best accuracy \d+\.\d\d %`).FindAllString(stdout, -1)) != 8 {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
	t.Setenv("NNDL_MNIST", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := book(ctx, []string{"run", "momentum"}, io.Discard, io.Discard); !errors.Is(err, cli.ErrInterrupted) {
		t.Errorf("error %v, want interrupted", err)
	}
}

// TestDepth: the functions of chapters 4 and 5 draw what they print.
func TestDepth(t *testing.T) {
	out := t.TempDir()
	args := append([]string{"run", "universality", "gradients", "gradients-training", "deep", "-out", out}, quick...)
	stdout, stderr, status := call(t, args...)
	for _, want := range []string{
		"\n    5      0.3785      0.3806      0.0741      0.0745  z: at most 0.40\n", "\n  100 ",
		"\n4 hidden layers  published  0.00298   0.0171    0.0695    0.285\n",
		"‖δˡ‖ of the hidden layers in 2 epochs of one step each, on 60 images, η = 0.1, λ = 5, seed 1\n",
		"\n3 hidden layers, before the last   published  8.56e-05  0.000218  0.00126\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q", want)
		}
	}
	vanishing := regexp.MustCompile(`seed 1 +0\.00\d+ +0\.0\d+ +0\.\d+ +0\.\d+\n`) // of four hidden layers, each faster
	if status != 0 || !vanishing.MatchString(stdout) {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
	for name, want := range map[string]string{
		"universality.svg": "a network of 5 pairs", "universality-6.svg": "w = 100000", "gradients.svg": "4, published",
		"gradients-training-3.svg": "hidden layer 4", "deep.svg": "published", "deep.html": "784,30,30,30,30,10",
	} {
		if data, err := os.ReadFile(filepath.Join(out, name)); err != nil || !bytes.Contains(data, []byte(want)) {
			t.Errorf("%s: %v, no %q", name, err, want)
		}
	}
	for name, want := range map[string]bool{"universality.html": false, "gradients.html": true, "deep.html": true} {
		if data, _ := os.ReadFile(filepath.Join(out, name)); bytes.Contains(data, []byte("published figures are for MNIST")) != want {
			t.Errorf("%s says of synthetic digits: %v, want %v", name, !want, want)
		}
	}
	t.Setenv("NNDL_MNIST", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, name := range []string{"universality", "gradients-training"} {
		if err := book(ctx, []string{"run", name}, io.Discard, io.Discard); !errors.Is(err, cli.ErrInterrupted) {
			t.Errorf("%s: error %v, want interrupted", name, err)
		}
	}
}

// TestResume cuts an experiment of several runs at every place where it can be cut.
func TestResume(t *testing.T) {
	args := append([]string{"run", "weights-30", "-runs", "2"}, quick...)
	want, _, _ := call(t, args...)
	table := func(s string) string { return s[strings.LastIndex(s, "published  "):] }
	file := filepath.Join(t.TempDir(), "book.json")
	if got, stderr, _ := call(t, append(args, "-checkpoint", file)...); table(got) != table(want) {
		t.Fatalf("with -checkpoint\n%s%s", got, stderr)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// As if it had been cut after one run, after three, and after all.
	for _, keep := range []int{1, 3, 4} {
		p, err := parseCheckpoint(whole)
		if err != nil {
			t.Fatal(err)
		}
		p.Done = p.Done[:keep]
		writeFile(t, file, p)
		got, stderr, status := call(t, "run", "weights-30", "-runs", "2", "-resume", file)
		if status != 0 || table(got) != table(want) {
			t.Errorf("after %d runs: status %d, %s\n%s", keep, status, stderr, got)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"run weights-100 -resume FILE", `is of the experiment "weights-30", not of weights-100`},
		{"run weights-30 -seed 9 -resume FILE", "-seed 9, but"},
		{"run weights-30 -resume FILEx", "no such file"},
		{"run weights-30 -resume book_test.go", "this is a text, not a checkpoint of book"},
	} {
		args := strings.Fields(c.args)
		args[len(args)-1] = strings.Replace(args[len(args)-1], "FILE", file, 1) // which may have spaces
		if line, status := failing(t, args...); status != 1 || !strings.Contains(line, c.want) {
			t.Errorf("%s: status %d, %q, want %q", c.args, status, line, c.want)
		}
	}
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, whole) {
		t.Error("what could not be resumed has changed the checkpoint")
	}
}

// TestStale: a run that was killed after its result was kept, but before its own checkpoint
// was removed, is not in the way of the next.
func TestStale(t *testing.T) {
	args := append([]string{"run", "weights-30"}, quick...)
	file := filepath.Join(t.TempDir(), "book.json")
	if _, stderr, status := call(t, append(args, "-checkpoint", file)...); status != 0 {
		t.Fatal(stderr)
	}
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parseCheckpoint(whole)
	if err != nil {
		t.Fatal(err)
	}
	p.Done = p.Done[:1]
	writeFile(t, file, p)
	flags := strings.Fields(find("weights-30").lines[0].flags + " " + strings.Join(quick, " ") + " -checkpoint " + "PART")
	flags[len(flags)-1] = (&bench{checkpoint: file}).part() // which may have spaces
	s, err := run.Parse(flags, "", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	d, err := digits.Open("")
	if err != nil {
		t.Fatal(err)
	}
	d.Validation = d.Test
	if _, err := s.Run(context.Background(), d, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := call(t, append(args, "-resume", file)...); status != 0 {
		t.Errorf("status %d, %s", status, stderr)
	}
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, whole) {
		t.Errorf("another end: %v", err)
	}
}

// TestInterrupted: the checkpoint of an interrupted run is of use.
func TestInterrupted(t *testing.T) {
	t.Setenv("NNDL_MNIST", "")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	file := filepath.Join(t.TempDir(), "book.json")
	var out bytes.Buffer
	args := append([]string{"run", "no-hidden", "-checkpoint", file}, quick...)
	if err := book(ctx, args, &out, io.Discard); !errors.Is(err, cli.ErrInterrupted) {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(out.String(), "Interrupted\nTo go on: go run ./cmd/book run -resume "+cli.Quote(file)+" no-hidden\n") {
		t.Errorf("%s", out.String())
	}
	want, _, _ := call(t, append([]string{"run", "no-hidden"}, quick...)...)
	got, stderr, status := call(t, "run", "-resume", file, "no-hidden")
	if status != 0 || got[strings.LastIndex(got, "published"):] != want[strings.LastIndex(want, "published"):] {
		t.Errorf("status %d, %s\n%s", status, stderr, got)
	}
}

// TestMistakes: the list of the tests has ten changes of the trainer that a run meets, and
// each can be made. (The runs themselves take minutes.)
func TestMistakes(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Skip(err)
	}
	list, err := os.ReadFile(filepath.Join(root, mistakesFile))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(root, trainerFile))
	if err != nil {
		t.Fatal(err)
	}
	all := readMistakes(string(list))
	for _, m := range all {
		if m.old == "" || strings.Count(string(source), m.old) != 1 {
			t.Errorf("%s: %q is not in %s once", m.name, m.old, trainerFile)
		}
		t.Log(m.name)
	}
	if len(all) < 10 {
		t.Errorf("%d mistakes, want ten", len(all))
	}
}
