package network2

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nndl/nn"
	"nndl/nn/internal/proof"
)

// gradientCase is a kind of network with its whole cost written out.
type gradientCase struct {
	name        string
	cost        Cost
	out         func(y []float64) func(a []float64) float64 // the cost of one example, written out
	hidden      func(z float64) float64                     // the hidden neurons, written out
	output      func(z []float64) []float64                 // the output layer, written out
	update      func(net *Network, miniBatch []nn.Example, eta, lambda float64, n int)
	weightsTerm func(w float64) float64 // that of the regularization term (λ/n) Σ …
	oneHot      bool
}

func each(f func(float64) float64) func([]float64) []float64 {
	return func(z []float64) []float64 { return proof.Each(f, z) }
}

func tanh(z float64) float64 {
	return (math.Exp(z) - math.Exp(-z)) / (math.Exp(z) + math.Exp(-z))
}

func relu(z float64) float64 {
	if z > 0 {
		return z
	}
	return 0
}

func half(w float64) float64 { return w * w / 2 }

func literal(net *Network, miniBatch []nn.Example, eta, lambda float64, n int) {
	net.UpdateMiniBatch(miniBatch, eta, lambda, n)
}

// neurons returns an update of a network of other neurons.
func neurons(hidden Neuron, output func(NeuronNetwork) NeuronNetwork) func(*Network, []nn.Example, float64, float64, int) {
	return func(net *Network, miniBatch []nn.Example, eta, lambda float64, n int) {
		output(NeuronNetwork{Net: net, Hidden: hidden}).UpdateMiniBatch(miniBatch, eta, lambda, n)
	}
}

func outputOf(f Neuron) func(NeuronNetwork) NeuronNetwork {
	return func(net NeuronNetwork) NeuronNetwork { net.Output = f.Layer; return net }
}

func outputSoftmax(net NeuronNetwork) NeuronNetwork { net.Output = Softmax; return net }

var gradientCases = []gradientCase{
	{name: "quadratic, L2", cost: QuadraticCost{}, out: proof.Quadratic, hidden: proof.Sigma, output: each(proof.Sigma), update: literal, weightsTerm: half},
	{name: "cross-entropy, L2", cost: CrossEntropyCost{}, out: entropy, hidden: proof.Sigma, output: each(proof.Sigma), update: literal, weightsTerm: half},
	{name: "cross-entropy, L1", cost: CrossEntropyCost{}, out: entropy, hidden: proof.Sigma, output: each(proof.Sigma), update: (*Network).UpdateMiniBatchL1, weightsTerm: math.Abs},
	{name: "cross-entropy, momentum", cost: CrossEntropyCost{}, out: entropy, hidden: proof.Sigma, output: each(proof.Sigma),
		update: func(net *Network, miniBatch []nn.Example, eta, lambda float64, n int) {
			NewMomentum(net, 0.9).UpdateMiniBatch(miniBatch, eta, lambda, n) // the first step, from rest
		}, weightsTerm: half},
	{name: "softmax", cost: LogLikelihoodCost{}, out: likelihood, hidden: proof.Sigma, output: exponentials, update: neurons(SigmoidNeuron, outputSoftmax), weightsTerm: half, oneHot: true},
	{name: "tanh, softmax", cost: LogLikelihoodCost{}, out: likelihood, hidden: tanh, output: exponentials, update: neurons(TanhNeuron, outputSoftmax), weightsTerm: half, oneHot: true},
	{name: "tanh, tanh", cost: QuadraticCostOf{Output: TanhNeuron}, out: proof.Quadratic, hidden: tanh, output: each(tanh), update: neurons(TanhNeuron, outputOf(TanhNeuron)), weightsTerm: half},
	{name: "ReLU, softmax", cost: LogLikelihoodCost{}, out: likelihood, hidden: relu, output: exponentials, update: neurons(ReLUNeuron, outputSoftmax), weightsTerm: half, oneHot: true},
	{name: "ReLU, linear", cost: QuadraticCostOf{Output: LinearNeuron}, out: proof.Quadratic, hidden: relu, output: each(func(z float64) float64 { return z }), update: neurons(ReLUNeuron, outputOf(LinearNeuron)), weightsTerm: half},
}

// run returns the output for x, written out: plain loops over the network's parameters.
func (c gradientCase) run(net *Network, x []float64) []float64 {
	plain := written(net)
	for l := 2; ; l++ {
		z := plain.Z(l, x)
		if l == plain.L() {
			return c.output(z)
		}
		x = proof.Each(c.hidden, z)
	}
}

// TestGradientOfStep compares a step, divided by −η, with the derivative of the whole
// cost, its regularization term included, with respect to every parameter. The mini-batch
// is a part of a training set, so m and n differ.
func TestGradientOfStep(t *testing.T) {
	const eta, lambda, m, n = 0.3, 2.5, 4, 11
	for _, c := range gradientCases {
		for _, sizes := range [][]int{{4, 3}, {4, 5, 3}, {4, 5, 4, 3}} {
			t.Run(fmt.Sprint(c.name, " ", sizes), func(t *testing.T) {
				net := New(sizes, c.cost, rand.New(rand.NewPCG(8, 0)))
				miniBatch := pocketData(m, sizes[0], 3)
				if c.oneHot {
					miniBatch = randomData(m, sizes[0], 3)
				}
				cost := func() float64 {
					sum := 0.0
					for _, e := range miniBatch {
						sum += c.out(e.Y().Data)(c.run(net, e.X().Data)) / m
					}
					return sum + lambda/n*sumOver(net, c.weightsTerm)
				}
				nablaB, nablaW := written(net).Gradient(cost)
				b, w := numbers(net.Biases), numbers(net.Weights)
				c.update(net, miniBatch, eta, lambda, n)
				proof.Agree(t, "∂C/∂w", over(plus(numbers(net.Weights), -1, w), -eta), joined(nablaW), proof.Derived)
				proof.Agree(t, "∂C/∂b", over(plus(numbers(net.Biases), -1, b), -eta), joined(nablaB), proof.Derived)
			})
		}
	}
}

// TestGradientMonitored compares TotalCost, which the monitors print, with the cost
// written out, at the ends too: an output of exactly 0 or 1 makes no NaN.
func TestGradientMonitored(t *testing.T) {
	for _, cost := range []Cost{QuadraticCost{}, CrossEntropyCost{}} {
		net := pocketNetwork(cost)
		for _, count := range []int{3, 8} { // n is the number of examples measured, so the term shrinks
			data := pocketData(count, 3, 2)
			out := map[bool]func([]float64) func([]float64) float64{true: proof.Quadratic, false: entropy}[cost == QuadraticCost{}]
			want := costOver(written(net), data, out)() + 2.5/(2*float64(count))*sumOver(net, square)
			proof.Agree(t, fmt.Sprintf("%T over %d examples", cost, count), []float64{net.TotalCost(data, 2.5)}, []float64{want}, proof.Exact)
		}
		sure := single(cost, 1000, 1)
		one := []nn.Example{nn.NewExample(column(1), column(1))}
		if got := sure.TotalCost(one, 0); got != 0 {
			t.Errorf("%T: a = 1 and y = 1 cost %g, want 0", cost, got)
		}
	}
}
