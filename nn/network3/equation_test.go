package network3

import (
	"math"
	"math/rand/v2"
	"testing"

	"nndl/matrix"
	"nndl/nn/internal/proof"
)

// pocketLayer returns a convolutional layer that fits on paper, and an input for it. Nothing
// in it is square, and a row and a column of v, 6×7, are left over by the pools.
func pocketLayer(mapsOut, mapsIn int, poolSize [2]int) (*ConvPoolLayer, []float64) {
	rng := rand.New(rand.NewPCG(3, 0))
	layer := NewConvPoolLayer([4]int{mapsOut, mapsIn, 3, 2}, [4]int{1, mapsIn, 9, 8}, poolSize, Sigmoid, rng)
	a := make([]float64, mapsIn*9*8)
	for i := range a {
		a[i] = rng.NormFloat64()
	}
	return layer, a
}

func forward(layer *ConvPoolLayer, a []float64) []float64 {
	return layer.OutputDropout(matrix.FromSlice(1, len(a), a), nil).Data
}

// Equation (125): σ(b + Σₗ Σₘ wₗ,ₘ aⱼ₊ₗ,ₖ₊ₘ)
//
// One map in, one map out, pools of one neuron. The filter of the formula is the layer's
// turned by 180°: its first weight is the layer's last.
func TestEquation125(t *testing.T) {
	layer, a := pocketLayer(1, 1, [2]int{1, 1})
	w, b := layer.Parameters() // 1×6, 1×1
	var right []float64
	for j := range 7 {
		for k := range 7 {
			z := b.Data[0]
			for l := range 3 {
				for m := range 2 {
					z += w.Data[5-(2*l+m)] * a[8*(j+l)+k+m]
				}
			}
			right = append(right, proof.Sigma(z))
		}
	}
	proof.Agree(t, "(125)", forward(layer, a), right, proof.Exact)

	layer, a = pocketLayer(3, 2, [2]int{2, 3})
	proof.Agree(t, "(125), two maps in, three out, pools 2×3", forward(layer, a), pools(layer, sums(layer, a)), proof.Exact)
}

// Equation (BP2), convolution: ∂C/∂aⱼ,ₖ = Σₗ Σₘ wₗ,ₘ δⱼ₋ₗ,ₖ₋ₘ
// Equation (BP2), max-pooling: δⱼ,ₖ = δ of its window if vⱼ,ₖ is the maximum there, 0 if not
// Equation (BP3), convolution: ∂C/∂b = Σⱼ Σₖ δⱼ,ₖ
// Equation (BP4), convolution: ∂C/∂wₗ,ₘ = Σⱼ Σₖ aⱼ₊ₗ,ₖ₊ₘ δⱼ,ₖ
//
// Here δⱼ,ₖ = ∂C/∂vⱼ,ₖ is found by moving every vⱼ,ₖ, and the other derivatives by moving
// every input, bias and weight of the layer written out. The formulas are computed from δ.
// C is a sum of the outputs, each times some number.
func TestEquationsOfConvolution(t *testing.T) {
	layer, a := pocketLayer(1, 1, [2]int{2, 3})
	rng := rand.New(rand.NewPCG(4, 0))
	c := make([]float64, 3*2)
	for i := range c {
		c[i] = rng.NormFloat64()
	}
	cost := func(v []float64) float64 { return proof.Dot(c, pools(layer, v)) }
	v := sums(layer, a) // 7×7
	delta := proof.Gradient(cost, v)
	moved := func(x *matrix.Matrix) []float64 {
		at := append([]float64(nil), x.Data...)
		defer copy(x.Data, at)
		return proof.Gradient(func(w []float64) float64 { copy(x.Data, w); return cost(sums(layer, a)) }, at)
	}
	nablaW, nablaB := moved(layer.w), moved(layer.b)
	nablaA := proof.Gradient(func(a []float64) float64 { return cost(sums(layer, a)) }, a)

	formulaA, formulaB, formulaW := make([]float64, 9*8), []float64{0}, make([]float64, 6)
	windows := make([]float64, len(delta)) // δ by the rule of max-pooling: all from the winners
	for j := range 7 {
		for k := range 7 {
			formulaB[0] += delta[7*j+k]
			for l := range 3 {
				for m := range 2 {
					formulaW[5-(2*l+m)] += a[8*(j+l)+k+m] * delta[7*j+k] // the layer's filter is turned
					formulaA[8*(j+l)+k+m] += layer.w.Data[5-(2*l+m)] * delta[7*j+k]
				}
			}
		}
	}
	for p := range 3 {
		for q := range 2 {
			j, k := 2*p, 3*q
			for i := range 6 {
				if v[7*(2*p+i/3)+3*q+i%3] > v[7*j+k] {
					j, k = 2*p+i/3, 3*q+i%3
				}
			}
			windows[7*j+k] = c[2*p+q] * proof.SigmaPrime(v[7*j+k]+layer.b.Data[0])
		}
	}
	proof.Agree(t, "(BP2), max-pooling", windows, delta, proof.Derived)
	proof.Agree(t, "(BP2), convolution", formulaA, nablaA, proof.Derived)
	proof.Agree(t, "(BP3), convolution", formulaB, nablaB, proof.Derived)
	proof.Agree(t, "(BP4), convolution", formulaW, nablaW, proof.Derived)

	forward(layer, a)
	gotA := layer.Backward(matrix.FromSlice(1, len(c), c))
	gotW, gotB := layer.Gradient()
	proof.Agree(t, "(BP2), by Backward", gotA.Data, nablaA, proof.Derived)
	proof.Agree(t, "(BP3), by Backward", gotB.Data, nablaB, proof.Derived)
	proof.Agree(t, "(BP4), by Backward", gotW.Data, nablaW, proof.Derived)
}

// Equation (78): aᴸⱼ = e^zᴸⱼ / Σₖ e^zᴸₖ
// Equation (80): C ≡ −ln aᴸ_y
// Equation (84): δᴸⱼ = aᴸⱼ − yⱼ
//
// A softmax layer of four neurons and two examples, with one input that is always 1: so the
// weighted inputs are the weights plus the biases. δᴸ is found by moving them. The cost is
// a mean, and each example's error is half of what it is alone.
func TestEquationsOfSoftmax(t *testing.T) {
	w, b := []float64{0.3, -1.2, 2.5, 0.8}, []float64{0.5, 0.1, -0.7, -0.2}
	layer := NewSoftmaxLayer(1, 4, 0)
	layer.SetParameters(matrix.FromSlice(1, 4, w), matrix.FromSlice(4, 1, b))
	y := matrix.FromSlice(2, 4, []float64{0, 1, 0, 0, 0, 0, 0, 1})
	cost := func(b []float64) float64 {
		a := exponentials([]float64{w[0] + b[0], w[1] + b[1], w[2] + b[2], w[3] + b[3]})
		return -(math.Log(a[1]) + math.Log(a[3])) / 2
	}
	a := exponentials([]float64{0.8, -1.1, 1.8, 0.6})
	got := layer.OutputDropout(matrix.FromSlice(2, 1, []float64{1, 1}), nil)
	proof.Agree(t, "(78)", got.Data, append(a, a...), proof.Exact)
	proof.Agree(t, "(80)", []float64{layer.Cost(y)}, []float64{cost(b)}, proof.Exact)

	layer.Backward(y)
	nablaW, nablaB := layer.Gradient()
	right := proof.Gradient(cost, b) // Σₓ δᴸ, as by (BP3); the input is 1, so it is ∂C/∂w too
	formula := make([]float64, 4)
	for j := range formula {
		formula[j] = ((a[j] - y.At(0, j)) + (a[j] - y.At(1, j))) / 2
	}
	proof.Agree(t, "(84)", formula, right, proof.Derived)
	proof.Agree(t, "(84), by Backward", nablaB.Data, right, proof.Derived)
	proof.Agree(t, "(84), by Backward, ∂C/∂w", nablaW.Data, right, proof.Derived)
}

// Equation (BP2), dropout: ∂C/∂aⱼ = Σₖ wⱼₖδₖ if input j was kept, 0 if not
// Equation (BP4), dropout: ∂C/∂wⱼₖ = aⱼδₖ if input j was kept, 0 if not
//
// Five inputs, of which the mask drops two, and three neurons. δ is found by moving the
// weighted inputs, the other derivatives by moving the inputs and the weights of the layer
// written out. C is −ln of the second output of a softmax layer, and for the fully connected
// layer a sum of the outputs, each times some number.
func TestEquationsOfDropout(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	random := func(n int) (v []float64) {
		for range n {
			v = append(v, rng.NormFloat64())
		}
		return v
	}
	mask, c, y := []float64{1, 0, 1, 1, 0}, random(3), []float64{0, 1, 0}
	for name, test := range map[string]struct {
		layer  Layer
		cost   func(z []float64) float64
		nablaA []float64 // what Backward is given
	}{
		"fully connected": {NewFullyConnectedLayer(5, 3, Sigmoid, 0.5, rng),
			func(z []float64) float64 { return proof.Dot(c, proof.Each(proof.Sigma, z)) }, c},
		"softmax": {NewSoftmaxLayer(5, 3, 0.5),
			func(z []float64) float64 { return -math.Log(exponentials(z)[1]) }, y},
	} {
		a, w, b := random(5), random(5*3), random(3)
		weights, biases := matrix.FromSlice(5, 3, w), matrix.FromSlice(3, 1, b)
		cost := func([]float64) float64 { return test.cost(full(weights, biases, a, mask)) } // a and w are moved in place
		delta := proof.Gradient(test.cost, full(weights, biases, a, mask))
		nablaA, nablaW := movedInPlace(cost, a), movedInPlace(cost, w)

		formulaA, formulaW := make([]float64, 5), make([]float64, 5*3)
		for j := range 5 {
			for k := range 3 {
				if mask[j] == 1 {
					formulaA[j] += w[3*j+k] * delta[k]
					formulaW[3*j+k] = a[j] * delta[k]
				}
			}
		}
		proof.Agree(t, "(BP2), dropout, "+name, formulaA, nablaA, proof.Derived)
		proof.Agree(t, "(BP4), dropout, "+name, formulaW, nablaW, proof.Derived)

		test.layer.SetParameters(weights, biases)
		test.layer.OutputDropout(matrix.FromSlice(1, 5, a), rand.New(&given{append([]float64(nil), mask...)}))
		gotA := test.layer.Backward(matrix.FromSlice(1, 3, test.nablaA))
		gotW, _ := test.layer.Gradient()
		proof.Agree(t, "(BP2), by Backward, "+name, gotA.Data, nablaA, proof.Derived)
		proof.Agree(t, "(BP4), by Backward, "+name, gotW.Data, nablaW, proof.Derived)
	}
}

// movedInPlace returns the derivatives of f with respect to the numbers that it reads in v.
func movedInPlace(f func([]float64) float64, v []float64) []float64 {
	at := append([]float64(nil), v...)
	defer copy(v, at)
	return proof.Gradient(func(moved []float64) float64 { copy(v, moved); return f(v) }, at)
}
