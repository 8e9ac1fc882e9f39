package network3

import (
	"math/rand/v2"
	"testing"
)

// TestTrainerDoesNotAllocate: once it has its memory, on one core.
func TestTrainerDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	for kind, net := range trainerNets(Sigmoid, rand.New(rand.NewPCG(5, 0))) {
		rng := rand.New(rand.NewPCG(6, 0))
		nIn, _ := net.Layers[0].sizes()
		data := randomData(4, nIn, 3, rng)
		trainer := NewTrainer(net)
		for what, do := range map[string]func(){
			"Update":  func() { trainer.Update(data, 0.3, 0.8, 7, rng) },
			"Correct": func() { trainer.Correct(data) },
			"Outputs": func() { trainer.Outputs(data) },
		} {
			if n := testing.AllocsPerRun(10, do); n != 0 {
				t.Errorf("%s: %s makes %v allocations", kind, what, n)
			}
		}
	}
}
