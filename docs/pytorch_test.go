package docs_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
	"nndl/nn/network3"
)

const pytorchFile = "docs/pytorch.md"

// TestPython runs the Python lines of docs/pytorch.md, just as they are there, on two
// networks trained a little and saved as the page says. They must count as many correct
// digits as the Go code, and so must the Go code for the network that comes back.
func TestPython(t *testing.T) {
	if testing.Short() {
		t.Skip("starts PyTorch")
	}
	python := ""
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import numpy, torch").Run() == nil {
			python = name
			break
		}
	}
	if python == "" {
		t.Skip("there is no python3 with numpy and torch")
	}
	training, test := someDigits(t)
	dir := t.TempDir()
	writeDigits(t, filepath.Join(dir, "data", "mnist"), "train", training)
	writeDigits(t, filepath.Join(dir, "data", "mnist"), "t10k", test)
	first := exportNetwork(t, filepath.Join(dir, "net.safetensors"), training, test)
	before := saveNetwork3(t, filepath.Join(dir, "conv.safetensors"), training, test)
	script := ""
	for _, line := range markdown(readTree(t)[pytorchFile]) {
		if line.fence == "python" {
			script += line.text + "\n"
		}
	}
	cmd := exec.Command(python, "-c", script)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v, it prints\n%s", err, out)
	}
	back, err := network3.Load(filepath.Join(dir, "trained.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	after := network3.NewTrainer(back).Correct(test)
	want := ""
	for _, correct := range []int{first, before, after} {
		want += fmt.Sprintf("Correct: %d / %d\n", correct, len(test))
	}
	if string(out) != want || after <= before {
		t.Errorf("it prints\n%swant\n%sand the last count above the one before", out, want)
	}
	t.Logf("%s:\n%s", python, out)
}

// someDigits returns a few digits of MNIST, or synthetic ones.
func someDigits(t *testing.T) (training, test []nn.Example) {
	training, test = mnist.Synthetic()
	if dir := os.Getenv("NNDL_MNIST"); dir != "" {
		var err error
		if training, _, test, err = mnist.Load(dir); err != nil {
			t.Fatal(err)
		}
	}
	return training[:1000], test[:min(2000, len(test))]
}

// writeDigits writes the two files of a set of images.
func writeDigits(t *testing.T, dir, set string, examples []nn.Example) {
	images, labels := &mnist.Images{Rows: 28, Cols: 28}, []byte(nil)
	for _, e := range examples {
		for _, v := range e.X().Data {
			images.Pixels = append(images.Pixels, byte(256*v))
		}
		labels = append(labels, byte(e.Label()))
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(w io.Writer) error{
		"-images-idx3-ubyte.gz": func(w io.Writer) error { return mnist.WriteImages(w, images) },
		"-labels-idx1-ubyte.gz": func(w io.Writer) error { return mnist.WriteLabels(w, labels) },
	} {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if err := write(z); err != nil {
			t.Fatal(err)
		}
		z.Close()
		if err := os.WriteFile(filepath.Join(dir, set+name), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// exportNetwork trains a network of chapter 3, exports it and returns its correct count.
func exportNetwork(t *testing.T, filename string, training, test []nn.Example) int {
	rng := rand.New(rand.NewPCG(1, 0))
	net := network2.New([]int{784, 20, 15, 10}, network2.CrossEntropyCost{}, rng)
	trainer := net.Trainer(0, len(training))
	for range 2 {
		for miniBatch := range nn.MiniBatches(training, 10) {
			trainer.Update(miniBatch, 0.5)
		}
	}
	parameters := &nn.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights}
	var b bytes.Buffer
	if err := parameters.Export(&b, nn.CrossEntropyCost); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filename, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return trainer.Evaluate(test)
}

// saveNetwork3 trains a network of chapter 6 that has everything, saves it and returns its
// correct count. So little training leaves about half of the digits wrong, and the count
// sensitive to every line of the page.
func saveNetwork3(t *testing.T, filename string, training, test []nn.Example) int {
	rng := rand.New(rand.NewPCG(1, 0))
	net := network3.New([]network3.Layer{
		network3.NewConvPoolLayer([4]int{4, 1, 5, 5}, [4]int{10, 1, 28, 28}, [2]int{2, 2}, network3.Tanh, rng), // 24×24 → 12×12
		network3.NewConvPoolLayer([4]int{6, 4, 4, 3}, [4]int{10, 4, 12, 12}, [2]int{3, 2}, network3.ReLU, rng), // 9×10 → 3×5
		network3.NewFullyConnectedLayer(6*3*5, 30, network3.Sigmoid, 0.2, rng),
		network3.NewFullyConnectedLayer(30, 20, network3.Linear, 0.1, rng),
		network3.NewSoftmaxLayer(20, 10, 0.3),
	}, 10)
	net.FixedWeightInitializer(rng)
	trainer := network3.NewTrainer(net)
	for range 3 {
		for miniBatch := range nn.MiniBatches(training, 10) {
			trainer.Update(miniBatch, 0.3, 0, len(training)/10, rng)
		}
	}
	trainer.Store()
	if err := net.Save(filename); err != nil {
		t.Fatal(err)
	}
	return trainer.Correct(test)
}

// TestPythonIsThere: the page has the lines that TestPython runs where PyTorch is.
func TestPythonIsThere(t *testing.T) {
	if page := readTree(t)[pytorchFile]; strings.Count(page, "```python\n") != 5 {
		t.Errorf("%s has not five blocks of Python", pytorchFile)
	}
}
