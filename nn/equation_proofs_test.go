package nn

import (
	"fmt"
	"testing"
)

// jacobian returns ∂f_k/∂v_j at [k][j], by moving one v_j at a time.
func jacobian(f func(v []float64) []float64, v []float64) [][]float64 {
	rows := make([][]float64, len(f(v)))
	for k := range rows {
		rows[k] = numerical(func(v []float64) float64 { return f(v)[k] }, v)
	}
	return rows
}

// Equation (36): δᴸⱼ = ∂C/∂zᴸⱼ
// Equation (37): δᴸⱼ = Σₖ ∂C/∂aᴸₖ ∂aᴸₖ/∂zᴸⱼ
// Equation (38): δᴸⱼ = ∂C/∂aᴸⱼ ∂aᴸⱼ/∂zᴸⱼ
// Equation (39): δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)
//
// The proof of BP1, line by line. Every derivative is numerical but the σ′ of the
// last line, so each line is computed in its own way; Backprop's δᴸ is the left.
func TestEquations36to39(t *testing.T) {
	n, x, y := pocketNetwork()
	z, a := forward(n, x.Data)
	byA := numerical(func(a []float64) float64 { return costOf(y.Data, a) }, a[4]) // ∂C/∂aᴸₖ
	aByZ := jacobian(sigmoids, z[4])                                               // ∂aᴸₖ/∂zᴸⱼ
	line36 := numerical(func(z []float64) float64 { return costOf(y.Data, sigmoids(z)) }, z[4])
	line37, line38, line39 := make([]float64, 2), make([]float64, 2), make([]float64, 2)
	for j := range 2 {
		for k := range 2 {
			line37[j] += byA[k] * aByZ[k][j]
			if k != j && aByZ[k][j] != 0 { // why line (38) may leave the sum out
				t.Errorf("neuron %d's activation depends on neuron %d's z: ∂a/∂z = %g", k, j, aByZ[k][j])
			}
		}
		line38[j] = byA[j] * aByZ[j][j]
		line39[j] = byA[j] * SigmoidPrime(z[4][j])
	}
	left := errorsByBackprop(n, x, y)[4]
	agree(t, "(36)", left, line36, derived)
	agree(t, "(37)", left, line37, derived)
	agree(t, "(38)", left, line38, derived)
	agree(t, "(39)", left, line39, derived)
}

// Equation (40): δˡⱼ = ∂C/∂zˡⱼ
// Equation (41): δˡⱼ = Σₖ ∂C/∂zˡ⁺¹ₖ ∂zˡ⁺¹ₖ/∂zˡⱼ
// Equation (42): δˡⱼ = Σₖ ∂zˡ⁺¹ₖ/∂zˡⱼ δˡ⁺¹ₖ
//
// The proof of BP2 begins: C depends on zˡⱼ by way of all zˡ⁺¹ₖ. The derivatives
// are numerical; the δs, the left and those in (42), are Backprop's.
func TestEquations40to42(t *testing.T) {
	n, x, y := pocketNetwork()
	z, _ := forward(n, x.Data)
	delta := errorsByBackprop(n, x, y)
	for l := 2; l <= 3; l++ {
		byZ := numerical(func(z []float64) float64 { return costFrom(n, l, z, y.Data) }, z[l])
		byNext := numerical(func(z []float64) float64 { return costFrom(n, l+1, z, y.Data) }, z[l+1])
		zByZ := jacobian(func(z []float64) []float64 { return weightedInput(n, l+1, sigmoids(z)) }, z[l])
		line41, line42 := make([]float64, len(z[l])), make([]float64, len(z[l]))
		for j := range z[l] {
			for k := range z[l+1] {
				line41[j] += byNext[k] * zByZ[k][j]
				line42[j] += zByZ[k][j] * delta[l+1][k]
			}
		}
		agree(t, fmt.Sprintf("(40), l = %d", l), delta[l], byZ, derived)
		agree(t, fmt.Sprintf("(41), l = %d", l), delta[l], line41, derived)
		agree(t, fmt.Sprintf("(42), l = %d", l), delta[l], line42, derived)
	}
}

// Equation (43): zˡ⁺¹ₖ = Σⱼ wˡ⁺¹ₖⱼaˡⱼ + bˡ⁺¹ₖ = Σⱼ wˡ⁺¹ₖⱼσ(zˡⱼ) + bˡ⁺¹ₖ
//
// Both sums against the program: the activation of layer l+1 that Feedforward
// gives is σ of them.
func TestEquation43(t *testing.T) {
	n, x, _ := pocketNetwork()
	z, a := forward(n, x.Data)
	for l := 2; l <= 3; l++ {
		first, second := make([]float64, len(z[l+1])), make([]float64, len(z[l+1]))
		for k := range z[l+1] {
			for j := range z[l] {
				first[k] += weight(n, l+1, k, j) * a[l][j]
				second[k] += weight(n, l+1, k, j) * Sigmoid(z[l][j])
			}
			first[k] += bias(n, l+1, k)
			second[k] += bias(n, l+1, k)
		}
		left := upTo(n, l+1).Feedforward(x).Data
		agree(t, fmt.Sprintf("(43), l = %d, by a", l), left, sigmoids(first), exact)
		agree(t, fmt.Sprintf("(43), l = %d, by z", l), left, sigmoids(second), exact)
	}
}

// Equation (44): ∂zˡ⁺¹ₖ/∂zˡⱼ = wˡ⁺¹ₖⱼσ′(zˡⱼ)
//
// The left side numerically, for every pair of neurons of two layers.
func TestEquation44(t *testing.T) {
	n, x, _ := pocketNetwork()
	z, _ := forward(n, x.Data)
	for l := 2; l <= 3; l++ {
		left := jacobian(func(z []float64) []float64 { return weightedInput(n, l+1, sigmoids(z)) }, z[l])
		for k := range left {
			right := make([]float64, len(z[l]))
			for j := range right {
				right[j] = weight(n, l+1, k, j) * SigmoidPrime(z[l][j])
			}
			agree(t, fmt.Sprintf("(44), l = %d, k = %d", l, k), left[k], right, derived)
		}
	}
}

// Equation (45): δˡⱼ = Σₖ wˡ⁺¹ₖⱼδˡ⁺¹ₖσ′(zˡⱼ)
//
// BP2 in components, and the end of its proof. The left by definition; on the
// right Backprop's δ of the layer above.
func TestEquation45(t *testing.T) {
	n, x, y := pocketNetwork()
	z, _ := forward(n, x.Data)
	definition, delta := errorsByDefinition(n, x.Data, y.Data), errorsByBackprop(n, x, y)
	for l := 2; l <= 3; l++ {
		right := make([]float64, len(z[l]))
		for j := range right {
			for k := range z[l+1] {
				right[j] += weight(n, l+1, k, j) * delta[l+1][k] * SigmoidPrime(z[l][j])
			}
		}
		agree(t, fmt.Sprintf("(45), l = %d", l), definition[l], right, derived)
		agree(t, fmt.Sprintf("(45), l = %d, Backprop", l), delta[l], right, derived)
	}
}
