package network3

import (
	"bytes"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nndl/nn/safetensors"
)

// savedNet has every kind of layer and odd numbers among its parameters.
func savedNet() *Network {
	rng := rand.New(rand.NewPCG(1, 0))
	net := New([]Layer{
		NewConvPoolLayer([4]int{3, 1, 3, 2}, [4]int{4, 1, 11, 10}, [2]int{2, 2}, Sigmoid, rng), // 9×9 → 4×4
		NewConvPoolLayer([4]int{2, 3, 2, 3}, [4]int{4, 3, 4, 4}, [2]int{2, 1}, Tanh, rng),      // 3×2 → 1×2
		NewFullyConnectedLayer(4, 6, ReLU, 0.25, rng),
		NewFullyConnectedLayer(6, 5, Linear, 1.0/3, rng),
		NewSoftmaxLayer(5, 3, 0.5),
	}, 4)
	w, b := net.Layers[2].Parameters()
	copy(w.Data, []float64{math.Copysign(0, -1), math.SmallestNonzeroFloat64, math.Nextafter(1, 2), 1.0 / 3})
	net.Layers[2].SetParameters(w, b)
	return net
}

func encoded(t *testing.T, net *Network) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := net.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestSaveLoad: what Load returns has the same parameters bit for bit and computes the same,
// and saved again it is the same file.
func TestSaveLoad(t *testing.T) {
	net := savedNet()
	dir := t.TempDir()
	first, second := filepath.Join(dir, "first"), filepath.Join(dir, "second")
	if err := net.Save(first); err != nil {
		t.Fatal(err)
	}
	got, err := Load(first)
	if err != nil {
		t.Fatal(err)
	}
	if got.MiniBatchSize != 4 || len(got.Layers) != 5 {
		t.Fatalf("%d layers, mini-batches of %d", len(got.Layers), got.MiniBatchSize)
	}
	for i, want := range all(net) {
		for j, v := range all(got)[i].Data {
			if math.Float64bits(v) != math.Float64bits(want.Data[j]) {
				t.Errorf("parameters %d: number %d was %v and is %v", i, j, want.Data[j], v)
			}
		}
	}
	data := randomData(8, 110, 3, rand.New(rand.NewPCG(2, 0)))
	same(t, "outputs", got.Feedforward(got.inputs(data)).Data, net.Feedforward(net.inputs(data)).Data, 0)
	train := func(net *Network) []float64 {
		net.UpdateMiniBatch(data[:4], 0.1, 1, 2, rand.New(rand.NewPCG(3, 0)))
		return net.Feedforward(net.inputs(data)).Data
	}
	if err := got.Save(second); err != nil {
		t.Fatal(err)
	}
	same(t, "outputs after a step", train(got), train(net), 0)
	a, _ := os.ReadFile(first)
	b, _ := os.ReadFile(second)
	if len(a) == 0 || !bytes.Equal(a, b) {
		t.Error("saved again, it is another file")
	}
}

// TestSaveFormat looks at the file as another program would.
func TestSaveFormat(t *testing.T) {
	net := savedNet()
	tensors, metadata, err := safetensors.Read(bytes.NewReader(encoded(t, net)))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"network": "network3", "mini_batch_size": "4",
		"0.type": "ConvPoolLayer", "0.filter_shape": "[3,1,3,2]", "0.image_shape": "[4,1,11,10]", "0.poolsize": "[2,2]", "0.activation": "sigmoid",
		"1.type": "ConvPoolLayer", "1.filter_shape": "[2,3,2,3]", "1.image_shape": "[4,3,4,4]", "1.poolsize": "[2,1]", "1.activation": "tanh",
		"2.type": "FullyConnectedLayer", "2.n_in": "4", "2.n_out": "6", "2.activation": "relu", "2.p_dropout": "0.25",
		"3.type": "FullyConnectedLayer", "3.n_in": "6", "3.n_out": "5", "3.activation": "linear", "3.p_dropout": "0.3333333333333333",
		"4.type": "SoftmaxLayer", "4.n_in": "5", "4.n_out": "3", "4.p_dropout": "0.5",
	}
	if !maps.Equal(metadata, want) {
		t.Errorf("metadata %v", metadata)
	}
	shapes := [][]int{{3, 1, 3, 2}, {3}, {2, 3, 2, 3}, {2}, {4, 6}, {6}, {6, 5}, {5}, {5, 3}, {3}}
	for i, tensor := range tensors {
		name := keyOf(i/2, []string{"w", "b"}[i%2])
		if tensor.Name != name || !slices.Equal(tensor.Shape, shapes[i]) || !slices.Equal(tensor.Data, all(net)[i].Data) {
			t.Errorf("tensor %d is %q of shape %v, want %q of shape %v with the parameters in order", i, tensor.Name, tensor.Shape, name, shapes[i])
		}
	}
}

// TestSaveRefuses: a network that could not be loaded again leaves the file alone.
func TestSaveRefuses(t *testing.T) {
	filename := filepath.Join(t.TempDir(), "net.safetensors")
	if err := savedNet().Save(filename); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(filename)
	broken := savedNet()
	w, b := broken.Layers[3].Parameters()
	b.Data[2] = math.NaN()
	broken.Layers[3].SetParameters(w, b)
	strange := savedNet()
	strange.Layers[2].(*FullyConnectedLayer).Activation = Activation{Name: "softplus", F: math.Exp, Prime: math.Exp}
	for want, net := range map[string]*Network{
		`tensor "3.b" holds NaN`:                broken,
		`layer 2 has the activation "softplus"`: strange,
	} {
		if err := net.Save(filename); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), filename+": ") {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if after, _ := os.ReadFile(filename); !bytes.Equal(before, after) {
		t.Error("the file is not what it was")
	}
	if err := savedNet().Save(filepath.Join(filename, "x")); err == nil {
		t.Error("saved into a file as if it were a folder")
	}
}

// TestLoadDialects reads what other programs make of a file: the tensors in another order,
// more metadata, lists with spaces.
func TestLoadDialects(t *testing.T) {
	want := encoded(t, savedNet())
	tensors, metadata, err := safetensors.Read(bytes.NewReader(want))
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(tensors)
	metadata["format"] = "pt"
	metadata["0.image_shape"] = "[4, 1, 11, 10]"
	metadata["3.p_dropout"] = "0.33333333333333330"
	net, err := Decode(written(tensors, metadata))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(encoded(t, net), want) {
		t.Error("it is another network")
	}
}

func written(tensors []safetensors.Tensor, metadata map[string]string) *bytes.Buffer {
	var b bytes.Buffer
	if err := safetensors.Write(&b, tensors, metadata); err != nil {
		panic(err)
	}
	return &b
}

// refused are values of the metadata that a file cannot have, "-" for none, with the error.
var refused = []struct {
	want  string
	pairs []string
}{
	{`has network "network2", want "network3"`, []string{"network", "network2"}},
	{`has network "", want "network3"`, []string{"network", "-"}},
	{`its metadata has no "mini_batch_size"`, []string{"mini_batch_size", "-"}},
	{`mini_batch_size is "0x4", want a whole number`, []string{"mini_batch_size", "0x4"}},
	{`mini_batch_size is "-4"`, []string{"mini_batch_size", "-4"}},
	{`mini_batch_size is "1048577", want a whole number up to 1048576`, []string{"mini_batch_size", "1048577"}},
	{`mini-batches of 0`, []string{"mini_batch_size", "0"}},
	{`layer 0 has image shape [4 1 11 10], the mini-batches are of 5`, []string{"mini_batch_size", "5"}},
	{`layer 0 has 110 inputs and 48 outputs: too many for mini-batches of 1048576`,
		[]string{"mini_batch_size", "1048576", "0.image_shape", "[1048576,1,11,10]", "1.image_shape", "[1048576,3,4,4]"}},
	{`its metadata has no "0.type"`, []string{"0.type", "-"}},
	{`tensor "3.w" belongs to none of the 3 layers`, []string{"3.type", "-"}},
	{`1.type is "Conv", want ConvPoolLayer, FullyConnectedLayer or SoftmaxLayer`, []string{"1.type", "Conv"}},
	{`its metadata has no "0.filter_shape"`, []string{"0.filter_shape", "-"}},
	{`0.filter_shape is "[3,1,3]", want a list of 4 whole numbers`, []string{"0.filter_shape", "[3,1,3]"}},
	{`0.filter_shape is "[3,1,3,2,1]"`, []string{"0.filter_shape", "[3,1,3,2,1]"}},
	{`0.filter_shape is "3,1,3,2"`, []string{"0.filter_shape", "3,1,3,2"}},
	{`0.filter_shape is "[3,1,3,2"`, []string{"0.filter_shape", "[3,1,3,2"}},
	{`0.filter_shape is "[3,1,3,-2]"`, []string{"0.filter_shape", "[3,1,3,-2]"}},
	{`0.filter_shape is "[]"`, []string{"0.filter_shape", "[]"}},
	{`0.filter_shape is ""`, []string{"0.filter_shape", ""}},
	{`tensor "0.w" has shape [3 1 3 2], want [3 1 2 3]`, []string{"0.filter_shape", "[3,1,2,3]"}},
	{`layer 0: filters [3 1 3 2], images [4 2 11 10]`, []string{"0.image_shape", "[4,2,11,10]"}},
	{`layer 0: filters [3 1 3 2] and pools [2 2] leave nothing`, []string{"0.image_shape", "[4,1,3,2]"}},
	{`layer 0: filters [3 1 3 2], images [4 1 11 10], pools [0 2]: want 1 or more`, []string{"0.poolsize", "[0,2]"}},
	{`layer 0 has filters [3 1 3 2] for images [4 1 1048576 1048576]: too many`, []string{"0.image_shape", "[4,1,1048576,1048576]"}},
	{`layer 1 has 48 inputs, layer 0 has 24 outputs`, []string{"0.poolsize", "[4,2]"}},
	{`0.activation is "Sigmoid", want linear, relu, sigmoid or tanh`, []string{"0.activation", "Sigmoid"}},
	{`its metadata has no "2.activation"`, []string{"2.activation", "-"}},
	{`tensor "2.w" has shape [4 6], want [6 4]`, []string{"2.n_in", "6", "2.n_out", "4"}},
	{`2.n_in is "1e1"`, []string{"2.n_in", "1e1"}},
	{`layer 2: 4 inputs, 6 outputs, dropout 1`, []string{"2.p_dropout", "1"}},
	{`dropout NaN`, []string{"2.p_dropout", "NaN"}},
	{`2.p_dropout is "half", want a probability`, []string{"2.p_dropout", "half"}},
	{`its metadata has no "4.p_dropout"`, []string{"4.p_dropout", "-"}},
	{`layer 4 of 5 is a *network3.FullyConnectedLayer: want a softmax layer last`, []string{"4.type", "FullyConnectedLayer", "4.activation", "relu"}},
	{`layer 3 of 5 is a *network3.SoftmaxLayer: want a softmax layer last, and no other`, []string{"3.type", "SoftmaxLayer"}},
}

// TestLoadRefuses: each is an error that says what is wrong, and no panic.
func TestLoadRefuses(t *testing.T) {
	good := encoded(t, savedNet())
	refuses := func(want string, change func(tensors map[string]*safetensors.Tensor, metadata map[string]string)) {
		t.Helper()
		tensors, metadata, err := safetensors.Read(bytes.NewReader(good))
		if err != nil {
			t.Fatal(err)
		}
		byName := map[string]*safetensors.Tensor{}
		for i := range tensors {
			byName[tensors[i].Name] = &tensors[i]
		}
		change(byName, metadata)
		net, err := Decode(written(tensors, metadata))
		if err == nil || !strings.Contains(err.Error(), want) || net != nil {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, c := range refused {
		refuses(c.want, func(_ map[string]*safetensors.Tensor, metadata map[string]string) {
			for i := 0; i < len(c.pairs); i += 2 {
				if metadata[c.pairs[i]] = c.pairs[i+1]; c.pairs[i+1] == "-" {
					delete(metadata, c.pairs[i])
				}
			}
		})
	}
	for want, change := range map[string]func(tensors map[string]*safetensors.Tensor){
		`there is no tensor "2.b"`:                 func(tensors map[string]*safetensors.Tensor) { tensors["2.b"].Name = "2.c" },
		`there is no tensor "3.w"`:                 func(tensors map[string]*safetensors.Tensor) { tensors["3.w"].Name = "03.w" },
		`tensor "2.b" has shape [6 1], want [6]`:   func(tensors map[string]*safetensors.Tensor) { tensors["2.b"].Shape = []int{6, 1} },
		`tensor "4.w" has shape [3 5], want [5 3]`: func(tensors map[string]*safetensors.Tensor) { tensors["4.w"].Shape = []int{3, 5} },
	} {
		refuses(want, func(tensors map[string]*safetensors.Tensor, _ map[string]string) { change(tensors) })
	}
	empty := func(t *safetensors.Tensor, shape ...int) { t.Shape, t.Data = shape, nil }
	refuses("layer 4: 0 inputs, 3 outputs", func(tensors map[string]*safetensors.Tensor, metadata map[string]string) {
		metadata["4.n_in"] = "0"
		empty(tensors["4.w"], 0, 3)
	})
	refuses("layer 0: filters [0 1 3 2]", func(tensors map[string]*safetensors.Tensor, metadata map[string]string) {
		metadata["0.filter_shape"] = "[0,1,3,2]"
		empty(tensors["0.w"], 0, 1, 3, 2)
		empty(tensors["0.b"], 0)
	})
	filename := filepath.Join(t.TempDir(), "net.json")
	os.WriteFile(filename, []byte(`{"sizes": [2, 1], "weights": `), 0o666)
	if _, err := Load(filename); err == nil || err.Error() != filename+": this is a saved network, not a safetensors file" {
		t.Errorf("a network of chapter 1: %v", err)
	}
	if _, err := Load(filename + "x"); err == nil || !strings.Contains(err.Error(), filename+"x") {
		t.Errorf("no file: %v", err)
	}
}

// FuzzDecode: whatever Decode accepts it gives again, and nothing panics.
func FuzzDecode(f *testing.F) {
	var b bytes.Buffer
	if err := savedNet().Encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		net, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := encoded(t, net)
		again, err := Decode(bytes.NewReader(first))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(encoded(t, again), first) {
			t.Error("saved again, it is another file")
		}
	})
}
