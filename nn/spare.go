package nn

import (
	"slices"
	"sync"

	"nndl/matrix"
)

// zerosLike returns matrices of zeros with the shapes of xs.
func zerosLike(xs []*matrix.Matrix) []*matrix.Matrix {
	zeros := make([]*matrix.Matrix, len(xs))
	for i, x := range xs {
		zeros[i] = matrix.New(x.Rows, x.Cols)
	}
	return zeros
}

// A gradient has matrices like a network's biases and weights.
type gradient struct{ b, w []*matrix.Matrix }

// spare holds the gradients of mini-batches that are done. Fresh memory has to be zeroed
// and lies in no cache: with it the loop over the examples took a third longer.
var spare sync.Pool

// zeros returns matrices of zeros like n's biases and weights, spare ones if they fit.
func (n *Network) zeros() (nablaB, nablaW []*matrix.Matrix) {
	g, _ := spare.Get().(*gradient)
	if g == nil || !alike(g.b, n.Biases) || !alike(g.w, n.Weights) {
		return zerosLike(n.Biases), zerosLike(n.Weights) // 30×1, 10×1; 30×784, 10×30
	}
	for i := range g.b {
		clear(g.b[i].Data)
		clear(g.w[i].Data)
	}
	return g.b, g.w
}

// keep makes what zeros has returned spare. Nobody may use it any more.
func keep(nablaB, nablaW, deltaNablaB, deltaNablaW []*matrix.Matrix) {
	spare.Put(&gradient{nablaB, nablaW})
	spare.Put(&gradient{deltaNablaB, deltaNablaW})
}

// alike reports whether two lists of matrices have the same shapes.
func alike(xs, ys []*matrix.Matrix) bool {
	return slices.EqualFunc(xs, ys, func(x, y *matrix.Matrix) bool { return x.Rows == y.Rows && x.Cols == y.Cols })
}
