package docs_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"nndl/nn/network3"
)

const network3File = "docs/network3.md"

// chapter6 are the networks of the chapter by the names of their experiments: the maps of
// the convolutional layers and the neurons of the fully connected ones before the last.
var chapter6 = map[string]struct{ maps, neurons []int }{
	"shallow":        {nil, []int{100}},
	"conv":           {[]int{20}, []int{100}},
	"omit-fc":        {[]int{20}, nil},
	"double-conv":    {[]int{20, 40}, []int{100}},
	"tanh":           {[]int{20, 40}, []int{100}},
	"relu":           {[]int{20, 40}, []int{100}},
	"expanded":       {[]int{20, 40}, []int{100}},
	"fc-300":         {[]int{20, 40}, []int{300}},
	"fc-1000":        {[]int{20, 40}, []int{1000}},
	"double-fc":      {[]int{20, 40}, []int{100, 100}},
	"double-fc-300":  {[]int{20, 40}, []int{300, 300}},
	"double-fc-1000": {[]int{20, 40}, []int{1000, 1000}},
	"dropout":        {[]int{20, 40}, []int{1000, 1000}},
}

// checkWork counts the parameters and the operations of the networks of chapter 6, layer by
// layer, and compares them with the table of docs/network3.md. Every experiment must be
// there.
func checkWork(files tree) (p problems) {
	seen := map[string]bool{}
	for _, row := range tables(network3File, files[network3File]) {
		if row.head[0] != "Experiment" {
			continue
		}
		for name := range strings.SplitSeq(row.cells[0], ", ") {
			name = strings.Trim(name, "`")
			net, ok := chapter6[name]
			if !ok || seen[name] {
				p.addf(row.file, row.line, "%s is no experiment of chapter 6, or there twice", name)
				continue
			}
			seen[name] = true
			w := workOf(layersOf(net.maps, net.neurons))
			mega := func(operations int) string { return fmt.Sprintf("%.3f", float64(operations)/1e6) }
			for title, want := range map[string]string{"Parameters": thousands(w.parameters), "Forward": mega(w.forward),
				"Training, all errors": mega(w.all), "Training, winners": mega(w.winners)} {
				if got := row.cell(title); got != want {
					p.addf(row.file, row.line, "%s, %s: found %q, want %s", name, title, got, want)
				}
			}
		}
	}
	for name := range chapter6 {
		if !seen[name] {
			p.addf(network3File, 1, "no table has the operations of %s", name)
		}
	}
	return p
}

// layersOf returns the layers of a network for the digits.
func layersOf(maps, neurons []int) (layers []network3.Layer) {
	rng := rand.New(rand.NewPCG(1, 0))
	mapsIn, size := 1, 28
	for _, m := range maps {
		layers = append(layers, network3.NewConvPoolLayer([4]int{m, mapsIn, 5, 5}, [4]int{10, mapsIn, size, size}, [2]int{2, 2}, network3.ReLU, rng))
		mapsIn, size = m, (size-4)/2
	}
	nIn := mapsIn * size * size
	for _, n := range neurons {
		layers = append(layers, network3.NewFullyConnectedLayer(nIn, n, network3.ReLU, 0, rng))
		nIn = n
	}
	return network3.New(append(layers, network3.NewSoftmaxLayer(nIn, 10, 0)), 10).Layers
}

// work is what a network has and does for one image, in floating-point operations: two for
// each product of a weight and an activation or an error, nothing for the rest.
type work struct {
	parameters   int
	forward      int
	all, winners int // forward and backward, with all errors of a feature map or with those of the pools' winners
}

func workOf(layers []network3.Layer) (w work) {
	for i, layer := range layers {
		weights, biases := layer.Parameters()
		count := len(weights.Data)
		places, winners := 1, 1 // where each weight is used, and those of them where there is an error
		if conv, ok := layer.(*network3.ConvPoolLayer); ok {
			rows, cols := conv.ImageShape[2]-conv.FilterShape[2]+1, conv.ImageShape[3]-conv.FilterShape[3]+1
			places, winners = rows*cols, (rows/conv.PoolSize[0])*(cols/conv.PoolSize[1])
		}
		backward := 2 // ∂C/∂w and ∂C/∂a
		if i == 0 {
			backward = 1
		}
		w.parameters += count + len(biases.Data)
		w.forward += 2 * count * places
		w.all += 2 * count * places * (1 + backward)
		w.winners += 2 * count * (places + winners*backward)
	}
	return w
}

// thousands writes a number as in 1,234,567.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
