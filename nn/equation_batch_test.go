package nn

import (
	"fmt"
	"testing"

	"nndl/nn/internal/proof"
)

// The equations in the form of a mini-batch: an example in each row of Aˡ, Zˡ, Δˡ
// and Y. Each is compared with what it stands for, example by example.

// pocketBatch returns pocketNetwork with a mini-batch of five, after a Trainer has
// computed the activations and errors of all of them.
func pocketBatch() (net *Network, miniBatch []Example, tr *Trainer) {
	net, _, _ = pocketNetwork()
	miniBatch = pocketData(5)
	tr = &Trainer{Biases: net.Biases, Weights: net.Weights}
	tr.backprop(miniBatch)
	return net, miniBatch, tr
}

// Equation (25), mini-batch: Aˡ = σ(Aˡ⁻¹(wˡ)ᵀ + 1(bˡ)ᵀ)
//
// Each row of Aˡ against the activations of its example, by plain loops.
func TestEquation25MiniBatch(t *testing.T) {
	net, miniBatch, tr := pocketBatch()
	for i, e := range miniBatch {
		_, a := written(net).Forward(e.X().Data)
		for l := 1; l <= 4; l++ {
			proof.Agree(t, fmt.Sprintf("(25), row %d of A, l = %d", i, l), tr.activations[l-1].Row(i), a[l], proof.Exact)
		}
	}
}

// Equation (30), mini-batch: Δᴸ = (Aᴸ − Y) ⊙ σ′(Zᴸ)
//
// Each row of Δᴸ against the error of its example, which is numerical.
func TestEquation30MiniBatch(t *testing.T) {
	net, miniBatch, tr := pocketBatch()
	for i, e := range miniBatch {
		right := errorsByDefinition(net, e.X(), e.Y())[4]
		proof.Agree(t, fmt.Sprintf("(30), row %d of Δ", i), tr.deltas[4-2].Row(i), right, proof.Derived)
	}
}

// Equation (BP2), mini-batch: Δˡ = (Δˡ⁺¹wˡ⁺¹) ⊙ σ′(Zˡ)
//
// Each row of Δˡ from the same row of Δˡ⁺¹, by plain loops. There is no transpose:
// the row of an example is already (δˡ)ᵀ. And against the errors by definition.
func TestEquationBP2MiniBatch(t *testing.T) {
	net, miniBatch, tr := pocketBatch()
	for i, e := range miniBatch {
		z, _ := written(net).Forward(e.X().Data)
		definition := errorsByDefinition(net, e.X(), e.Y())
		for l := 2; l <= 3; l++ {
			right := make([]float64, net.Sizes[l-1])
			for j := range right {
				for k, delta := range tr.deltas[l+1-2].Row(i) {
					right[j] += delta * net.Weights[l+1-2].At(k, j) * proof.SigmaPrime(z[l][j])
				}
			}
			proof.Agree(t, fmt.Sprintf("(BP2), row %d of Δ, l = %d", i, l), tr.deltas[l-2].Row(i), right, proof.Exact)
			proof.Agree(t, fmt.Sprintf("(BP2), row %d of Δ, l = %d, by definition", i, l), tr.deltas[l-2].Row(i), definition[l], proof.Derived)
		}
	}
}

// Equation (BP3), mini-batch: Σₓ ∂Cₓ/∂bˡ = (Δˡ)ᵀ1
// Equation (BP4), mini-batch: Σₓ ∂Cₓ/∂wˡ = (Δˡ)ᵀAˡ⁻¹
//
// The product with the column of ones is the sum of the rows. Both by plain loops
// over the examples, against Trainer and against the numerical gradient of the sum
// of their costs.
func TestEquationsBP3toBP4MiniBatch(t *testing.T) {
	net, miniBatch, tr := pocketBatch()
	byB, byW := sumOfGradients(net, miniBatch)
	nablaB, nablaW := tr.Gradient(miniBatch)
	for l := 2; l <= 4; l++ {
		sumB := make([]float64, net.Sizes[l-1])
		sumW := make([]float64, net.Sizes[l-1]*net.Sizes[l-2])
		for i := range miniBatch {
			for j, delta := range tr.deltas[l-2].Row(i) {
				sumB[j] += delta
				for k, a := range tr.activations[l-1-1].Row(i) {
					sumW[j*net.Sizes[l-2]+k] += delta * a
				}
			}
		}
		proof.Agree(t, fmt.Sprintf("(BP3), l = %d", l), sumB, byB[l-2], proof.Derived)
		proof.Agree(t, fmt.Sprintf("(BP3), l = %d, Trainer", l), nablaB[l-2].Data, sumB, proof.Exact)
		proof.Agree(t, fmt.Sprintf("(BP4), l = %d", l), sumW, byW[l-2], proof.Derived)
		proof.Agree(t, fmt.Sprintf("(BP4), l = %d, Trainer", l), nablaW[l-2].Data, sumW, proof.Exact)
	}
}

// Equation (20), mini-batch: wˡ → wˡ − (η/m)(Δˡ)ᵀAˡ⁻¹
// Equation (21), mini-batch: bˡ → bˡ − (η/m)(Δˡ)ᵀ1
//
// The step of a Trainer against the numerical gradient of the mini-batch's cost,
// whose mean has the 1/m in it.
func TestEquations20to21MiniBatch(t *testing.T) {
	const eta = 3.0
	net, miniBatch, tr := pocketBatch()
	nablaB, nablaW := written(net).Gradient(writtenCost(net, miniBatch))
	before := copyOf(net)
	tr.Update(miniBatch, eta)
	for i := range net.Sizes[1:] {
		proof.Agree(t, "(20)", moved(before.Weights[i].Data, net.Weights[i].Data), scaled(-eta, nablaW[i]), proof.Derived)
		proof.Agree(t, "(21)", moved(before.Biases[i].Data, net.Biases[i].Data), scaled(-eta, nablaB[i]), proof.Derived)
	}
}
