package nn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// TestGoldenMNIST holds three epochs over the first 1,000 real digits against what
// network.py makes of them from the same start. It needs the digits and the
// larger golden files.
func TestGoldenMNIST(t *testing.T) {
	golden := os.Getenv("NNDL_GOLDEN")
	if golden == "" {
		t.Skip("NNDL_GOLDEN does not name the folder of the golden files")
	}
	dir, err := mnist.Find("")
	if err != nil {
		t.Fatal(err)
	}
	if dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	training, _, test, err := mnist.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sgd-784-10", "sgd-784-30-10"} {
		data, err := os.ReadFile(filepath.Join(golden, name+"-run.json"))
		if err != nil {
			t.Fatal(err)
		}
		var run struct {
			TrainExamples int   `json:"train_examples"`
			TestExamples  int   `json:"test_examples"`
			MiniBatchSize int   `json:"mini_batch_size"`
			Correct       []int `json:"correct_after_each_epoch"`
			Eta           float64
		}
		if err := json.Unmarshal(data, &run); err != nil {
			t.Fatal(err)
		}
		want := load(t, filepath.Join(golden, name+"-final.json"))
		for _, method := range nn.UpdateMethods {
			n := load(t, filepath.Join(golden, name+"-initial.json"))
			for epoch, correct := range run.Correct {
				nn.Unshuffled(n, training[:run.TrainExamples], run.MiniBatchSize, run.Eta, method.Update)
				if got := n.Evaluate(test[:run.TestExamples]); got != correct {
					t.Errorf("%s, %s, epoch %d: %d correct, network.py has %d", name, method.Name, epoch, got, correct)
				}
			}
			for i := range want.Weights {
				near(t, name+", "+method.Name, n.Weights[i], want.Weights[i])
				near(t, name+", "+method.Name, n.Biases[i], want.Biases[i])
			}
		}
	}
}

func load(t *testing.T, filename string) *nn.Network {
	t.Helper()
	n, err := nn.Load(filename)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// near holds that got is within 1e-9 of want.
func near(t *testing.T, what string, got, want *matrix.Matrix) {
	t.Helper()
	d := new(matrix.Matrix).Sub(got, want)
	for _, v := range d.Data {
		if !(v <= 1e-9 && v >= -1e-9) {
			t.Errorf("%s: a parameter differs from network.py's by %g, want at most 1e-9", what, v)
			return
		}
	}
}
