// Package nn is the neural network of Michael Nielsen's book “Neural Networks
// and Deep Learning” (http://neuralnetworksanddeeplearning.com).
//
// network.go is the book's program network.py, function by function and name by
// name, with the shape of every matrix in a comment and the number of every
// equation on the line that computes it. Read it beside chapters 1 and 2;
// docs/network.md walks through it.
//
// # Conventions
//
// They are the book's. Vectors are columns. Layers are counted from 1, the input,
// to L, the output. wˡⱼₖ is the weight from neuron k of layer l−1 to neuron j of
// layer l, so wˡ has a row for each neuron of layer l and a column for each of
// layer l−1. The input layer has neither weights nor biases, and no σ: a¹ is x.
// For the book's network, [784,30,10]:
//
//	l  aˡ      wˡ      bˡ, zˡ, δˡ
//	1  784×1                       the pixels, each byte/256
//	2  30×1    30×784  30×1
//	3  10×1    10×30   10×1        an output for each digit
//
// A matrix or an example of a shape that does not fit the network is a mistake in the
// program and panics, with both shapes.
//
// # Backpropagation
//
// [Network.Backprop] is five steps. Given one example, x and the output y that is
// wanted for it:
//
//	(1) Input          a¹ = x
//	(2) Feedforward    zˡ = wˡaˡ⁻¹ + bˡ, aˡ = σ(zˡ)   for l = 2, 3, …, L   equation (25)
//	(3) Output error   δᴸ = (aᴸ − y) ⊙ σ′(zᴸ)                             (30)
//	(4) Backpropagate  δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)    for l = L−1, …, 2   (BP2)
//	(5) Gradient       ∂C/∂bˡ = δˡ, ∂C/∂wˡ = δˡ(aˡ⁻¹)ᵀ                    (BP3), (BP4)
//
// The example of Backprop does it by hand, with numbers that come out even. The
// command cmd/explain does it for a digit and shows every step.
//
// # Training
//
// [Network.UpdateMiniBatch] takes the mean gradient over a mini-batch and goes a
// step of length η against it, (20) and (21). [Network.SGD] does so for all
// examples, epoch after epoch, and prints after each how many test examples
// [Network.Evaluate] finds right.
//
// A [Batch] takes the same steps with a whole mini-batch as matrices. It is the
// faster by far; network.go is the definition of what it computes, and a test
// holds the two together.
//
// # Is it right?
//
// [Network.NumericalGradient] is the gradient without any calculus: each parameter
// is moved a little and the cost watched. The tests compare backpropagation with it
// and with what network.py itself computes. Break a line of network.go and run
// go test to see it found.
package nn
