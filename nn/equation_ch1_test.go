package nn

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
)

// perceptron is the rule of equation (1).
func perceptron(w, x []float64, threshold float64) int {
	if dot(w, x) > threshold {
		return 1
	}
	return 0
}

// perceptronWithBias is the rule of equation (2).
func perceptronWithBias(w, x []float64, b float64) int {
	if dot(w, x)+b > 0 {
		return 1
	}
	return 0
}

// Equation (1): output = 0 if Σⱼ wⱼxⱼ ≤ threshold, 1 if Σⱼ wⱼxⱼ > threshold
//
// The book's festival: the weather weighs 6, company and the bus 2 each. With
// threshold 5 the weather alone decides; with 3, company and the bus together
// decide as well. All numbers are whole, so there is nothing to tolerate.
func TestEquation1(t *testing.T) {
	w := []float64{6, 2, 2}
	for i := range 8 {
		weather, company, bus := i&1, i>>1&1, i>>2&1
		x := []float64{float64(weather), float64(company), float64(bus)}
		t.Logf("(1): weather, company, bus %v: %d with threshold 5, %d with threshold 3", x, perceptron(w, x, 5), perceptron(w, x, 3))
		if got, want := perceptron(w, x, 5), weather; got != want {
			t.Errorf("threshold 5, x %v: output %d, want %d", x, got, want)
		}
		if got, want := perceptron(w, x, 3), weather|company&bus; got != want {
			t.Errorf("threshold 3, x %v: output %d, want %d", x, got, want)
		}
	}
	if got := perceptron(w, []float64{0, 1, 1}, 4); got != 0 {
		t.Errorf("a sum of exactly the threshold gives %d, want 0", got)
	}
}

// nand is the book's perceptron for it: weights −2, −2 and bias 3.
func nand(x1, x2 int) int {
	return perceptronWithBias([]float64{-2, -2}, []float64{float64(x1), float64(x2)}, 3)
}

// adder is the book's circuit of NAND gates that adds two bits.
func adder(x1, x2 int) (sum, carry int) {
	both := nand(x1, x2)
	sum = nand(nand(x1, both), nand(x2, both))
	carry = nand(both, both) // two lines from one gate: in all a weight of −4
	return sum, carry
}

// Equation (2): output = 0 if w·x + b ≤ 0, 1 if w·x + b > 0
//
// With b = −threshold it is equation (1); it makes a NAND gate, NAND gates make
// an adder, and adders add numbers. With weights a thousand times as large a
// sigmoid neuron does the same. All numbers are whole.
func TestEquation2(t *testing.T) {
	gate := New([]int{2, 1}, rand.New(rand.NewPCG(1, 0)))
	gate.Weights[0] = matrix.FromSlice(1, 2, []float64{-2000, -2000})
	gate.Biases[0] = matrix.FromSlice(1, 1, []float64{3000})
	for i := range 4 {
		x1, x2 := i&1, i>>1
		x := []float64{float64(x1), float64(x2)}
		want := 1 - x1&x2
		if got := nand(x1, x2); got != want {
			t.Errorf("NAND of %d and %d is %d, want %d", x1, x2, got, want)
		}
		if got := perceptron([]float64{-2, -2}, x, -3); got != want {
			t.Errorf("NAND of %d and %d by equation (1) is %d, want %d", x1, x2, got, want)
		}
		if got := gate.Feedforward(matrix.FromSlice(2, 1, x)).At(0, 0); got != float64(want) {
			t.Errorf("NAND of %d and %d by a sigmoid neuron is %g, want %d", x1, x2, got, want)
		}
		sum, carry := adder(x1, x2)
		if 2*carry+sum != x1+x2 {
			t.Errorf("%d + %d: sum %d, carry %d", x1, x2, sum, carry)
		}
		t.Logf("(2): x %v: NAND %d; as a sum %d, carry %d", x, nand(x1, x2), sum, carry)
	}
	if got := perceptronWithBias([]float64{-2, -2}, []float64{1, 1}, 4); got != 0 {
		t.Errorf("w·x + b = 0 gives %d, want 0", got)
	}
	for x := range 16 {
		for y := range 16 {
			if got := addNumbers(x, y); got != x+y {
				t.Errorf("%d + %d by NAND gates is %d", x, y, got)
			}
		}
	}
}

// addNumbers adds numbers of four bits by adders, bit by bit as on paper.
func addNumbers(x, y int) int {
	result, carry := 0, 0
	for i := range 4 {
		half, carry1 := adder(x>>i&1, y>>i&1)
		sum, carry2 := adder(half, carry)
		result |= sum << i
		carry = nand(nand(carry1, carry1), nand(carry2, carry2)) // one or the other
	}
	return result | carry<<4
}

// Equation (3): σ(z) ≡ 1/(1 + e⁻ᶻ)
//
// Against the hyperbolic tangent, which math computes in another way; where one
// knows the value, since the odds σ(z) : σ(−z) are eᶻ : 1 and so 3 : 1 at z = ln 3;
// and those odds themselves, which show the small values far below zero.
func TestEquation3(t *testing.T) {
	const tolerance = 4e-15 // of numbers near 1: a few roundings, and the last digit of Exp and Tanh
	check := func(z, want float64) {
		if got := Sigmoid(z); !(math.Abs(got-want) <= tolerance) {
			t.Errorf("σ(%g) = %.17g, want %.17g", z, got, want)
		}
	}
	for z := -40.0; z <= 40; z += 0.25 {
		check(z, (1+math.Tanh(z/2))/2)
		if odds := Sigmoid(z) / Sigmoid(-z) / math.Exp(z); !(math.Abs(odds-1) <= tolerance) {
			t.Errorf("σ(%g) : σ(%g) is %.17g times e to the z", z, -z, odds)
		}
	}
	check(0, 0.5)
	check(math.Log(3), 0.75)
	check(-math.Log(3), 0.25)
	check(1000, 1)
	check(-1000, 0) // e¹⁰⁰⁰ overflows, and the result is right
	for _, z := range []float64{-5, -1, 0, 1, 5} {
		t.Logf("(3): σ(%g) = %.16f, by tanh %.16f", z, Sigmoid(z), (1+math.Tanh(z/2))/2)
	}
}

// Equation (4): 1/(1 + exp(−Σⱼ wⱼxⱼ − b))
//
// A network of one neuron with three inputs against the formula, written out.
func TestEquation4(t *testing.T) {
	n := New([]int{3, 1}, rand.New(rand.NewPCG(1, 0)))
	w, b := n.Weights[0].Data, n.Biases[0].Data[0]
	x := []float64{0.3, 0.8, 0.5}
	right := 1 / (1 + math.Exp(-w[0]*x[0]-w[1]*x[1]-w[2]*x[2]-b))
	left := n.Feedforward(matrix.FromSlice(3, 1, x)).Data
	agree(t, "(4)", left, []float64{right}, exact)
}

// Equation (5): Δoutput ≈ Σⱼ ∂output/∂wⱼ Δwⱼ + ∂output/∂b Δb
//
// One neuron, all of its weights and its bias moved a little. The ≈ is held as
// firstOrder says.
func TestEquation5(t *testing.T) {
	n := New([]int{3, 1}, rand.New(rand.NewPCG(1, 0)))
	w, b := n.Weights[0].Data, n.Biases[0].Data
	x := matrix.FromSlice(3, 1, []float64{0.3, 0.8, 0.5})
	output := func() float64 { return n.Feedforward(x).Data[0] }
	var byW [3]float64
	for j := range w {
		byW[j] = NumericalDerivative(output, &w[j], step)
	}
	byB := NumericalDerivative(output, &b[0], step)
	before, w0, b0 := output(), [3]float64(w), b[0]
	firstOrder(t, "(5)", func(h float64) (change, predicted float64) {
		deltaW, deltaB := [3]float64{2 * h, -1 * h, 3 * h}, 1.5*h
		for j := range w {
			w[j] = w0[j] + deltaW[j]
			predicted += byW[j] * deltaW[j]
		}
		b[0] = b0 + deltaB
		predicted += byB * deltaB
		return output() - before, predicted
	})
}

// Equation (6): C(w,b) ≡ 1/(2n) Σₓ ‖y(x) − a‖²
//
// Cost against the formula in plain loops, over five examples.
func TestEquation6(t *testing.T) {
	n, _, _ := pocketNetwork()
	data := pocketData(5)
	sum := 0.0
	for _, e := range data {
		_, a := forward(n, e.X().Data)
		length := math.Hypot(e.Y().Data[0]-a[4][0], e.Y().Data[1]-a[4][1]) // ‖y(x) − a‖
		sum += length * length
	}
	agree(t, "(6)", []float64{n.Cost(data)}, []float64{sum / (2 * 5)}, exact)
}

// valley is the cost of the book's picture, a bowl over two variables in which a
// ball rolls down.
func valley(v []float64) float64 { return v[0]*v[0] + v[1]*v[1] }

// Equation (7): ΔC ≈ ∂C/∂v₁ Δv₁ + ∂C/∂v₂ Δv₂
//
// In the valley v₁² + v₂² the derivatives are 2v₁ and 2v₂, and what the right
// side misses is Δv₁² + Δv₂², to the last digits that the difference of two costs
// near 3 has.
func TestEquation7(t *testing.T) {
	const tolerance = 1e-11
	v := []float64{1.5, -0.75}
	firstOrder(t, "(7)", func(h float64) (float64, float64) {
		dv := []float64{h, 3 * h}
		change := valley([]float64{v[0] + dv[0], v[1] + dv[1]}) - valley(v)
		predicted := 2*v[0]*dv[0] + 2*v[1]*dv[1]
		agree(t, "(7) and what it misses", []float64{change}, []float64{predicted + dv[0]*dv[0] + dv[1]*dv[1]}, tolerance)
		return change, predicted
	})
}

// Equation (8): ∇C ≡ (∂C/∂v₁, ∂C/∂v₂)ᵀ
//
// The valley's gradient, one variable moved at a time, against 2v.
func TestEquation8(t *testing.T) {
	v := []float64{1.5, -0.75}
	agree(t, "(8)", numerical(valley, v), []float64{2 * v[0], 2 * v[1]}, derived)
}

// Equation (9): ΔC ≈ ∇C·Δv
//
// The dot product of equation (7), in sixteen directions around the compass.
func TestEquation9(t *testing.T) {
	v := []float64{1.5, -0.75}
	gradient := numerical(valley, v)
	for i := range 16 {
		sin, cos := math.Sincos(math.Pi / 8 * (float64(i) + 0.3))
		firstOrder(t, "(9)", func(h float64) (float64, float64) {
			return valley([]float64{v[0] + h*cos, v[1] + h*sin}) - valley(v), dot(gradient, []float64{h * cos, h * sin})
		})
	}
}

// Equation (10): Δv = −η∇C
//
// The step goes downhill, by η‖∇C‖² to first order, and no other direction goes
// further down with a step of that length: 360 of them are tried.
func TestEquation10(t *testing.T) {
	v := []float64{1.5, -0.75}
	gradient := numerical(valley, v)
	firstOrder(t, "(10)", func(eta float64) (float64, float64) {
		dv := []float64{-eta * gradient[0], -eta * gradient[1]}
		return valley([]float64{v[0] + dv[0], v[1] + dv[1]}) - valley(v), -eta * dot(gradient, gradient)
	})
	length := 0.01 * math.Sqrt(dot(gradient, gradient)) // of the step for η = 0.01
	chosen := dot(gradient, []float64{-0.01 * gradient[0], -0.01 * gradient[1]})
	lowest := 0.0
	for degree := range 360 {
		sin, cos := math.Sincos(float64(degree) * math.Pi / 180)
		lowest = min(lowest, dot(gradient, []float64{length * cos, length * sin}))
	}
	t.Logf("(10): ∇C·Δv is %.9g for −η∇C, and %.9g in the best of 360 directions", chosen, lowest)
	// The best of them is at most half a degree from −∇C: the cosine of that is 0.99996.
	if lowest < chosen*(1+exact) || lowest > 0.9999*chosen {
		t.Errorf("(10): ∇C·Δv is %.9g for −η∇C, and %.9g in the best of 360 directions", chosen, lowest)
	}
}

// Equation (11): v → v′ = v − η∇C
//
// Step after step the ball comes to the bottom. In this valley a step takes v to
// (1 − 2η)v, so t steps take it to (1 − 2η)ᵗv. With η above 1 it is thrown out.
func TestEquation11(t *testing.T) {
	roll := func(eta float64, steps int) []float64 {
		v := []float64{1.5, -0.75}
		for range steps {
			gradient := numerical(valley, v)
			v[0] -= eta * gradient[0]
			v[1] -= eta * gradient[1]
		}
		return v
	}
	for _, steps := range []int{1, 2, 10, 20} {
		shrunk := math.Pow(1-2*0.1, float64(steps))
		agree(t, "(11)", roll(0.1, steps), []float64{1.5 * shrunk, -0.75 * shrunk}, derived)
	}
	if c := valley(roll(0.1, 100)); c > 1e-15 {
		t.Errorf("(11): C is %g after 100 steps, want next to nothing", c)
	}
	grown := math.Pow(1-2*1.1, 10)
	agree(t, "(11), with η = 1.1", roll(1.1, 10), []float64{1.5 * grown, -0.75 * grown}, derived)
}

// bowl is a valley over any number m of variables, steeper along each next one:
// v₁² + 2v₂² + … + mvₘ². Its derivative by vₖ is 2kvₖ.
func bowl(v []float64) float64 {
	sum := 0.0
	for i, vi := range v {
		sum += float64(i+1) * vi * vi
	}
	return sum
}

var inBowl = []float64{1, -2, 0.5, 3, -1.5}

// Equation (12): ΔC ≈ ∇C·Δv
//
// The same as (9), with five variables.
func TestEquation12(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	gradient := numerical(bowl, inBowl)
	for range 5 {
		direction := make([]float64, len(inBowl))
		for i := range direction {
			direction[i] = rng.Float64() - 0.5
		}
		firstOrder(t, "(12)", func(h float64) (float64, float64) {
			v, dv := make([]float64, len(inBowl)), make([]float64, len(inBowl))
			for i := range v {
				dv[i] = h * direction[i]
				v[i] = inBowl[i] + dv[i]
			}
			return bowl(v) - bowl(inBowl), dot(gradient, dv)
		})
	}
}

// Equation (13): ∇C ≡ (∂C/∂v₁, …, ∂C/∂vₘ)ᵀ
//
// The gradient has a number for each variable: 2kvₖ in the bowl.
func TestEquation13(t *testing.T) {
	want := make([]float64, len(inBowl))
	for i, v := range inBowl {
		want[i] = 2 * float64(i+1) * v
	}
	agree(t, "(13)", numerical(bowl, inBowl), want, derived)
}

// Equation (14): Δv = −η∇C
//
// With five variables there are too many directions to try them all. A thousand
// at random, and none of them goes further down.
func TestEquation14(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	gradient := numerical(bowl, inBowl)
	steepest := math.Sqrt(dot(gradient, gradient)) // −∇C·Δv for a step of length 1
	most := 0.0
	for range 1000 {
		direction := make([]float64, len(gradient))
		for i := range direction {
			direction[i] = rng.NormFloat64()
		}
		length := math.Sqrt(dot(direction, direction))
		most = math.Max(most, -dot(gradient, direction)/length)
	}
	if most > steepest*(1+exact) || most < 0.5*steepest {
		t.Errorf("(14): the best of 1000 directions goes down by %g, the gradient by %g", most, steepest)
	}
	firstOrder(t, "(14)", func(h float64) (float64, float64) {
		eta, v := h/10, make([]float64, len(inBowl))
		for i := range v {
			v[i] = inBowl[i] - eta*gradient[i]
		}
		return bowl(v) - bowl(inBowl), -eta * dot(gradient, gradient)
	})
}

// Equation (15): v → v′ = v − η∇C
//
// In the bowl t steps take vₖ to (1 − 2kη)ᵗvₖ.
func TestEquation15(t *testing.T) {
	const eta, steps = 0.05, 10
	v, want := make([]float64, len(inBowl)), make([]float64, len(inBowl))
	copy(v, inBowl)
	for range steps {
		for i, d := range numerical(bowl, v) {
			v[i] -= eta * d
		}
	}
	for i := range want {
		want[i] = math.Pow(1-2*float64(i+1)*eta, steps) * inBowl[i]
	}
	agree(t, "(15)", v, want, derived)
}

// Equation (16): wₖ → wₖ′ = wₖ − η ∂C/∂wₖ
// Equation (17): bₗ → bₗ′ = bₗ − η ∂C/∂bₗ
//
// A mini-batch of all the data makes a step of plain gradient descent: against
// the numerical derivatives of C itself.
func TestEquations16to17(t *testing.T) {
	const eta = 0.5
	n, _, _ := pocketNetwork()
	data := pocketData(6)
	nablaB, nablaW := n.NumericalGradient(func() float64 { return n.Cost(data) }, step)
	before, costBefore := n.clone(), n.Cost(data)
	n.UpdateMiniBatch(data, eta)
	for i := range n.Sizes[1:] {
		agree(t, "(16)", moved(before.Weights[i], n.Weights[i]), scaled(-eta, nablaW[i]), derived)
		agree(t, "(17)", moved(before.Biases[i], n.Biases[i]), scaled(-eta, nablaB[i]), derived)
	}
	if c := n.Cost(data); c >= costBefore {
		t.Errorf("the step took C from %g to %g", costBefore, c)
	}
}

// moved returns how far an update has moved each parameter.
func moved(before, after *matrix.Matrix) []float64 {
	return new(matrix.Matrix).Sub(after, before).Data
}

func scaled(alpha float64, x *matrix.Matrix) []float64 {
	return new(matrix.Matrix).Scale(alpha, x).Data
}

// gradients returns ∇C_x of every example, each as one vector.
func gradients(n *Network, data []Example) [][]float64 {
	var all [][]float64
	for _, e := range data {
		all = append(all, flat(n.Backprop(e.X(), e.Y())))
	}
	return all
}

// mean returns the mean of those vectors whose bit is set in chosen.
func mean(vectors [][]float64, chosen uint) []float64 {
	sum := make([]float64, len(vectors[0]))
	for i, v := range vectors {
		if chosen>>i&1 == 1 {
			for j := range v {
				sum[j] += v[j] / float64(bits.OnesCount(chosen))
			}
		}
	}
	return sum
}

// distance2 returns ‖x − y‖².
func distance2(x, y []float64) float64 {
	sum := 0.0
	for i := range x {
		sum += (x[i] - y[i]) * (x[i] - y[i])
	}
	return sum
}

// Equation (18): (Σⱼ ∇C_Xⱼ)/m ≈ (Σₓ ∇Cₓ)/n = ∇C
//
// Eight examples, and of them every mini-batch of one, of two, … that there is.
// The mean over all examples is the numerical gradient of C. The mean over a
// mini-batch is an estimate of it: right in the mean over all mini-batches, and
// with a mean square of the error of V/m·(n−m)/(n−1), V being that for m = 1.
// This is an identity, so all that separates the two sides is rounding.
func TestEquation18(t *testing.T) {
	network, _, _ := pocketNetwork()
	data := pocketData(8)
	const n = 8
	each := gradients(network, data)
	nablaC := mean(each, 1<<n-1)
	byDefinition := flat(network.NumericalGradient(func() float64 { return network.Cost(data) }, step))
	agree(t, "(18), right side", nablaC, byDefinition, derived)

	var square, count [n + 1]float64
	means := make([][]float64, n+1) // of the estimates for each m
	for chosen := uint(1); chosen < 1<<n; chosen++ {
		m := bits.OnesCount(chosen)
		estimate := mean(each, chosen)
		if means[m] == nil {
			means[m] = make([]float64, len(estimate))
		}
		for j := range estimate {
			means[m][j] += estimate[j]
		}
		square[m] += distance2(estimate, nablaC)
		count[m]++
	}
	for m := 1; m <= n; m++ {
		for j := range means[m] {
			means[m][j] /= count[m]
		}
		agree(t, "(18), the mean of all estimates", means[m], nablaC, exact)
		if m < n {
			want := square[1] / count[1] / float64(m) * float64(n-m) / (n - 1)
			agree(t, "(18), their mean square error", []float64{square[m] / count[m]}, []float64{want}, exact)
		}
	}
}

// Equation (19): ∇C ≈ (1/m) Σⱼ ∇C_Xⱼ
//
// A thousand examples, and mini-batches drawn from them at random. The estimate of
// a mini-batch is wrong by √(V/m), V being the mean of ‖∇Cₓ − ∇C‖²: four times as
// many examples make it twice as good, and 25 are enough to point very much where
// the whole gradient points. The means are over 2000 mini-batches, which makes
// them good to two or three per cent. And the estimate is what the program goes by:
// the step of a mini-batch, divided by −η, is the mean of its gradients.
func TestEquation19(t *testing.T) {
	const tolerance = 0.1
	n, _, _ := pocketNetwork()
	data := pocketData(1000)
	each := gradients(n, data)
	nablaC := make([]float64, len(each[0]))
	for _, g := range each {
		for j := range g {
			nablaC[j] += g[j] / float64(len(each))
		}
	}
	variance := 0.0
	for _, g := range each {
		variance += distance2(g, nablaC) / float64(len(each))
	}
	rng := rand.New(rand.NewPCG(3, 0))
	for _, m := range []int{25, 100} {
		wrong, cosine := estimates(each, nablaC, m, rng)
		agree(t, "(19), how far it is wrong", []float64{wrong}, []float64{math.Sqrt(variance / float64(m))}, tolerance)
		if !(0.9 < cosine && cosine <= 1) {
			t.Errorf("(19): m = %d: cosine to ∇C is %g", m, cosine)
		}
	}
	const eta, m = 0.5, 25
	after := n.clone()
	after.UpdateMiniBatch(data[:m], eta)
	step, before := flat(after.Biases, after.Weights), flat(n.Biases, n.Weights)
	for i := range step {
		step[i] = (step[i] - before[i]) / -eta
	}
	agree(t, "(19), the step of the program", step, mean(each[:m], 1<<m-1), exact)
}

// estimates returns how far the estimates of 2000 mini-batches of m vectors are
// from nablaC, the root of the mean square, and their mean cosine to it.
func estimates(each [][]float64, nablaC []float64, m int, rng *rand.Rand) (wrong, cosine float64) {
	const count = 2000
	for range count {
		estimate := make([]float64, len(nablaC))
		for range m {
			for j, v := range each[rng.IntN(len(each))] {
				estimate[j] += v / float64(m)
			}
		}
		wrong += distance2(estimate, nablaC) / count
		cosine += dot(estimate, nablaC) / math.Sqrt(dot(estimate, estimate)*dot(nablaC, nablaC)) / count
	}
	return math.Sqrt(wrong), cosine
}

// Equation (20): wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ
// Equation (21): bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ
//
// The step of a mini-batch of three against the numerical gradients of its three
// examples, each taken alone.
func TestEquations20to21(t *testing.T) {
	const eta, m = 3.0, 3
	n, _, _ := pocketNetwork()
	miniBatch := pocketData(m)
	sumB, sumW := zerosLike(n.Biases), zerosLike(n.Weights)
	for j := range miniBatch {
		nablaB, nablaW := n.NumericalGradient(func() float64 { return n.Cost(miniBatch[j : j+1]) }, step)
		for i := range sumB {
			sumB[i].Add(sumB[i], nablaB[i])
			sumW[i].Add(sumW[i], nablaW[i])
		}
	}
	before := n.clone()
	n.UpdateMiniBatch(miniBatch, eta)
	for i := range n.Sizes[1:] {
		agree(t, "(20)", moved(before.Weights[i], n.Weights[i]), scaled(-eta/m, sumW[i]), derived)
		agree(t, "(21)", moved(before.Biases[i], n.Biases[i]), scaled(-eta/m, sumB[i]), derived)
	}
}

// Equation (22): a′ = σ(wa + b)
//
// Feedforward of a network against the formula layer after layer, in plain loops;
// and a network cut in two, the second part fed by the first.
func TestEquation22(t *testing.T) {
	n, x, _ := pocketNetwork()
	_, a := forward(n, x.Data)
	agree(t, "(22)", n.Feedforward(x).Data, a[4], exact)
	first := Network{Sizes: n.Sizes[:3], Biases: n.Biases[:2], Weights: n.Weights[:2]}
	second := Network{Sizes: n.Sizes[2:], Biases: n.Biases[2:], Weights: n.Weights[2:]}
	agree(t, "(22) in two parts", second.Feedforward(first.Feedforward(x)).Data, a[4], exact)
}
