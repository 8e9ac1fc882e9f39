package nn_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
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
	dir := os.Getenv("NNDL_MNIST")
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
	n, _, err := nn.Load(filename)
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

// TestMethodsMNIST holds three epochs over 10,000 real digits, in the order in which
// they stand, by whole mini-batches against the same example by example. Longer
// runs part: a difference in the last bit grows, as it does between any two orders
// of summation.
func TestMethodsMNIST(t *testing.T) {
	if testing.Short() || nn.RaceDetector {
		t.Skip("trains for some seconds")
	}
	dir := os.Getenv("NNDL_MNIST")
	if dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	training, _, test, err := mnist.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	book := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	batch := nn.New([]int{784, 30, 10}, rand.New(rand.NewPCG(1, 0)))
	b := &nn.Trainer{Biases: batch.Biases, Weights: batch.Weights}
	for epoch := range 3 {
		for miniBatch := range slices.Chunk(training[:10000], 10) {
			book.UpdateMiniBatch(miniBatch, 3)
			b.Update(miniBatch, 3)
		}
		worst := 0.0
		for i := range book.Weights {
			for _, d := range [][]float64{
				new(matrix.Matrix).Sub(book.Weights[i], batch.Weights[i]).Data,
				new(matrix.Matrix).Sub(book.Biases[i], batch.Biases[i]).Data,
			} {
				worst = max(worst, slices.Max(d), -slices.Min(d))
			}
		}
		got, want := b.Evaluate(test), book.Evaluate(test)
		t.Logf("epoch %d: %d and %d correct, the largest difference of a parameter %.1g", epoch, got, want, worst)
		if got != want || !(worst <= 1e-9) {
			t.Errorf("epoch %d: %d correct, example by example %d; a parameter differs by %g, want at most 1e-9", epoch, got, want, worst)
		}
	}
}
