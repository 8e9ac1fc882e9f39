package network2

import (
	"nndl/matrix"
	"nndl/nn"
)

// This file is the chapter's problem on momentum-based gradient descent: the gradient
// changes a velocity, and the velocity changes the weights.

// Momentum trains a network with momentum. Each weight and each bias has a velocity,
// which is 0 at first.
type Momentum struct {
	Net                  *Network
	Mu                   float64          // μ: with 1 nothing slows a weight down, 0 is ordinary gradient descent
	VelocityB, VelocityW []*matrix.Matrix // with the shapes of Biases and Weights
}

// NewMomentum returns a Momentum whose velocities are 0.
func NewMomentum(net *Network, mu float64) *Momentum {
	return &Momentum{net, mu, zerosLike(net.Biases), zerosLike(net.Weights)}
}

// UpdateMiniBatch takes one step as [Network.UpdateMiniBatch] does, with momentum. ∇C is
// the gradient of the whole cost, with its regularization term (88): so the velocity
// includes the weight decay.
func (m *Momentum) UpdateMiniBatch(miniBatch []nn.Example, eta, lambda float64, n int) {
	if len(miniBatch) == 0 {
		return
	}
	nablaB, nablaW := m.Net.meanGradient(m.Net.Backprop, miniBatch) // 30×1, 10×1; 30×784, 10×30
	for i, w := range m.Net.Weights {
		// Equation (88): ∂C/∂w = ∂C₀/∂w + (λ/n)w
		nablaW[i].AddScaled(lambda/float64(n), w) // 30×784, 10×30
		m.step(m.VelocityW[i], w, nablaW[i], eta)
		m.step(m.VelocityB[i], m.Net.Biases[i], nablaB[i], eta)
	}
}

// step changes the velocity v, and then w, all of the shape of the gradient nablaC.
func (m *Momentum) step(v, w, nablaC *matrix.Matrix, eta float64) {
	// Equation (107): v → v′ = μv − η∇C
	v.Scale(m.Mu, v).AddScaled(-eta, nablaC)
	// Equation (108): w → w′ = w + v′
	w.Add(w, v)
}

// meanGradient returns the mean over the mini-batch of the gradients that backprop
// returns.
func (net *Network) meanGradient(backprop func(x, y *matrix.Matrix) (nablaB, nablaW []*matrix.Matrix),
	miniBatch []nn.Example) (nablaB, nablaW []*matrix.Matrix) {
	nablaB, nablaW = zerosLike(net.Biases), zerosLike(net.Weights) // 30×1, 10×1; 30×784, 10×30
	m := float64(len(miniBatch))
	for _, e := range miniBatch {
		deltaNablaB, deltaNablaW := backprop(e.X(), e.Y()) // 30×1, 10×1; 30×784, 10×30
		for i := range nablaB {
			nablaB[i].AddScaled(1/m, deltaNablaB[i]) // 30×1, 10×1
			nablaW[i].AddScaled(1/m, deltaNablaW[i]) // 30×784, 10×30
		}
	}
	return nablaB, nablaW
}
