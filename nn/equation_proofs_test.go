package nn

import (
	"fmt"
	"testing"

	"nndl/nn/internal/proof"
)

// Equation (36): δᴸⱼ = ∂C/∂zᴸⱼ
// Equation (37): δᴸⱼ = Σₖ ∂C/∂aᴸₖ ∂aᴸₖ/∂zᴸⱼ
// Equation (38): δᴸⱼ = ∂C/∂aᴸⱼ ∂aᴸⱼ/∂zᴸⱼ
// Equation (39): δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)
//
// The proof of BP1, line by line, each computed in its own way; Backprop's δᴸ is the
// left. Moving bᴸⱼ moves zᴸⱼ by as much and nothing else, so ∂aᴸₖ/∂zᴸⱼ is how the output k
// of Feedforward changes with bᴸⱼ. It does not change at all for k ≠ j, which is why (38)
// may drop the sum.
func TestEquations36to39(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	cost := proof.Quadratic(y.Data)
	byA := proof.Gradient(cost, a[4]) // ∂C/∂aᴸₖ
	bL := net.Biases[4-2].Data
	aByZ := proof.Jacobian(func(b []float64) []float64 { // ∂aᴸₖ/∂zᴸⱼ
		before := [2]float64(bL)
		defer copy(bL, before[:])
		copy(bL, b)
		return net.Feedforward(x).Data
	}, []float64{bL[0], bL[1]})
	line36 := proof.Gradient(func(z []float64) float64 { return cost(proof.Each(proof.Sigma, z)) }, z[4])
	line37, line38, line39 := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	for j := range 2 {
		for k := range 2 {
			line37[j] += byA[k] * aByZ[k][j]
			if k != j && aByZ[k][j] != 0 {
				t.Errorf("neuron %d's activation depends on neuron %d's z: ∂a/∂z = %g", k, j, aByZ[k][j])
			}
		}
		line38[j] = byA[j] * aByZ[j][j]
		line39[j] = byA[j] * proof.SigmaPrime(z[4][j])
	}
	left := errorsByBackprop(net, x, y)[4]
	proof.Agree(t, "(36)", left, line36, proof.Derived)
	proof.Agree(t, "(37)", left, line37, proof.Derived)
	proof.Agree(t, "(38)", left, line38, proof.Derived)
	proof.Agree(t, "(39)", left, line39, proof.Derived)
}

// nextZ returns zˡ⁺¹ as a function of zˡ.
func nextZ(net *Network, l int) func(z []float64) []float64 {
	return func(z []float64) []float64 { return written(net).Z(l+1, proof.Each(proof.Sigma, z)) }
}

// Equation (40): δˡⱼ = ∂C/∂zˡⱼ
// Equation (41): δˡⱼ = Σₖ ∂C/∂zˡ⁺¹ₖ ∂zˡ⁺¹ₖ/∂zˡⱼ
// Equation (42): δˡⱼ = Σₖ ∂zˡ⁺¹ₖ/∂zˡⱼ δˡ⁺¹ₖ
//
// The proof of BP2 begins: C depends on zˡⱼ through all zˡ⁺¹ₖ. The derivatives
// are numerical, of functions written out; the δs, the left and those in (42), are
// Backprop's.
func TestEquations40to42(t *testing.T) {
	net, x, y := pocketNetwork()
	z, _ := written(net).Forward(x.Data)
	delta, definition := errorsByBackprop(net, x, y), errorsByDefinition(net, x, y)
	for l := 2; l <= 3; l++ {
		zByZ := proof.Jacobian(nextZ(net, l), z[l])
		line41, line42 := make([]float64, len(z[l])), make([]float64, len(z[l]))
		for j := range z[l] {
			for k := range z[l+1] {
				line41[j] += definition[l+1][k] * zByZ[k][j]
				line42[j] += zByZ[k][j] * delta[l+1][k]
			}
		}
		proof.Agree(t, fmt.Sprintf("(40), l = %d", l), delta[l], definition[l], proof.Derived)
		proof.Agree(t, fmt.Sprintf("(41), l = %d", l), delta[l], line41, proof.Derived)
		proof.Agree(t, fmt.Sprintf("(42), l = %d", l), delta[l], line42, proof.Derived)
	}
}

// Equation (43): zˡ⁺¹ₖ = Σⱼ wˡ⁺¹ₖⱼaˡⱼ + bˡ⁺¹ₖ = Σⱼ wˡ⁺¹ₖⱼσ(zˡⱼ) + bˡ⁺¹ₖ
//
// On the left the program's z, which is ln(a/(1 − a)) of the activation that Backprop
// computes in layer l+1. The first sum has the activations that it computes in layer l, the
// second has σ written out of a z written out.
func TestEquation43(t *testing.T) {
	net, x, _ := pocketNetwork()
	z, _ := written(net).Forward(x.Data)
	const tolerance = 1e-12 // the logarithm adds to the rounding of a
	a := activationsOfBackprop(net, x)
	for l := 2; l <= 3; l++ {
		first, second := make([]float64, len(z[l+1])), make([]float64, len(z[l+1]))
		for k := range z[l+1] {
			for j := range z[l] {
				first[k] += net.Weights[l+1-2].At(k, j) * a[l][j]
				second[k] += net.Weights[l+1-2].At(k, j) * proof.Sigma(z[l][j])
			}
			first[k] += net.Biases[l+1-2].At(k, 0)
			second[k] += net.Biases[l+1-2].At(k, 0)
		}
		left := proof.Each(proof.Logit, a[l+1])
		proof.Agree(t, fmt.Sprintf("(43), l = %d, by a", l), left, first, tolerance)
		proof.Agree(t, fmt.Sprintf("(43), l = %d, by z", l), left, second, tolerance)
	}
}

// Equation (44): ∂zˡ⁺¹ₖ/∂zˡⱼ = wˡ⁺¹ₖⱼσ′(zˡⱼ)
//
// The left side numerically, for every pair of neurons of two layers; the σ′ on the right
// is the program's.
func TestEquation44(t *testing.T) {
	net, x, _ := pocketNetwork()
	z, _ := written(net).Forward(x.Data)
	for l := 2; l <= 3; l++ {
		left := proof.Jacobian(nextZ(net, l), z[l])
		for k := range left {
			right := make([]float64, len(z[l]))
			for j := range right {
				right[j] = net.Weights[l+1-2].At(k, j) * SigmoidPrime(z[l][j])
			}
			proof.Agree(t, fmt.Sprintf("(44), l = %d, k = %d", l, k), left[k], right, proof.Derived)
		}
	}
}

// Equation (45): δˡⱼ = Σₖ wˡ⁺¹ₖⱼδˡ⁺¹ₖσ′(zˡⱼ)
//
// BP2 in components, and the end of its proof. The left by definition and from Backprop;
// on the right Backprop's δ of the layer above, the rest written out.
func TestEquation45(t *testing.T) {
	net, x, y := pocketNetwork()
	z, _ := written(net).Forward(x.Data)
	definition, delta := errorsByDefinition(net, x, y), errorsByBackprop(net, x, y)
	for l := 2; l <= 3; l++ {
		right := make([]float64, len(z[l]))
		for j := range right {
			for k := range z[l+1] {
				right[j] += net.Weights[l+1-2].At(k, j) * delta[l+1][k] * proof.SigmaPrime(z[l][j])
			}
		}
		proof.Agree(t, fmt.Sprintf("(45), l = %d", l), definition[l], right, proof.Derived)
		proof.Agree(t, fmt.Sprintf("(45), l = %d, Backprop", l), delta[l], right, proof.Exact)
	}
}
