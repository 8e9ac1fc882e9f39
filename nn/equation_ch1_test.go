package nn

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// perceptron is the rule of equation (1).
func perceptron(w, x []float64, threshold float64) int {
	if proof.Dot(w, x) > threshold {
		return 1
	}
	return 0
}

// perceptronWithBias is the rule of equation (2).
func perceptronWithBias(w, x []float64, b float64) int {
	if proof.Dot(w, x)+b > 0 {
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
	net := New([]int{3, 1}, rand.New(rand.NewPCG(1, 0)))
	w, b := net.Weights[0].Data, net.Biases[0].Data[0]
	x := []float64{0.3, 0.8, 0.5}
	right := 1 / (1 + math.Exp(-w[0]*x[0]-w[1]*x[1]-w[2]*x[2]-b))
	left := net.Feedforward(column1(x)).Data
	proof.Agree(t, "(4)", left, []float64{right}, proof.Exact)
}

// Equation (5): Δoutput ≈ Σⱼ ∂output/∂wⱼ Δwⱼ + ∂output/∂b Δb
//
// One neuron, all its weights and its bias moved a little. The change is that of the
// program's output; the derivatives are written out, ∂output/∂wⱼ = σ′(z)xⱼ and
// ∂output/∂b = σ′(z). The ≈ is to first order: see proof.FirstOrder.
func TestEquation5(t *testing.T) {
	net := New([]int{3, 1}, rand.New(rand.NewPCG(1, 0)))
	w, b := net.Weights[0].Data, net.Biases[0].Data
	x := []float64{0.3, 0.8, 0.5}
	output := func() float64 { return net.Feedforward(column1(x)).Data[0] }
	slope := proof.SigmaPrime(w[0]*x[0] + w[1]*x[1] + w[2]*x[2] + b[0])
	before, w0, b0 := output(), [3]float64(w), b[0]
	proof.FirstOrder(t, "(5)", func(h float64) (change, predicted float64) {
		deltaW, deltaB := [3]float64{2 * h, -1 * h, 3 * h}, 1.5*h
		for j := range w {
			w[j] = w0[j] + deltaW[j]
			predicted += slope * x[j] * deltaW[j]
		}
		b[0] = b0 + deltaB
		predicted += slope * deltaB
		return output() - before, predicted
	})
}

// Equation (6): C(w,b) ≡ 1/(2n) Σₓ ‖y(x) − a‖²
//
// Cost against the formula in plain loops, over five examples.
func TestEquation6(t *testing.T) {
	net, _, _ := pocketNetwork()
	data := pocketData(5)
	sum := 0.0
	for _, e := range data {
		_, a := written(net).Forward(e.X().Data)
		length := math.Hypot(e.Y().Data[0]-a[4][0], e.Y().Data[1]-a[4][1]) // ‖y(x) − a‖
		sum += length * length
	}
	proof.Agree(t, "(6)", []float64{net.Cost(data)}, []float64{sum / (2 * 5)}, proof.Exact)
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
	proof.FirstOrder(t, "(7)", func(h float64) (float64, float64) {
		dv := []float64{h, 3 * h}
		change := valley([]float64{v[0] + dv[0], v[1] + dv[1]}) - valley(v)
		predicted := 2*v[0]*dv[0] + 2*v[1]*dv[1]
		proof.Agree(t, "(7) and what it misses", []float64{change}, []float64{predicted + dv[0]*dv[0] + dv[1]*dv[1]}, tolerance)
		return change, predicted
	})
}

// Equation (8): ∇C ≡ (∂C/∂v₁, ∂C/∂v₂)ᵀ
//
// The valley's gradient, one variable moved at a time, against 2v.
func TestEquation8(t *testing.T) {
	v := []float64{1.5, -0.75}
	proof.Agree(t, "(8)", proof.Gradient(valley, v), []float64{2 * v[0], 2 * v[1]}, proof.Derived)
}

// Equation (9): ΔC ≈ ∇C·Δv
//
// The dot product of equation (7), in sixteen directions around the compass.
func TestEquation9(t *testing.T) {
	v := []float64{1.5, -0.75}
	gradient := proof.Gradient(valley, v)
	for i := range 16 {
		sin, cos := math.Sincos(math.Pi / 8 * (float64(i) + 0.3))
		proof.FirstOrder(t, "(9)", func(h float64) (float64, float64) {
			return valley([]float64{v[0] + h*cos, v[1] + h*sin}) - valley(v), proof.Dot(gradient, []float64{h * cos, h * sin})
		})
	}
}

// Equation (10): Δv = −η∇C
//
// The step goes downhill, by η‖∇C‖² to first order, and no other direction goes
// further down with a step of that length: 360 of them are tried.
func TestEquation10(t *testing.T) {
	v := []float64{1.5, -0.75}
	gradient := proof.Gradient(valley, v)
	proof.FirstOrder(t, "(10)", func(eta float64) (float64, float64) {
		dv := []float64{-eta * gradient[0], -eta * gradient[1]}
		return valley([]float64{v[0] + dv[0], v[1] + dv[1]}) - valley(v), -eta * proof.Dot(gradient, gradient)
	})
	length := 0.01 * math.Sqrt(proof.Dot(gradient, gradient)) // of the step for η = 0.01
	chosen := proof.Dot(gradient, []float64{-0.01 * gradient[0], -0.01 * gradient[1]})
	lowest := 0.0
	for degree := range 360 {
		sin, cos := math.Sincos(float64(degree) * math.Pi / 180)
		lowest = min(lowest, proof.Dot(gradient, []float64{length * cos, length * sin}))
	}
	t.Logf("(10): ∇C·Δv is %.9g for −η∇C, and %.9g in the best of 360 directions", chosen, lowest)
	// The best of them is at most half a degree from −∇C: the cosine of that is 0.99996.
	if lowest < chosen*(1+proof.Exact) || lowest > 0.9999*chosen {
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
			gradient := proof.Gradient(valley, v)
			v[0] -= eta * gradient[0]
			v[1] -= eta * gradient[1]
		}
		return v
	}
	for _, steps := range []int{1, 2, 10, 20} {
		shrunk := math.Pow(1-2*0.1, float64(steps))
		proof.Agree(t, "(11)", roll(0.1, steps), []float64{1.5 * shrunk, -0.75 * shrunk}, proof.Derived)
	}
	if c := valley(roll(0.1, 100)); c > 1e-15 {
		t.Errorf("(11): C is %g after 100 steps, want next to nothing", c)
	}
	grown := math.Pow(1-2*1.1, 10)
	proof.Agree(t, "(11), with η = 1.1", roll(1.1, 10), []float64{1.5 * grown, -0.75 * grown}, proof.Derived)
}

// bowl is a valley over any number m of variables, steeper along each next one:
// v₁² + 2v₂² + … + mvₘ². Its derivative with respect to vₖ is 2kvₖ.
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
	gradient := proof.Gradient(bowl, inBowl)
	for range 5 {
		direction := make([]float64, len(inBowl))
		for i := range direction {
			direction[i] = rng.Float64() - 0.5
		}
		proof.FirstOrder(t, "(12)", func(h float64) (float64, float64) {
			v, dv := make([]float64, len(inBowl)), make([]float64, len(inBowl))
			for i := range v {
				dv[i] = h * direction[i]
				v[i] = inBowl[i] + dv[i]
			}
			return bowl(v) - bowl(inBowl), proof.Dot(gradient, dv)
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
	proof.Agree(t, "(13)", proof.Gradient(bowl, inBowl), want, proof.Derived)
}

// Equation (14): Δv = −η∇C
//
// With five variables there are too many directions to try them all. A thousand
// at random, and none of them goes further down.
func TestEquation14(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	gradient := proof.Gradient(bowl, inBowl)
	steepest := math.Sqrt(proof.Dot(gradient, gradient)) // −∇C·Δv for a step of length 1
	most := 0.0
	for range 1000 {
		direction := make([]float64, len(gradient))
		for i := range direction {
			direction[i] = rng.NormFloat64()
		}
		length := math.Sqrt(proof.Dot(direction, direction))
		most = math.Max(most, -proof.Dot(gradient, direction)/length)
	}
	if most > steepest*(1+proof.Exact) || most < 0.5*steepest {
		t.Errorf("(14): the best of 1000 directions goes down by %g, the gradient by %g", most, steepest)
	}
	proof.FirstOrder(t, "(14)", func(h float64) (float64, float64) {
		eta, v := h/10, make([]float64, len(inBowl))
		for i := range v {
			v[i] = inBowl[i] - eta*gradient[i]
		}
		return bowl(v) - bowl(inBowl), -eta * proof.Dot(gradient, gradient)
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
		for i, d := range proof.Gradient(bowl, v) {
			v[i] -= eta * d
		}
	}
	for i := range want {
		want[i] = math.Pow(1-2*float64(i+1)*eta, steps) * inBowl[i]
	}
	proof.Agree(t, "(15)", v, want, proof.Derived)
}

// Equation (16): wₖ → wₖ′ = wₖ − η ∂C/∂wₖ
// Equation (17): bₗ → bₗ′ = bₗ − η ∂C/∂bₗ
//
// A mini-batch of all the data makes a step of plain gradient descent: against the
// central differences of C written out.
func TestEquations16to17(t *testing.T) {
	const eta = 0.5
	net, _, _ := pocketNetwork()
	data := pocketData(6)
	cost := writtenCost(net, data)
	nablaB, nablaW := written(net).Gradient(cost)
	before, costBefore := copyOf(net), cost()
	net.UpdateMiniBatch(data, eta)
	for i := range net.Sizes[1:] {
		proof.Agree(t, "(16)", moved(before.Weights[i].Data, net.Weights[i].Data), scaled(-eta, nablaW[i]), proof.Derived)
		proof.Agree(t, "(17)", moved(before.Biases[i].Data, net.Biases[i].Data), scaled(-eta, nablaB[i]), proof.Derived)
	}
	if c := cost(); c >= costBefore {
		t.Errorf("the step took C from %g to %g", costBefore, c)
	}
}

// estimate returns the program's estimate of ∇C from a mini-batch: its step divided by −η.
func estimate(net *Network, miniBatch []Example) []float64 {
	const eta = 0.5
	after := copyOf(net)
	after.UpdateMiniBatch(miniBatch, eta)
	return scaled(-1/eta, moved(flat(net.Biases, net.Weights), flat(after.Biases, after.Weights)))
}

// trueGradients returns ∇C over all the data and ∇Cₓ of each example, as central
// differences of (6) written out.
func trueGradients(net *Network, data []Example) (nablaC []float64, each [][]float64) {
	for i := range data {
		each = append(each, flatGradient(net, writtenCost(net, data[i:i+1])))
	}
	return flatGradient(net, writtenCost(net, data)), each
}

// distance2 returns ‖x − y‖².
func distance2(x, y []float64) float64 {
	d := moved(x, y)
	return proof.Dot(d, d)
}

// add adds y/divisor to x.
func add(x, y []float64, divisor float64) {
	for j := range x {
		x[j] += y[j] / divisor
	}
}

// Equation (18): (Σⱼ ∇C_Xⱼ)/m ≈ (Σₓ ∇Cₓ)/n = ∇C
//
// The = on the right: the mean of Backprop's ∇Cₓ over eight examples is the gradient of
// C, found by moving every parameter. The ≈ on the left is an estimate by a sample. From
// the eight, every mini-batch of one, of two, … is taken, and the program's estimate for
// it compared with ∇C: it is right in the mean over all mini-batches of m, and its mean
// square error is V/m·(n−m)/(n−1), where V is the mean of ‖∇Cₓ − ∇C‖².
func TestEquation18(t *testing.T) {
	const n = 8
	net, _, _ := pocketNetwork()
	data := pocketData(n)
	nablaC, each := trueGradients(net, data)
	variance := 0.0
	mean := make([]float64, len(nablaC))
	for i, e := range data {
		add(mean, flat(net.Backprop(e.X(), e.Y())), n)
		variance += distance2(each[i], nablaC) / n
	}
	proof.Agree(t, "(18), the right half", mean, nablaC, proof.Derived)

	var square, count [n + 1]float64
	means := make([][]float64, n+1) // of the estimates for each m
	for chosen := uint(1); chosen < 1<<n; chosen++ {
		var miniBatch []Example
		for i := range data {
			if chosen>>i&1 == 1 {
				miniBatch = append(miniBatch, data[i])
			}
		}
		m, nabla := bits.OnesCount(chosen), estimate(net, miniBatch)
		if means[m] == nil {
			means[m] = make([]float64, len(nabla))
		}
		add(means[m], nabla, 1)
		square[m] += distance2(nabla, nablaC)
		count[m]++
	}
	for m := 1; m <= n; m++ {
		proof.Agree(t, "(18), the mean of all estimates", scaled(1/count[m], means[m]), nablaC, proof.Derived)
		if m < n {
			want := variance / float64(m) * float64(n-m) / (n - 1)
			proof.Agree(t, "(18), their mean square error", []float64{square[m] / count[m]}, []float64{want}, 1e-6)
		}
	}
}

// Equation (19): ∇C ≈ (1/m) Σⱼ ∇C_Xⱼ
//
// Two hundred examples, and mini-batches drawn from them at random. The program's estimate
// of ∇C, which is its step divided by −η, differs from the true ∇C by √(V/m), where V is
// the mean of ‖∇Cₓ − ∇C‖²: four times as many examples make it twice as good. The true
// gradients are central differences of C. The root is over 1000 mini-batches, which makes
// it good to a few per cent; and most estimates point roughly where ∇C points.
func TestEquation19(t *testing.T) {
	const tolerance, draws = 0.1, 1000
	net, _, _ := pocketNetwork()
	data := pocketData(200)
	nablaC, each := trueGradients(net, data)
	variance := 0.0
	for _, nabla := range each {
		variance += distance2(nabla, nablaC) / float64(len(each))
	}
	rng := rand.New(rand.NewPCG(3, 0))
	for _, m := range []int{4, 16} {
		square, cosine := 0.0, 0.0
		for range draws {
			miniBatch := make([]Example, m)
			for i := range miniBatch {
				miniBatch[i] = data[rng.IntN(len(data))]
			}
			nabla := estimate(net, miniBatch)
			square += distance2(nabla, nablaC) / draws
			cosine += proof.Dot(nabla, nablaC) / math.Sqrt(proof.Dot(nabla, nabla)*proof.Dot(nablaC, nablaC)) / draws
		}
		proof.Agree(t, "(19), how far it is off", []float64{math.Sqrt(square)}, []float64{math.Sqrt(variance / float64(m))}, tolerance)
		if !(0.7 < cosine && cosine <= 1) {
			t.Errorf("(19): m = %d: the mean cosine to ∇C is %g", m, cosine)
		}
	}
}

// Equation (20): wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ
// Equation (21): bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ
//
// The step of a mini-batch against the sum of the gradients of its examples, each a
// central difference of its own cost: five examples in UpdateMiniBatch, and in a Trainer
// more than it holds as matrices at a time. η/m is neither 1 nor η nor m/η.
func TestEquations20to21(t *testing.T) {
	const eta = 0.7
	for _, c := range []struct {
		name   string
		m      int
		update func(net *Network, miniBatch []Example)
	}{
		{"UpdateMiniBatch", 5, func(net *Network, miniBatch []Example) { net.UpdateMiniBatch(miniBatch, eta) }},
		{"a long one in Trainer", partSize + 3, func(net *Network, miniBatch []Example) {
			(&Trainer{Biases: net.Biases, Weights: net.Weights}).Update(miniBatch, eta)
		}},
	} {
		net, _, _ := pocketNetwork()
		miniBatch := pocketData(c.m)
		sumB, sumW := sumOfGradients(net, miniBatch)
		before := copyOf(net)
		c.update(net, miniBatch)
		for i := range net.Sizes[1:] {
			proof.Agree(t, "(20), "+c.name, moved(before.Weights[i].Data, net.Weights[i].Data), scaled(-eta/float64(c.m), sumW[i]), proof.Derived)
			proof.Agree(t, "(21), "+c.name, moved(before.Biases[i].Data, net.Biases[i].Data), scaled(-eta/float64(c.m), sumB[i]), proof.Derived)
		}
	}
}

// sumOfGradients returns Σₓ ∂Cₓ/∂bˡ and Σₓ ∂Cₓ/∂wˡ at index l−2, each ∂Cₓ by moving the
// parameters.
func sumOfGradients(net *Network, miniBatch []Example) (sumB, sumW [][]float64) {
	for j := range miniBatch {
		nablaB, nablaW := written(net).Gradient(writtenCost(net, miniBatch[j:j+1]))
		if j == 0 {
			sumB, sumW = nablaB, nablaW
			continue
		}
		for i := range sumB {
			add(sumB[i], nablaB[i], 1)
			add(sumW[i], nablaW[i], 1)
		}
	}
	return sumB, sumW
}

// Equation (22): a′ = σ(wa + b)
//
// Feedforward of a network against the formula layer after layer, written out; and a
// network cut in two, the second part fed by the first.
func TestEquation22(t *testing.T) {
	net, x, _ := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	proof.Agree(t, "(22)", net.Feedforward(x).Data, a[4], proof.Exact)
	first := upTo(net, 3)
	second := Network{Sizes: net.Sizes[2:], Biases: net.Biases[2:], Weights: net.Weights[2:]}
	proof.Agree(t, "(22) in two parts", second.Feedforward(first.Feedforward(x)).Data, a[4], proof.Exact)
}
