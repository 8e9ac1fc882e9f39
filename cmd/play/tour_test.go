package main

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// equalUpToRounding reports whether two lists of numbers are equal up to rounding.
func equalUpToRounding(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= 1e-12*(1+math.Abs(y)) })
}

// sees reports whether p is a picture of data: half a step of its scale apart at most, and
// beyond its limit the limit.
func sees(p picture, data []float64) bool {
	for i, v := range data {
		shown := (float64(p.Bytes[i]) - 128) / 127 * p.Limit
		if math.Abs(min(max(v, -p.Limit), p.Limit)-shown) > 0.51*p.Limit/127 || math.Abs(v) > p.Most {
			return false
		}
	}
	return len(p.Bytes) == len(data) && len(data) == p.Rows*p.Cols
}

// sample is a digit of the test server.
func sample(s *server) labelled { return labelled{Pixels: mnist.Pixels(s.data.Test[3]), Label: 7} }

func (i labelled) example() nn.Example { return nn.NewPixelExample(i.Pixels, i.Label, 10) }

// TestForward compares the forward pass with (25), written out, and with Feedforward.
func TestForward(t *testing.T) {
	for _, hidden := range [][]int{{5}, {6, 4}, {}} {
		s := newTestServer(hidden...)
		net, i := s.visitors.ready, sample(s)
		var f forwardAnswer
		ask(t, s.handler(), "/api/forward", imageRequest{i.Pixels}, &f)
		a := i.example().X().Data
		for n, layer := range f.Layers {
			w, b := net.Weights[n], net.Biases[n]
			z, out := make([]float64, w.Rows), make([]float64, w.Rows)
			for j := range z {
				z[j] = b.Data[j]
				for k, v := range w.Row(j) {
					z[j] += v * a[k]
				}
				out[j] = 1 / (1 + math.Exp(-z[j]))
			}
			if layer.Layer != n+2 || !equalUpToRounding(layer.B, b.Data) || !equalUpToRounding(layer.Z, z) || !equalUpToRounding(layer.A, out) || !sees(layer.W, w.Data) {
				t.Errorf("%v: layer %d is wrong: %+v", net.Sizes, n+2, layer)
			}
			a = out
		}
		want := net.Feedforward(i.example().X())
		var said answerAnswer
		ask(t, s.handler(), "/api/answer", imageRequest{i.Pixels}, &said)
		if len(f.Layers) != len(net.Weights) || !equalUpToRounding(a, want.Data) || !equalUpToRounding(said.Outputs, want.Data) || said.Answer != want.ArgMax() {
			t.Errorf("%v: the outputs are %v and %v, want %v", net.Sizes, a, said.Outputs, want.Data)
		}
		if len(f.Steps) != 2 || f.Steps[1].Equations[0] != tour.Layer || len(f.Steps[1].Parts) != len(net.Weights) {
			t.Errorf("%v: the steps are %+v", net.Sizes, f.Steps)
		}
	}
}

// TestBackward compares the backward pass with network2's Backprop, for both costs.
func TestBackward(t *testing.T) {
	for name, cost := range costs {
		for _, hidden := range [][]int{{5}, {6, 4}, {}} {
			s := newTestServer(hidden...)
			i := sample(s)
			i.Cost = name
			net := tour.Clone(s.visitors.ready)
			net.Cost = cost
			nablaB, nablaW := net.Backprop(i.example().X(), i.example().Y())
			var b backwardAnswer
			ask(t, s.handler(), "/api/backward", i, &b)
			squared := 0.0
			for n, layer := range b.Layers {
				back := new(matrix.Matrix).Sub(net.Feedforward(i.example().X()), i.example().Y())
				if n+1 < len(net.Weights) {
					back = new(matrix.Matrix).TMul(net.Weights[n+1], nablaB[n+1])
				}
				if layer.Layer != n+2 || !equalUpToRounding(layer.Delta, nablaB[n].Data) || !sees(layer.NablaW, nablaW[n].Data) || !equalUpToRounding(layer.Back, back.Data) {
					t.Errorf("%s, %v: layer %d is wrong", name, net.Sizes, n+2)
				}
				product := make([]float64, len(layer.Delta))
				for j := range product {
					product[j] = layer.Back[j] * layer.SigmoidPrime[j]
				}
				if (name == "quadratic" || n+1 < len(net.Weights)) && !equalUpToRounding(product, layer.Delta) {
					t.Errorf("%s, %v: in layer %d δ is not what arrives times σ′", name, net.Sizes, n+2)
				}
				for _, v := range append(slices.Clone(nablaB[n].Data), nablaW[n].Data...) {
					squared += v * v
				}
			}
			want := net.TotalCost([]nn.Example{i.example()}, 0)
			if !equalUpToRounding([]float64{b.Cost, b.SquaredGradient}, []float64{want, squared}) || !equalUpToRounding(b.Y, i.example().Y().Data) {
				t.Errorf("%s, %v: C = %g, ‖∇C‖² = %g, want %g, %g", name, net.Sizes, b.Cost, b.SquaredGradient, want, squared)
			}
			if first := map[string]tour.Equation{"quadratic": tour.Cost, "cross-entropy": tour.Entropy}[name]; len(b.Steps) != 3 || b.Steps[0].Equations[0] != first {
				t.Errorf("%s, %v: the steps are %+v", name, net.Sizes, b.Steps)
			}
		}
	}
}

// total adds up a sum as the page shows it, and checks that its terms are sorted.
func total(t *testing.T, s *sum) float64 {
	t.Helper()
	total := s.Others
	for i, term := range s.Terms {
		total += term.Product
		if math.Abs(term.Product-term.X*term.Y) > 0 || i > 0 && math.Abs(term.Product) > math.Abs(s.Terms[i-1].Product) {
			t.Errorf("the terms are %+v", s.Terms)
		}
	}
	return total
}

// TestNeuron checks that the terms of a neuron add up to its z and its δ.
func TestNeuron(t *testing.T) {
	for name, cost := range costs {
		s := newTestServer(30, 4)
		i := sample(s)
		i.Cost = name
		net := tour.Clone(s.visitors.ready)
		net.Cost = cost
		nablaB, nablaW := net.Backprop(i.example().X(), i.example().Y())
		for _, c := range [][2]int{{2, 0}, {2, 29}, {3, 2}, {4, 7}, {4, 9}} {
			l, j := c[0], c[1]
			var n neuronAnswer
			ask(t, s.handler(), "/api/neuron", neuronRequest{i, l, j}, &n)
			delta := nablaB[l-2].Data[j]
			back := n.Error
			if l < 4 {
				back = total(t, n.Backward)
			}
			if name == "quadratic" || l < 4 {
				back *= n.SigmoidPrime
			}
			if !equalUpToRounding([]float64{total(t, n.Forward) + n.B, n.Delta, back}, []float64{n.Z, delta, delta}) {
				t.Errorf("%s, neuron %d of layer %d does not add up: %+v", name, j, l, n)
			}
			if n.B != net.Biases[l-2].Data[j] || n.A != nn.Sigmoid(n.Z) || (n.Y == nil) != (l < 4) || n.Forward.Count != net.Sizes[l-2] {
				t.Errorf("%s, neuron %d of layer %d: %+v", name, j, l, n)
			}
			if !sees(n.Weights, net.Weights[l-2].Row(j)) || !sees(n.Gradient, nablaW[l-2].Row(j)) {
				t.Errorf("%s, neuron %d of layer %d: its pictures are wrong", name, j, l)
			}
		}
	}
}

// TestWeight compares the two derivatives with nn's, and checks that the network that all
// share is as before.
func TestWeight(t *testing.T) {
	s := newTestServer(5)
	i, shared := sample(s), tour.Clone(s.visitors.ready)
	net := tour.Clone(shared)
	_, nablaW := net.Backprop(i.example().X(), i.example().Y())
	for _, c := range [][3]int{{2, 4, 300}, {2, 0, 405}, {3, 7, 2}, {3, 0, 0}} {
		l, j, k := c[0], c[1], c[2]
		var w weightAnswer
		ask(t, s.handler(), "/api/weight", weightRequest{neuronRequest{i, l, j}, k}, &w)
		cost := func() float64 { return net.TotalCost([]nn.Example{i.example()}, 0) }
		numerical := nn.NumericalDerivative(cost, &net.Weights[l-2].Row(j)[k], 1e-4)
		if !equalUpToRounding([]float64{w.Backprop, w.A * w.Delta, w.W}, []float64{nablaW[l-2].At(j, k), w.Backprop, net.Weights[l-2].At(j, k)}) || w.Numerical != numerical {
			t.Errorf("w(%d,%d) of layer %d: %+v", j, k, l, w)
		}
		if math.Abs(w.Backprop) > 1e-6 && w.Digits < 5 {
			t.Errorf("w(%d,%d) of layer %d: only %d digits agree: %g, %g", j, k, l, w.Digits, w.Backprop, w.Numerical)
		}
	}
	if !same(s.visitors.ready, shared) {
		t.Error("the check has changed the network")
	}
}

// TestWeights moves one weight for many at once, each of whom must have a network of his own
// for it.
func TestWeights(t *testing.T) {
	s := newTestServer(30)
	h := s.handler()
	text, _ := json.Marshal(weightRequest{neuronRequest{sample(s), 2, 4}, 300})
	answers := make(chan string, 200)
	for range cap(answers) {
		go func() { answers <- send(h, "/api/weight", strings.NewReader(string(text))).Body.String() }()
	}
	first := <-answers
	for range cap(answers) - 1 {
		if again := <-answers; again != first {
			t.Fatalf("the same weight has derivatives\n%s\n%s", first, again)
		}
	}
}

// same reports whether two networks have the same parameters.
func same(a, b *network2.Network) bool {
	for i := range a.Weights {
		if !slices.Equal(a.Weights[i].Data, b.Weights[i].Data) || !slices.Equal(a.Biases[i].Data, b.Biases[i].Data) {
			return false
		}
	}
	return a.Cost == b.Cost
}

// TestStep compares a step with network2's UpdateMiniBatch, and takes it back.
func TestStep(t *testing.T) {
	s := newTestServer(5)
	h, i, before := s.handler(), sample(s), tour.Clone(s.visitors.ready)
	i.Cost = "quadratic"
	want := tour.Clone(before)
	want.Cost = network2.QuadraticCost{}
	x := []nn.Example{i.example()}
	nablaB, nablaW := want.Backprop(x[0].X(), x[0].Y())
	squared := 0.0
	for n := range nablaB {
		for _, v := range append(slices.Clone(nablaB[n].Data), nablaW[n].Data...) {
			squared += v * v
		}
	}
	cost := want.TotalCost(x, 0)
	want.UpdateMiniBatch(x, 0.01, 0, 1)
	after := want.TotalCost(x, 0)
	want.Cost = before.Cost
	var taken stepTaken
	ask(t, h, "/api/step", stepRequest{i, 0.01}, &taken)
	v := s.visitors.get(visitorID)
	if !same(v.net, want) || !same(s.visitors.ready, before) {
		t.Error("the step leads elsewhere, or has changed everyone's network")
	}
	if !equalUpToRounding([]float64{taken.Before, taken.After, taken.Real, taken.Predicted}, []float64{cost, after, after - cost, -0.01 * squared}) || taken.Undo != 1 {
		t.Errorf("%+v, want from %g to %g, ‖∇C‖² = %g", taken, cost, after, squared)
	}
	if taken.Reads != [2]int{before.Feedforward(x[0].X()).ArgMax(), want.Feedforward(x[0].X()).ArgMax()} {
		t.Errorf("it reads %v", taken.Reads)
	}
	if ratio := taken.Real / taken.Predicted; ratio < 0.9 || ratio > 1.1 {
		t.Errorf("a small step: ΔC is %g times what (9) predicts", ratio)
	}
	var left undone
	if ask(t, h, "/api/undo", empty{}, &left); left.Undo != 0 || !same(v.net, before) {
		t.Error("undo does not lead back")
	}
	if ask(t, h, "/api/undo", empty{}, &left); left.Undo != 0 {
		t.Error("there is something to undo where nothing was done")
	}
	if v.step(want, want) || v.network() == want {
		t.Error("a step is taken from a network that is no longer shown")
	}
	for range maxUndo + 3 {
		ask(t, h, "/api/step", stepRequest{i, 0.01}, &taken)
	}
	var n networkAnswer
	if ask(t, h, "/api/network", empty{}, &n); n.Undo != maxUndo || !n.Changed {
		t.Errorf("%+v, want %d steps to undo", n, maxUndo)
	}
	if ask(t, h, "/api/reset", empty{}, &n); n.Undo != 0 || n.Changed || v.net != s.visitors.ready {
		t.Errorf("after a reset %+v", n)
	}
}

func TestNetwork(t *testing.T) {
	s := newTestServer(5)
	var n networkAnswer
	ask(t, s.handler(), "/api/network", empty{}, &n)
	if right := s.visitors.ready.Accuracy(s.data.Test); n.Right != right || n.TestDigits != 20 || n.Cost != "CrossEntropyCost" || !slices.Equal(n.Sizes, []int{784, 5, 10}) || n.Real {
		t.Errorf("%+v, want %d right of 20", n, right)
	}
}

// bad are requests that every endpoint of the tour must refuse.
func bad(pixels string) map[string]string {
	return map[string]string{
		`{"pixels": "", "label": 3}`:                                                 "0 bytes",
		`{"pixels": "` + pixels[4:] + `", "label": 3}`:                               "781 bytes",
		`{"pixels": "?", "label": 3}`:                                                "base64",
		`{"pixels": "` + pixels + `", "label": 10}`:                                  "label 10",
		`{"pixels": "` + pixels + `", "label": -1}`:                                  "label -1",
		`{"pixels": "` + pixels + `", "label": 3.5}`:                                 "3.5",
		`{"pixels": "` + pixels + `", "cost": "none"}`:                               "none",
		`{"pixels": "` + pixels + `", "labels": 3}`:                                  "unknown field",
		`{"pixels": "` + pixels + `", "label": NaN}`:                                 "invalid character",
		`{"pixels": "` + pixels + `", "label": 1` + strings.Repeat(" ", 70000) + `}`: "65536",
	}
}

func TestTourRefuses(t *testing.T) {
	s := newTestServer(5)
	h := s.handler()
	text, _ := json.Marshal(sample(s).Pixels)
	pixels := strings.Trim(string(text), `"`)
	for body, want := range bad(pixels) {
		status := 400
		if want == "65536" {
			status = 413
		}
		refused(t, h, "/api/backward", body, status, want)
	}
	refused(t, h, "/api/forward", `{"pixels": "AAAA"}`, 400, "3 bytes")
	refused(t, h, "/api/answer", `{"pixels": "AAAA"}`, 400, "3 bytes")
	for rest, want := range map[string]string{
		`"layer": 1, "neuron": 0`: "layer 1", `"layer": 4, "neuron": 0`: "layer 4", `"layer": 2, "neuron": 5`: "neuron 5", `"layer": 2, "neuron": -1`: "neuron -1", `"layer": 9e99`: "9e99",
	} {
		refused(t, h, "/api/neuron", `{"pixels": "`+pixels+`", `+rest+`}`, 400, want)
		refused(t, h, "/api/weight", `{"pixels": "`+pixels+`", `+rest+`}`, 400, want)
	}
	refused(t, h, "/api/weight", `{"pixels": "`+pixels+`", "layer": 2, "weight": 784}`, 400, "weight 784")
	refused(t, h, "/api/weight", `{"pixels": "`+pixels+`", "layer": 3, "weight": -1}`, 400, "weight -1")
	for _, eta := range []string{"0", "-1", "1001"} {
		refused(t, h, "/api/step", `{"pixels": "`+pixels+`", "eta": `+eta+`}`, 400, "eta")
	}
	if v := s.visitors.get(visitorID); v.net != v.base {
		t.Error("a request that was refused has changed the network")
	}
}

// TestOverflow checks that a network with NaN is refused, in one line.
func TestOverflow(t *testing.T) {
	s := newTestServer(5)
	i := sample(s)
	text, _ := json.Marshal(neuronRequest{i, 2, 0})
	for _, v := range []float64{math.NaN(), math.Inf(1)} {
		net := tour.Clone(s.visitors.ready)
		net.Weights[0].Data[7] = v
		net.Biases[1].Data[0] = v
		s.visitors.get(visitorID).show(net)
		refused(t, s.handler(), "/api/neuron", string(text), 400, "overflowed")
		digit, _ := json.Marshal(i)
		refused(t, s.handler(), "/api/backward", string(digit), 400, "overflowed")
		pixels, _ := json.Marshal(imageRequest{i.Pixels})
		refused(t, s.handler(), "/api/forward", string(pixels), 400, "overflowed")
	}
}

// TestRequests checks what is asked of every request.
func TestRequests(t *testing.T) {
	h := newTestServer(5).handler()
	for _, c := range []struct{ kind, visitor, want string }{
		{"text/plain", visitorID, "Content-Type"},
		{"", visitorID, "Content-Type"},
		{"application/json", "", "X-Visitor"},
		{"application/json", strings.Repeat("0", 31), "X-Visitor"},
		{"application/json", strings.Repeat("g", 32), "X-Visitor"},
		{"application/json", strings.Repeat("0", 320), "X-Visitor"},
	} {
		r := httptest.NewRequest("POST", "http://localhost/api/network", strings.NewReader("{}"))
		r.Header.Set("Content-Type", c.kind)
		r.Header.Set("X-Visitor", c.visitor)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
}

// TestReady checks that the network of the first visit has learned to read the digits.
func TestReady(t *testing.T) {
	if testing.Short() || again {
		t.Skip("trains")
	}
	training, test := mnist.Synthetic()
	order := slices.Clone(training)
	net := trainReady(mnist.Data{Training: training, Test: test}, 1)
	if right := net.Accuracy(test); right < len(test)*9/10 {
		t.Errorf("it reads %d of %d", right, len(test))
	}
	if &order[0] == &training[0] || order[0].Label() != training[0].Label() || order[9].Label() != training[9].Label() {
		t.Error("the order of the data has changed")
	}
}

// FuzzEndpoints sends anything to the endpoints: each answers, or refuses in one line.
func FuzzEndpoints(f *testing.F) {
	names := []string{"/api/draw", "/api/digit", "/api/file", "/api/network", "/api/reset", "/api/answer", "/api/forward", "/api/backward", "/api/neuron", "/api/weight", "/api/step", "/api/undo"}
	s := newTestServer(4)
	pixels, _ := json.Marshal(sample(s).Pixels)
	for n := range names {
		for _, body := range []string{"", "{}", "[]", "null", `{"strokes":[[1,2,3,4],[5,6]]}`, `{"index":3}`, `{"pixels":` + string(pixels) + `}`,
			`{"pixels":` + string(pixels) + `,"label":3,"cost":"quadratic","layer":2,"neuron":3,"weight":5}`, `{"pixels":` + string(pixels) + `,"eta":0.5}`} {
			f.Add(n, body)
		}
	}
	h := s.handler()
	f.Fuzz(func(t *testing.T, n int, body string) {
		name := names[(n%len(names)+len(names))%len(names)]
		w := send(h, name, strings.NewReader(body))
		switch {
		case w.Code == 200 && json.Valid(w.Body.Bytes()):
		case (w.Code == 400 || w.Code == 413) && strings.Count(w.Body.String(), "\n") == 1:
		default:
			t.Errorf("%s %q: %d %q", name, body, w.Code, w.Body)
		}
	})
}

// TestPicture checks the limits of a picture.
func TestPicture(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	x := matrix.New(20, 50)
	for i := range x.Data {
		x.Data[i] = rng.NormFloat64()
	}
	x.Data[17] = -100
	if p := pictureOf(x); p.Limit != 100 || p.Most != 100 || !sees(p, x.Data) || p.Bytes[17] != 1 {
		t.Errorf("the limit is %g", p.Limit)
	}
	if p := clippedOf(x); p.Limit > 4 || p.Most != 100 || !sees(p, x.Data) || p.Bytes[17] != 1 {
		t.Errorf("clipped, the limit is %g", p.Limit)
	}
	if p := newPicture(1, 2, []float64{0, 0}); p.Bytes[0] != 128 || p.Limit != 0 {
		t.Errorf("%+v", p)
	}
}
