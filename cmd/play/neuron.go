package main

import (
	"context"
	"math"

	"nndl/cmd/internal/tour"
)

// mostTerms is how many terms of a sum are sent, the largest.
const mostTerms = 8

// sum is Σₖ xₖyₖ: its largest terms, sorted, and the others together.
type sum struct {
	Terms  []tour.Term `json:"terms"`
	Count  int         `json:"count"` // of all terms
	Others float64     `json:"others"`
	Total  float64     `json:"total"`
}

func sumOf(terms []tour.Term, total float64) *sum {
	largest, others := tour.LargestTerms(terms, mostTerms)
	return &sum{tour.BySize(largest), len(terms), others, total}
}

// neuronRequest names neuron j of layer l ≥ 2.
type neuronRequest struct {
	labelled
	Layer  int `json:"layer"`
	Neuron int `json:"neuron"`
}

func (r *neuronRequest) check(t *tour.Tour) error {
	if r.Layer < 2 || r.Layer > t.L {
		return refuse("layer %d: want 2 to %d", r.Layer, t.L)
	}
	if n := t.Sizes[r.Layer-1]; r.Neuron < 0 || r.Neuron >= n {
		return refuse("neuron %d: layer %d has %d, 0 to %d", r.Neuron, r.Layer, n, n-1)
	}
	return nil
}

// neuronAnswer is one neuron by hand.
type neuronAnswer struct {
	Forward      *sum          `json:"forward"` // Σₖ wˡⱼₖ aˡ⁻¹ₖ
	B            float64       `json:"b"`
	Z            float64       `json:"z"`
	A            float64       `json:"a"`
	Y            *float64      `json:"y"` // in layer L
	Weights      picture       `json:"weights"`
	Products     picture       `json:"products"`
	Backward     *sum          `json:"backward"` // Σₖ wˡ⁺¹ₖⱼ δˡ⁺¹ₖ, null in layer L
	Error        float64       `json:"error"`    // a − y in layer L, which with the quadratic cost is ∂C/∂a
	SigmoidPrime float64       `json:"sigmoidPrime"`
	Delta        float64       `json:"delta"`
	Gradient     picture       `json:"gradient"`
	Equation     tour.Equation `json:"equation"`     // of the sum forward
	BackEquation tour.Equation `json:"backEquation"` // of the error
}

func (s *server) neuron(_ context.Context, v *visitor, r *neuronRequest) (*neuronAnswer, error) {
	t, err := r.tour(v.network())
	if err == nil {
		err = r.check(t)
	}
	if err != nil {
		return nil, err
	}
	l, j := r.Layer, r.Neuron
	rows, cols := shapeOf(t.Sizes[l-2])
	terms := t.Forward(l, j)
	products := make([]float64, len(terms))
	total := 0.0
	for k, term := range terms {
		products[k] = term.Product
		total += term.Product
	}
	answer := &neuronAnswer{
		Forward: sumOf(terms, total), B: t.B(l).Data[j], Z: t.Z(l).Data[j], A: t.A(l).Data[j],
		Weights:      newPicture(rows, cols, t.W(l).Row(j)),
		Products:     newPicture(rows, cols, products),
		SigmoidPrime: t.SigmoidPrime(l).Data[j], Delta: t.Delta(l).Data[j],
		Gradient: newPicture(rows, cols, t.NablaW(l).Row(j)),
		Equation: tour.Neuron, BackEquation: tour.BackOfOne,
	}
	if l < t.L {
		answer.Backward = sumOf(t.Backward(l, j), t.Back(l).Data[j])
		return answer, nil
	}
	answer.Y, answer.Error, answer.BackEquation = &t.Y().Data[j], arrives(t, l).Data[j], tour.OutputOfOne
	if t.CrossEntropy() {
		answer.BackEquation = tour.EntropyError
	}
	return answer, nil
}

// shapeOf returns the shape in which n values are shown: 28×28 for the pixels, else as
// nearly a square as whole rows allow.
func shapeOf(n int) (rows, cols int) {
	for rows = int(math.Sqrt(float64(n))); n%rows != 0; rows-- {
	}
	return rows, n / rows
}

// weightRequest names weight wˡⱼₖ.
type weightRequest struct {
	neuronRequest
	Weight int `json:"weight"` // k
}

// weightAnswer is one derivative, twice: by (BP4), and by moving the weight.
type weightAnswer struct {
	W          float64       `json:"w"`
	A          float64       `json:"a"`     // aˡ⁻¹ₖ
	Delta      float64       `json:"delta"` // δˡⱼ
	Backprop   float64       `json:"backprop"`
	Numerical  float64       `json:"numerical"`
	Digits     int           `json:"digits"` // to which the two agree; −1 if both are too small to tell
	Epsilon    float64       `json:"epsilon"`
	Equation   tour.Equation `json:"equation"`
	Definition tour.Equation `json:"definition"`
}

func (s *server) weight(_ context.Context, v *visitor, r *weightRequest) (*weightAnswer, error) {
	// The check moves the weight, and the network is shared: so it gets a copy.
	t, err := r.tour(tour.Clone(v.network()))
	if err == nil {
		err = r.check(t)
	}
	if err != nil {
		return nil, err
	}
	l, j, k := r.Layer, r.Neuron, r.Weight
	if n := t.Sizes[l-2]; k < 0 || k >= n {
		return nil, refuse("weight %d: a neuron of layer %d has %d, 0 to %d", k, l, n, n-1)
	}
	check := t.CheckWeight(l, j, k)
	return &weightAnswer{t.W(l).At(j, k), t.A(l - 1).Data[k], t.Delta(l).Data[j], check.Backprop, check.Numerical, check.Digits,
		tour.Epsilon, tour.WeightGradient, tour.Numerical}, nil
}

// stepRequest asks for one step of gradient descent on one image.
type stepRequest struct {
	labelled
	Eta float64 `json:"eta"`
}

// stepTaken is what the step did to the cost of that image, and what (9) predicted.
type stepTaken struct {
	Eta       float64 `json:"eta"`
	Before    float64 `json:"before"`
	After     float64 `json:"after"`
	Predicted float64 `json:"predicted"` // ΔC ≈ −η‖∇C‖²
	Real      float64 `json:"real"`      // ΔC
	Reason    string  `json:"reason"`    // why the two must differ: "rounding", "bound", or none
	Reads     [2]int  `json:"reads"`     // the answer before and after
	Undo      int     `json:"undo"`      // steps that can be undone
}

// maxEta is the largest learning rate of a step.
const maxEta = 1000

func (s *server) step(_ context.Context, v *visitor, r *stepRequest) (*stepTaken, error) {
	if !(r.Eta > 0 && r.Eta <= maxEta) {
		return nil, refuse("eta %g: want a number above 0, at most %d", r.Eta, maxEta)
	}
	before := v.network()
	t, err := r.tour(before)
	if err != nil {
		return nil, err
	}
	trial, after := t.Try(r.Eta), t.Stepped(r.Eta)
	after.Cost = before.Cost
	if !v.step(before, after) {
		return nil, refuse("the network has changed meanwhile")
	}
	reasons := map[string]string{tour.OnlyRounding: "rounding", tour.NotBelowZero: "bound"}
	reads := [2]int{t.Answer, after.Feedforward(t.A(1)).ArgMax()}
	return &stepTaken{r.Eta, t.Cost, trial.After, trial.Promised, trial.Real, reasons[trial.Remark], reads, v.steps()}, nil
}

// undone says how many steps can still be undone.
type undone struct {
	Undo int `json:"undo"`
}

func (s *server) undo(_ context.Context, v *visitor, _ *empty) (*undone, error) {
	return &undone{v.undoStep()}, nil
}
