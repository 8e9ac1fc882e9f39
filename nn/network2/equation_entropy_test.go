package network2

import (
	"math"
	"testing"

	"nndl/nn"
	"nndl/nn/internal/proof"
)

// toys are the two starting points of the book's neuron with one input: x = 1, y = 0.
var toys = []struct{ w, b float64 }{{0.6, 0.9}, {2, 2}}

// Equation (54): C = (y − a)²/2
//
// The toy neuron at both of its starting points, a = 0.82 and a = 0.98.
func TestEquation54(t *testing.T) {
	for _, toy := range toys {
		net := single(QuadraticCost{}, toy.b, toy.w)
		a := proof.Sigma(toy.w*1 + toy.b)
		left := net.Cost.Fn(net.Feedforward(column(1)), column(0))
		proof.Agree(t, "(54)", []float64{left}, []float64{(0 - a) * (0 - a) / 2}, proof.Exact)
	}
}

// Equation (55): ∂C/∂w = (a − y)σ′(z)x = aσ′(z)
// Equation (56): ∂C/∂b = (a − y)σ′(z) = aσ′(z)
//
// The program's gradient, the two formulas, and the derivatives of (54) without
// calculus. At the second starting point the gradient is a seventh as large, although the
// neuron is more wrong: this is the slowdown.
func TestEquations55to56(t *testing.T) {
	const x, y = 1.0, 0.0
	var size []float64
	for _, toy := range toys {
		cost := func(v []float64) float64 { return math.Pow(y-proof.Sigma(v[0]*x+v[1]), 2) / 2 }
		gradient := proof.Gradient(cost, []float64{toy.w, toy.b})
		z := toy.w*x + toy.b
		a := proof.Sigma(z)
		proof.Agree(t, "(55) and (56)", []float64{(a - y) * proof.SigmaPrime(z) * x, (a - y) * proof.SigmaPrime(z)}, gradient, proof.Derived)
		proof.Agree(t, "(55) and (56), y = 0, x = 1", []float64{a * proof.SigmaPrime(z), a * proof.SigmaPrime(z)}, gradient, proof.Derived)
		nablaB, nablaW := single(QuadraticCost{}, toy.b, toy.w).Backprop(column(x), column(y))
		proof.Agree(t, "(55) and (56), by Backprop", []float64{nablaW[0].Data[0], nablaB[0].Data[0]}, gradient, proof.Derived)
		size = append(size, gradient[0])
	}
	if r := size[0] / size[1]; r < 6.5 || r > 7.5 {
		t.Errorf("the gradient at w = b = 2 is 1/%.2f of that at w = 0.6, b = 0.9, want a seventh", r)
	}
}

// neuronData is a neuron with three inputs and five examples for it.
func neuronData(cost Cost) (net *Network, data []nn.Example) {
	return single(cost, 0.3, 0.8, -1.2, 0.5), pocketData(5, 3, 1)
}

// Equation (57): C = −1/n Σₓ [y ln a + (1 − y) ln(1 − a)]
//
// One neuron, five examples.
func TestEquation57(t *testing.T) {
	net, data := neuronData(CrossEntropyCost{})
	sum := 0.0
	for _, e := range data {
		y, a := e.Y().Data[0], proof.Sigma(proof.Dot(net.Weights[0].Data, e.X().Data)+0.3)
		sum += y*math.Log(a) + (1-y)*math.Log(1-a)
	}
	proof.Agree(t, "(57)", []float64{net.TotalCost(data, 0)}, []float64{-sum / 5}, proof.Exact)
}

// Equation (58): ∂C/∂wⱼ = −1/n Σₓ (y/σ(z) − (1 − y)/(1 − σ(z))) ∂σ/∂wⱼ
// Equation (59): ∂C/∂wⱼ = −1/n Σₓ (y/σ(z) − (1 − y)/(1 − σ(z))) σ′(z)xⱼ
// Equation (60): ∂C/∂wⱼ = 1/n Σₓ σ′(z)xⱼ/(σ(z)(1 − σ(z))) (σ(z) − y)
// Equation (61): ∂C/∂wⱼ = 1/n Σₓ xⱼ(σ(z) − y)
// Equation (62): ∂C/∂b = 1/n Σₓ (σ(z) − y)
//
// Each line of the book's derivation against the derivative of (57) without calculus,
// and at its end the program's mean gradient.
func TestEquations58to62(t *testing.T) {
	net, data := neuronData(CrossEntropyCost{})
	nablaB, nablaW := written(net).Gradient(costOver(written(net), data, entropy))
	w := net.Weights[0].Data
	sigma := func(w, x []float64) float64 { return proof.Sigma(proof.Dot(w, x) + 0.3) }
	lines := map[string]func(x []float64, y float64, j int) float64{
		"(58)": func(x []float64, y float64, j int) float64 {
			a := sigma(w, x)
			moved := proof.Gradient(func(w []float64) float64 { return sigma(w, x) }, w) // ∂σ/∂wⱼ
			return -(y/a - (1-y)/(1-a)) * moved[j]
		},
		"(59)": func(x []float64, y float64, j int) float64 {
			a := sigma(w, x)
			return -(y/a - (1-y)/(1-a)) * proof.SigmaPrime(proof.Logit(a)) * x[j]
		},
		"(60)": func(x []float64, y float64, j int) float64 {
			a := sigma(w, x)
			return proof.SigmaPrime(proof.Logit(a)) * x[j] / (a * (1 - a)) * (a - y)
		},
		"(61)": func(x []float64, y float64, j int) float64 { return x[j] * (sigma(w, x) - y) },
	}
	for name, line := range lines {
		right := make([]float64, 3)
		for _, e := range data {
			for j := range right {
				right[j] += line(e.X().Data, e.Y().Data[0], j) / 5
			}
		}
		proof.Agree(t, name, right, nablaW[0], proof.Derived)
	}
	sum := 0.0
	for _, e := range data {
		sum += (sigma(w, e.X().Data) - e.Y().Data[0]) / 5
	}
	proof.Agree(t, "(62)", []float64{sum}, nablaB[0], proof.Derived)
	meanB, meanW := net.meanGradient(net.Backprop, data)
	proof.Agree(t, "(61), by Backprop", meanW[0].Data, nablaW[0], proof.Derived)
	proof.Agree(t, "(62), by Backprop", meanB[0].Data, nablaB[0], proof.Derived)
}

// Equation (63): C = −1/n Σₓ Σⱼ [yⱼ ln aᴸⱼ + (1 − yⱼ) ln(1 − aᴸⱼ)]
//
// Two output neurons, five examples.
func TestEquation63(t *testing.T) {
	net, data := pocketNetwork(CrossEntropyCost{}), pocketData(5, 3, 2)
	sum := 0.0
	for _, e := range data {
		_, a := written(net).Forward(e.X().Data)
		for j, y := range e.Y().Data {
			sum += y*math.Log(a[4][j]) + (1-y)*math.Log(1-a[4][j])
		}
	}
	proof.Agree(t, "(63)", []float64{net.TotalCost(data, 0)}, []float64{-sum / 5}, proof.Exact)
}

// Equation (64): C = −1/n Σₓ [y ln y + (1 − y) ln(1 − y)]
//
// The cross-entropy where every output is exactly as desired. It is not 0 unless every y
// is 0 or 1, but it is the minimum: any other output costs more.
func TestEquation64(t *testing.T) {
	desired := []float64{0.2, 0.5, 0.9}
	left, right := 0.0, 0.0
	for _, y := range desired {
		at := func(a float64) float64 { return CrossEntropyCost{}.Fn(column(a), column(y)) }
		left += at(y) / 3
		right -= (y*math.Log(y) + (1-y)*math.Log(1-y)) / 3
		for a := 0.05; a < 1; a += 0.1 {
			if math.Abs(a-y) > 0.01 && at(a) <= at(y) {
				t.Errorf("y = %g: the output %.2f costs %g, no more than %g", y, a, at(a), at(y))
			}
		}
	}
	proof.Agree(t, "(64)", []float64{left}, []float64{right}, proof.Exact)
}

// Equation (65): ∂C/∂wᴸⱼₖ = 1/n Σₓ aᴸ⁻¹ₖ(aᴸⱼ − yⱼ)σ′(zᴸⱼ)
// Equation (66): δᴸ = aᴸ − y
// Equation (67): ∂C/∂wᴸⱼₖ = 1/n Σₓ aᴸ⁻¹ₖ(aᴸⱼ − yⱼ)
//
// The same network with both costs: the gradient of the last layer's weights by moving
// them, by the formulas, and by Backprop. Only with the quadratic cost does it have σ′.
// δᴸ is the derivative with respect to zᴸ, found by moving zᴸ.
func TestEquations65to67(t *testing.T) {
	data := pocketData(5, 3, 2)
	for _, c := range []struct {
		name   string
		cost   Cost
		out    func(y []float64) func(a []float64) float64
		factor func(z float64) float64
	}{
		{"(65)", QuadraticCost{}, proof.Quadratic, proof.SigmaPrime},
		{"(66) and (67)", CrossEntropyCost{}, entropy, func(float64) float64 { return 1 }},
	} {
		net := pocketNetwork(c.cost)
		_, nablaW := written(net).Gradient(costOver(written(net), data, c.out))
		formula := make([]float64, 2*3)
		for _, e := range data {
			z, a := written(net).Forward(e.X().Data)
			delta := make([]float64, 2)
			for j, y := range e.Y().Data {
				delta[j] = (a[4][j] - y) * c.factor(z[4][j])
				for k := range 3 {
					formula[j*3+k] += a[3][k] * delta[j] / 5
				}
			}
			byMoving := written(net).Errors(e.X().Data, c.out(e.Y().Data))[4]
			proof.Agree(t, c.name+", δᴸ", delta, byMoving, proof.Derived)
			proof.Agree(t, c.name+", Delta", net.Cost.Delta(column(z[4]...), column(a[4]...), e.Y()).Data, byMoving, proof.Derived)
		}
		proof.Agree(t, c.name, formula, nablaW[2], proof.Derived)
		_, mean := net.meanGradient(net.Backprop, data)
		proof.Agree(t, c.name+", by Backprop", mean[2].Data, nablaW[2], proof.Derived)
	}
}

// Equation (68): δᴸ = aᴸ − y
// Equation (69): ∂C/∂wᴸⱼₖ = 1/n Σₓ aᴸ⁻¹ₖ(aᴸⱼ − yⱼ)
// Equation (70): ∂C/∂bᴸⱼ = 1/n Σₓ (aᴸⱼ − yⱼ)
//
// The quadratic cost with linear neurons in the output layer, aᴸ = zᴸ, learns as the
// cross-entropy does with sigmoid ones.
func TestEquations68to70(t *testing.T) {
	data := pocketData(5, 3, 2)
	net := NeuronNetwork{pocketNetwork(QuadraticCostOf{Output: LinearNeuron}), SigmoidNeuron, LinearNeuron.Layer}
	linear := written(net.Net)
	linear.Output = func(z []float64) []float64 { return z }
	nablaB, nablaW := linear.Gradient(costOver(linear, data, proof.Quadratic))
	formulaB, formulaW := make([]float64, 2), make([]float64, 2*3)
	for _, e := range data {
		_, a := linear.Forward(e.X().Data)
		delta := plus(a[4], -1, e.Y().Data)
		proof.Agree(t, "(68)", delta, linear.Errors(e.X().Data, proof.Quadratic(e.Y().Data))[4], proof.Derived)
		b, _ := net.Backprop(e.X(), e.Y())
		proof.Agree(t, "(68), by Backprop", b[2].Data, delta, proof.Exact)
		for j := range delta {
			formulaB[j] += delta[j] / 5
			for k := range 3 {
				formulaW[j*3+k] += a[3][k] * delta[j] / 5
			}
		}
	}
	proof.Agree(t, "(69)", formulaW, nablaW[2], proof.Derived)
	proof.Agree(t, "(70)", formulaB, nablaB[2], proof.Derived)
}

// Equation (71): ∂C/∂wⱼ = xⱼ(a − y)
// Equation (72): ∂C/∂b = a − y
//
// What a cost would have to do for learning not to slow down; the cross-entropy does it.
func TestEquations71to72(t *testing.T) {
	net, data := neuronData(CrossEntropyCost{})
	for _, e := range data {
		x, y := e.X().Data, e.Y().Data[0]
		nablaB, nablaW := written(net).Gradient(costOver(written(net), []nn.Example{e}, entropy))
		a := proof.Sigma(proof.Dot(net.Weights[0].Data, x) + 0.3)
		proof.Agree(t, "(71)", proof.Each(func(x float64) float64 { return x * (a - y) }, x), nablaW[0], proof.Derived)
		proof.Agree(t, "(72)", []float64{a - y}, nablaB[0], proof.Derived)
		gotB, gotW := net.Backprop(e.X(), e.Y())
		proof.Agree(t, "(71) and (72), by Backprop", append(gotW[0].Data, gotB[0].Data...), append(nablaW[0], nablaB[0]...), proof.Derived)
	}
}

// Equation (73): ∂C/∂b = ∂C/∂a σ′(z)
// Equation (74): ∂C/∂b = ∂C/∂a a(1 − a)
// Equation (75): ∂C/∂a = (a − y)/(a(1 − a))
//
// The book's way from (72) back to the cost. ∂C/∂b is found by moving b, ∂C/∂a by moving
// a, neither with calculus.
func TestEquations73to75(t *testing.T) {
	for _, y := range []float64{0, 0.3, 1} {
		for _, z := range []float64{-1.5, -0.4, 0.9, 1.5} { // with w·x = 0.5, b = z − 0.5
			a := proof.Sigma(z)
			cost := func(a float64) float64 { return entropy([]float64{y})([]float64{a}) }
			byB := proof.Derivative(func(b float64) float64 { return cost(proof.Sigma(0.5 + b)) }, z-0.5)
			byA := proof.Derivative(cost, a)
			proof.Agree(t, "(73)", []float64{byB}, []float64{byA * proof.SigmaPrime(z)}, proof.Derived)
			proof.Agree(t, "(74)", []float64{byB}, []float64{byA * a * (1 - a)}, proof.Derived)
			proof.Agree(t, "(75)", []float64{byA}, []float64{(a - y) / (a * (1 - a))}, proof.Derived)
		}
	}
}

// integral returns ∫ of f from one point to another by Simpson's rule.
func integral(f func(x float64) float64, from, to float64) float64 {
	const steps = 1000
	h, sum := (to-from)/steps, f(from)+f(to)
	for i := 1; i < steps; i++ {
		sum += float64(2+2*(i%2)) * f(from+float64(i)*h)
	}
	return sum * h / 3
}

// Equation (76): C = −[y ln a + (1 − y) ln(1 − a)] + constant
// Equation (77): C = −1/n Σₓ [y ln a + (1 − y) ln(1 − a)] + constant
//
// (75) integrated numerically between two outputs is how far the cross-entropy rises
// between them; the constant cancels. (77) is the mean of that over the examples, from
// the outputs before a change of the weights to those after it.
func TestEquations76to77(t *testing.T) {
	slope := func(y float64) func(a float64) float64 {
		return func(a float64) float64 { return (a - y) / (a * (1 - a)) }
	}
	for _, y := range []float64{0, 0.3, 1} {
		rise := CrossEntropyCost{}.Fn(column(0.9), column(y)) - CrossEntropyCost{}.Fn(column(0.2), column(y))
		proof.Agree(t, "(76)", []float64{rise}, []float64{integral(slope(y), 0.2, 0.9)}, proof.Derived)
	}
	before, data := neuronData(CrossEntropyCost{})
	after := single(CrossEntropyCost{}, -0.4, 1.1, -0.2, 0.7)
	mean := 0.0
	for _, e := range data {
		from := proof.Sigma(proof.Dot(before.Weights[0].Data, e.X().Data) + 0.3)
		to := proof.Sigma(proof.Dot(after.Weights[0].Data, e.X().Data) - 0.4)
		mean += integral(slope(e.Y().Data[0]), from, to) / 5
	}
	proof.Agree(t, "(77)", []float64{after.TotalCost(data, 0) - before.TotalCost(data, 0)}, []float64{mean}, proof.Derived)
}

// Equation (99): δᴸ = aᴸ − y
//
// (66) once more, as the book's section on the code has it: Delta alone, for outputs all
// over (0, 1). It must not look at z.
func TestEquation99(t *testing.T) {
	for _, a := range []float64{0.001, 0.2, 0.5, 0.999} {
		for _, y := range []float64{0, 0.3, 1} {
			z := proof.Logit(a)
			right := proof.Derivative(func(z float64) float64 { return entropy([]float64{y})([]float64{proof.Sigma(z)}) }, z)
			left := CrossEntropyCost{}.Delta(column(math.NaN()), column(a), column(y))
			proof.Agree(t, "(99)", left.Data, []float64{right}, 1e-6)
		}
	}
}

// TestSlowdown runs the book's animation of the toy neuron: 300 steps of gradient
// descent. The quadratic cost starts badly from w = b = 2; the cross-entropy does not.
// The book's own figures for the cross-entropy come from another gradient, see
// docs/network2.md.
func TestSlowdown(t *testing.T) {
	example := []nn.Example{nn.NewExample(column(1), column(0))}
	for _, c := range []struct {
		cost               Cost
		toy                int
		eta                float64
		first, last, at100 float64
	}{
		{QuadraticCost{}, 0, 0.15, 0.8176, 0.0940, 0},
		{QuadraticCost{}, 1, 0.15, 0.9820, 0.2031, 0.9640},
		{CrossEntropyCost{}, 0, 0.15, 0.8176, 0.0116, 0},
		{CrossEntropyCost{}, 1, 0.15, 0.9820, 0.0120, 0},
	} {
		net := single(c.cost, toys[c.toy].b, toys[c.toy].w)
		output := func() float64 { return net.Feedforward(column(1)).Data[0] }
		within := func(what string, want float64) {
			if got := output(); math.Abs(got-want) > 5e-4 {
				t.Errorf("%T from w = %g: %s output %.4f, want %.4f", c.cost, toys[c.toy].w, what, got, want)
			}
		}
		within("first", c.first)
		for step := range 300 {
			if step == 100 && c.at100 > 0 {
				within("at step 100", c.at100)
			}
			net.UpdateMiniBatch(example, c.eta, 0, 1)
		}
		within("last", c.last)
	}
}
