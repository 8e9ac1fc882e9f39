package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network3"
)

// The training of the convolutional network: once through so many digits, which takes about
// two seconds. λ is that of chapter 6's networks of rectified linear neurons.
const (
	convImages    = 10_000
	convMiniBatch = 10
	convEta       = 0.1
	convLambda    = 0.1
	convTest      = 1000 // how many test digits tell how good it is
)

// convolution is the convolutional network that all pages show. Unless it is loaded it is
// trained at the first visit, and only as long as some page is waiting for it: the stream of
// that page does the work, and the next one goes on where it has ended.
type convolution struct {
	training sync.Mutex // held by the stream that trains
	net      *network3.Network
	trainer  *network3.Trainer
	done     atomic.Int64             // mini-batches
	ready    atomic.Pointer[readyNet] // nil until it is trained
}

// readyNet is a network that is never changed any more.
type readyNet struct {
	net   *network3.Network
	first *network3.ConvPoolLayer
	event readyEvent
}

// progressEvent is how many mini-batches of the training are done.
type progressEvent struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// readyEvent is what does not depend on the digit.
type readyEvent struct {
	Images     int       `json:"images"` // trained on; 0 if the network is loaded
	Right      int       `json:"right"`
	Test       int       `json:"test"`
	Activation string    `json:"activation"`
	Maps       int       `json:"maps"`
	Filter     [2]int    `json:"filter"`    // height, width
	Convolved  [2]int    `json:"convolved"` // rows, columns
	Pool       [2]int    `json:"pool"`      // height, width
	Pooled     [2]int    `json:"pooled"`    // rows, columns
	Filters    []float32 `json:"filters"`   // map after map, as (125) has them
}

// routesConvolution adds the stream that ends when the network is there, and the endpoint of
// its feature maps.
func (s *server) routesConvolution(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/convolution", func(w http.ResponseWriter, r *http.Request) {
		if _, err := s.visitor(r); err != nil {
			fail(w, err)
			return
		}
		s.convolution.stream(r.Context(), openEvents(w), s.data)
	})
	post(s, mux, "/api/featuremap", func(_ context.Context, _ *visitor, r *mapRequest) (*mapAnswer, error) {
		return s.convolution.featureMap(r)
	})
}

// stream sends "progress" until the network is trained, and then "ready".
func (c *convolution) stream(ctx context.Context, e *events, data mnist.Data) {
	total := min(convImages, len(data.Training)) / convMiniBatch
	progress := func() error {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return e.send("progress", progressEvent{int(c.done.Load()), total})
	}
	for c.ready.Load() == nil {
		if progress() != nil {
			return
		}
		if c.training.TryLock() {
			c.train(data, total, progress)
			c.training.Unlock()
			continue
		}
		select { // another stream trains
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	e.send("ready", c.ready.Load().event)
}

// train goes on with the training until it is complete or progress returns an error.
func (c *convolution) train(data mnist.Data, total int, progress func() error) {
	if c.net == nil {
		c.net = newConvolution()
		c.trainer = network3.NewTrainer(c.net)
	}
	for c.ready.Load() == nil {
		i := int(c.done.Load())
		if i == total {
			c.finish(data, total*convMiniBatch)
			return
		}
		c.trainer.Update(data.Training[i*convMiniBatch:][:convMiniBatch], convEta, convLambda, total, nil)
		if c.done.Add(1)%10 == 0 && progress() != nil {
			return
		}
	}
}

// newConvolution returns the network before training. Its biases are 0: with those that
// network3.py draws, many a rectified linear neuron of the first layer is never above 0, and
// its feature map is empty.
func newConvolution() *network3.Network {
	rng := rand.New(rand.NewPCG(1, 0))
	first := network3.NewConvPoolLayer([4]int{20, 1, 5, 5}, [4]int{convMiniBatch, 1, mnist.Side, mnist.Side}, [2]int{2, 2}, network3.ReLU, rng)
	net := network3.New([]network3.Layer{first, network3.NewSoftmaxLayer(20*12*12, mnist.Classes, 0)}, convMiniBatch)
	net.FixedWeightInitializer(rng)
	w, b := first.Parameters() // 20×25, 20×1
	first.SetParameters(w, matrix.New(b.Rows, b.Cols))
	return net
}

// finish makes the trained network the one that is shown.
func (c *convolution) finish(data mnist.Data, images int) {
	c.trainer.Store()
	ready := newReadyNet(c.net)
	test := data.Test[:min(convTest, len(data.Test))]
	ready.event.Images, ready.event.Right, ready.event.Test = images, c.trainer.Correct(test), len(test)
	c.ready.Store(ready)
}

// loadConvolution reads the network of a file, for -conv.
func loadConvolution(file string) (*readyNet, error) {
	net, err := network3.Load(file)
	if err != nil {
		return nil, err
	}
	first, ok := net.Layers[0].(*network3.ConvPoolLayer)
	_, b := net.Layers[len(net.Layers)-1].Parameters() // 10×1
	if !ok || [3]int(first.ImageShape[1:]) != [3]int{1, mnist.Side, mnist.Side} || b.Rows != mnist.Classes {
		return nil, fmt.Errorf("%s: want a network that begins with a convolutional layer for images of 28×28 and has 10 outputs", file)
	}
	ready := newReadyNet(net)
	for _, v := range ready.event.Filters {
		if math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("%s: a weight of the filters is beyond ±%.3g, too large for a picture", file, math.MaxFloat32)
		}
	}
	return ready, nil
}

// newReadyNet describes a network whose first layer is convolutional.
func newReadyNet(net *network3.Network) *readyNet {
	first := net.Layers[0].(*network3.ConvPoolLayer)
	e := readyEvent{
		Activation: first.Activation.Name, Maps: first.FilterShape[0],
		Filter: [2]int(first.FilterShape[2:]), Pool: first.PoolSize,
	}
	for i := range e.Convolved {
		e.Convolved[i] = mnist.Side - e.Filter[i] + 1
		e.Pooled[i] = e.Convolved[i] / e.Pool[i]
	}
	e.Filters = float32s(first.Filters().Data)
	return &readyNet{net, first, e}
}

// mapRequest is a digit, a feature map and a neuron of it.
type mapRequest struct {
	Pixels []byte `json:"pixels"`
	Map    int    `json:"map"`
	Row    int    `json:"row"`
	Col    int    `json:"col"`
}

// mapAnswer is what the network makes of the digit.
type mapAnswer struct {
	Pooled  []float32 `json:"pooled"`  // activations after pooling, map after map
	Z       []float32 `json:"z"`       // weighted inputs of the chosen map, before pooling
	Winners [][2]int  `json:"winners"` // row and column of the largest z in each pool
	Neuron  fieldSum  `json:"neuron"`
	Outputs []float64 `json:"outputs"`
	Answer  int       `json:"answer"`
}

// fieldSum is equation (125) for one neuron: its receptive field, row by row.
type fieldSum struct {
	W     []float64 `json:"w"`
	A     []float64 `json:"a"`
	Terms []float64 `json:"terms"` // w·a
	B     float64   `json:"b"`
	Z     float64   `json:"z"`
	Out   float64   `json:"out"` // the neuron's activation
}

// featureMap answers a mapRequest.
func (c *convolution) featureMap(r *mapRequest) (*mapAnswer, error) {
	ready := c.ready.Load()
	if ready == nil {
		return nil, refuse("the convolutional network is not trained yet")
	}
	e := ready.event
	if len(r.Pixels) != pixels {
		return nil, refuse("want %d pixels, found %d", pixels, len(r.Pixels))
	}
	if r.Map < 0 || r.Map >= e.Maps || r.Row < 0 || r.Row >= e.Convolved[0] || r.Col < 0 || r.Col >= e.Convolved[1] {
		return nil, refuse("want a map below %d, a row below %d and a column below %d, found %d, %d and %d", e.Maps, e.Convolved[0], e.Convolved[1], r.Map, r.Row, r.Col)
	}
	image := matrix.FromSlice(1, pixels, nn.NewPixelExample(r.Pixels, 0, mnist.Classes).X().Data) // 1×784
	z, winners := ready.first.FeatureMap(image, r.Map)                                            // 24×24
	pooled := ready.first.Output(image)                                                           // 1×2880
	outputs := pooled
	for _, layer := range ready.net.Layers[1:] {
		outputs = layer.Output(outputs) // 1×10
	}
	return &mapAnswer{
		Pooled: float32s(pooled.Data), Z: float32s(z.Data), Winners: winners,
		Neuron: ready.neuron(image, z, r), Outputs: outputs.Data,
		Answer: matrix.FromSlice(outputs.Cols, 1, outputs.Data).ArgMax(),
	}, nil
}

// neuron writes out equation (125) for the neuron that r names.
func (ready *readyNet) neuron(image, z *matrix.Matrix, r *mapRequest) (sum fieldSum) {
	_, b := ready.first.Parameters()
	sum.B, sum.Z = b.At(r.Map, 0), z.At(r.Row, r.Col)
	sum.Out = ready.first.Activation.F(sum.Z)
	w := ready.first.Filters().Row(r.Map) // 25 numbers
	for i, w := range w {
		l, m := i/ready.event.Filter[1], i%ready.event.Filter[1]
		a := image.Data[(r.Row+l)*mnist.Side+r.Col+m]
		sum.W, sum.A, sum.Terms = append(sum.W, w), append(sum.A, a), append(sum.Terms, w*a)
	}
	return sum
}

// float32s returns the numbers of a picture, for which float32 will do.
func float32s(all []float64) []float32 {
	short := make([]float32, len(all))
	for i, v := range all {
		short[i] = float32(v)
	}
	return short
}
