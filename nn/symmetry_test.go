package nn

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"nndl/nn/internal/proof"
)

// Which hidden neuron is which does not matter to the network: with the neurons of a
// hidden layer in another order, and their weights and biases with them, it gives the same
// outputs, and the gradient is the same numbers in that order. A wrong index anywhere in
// the backward pass breaks this, without any numerical derivative.
func TestPermutedNeurons(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	for _, method := range gradientMethods {
		for _, l := range []int{2, 3} { // the hidden layers
			net, miniBatch := gradientCase([]int{4, 6, 5, 3}, 4)
			order := rng.Perm(net.Sizes[l-1])
			other := permuted(net, l, order)
			proof.Agree(t, "the output", other.Feedforward(miniBatch[0].X()).Data, net.Feedforward(miniBatch[0].X()).Data, proof.Exact)
			nablaB, nablaW := method.gradient(net, miniBatch)
			gotB, gotW := method.gradient(other, miniBatch)
			want := permuted(&Network{Sizes: net.Sizes, Biases: nablaB, Weights: nablaW}, l, order)
			for i := range gotB {
				proof.Agree(t, fmt.Sprintf("%s, layer %d in the order %v: ∂C/∂b of layer %d", method.name, l, order, i+2), gotB[i].Data, want.Biases[i].Data, proof.Exact)
				proof.Agree(t, fmt.Sprintf("%s, layer %d in the order %v: ∂C/∂w of layer %d", method.name, l, order, i+2), gotW[i].Data, want.Weights[i].Data, proof.Exact)
			}
		}
	}
}

// permuted returns net with the neurons of layer l in another order: the rows of wˡ and
// bˡ, and the columns of wˡ⁺¹.
func permuted(net *Network, l int, order []int) *Network {
	p := copyOf(net)
	for j, from := range order {
		copy(p.Weights[l-2].Row(j), net.Weights[l-2].Row(from))
		p.Biases[l-2].Data[j] = net.Biases[l-2].Data[from]
		for k := range p.Weights[l+1-2].Rows {
			p.Weights[l+1-2].Set(k, j, net.Weights[l+1-2].At(k, from))
		}
	}
	return p
}
