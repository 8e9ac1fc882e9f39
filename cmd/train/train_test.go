package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"nndl/mnist"
)

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	err := train(context.Background(), []string{"-h"}, &out, &out)
	if !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "train -sizes 784,10") || !strings.Contains(out.String(), "-eta") {
		t.Errorf("%v, %s", err, out.String())
	}
}

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
	if runtime.GOOS == "windows" || testing.Short() {
		t.Skip("builds the program and sends it signals")
	}
	exe.once.Do(func() {
		if exe.dir, exe.err = os.MkdirTemp("", "train"); exe.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", exe.dir, ".").CombinedOutput()
		if err != nil {
			exe.err = errors.New(err.Error() + ": " + string(out))
		}
	})
	if exe.err != nil {
		t.Fatal(exe.err)
	}
	return filepath.Join(exe.dir, "train")
}

// dataDir is a folder with 600 and 50 small images, one of whose pixels tells the label.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for set, count := range map[string]int{"train": 600, "t10k": 50} {
		images, labels := &mnist.Images{Rows: 4, Cols: 3}, []byte(nil)
		for i := range count {
			pixels := make([]byte, 12)
			pixels[i*7%10] = 250
			images.Pixels = append(images.Pixels, pixels...)
			labels = append(labels, byte(i*7%10))
		}
		var b bytes.Buffer
		write := func(kind string) {
			if err := os.WriteFile(filepath.Join(dir, set+"-"+kind+"-ubyte"), b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
			b.Reset()
		}
		mnist.WriteImages(&b, images)
		write("images-idx3")
		mnist.WriteLabels(&b, labels)
		write("labels-idx1")
	}
	return dir
}
