package nn

// The equations of chapter 5. (114) to (122) are of the book's simplest deep network, four
// neurons in a row, each with one input. Its neuron j is the only one of layer j + 1.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// chain returns the chain of four neurons, its input a₀ and a desired output. A bias of NaN
// is chosen so that z of its neuron is 0.
func chain(w, b [4]float64) (net *Network, x, y *matrix.Matrix) {
	net = &Network{Sizes: []int{1, 1, 1, 1, 1}}
	a := 0.7
	x, y = column1([]float64{a}), column1([]float64{0.2})
	for j := range w {
		if math.IsNaN(b[j]) {
			b[j] = -w[j] * a
		}
		net.Weights = append(net.Weights, column1(w[j:j+1]))
		net.Biases = append(net.Biases, column1(b[j:j+1]))
		a = proof.Sigma(w[j]*a + b[j])
	}
	return net, x, y
}

// links are weights and biases without any pattern.
var links = [2][4]float64{{1.3, -0.8, 2.1, 0.9}, {0.4, -0.3, -0.6, 0.2}}

// changed returns by how much zⱼ, aⱼ and C change when b₁ changes, z and a counted from 1.
func changed(net *Network, x, y *matrix.Matrix, db float64) (dz, da []float64, dC float64) {
	z, a := written(net).Forward(x.Data)
	b := &net.Biases[0].Data[0]
	was := *b
	*b += db
	movedZ, movedA := written(net).Forward(x.Data)
	*b = was
	cost := proof.Quadratic(y.Data)
	dz, da = make([]float64, 5), make([]float64, 5)
	for j := 1; j <= 4; j++ {
		dz[j], da[j] = movedZ[j+1][0]-z[j+1][0], movedA[j+1][0]-a[j+1][0]
	}
	return dz, da, cost(movedA[5]) - cost(a[5])
}

// Equation (114): ∂C/∂b₁ ≈ ΔC/Δb₁
//
// On the left Backprop's derivative. A tenth of the change is ten times closer, which is
// what its ≈ means.
func TestEquation114(t *testing.T) {
	net, x, y := chain(links[0], links[1])
	nablaB, _ := net.Backprop(x, y)
	apart := func(db float64) float64 {
		_, _, dC := changed(net, x, y, db)
		return dC/db - nablaB[0].Data[0]
	}
	proof.Agree(t, "(114), the difference", []float64{apart(1e-2) / apart(1e-3)}, []float64{10}, 0.1)
	_, _, dC := changed(net, x, y, 1e-6)
	proof.Agree(t, "(114)", []float64{nablaB[0].Data[0]}, []float64{dC / 1e-6}, 1e-4)
}

// Equation (115): Δa₁ ≈ ∂σ(w₁a₀ + b₁)/∂b₁ Δb₁
// Equation (116): Δa₁ ≈ σ′(z₁)Δb₁
// Equation (117): Δz₂ ≈ ∂z₂/∂a₁ Δa₁
// Equation (118): Δz₂ ≈ w₂Δa₁
// Equation (119): Δz₂ ≈ σ′(z₁)w₂Δb₁
//
// The change of b₁, and what reaches the next neuron. z₂ is a linear function of a₁, so
// the ≈ of (117) and (118) is =.
func TestEquations115to119(t *testing.T) {
	net, x, y := chain(links[0], links[1])
	z, a := written(net).Forward(x.Data)
	w1, w2, b1, b2 := links[0][0], links[0][1], links[1][0], links[1][1]
	slope := proof.Derivative(func(b float64) float64 { return proof.Sigma(w1*x.Data[0] + b) }, b1)
	ofA := proof.Derivative(func(a float64) float64 { return w2*a + b2 }, a[2][0])
	for name, factor := range map[string]float64{"(115)": slope, "(116)": SigmoidPrime(z[2][0])} {
		proof.FirstOrder(t, name, func(db float64) (float64, float64) {
			_, da, _ := changed(net, x, y, db)
			return da[1], factor * db
		})
	}
	dz, da, _ := changed(net, x, y, 0.1)
	proof.Agree(t, "(117)", dz[2:3], []float64{ofA * da[1]}, proof.Derived)
	proof.Agree(t, "(118)", dz[2:3], []float64{w2 * da[1]}, proof.Exact)
	proof.FirstOrder(t, "(119)", func(db float64) (float64, float64) {
		dz, _, _ := changed(net, x, y, db)
		return dz[2], SigmoidPrime(z[2][0]) * w2 * db
	})
}

// product122 is the right side of (122), written out.
func product122(net *Network, x, y *matrix.Matrix) float64 {
	z, a := written(net).Forward(x.Data)
	product := a[5][0] - y.Data[0] // ∂C/∂a₄ of the quadratic cost
	for j := 4; j >= 1; j-- {
		product *= proof.SigmaPrime(z[j+1][0])
		if j > 1 {
			product *= written(net).Weight(j+1, 0, 0)
		}
	}
	return product
}

// Equation (120): ΔC ≈ σ′(z₁)w₂σ′(z₂) … σ′(z₄) ∂C/∂a₄ Δb₁
//
// The change of b₁ at the far end of the chain.
func TestEquation120(t *testing.T) {
	net, x, y := chain(links[0], links[1])
	proof.FirstOrder(t, "(120)", func(db float64) (float64, float64) {
		_, _, dC := changed(net, x, y, db)
		return dC, product122(net, x, y) * db
	})
}

// Equation (121): ∂C/∂b₁ = σ′(z₁)w₂σ′(z₂) … σ′(z₄) ∂C/∂a₄
// Equation (122): ∂C/∂b₁ = σ′(z₁) w₂σ′(z₂) w₃σ′(z₃) w₄σ′(z₄) ∂C/∂a₄
//
// Backprop's derivative and the product. Each wⱼσ′(zⱼ) is less than 1/4 in size where
// |wⱼ| is less than 1. The book's example where the gradient explodes: all w are 100 and all z
// are 0, and each factor is 25.
func TestEquations121to122(t *testing.T) {
	chosen := [4]float64{math.NaN(), math.NaN(), math.NaN(), math.NaN()}
	for name, c := range map[string][2][4]float64{"": links, ", exploding": {{100, 100, 100, 100}, chosen}} {
		net, x, y := chain(c[0], c[1])
		nablaB, _ := net.Backprop(x, y)
		proof.Agree(t, "(121) and (122)"+name, nablaB[0].Data, []float64{product122(net, x, y)}, proof.Exact)
		if name != "" {
			for j := range 3 {
				proof.Agree(t, fmt.Sprintf("(122), neuron %d beside neuron %d", j+1, j+2), nablaB[j].Data, []float64{25 * nablaB[j+1].Data[0]}, proof.Exact)
			}
			continue
		}
		nabla, _ := written(net).Gradient(writtenCost(net, []Example{NewExample(x, y)}))
		proof.Agree(t, "(121), moving b₁", nablaB[0].Data, nabla[0], proof.Derived)
	}
}

// widthByDefinition returns how wide the range of the activations a is in which
// |wσ′(wa + b)| ≥ 1, by bisection. The slope of σ is steepest in the middle, at wa + b = 0.
func widthByDefinition(w, b float64) float64 {
	large := func(a float64) bool { return math.Abs(w*SigmoidPrime(w*a+b)) >= 1 }
	middle := -b / w
	if !large(middle) {
		return 0
	}
	edge := func(outside float64) float64 {
		inside := middle
		for range 100 {
			if a := (inside + outside) / 2; large(a) {
				inside = a
			} else {
				outside = a
			}
		}
		return inside
	}
	return edge(middle+10) - edge(middle-10)
}

// Equation (123): (2/∣w∣) ln(∣w∣(1 + √(1 − 4/∣w∣))/2 − 1)
//
// On the left the width found by looking where the factor is at least 1. It is nowhere
// if |w| < 4, since σ′ is at most 1/4. The greatest width is 0.4477, at |w| = 6.894: the
// book's "about 0.45 at |w| ≈ 6.9".
func TestEquation123(t *testing.T) {
	width := func(w float64) float64 {
		w = math.Abs(w)
		return 2 / w * math.Log(w*(1+math.Sqrt(1-4/w))/2-1)
	}
	for _, w := range []float64{4.01, 5, -6.9, 10, 50, -300} {
		proof.Agree(t, fmt.Sprintf("(123), w = %g", w), []float64{widthByDefinition(w, 0.6)}, []float64{width(w)}, 1e-9)
	}
	if found := widthByDefinition(3.99, 0.6); found != 0 {
		t.Errorf("(123): w = 3.99 has a width of %g, want none", found)
	}
	best := 4.0
	for w := 4.0; w < 100; w += 1e-3 {
		if width(w) > width(best) {
			best = w
		}
	}
	proof.Agree(t, "(123), the greatest", []float64{best, widthByDefinition(best, 0.6)}, []float64{6.894, 0.44774}, 1e-4)
}

// Equation (124): δˡ = Σ′(zˡ)(wˡ⁺¹)ᵀΣ′(zˡ⁺¹)(wˡ⁺²)ᵀ … Σ′(zᴸ)∇ₐC
//
// (35) for every layer of a network with three hidden layers: one product of matrices,
// written out, on the left Backprop's errors, and beside them the errors by definition.
func TestEquation124(t *testing.T) {
	net := New([]int{3, 4, 3, 5, 2}, rand.New(rand.NewPCG(3, 0)))
	x, y := column1([]float64{0.9, 0.2, 0.6}), column1([]float64{0.8, 0.3})
	z, a := written(net).Forward(x.Data)
	left, delta := errorsByBackprop(net, x, y), errorsByDefinition(net, x, y)
	for l := 2; l <= 5; l++ {
		right := sigmaPrime(z[l])
		for above := l + 1; above <= 5; above++ {
			right = product(product(right, transpose(net.Weights[above-2])), sigmaPrime(z[above]))
		}
		proof.Agree(t, fmt.Sprintf("(124), l = %d", l), left[l], times(right, moved(y.Data, a[5])), proof.Exact)
		proof.Agree(t, fmt.Sprintf("(124), l = %d, moving z", l), delta[l], left[l], proof.Derived)
	}
}
