// Package network2 is network2.py, the program of the book's chapter 3: other
// costs, better initial weights, regularization and monitoring. This file has the
// same functions in the same order under the same names, and what is the same as
// in network.go is written out again, as it is in the Python. The chapter's
// exercises have a file each. The shapes in the comments are those of the network
// New([]int{784, 30, 10}, CrossEntropyCost{}, rng); a single shape in a loop over
// layers is that of layer 2.
package network2

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"

	"nndl/matrix"
	"nndl/nn"
)

// Cost is a cost function: what network2.py's two cost classes have in common.
type Cost interface {
	// Fn returns the cost of one example with output a and desired output y, both
	// 10×1. It has neither the factor 1/n nor a regularization term.
	Fn(a, y *matrix.Matrix) float64
	// Delta returns the output error δᴸ, 10×1. Its first argument is zᴸ.
	Delta(z, a, y *matrix.Matrix) *matrix.Matrix
}

// QuadraticCost is the cost of chapters 1 and 2.
type QuadraticCost struct{}

// Fn returns ½‖a − y‖², equation (27).
func (QuadraticCost) Fn(a, y *matrix.Matrix) float64 {
	return 0.5 * sumOfSquares([]*matrix.Matrix{new(matrix.Matrix).Sub(a, y)}) // 10×1
}

// Delta returns δᴸ = (a − y) ⊙ σ′(z), 10×1, equation (30).
func (QuadraticCost) Delta(z, a, y *matrix.Matrix) *matrix.Matrix {
	sp := new(matrix.Matrix).Apply(SigmoidPrime, z)      // 10×1
	return sp.Hadamard(new(matrix.Matrix).Sub(a, y), sp) // 10×1
}

// CrossEntropyCost is the cost that this chapter begins with.
type CrossEntropyCost struct{}

// Fn returns the cross-entropy of one example. Where an output is exactly 0 or 1
// the term is 0·ln 0 = NaN or −ln 0 = +Inf. As numpy's nan_to_num does, it counts
// as 0 and as the largest float64.
func (CrossEntropyCost) Fn(a, y *matrix.Matrix) float64 {
	sum := 0.0
	for j, a := range a.Data {
		y := y.Data[j]
		// Equation (63): C = −1/n Σₓ Σⱼ [yⱼ ln aᴸⱼ + (1 − yⱼ) ln(1 − aᴸⱼ)]
		sum += nanToNum(-y*ln(a) - (1-y)*ln(1-a))
	}
	return sum
}

// Delta returns δᴸ, 10×1. It does not use z: σ′(z) has cancelled.
func (CrossEntropyCost) Delta(z, a, y *matrix.Matrix) *matrix.Matrix {
	// Equation (66): δᴸ = aᴸ − y
	return new(matrix.Matrix).Sub(a, y) // 10×1
}

// Network is a feedforward network of sigmoid neurons with a cost function. Layers
// are counted as in [nn.Network], with the same indices.
type Network struct {
	Sizes           []int
	Biases, Weights []*matrix.Matrix
	Cost            Cost
}

// New returns a network with the given number of neurons in each layer, the input
// first, whose parameters [Network.DefaultWeightInitializer] has drawn. It panics
// if there are fewer than two layers or if a layer is empty.
func New(sizes []int, cost Cost, rng *rand.Rand) *Network {
	if len(sizes) < 2 || slices.Min(sizes) < 1 {
		panic(fmt.Sprintf("network2: New: sizes %v: want two layers or more, each of one neuron or more", sizes))
	}
	net := &Network{Sizes: slices.Clone(sizes), Cost: cost}
	net.DefaultWeightInitializer(rng)
	return net
}

// DefaultWeightInitializer draws all biases with mean 0 and standard deviation 1,
// then all weights with mean 0 and standard deviation 1/√x, where x is the number
// of weights into the same neuron.
func (net *Network) DefaultWeightInitializer(rng *rand.Rand) {
	net.LargeWeightInitializer(rng)
	for _, w := range net.Weights {
		w.Scale(1/math.Sqrt(float64(w.Cols)), w) // 30×784, 10×30
	}
}

// LargeWeightInitializer draws all biases, then all weights, with mean 0 and
// standard deviation 1, as in chapter 1. It is there for comparison.
func (net *Network) LargeWeightInitializer(rng *rand.Rand) {
	net.Biases, net.Weights = nil, nil
	for _, y := range net.Sizes[1:] {
		net.Biases = append(net.Biases, randn(y, 1, rng)) // 30×1, 10×1
	}
	for i, y := range net.Sizes[1:] {
		net.Weights = append(net.Weights, randn(y, net.Sizes[i], rng)) // 30×784, 10×30
	}
}

// Feedforward returns the output of the network, 10×1, for the input a, 784×1.
func (net *Network) Feedforward(a *matrix.Matrix) *matrix.Matrix {
	for i, b := range net.Biases {
		w := net.Weights[i]
		z := new(matrix.Matrix).Mul(w, a)        // 30×784 · 784×1 → 30×1
		z.Add(z, b)                              // 30×1
		a = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
	}
	return a // 10×1
}

// Monitor says which of the four quantities SGD watches.
type Monitor struct {
	EvaluationCost, EvaluationAccuracy, TrainingCost, TrainingAccuracy bool
}

// History holds what SGD has watched, an element for each epoch. An accuracy is
// the number of examples that the network gets right.
type History struct {
	EvaluationCost     []float64
	EvaluationAccuracy []int
	TrainingCost       []float64
	TrainingAccuracy   []int
}

// SGD trains the network by stochastic gradient descent on mini-batches, with
// regularization parameter lambda. In each epoch it shuffles trainingData in place
// (a nil rng does not shuffle), takes one step for each mini-batch, the last of
// which may be short, and writes to w that the epoch is complete, with the
// quantities that monitor asks for. A miniBatchSize below 1 panics.
func (net *Network) SGD(trainingData []nn.Example, epochs, miniBatchSize int, eta, lambda float64,
	evaluationData []nn.Example, monitor Monitor, rng *rand.Rand, w io.Writer) (h History) {
	n, nData := len(trainingData), len(evaluationData)
	for j := range epochs {
		if rng != nil {
			rng.Shuffle(n, func(i, k int) { trainingData[i], trainingData[k] = trainingData[k], trainingData[i] })
		}
		for miniBatch := range slices.Chunk(trainingData, miniBatchSize) {
			net.UpdateMiniBatch(miniBatch, eta, lambda, n)
		}
		fmt.Fprintf(w, "Epoch %d training complete\n", j)
		if monitor.TrainingCost {
			cost := net.TotalCost(trainingData, lambda)
			h.TrainingCost = append(h.TrainingCost, cost)
			fmt.Fprintf(w, "Cost on training data: %s\n", repr(cost))
		}
		if monitor.TrainingAccuracy {
			accuracy := net.Accuracy(trainingData)
			h.TrainingAccuracy = append(h.TrainingAccuracy, accuracy)
			fmt.Fprintf(w, "Accuracy on training data: %d / %d\n", accuracy, n)
		}
		if monitor.EvaluationCost {
			cost := net.TotalCost(evaluationData, lambda)
			h.EvaluationCost = append(h.EvaluationCost, cost)
			fmt.Fprintf(w, "Cost on evaluation data: %s\n", repr(cost))
		}
		if monitor.EvaluationAccuracy {
			accuracy := net.Accuracy(evaluationData)
			h.EvaluationAccuracy = append(h.EvaluationAccuracy, accuracy)
			fmt.Fprintf(w, "Accuracy on evaluation data: %d / %d\n", accuracy, nData)
		}
		fmt.Fprintln(w)
	}
	return h
}

// UpdateMiniBatch takes one step of gradient descent with learning rate eta and
// regularization parameter lambda. n is the size of the whole training set, not of
// the mini-batch. An empty mini-batch changes nothing.
func (net *Network) UpdateMiniBatch(miniBatch []nn.Example, eta, lambda float64, n int) {
	if len(miniBatch) == 0 {
		return // there would be nothing to divide by
	}
	nablaB, nablaW := zerosLike(net.Biases), zerosLike(net.Weights) // 30×1, 10×1; 30×784, 10×30
	for _, e := range miniBatch {
		deltaNablaB, deltaNablaW := net.Backprop(e.X(), e.Y()) // 30×1, 10×1; 30×784, 10×30
		for i := range nablaB {
			nablaB[i].Add(nablaB[i], deltaNablaB[i]) // 30×1, 10×1
			nablaW[i].Add(nablaW[i], deltaNablaW[i]) // 30×784, 10×30
		}
	}
	m := float64(len(miniBatch))
	for i, w := range net.Weights {
		// Equation (93): w → (1 − ηλ/n)w − (η/m) Σₓ ∂Cₓ/∂w
		w.Scale(1-eta*(lambda/float64(n)), w).AddScaled(-eta/m, nablaW[i]) // 30×784, 10×30
		// Equation (94): b → b − (η/m) Σₓ ∂Cₓ/∂b
		net.Biases[i].AddScaled(-eta/m, nablaB[i]) // 30×1, 10×1
	}
}

// Backprop returns the gradient of the cost C_x of the single example (x, y), x
// 784×1 and y 10×1, layer by layer: nablaB like Biases, nablaW like Weights. The
// cost is without regularization. Only step 3 differs from [nn.Network.Backprop].
func (net *Network) Backprop(x, y *matrix.Matrix) (nablaB, nablaW []*matrix.Matrix) {
	L := len(net.Sizes)                                            // 3
	nablaB, nablaW = zerosLike(net.Biases), zerosLike(net.Weights) // 30×1, 10×1; 30×784, 10×30

	// 1. Input, and 2. feedforward, for l = 2, 3, …, L.
	activation := x                    // 784×1
	activations := []*matrix.Matrix{x} // aˡ: 784×1, 30×1, 10×1
	var zs []*matrix.Matrix            // zˡ: 30×1, 10×1
	for i, b := range net.Biases {
		w := net.Weights[i]
		z := new(matrix.Matrix).Mul(w, activation) // 30×784 · 784×1 → 30×1
		z.Add(z, b)                                // 30×1
		zs = append(zs, z)
		activation = new(matrix.Matrix).Apply(Sigmoid, z) // 30×1
		activations = append(activations, activation)
	}

	// 3. Output error: the cost's own.
	delta := net.Cost.Delta(zs[L-2], activations[L-1], y) // 10×1
	nablaB[L-2].Copy(delta)                               // 10×1
	nablaW[L-2].MulT(delta, activations[L-2])             // 10×1 · (30×1)ᵀ → 10×30

	// 4. Backpropagate the error, and 5. output, for l = L−1, L−2, …, 2.
	for l := L - 1; l >= 2; l-- {
		sp := new(matrix.Matrix).Apply(SigmoidPrime, zs[l-2])      // 30×1
		delta = new(matrix.Matrix).TMul(net.Weights[l+1-2], delta) // (10×30)ᵀ · 10×1 → 30×1
		delta.Hadamard(delta, sp)                                  // 30×1
		nablaB[l-2].Copy(delta)                                    // 30×1
		nablaW[l-2].MulT(delta, activations[l-1-1])                // 30×1 · (784×1)ᵀ → 30×784
	}
	return nablaB, nablaW
}

// Accuracy returns how many examples of data the network gets right: its answer is
// the output neuron with the highest activation, the first if several are equal.
// An Example has its label in both of network2.py's forms, so there is no convert.
func (net *Network) Accuracy(data []nn.Example) int {
	correct := 0
	for _, e := range data {
		if net.Feedforward(e.X()).ArgMax() == e.Label() {
			correct++
		}
	}
	return correct
}

// TotalCost returns the cost over data with its regularization term, in which n is
// the number of examples in data. The cost of no examples is 0.
func (net *Network) TotalCost(data []nn.Example, lambda float64) float64 {
	if len(data) == 0 {
		return 0
	}
	n, cost := float64(len(data)), 0.0
	for _, e := range data {
		cost += net.Cost.Fn(net.Feedforward(e.X()), e.Y()) / n
	}
	// Equation (87): C = C₀ + (λ/2n) Σ_w w²
	return cost + 0.5*(lambda/n)*sumOfSquares(net.Weights)
}

// Save writes the network to a file as network2.py's save does: one JSON object with
// sizes, weights, biases and the name of the cost. A network that holds NaN or Inf,
// for which JSON has no word, is an error, and then the file is left alone.
func (net *Network) Save(filename string) error {
	var model bytes.Buffer
	parameters := &nn.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights}
	if err := parameters.Encode(&model, nameOf(net.Cost)); err != nil {
		return fmt.Errorf("%s: %w", filename, err)
	}
	return os.WriteFile(filename, model.Bytes(), 0o666)
}

// Load reads a network from a file that [Network.Save] or network2.py's save wrote.
// Any other file is an error that names it.
func Load(filename string) (*Network, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	model, name, err := nn.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filename, err)
	}
	cost, ok := costs[name]
	if !ok {
		return nil, fmt.Errorf(`%s: cost is %q, want "QuadraticCost" or "CrossEntropyCost"`, filename, name)
	}
	return &Network{model.Sizes, model.Biases, model.Weights, cost}, nil
}

// Sigmoid is σ(z), the activation of a neuron with weighted input z.
func Sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// SigmoidPrime is σ′(z), the derivative of the sigmoid at the weighted input z.
func SigmoidPrime(z float64) float64 { return Sigmoid(z) * (1 - Sigmoid(z)) }
