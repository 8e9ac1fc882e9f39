package tour

// Equation is one of the book's, in the characters of the code's comments.
type Equation struct {
	Number  string `json:"number"`
	Formula string `json:"formula"`
	Remark  string `json:"remark"`
}

// The equations, in the very words of the comments in nn and matrix.
var (
	Layer          = Equation{"25", "aˡ = σ(wˡaˡ⁻¹ + bˡ)", "σ is applied to zˡ, the weighted input"}
	Sigmoid        = Equation{"3", "σ(z) ≡ 1/(1 + e⁻ᶻ)", "to each element: 0.5 at 0, near 0 or 1 far from it"}
	Neuron         = Equation{"23", "aˡⱼ = σ(Σₖ wˡⱼₖaˡ⁻¹ₖ + bˡⱼ)", "(25) for one neuron: row j of wˡ is its weights"}
	Error          = Equation{"29", "δˡⱼ ≡ ∂C/∂zˡⱼ", "the error: how C changes with the weighted input"}
	OutputOfOne    = Equation{"BP1", "δᴸⱼ = ∂C/∂aᴸⱼ σ′(zᴸⱼ)", "(BP1a) for one neuron"}
	BackOfOne      = Equation{"45", "δˡⱼ = Σₖ wˡ⁺¹ₖⱼδˡ⁺¹ₖσ′(zˡⱼ)", "(BP2) for one neuron: column j of wˡ⁺¹"}
	OutputError    = Equation{"BP1a", "δᴸ = ∇ₐC ⊙ σ′(zᴸ)", "for the quadratic cost, ∇ₐC = aᴸ − y"}
	Back           = Equation{"BP2", "δˡ = ((wˡ⁺¹)ᵀδˡ⁺¹) ⊙ σ′(zˡ)", "back through the weights, then through σ"}
	BiasGradient   = Equation{"BP3", "∂C/∂bˡⱼ = δˡⱼ", "δ is the gradient of the biases"}
	WeightGradient = Equation{"BP4", "∂C/∂wˡⱼₖ = aˡ⁻¹ₖ δˡⱼ", "what came in, times the error of what went out"}
	Entropy        = Equation{"63", "C = −1/n Σₓ Σⱼ [yⱼ ln aᴸⱼ + (1 − yⱼ) ln(1 − aᴸⱼ)]", "the cross-entropy, here of n = 1 example"}
	EntropyError   = Equation{"66", "δᴸ = aᴸ − y", "σ′ has cancelled: the cross-entropy was chosen so that it does"}
	Numerical      = Equation{"46", "∂C/∂wⱼ ≈ (C(w + εeⱼ) − C(w − εeⱼ))/2ε", "two-sided: nudge one weight, watch the cost"}
	UpdateWeights  = Equation{"20", "wₖ → wₖ′ = wₖ − (η/m) Σⱼ ∂C_Xⱼ/∂wₖ", "the weights"}
	UpdateBiases   = Equation{"21", "bₗ → bₗ′ = bₗ − (η/m) Σⱼ ∂C_Xⱼ/∂bₗ", "the biases"}
	Cost           = Equation{"27", "C = ½‖y − aᴸ‖² = ½ Σⱼ (yⱼ − aᴸⱼ)²", "the cost of this one example"}
	Change         = Equation{"9", "ΔC ≈ ∇C·Δv", "how far a small step changes the cost"}
	Descent        = Equation{"10", "Δv = −η∇C", "so the promise is ΔC ≈ −η‖∇C‖²"}
	Hadamard       = Equation{"28", "(x ⊙ y)ⱼ = xⱼyⱼ", "⊙ multiplies element by element"}
)

// Code is some lines of Go and those of the book's Python that do the same, both without
// their indentation.
type Code struct {
	Files
	Function string   `json:"function"` // of the Go: Network.Backprop
	Go       []string `json:"go"`
	Python   []string `json:"python"`
}

// Files are a file of Go and the Python that it translates.
type Files struct {
	GoFile     string `json:"goFile"`
	PythonFile string `json:"pythonFile"`
}

var (
	chapter1 = Files{"nn/network.go", "network.py"}
	chapter3 = Files{"nn/network2/network2.go", "network2.py"}
)

// The lines of the five steps, in Network.Backprop, and of one step of gradient descent,
// in Network.UpdateMiniBatch.
var (
	inputCode = []Code{{chapter1, backprop, []string{"activation := x"}, []string{"activation = x"}}}
	layerCode = []Code{
		{chapter1, backprop, []string{"z := new(matrix.Matrix).Mul(w, activation)", "z.Add(z, b)"}, []string{"z = np.dot(w, activation)+b"}},
		{chapter1, backprop, []string{"activation = new(matrix.Matrix).Apply(Sigmoid, z)"}, []string{"activation = sigmoid(z)"}},
	}
	outputErrorCode = []Code{{chapter1, backprop,
		[]string{"sp := new(matrix.Matrix).Apply(SigmoidPrime, zs[L-2])", "delta := net.CostDerivative(activations[L-1], y)", "delta.Hadamard(delta, sp)"},
		[]string{`delta = self.cost_derivative(activations[-1], y) * \`, "sigmoid_prime(zs[-1])"}}}
	entropyErrorCode = []Code{{chapter3, backprop, []string{"delta := net.Cost.Delta(zs[L-2], activations[L-1], y)"},
		[]string{"delta = (self.cost).delta(zs[-1], activations[-1], y)"}}}
	backCode = []Code{
		{chapter1, backprop, []string{"sp := new(matrix.Matrix).Apply(SigmoidPrime, z)"}, []string{"sp = sigmoid_prime(z)"}},
		{chapter1, backprop, []string{"delta = new(matrix.Matrix).TMul(net.Weights[l+1-2], delta)", "delta.Hadamard(delta, sp)"},
			[]string{"delta = np.dot(self.weights[-l+1].transpose(), delta) * sp"}},
	}
	gradientCode = []Code{
		{chapter1, backprop, []string{"nablaB[l-2] = delta"}, []string{"nabla_b[-l] = delta"}},
		{chapter1, backprop, []string{"nablaW[l-2] = new(matrix.Matrix).MulT(delta, activations[l-1-1])"}, []string{"nabla_w[-l] = np.dot(delta, activations[-l-1].transpose())"}},
	}
	// UpdateCode takes one step.
	UpdateCode = []Code{
		{chapter1, "Network.UpdateMiniBatch", []string{"net.Weights[i].AddScaled(-eta/m, nablaW[i])"},
			[]string{"self.weights = [w-(eta/len(mini_batch))*nw", "for w, nw in zip(self.weights, nabla_w)]"}},
		{chapter1, "Network.UpdateMiniBatch", []string{"net.Biases[i].AddScaled(-eta/m, nablaB[i])"},
			[]string{"self.biases = [b-(eta/len(mini_batch))*nb", "for b, nb in zip(self.biases, nabla_b)]"}},
	}
)

const backprop = "Network.Backprop"
