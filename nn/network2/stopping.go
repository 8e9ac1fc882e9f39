package network2

// This file is the chapter's problem on early stopping: stop when the accuracy on the
// validation data has not improved for n epochs.

// NoImprovement watches an accuracy, epoch by epoch, for N epochs without improvement.
// The zero value with an N is ready to use.
//
// On a noisy curve a single worse epoch means nothing: the accuracy of a network that
// still learns often falls for a few epochs. N says how many of them to sit out. Equal
// to the best is no improvement.
type NoImprovement struct {
	N            int
	BestAccuracy int // the highest accuracy so far
	BestEpoch    int // and the first epoch that had it, counted from 0
	epochs       int // seen so far
	since        int // epochs without improvement
}

// Add takes the accuracy after the next epoch and reports whether N epochs have passed
// without improvement: this is the time to stop. The first epoch always improves.
func (s *NoImprovement) Add(accuracy int) bool {
	if s.epochs == 0 || accuracy > s.BestAccuracy {
		s.BestAccuracy, s.BestEpoch, s.since = accuracy, s.epochs, 0
	} else {
		s.since++
	}
	s.epochs++
	return s.since >= s.N
}
