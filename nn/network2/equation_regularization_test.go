package network2

import (
	"math"
	"slices"
	"testing"

	"nndl/nn"
	"nndl/nn/internal/proof"
)

// In these tests η, λ, m and n all differ, so that none can stand for another.
const (
	testEta    = 0.7
	testLambda = 1.9
	testN      = 5
)

// Equation (85): C = −1/n Σₓⱼ [yⱼ ln aᴸⱼ + (1 − yⱼ) ln(1 − aᴸⱼ)] + (λ/2n) Σ_w w²
// Equation (86): C = 1/(2n) Σₓ ‖y − aᴸ‖² + (λ/2n) Σ_w w²
// Equation (87): C = C₀ + (λ/2n) Σ_w w²
//
// TotalCost with both costs against sums written out. n is the number of the examples
// that are measured, whatever the network was trained on.
func TestEquations85to87(t *testing.T) {
	for _, c := range []struct {
		name string
		cost Cost
		out  func(y []float64) func(a []float64) float64
	}{{"(85)", CrossEntropyCost{}, entropy}, {"(86)", QuadraticCost{}, proof.Quadratic}} {
		for _, n := range []int{1, testN} {
			net, data := pocketNetwork(c.cost), pocketData(n, 3, 2)
			c0 := costOver(written(net), data, c.out)()
			right := c0 + testLambda/(2*float64(n))*sumOver(net, square)
			proof.Agree(t, c.name+" and (87)", []float64{net.TotalCost(data, testLambda)}, []float64{right}, proof.Exact)
		}
	}
}

// regularized is a network with examples, C₀ over them, and C = C₀ + (λ/2n) Σ w², both
// written out.
func regularized() (net *Network, data []nn.Example, c0, c func() float64) {
	net, data = pocketNetwork(CrossEntropyCost{}), pocketData(testN, 3, 2)
	c0 = costOver(written(net), data, entropy)
	return net, data, c0, func() float64 { return c0() + testLambda/(2*testN)*sumOver(net, square) }
}

// gradientOf returns the derivatives of cost with respect to all biases and all weights.
func gradientOf(net *Network, cost func() float64) (b, w []float64) {
	nablaB, nablaW := written(net).Gradient(cost)
	return joined(nablaB), joined(nablaW)
}

// Equation (88): ∂C/∂w = ∂C₀/∂w + (λ/n)w
//
// Every weight moved in C on the right and in C₀ on the left. The program computes this
// gradient in Momentum: with μ = 0 a step of the whole training set is −η∂C/∂w.
func TestEquation88(t *testing.T) {
	net, data, c0, c := regularized()
	_, right := gradientOf(net, c)
	_, w0 := gradientOf(net, c0)
	before := numbers(net.Weights)
	proof.Agree(t, "(88)", plus(w0, testLambda/testN, before), right, proof.Derived)
	NewMomentum(net, 0).UpdateMiniBatch(data, testEta, testLambda, testN)
	proof.Agree(t, "(88), by Momentum", over(plus(numbers(net.Weights), -1, before), -testEta), right, proof.Derived)
}

// Equation (89): ∂C/∂b = ∂C₀/∂b
//
// Every bias moved in C and in C₀: Σ_w w² has no biases. Backprop gives the same.
func TestEquation89(t *testing.T) {
	net, data, c0, c := regularized()
	left, _ := gradientOf(net, c)
	right, _ := gradientOf(net, c0)
	proof.Agree(t, "(89)", left, right, proof.Derived)
	mean, _ := net.meanGradient(net.Backprop, data)
	proof.Agree(t, "(89), by Backprop", numbers(mean), left, proof.Derived)
}

// Equation (90): b → b − η ∂C₀/∂b
// Equation (91): w → w − η ∂C₀/∂w − (ηλ/n)w
// Equation (92): w → (1 − ηλ/n)w − η ∂C₀/∂w
//
// One step with the whole training set as the mini-batch, against the gradient of C₀ by
// moving each parameter.
func TestEquations90to92(t *testing.T) {
	net, data, c0, _ := regularized()
	b0, w0 := gradientOf(net, c0)
	b, w := numbers(net.Biases), numbers(net.Weights)
	net.UpdateMiniBatch(data, testEta, testLambda, testN)
	proof.Agree(t, "(90)", numbers(net.Biases), plus(b, -testEta, b0), proof.Derived)
	proof.Agree(t, "(91)", numbers(net.Weights), plus(plus(w, -testEta, w0), -testEta*testLambda/testN, w), proof.Derived)
	decayed := proof.Each(func(w float64) float64 { return (1 - testEta*testLambda/testN) * w }, w)
	proof.Agree(t, "(92)", numbers(net.Weights), plus(decayed, -testEta, w0), proof.Derived)
}

// Equation (93): w → (1 − ηλ/n)w − (η/m) Σₓ ∂Cₓ/∂w
// Equation (94): b → b − (η/m) Σₓ ∂Cₓ/∂b
//
// A mini-batch of m = 3 from a training set of n = 40: each gradient by moving each
// parameter, one example after another.
func TestEquations93to94(t *testing.T) {
	const m, n = 3, 40
	for _, c := range []struct {
		cost Cost
		out  func(y []float64) func(a []float64) float64
	}{{CrossEntropyCost{}, entropy}, {QuadraticCost{}, proof.Quadratic}} {
		net, miniBatch := pocketNetwork(c.cost), pocketData(m, 3, 2)
		b, w := numbers(net.Biases), numbers(net.Weights)
		sumB, sumW := make([]float64, len(b)), make([]float64, len(w))
		for _, e := range miniBatch {
			nablaB, nablaW := gradientOf(net, costOver(written(net), []nn.Example{e}, c.out))
			sumB, sumW = plus(sumB, 1, nablaB), plus(sumW, 1, nablaW)
		}
		net.UpdateMiniBatch(miniBatch, testEta, testLambda, n)
		decayed := proof.Each(func(w float64) float64 { return (1 - testEta*testLambda/n) * w }, w)
		proof.Agree(t, "(93)", numbers(net.Weights), plus(decayed, -testEta/m, sumW), proof.Derived)
		proof.Agree(t, "(94)", numbers(net.Biases), plus(b, -testEta/m, sumB), proof.Derived)
	}
}

// Equation (95): C = C₀ + (λ/n) Σ_w ∣w∣
//
// TotalCostL1 against the sums written out.
func TestEquation95(t *testing.T) {
	net, data, c0, _ := regularized()
	right := c0() + testLambda/testN*sumOver(net, math.Abs)
	proof.Agree(t, "(95)", []float64{net.TotalCostL1(data, testLambda)}, []float64{right}, proof.Exact)
}

// Equation (96): ∂C/∂w = ∂C₀/∂w + (λ/n) sgn(w)
//
// Every weight moved in (95), written out, against a step with the whole training set,
// which is −η times the gradient, and against the formula.
func TestEquation96(t *testing.T) {
	net, data, c0, _ := regularized()
	_, right := gradientOf(net, func() float64 { return c0() + testLambda/testN*sumOver(net, math.Abs) })
	_, w0 := gradientOf(net, c0)
	before := numbers(net.Weights)
	sign := proof.Each(func(w float64) float64 { return math.Copysign(1, w) }, before)
	proof.Agree(t, "(96)", plus(w0, testLambda/testN, sign), right, proof.Derived)
	net.UpdateMiniBatchL1(data, testEta, testLambda, testN)
	proof.Agree(t, "(96), by UpdateMiniBatchL1", over(plus(numbers(net.Weights), -1, before), -testEta), right, proof.Derived)
}

// Equation (97): w → w′ = w − (ηλ/n) sgn(w) − η ∂C₀/∂w
// Equation (98): w → w′ = w(1 − ηλ/n) − η ∂C₀/∂w
//
// The same step with L1 and with L2. One weight is 0, where sgn is 0 by convention, and
// one is −0.001: L1 moves it as far as any other, L2 hardly at all.
func TestEquations97to98(t *testing.T) {
	l1, data, c0, _ := regularized()
	l1.Weights[1].Data[0], l1.Weights[1].Data[1] = 0, -0.001
	l2, _, _, _ := regularized()
	copy(l2.Weights[1].Data, l1.Weights[1].Data)
	before := numbers(l1.Weights)
	b, w0 := gradientOf(l1, c0)
	sign := proof.Each(func(w float64) float64 {
		if w == 0 {
			return 0
		}
		return math.Copysign(1, w)
	}, before)
	wantB := plus(numbers(l1.Biases), -testEta, b)
	l1.UpdateMiniBatchL1(data, testEta, testLambda, testN)
	l2.UpdateMiniBatch(data, testEta, testLambda, testN)
	const shrink = testEta * testLambda / testN
	proof.Agree(t, "(97)", numbers(l1.Weights), plus(plus(before, -shrink, sign), -testEta, w0), proof.Derived)
	proof.Agree(t, "(98)", numbers(l2.Weights), plus(plus(before, -shrink, before), -testEta, w0), proof.Derived)
	proof.Agree(t, "(97), the biases", numbers(l1.Biases), wantB, proof.Derived)
}

// Equation (100): w → w′ = w − (η/100) Σₓ ∇Cₓ
// Equation (101): w → w′ = w − η∇Cₓ
// Equation (102): w → w′ = w − η Σₓ ∇Cₓ
//
// A mini-batch of 100, one example alone, and the mini-batch of 100 with a learning rate
// 100 times as large. (102) is a hundred steps of (101) but for this: it computes all
// gradients at the same weights. So the two differ by terms of second order in η.
func TestEquations100to102(t *testing.T) {
	data := pocketData(100, 3, 2)
	sum := []float64{}
	first := []float64{}
	start := pocketNetwork(CrossEntropyCost{})
	before := numbers(start.Weights)
	for i, e := range data {
		_, w := gradientOf(start, costOver(written(start), []nn.Example{e}, entropy))
		if i == 0 {
			first, sum = w, make([]float64, len(w))
		}
		sum = plus(sum, 1, w)
	}
	step := func(eta float64, miniBatches ...[]nn.Example) []float64 {
		net := pocketNetwork(CrossEntropyCost{})
		for _, miniBatch := range miniBatches {
			net.UpdateMiniBatch(miniBatch, eta, 0, 100)
		}
		return numbers(net.Weights)
	}
	proof.Agree(t, "(100)", step(testEta, data), plus(before, -testEta/100, sum), proof.Derived)
	proof.Agree(t, "(101)", step(testEta, data[:1]), plus(before, -testEta, first), proof.Derived)
	proof.Agree(t, "(102)", step(100*0.01, data), plus(before, -0.01, sum), proof.Derived)
	online := slices.Collect(slices.Chunk(data, 1))
	proof.FirstOrder(t, "(101) a hundred times and (102)", func(h float64) (change, predicted float64) {
		return step(h/10, online...)[0] - before[0], -h / 10 * sum[0]
	})
}

// Equation (107): v → v′ = μv − η∇C
// Equation (108): w → w′ = w + v′
//
// Two steps, ∇C by moving every parameter of the regularized cost. In the second the
// velocity is that of the first, slowed down by μ, and pushed once more.
func TestEquations107to108(t *testing.T) {
	const mu = 0.6
	net, data, c0, c := regularized()
	m := NewMomentum(net, mu)
	v := make([]float64, len(numbers(net.Weights)))
	vb := make([]float64, len(numbers(net.Biases)))
	for range 2 {
		b, w := numbers(net.Biases), numbers(net.Weights)
		_, nablaC := gradientOf(net, c)
		nablaB, _ := gradientOf(net, c0)
		v = plus(proof.Each(func(v float64) float64 { return mu * v }, v), -testEta, nablaC)
		vb = plus(proof.Each(func(v float64) float64 { return mu * v }, vb), -testEta, nablaB)
		m.UpdateMiniBatch(data, testEta, testLambda, testN)
		proof.Agree(t, "(107)", numbers(m.VelocityW), v, proof.Derived)
		proof.Agree(t, "(107), the biases", numbers(m.VelocityB), vb, proof.Derived)
		proof.Agree(t, "(108)", numbers(net.Weights), plus(w, 1, v), proof.Derived)
		proof.Agree(t, "(108), the biases", numbers(net.Biases), plus(b, 1, vb), proof.Derived)
	}
}
