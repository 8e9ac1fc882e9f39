package photo

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/cmd/internal/digits"
	"nndl/mnist"
	"nndl/nn"
)

var (
	model = flag.String("model", "", "measure how many pictures this `network`, trained on MNIST, reads right")
	each  = flag.Int("each", 40, "pictures of each kind for -model")
	keep  = flag.String("keep", "", "write the pictures that are misread to this `folder`")
	only  = flag.String("only", "", "only this `kind`")
	seed  = flag.Uint64("pictures", 1, "seed of the pictures")
)

// TestRead draws digits in all ways and has a network read them. Without flags these are
// a few synthetic digits, read by a network that has just learned from such. With -model
// they are MNIST's, and each way must be read as well as docs/pictures.md says:
//
//	go run ./cmd/train -sizes 784,100,10 -save net.json
//	go test ./cmd/internal/photo -run TestRead -v -timeout 1h -model net.json
//
// -keep writes the pictures that are misread to a folder, to be looked at.
func TestRead(t *testing.T) {
	network, examples, perWay := synthetic(t)
	if *model != "" {
		network, perWay = trained(t), *each
		data, err := digits.Open("")
		if err != nil {
			t.Fatal(err)
		}
		examples = data.Test
	}
	all, right := 0, 0
	for i, w := range ways {
		if again && i%4 != 0 {
			continue
		}
		if *only != "" && !strings.Contains(","+*only+",", ","+w.name+",") || *model == "" && os.Getenv("NNDL_MNIST") == "" && w.name == "12 to 48 MP" {
			continue
		}
		n, why := w.read(network, examples, perWay)
		all, right = all+perWay, right+n
		t.Logf("%-16s %3d of %d, %5.1f %%  %v", w.name, n, perWay, 100*float64(n)/float64(perWay), why)
		if *model != "" && 100*n < w.want*perWay {
			t.Errorf("%s: %d of %d, want %d %%", w.name, n, perWay, w.want)
		}
	}
	t.Logf("%d of %d in all", right, all)
	if 100*right < 80*all {
		t.Errorf("%d of %d, want 80 %%", right, all)
	}
}

// synthetic returns a network that has learned from synthetic digits, others to read, and
// how many of them in each way.
func synthetic(t *testing.T) (*nn.Network, []nn.Example, int) {
	if *model != "" {
		return nil, nil, 0
	}
	training, test := mnist.Synthetic()
	network := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	trainer := &nn.Trainer{Biases: network.Biases, Weights: network.Weights}
	for range 10 {
		for miniBatch := range nn.MiniBatches(training, 10) {
			trainer.Update(miniBatch, 3)
		}
	}
	if testing.Short() || again {
		return network, test, 1
	}
	return network, test, 2
}

// trained returns the network that -model names.
func trained(t *testing.T) *nn.Network {
	network, _, err := nn.Load(*model)
	if err != nil {
		t.Fatal(err)
	}
	return network
}

// read returns how many of so many pictures the network reads right, each of a digit that
// it reads right as it is, and why others were refused.
func (w way) read(network *nn.Network, examples []nn.Example, pictures int) (right int, refused []string) {
	for i := range pictures {
		rng := rand.New(rand.NewPCG(*seed, uint64(i)))
		e := examples[rng.IntN(len(examples))]
		for answer(network, e) != e.Label() {
			e = examples[rng.IntN(len(examples))]
		}
		data := w.make(rng, e)
		d, err := Decode(data)
		got := -1
		if err == nil {
			got = answer(network, nn.NewPixelExample(d.Pixels, 0, mnist.Classes))
		} else {
			refused = append(refused, err.Error())
		}
		if got == e.Label() {
			right++
		} else if *keep != "" {
			name := fmt.Sprintf("%s-%d-is-%d-read-%d", w.name, i, e.Label(), got)
			os.WriteFile(filepath.Join(*keep, name), data, 0o666)
			if err == nil {
				os.WriteFile(filepath.Join(*keep, name+".seen"), d.Pixels, 0o666)
			}
		}
	}
	return right, refused
}

// answer returns which digit the network reads.
func answer(network *nn.Network, e nn.Example) int {
	a := network.Feedforward(e.X())
	best := 0
	for i, v := range a.Data {
		if v > a.Data[best] {
			best = i
		}
	}
	return best
}
