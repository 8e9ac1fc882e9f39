package main

import (
	"bytes"
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
func smallDigits(t *testing.T) string {
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
func withSmall(t *testing.T) {
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
		for _, want := range []string{"layer by layer", "read wrong", "-init fixed", "run ./cmd/book run -epochs 4 -train 50"} {
			if !bytes.Contains(page, []byte(want)) {
				t.Errorf("%s: no %q on its page", name, want)
			}
		}
		if n := bytes.Count(page, []byte("The filters of convolutional layer")); n != 2*len(find(name).net.maps) { // title and label
			t.Errorf("%s: %d figures of filters", name, n)
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

// TestResumeNets interrupts an experiment of chapter 6 after every few mini-batches, in the
// middle of epochs and between them: the end is that of a run in peace, byte for byte.
func TestResumeNets(t *testing.T) {
	withSmall(t)
	dir := smallDigits(t)
	args := []string{"run", "small", "-data", dir, "-train", "45"}
	whole, cut := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "cut")
	want, stderr, status := call(t, append(args, "-checkpoint", whole)...)
	if status != 0 {
		t.Fatal(stderr)
	}
	table := func(s string) string { return s[strings.LastIndex(s, "published  "):] }
	t.Setenv("NNDL_MNIST", "")
	for _, every := range []int{1, 2, 3, 4, 5, 7, 30} {
		os.Remove(cut)
		var out bytes.Buffer
		for try := 0; ; try++ {
			args := append(args, "-checkpoint", cut)
			if try > 0 {
				args = append(slices.Clip(args), "-resume", cut)
			}
			out.Reset()
			err := book(&countdown{context.Background(), every}, args, &out, io.Discard)
			if err == nil {
				break
			}
			if !errors.Is(err, cli.ErrInterrupted) || try > 50 {
				t.Fatalf("every %d: %v", every, err)
			}
			if goOn := "To go on: go run ./cmd/book run -resume " + cli.Quote(cut) + " -data " + cli.Quote(dir) + " small\n"; !strings.Contains(out.String(), goOn) {
				t.Fatalf("every %d: no %q in\n%s", every, goOn, out.String())
			}
		}
		a, _ := os.ReadFile(whole)
		b, _ := os.ReadFile(cut)
		if !bytes.Equal(a, b) || table(out.String()) != table(want) {
			t.Errorf("every %d: another end than in peace:\n%s\nwant\n%s", every, out.String(), want)
		}
	}
}
