package run

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	"nndl/nn"
	"nndl/nn/safetensors"
)

// writeData writes the four MNIST files with small pictures that are easy to
// learn: the label's own pixel is bright.
func writeData(t *testing.T, dir string, training, test int) {
	t.Helper()
	const rows, cols = 4, 3
	for _, set := range []struct {
		name  string
		count int
	}{{"train", training}, {"t10k", test}} {
		images := header(0x803, set.count, rows, cols)
		labels := header(0x801, set.count)
		for i := range set.count {
			label := i * 7 % 10
			pixels := make([]byte, rows*cols)
			pixels[label] = 250
			pixels[11] = byte(i)
			images = append(images, pixels...)
			labels = append(labels, byte(label))
		}
		for name, data := range map[string][]byte{"images-idx3": images, "labels-idx1": labels} {
			if err := os.WriteFile(filepath.Join(dir, set.name+"-"+name+"-ubyte"), data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func header(words ...int) []byte {
	var b []byte
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, uint32(w))
	}
	return b
}

// call runs the program and returns its output, its one line of error and its exit status.
func call(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, errs bytes.Buffer
	err := Main(context.Background(), args, "", &out, &errs)
	status = cli.Status("train", err, &errs)
	return out.String(), errs.String(), status
}

func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	writeData(t, dir, 600, 50)
	return dir
}

func TestTrain(t *testing.T) {
	stdout, stderr, status := call(t, "-data", dataDir(t), "-sizes", "12,8,10", "-epochs", "12", "-eta", "5")
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	if len(lines) != 14 {
		t.Fatalf("%d lines, want one before, one an epoch and one after:\n%s", len(lines), stdout)
	}
	// 600 pictures: the last sixth is the validation set.
	if want := "[12,8,10], 194 parameters; 500 examples, mini-batch 10, η = 5, seed 1"; !strings.HasPrefix(lines[0], want) {
		t.Errorf("first line %q, want %q", lines[0], want)
	}
	epoch := regexp.MustCompile(`^Epoch (\d+): (\d+) / 50  (\d+\.\d\d)%  \d+\.\d\d\ds$`)
	for i, line := range lines[1:13] {
		if m := epoch.FindStringSubmatch(line); m == nil || m[1] != fmt.Sprint(i) {
			t.Errorf("line of epoch %d: %q", i, line)
		}
	}
	if !strings.HasPrefix(lines[12], "Epoch 11: 50 / 50  100.00%") {
		t.Errorf("it did not learn: %q", lines[12])
	}
	if !regexp.MustCompile(`^Best: epoch \d+, 50 / 50  100.00%$`).MatchString(lines[13]) {
		t.Errorf("last line %q", lines[13])
	}
}

// TestSameSeed checks that a seed decides the whole run, and another another one.
func TestSameSeed(t *testing.T) {
	dir := dataDir(t)
	model := func(args ...string) string {
		file := filepath.Join(t.TempDir(), "net.json")
		if _, stderr, status := call(t, append(args, "-data", dir, "-sizes", "12,5,10", "-epochs", "2", "-save", file)...); status != 0 {
			t.Fatal(stderr)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	one := model("-seed", "7")
	if model("-seed", "7") != one {
		t.Error("the same seed gives two models")
	}
	if model("-seed", "8") == one {
		t.Error("two seeds give one model")
	}
	if model("-seed", "7", "-shuffle=false") == one {
		t.Error("-shuffle=false changes nothing")
	}
	if model("-seed", "7", "-train", "100") == one {
		t.Error("-train 100 changes nothing")
	}
}

func TestSaveAndLoad(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "net.json")
	stdout, _, _ := call(t, "-data", dir, "-sizes", "12,5,10", "-epochs", "3", "-save", file)
	last := regexp.MustCompile(`Epoch 2: (\d+ / 50)`).FindStringSubmatch(stdout)
	for _, args := range [][]string{{}, {"-sizes", "12,5,10"}} {
		stdout, stderr, status := call(t, append(args, "-data", dir, "-load", file, "-epochs", "0")...)
		if status != 0 || !strings.HasSuffix(stdout, "\nCorrect: "+last[1]+"\n") {
			t.Errorf("%v: status %d, %q, %q, want Correct: %s", args, status, stdout, stderr, last[1])
		}
	}
	if _, stderr, status := call(t, "-data", dir, "-load", file, "-sizes", "12,6,10"); status != 1 || !strings.Contains(stderr, "[12,5,10]") {
		t.Errorf("other -sizes: status %d, %q", status, stderr)
	}
	n, _, err := nn.Load(file)
	if err != nil || len(n.Sizes) != 3 {
		t.Errorf("the model: %v, %v", n, err)
	}
	model, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "chapter3.json")
	if err := os.WriteFile(other, bytes.Replace(model, []byte(nn.QuadraticCost), []byte(nn.CrossEntropyCost), 1), 0o666); err != nil {
		t.Fatal(err)
	}
	if stdout, stderr, status := call(t, "-data", dir, "-load", other, "-epochs", "0"); status != 0 || !strings.HasSuffix(stdout, "\nCorrect: "+last[1]+"\n") {
		t.Errorf("a network with the cross-entropy: status %d, %q, %q", status, stdout, stderr)
	}
}

// TestExport checks that a run writes the network that it saves as safetensors too, that a
// saved one can be converted later into the same file, and that nothing else is replaced.
func TestExport(t *testing.T) {
	dir, to := dataDir(t), t.TempDir()
	saved, exported, converted := filepath.Join(to, "net.json"), filepath.Join(to, "net.safetensors"), filepath.Join(to, "again.safetensors")
	if _, stderr, status := call(t, "-data", dir, "-sizes", "12,5,10", "-cost", "cross-entropy", "-epochs", "1", "-save", saved, "-export", exported); status != 0 {
		t.Fatal(stderr)
	}
	for range 2 { // the second time over the first file
		if _, stderr, status := call(t, "-data", dir, "-load", saved, "-epochs", "0", "-export", converted); status != 0 {
			t.Fatal(stderr)
		}
	}
	a, _ := os.ReadFile(exported)
	b, _ := os.ReadFile(converted)
	if len(a) == 0 || !bytes.Equal(a, b) {
		t.Errorf("the converted file has %d bytes, the exported one %d, or they differ", len(b), len(a))
	}
	net, cost, err := nn.Load(saved)
	if err != nil {
		t.Fatal(err)
	}
	tensors, metadata, err := safetensors.Read(bytes.NewReader(a))
	if err != nil || len(tensors) != 4 || metadata["cost"] != cost || cost != nn.CrossEntropyCost || metadata["sizes"] != "[12,5,10]" {
		t.Fatalf("%d tensors, metadata %v, %v", len(tensors), metadata, err)
	}
	if !slices.Equal(tensors[2].Data, net.Weights[1].Data) || !slices.Equal(tensors[3].Data, net.Biases[1].Data) {
		t.Error("the exported parameters are not the saved ones")
	}
	if _, stderr, status := call(t, "-data", dir, "-sizes", "12,5,10", "-load", saved, "-epochs", "1", "-eta", "1e300", "-lambda", "1e300", "-export", exported); status != 1 || !strings.Contains(stderr, "cannot be saved") {
		t.Errorf("a network with NaN: status %d, %s", status, stderr)
	}
	if now, _ := os.ReadFile(exported); !bytes.Equal(a, now) {
		t.Error("the file from before is not what it was")
	}
}

// TestFlags checks exit status 2 and one line for what is wrong with the flags by
// themselves, and 1 for what does not fit the data; all of it before any training.
func TestFlags(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		status int
		want   string // part of the line on stderr
		args   string
	}{
		{2, "not a number", "-sizes 784,x,10"},
		{2, "not a number", "-sizes 784,,10"},
		{2, "not a number", "-sizes 99999999999999999999,10"},
		{2, "two layers", "-sizes 784"},
		{2, "not a number", "-sizes 784,0,10"},
		{2, "-eta", "-eta 0"},
		{2, "-eta", "-eta -1"},
		{2, "-eta", "-eta NaN"},
		{2, "-eta", "-eta Inf"},
		{2, "-batch", "-batch 0"},
		{2, "-epochs", "-epochs -1"},
		{2, "-train", "-train -1"},
		{2, "-test", "-test -5"},
		{2, "not defined", "-quiet"},
		{2, "invalid value", "-seed x"},
		{2, "stray", "stray"},
		{2, "write -shuffle=false", "-shuffle false"},
		{2, "-save: its value is empty", "-save="},
		{2, "same file", "-save DIR/run -checkpoint DIR/./run"},
		{2, "same file", "-save DIR/run -resume DIR/run"},
		{2, "-save and -export name the same file", "-save DIR/run -export DIR/./run"},
		{2, "-checkpoint and -export name the same file", "-checkpoint DIR/run -export DIR/run"},
		{2, "-resume and -export name the same file", "-export DIR/run -resume DIR/run"},
		{2, "-load and -export name the same file", "-load DIR/run -export DIR/run"},
		{1, "12 pixels", "-sizes 784,30,10"},
		{1, "10 digits", "-sizes 12,30,9"},
		{1, "parameters", "-sizes 12,4000000000,10"},
		{1, "parameters", "-sizes 12,4000000000,4000000000,10"},
		{1, "only 500", "-train 501 -sizes 12,10"},
		{1, "only 50", "-test 51 -sizes 12,10"},
		{1, "missing", "-sizes 12,10 -save DIR/missing/net.json"},
		{1, "not a regular file", "-sizes 12,10 -save DIR"},
		{1, "there already", "-sizes 12,10 -checkpoint DIR/t10k-labels-idx1-ubyte"},
		{1, "only 500", "-train 501 -sizes 12,10 -report DIR/new/report"},
		{1, "is not a saved network", "-sizes 12,10 -save DIR/t10k-labels-idx1-ubyte"},
		{1, "-export: ", "-sizes 12,10 -export DIR/missing/net.safetensors"},
		{1, "is not a safetensors file", "-sizes 12,10 -export DIR/t10k-labels-idx1-ubyte"},
		{1, "nothere", "-load DIR/nothere.json"},
		{1, "t10k-labels-idx1-ubyte", "-load DIR/t10k-labels-idx1-ubyte"},
		{1, "(go run ./cmd/digits fetch -dir ", "-data DIR/nodata"},
	} {
		args := []string{"-data", dir}
		for _, arg := range strings.Fields(c.args) {
			args = append(args, strings.ReplaceAll(arg, "DIR", dir))
		}
		stdout, stderr, status := call(t, args...)
		if status != c.status || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q, want status %d and one line with %q", c.args, status, stdout, stderr, c.status, c.want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 4 {
		t.Errorf("left behind, beside the four files of the data: %v", entries)
	}
}

// TestInterrupted checks that a training that is told to stop keeps what it has.
func TestInterrupted(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "net.json")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr bytes.Buffer
	err := Main(ctx, []string{"-data", dir, "-sizes", "12,5,10", "-save", file}, "", &stdout, &stderr)
	if !errors.Is(err, cli.ErrInterrupted) || strings.Count(stdout.String(), "\n") != 2 {
		t.Errorf("%v, %s", err, stdout.String())
	}
	if _, _, err := nn.Load(file); err != nil {
		t.Error(err)
	}
}

// TestStdout fixes what a run prints, but for the seconds. The digits are so easy that no
// rounding can change a count.
func TestStdout(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		args, want string
	}{
		{"-sizes 12,8,10 -epochs 4 -eta 5", `[12,8,10], 194 parameters; 500 examples, mini-batch 10, η = 5, seed 1
Epoch 0: 35 / 50  70.00%  0s
Epoch 1: 50 / 50  100.00%  0s
Epoch 2: 50 / 50  100.00%  0s
Epoch 3: 50 / 50  100.00%  0s
Best: epoch 1, 50 / 50  100.00%
`},
		{"-sizes 12,10 -epochs 2 -batch 3 -seed 4 -shuffle=false -train 100 -test 20", `[12,10], 130 parameters; 100 examples, mini-batch 3, η = 3, seed 4
Epoch 0: 16 / 20  80.00%  0s
Epoch 1: 18 / 20  90.00%  0s
Best: epoch 1, 18 / 20  90.00%
`},
		{"-sizes 12,10 -epochs 0 -test 20", `[12,10], 130 parameters; 500 examples, mini-batch 10, η = 3, seed 1
Correct: 4 / 20
`},
	} {
		stdout, _, _ := call(t, append(strings.Fields(c.args), "-data", dir)...)
		if got := regexp.MustCompile(`\d+\.\d\d\ds`).ReplaceAllString(stdout, "0s"); got != c.want {
			t.Errorf("%s: it prints\n%swant\n%s", c.args, got, c.want)
		}
	}
}

// TestLine checks that a line of flags is the run of the same arguments.
func TestLine(t *testing.T) {
	dir := dataDir(t)
	stdout, _, _ := call(t, "-data", dir, "-sizes", "12,8,10", "-epochs", "5")
	d, err := digits.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	result, err := Line(context.Background(), "-sizes 12,8,10 -epochs 5", d, &out, io.Discard)
	if err != nil || len(result.Scores) != 5 || result.Test != 50 || result.Network.Sizes[1] != 8 {
		t.Fatalf("%+v, %v", result, err)
	}
	epoch, percent := result.Best()
	last := fmt.Sprintf("Best: epoch %d, %d / 50  %.2f%%\n", epoch, result.Scores[epoch].Test, percent)
	if !strings.HasSuffix(stdout, last) || !strings.HasSuffix(out.String(), last) {
		t.Errorf("%s is not the end of %s or %s", last, stdout, out.String())
	}
	for line, want := range map[string]string{"-sizes 12": "-sizes 12: ", "-sizes 13,10": "13 inputs", "-what": "-what"} {
		if _, err := Line(context.Background(), line, d, &out, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}
