package network3

import (
	"math"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// This file is a network written out, with nothing of the program in it but the parameters:
// plain sums over plain indices. The tests of the equations and of the gradient compare the
// program with it.

// f are the activation functions written out, by name.
var f = map[string]func(z float64) float64{
	"linear":  func(z float64) float64 { return z },
	"relu":    func(z float64) float64 { return (z + math.Abs(z)) / 2 },
	"sigmoid": proof.Sigma,
	"tanh":    func(z float64) float64 { return (math.Exp(z) - math.Exp(-z)) / (math.Exp(z) + math.Exp(-z)) },
}

// sums returns vⱼ,ₖ of every map out for the input a, both map by map and row by row: the
// convolution in the mathematical sense, Σ w[l,m] a[j−l,k−m] over all maps in, where the
// filter is inside the image. The definition counts j and k from the last row and column of
// the filter, height−1 and width−1.
func sums(layer *ConvPoolLayer, a []float64) (v []float64) {
	mapsOut, mapsIn, height, width := layer.FilterShape[0], layer.FilterShape[1], layer.FilterShape[2], layer.FilterShape[3]
	rows, cols := layer.ImageShape[2], layer.ImageShape[3]
	for out := range mapsOut {
		for j := height - 1; j < rows; j++ {
			for k := width - 1; k < cols; k++ {
				sum := 0.0
				for in := range mapsIn {
					for l := range height {
						for m := range width {
							sum += layer.w.Data[((out*mapsIn+in)*height+l)*width+m] * a[(in*rows+j-l)*cols+k-m]
						}
					}
				}
				v = append(v, sum)
			}
		}
	}
	return v
}

// pools returns the activations for v: the largest of each window, plus the bias of its map,
// through the activation function.
func pools(layer *ConvPoolLayer, v []float64) (a []float64) {
	rows, cols := layer.ImageShape[2]-layer.FilterShape[2]+1, layer.ImageShape[3]-layer.FilterShape[3]+1
	height, width := layer.PoolSize[0], layer.PoolSize[1]
	for out := range layer.FilterShape[0] {
		for p := 0; p+height <= rows; p += height {
			for q := 0; q+width <= cols; q += width {
				largest := math.Inf(-1)
				for j := p; j < p+height; j++ {
					for k := q; k < q+width; k++ {
						largest = math.Max(largest, v[(out*rows+j)*cols+k])
					}
				}
				a = append(a, f[layer.Activation.Name](largest+layer.b.Data[out]))
			}
		}
	}
	return a
}

// full returns the weighted inputs of a layer whose neurons see every input, of which each
// counts as often as seen says.
func full(w, b *matrix.Matrix, a, seen []float64) (z []float64) {
	for j := range b.Rows {
		sum := b.Data[j]
		for k := range a {
			sum += w.At(k, j) * a[k] * seen[k]
		}
		z = append(z, sum)
	}
	return z
}

// exponentials is e^zⱼ / Σₖ e^zₖ.
func exponentials(z []float64) []float64 {
	sum := 0.0
	for _, z := range z {
		sum += math.Exp(z)
	}
	return proof.Each(func(z float64) float64 { return math.Exp(z) / sum }, z)
}

// outputs returns the network's outputs for the input a. seen says for each layer with
// dropout how often each input counts: 0 or 1 in training, 1 − p in the test pass.
func outputs(net *Network, a []float64, seen func(layer int) []float64) []float64 {
	for i, layer := range net.Layers {
		switch layer := layer.(type) {
		case *ConvPoolLayer:
			a = pools(layer, sums(layer, a))
		case *FullyConnectedLayer:
			a = proof.Each(f[layer.Activation.Name], full(layer.w, layer.b, a, seen(i)))
		case *SoftmaxLayer:
			a = exponentials(full(layer.w, layer.b, a, seen(i)))
		}
	}
	return a
}
