package nn

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn/safetensors"
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
	got, cost, err := Load(filename)
	if err != nil {
		t.Fatal(err)
	}
	if cost != QuadraticCost {
		t.Errorf("cost %q", cost)
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
	if err := smallNetwork().Encode(&out, QuadraticCost); err != nil {
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

// TestExport reads the network back from the safetensors file.
func TestExport(t *testing.T) {
	n := smallNetwork()
	n.Weights[0].Data[0] = math.Copysign(0, -1)
	var b bytes.Buffer
	if err := n.Export(&b, CrossEntropyCost); err != nil {
		t.Fatal(err)
	}
	tensors, metadata, err := safetensors.Read(&b)
	if err != nil || len(tensors) != 4 {
		t.Fatalf("%d tensors, %v", len(tensors), err)
	}
	if want := map[string]string{"network": "network2", "cost": "CrossEntropyCost", "sizes": "[3,4,2]"}; !maps.Equal(metadata, want) {
		t.Errorf("metadata %v", metadata)
	}
	got := &Network{}
	for i, want := range []struct {
		name  string
		shape []int
	}{{"0.w", []int{4, 3}}, {"0.b", []int{4}}, {"1.w", []int{2, 4}}, {"1.b", []int{2}}} {
		if v := tensors[i]; v.Name != want.name || !slices.Equal(v.Shape, want.shape) {
			t.Fatalf("%q of shape %v, want %q of shape %v", v.Name, v.Shape, want.name, want.shape)
		} else if x := matrix.FromSlice(v.Shape[0], len(v.Data)/v.Shape[0], v.Data); i%2 == 0 {
			got.Weights = append(got.Weights, x)
		} else {
			got.Biases = append(got.Biases, x)
		}
	}
	same(t, got, n)

	n.Biases[1].Data[0] = math.Inf(1)
	b.Reset()
	if err := n.Export(&b, QuadraticCost); err == nil || !strings.Contains(err.Error(), `tensor "1.b" holds +Inf`) || b.Len() > 0 {
		t.Errorf("a network with Inf: %v, and %d bytes", err, b.Len())
	}
}

const goodModel = `{"biases": [[[0.5]]], "cost": "QuadraticCost", "weights": [[[1, -2e-3]]], "sizes": [2, 1]}`

// but returns the good model with one part replaced by another.
func but(old, new string) string {
	if strings.Count(goodModel, old) != 1 {
		panic(old + " is not in the good model once")
	}
	return strings.Replace(goodModel, old, new, 1)
}

var badModels = []struct{ model, want string }{
	{``, "an empty file, not a saved network"},
	{`[]`, "not a saved network"},
	{`null`, "not a saved network"},
	{`<!DOCTYPE html><html>`, "web page"},
	{"PK\x03\x04 and so on", "zip"},
	{"nndl train checkpoint 1, checksum 00000000\n{}", "a checkpoint of train"},
	{"\xff\xfe{\x00}\x00", "UTF-16"},
	{`"{\"sizes\": [2, 1]}"`, "JSON within a string, as if encoded twice, not a saved network"},
	{`{}`, `no "sizes"`},
	{`{"sizes"`, "ends in the middle"},
	{goodModel[:len(goodModel)-1], "ends in the middle"},
	{goodModel[:len(goodModel)/2], "ends in the middle"},
	{goodModel + goodModel, "more follows"},
	{goodModel + "x", "more follows"},
	{but(`"sizes"`, `"SIZES"`), `no "sizes"`},
	{but(`"biases"`, `"bias"`), `no "biases"`},
	{but(`"weights"`, `"weight"`), `no "weights"`},
	{but(`"cost"`, `"price"`), `no "cost"`},
	{but(`QuadraticCost`, `LogLikelihood`), `cost is "LogLikelihood", want "QuadraticCost" or "CrossEntropyCost"`},
	{but(`"QuadraticCost"`, `1`), "cost: found 1, want a name"},
	{but(`"QuadraticCost"`, `null`), "cost: found null, want a name"},
	{but(`[2, 1]`, `null`), "sizes: found null, want a list"},
	{but(`[2, 1]`, `[2]`), "two layers"},
	{but(`[2, 1]`, `[]`), "two layers"},
	{but(`[2, 1]`, `[2, 0]`), "one neuron"},
	{but(`[2, 1]`, `[2, -1]`), "one neuron"},
	{but(`[2, 1]`, `[2, null]`), "sizes: found null, want a number"},
	{but(`[2, 1]`, `[2, 1.5]`), "sizes: found 1.5, want a number of neurons"},
	{but(`[2, 1]`, `"2"`), "sizes: found a string, want a list"},
	{but(`[2, 1]`, `["2", 1]`), "sizes: found a string, want a number"},
	{but(`[2, 1]`, `[2, 1, 1]`), "weights of 1 layers and biases of 1, want 2"},
	{but(`[2, 1]`, `[4000000000, 4000000000]`), "4000000000"},
	{but(`[2, 1]`, `[1000000000, 1000000000]`), "want 1000000000×1000000000"},
	{but(`[2, 1]`, `[99999999999999999999, 1]`), "sizes"},
	{but(`[2, 1]`, `[1e999, 1]`), "sizes: 1e999 is too large"},
	{but(`[2, 1]`, `[`+strings.Repeat("1,", maxLayers)+`1]`), "at most 1000"},
	{but(`[2, 1]`, `[3, 1]`), "layer 2: weights 1×2 and biases 1×1, want 1×3 and 1×1"},
	{but(`[[[1, -2e-3]]]`, `[[[1, -2e-3], [1]]]`), "weights: layer 2, row 1: found 1 numbers, want 2"},
	{but(`[[[1, -2e-3]]]`, `[[[1, -2e-3], [1, 2]]]`), "weights 2×2 and biases 1×1, want 1×2"},
	{but(`[[[1, -2e-3]]]`, `[[[1]]]`), "weights 1×1 and biases 1×1, want 1×2"},
	{but(`[[[1, -2e-3]]]`, `[[[1, null]]]`), "weights: layer 2, row 0: found null, want a number"},
	{but(`[[[1, -2e-3]]]`, `[[null]]`), "weights: layer 2, row 0: found null, want a list"},
	{but(`[[[1, -2e-3]]]`, `[null]`), "weights: layer 2, row 0: found null, want a list"},
	{but(`[[[1, -2e-3]]]`, `null`), "weights: found null, want a list"},
	{but(`[[[1, -2e-3]]]`, `[[["1", 2]]]`), "weights: layer 2, row 0: found a string, want a number"},
	{but(`[[[1, -2e-3]]]`, `[[[[1], 2]]]`), "weights: layer 2, row 0: found a list, want a number"},
	{but(`[[[1, -2e-3]]]`, `[[{"1": 2}]]`), "weights: layer 2, row 0: found an object, want a list"},
	{but(`[[[1, -2e-3]]]`, `[[[1, true]]]`), "found true, want a number"},
	{but(`[[[1, -2e-3]]]`, `[[[]]]`), "weights: layer 2, row 0: it is empty"},
	{but(`[[[1, -2e-3]]]`, `[[]]`), "weights 0×0"},
	{but(`[[[1, -2e-3]]]`, `[`+strings.Repeat("[[1]],", maxLayers)+`[[1]]]`), "more than 1000 layers"},
	{but(`-2e-3`, `NaN`), "weights: layer 2, row 0: found NaN, want a number"},
	{but(`-2e-3`, `Infinity`), "found Infinity, want a number"},
	{but(`-2e-3`, `-Infinity`), "found -Infinity, want a number"},
	{but(`0.5`, `NaN`), "biases: layer 2, row 0: found NaN"},
	{but(`-2e-3`, `1e999`), "1e999 is too large"},
	{but(`-2e-3`, `x`), `found "x", which is not JSON`},
	{but(`-2e-3`, `0.5 0.25`), "which is not JSON"},
	{but(`-2e-3`, `012`), "which is not JSON"},
	{but(`[[[0.5]]]`, `[[[0.5, 1]]]`), "biases 1×2, want 1×2 and 1×1"},
	{but(`[[[0.5]]]`, `[[0.5, 1]]`), "biases 2×1, want 1×2 and 1×1"},
	{but(`[[[0.5]]]`, `[0.5]`), "biases: layer 2, row 0: found 0.5, want a list"},
	{but(`"cost": `, `"other": {"a": [1, NaN]}, "cost": `), "found"},
}

// TestLoadDialects reads the good model as other programs leave it.
func TestLoadDialects(t *testing.T) {
	want, _, err := Decode(strings.NewReader(goodModel))
	if err != nil {
		t.Fatal(err)
	}
	packed := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return b.String()
	}
	for what, model := range map[string]string{
		"a mark at the start":  "\ufeff" + goodModel,
		"gzip":                 packed(goodModel),
		"gzip, padded":         packed(goodModel) + strings.Repeat("\x00", 512),
		"gzip with a mark":     packed("\ufeff" + goodModel),
		"spaces":               "\n\t " + strings.ReplaceAll(goodModel, " ", " \r\n") + "\n",
		"whole floats as size": but(`[2, 1]`, `[2.0, 1e0]`),
		"flat biases":          but(`[[[0.5]]]`, `[[0.5]]`),
		"another key":          but(`"cost": `, `"epochs": {"a": [1, "b", null], "sizes": [7]}, "cost": `),
		"escapes":              but(`"sizes"`, `"\u0073izes"`),
		"sizes first":          `{"sizes": [2, 1], "weights": [[[1, -2e-3]]], "biases": [[[0.5]]], "cost": "QuadraticCost"}`,
	} {
		got, cost, err := Decode(strings.NewReader(model))
		if err != nil || cost != QuadraticCost || !slices.Equal(got.Sizes, want.Sizes) {
			t.Errorf("%s: %v, cost %q", what, err, cost)
			continue
		}
		same(t, got, want)
	}
	if _, cost, err := Decode(strings.NewReader(but(`QuadraticCost`, `CrossEntropyCost`))); err != nil || cost != CrossEntropyCost {
		t.Errorf("the cross-entropy: %v, cost %q", err, cost)
	}
}

// watched is a file of which a look at the memory in use is taken near its end.
type watched struct {
	io.Reader
	left int
	live uint64
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if before := w.left; before > 0 {
		if w.left -= n; w.left <= 0 {
			w.live = liveMemory()
		}
	}
	return n, err
}

func liveMemory() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestLoadMemory checks that a file of lists that hold next to nothing takes only a few
// times the memory of the file. As slices of slices it would take thirty times as much.
func TestLoadMemory(t *testing.T) {
	const length = 256 << 10
	for _, key := range []string{"weights", "sizes", "other"} {
		for _, part := range []string{`[],`, `[[]],`, `[[1]],`, `[1],`, `1,`, `[[[[`} {
			text := `{"` + key + `": [[` + strings.Repeat(part, length/len(part))
			before := liveMemory()
			file := &watched{Reader: strings.NewReader(text), left: length * 9 / 10}
			_, _, err := Decode(file)
			if err == nil {
				t.Errorf("%s of %s: no error", key, part)
			}
			if file.left > 0 {
				continue // refused before
			}
			if took := int64(file.live) - int64(before); took > 10*length {
				t.Errorf("%s of %s: %d bytes in use for a file of %d", key, part, took, length)
			}
		}
	}
}

func TestLoadBad(t *testing.T) {
	if _, _, err := Decode(strings.NewReader(goodModel)); err != nil {
		t.Fatalf("the good model: %v", err)
	}
	dir := t.TempDir()
	for _, c := range badModels {
		filename := filepath.Join(dir, "bad.json")
		if err := os.WriteFile(filename, []byte(c.model), 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, err := Load(filename)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), filename+": ") {
			t.Errorf("%s: error %v, want the file's name and %q", c.model, err, c.want)
		} else if text := err.Error(); strings.Contains(text, "\n") || strings.Contains(text, "invalid character") || strings.Contains(text, "Go ") {
			t.Errorf("%s: not one plain line: %v", c.model, err)
		}
	}
	for _, filename := range []string{filepath.Join(dir, "missing"), dir} {
		if _, _, err := Load(filename); err == nil || !strings.Contains(err.Error(), filename) {
			t.Errorf("%s: error %v", filename, err)
		}
	}
}

// TestSaveLeavesTheOldFile checks that a network which cannot be saved destroys nothing, and
// that one which can keeps the mode of the file.
func TestSaveLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	filename := filepath.Join(dir, "net.json")
	if err := os.WriteFile(filename, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		n := smallNetwork()
		n.Weights[1].Data[3] = v
		if err := n.Save(filename); err == nil || !strings.HasPrefix(err.Error(), filename+": a weight or a bias is ") {
			t.Errorf("%g: error %v", v, err)
		}
	}
	if data, _ := os.ReadFile(filename); string(data) != "old" {
		t.Errorf("the old file holds %q", data)
	}
	if err := smallNetwork().Save(filename); err != nil {
		t.Error(err)
	}
	if _, _, err := Load(filename); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filename); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("the mode of the old file became %v, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestSaveErrors checks that the error of a file that cannot be written names it.
func TestSaveErrors(t *testing.T) {
	dir := t.TempDir()
	targets := []string{dir, filepath.Join(dir, "missing", "net.json")}
	if _, err := os.Stat("/dev/full"); err == nil {
		targets = append(targets, "/dev/full")
	}
	for _, target := range targets {
		if err := smallNetwork().Save(target); err == nil || !strings.Contains(err.Error(), target) {
			t.Errorf("%s: %v", target, err)
		}
	}
}

// FuzzDecode holds that no input panics and that what is accepted survives a round trip.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(goodModel))
	for _, c := range badModels {
		f.Add([]byte(c.model))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		n, cost, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := n.Encode(&out, cost); err != nil {
			t.Fatalf("accepted, but can't be written: %v", err)
		}
		again, costAgain, err := Decode(&out)
		if err != nil || costAgain != cost {
			t.Fatalf("accepted and written, but read again with cost %q instead of %q: %v", costAgain, cost, err)
		}
		same(t, again, n)
	})
}
