package network2

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

func TestGoldenL1(t *testing.T) {
	var g struct {
		parameters
		Sizes      []int
		Cost       string
		Eta, Lmbda float64
		N          int
		Examples   []example
		Cases      []struct {
			MiniBatch     int   `json:"mini_batch"`
			Unregularized float `json:"unregularized_cost_before"`
			CostBefore    float `json:"cost_before"`
			After         parameters
		}
	}
	golden(t, "exercise-l1-7-5-4.json", &g)
	for _, c := range g.Cases {
		what := fmt.Sprintf("m = %d: ", c.MiniBatch)
		net, miniBatch := g.network(g.Sizes, g.Cost), examples(g.Examples[:c.MiniBatch])
		near(t, what+"cost without L1", net.TotalCost(miniBatch, 0), c.Unregularized, once)
		// The file's λ/n is that of the training set, which has more examples than the mini-batch.
		lambda := g.Lmbda / float64(g.N) * float64(c.MiniBatch)
		near(t, what+"cost with L1", net.TotalCostL1(miniBatch, lambda), c.CostBefore, once)
		net.UpdateMiniBatchL1(miniBatch, g.Eta, g.Lmbda, g.N)
		same(t, what+"w", net.Weights, c.After.Weights.matrices(), once)
		same(t, what+"b", net.Biases, c.After.Biases.matrices(), once)
	}
}

func TestGoldenMomentum(t *testing.T) {
	var g struct {
		parameters
		Sizes     []int
		Cost      string
		Eta       float64
		N         int
		MiniBatch int `json:"mini_batch_size"`
		Examples  []example
		Runs      []struct {
			Mu, Lmbda float64
			Variant   string
			AfterStep []struct {
				parameters
				VelocityWeights layers `json:"velocity_weights"`
				VelocityBiases  layers `json:"velocity_biases"`
			} `json:"after_step"`
		}
	}
	golden(t, "exercise-momentum-6-5-3.json", &g)
	data, ran := examples(g.Examples), 0
	for _, r := range g.Runs {
		if r.Variant != "decay_in_gradient" {
			continue // the other reading of (107)
		}
		ran++
		m := NewMomentum(g.network(g.Sizes, g.Cost), r.Mu)
		for k, after := range r.AfterStep {
			what := fmt.Sprintf("μ = %g, λ = %g, step %d: ", r.Mu, r.Lmbda, k)
			m.UpdateMiniBatch(data[k*g.MiniBatch:(k+1)*g.MiniBatch], g.Eta, r.Lmbda, g.N)
			same(t, what+"w", m.Net.Weights, after.Weights.matrices(), once)
			same(t, what+"b", m.Net.Biases, after.Biases.matrices(), once)
			if after.VelocityWeights != nil {
				same(t, what+"velocity of w", m.VelocityW, after.VelocityWeights.matrices(), once)
				same(t, what+"velocity of b", m.VelocityB, after.VelocityBiases.matrices(), once)
			}
		}
	}
	if ran != 6 {
		t.Errorf("%d runs, want 6", ran)
	}
}

func TestGoldenNeurons(t *testing.T) {
	var g struct {
		parameters
		Sizes []int
		Cases []struct {
			example
			Hidden       string
			OutputLayer  string `json:"output_layer"`
			CostFunction string `json:"cost_function"`
			Output       rows
			Cost         float
			NablaB       layers `json:"nabla_b"`
			NablaW       layers `json:"nabla_w"`
		}
	}
	golden(t, "exercise-neurons-6-5-4.json", &g)
	neurons := map[string]Neuron{}
	for _, f := range []Neuron{SigmoidNeuron, LinearNeuron, TanhNeuron, ReLUNeuron} {
		neurons[f.Name] = f
	}
	for i, c := range g.Cases {
		what := fmt.Sprintf("case %d, %s, %s: ", i, c.Hidden, c.OutputLayer)
		net := NeuronNetwork{g.network(g.Sizes, ""), neurons[c.Hidden], neurons[c.OutputLayer].Layer}
		switch c.CostFunction {
		case "log-likelihood":
			net.Output, net.Net.Cost = Softmax, LogLikelihoodCost{}
		case "cross-entropy":
			net.Net.Cost = CrossEntropyCost{}
		default:
			net.Net.Cost = QuadraticCostOf{Output: neurons[c.OutputLayer]}
		}
		x, y := c.X.matrix(), c.Y.matrix()
		a := net.Feedforward(x)
		same(t, what+"output", []*matrix.Matrix{a}, []*matrix.Matrix{c.Output.matrix()}, once)
		near(t, what+"cost", net.Net.Cost.Fn(a, y), c.Cost, once)
		nablaB, nablaW := net.Backprop(x, y)
		same(t, what+"∂C/∂b", nablaB, c.NablaB.matrices(), once)
		same(t, what+"∂C/∂w", nablaW, c.NablaW.matrices(), once)
	}
}

// TestNeuronsOfNetwork: with sigmoid neurons and the cross-entropy NeuronNetwork is Network.
func TestNeuronsOfNetwork(t *testing.T) {
	for _, cost := range costs {
		data := randomData(7, 6, 4)
		a := g654(cost)
		b := NeuronNetwork{g654(cost), SigmoidNeuron, SigmoidNeuron.Layer}
		a.UpdateMiniBatch(data, 0.5, 3, 40)
		b.UpdateMiniBatch(data, 0.5, 3, 40)
		same(t, "w", b.Net.Weights, a.Weights, once)
		same(t, "b", b.Net.Biases, a.Biases, once)
		if got, want := b.Accuracy(data), a.Accuracy(data); got != want {
			t.Errorf("accuracy %d, want %d", got, want)
		}
		b.UpdateMiniBatch(nil, 0.5, 3, 40)
		same(t, "w", b.Net.Weights, a.Weights, once)
	}
}

func TestGoldenSoftmax(t *testing.T) {
	var g struct {
		Cases []struct {
			Z, Softmax rows
			Likelihood rows `json:"log_likelihood_of_each_label"`
			WithC      []struct {
				C       float64
				Softmax rows
			} `json:"with_c"`
		}
	}
	golden(t, "exercise-softmax.json", &g)
	for _, c := range g.Cases {
		z := c.Z.matrix()
		what := fmt.Sprintf("z = %v: ", z.Data)
		same(t, what+"softmax", []*matrix.Matrix{Softmax(z)}, []*matrix.Matrix{c.Softmax.matrix()}, once)
		likelihood := matrix.New(z.Rows, 1)
		for j := range z.Data {
			likelihood.Data[j] = LogLikelihood(z, j)
		}
		same(t, what+"log-likelihood", []*matrix.Matrix{likelihood}, []*matrix.Matrix{c.Likelihood.matrix()}, once)
		for _, w := range c.WithC {
			same(t, fmt.Sprintf("%sc = %g", what, w.C), []*matrix.Matrix{SoftmaxC(w.C, z)}, []*matrix.Matrix{w.Softmax.matrix()}, once)
		}
	}
}

func TestGoldenStopping(t *testing.T) {
	type outcome struct {
		Trained int `json:"epochs_trained"`
		Epoch   int `json:"best_epoch"`
		Best    int `json:"best_accuracy"`
	}
	var g struct {
		EarlyStopping []struct {
			outcome
			Accuracies []int
			N          int
			StopsAfter *int `json:"stops_after_epoch"`
		} `json:"early_stopping"`
		Halving []struct {
			outcome
			Accuracies []int
			N          int
			Etas       []float64 `json:"eta_of_each_epoch_over_eta0"`
			Halved     []int     `json:"halved_after_epochs"`
			Stopped    bool
		}
	}
	golden(t, "exercise-stopping.json", &g)
	for i, c := range g.EarlyStopping {
		s, got, stopsAfter := NoImprovement{N: c.N}, outcome{}, -1
		for epoch, accuracy := range c.Accuracies {
			got.Trained++
			if s.Add(accuracy) {
				stopsAfter = epoch
				break
			}
		}
		got.Epoch, got.Best = s.BestEpoch, s.BestAccuracy
		want := -1
		if c.StopsAfter != nil {
			want = *c.StopsAfter
		}
		if got != c.outcome || stopsAfter != want {
			t.Errorf("early stopping %d: %+v, stops after %d; want %+v, %d", i, got, stopsAfter, c.outcome, want)
		}
	}
	for i, c := range g.Halving {
		h, got, eta := Halving{NoImprovement: NoImprovement{N: c.N}}, outcome{}, 1.0
		var etas []float64
		var halved []int
		stopped := false
		for epoch, accuracy := range c.Accuracies {
			got.Trained++
			etas = append(etas, eta)
			halve, stop := h.Add(accuracy)
			if halve || stop {
				halved = append(halved, epoch)
			}
			if stop {
				stopped = true
				break
			}
			if halve {
				eta /= 2
			}
		}
		got.Epoch, got.Best = h.BestEpoch, h.BestAccuracy
		if got != c.outcome || stopped != c.Stopped || !slices.Equal(etas, c.Etas) || !slices.Equal(halved, c.Halved) {
			t.Errorf("halving %d: %+v, stopped %v, halved %v, η %v; want %+v, %v, %v, %v", i, got, stopped, halved, etas, c.outcome, c.Stopped, c.Halved, c.Etas)
		}
	}
}

// TestReLU: at the ends, where the formulas say nothing.
func TestReLU(t *testing.T) {
	if got := ReLU(math.NaN()); got == got {
		t.Errorf("ReLU(NaN) = %v", got)
	}
	if ReLUPrime(0) != 0 || ReLU(-3) != 0 || ReLU(3) != 3 || Sgn(0) != 0 || Sgn(math.Copysign(0, -1)) != 0 {
		t.Error("ReLU or sgn is wrong at 0 or beside it")
	}
	if LogLikelihoodCost.Fn(LogLikelihoodCost{}, matrix.FromSlice(2, 1, []float64{0, 1}), matrix.FromSlice(2, 1, []float64{1, 0})) != math.Inf(1) {
		t.Error("−ln 0 is not +Inf")
	}
	NewMomentum(g654(nil), 0.5).UpdateMiniBatch([]nn.Example{}, 1, 1, 1)
}
