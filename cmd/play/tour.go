package main

import (
	"context"
	"net/http"

	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// routesTour adds the endpoints of the forward and the backward pass.
func (s *server) routesTour(mux *http.ServeMux) {
	post(s, mux, "/api/network", s.network)
	post(s, mux, "/api/reset", s.reset)
	post(s, mux, "/api/answer", s.answer)
	post(s, mux, "/api/forward", s.forward)
	post(s, mux, "/api/backward", s.backward)
	post(s, mux, "/api/neuron", s.neuron)
	post(s, mux, "/api/weight", s.weight)
	post(s, mux, "/api/step", s.step)
	post(s, mux, "/api/undo", s.undo)
}

// empty is a request that says nothing.
type empty struct{}

// networkAnswer is about the network shown and the digits there are.
type networkAnswer struct {
	Sizes      []int  `json:"sizes"`
	Cost       string `json:"cost"`   // QuadraticCost or CrossEntropyCost
	Loaded     bool   `json:"loaded"` // the network that was ready is from a file
	Changed    bool   `json:"changed"`
	Undo       int    `json:"undo"`  // steps that can be undone
	Right      int    `json:"right"` // of the test digits
	TestDigits int    `json:"testDigits"`
	Real       bool   `json:"real"`  // the digits are not synthetic
	First      int    `json:"first"` // the test digit to begin with
}

func (s *server) network(_ context.Context, v *visitor, _ *empty) (*networkAnswer, error) {
	v.mu.Lock()
	net, changed, undo := v.net, v.net != v.base, len(v.undo)
	v.mu.Unlock()
	return &networkAnswer{
		Sizes: net.Sizes, Cost: costName(net), Loaded: s.loaded, Changed: changed, Undo: undo,
		Right: net.Trainer(0, 1).Evaluate(s.data.Test), TestDigits: len(s.data.Test), Real: s.data.Dir != "", First: s.first,
	}, nil
}

func costName(net *network2.Network) string {
	if net.Cost == network2.Cost(network2.CrossEntropyCost{}) {
		return nn.CrossEntropyCost
	}
	return nn.QuadraticCost
}

// reset shows the network of the first visit again.
func (s *server) reset(ctx context.Context, v *visitor, r *empty) (*networkAnswer, error) {
	_, _, leave := v.enter(ctx) // a training under way would show its own network once more
	v.show(v.base)
	leave()
	return s.network(ctx, v, r)
}

// labelled is an image and, for the backward pass, the digit that it shows.
type labelled struct {
	Pixels []byte `json:"pixels"`
	Label  int    `json:"label"`
	Cost   string `json:"cost"` // "quadratic" or "cross-entropy"; "" is the network's own
}

// costs are those that an image can ask for.
var costs = map[string]network2.Cost{"quadratic": network2.QuadraticCost{}, "cross-entropy": network2.CrossEntropyCost{}}

// tour takes the image through net, and its error back.
func (i *labelled) tour(net *network2.Network) (*tour.Tour, error) {
	if err := checkPixels(i.Pixels); err != nil {
		return nil, err
	}
	if i.Label < 0 || i.Label >= mnist.Classes {
		return nil, refuse("label %d: want 0 to 9", i.Label)
	}
	if i.Cost != "" {
		cost := costs[i.Cost]
		if cost == nil {
			return nil, refuse("cost %.20q: want quadratic or cross-entropy", i.Cost)
		}
		net = &network2.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights, Cost: cost}
	}
	return tour.New(net, nn.NewPixelExample(i.Pixels, i.Label, mnist.Classes)), nil
}

// stepAnswer is one of the five steps without its values.
type stepAnswer struct {
	Number    int             `json:"number"`
	Equations []tour.Equation `json:"equations"`
	Code      []tour.Code     `json:"code"`
	Parts     []partAnswer    `json:"parts"`
}

// partAnswer is a formula with shapes: z² 30×1 = w² 30×784 · a¹ 784×1 + b² 30×1.
type partAnswer struct {
	Layer   int           `json:"layer"`
	Formula []tour.Factor `json:"formula"`
}

func stepsOf(t *tour.Tour, from, to int) []stepAnswer {
	var steps []stepAnswer
	for _, step := range t.Steps[from-1 : to] {
		answer := stepAnswer{step.Number, append([]tour.Equation{}, step.Equations...), step.Code, []partAnswer{}}
		for _, part := range step.Parts {
			answer.Parts = append(answer.Parts, partAnswer{part.Layer, append([]tour.Factor{}, part.Formula...)})
		}
		steps = append(steps, answer)
	}
	return steps
}

// imageRequest is an image, whatever it shows.
type imageRequest struct {
	Pixels []byte `json:"pixels"`
}

// answerAnswer is what the network says to an image.
type answerAnswer struct {
	tour.Reading
	Outputs []float64 `json:"outputs"` // aᴸ
}

func (s *server) answer(_ context.Context, v *visitor, r *imageRequest) (*answerAnswer, error) {
	if err := checkPixels(r.Pixels); err != nil {
		return nil, err
	}
	a := v.network().Feedforward(nn.NewPixelExample(r.Pixels, 0, mnist.Classes).X()) // 10×1
	return &answerAnswer{tour.Read(a), a.Data}, nil
}

// forwardLayer is layer l ≥ 2 going forward.
type forwardLayer struct {
	Layer     int       `json:"layer"`
	W         picture   `json:"w"`
	B         []float64 `json:"b"`
	Z         []float64 `json:"z"`
	A         []float64 `json:"a"`
	Saturated int       `json:"saturated"` // neurons where σ is flat
}

// forwardAnswer is the way of an image forward.
type forwardAnswer struct {
	Sizes  []int          `json:"sizes"`
	Layers []forwardLayer `json:"layers"` // 2 to L
	Steps  []stepAnswer   `json:"steps"`  // 1 and 2
}

func (s *server) forward(_ context.Context, v *visitor, r *imageRequest) (*forwardAnswer, error) {
	net := v.network()
	t, err := (&labelled{Pixels: r.Pixels}).tour(net)
	if err != nil {
		return nil, err
	}
	answer := &forwardAnswer{Sizes: t.Sizes, Steps: stepsOf(t, 1, 2)}
	weights := v.weights(net)
	for l := 2; l <= t.L; l++ {
		answer.Layers = append(answer.Layers, forwardLayer{l, weights[l-2], t.B(l).Data, t.Z(l).Data, t.A(l).Data, t.Saturated(l)})
	}
	return answer, nil
}

// backwardLayer is layer l ≥ 2 going backward.
type backwardLayer struct {
	Layer        int       `json:"layer"`
	Back         []float64 `json:"back"` // (wˡ⁺¹)ᵀδˡ⁺¹, and in layer L a − y
	SigmoidPrime []float64 `json:"sigmoidPrime"`
	Delta        []float64 `json:"delta"`
	NablaW       picture   `json:"nablaW"`
}

// backwardAnswer is the way of the error back.
type backwardAnswer struct {
	Cost            float64         `json:"cost"`
	CrossEntropy    bool            `json:"crossEntropy"`
	Y               []float64       `json:"y"`
	SquaredGradient float64         `json:"squaredGradient"` // ‖∇C‖²
	Layers          []backwardLayer `json:"layers"`          // 2 to L
	Steps           []stepAnswer    `json:"steps"`           // 3 to 5
	Update          []tour.Equation `json:"update"`          // (20), (21), (9), (10)
	UpdateCode      []tour.Code     `json:"updateCode"`
}

func (s *server) backward(_ context.Context, v *visitor, r *labelled) (*backwardAnswer, error) {
	t, err := r.tour(v.network())
	if err != nil {
		return nil, err
	}
	answer := &backwardAnswer{Cost: t.Cost, CrossEntropy: t.CrossEntropy(), Y: t.Y().Data, SquaredGradient: t.SquaredGradient(), Steps: stepsOf(t, 3, 5),
		Update: []tour.Equation{tour.UpdateWeights, tour.UpdateBiases, tour.Change, tour.Descent}, UpdateCode: tour.UpdateCode}
	for l := 2; l <= t.L; l++ {
		answer.Layers = append(answer.Layers, backwardLayer{l, arrives(t, l).Data, t.SigmoidPrime(l).Data, t.Delta(l).Data, pictureOf(firstRows(t.NablaW(l)))})
	}
	return answer, nil
}

// arrives returns what σ′ is multiplied with in layer l: (wˡ⁺¹)ᵀδˡ⁺¹, or a − y, which for
// the quadratic cost is ∇ₐC. (For the cross-entropy σ′ has cancelled.)
func arrives(t *tour.Tour, l int) *matrix.Matrix {
	if l < t.L {
		return t.Back(l)
	}
	return new(matrix.Matrix).Sub(t.A(l), t.Y())
}
