package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
)

// real writes a folder of small pictures in place of MNIST's: picture i has 3 rows of
// 2 pixels, is an i mod 10, and its first pixel is i.
func real(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for set, count := range map[string]int{"train": 60, "t10k": 20} {
		images, labels := &mnist.Images{Rows: 3, Cols: 2}, []byte(nil)
		for i := range count {
			images.Pixels = append(images.Pixels, byte(i), 255, 0, 255, 255, 0)
			labels = append(labels, byte(i%10))
		}
		var b bytes.Buffer
		mnist.WriteImages(&b, images)
		write(t, dir, set+"-images-idx3-ubyte", bytes.Clone(b.Bytes()))
		b.Reset()
		mnist.WriteLabels(&b, labels)
		write(t, dir, set+"-labels-idx1-ubyte", b.Bytes())
	}
	return dir
}

// status runs the program and returns its exit status.
func status(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return cli.Status(name(args), run(ctx, args, stdout, stderr), stderr)
}

func call(args ...string) (stdout, stderr string, code int) {
	var out, errs bytes.Buffer
	code = status(context.Background(), args, &out, &errs)
	return out.String(), errs.String(), code
}

func TestShow(t *testing.T) {
	dir := real(t)
	stdout, stderr, code := call("show", "-data", dir, "-digit", "3", "-from", "5", "-n", "2")
	if code != 0 || stderr != "" {
		t.Fatalf("status %d, %s", code, stderr)
	}
	// Two rows of pixels to a line, ink 255 and below.
	want := fmt.Sprintf("1 of the test digits of %s:\n\n ▀", dir)
	if want = strings.Replace(want, "\n\n ▀", "\n\n █\n▀ \n3  (number 13)\n", 1); stdout != want {
		t.Errorf("%q, want %q", stdout, want)
	}
	stdout, _, _ = call("show", "-data", dir, "-set", "validation", "-n", "1")
	if !strings.Contains(stdout, "0  (number 0)") {
		t.Errorf("the first of the validation set, number 50 of the training file: %q", stdout)
	}
}

func TestShowEmbedded(t *testing.T) {
	t.Setenv("NNDL_MNIST", "")
	t.Chdir(t.TempDir())
	for _, args := range [][]string{{"show"}, {"show", "-embedded", "-n", "6"}} {
		stdout, stderr, code := call(args...)
		if code != 0 || stderr != "" || !strings.Contains(stdout, "synthetic") || strings.Count(stdout, "(number ") != 6 {
			t.Errorf("%v: status %d, %s%s", args, code, stdout, stderr)
		}
		if strings.Contains(stdout, "\x1b") {
			t.Errorf("%v: colours in what is no terminal", args)
		}
		for _, line := range strings.Split(stdout, "\n") {
			if n := len([]rune(line)); n > 80 {
				t.Errorf("%v: a line of %d characters", args, n)
			}
		}
	}
	stdout, _, _ := call("show", "-digit", "7", "-n", "3")
	if strings.Count(stdout, "7  (number ") != 3 || strings.Count(stdout, "(number ") != 3 {
		t.Errorf("three sevens: %s", stdout)
	}
}

func TestSheet(t *testing.T) {
	dir := real(t)
	file := filepath.Join(t.TempDir(), "sheet.png")
	stdout, stderr, code := call("show", "-data", dir, "-n", "5", "-png", file)
	if code != 0 || stderr != "" || stdout != fmt.Sprintf("%s: 5 of the test digits of %s\n", file, dir) {
		t.Fatalf("status %d, %s%s", code, stdout, stderr)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// Three columns and two rows of pictures of 2×3 pixels, twice as large.
	if b := img.Bounds(); b.Dx() != 3*(2*2+gutter)+gutter || b.Dy() != 2*(3*2+gutter)+gutter {
		t.Errorf("the sheet is %v", b)
	}
	// The last pixels of a picture are 255 and 0.
	if r, _, _, _ := img.At(gutter, gutter+5).RGBA(); r>>8 != 255 {
		t.Errorf("lower left pixel %d", r>>8)
	}
	if r, _, _, _ := img.At(gutter+3, gutter+5).RGBA(); r>>8 != 0 {
		t.Errorf("lower right pixel %d", r>>8)
	}
}

// TestMistakes checks one line and the exit status for what can be wrong.
func TestMistakes(t *testing.T) {
	dir := real(t)
	os.Mkdir(filepath.Join(dir, "incomplete"), 0o777)
	for _, c := range []struct {
		status int
		want   string
		args   string
	}{
		{2, "fetch, verify or show", ""},
		{2, "none of", "get"},
		{2, "none of", "-x"},
		{2, "not defined", "fetch -x"},
		{2, "stray", "verify stray"},
		{2, "-mirror", "fetch -mirror nonsense"},
		{2, "-mirror", "fetch -mirror file:///etc"},
		{2, "-mirror", "fetch -mirror http://"},
		{2, "-digit", "show -digit 10"},
		{2, "-digit", "show -digit -1"},
		{2, "-n", "show -n 0"},
		{2, "-from", "show -from -1"},
		{2, "-set", "show -set all"},
		{2, "-png: its value is empty", "show -png="},
		{2, "not both", "show -embedded -data DIR"},
		{2, "no validation", "show -embedded -set validation"},
		{1, "only 20", "show -data DIR -from 20"},
		{1, "no 3", "show -data DIR -from 15 -digit 3"},
		{1, "nothere", "show -data DIR/nothere"},
		{1, "incomplete", "show -data DIR/incomplete"},
		{1, "missing", "show -data DIR -png DIR/missing/x.png"},
		{1, "not a regular file", "show -data DIR -png DIR"},
		{1, "fetch -dir ", "verify -dir DIR/nothere"},
		{1, "4 of the 4", "verify -dir DIR/incomplete"},
	} {
		args := strings.Fields(c.args)
		for i := range args {
			args[i] = strings.ReplaceAll(args[i], "DIR", dir)
		}
		_, stderr, code := call(args...)
		if code != c.status || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q, want %d and %q", c.args, code, stderr, c.status, c.want)
		}
	}
}

func TestHelp(t *testing.T) {
	for args, want := range map[string]string{"-h": "digits verify", "help": "digits show", "fetch -h": "-mirror", "verify -h": "-dir", "show -h": "-png"} {
		if stdout, stderr, code := call(strings.Fields(args)...); code != 0 || stderr != "" || !strings.Contains(stdout, want) {
			t.Errorf("%s: status %d, %s%s", args, code, stdout, stderr)
		}
	}
}
