package tour

import (
	"fmt"
	"math"
	"math/rand/v2"

	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/network2"
)

// Epsilon is how far a parameter is moved.
const Epsilon = 1e-4

// Check compares the two derivatives of C with respect to one parameter.
type Check struct {
	Name      string  `json:"name"`
	Layer     int     `json:"layer"`
	Row       int     `json:"row"`
	Col       int     `json:"col"`
	Numerical float64 `json:"numerical"`
	Backprop  float64 `json:"backprop"`
	Digits    int     `json:"digits"` // to which the two agree, −1 if both are too small to tell
	Agreement string  `json:"agreement"`
}

// Proof nudges a few parameters of each layer up and down and compares what the cost
// does with what backpropagation says: the weight and the bias of the largest derivatives,
// and a weight drawn from rng.
func (t *Tour) Proof(rng *rand.Rand) []Check {
	var checks []Check
	for l := t.L; l >= 2; l-- {
		n, w := Super(l), t.W(l)
		j, k := Largest(t.NablaW(l))
		checks = append(checks, t.CheckWeight(l, j, k))
		checks[len(checks)-1].Name += ", the largest"
		j, k = rng.IntN(w.Rows), rng.IntN(w.Cols)
		checks = append(checks, t.CheckWeight(l, j, k))
		checks[len(checks)-1].Name += ", any"
		j, _ = Largest(t.Delta(l))
		checks = append(checks, t.check(fmt.Sprintf("∂C/∂b%s (%d), the largest", n, j), l, t.B(l), t.Delta(l), j, 0))
	}
	return checks
}

// CheckWeight checks ∂C/∂wˡⱼₖ.
func (t *Tour) CheckWeight(l, j, k int) Check {
	return t.check(fmt.Sprintf("∂C/∂w%s (%d,%d)", Super(l), j, k), l, t.W(l), t.NablaW(l), j, k)
}

// check nudges element (j,k) of x, whose gradient is nabla.
func (t *Tour) check(name string, l int, x, nabla *matrix.Matrix, j, k int) Check {
	numerical, back := nn.NumericalDerivative(t.cost, &x.Row(j)[k], Epsilon), nabla.At(j, k)
	digits, agreement := agreement(numerical, back, t.Cost)
	return Check{name, l, j, k, numerical, back, digits, agreement}
}

// agreement says to how many digits two derivatives of the given cost agree. C itself has
// 52 bits, so a change of its last one is all that a nudge can show of a derivative of
// C·2⁻⁵²/2ε; what is not well above that it shows only roughly.
func agreement(numerical, back, cost float64) (digits int, said string) {
	most := max(math.Abs(numerical), math.Abs(back))
	switch {
	case most == 0:
		return 16, "both are 0"
	case most < 100*cost*0x1p-52/(2*Epsilon):
		return -1, "too small to tell"
	case numerical == back:
		return 16, "16 digits"
	}
	digits = max(0, int(-math.Log10(math.Abs(numerical-back)/most)))
	return digits, fmt.Sprintf("%d digits", digits)
}

// Trial is one step of gradient descent on this example alone, with learning rate Eta:
// what the gradient promised, by (9) and (10), and what happened.
type Trial struct {
	Eta      float64 `json:"eta"`
	Promised float64 `json:"promised"` // −η‖∇C‖²
	Real     float64 `json:"real"`     // ΔC
	After    float64 `json:"after"`    // C
	Remark   string  `json:"remark"`   // why the two must differ, "" if there is no such reason
}

// The remarks of a [Trial].
const (
	OnlyRounding = "only rounding is left"
	NotBelowZero = "C cannot fall below 0"
)

// Try takes the step on a copy of the network.
func (t *Tour) Try(eta float64) Trial {
	after := t.Stepped(eta).TotalCost([]nn.Example{t.example}, 0)
	trial := Trial{Eta: eta, Promised: 0 - eta*t.SquaredGradient(), Real: after - t.Cost, After: after} // 0 −: no −0
	switch {
	case -trial.Promised < 100*t.Cost*0x1p-52:
		trial.Remark = OnlyRounding
	case -trial.Promised > t.Cost:
		trial.Remark = NotBelowZero
	}
	return trial
}

// SquaredGradient returns ‖∇C‖².
func (t *Tour) SquaredGradient() float64 {
	sum := 0.0
	for _, nabla := range [][]*matrix.Matrix{t.nablaB, t.nablaW} {
		for _, x := range nabla {
			for _, v := range x.Data {
				sum += v * v
			}
		}
	}
	return sum
}

// Stepped returns a copy of the network that has taken one step.
func (t *Tour) Stepped(eta float64) *network2.Network {
	net := Clone(t.net)
	net.UpdateMiniBatch([]nn.Example{t.example}, eta, 0, 1) // without weight decay
	return net
}

// Clone returns a copy of net.
func Clone(net *network2.Network) *network2.Network {
	c := &network2.Network{Sizes: net.Sizes, Cost: net.Cost}
	for i := range net.Weights {
		c.Weights = append(c.Weights, new(matrix.Matrix).Copy(net.Weights[i]))
		c.Biases = append(c.Biases, new(matrix.Matrix).Copy(net.Biases[i]))
	}
	return c
}
