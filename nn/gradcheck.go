package nn

import "nndl/matrix"

// Cost returns the quadratic cost of the network over data, 0 if there is no data.
func (net *Network) Cost(data []Example) float64 {
	sum := 0.0 // Σ ‖y − a‖²
	for _, e := range data {
		d := new(matrix.Matrix).Sub(e.Y(), net.Feedforward(e.X())) // 10×1
		for _, v := range d.Data {
			sum += v * v
		}
	}
	if len(data) == 0 {
		return 0
	}
	// Equation (6): C(w,b) ≡ 1/(2n) Σₓ ‖y(x) − a‖²
	return sum / (2 * float64(len(data)))
}

// NumericalDerivative returns ∂C/∂w without any calculus: it moves the parameter *w up and
// down by epsilon, computes the cost at both places, and puts *w back. The error is of
// order ε²; that of the book's equation, which moves *w in one direction only, is of order
// ε. With float64 and costs near 1, an epsilon of 1e-4 gives about eight correct digits.
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

// NumericalGradient returns the gradient of cost, a function of the parameters, in
// the shapes of [Network.Backprop]: nablaB like Biases, nablaW like Weights. It
// computes the cost twice for every parameter, 47,720 times for the book's
// [784,30,10]; this is why there is backpropagation. The tests compare backpropagation
// with it.
func (net *Network) NumericalGradient(cost func() float64, epsilon float64) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(net.Biases), zerosLike(net.Weights) // 30×1, 10×1; 30×784, 10×30
	for i := range net.Biases {
		for j := range net.Biases[i].Data {
			nablaB[i].Data[j] = NumericalDerivative(cost, &net.Biases[i].Data[j], epsilon)
		}
		for j := range net.Weights[i].Data {
			nablaW[i].Data[j] = NumericalDerivative(cost, &net.Weights[i].Data[j], epsilon)
		}
	}
	return nablaB, nablaW
}

// zerosLike returns matrices of zeros in the shapes of xs, numpy's zeros(x.shape) for each.
func zerosLike(xs []*matrix.Matrix) (zeros []*matrix.Matrix) {
	for _, x := range xs {
		zeros = append(zeros, matrix.New(x.Rows, x.Cols))
	}
	return zeros
}
