package nn

import (
	"fmt"
	"slices"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// Chapter 2 ends with the big picture: a change of one weight runs to the cost
// along every path through the network, and the gradient is the sum over the
// paths. The paths here begin at w²₁₀, from neuron 0 of the input to neuron 1 of
// layer 2, in the network of layers 3, 4, 3, 2: so l = 2 and L = 4.
const (
	pathL, pathJ, pathK = 2, 1, 0
)

// The changes in these tests are those of the program's activations; the derivatives
// that predict them are written out.

// nudged returns the program's activations of all layers, a[l], after the weight is moved
// by dw.
func nudged(net *Network, x *matrix.Matrix, dw float64) (a [][]float64) {
	w := &net.Weights[pathL-2].Row(pathJ)[pathK]
	was := *w
	*w += dw
	a = [][]float64{nil, x.Data}
	for l := 2; l <= len(net.Sizes); l++ {
		a = append(a, upTo(net, l).Feedforward(x).Data)
	}
	*w = was
	return a
}

// Equation (47): ΔC ≈ ∂C/∂wˡⱼₖ Δwˡⱼₖ
//
// The derivative is Backprop's, the change is the cost's.
func TestEquation47(t *testing.T) {
	net, x, y := pocketNetwork()
	_, a := written(net).Forward(x.Data)
	_, nablaW := net.Backprop(x, y)
	cost := proof.Quadratic(y.Data)
	proof.FirstOrder(t, "(47)", func(dw float64) (float64, float64) {
		after := nudged(net, x, dw)
		return cost(after[4]) - cost(a[4]), nablaW[pathL-2].At(pathJ, pathK) * dw
	})
}

// firstLink returns ∂aˡⱼ/∂wˡⱼₖ: the weight acts on z as aˡ⁻¹ₖ, and z on a as σ′.
func firstLink(z, a [][]float64, l, j, k int) float64 { return proof.SigmaPrime(z[l][j]) * a[l-1][k] }

// link returns ∂aˡ⁺¹_q/∂aˡⱼ.
func link(net *Network, z [][]float64, l, q, j int) float64 {
	return proof.SigmaPrime(z[l+1][q]) * net.Weights[l+1-2].At(q, j)
}

// Equation (48): Δaˡⱼ ≈ ∂aˡⱼ/∂wˡⱼₖ Δwˡⱼₖ
//
// The weight moves the activation of its own neuron, and of no other in layer l.
func TestEquation48(t *testing.T) {
	net, x, _ := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	proof.FirstOrder(t, "(48)", func(dw float64) (float64, float64) {
		after := nudged(net, x, dw)
		for j := range a[pathL] {
			if (after[pathL][j] != a[pathL][j]) != (j == pathJ) {
				t.Errorf("(48): neuron %d of layer 2 went from %g to %g", j, a[pathL][j], after[pathL][j])
			}
		}
		return after[pathL][pathJ] - a[pathL][pathJ], firstLink(z, a, pathL, pathJ, pathK) * dw
	})
}

// Equation (49): Δaˡ⁺¹_q ≈ ∂aˡ⁺¹_q/∂aˡⱼ Δaˡⱼ
//
// Every neuron q of the next layer, from how far aˡⱼ itself was moved.
func TestEquation49(t *testing.T) {
	net, x, _ := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	next := Network{Sizes: net.Sizes[pathL-1 : pathL+1], Biases: net.Biases[pathL-1 : pathL], Weights: net.Weights[pathL-1 : pathL]}
	for q := range a[pathL+1] {
		proof.FirstOrder(t, fmt.Sprintf("(49), q = %d", q), func(da float64) (float64, float64) {
			input := slices.Clone(a[pathL])
			input[pathJ] += da
			after := next.Feedforward(column1(input)).Data
			return after[q] - a[pathL+1][q], link(net, z, pathL, q, pathJ) * da
		})
	}
}

// Equation (50): Δaˡ⁺¹_q ≈ ∂aˡ⁺¹_q/∂aˡⱼ ∂aˡⱼ/∂wˡⱼₖ Δwˡⱼₖ
//
// (48) put into (49).
func TestEquation50(t *testing.T) {
	net, x, _ := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	for q := range a[pathL+1] {
		proof.FirstOrder(t, fmt.Sprintf("(50), q = %d", q), func(dw float64) (float64, float64) {
			after := nudged(net, x, dw)
			return after[pathL+1][q] - a[pathL+1][q],
				link(net, z, pathL, q, pathJ) * firstLink(z, a, pathL, pathJ, pathK) * dw
		})
	}
}

// alongPath returns how far C moves when a change dw of wˡⱼₖ may only pass through
// the neurons of one path, one in each layer from l = path[0] on: all others keep
// their activations.
func alongPath(net *Network, a [][]float64, y []float64, l, k int, path []int, dw float64) float64 {
	w := &net.Weights[l-2].Row(path[0])[k]
	was := *w
	*w += dw
	moved := a[l-1]
	for i, j := range path {
		next := slices.Clone(a[l+i])
		next[j] = proof.Sigma(written(net).Z(l+i, moved)[j])
		moved = next
		*w = was
	}
	return proof.Quadratic(y)(moved) - proof.Quadratic(y)(a[len(a)-1])
}

// rate returns the product of the derivatives along a path from wˡⱼₖ to the cost.
func rate(net *Network, z, a [][]float64, nablaA []float64, l, k int, path []int) float64 {
	r := firstLink(z, a, l, path[0], k)
	for i := range path[1:] {
		r *= link(net, z, l+i, path[i+1], path[i])
	}
	return r * nablaA[path[len(path)-1]] // ∂C/∂aᴸₘ
}

// paths returns every way from neuron j of layer l to the last layer, as the list
// of the neurons that it goes through.
func paths(net *Network, l, j int) [][]int {
	if l == len(net.Sizes) {
		return [][]int{{j}}
	}
	var all [][]int
	for q := range net.Sizes[l] { // layer l+1
		for _, rest := range paths(net, l+1, q) {
			all = append(all, append([]int{j}, rest...))
		}
	}
	return all
}

// Equation (51): ΔC ≈ ∂C/∂aᴸₘ ∂aᴸₘ/∂aᴸ⁻¹ₙ ∂aᴸ⁻¹ₙ/∂aᴸ⁻²ₚ … ∂aˡ⁺¹_q/∂aˡⱼ ∂aˡⱼ/∂wˡⱼₖ Δwˡⱼₖ
//
// One path at a time: only the neurons on it are allowed to follow the change.
func TestEquation51(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	nablaA := moved(y.Data, a[4]) // aᴸ − y
	for _, path := range paths(net, pathL, pathJ) {
		proof.FirstOrder(t, fmt.Sprintf("(51), by neurons %v", path), func(dw float64) (float64, float64) {
			return alongPath(net, a, y.Data, pathL, pathK, path, dw), rate(net, z, a, nablaA, pathL, pathK, path) * dw
		})
	}
}

// sumOverPaths returns the sum of the rates of all paths from wˡⱼₖ.
func sumOverPaths(net *Network, z, a [][]float64, nablaA []float64, l, j, k int) float64 {
	sum := 0.0
	for _, path := range paths(net, l, j) {
		sum += rate(net, z, a, nablaA, l, k, path)
	}
	return sum
}

// Equation (52): ΔC ≈ Σₘₙₚ…_q ∂C/∂aᴸₘ ∂aᴸₘ/∂aᴸ⁻¹ₙ ∂aᴸ⁻¹ₙ/∂aᴸ⁻²ₚ … ∂aˡ⁺¹_q/∂aˡⱼ ∂aˡⱼ/∂wˡⱼₖ Δwˡⱼₖ
//
// All paths together, 3·2 of them, give the change of the cost itself.
func TestEquation52(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	nablaA := moved(y.Data, a[4]) // aᴸ − y
	if got := len(paths(net, pathL, pathJ)); got != 3*2 {
		t.Errorf("(52): %d paths, want 6", got)
	}
	cost := proof.Quadratic(y.Data)
	proof.FirstOrder(t, "(52)", func(dw float64) (float64, float64) {
		after := nudged(net, x, dw)
		return cost(after[4]) - cost(a[4]), sumOverPaths(net, z, a, nablaA, pathL, pathJ, pathK) * dw
	})
}

// Equation (53): ∂C/∂wˡⱼₖ = Σₘₙₚ…_q ∂C/∂aᴸₘ ∂aᴸₘ/∂aᴸ⁻¹ₙ ∂aᴸ⁻¹ₙ/∂aᴸ⁻²ₚ … ∂aˡ⁺¹_q/∂aˡⱼ ∂aˡⱼ/∂wˡⱼₖ
//
// Every weight of the network: the sum over its paths, written out, is Backprop's
// gradient to the last digits. Backpropagation gets that sum without walking the paths,
// whose number is the product of the sizes of all layers above.
func TestEquation53(t *testing.T) {
	net, x, y := pocketNetwork()
	z, a := written(net).Forward(x.Data)
	nablaA := moved(y.Data, a[4]) // aᴸ − y
	_, nablaW := net.Backprop(x, y)
	for l := 2; l <= 4; l++ {
		var right []float64 // row after row, as in the matrix
		for j := range net.Sizes[l-1] {
			for k := range net.Sizes[l-2] {
				right = append(right, sumOverPaths(net, z, a, nablaA, l, j, k))
			}
		}
		proof.Agree(t, fmt.Sprintf("(53), l = %d, %d paths a weight", l, len(paths(net, l, 0))), nablaW[l-2].Data, right, proof.Exact)
	}
}
