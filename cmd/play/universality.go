package main

import (
	"context"
	"math"
	"net/http"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/universality"
)

// The bounds of chapter 4's networks, and how many values of a function of x, and of x and y,
// are shown. Most numbers of towers in a row divide 48.
const (
	maxPairs    = 20
	maxTowers   = 8 // in a row
	maxHeight   = 20.0
	curvePoints = 601
	mapPoints   = 48 // in each direction
)

// routesUniversality adds the endpoints of chapter 4, which keep nothing: a request has all
// of the network.
func (s *server) routesUniversality(mux *http.ServeMux) {
	post(s, mux, "/api/bumps", func(_ context.Context, _ *visitor, r *bumpsRequest) (*bumpsAnswer, error) {
		return bumps(r)
	})
	post(s, mux, "/api/towers", func(_ context.Context, _ *visitor, r *towersRequest) (*towersAnswer, error) {
		return towers(r)
	})
}

// pair is a [universality.Pair].
type pair struct {
	S1 float64 `json:"s1"`
	S2 float64 `json:"s2"`
	H  float64 `json:"h"`
}

// bumpsRequest is a network of one input: the pairs given, or as many as the construction is
// to choose.
type bumpsRequest struct {
	W      float64 `json:"w"`
	Pairs  []pair  `json:"pairs"`
	Choose int     `json:"choose"`
}

// bumpsAnswer has functions of x, from 0 to 1 in equal steps, and how far the network's are
// from those that they should be.
type bumpsAnswer struct {
	Sizes           []int     `json:"sizes"`
	Pairs           []pair    `json:"pairs"`
	Z               []float32 `json:"z"`       // the weighted input of the output neuron
	Inverse         []float32 `json:"inverse"` // σ⁻¹∘f
	Output          []float32 `json:"output"`
	Target          []float32 `json:"target"` // f, equation (113)
	DeviationZ      float64   `json:"deviationZ"`
	DeviationOutput float64   `json:"deviationOutput"`
}

func bumps(r *bumpsRequest) (*bumpsAnswer, error) {
	pairs, err := r.read()
	if err != nil {
		return nil, err
	}
	net := universality.Bumps(pairs, r.W)
	z := func(x float64) float64 { return universality.WeightedInput(net, x) }
	output := func(x float64) float64 { return universality.Output(net, x) }
	inverse := func(x float64) float64 { return universality.Logit(universality.Target(x)) }
	a := &bumpsAnswer{
		Sizes: net.Sizes, Pairs: make([]pair, len(pairs)),
		Z: curve(z), Inverse: curve(inverse), Output: curve(output), Target: curve(universality.Target),
		DeviationZ:      universality.Deviation(z, inverse),
		DeviationOutput: universality.Deviation(output, universality.Target),
	}
	for i, p := range pairs {
		a.Pairs[i] = pair(p)
	}
	return a, nil
}

// read checks the request and returns its pairs.
func (r *bumpsRequest) read() ([]universality.Pair, error) {
	if err := checkSteepness(r.W); err != nil {
		return nil, err
	}
	if r.Choose < 0 || r.Choose > maxPairs || len(r.Pairs) > maxPairs || r.Choose > 0 && len(r.Pairs) > 0 {
		return nil, refuse("want up to %d pairs, or that many to choose, found %d and %d", maxPairs, len(r.Pairs), r.Choose)
	}
	if r.Choose > 0 {
		return universality.Pairs(universality.Target, r.Choose), nil
	}
	var pairs []universality.Pair
	for i, p := range r.Pairs {
		if p.S1 < 0 || p.S1 > 1 || p.S2 < 0 || p.S2 > 1 || math.Abs(p.H) > maxHeight {
			return nil, refuse("pair %d: want s1 and s2 from 0 to 1 and h from -%g to %g, found %g, %g and %g", i+1, maxHeight, maxHeight, p.S1, p.S2, p.H)
		}
		pairs = append(pairs, universality.Pair(p))
	}
	return pairs, nil
}

func checkSteepness(w float64) error {
	if !(1 <= w && w <= 1e5) {
		return refuse("want a weight w from 1 to 100000, found %g", w)
	}
	return nil
}

// curve returns f for x from 0 to 1. Pictures do with float32, in half the text.
func curve(f func(x float64) float64) []float32 {
	y := make([]float32, curvePoints)
	for i := range y {
		y[i] = float32(f(float64(i) / (curvePoints - 1)))
	}
	return y
}

// towersRequest is a network of two inputs: n×n heights, row by row, or the n for which the
// construction is to choose them.
type towersRequest struct {
	W       float64   `json:"w"`
	N       int       `json:"n"`
	Heights []float64 `json:"heights"`
}

// towersAnswer has functions of x and y in the middles of 48×48 squares. Row 0 of a picture is
// where y is largest, and its columns are x, as one draws them.
type towersAnswer struct {
	Sizes           []int     `json:"sizes"`
	Heights         []float64 `json:"heights"` // as in the request
	Points          int       `json:"points"`
	Z               []float32 `json:"z"`       // the weighted input of the output neuron
	Inverse         []float32 `json:"inverse"` // σ⁻¹∘f
	DeviationZ      float64   `json:"deviationZ"`
	DeviationOutput float64   `json:"deviationOutput"`
}

func towers(r *towersRequest) (*towersAnswer, error) {
	heights, err := r.read()
	if err != nil {
		return nil, err
	}
	net := universality.Towers(heights, r.W)
	z := sampled(func(x, y float64) float64 { return universality.WeightedInput(net, x, y) })
	output := func(x, y float64) float64 { return nn.Sigmoid(z.at(x, y)) }
	inverse := func(x, y float64) float64 { return universality.Logit(universality.Waves(x, y)) }
	return &towersAnswer{
		Sizes: net.Sizes, Heights: heights.Data, Points: mapPoints,
		Z: z.picture(), Inverse: sampled(inverse).picture(),
		DeviationZ:      universality.Deviation2(z.at, inverse, mapPoints),
		DeviationOutput: universality.Deviation2(output, universality.Waves, mapPoints),
	}, nil
}

// read checks the request and returns its heights, n×n.
func (r *towersRequest) read() (*matrix.Matrix, error) {
	if err := checkSteepness(r.W); err != nil {
		return nil, err
	}
	if r.N < 1 || r.N > maxTowers || len(r.Heights) != 0 && len(r.Heights) != r.N*r.N {
		return nil, refuse("want 1 to %d towers in a row and a height for each, found %d and %d heights", maxTowers, r.N, len(r.Heights))
	}
	if len(r.Heights) == 0 {
		return universality.Heights(universality.Waves, r.N), nil
	}
	for i, h := range r.Heights {
		if math.Abs(h) > maxHeight {
			return nil, refuse("tower %d: want a height from -%g to %g, found %g", i+1, maxHeight, maxHeight, h)
		}
	}
	return matrix.FromSlice(r.N, r.N, r.Heights), nil
}

// samples are the values of a function of x and y in the middles of 48×48 squares: row i is x,
// column j is y. Several things are made of a network's output, which takes long to compute.
type samples [mapPoints][mapPoints]float64

func sampled(f func(x, y float64) float64) *samples {
	s := new(samples)
	for i := range s {
		for j := range s[i] {
			s[i][j] = f((float64(i)+0.5)/mapPoints, (float64(j)+0.5)/mapPoints)
		}
	}
	return s
}

// at returns the value in the square where x and y are.
func (s *samples) at(x, y float64) float64 { return s[int(x*mapPoints)][int(y*mapPoints)] }

// picture returns the values row by row, y downwards from 1 to 0 and x to the right.
func (s *samples) picture() []float32 {
	var all []float32
	for j := range mapPoints {
		for i := range mapPoints {
			all = append(all, float32(s[i][mapPoints-1-j]))
		}
	}
	return all
}
