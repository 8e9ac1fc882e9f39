package nn

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func smallNetwork() *Network { return New([]int{3, 4, 2}, rand.New(rand.NewPCG(1, 0))) }

// TestSaveLoad holds that every float comes back bit for bit.
func TestSaveLoad(t *testing.T) {
	n := smallNetwork()
	copy(n.Weights[0].Data, []float64{0, math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.MaxFloat64,
		-math.MaxFloat64, 0.1, 1.0 / 3, math.Nextafter(1, 2), 1e21, 123456789.123456789, 1e-7})
	filename := filepath.Join(t.TempDir(), "net.json")
	if err := n.Save(filename); err != nil {
		t.Fatal(err)
	}
	got, err := Load(filename)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got, n)
}

func same(t *testing.T, got, want *Network) {
	t.Helper()
	for i := range want.Weights {
		for j, v := range want.Weights[i].Data {
			if math.Float64bits(got.Weights[i].Data[j]) != math.Float64bits(v) {
				t.Errorf("weight %d of layer %d: %g became %g", j, i+2, v, got.Weights[i].Data[j])
			}
		}
		for j, v := range want.Biases[i].Data {
			if math.Float64bits(got.Biases[i].Data[j]) != math.Float64bits(v) {
				t.Errorf("bias %d of layer %d: %g became %g", j, i+2, v, got.Biases[i].Data[j])
			}
		}
	}
}

// TestSaveFormat holds the keys and the nesting that network2.py's load wants.
func TestSaveFormat(t *testing.T) {
	var out bytes.Buffer
	if err := smallNetwork().Encode(&out); err != nil {
		t.Fatal(err)
	}
	var model map[string]any
	if err := json.Unmarshal(out.Bytes(), &model); err != nil {
		t.Fatal(err)
	}
	if len(model) != 4 || model["cost"] != "QuadraticCost" {
		t.Errorf("keys %v, cost %v", model, model["cost"])
	}
	bias := model["biases"].([]any)[0].([]any)
	if len(bias) != 4 || len(bias[0].([]any)) != 1 {
		t.Errorf("biases of layer 2 are not four lists of one: %v", bias)
	}
	weights := model["weights"].([]any)[1].([]any)
	if len(weights) != 2 || len(weights[0].([]any)) != 4 {
		t.Errorf("weights of layer 3 are not two rows of four: %v", weights)
	}
}

const goodModel = `{"biases": [[[0.5]]], "cost": "QuadraticCost", "weights": [[[1, -2e-3]]], "sizes": [2, 1]}`

var badModels = []struct{ model, want string }{
	{``, "not a model"},
	{`[]`, "not a model"},
	{`null`, `no "cost"`},
	{`{"sizes"`, "not a model"},
	{goodModel + goodModel, "not a model"},
	{strings.Replace(goodModel, `"sizes"`, `"SIZES"`, 1), `no "sizes"`},
	{strings.Replace(goodModel, `"biases"`, `"bias"`, 1), `no "biases"`},
	{strings.Replace(goodModel, `"weights"`, `"weight"`, 1), `no "weights"`},
	{strings.Replace(goodModel, `"cost"`, `"price"`, 1), `no "cost"`},
	{strings.Replace(goodModel, `QuadraticCost`, `CrossEntropyCost`, 1), `cost is "CrossEntropyCost"`},
	{strings.Replace(goodModel, `[2, 1]`, `null`, 1), "sizes is null"},
	{strings.Replace(goodModel, `[2, 1]`, `[2]`, 1), "two layers"},
	{strings.Replace(goodModel, `[2, 1]`, `[2, 0]`, 1), "one neuron"},
	{strings.Replace(goodModel, `[2, 1]`, `[2, -1]`, 1), "one neuron"},
	{strings.Replace(goodModel, `[2, 1]`, `[2, null]`, 1), "one neuron"},
	{strings.Replace(goodModel, `[2, 1]`, `[2, 1.5]`, 1), "sizes"},
	{strings.Replace(goodModel, `[2, 1]`, `"2"`, 1), "sizes"},
	{strings.Replace(goodModel, `[2, 1]`, `[2, 1, 1]`, 1), "1 layers, want 2"},
	{strings.Replace(goodModel, `[2, 1]`, `[4000000000, 4000000000]`, 1), "want 4000000000"},
	{strings.Replace(goodModel, `[2, 1]`, `[99999999999999999999, 1]`, 1), "sizes"},
	{strings.Replace(goodModel, `[2, 1]`, `[3, 1]`, 1), "2 numbers, want 3"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[[[1, -2e-3], [1]]]`, 1), "2 rows, want 1"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[[[1]]]`, 1), "1 numbers, want 2"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[[[1, null]]]`, 1), "null"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[[null]]`, 1), "0 numbers, want 2"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[null]`, 1), "0 rows, want 1"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `null`, 1), "weights is null"},
	{strings.Replace(goodModel, `[[[1, -2e-3]]]`, `[[["1", 2]]]`, 1), "weights"},
	{strings.Replace(goodModel, `-2e-3`, `NaN`, 1), "not a model"},
	{strings.Replace(goodModel, `-2e-3`, `1e999`, 1), "1e999"},
	{strings.Replace(goodModel, `[[[0.5]]]`, `[[[0.5, 1]]]`, 1), "2 numbers, want 1"},
	{strings.Replace(goodModel, `[[[0.5]]]`, `[[0.5]]`, 1), "biases"},
}

func TestLoadBad(t *testing.T) {
	if _, err := Decode(strings.NewReader(goodModel)); err != nil {
		t.Fatalf("the good model: %v", err)
	}
	dir := t.TempDir()
	for _, c := range badModels {
		filename := filepath.Join(dir, "bad.json")
		if err := os.WriteFile(filename, []byte(c.model), 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Load(filename)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), filename+": ") {
			t.Errorf("%s: error %v, want the file's name and %q", c.model, err, c.want)
		} else if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: more than one line: %v", c.model, err)
		}
	}
	for _, filename := range []string{filepath.Join(dir, "missing"), dir} {
		if _, err := Load(filename); err == nil || !strings.Contains(err.Error(), filename) {
			t.Errorf("%s: error %v", filename, err)
		}
	}
}

// TestSaveLeavesTheOldFile holds that a failed Save loses nothing and leaves
// nothing behind.
func TestSaveLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	filename := filepath.Join(dir, "net.json")
	if err := os.WriteFile(filename, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	n := smallNetwork()
	n.Weights[1].Data[3] = math.NaN()
	if err := n.Save(filename); err == nil || !strings.Contains(err.Error(), filename) {
		t.Errorf("NaN: error %v", err)
	}
	if data, _ := os.ReadFile(filename); string(data) != "old" {
		t.Errorf("the old file holds %q", data)
	}
	if err := smallNetwork().Save(filename); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filename); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode of the old file became %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

func TestSaveRefuses(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	targets := []string{dir, filepath.Join(dir, "missing", "net.json")}
	if err := os.Symlink("target", link); err == nil {
		targets = append(targets, link)
	}
	if _, err := os.Stat("/dev/null"); err == nil {
		targets = append(targets, "/dev/null")
	}
	if runtime.GOOS != "windows" && os.Getuid() != 0 { // root may write to all of them
		readOnly := filepath.Join(dir, "readonly")
		if err := os.WriteFile(readOnly, nil, 0o444); err != nil {
			t.Fatal(err)
		}
		closed := filepath.Join(dir, "closed")
		if err := os.Mkdir(closed, 0o555); err != nil {
			t.Fatal(err)
		}
		targets = append(targets, readOnly, filepath.Join(closed, "net.json"))
	}
	for _, target := range targets {
		for what, err := range map[string]error{"CheckReplaceable": CheckReplaceable(target), "Save": smallNetwork().Save(target)} {
			if err == nil || !strings.Contains(err.Error(), target) || strings.Contains(err.Error(), ".tmp") {
				t.Errorf("%s(%s): %v", what, target, err)
			}
		}
	}
	if err := CheckReplaceable(filepath.Join(dir, "new")); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(filepath.Join(dir, "new")); err == nil {
		t.Error("CheckReplaceable left a file")
	}
}

// TestReplaceFileError holds that an error in writing, as on a full disk, names the file
// that was to be written and not the temporary one.
func TestReplaceFileError(t *testing.T) {
	filename := filepath.Join(t.TempDir(), "net.json")
	err := ReplaceFile(filename, func(w io.Writer) error {
		w.(*os.File).Close()
		_, err := w.Write([]byte("lost"))
		return err
	})
	if want := "write " + filename + ": " + os.ErrClosed.Error(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// FuzzDecode holds that no input panics and that what is accepted survives a round trip.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(goodModel))
	for _, c := range badModels {
		f.Add([]byte(c.model))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := n.Encode(&out); err != nil {
			t.Fatalf("accepted, but can't be written: %v", err)
		}
		again, err := Decode(&out)
		if err != nil {
			t.Fatalf("accepted and written, but can't be read again: %v", err)
		}
		same(t, again, n)
	})
}
