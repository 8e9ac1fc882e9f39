package nn

import "slices"

// Evaluate returns how many examples of testData the network gets right, as
// [Network.Evaluate] does.
func (b *Batch) Evaluate(testData []Example) int {
	correct := 0
	for part := range slices.Chunk(testData, partSize) {
		b.feedforward(part)
		output := &b.activations[len(b.activations)-1] // m×10
		for i, e := range part {
			if argMaxOfRow(output, i) == e.Label() {
				correct++
			}
		}
	}
	return correct
}

// Cost returns the quadratic cost of the network over data, as [Network.Cost] does.
func (b *Batch) Cost(data []Example) float64 {
	sum := 0.0 // Σ ‖y − a‖²
	for part := range slices.Chunk(data, partSize) {
		b.feedforward(part)
		b.wanted(part)
		output := &b.activations[len(b.activations)-1] // m×10
		for i, a := range output.Data {
			d := b.y.Data[i] - a
			sum += d * d
		}
	}
	if len(data) == 0 {
		return 0
	}
	return sum / (2 * float64(len(data)))
}
