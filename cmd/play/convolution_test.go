package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn/network3"
)

// convolutionStream asks for the network and returns what is sent until it is there or ctx
// is done.
func convolutionStream(ctx context.Context, h http.Handler) string {
	r := httptest.NewRequestWithContext(ctx, "GET", "http://127.0.0.1/api/convolution?visitor="+visitorID, nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Body.String()
}

// TestConvolutionTraining: the network is trained by several streams in turn, of which some
// leave, and becomes the one that the mini-batches in their order make.
func TestConvolutionTraining(t *testing.T) {
	s := newTestServer(2)
	s.data.Training = mnist.Digits(130, 1)
	h := s.handler()
	if w := send(h, "/api/featuremap", strings.NewReader("{}")); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "not trained yet") {
		t.Errorf("before the training: status %d, %s", w.Code, w.Body)
	}
	left, leave := context.WithCancel(context.Background())
	leave()
	if got := convolutionStream(left, h); got != "" || s.convolution.done.Load() != 0 {
		t.Errorf("a page that has left gets %q after %d mini-batches", got, s.convolution.done.Load())
	}
	s.convolution.train(s.data, 13, func() error { return context.Canceled })
	if done := s.convolution.done.Load(); done != 10 {
		t.Errorf("the first page leaves after %d mini-batches, want 10", done)
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			if got := convolutionStream(context.Background(), h); !strings.Contains(got, "event: ready\ndata: {\"images\":130,") {
				t.Errorf("the stream is %.300q", got)
			}
		}()
	}
	wait.Wait()
	if got := convolutionStream(context.Background(), h); !strings.HasPrefix(got, "event: ready\n") {
		t.Errorf("the stream of a network that is there is %.300q", got)
	}
	want := newConvolution()
	for i := range 13 {
		want.UpdateMiniBatch(s.data.Training[10*i:10*i+10], 0.1, 0.1, 13, nil)
	}
	for i, layer := range s.convolution.ready.Load().net.Layers {
		w, b := layer.Parameters()
		wantW, wantB := want.Layers[i].Parameters()
		near(t, fmt.Sprintf("w of layer %d", i), w.Data, wantW.Data, 1e-9)
		near(t, fmt.Sprintf("b of layer %d", i), b.Data, wantB.Data, 1e-9)
	}
}

// TestLoadConvolution saves a network and loads it, and refuses those that the view cannot show.
func TestLoadConvolution(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	conv := func(side int) network3.Layer {
		return network3.NewConvPoolLayer([4]int{2, 1, 5, 5}, [4]int{10, 1, side, side}, [2]int{2, 2}, network3.Tanh, rng)
	}
	large := conv(28)
	w, b := large.Parameters()
	w.Data[7] = -1e39
	large.SetParameters(w, b)
	for name, c := range map[string]struct {
		layers []network3.Layer
		want   string
	}{
		"large":   {[]network3.Layer{large, network3.NewSoftmaxLayer(288, 10, 0)}, "too large for a picture"},
		"good":    {[]network3.Layer{conv(28), network3.NewSoftmaxLayer(288, 10, 0)}, ""},
		"small":   {[]network3.Layer{conv(20), network3.NewSoftmaxLayer(128, 10, 0)}, "want a network that begins with a convolutional layer"},
		"full":    {[]network3.Layer{network3.NewSoftmaxLayer(784, 10, 0)}, "want a network that begins with a convolutional layer"},
		"classes": {[]network3.Layer{conv(28), network3.NewSoftmaxLayer(288, 11, 0)}, "has 10 outputs"},
	} {
		file := filepath.Join(t.TempDir(), name+".safetensors")
		if err := network3.New(c.layers, 10).Save(file); err != nil {
			t.Fatal(err)
		}
		ready, err := loadConvolution(file)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), file) {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		} else if err != nil || ready.event.Maps != 2 || ready.event.Activation != "tanh" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := loadConvolution(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there is loaded")
	}
}

// near checks that the numbers are equal up to a difference.
func near[F float32 | float64](t *testing.T, what string, got []F, want []float64, difference float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range got {
		if !(math.Abs(float64(got[i])-want[i]) <= difference) {
			t.Fatalf("%s: number %d is %g, want %g", what, i, got[i], want[i])
		}
	}
}

// untrained gives the server a network as it is drawn at the start, but for its last layer.
func untrained(s *server) *network3.Network {
	rng := rand.New(rand.NewPCG(5, 0))
	net := network3.New([]network3.Layer{
		network3.NewConvPoolLayer([4]int{4, 1, 5, 3}, [4]int{10, 1, 28, 28}, [2]int{2, 3}, network3.Sigmoid, rng),
		network3.NewFullyConnectedLayer(4*12*8, 10, network3.Sigmoid, 0, rng), network3.NewSoftmaxLayer(10, 10, 0),
	}, 10)
	w := matrix.New(10, 10)
	for i := range w.Data {
		w.Data[i] = rng.NormFloat64()
	}
	net.Layers[2].SetParameters(w, matrix.New(10, 1))
	s.convolution.ready.Store(newReadyNet(net))
	return net
}

func mapBody(pixels []byte, f, row, col int) string {
	return fmt.Sprintf(`{"pixels": "%s", "map": %d, "row": %d, "col": %d}`, base64.StdEncoding.EncodeToString(pixels), f, row, col)
}

// TestFeatureMap compares the page's numbers with the layers' own, for filters and pools that
// are not square.
func TestFeatureMap(t *testing.T) {
	s := newTestServer(2)
	net, h := untrained(s), s.handler()
	digit := s.data.Test[3]
	a := answered[mapAnswer](t, h, "/api/featuremap", mapBody(mnist.Pixels(digit), 2, 9, 21))
	image := matrix.FromSlice(1, 784, digit.X().Data)
	first := net.Layers[0].(*network3.ConvPoolLayer)
	z, winners := first.FeatureMap(image, 2)
	near(t, "z", a.Z, z.Data, 1e-5)
	near(t, "after pooling", a.Pooled, first.Output(image).Data, 1e-6)
	near(t, "outputs", a.Outputs, net.Feedforward(image).Data, 0)
	if fmt.Sprint(a.Winners) != fmt.Sprint(winners) {
		t.Errorf("winners %v, want %v", a.Winners, winners)
	}
	if want := matrix.FromSlice(10, 1, a.Outputs).ArgMax(); a.Answer != want {
		t.Errorf("the answer is %d, want %d", a.Answer, want)
	}
	sum := a.Neuron.B
	for i, term := range a.Neuron.Terms {
		sum += term
		near(t, "the input", a.Neuron.A[i:i+1], []float64{image.At(0, (9+i/3)*28+21+i%3)}, 0)
		near(t, "the term", []float64{term}, []float64{a.Neuron.W[i] * a.Neuron.A[i]}, 0)
	}
	near(t, "the weights", a.Neuron.W, first.Filters().Row(2), 0)
	near(t, "the sum of the terms", []float64{sum}, []float64{z.At(9, 21)}, 1e-12)
	near(t, "the neuron", []float64{a.Neuron.Z, a.Neuron.Out}, []float64{z.At(9, 21), network3.Sigmoid.F(z.At(9, 21))}, 0)
	_, data, _ := strings.Cut(convolutionStream(context.Background(), h), "data: ")
	var e readyEvent
	if err := json.Unmarshal([]byte(data), &e); err != nil {
		t.Fatal(err)
	}
	near(t, "filters", e.Filters, first.Filters().Data, 1e-6)
	if got, want := fmt.Sprintln(e.Maps, e.Filter, e.Convolved, e.Pool, e.Pooled, e.Images, e.Activation), "4 [5 3] [24 26] [2 3] [12 8] 0 sigmoid\n"; got != want {
		t.Errorf("the network is described as %s, want %s", got, want)
	}
}

// TestFeatureMapRefuses: maps, neurons and images that there are none of.
func TestFeatureMapRefuses(t *testing.T) {
	s := newTestServer(2)
	untrained(s)
	image := make([]byte, 784)
	allRefused(t, s.handler(), "/api/featuremap", map[string]string{
		`{}`:                                "want 784 pixels, found 0",
		mapBody(image[:783], 0, 0, 0):       "found 783",
		mapBody(image, 4, 0, 0):             "want a map below 4",
		mapBody(image, -1, 0, 0):            "want a map below 4",
		mapBody(image, 0, 24, 0):            "a row below 24",
		mapBody(image, 0, 0, 26):            "a column below 26",
		mapBody(image, 0, 0, -1):            "a column below 26",
		`{"pixels": "%", "map": 0}`:         "illegal base64",
		`{"pixels": [1.5], "map": 0}`:       "cannot unmarshal",
		`{"filters": 0}`:                    "unknown field",
		mapBody(make([]byte, 785), 0, 0, 0): "found 785",
	})
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1/api/convolution?visitor=x", nil))
	if w.Code != http.StatusBadRequest {
		t.Errorf("a stream without a visitor: status %d", w.Code)
	}
}

func FuzzFeatureMap(f *testing.F) {
	s := newTestServer(2)
	untrained(s)
	fuzz(f, s.handler(), "/api/featuremap", mapBody(make([]byte, 784), 1, 2, 3), mapBody([]byte{1}, -1, 0, 99))
}
