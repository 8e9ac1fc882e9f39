package deep

import (
	"slices"
	"testing"

	"nndl/mnist"
	"nndl/nn/network2"
)

// TestDescent compares the descent with steps taken one by one, and breaks off in the middle.
func TestDescent(t *testing.T) {
	data := mnist.Digits(40, 1)
	ours, theirs := New(3, 7, Lambda, data), New(3, 7, Lambda, data)
	if got := []int{ours.Weights[0].Rows, ours.Weights[2].Cols, ours.Weights[3].Rows, len(ours.Weights)}; !slices.Equal(got, []int{30, 30, 10, 4}) {
		t.Errorf("the network has the sizes %v", got)
	}
	last := -1
	for epoch, speeds := range Descent(ours, data, Epochs, Eta) {
		if want := network2.LearningSpeeds(theirs, data)[:3]; !slices.Equal(speeds, want) {
			t.Errorf("epoch %d: %v, want %v", epoch, speeds, want)
		}
		if last = epoch; epoch == 4 {
			break
		}
		theirs.Update(data, Eta)
	}
	if last != 4 || !ours.Weights[0].Equal(theirs.Weights[0]) {
		t.Errorf("epoch %d was the last, and after it the weights differ from those of 4 steps", last)
	}
}
