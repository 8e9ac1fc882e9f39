package nn

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"nndl/matrix"
)

// layers is a list of matrices as network.py's numbers hold it: row by row.
type layers [][][]float64

func (ls layers) matrices() []*matrix.Matrix {
	var xs []*matrix.Matrix
	for _, l := range ls {
		xs = append(xs, column(l))
	}
	return xs
}

// column returns rows of numbers as a matrix.
func column(rows [][]float64) *matrix.Matrix {
	x := matrix.New(len(rows), len(rows[0]))
	for i, row := range rows {
		copy(x.Row(i), row)
	}
	return x
}

type goldenParams struct{ Weights, Biases layers }

func (g goldenParams) network(sizes []int) *Network {
	return &Network{Sizes: sizes, Biases: g.Biases.matrices(), Weights: g.Weights.matrices()}
}

// readGolden decodes a file of numbers that network.py itself has computed.
func readGolden(t *testing.T, filename string, v any) {
	t.Helper()
	data, err := os.ReadFile(filename)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", filename, err)
	}
}

// near fails the test if a matrix differs from network.py's by more than tolerance.
func near(t *testing.T, what string, got, want []*matrix.Matrix, tolerance float64) {
	t.Helper()
	for i := range want {
		if got[i].Rows != want[i].Rows || got[i].Cols != want[i].Cols {
			t.Fatalf("%s of layer %d: %d×%d, network.py has %d×%d", what, i+2, got[i].Rows, got[i].Cols, want[i].Rows, want[i].Cols)
		}
		if d := maxDiff(got[i], want[i]); !(d <= tolerance) {
			t.Errorf("%s of layer %d: differs from network.py's by %g, want at most %g", what, i+2, d, tolerance)
		}
	}
}

// TestGoldenBackprop holds one backprop and one mini-batch against network.py's.
func TestGoldenBackprop(t *testing.T) {
	for _, name := range []string{"backprop-3-4-2.json", "backprop-5-7-6-3.json"} {
		var g struct {
			goldenParams
			Sizes []int
			Eta   float64
			Cases []struct {
				X, Y, Output [][]float64
				NablaB       layers `json:"nabla_b"`
				NablaW       layers `json:"nabla_w"`
			}
			AfterUpdate goldenParams `json:"after_update"`
		}
		readGolden(t, filepath.Join("testdata", name), &g)
		for _, update := range updateMethods {
			n := g.network(g.Sizes)
			var miniBatch []Example
			for _, c := range g.Cases {
				x, y := column(c.X), column(c.Y)
				miniBatch = append(miniBatch, NewExample(x, y))
				near(t, name+": output", []*matrix.Matrix{n.Feedforward(x)}, []*matrix.Matrix{column(c.Output)}, 1e-12)
				nablaB, nablaW := n.Backprop(x, y)
				near(t, name+": ∂C/∂b", nablaB, c.NablaB.matrices(), 1e-12)
				near(t, name+": ∂C/∂w", nablaW, c.NablaW.matrices(), 1e-12)
			}
			update.Update(n, miniBatch, g.Eta)
			near(t, name+": b after "+update.Name, n.Biases, g.AfterUpdate.Biases.matrices(), 1e-12)
			near(t, name+": w after "+update.Name, n.Weights, g.AfterUpdate.Weights.matrices(), 1e-12)
		}
	}
}

// TestGoldenSGD holds three epochs on synthetic images against network.py's, the
// parameters after each epoch and the count of correct answers.
func TestGoldenSGD(t *testing.T) {
	var g struct {
		goldenParams
		Sizes         []int
		Pixels        [][]int
		Labels        []int
		MiniBatchSize int `json:"mini_batch_size"`
		Eta           float64
		AfterEpoch    []struct {
			goldenParams
			Correct int
		} `json:"after_epoch"`
	}
	readGolden(t, "testdata/sgd-36-12-10.json", &g)
	var data []Example
	for i, ps := range g.Pixels {
		pixels := make([]byte, len(ps))
		for j, p := range ps {
			pixels[j] = byte(p)
		}
		data = append(data, NewPixelExample(pixels, g.Labels[i], 10))
	}
	for _, update := range updateMethods {
		n := g.network(g.Sizes)
		for epoch, want := range g.AfterEpoch {
			Unshuffled(n, data, g.MiniBatchSize, g.Eta, update.Update)
			near(t, update.Name+": b", n.Biases, want.Biases.matrices(), 1e-9)
			near(t, update.Name+": w", n.Weights, want.Weights.matrices(), 1e-9)
			if got := n.Evaluate(data); got != want.Correct {
				t.Errorf("%s, epoch %d: %d correct, network.py has %d", update.Name, epoch, got, want.Correct)
			}
		}
	}
}
