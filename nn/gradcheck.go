package nn

import "nndl/matrix"

// NumericalDerivative returns ∂C/∂w without any calculus: it moves the parameter
// *w a little up and a little down, by epsilon, and looks at how far the cost
// goes. *w is put back. The error is of order ε², where the book's equation, which
// moves in one direction only, has one of order ε. With float64 and costs near 1,
// an epsilon of 1e-4 gives about eight correct digits.
func NumericalDerivative(cost func() float64, w *float64, epsilon float64) float64 {
	was := *w
	*w = was + epsilon
	up := cost()
	*w = was - epsilon
	down := cost()
	*w = was
	// Equation (46), two-sided: ∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w − εeⱼ))/2ε
	return (up - down) / (2 * epsilon)
}

// NumericalGradient returns the gradient of cost, a function of n's parameters, in
// the shapes of [Network.Backprop]: nablaB like Biases, nablaW like Weights. It
// computes the cost twice for every parameter, 47,720 times for the book's
// [784,30,10]; this is why there is backpropagation. It is the definition that
// backpropagation is held against.
func (n *Network) NumericalGradient(cost func() float64, epsilon float64) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(n.Biases), zerosLike(n.Weights) // 30×1, 10×1; 30×784, 10×30
	for i := range n.Biases {
		for j := range n.Biases[i].Data {
			nablaB[i].Data[j] = NumericalDerivative(cost, &n.Biases[i].Data[j], epsilon)
		}
		for j := range n.Weights[i].Data {
			nablaW[i].Data[j] = NumericalDerivative(cost, &n.Weights[i].Data[j], epsilon)
		}
	}
	return nablaB, nablaW
}
