package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
)

// The wrong gradients are in no program. They are listed for the tests, each as a change
// of nn/trainer.go, and cmd/train is built with one after another by go build -overlay.
const (
	trainerFile  = "nn/trainer.go"
	mistakesFile = "nn/testdata/mutations.txt"
	mistakesHead = trainerFile + " TestGradient…: "
	// Two hidden layers of one size, so that the wrong layer's activation fits too.
	mistakesFlags = "-sizes 784,30,30,10 -eta 1 -epochs 10"
)

// mistake is one of them.
type mistake struct{ name, old, new string }

// mistakes trains with each of them, and without.
func mistakes(ctx context.Context, b *bench, stdout, _ io.Writer) ([]chart.Lines, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	source, err := os.ReadFile(filepath.Join(root, trainerFile))
	if err != nil {
		return nil, err
	}
	list, err := os.ReadFile(filepath.Join(root, mistakesFile))
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "nndl")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	flags := strings.TrimSpace(mistakesFlags + " " + b.changed())
	fmt.Fprintf(stdout, "  go run ./cmd/train %s, with one change of %s at a time\n\n", flags, trainerFile)
	for _, m := range append([]mistake{{name: "none: the right gradient"}}, readMistakes(string(list))...) {
		changed := strings.Replace(string(source), m.old, m.new, 1)
		if m.old != "" && strings.Count(string(source), m.old) != 1 {
			return nil, fmt.Errorf("%s: %q is not in %s once", mistakesFile, m.old, trainerFile)
		}
		result, err := b.trainWith(ctx, root, dir, changed, flags)
		if ctx.Err() != nil {
			return nil, cli.ErrInterrupted
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(stdout, "%-60s %s\n", m.name, result)
	}
	return nil, nil
}

// moduleRoot returns the folder of the source.
func moduleRoot() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Path}} {{.Dir}}").Output()
	path, dir, _ := strings.Cut(strings.TrimSpace(string(out)), " ")
	if err != nil || path != "nndl" {
		return "", errors.New("mistakes are made in the source: run it in the folder of the repository, with the go command")
	}
	return dir, nil
}

// readMistakes returns the changes of the list that a mini-batch of ten meets: not those
// of long mini-batches, whose gradients are summed first.
func readMistakes(list string) (all []mistake) {
	var m *mistake
	for line := range strings.Lines(list) {
		sign, text, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), mistakesHead)
		switch {
		case ok:
			all = append(all, mistake{name: name})
			m = &all[len(all)-1]
		case m != nil && sign == "-":
			m.old = join(m.old, text)
		case m != nil && sign == "+":
			m.new = join(m.new, text)
		default:
			m = nil
		}
	}
	kept := all[:0]
	for _, m := range all {
		if !strings.Contains(m.old, "nabla") && !strings.Contains(m.name, "long") {
			kept = append(kept, m)
		}
	}
	return kept
}

func join(text, line string) string {
	if text == "" {
		return line
	}
	return text + "\n" + line
}

// trainWith builds cmd/train with another text for the trainer, runs it, and returns its
// last line.
func (b *bench) trainWith(ctx context.Context, root, dir, trainer, flags string) (string, error) {
	changed, overlay, program := filepath.Join(dir, "trainer.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "train.exe")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(root, filepath.FromSlash(trainerFile)): changed}})
	if err != nil {
		return "", err
	}
	if err := errors.Join(os.WriteFile(changed, []byte(trainer), 0o666), os.WriteFile(overlay, replace, 0o666)); err != nil {
		return "", err
	}
	build := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", program, "./cmd/train")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v: %s", err, bytes.TrimSpace(out))
	}
	args := append(strings.Fields(flags), "-seed", fmt.Sprint(b.seed))
	if b.data.Dir != "" {
		args = append(args, "-data", b.data.Dir)
	}
	var out, errs bytes.Buffer
	train := exec.CommandContext(ctx, program, args...)
	train.Stdout, train.Stderr = &out, &errs
	if err := train.Run(); err != nil {
		return "", fmt.Errorf("%v: %s", err, bytes.TrimSpace(errs.Bytes()))
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if strings.HasPrefix(lines[i], "Best: ") {
			return lines[i], nil
		}
	}
	return "", fmt.Errorf("train says %q", out.String())
}
