package nn

import "nndl/matrix"

// Cost returns the quadratic cost of the network over data, 0 if there is none.
func (n *Network) Cost(data []Example) float64 {
	sum := 0.0 // Σ ‖y − a‖²
	for _, e := range data {
		d := new(matrix.Matrix).Sub(e.Y(), n.Feedforward(e.X())) // 10×1
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
