package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/run"
	"nndl/mnist"
	"nndl/nn/network3"
)

// writeFile writes a checkpoint.
func writeFile(t *testing.T, name string, p *progress) {
	t.Helper()
	var b bytes.Buffer
	if err := p.encode(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// smallDigits is a folder with 60 training, 12 validation and 23 test images of 16×16, with
// a bar in the row that tells the label, and some noise.
func smallDigits(t testing.TB) string {
	t.Helper()
	const side = 16
	dir := t.TempDir()
	for set, count := range map[string]int{"train": 72, "t10k": 23} {
		images, labels := &mnist.Images{Rows: side, Cols: side}, []byte(nil)
		for i := range count {
			label := i * 7 % 10
			pixels := make([]byte, side*side)
			for j := range side {
				pixels[(label+3)*side+j] = byte(150 + 7*i%100)
				pixels[(i*31+j*17)%len(pixels)] = 100
			}
			images.Pixels = append(images.Pixels, pixels...)
			labels = append(labels, byte(label))
		}
		var b bytes.Buffer
		mnist.WriteImages(&b, images)
		split := b.Len()
		mnist.WriteLabels(&b, labels)
		if err := errors.Join(os.WriteFile(filepath.Join(dir, set+"-images-idx3-ubyte"), b.Bytes()[:split], 0o666),
			os.WriteFile(filepath.Join(dir, set+"-labels-idx1-ubyte"), b.Bytes()[split:], 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// withSmall adds the experiment small, of three networks with every kind of layer, that takes
// a moment.
func withSmall(t testing.TB) {
	t.Helper()
	before := experiments
	small := convNet{maps: []int{3, 4}, hidden: []int{6, 7}, activation: network3.Tanh, dropout: 0.3,
		epochs: 3, eta: 0.3, lambda: 0.1, expanded: true, voters: 3, published: "12.34 %"}
	experiments = append(slices.Clone(before), inPractice("small", "a test", small))
	t.Cleanup(func() { experiments = before })
}

var epochLine = regexp.MustCompile(`(?m)^Epoch (\d+): validation (\d+) / 12  [\d.]+%( \(best\))?, test (\d+) / 23  [\d.]+%  \d+\.\d{3}s$`)

// TestNets: what is printed of a network of chapter 6, and its page.
func TestNets(t *testing.T) {
	dir, out := smallDigits(t), t.TempDir()
	for _, name := range []string{"shallow", "omit-fc", "relu"} {
		stdout, stderr, status := call(t, "run", name, "-data", dir, "-epochs", "4", "-train", "50", "-eta", "0.1", "-init", "fixed", "-out", out)
		if status != 0 || stderr != "" {
			t.Fatalf("%s: status %d, %s", name, status, stderr)
		}
		// compare.py's, which takes the seconds of an epoch's training.
		if n := len(regexp.MustCompile(`(?m)^Epoch \d+: .*?([\d.]+) ?s$`).FindAllString(stdout, -1)); n != 4 {
			t.Errorf("%s: %d lines of epochs\n%s", name, n, stdout)
		}
		best, epoch, test := -1, 0, 0
		for i, m := range epochLine.FindAllStringSubmatch(stdout, -1) {
			v, _ := strconv.Atoi(m[2])
			if isBest := v >= best; isBest != (m[3] != "") || m[1] != strconv.Itoa(i) {
				t.Errorf("%s: the best so far is %d, and the next line %q", name, best, m[0])
			}
			if v >= best {
				best, epoch = v, i
				test, _ = strconv.Atoi(m[4])
			}
		}
		row := fmt.Sprintf(`accuracy on the test images +%s +%.2f %%\nafter epoch, the best on the validation images +%d\n`,
			find(name).net.published, 100*float64(test)/23, epoch)
		if best <= 0 || !regexp.MustCompile(row).MatchString(stdout) {
			t.Errorf("%s: no %q in\n%s", name, row, stdout)
		}
		page, err := os.ReadFile(filepath.Join(out, name+".html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"layer by layer", "read wrong", "-init fixed", "run ./cmd/book run -epochs 4 -train 50",
			fmt.Sprintf("of seed 1 after epoch %d,", epoch), "a 0, read as"} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("%s: no %q on its page", name, want)
			}
		}
		if n := bytes.Count(page, []byte("The filters of convolutional layer")); n != 2*len(find(name).net.maps) { // title and label
			t.Errorf("%s: %d figures of filters", name, n)
		}
	}
}

// TestDiverged: a run whose outputs become NaN goes on, with one warning, and its network is not
// saved. The page is drawn all the same.
func TestDiverged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.safetensors")
	stdout, stderr, status := call(t, "run", "relu", "-data", smallDigits(t), "-epochs", "3", "-eta", "1e200", "-save", file, "-out", filepath.Dir(file))
	lines := strings.Split(stderr, "\n")
	if status != 1 || len(lines) != 3 || !strings.Contains(lines[0], "relu, seed 1: the outputs are NaN; a learning rate that is too large is the likely cause") ||
		!strings.Contains(lines[1], "book: -save: ") || !strings.Contains(stdout, "Epoch 2: ") {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("NaN is saved")
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(file), "relu.html")); err != nil {
		t.Error(err)
	}
}

// TestDocs: the table in docs has every experiment of chapter 6, with its settings.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/network3.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## The experiments\n")
	for _, e := range chapter6 {
		n, row := e.net, ""
		for line := range strings.Lines(section) {
			if strings.HasPrefix(line, "| `") && strings.Contains(line, "`"+e.name+"`") {
				row = line
				break
			}
		}
		images := map[bool]string{false: " 50,000 ", true: " 250,000 "}[n.expanded]
		for _, want := range []string{fmt.Sprintf("| %d |", n.epochs), fmt.Sprintf("| %g, %g |", n.eta, n.lambda), images, n.published} {
			if want != "not given" && !strings.Contains(row, want) {
				t.Errorf("%s: no %q in its row %q", e.name, want, row)
			}
		}
	}
}

// TestLearns: a network of chapter 6 learns what there is to learn.
func TestLearns(t *testing.T) {
	stdout, _, _ := call(t, "run", "omit-fc", "-data", smallDigits(t), "-epochs", "40", "-eta", "0.3")
	if !strings.Contains(stdout, "test 23 / 23") {
		t.Errorf("it has not learned:\n%s", stdout)
	}
}

// TestEnsemble: the networks of an ensemble are those of their seeds, and the vote is theirs.
func TestEnsemble(t *testing.T) {
	withSmall(t)
	dir := smallDigits(t)
	stdout, stderr, status := call(t, "run", "small", "-data", dir, "-runs", "2", "-seed", "5")
	if !regexp.MustCompile(`vote of 3 +12.34 % +\S+ % +\S+ %\n`).MatchString(stdout) || !regexp.MustCompile(`published +seed 5 to 7 +seed 8 to 10\n`).MatchString(stdout) {
		t.Errorf("status %d, %s\n%s", status, stderr, stdout)
	}
	last, _, _ := call(t, "run", "small", "-data", dir, "-seed", "8")
	lines := func(s string) []string { return epochLine.FindAllString(masked(s), -1) }
	if all := lines(stdout); len(all) != 18 || !slices.Equal(lines(last), all[9:]) {
		t.Errorf("seeds 8 to 10:\n%s\nof seeds 5 to 10:\n%s", last, stdout)
	}
	for _, c := range []struct{ answers, want string }{
		{"7 7 7", "7"}, {"1 2 2", "2"}, {"3 1 2", "3"}, {"0 9 9", "9"}, {"9 0 0", "0"}, {"4 0 1", "4"}, {"0 4 1", "0"},
	} {
		var runs []netRun
		for _, a := range strings.Fields(c.answers) {
			runs = append(runs, netRun{Answers: []byte{a[0] - '0'}})
		}
		if got := vote(runs); got[0] != c.want[0]-'0' {
			t.Errorf("the vote %s is %d, want %s", c.answers, got[0], c.want)
		}
	}
}

// masked replaces the seconds, which differ from run to run.
func masked(s string) string { return regexp.MustCompile(`\d+\.\d{3}s`).ReplaceAllString(s, "0.000s") }

// TestTrainExpanded: -train counts the shifted copies.
func TestTrainExpanded(t *testing.T) {
	withSmall(t)
	dir := smallDigits(t)
	for _, c := range []struct{ train, want string }{
		{"10", "10 images"}, {"12", "12 images"}, {"300", "300 images"}, {"0", "300 images"},
	} {
		stdout, stderr, status := call(t, "run", "small", "-data", dir, "-epochs", "1", "-train", c.train)
		if status != 0 || !strings.Contains(stdout, "\n  "+c.want) {
			t.Errorf("-train %s: status %d, %s, no %q in\n%s", c.train, status, stderr, c.want, stdout)
		}
	}
	b, _, err := parse([]string{"-train", "15", "small"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if b.data, err = mnist.Open(dir); err != nil {
		t.Fatal(err)
	}
	images, err := b.trainingImages(*find("small").net)
	labels := map[int]int{}
	for _, e := range images {
		labels[e.Label()]++
	}
	if err != nil || fmt.Sprint(labels) != "map[0:5 4:5 7:5]" { // those of the first three, 0, 7 and 14
		t.Errorf("%v; the labels of the first three images and their copies are %v", err, labels)
	}
	for _, c := range []struct{ args, want string }{
		{"small -train 301", "-train 301: there are only 300 with the shifted copies"},
		{"conv -train 61", "-train 61: there are only 60 images"},
	} {
		if line, status := failing(t, append([]string{"run", "-data", dir}, strings.Fields(c.args)...)...); status != 1 || !strings.Contains(line, c.want) {
			t.Errorf("%s: status %d, %q", c.args, status, line)
		}
	}
}

// countdown is a context that is done after so many questions whether it is.
type countdown struct {
	context.Context
	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestResumeNets interrupts experiments of chapter 6 after every few mini-batches, in the
// middle of epochs and between them: the end is that of a run in peace, byte for byte.
func TestResumeNets(t *testing.T) {
	withSmall(t)
	dir := smallDigits(t)
	for _, args := range []string{"small -train 45", "omit-fc -epochs 9 -eta 2"} {
		args := append([]string{"run", "-data", dir}, strings.Fields(args)...)
		whole, cut := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "cut")
		want, stderr, status := call(t, append(slices.Clip(args), "-checkpoint", whole)...)
		if status != 0 {
			t.Fatal(stderr)
		}
		a, _ := os.ReadFile(whole)
		for _, every := range []int{1, 2, 3, 5, 8, 13} {
			os.Remove(cut)
			got := inPieces(t, args, cut, every)
			table := func(s string) string { return s[strings.LastIndex(s, "published  "):] }
			if b, _ := os.ReadFile(cut); !bytes.Equal(a, b) || table(got) != table(want) {
				t.Errorf("every %d: another end than in peace:\n%s\nwant\n%s", every, got, want)
			}
		}
		p, err := parseCheckpoint(a)
		if err != nil {
			t.Fatal(err)
		}
		if last := &p.Nets[len(p.Nets)-1]; args[3] == "omit-fc" && last.atBest() {
			t.Error("the best epoch should not be the last, so that both are kept")
		}
	}
}

// inPieces runs an experiment with the checkpoint cut, interrupted every so many questions
// whether it is, and returns what its last piece prints.
func inPieces(t *testing.T, args []string, cut string, every int) string {
	t.Setenv("NNDL_MNIST", "")
	goOn := "To go on: go run ./cmd/book run -resume " + cli.Quote(cut) + " -data " + cli.Quote(args[2])
	args = append(slices.Clip(args), "-checkpoint", cut)
	for try := range 100 {
		if try == 1 {
			args = append(args, "-resume", cut)
		}
		var out bytes.Buffer
		err := book(&countdown{context.Background(), every}, args, &out, io.Discard)
		switch {
		case err == nil:
			return out.String()
		case !errors.Is(err, cli.ErrInterrupted):
			t.Fatalf("every %d: %v", every, err)
		case !strings.Contains(out.String(), goOn):
			t.Fatalf("every %d: no %q in\n%s", every, goOn, out.String())
		}
	}
	t.Fatalf("every %d: no end", every)
	return ""
}

// TestSaveNet: -save keeps the network of the best epoch, which is read back as it was, also
// by a run that was interrupted.
func TestSaveNet(t *testing.T) {
	dir, to := smallDigits(t), t.TempDir()
	file := filepath.Join(to, "net.safetensors")
	args := []string{"run", "omit-fc", "-data", dir, "-epochs", "12", "-eta", "0.2", "-save", file}
	stdout, stderr, status := call(t, args...)
	if status != 0 {
		t.Fatal(stderr)
	}
	check := func(stdout string) {
		t.Helper()
		net, err := network3.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		d, err := mnist.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		best, first := "", ""
		for _, m := range epochLine.FindAllStringSubmatch(stdout, -1) {
			if m[3] != "" {
				best = m[2] + ", " + m[4]
			}
			first = cmp.Or(first, m[2]+", "+m[4])
		}
		trainer := network3.NewTrainer(net)
		if got := fmt.Sprint(trainer.Correct(d.Validation), ", ", trainer.Correct(d.Test)); got != best || best == first {
			t.Errorf("the saved network reads %s right, the run had %s\n%s", got, best, stdout)
		}
	}
	check(stdout)
	t.Setenv("NNDL_MNIST", "")
	var out bytes.Buffer
	if err := book(&countdown{context.Background(), 16}, args, &out, io.Discard); !errors.Is(err, cli.ErrInterrupted) {
		t.Fatalf("error %v", err)
	}
	if strings.Contains(out.String(), "To go on") {
		t.Errorf("there is no checkpoint:\n%s", out.String())
	}
	check(out.String())
	if err := os.WriteFile(file, []byte("precious"), 0o666); err != nil {
		t.Fatal(err)
	}
	if line, status := failing(t, args...); status != 1 || !strings.Contains(line, "is there already and is not a safetensors file") {
		t.Errorf("status %d, %q", status, line)
	}
}

// broken are changes of a checkpoint after which no run can have written it.
var broken = map[string]func(p *progress){
	"no network":            func(p *progress) { p.Nets = nil },
	"a number too few":      func(p *progress) { p.parameters = p.parameters[1:] },
	"other digits":          func(p *progress) { p.Digits++ },
	"a missing flag":        func(p *progress) { delete(p.Flags, "eta") },
	"another flag":          func(p *progress) { delete(p.Flags, "eta"); p.Flags["sizes"] = "784,10" },
	"no number":             func(p *progress) { p.Flags["train"] = "ten" },
	"a negative number":     func(p *progress) { p.Flags["epochs"] = "-1" },
	"results of chapter 1":  func(p *progress) { p.Done = []doneRun{{Training: 1, Test: 1, Scores: make([]run.Score, 1)}} },
	"another seed":          func(p *progress) { p.Nets[0].Seed++ },
	"too many epochs":       func(p *progress) { p.Nets[1].Scores = append(p.Nets[1].Scores, make([]netScore, 9)...) },
	"an epoch too few":      func(p *progress) { p.Nets[0].Scores = p.Nets[0].Scores[1:] },
	"more than there are":   func(p *progress) { p.Nets[1].Scores[0].Validation = 13 },
	"fewer than none":       func(p *progress) { p.Nets[1].Scores[0].Test = -1 },
	"too many mini-batches": func(p *progress) { p.Nets[1].MiniBatches = 4 },
	"fewer mini-batches":    func(p *progress) { p.Nets[1].MiniBatches = -1 },
	"a negative time":       func(p *progress) { p.Nets[1].Seconds = -1 },
	"an answer too few":     func(p *progress) { p.Nets[1].Answers = p.Nets[1].Answers[1:] },
	"no digit":              func(p *progress) { p.Nets[1].Answers[0] = 10 },
	"other answers":         func(p *progress) { p.Nets[0].Scores[p.Nets[0].best()].Test++ },
	"no generator":          func(p *progress) { p.Nets[1].Generator = nil },
	"too many networks":     func(p *progress) { p.Nets = append(p.Nets, p.Nets[1], p.Nets[1]) },
}

// cutCheckpoint is the checkpoint of small, interrupted in its second network.
func cutCheckpoint(t testing.TB, dir string) (file string, data []byte) {
	file = filepath.Join(t.TempDir(), "cut")
	args := []string{"run", "small", "-data", dir, "-train", "45", "-checkpoint", file}
	if err := book(&countdown{context.Background(), 18}, args, io.Discard, io.Discard); !errors.Is(err, cli.ErrInterrupted) {
		t.Fatalf("error %v", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return file, data
}

// TestBroken: a checkpoint that is broken is one line of error, and stays as it is.
func TestBroken(t *testing.T) {
	withSmall(t)
	dir := smallDigits(t)
	file, whole := cutCheckpoint(t, dir)
	refused := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if line, status := failing(t, "run", "small", "-data", dir, "-resume", file); status != 1 || !strings.HasPrefix(line, "book: -resume: ") {
			t.Errorf("%s: status %d, %q", name, status, line)
		}
		if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, data) {
			t.Errorf("%s: the file has changed", name)
		}
	}
	for name, change := range broken {
		p, err := parseCheckpoint(whole)
		if err != nil {
			t.Fatal(err)
		}
		if n := p.Nets[1]; len(p.Nets) != 2 || len(n.Scores) != 1 || n.MiniBatches == 0 {
			t.Fatalf("cut elsewhere: %d networks, %d epochs, %d mini-batches", len(p.Nets), len(n.Scores), n.MiniBatches)
		}
		change(p)
		var b bytes.Buffer
		if err := p.encode(&b); err != nil {
			t.Fatal(err)
		}
		refused(name, b.Bytes())
	}
	for i := range whole {
		if i%97 == 0 {
			refused(fmt.Sprintf("cut to %d bytes", i), whole[:i])
			other := slices.Clone(whole)
			other[i] ^= 4
			refused(fmt.Sprintf("another byte %d", i), other)
		}
	}
}

// FuzzCheckpoint: whatever a checkpoint holds, it is refused or can be gone on from. The
// checksum is always right.
func FuzzCheckpoint(f *testing.F) {
	withSmall(f)
	dir := smallDigits(f)
	_, data := cutCheckpoint(f, dir)
	_, body, _ := bytes.Cut(data, []byte("\n"))
	f.Add(body)
	f.Add([]byte("{\"experiment\":\"small\",\"nets\":[null]}\n"))
	f.Add([]byte("null\n01234567"))
	d, err := mnist.Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	e := find("small")
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := parseBody(body)
		if err != nil {
			return
		}
		b, _, err := parse([]string{"-resume", "file", "-train", "45", "small"}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		b.data, b.done = d, p
		n := b.settled(e)
		images, err := b.trainingImages(n)
		if err != nil {
			t.Fatal(err)
		}
		p.Digits = b.digits()
		if len(p.Nets) == 0 || b.verify(n, len(images)) != nil {
			return
		}
		training, err := b.begin(e, n, images, len(p.Nets)-1)
		if err != nil {
			return
		}
		if err := training.train(context.Background(), io.Discard, io.Discard); err != nil {
			t.Fatal(err)
		}
		vote(p.Nets)
	})
}
