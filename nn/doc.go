// Package nn is the neural network of Michael Nielsen's book “Neural Networks
// and Deep Learning” (http://neuralnetworksanddeeplearning.com).
//
// network.go is the book's program network.py, function by function and name by
// name, with the shape of every matrix in a comment and the number of every
// equation on the line that computes it. Read it beside chapters 1 and 2.
//
// The conventions are the book's. Vectors are columns. Layers are counted from 1,
// the input, to L, the output. wˡⱼₖ is the weight from neuron k of layer l−1 to
// neuron j of layer l, so wˡ has a row for each neuron of layer l and a column for
// each of layer l−1.
package nn
