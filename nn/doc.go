// Package nn is the neural network of Michael Nielsen's book “Neural Networks
// and Deep Learning” (http://neuralnetworksanddeeplearning.com).
//
// Read the files in this order; docs/network.md walks through the first.
//
//	network.go    the book's program network.py, function by function and name by name,
//	              with the shape of every matrix in a comment and the number of every
//	              equation on the line that computes it; for chapters 1 and 2
//	example.go    the pair (x, y) that it learns from
//	gradcheck.go  the cost, and its gradient without any calculus
//	trainer.go    a whole mini-batch as matrices: the same steps, much faster
//	save.go       saved networks, as network2.py writes them; load.go reads them
//
// Chapter 3 is package network2.
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
// A matrix or an example whose shape does not fit the network is a mistake in the program:
// the methods panic and name both shapes.
//
// # Backpropagation
//
// [Network.Backprop] takes five steps. Given one example, an input x and its target y:
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
// [Network.UpdateMiniBatch] computes the mean gradient over a mini-batch and moves the
// parameters by η times the gradient against it, (20) and (21). [Network.SGD] does so for
// all examples, epoch after epoch, and prints after each how many test examples
// [Network.Evaluate] finds right.
//
// A [Trainer] takes the same steps with a whole mini-batch as matrices, and [MiniBatches]
// hands it the data. It is much faster; network.go is the definition of what it computes,
// and tests compare the two.
//
// # Is it right?
//
// [Network.NumericalGradient] is the gradient without any calculus: it moves each parameter
// a little and watches the cost. The tests compare backpropagation with it and with what
// network.py itself computes. Break a line of network.go and run go test: a test fails.
package nn
