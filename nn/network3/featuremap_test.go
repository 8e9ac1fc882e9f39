package network3

import (
	"math/rand/v2"
	"strings"
	"testing"

	"nndl/matrix"
)

// TestFeatureMap compares the maps with (125) written out and, at the winners, with Output.
// The layer has two maps in, images that are not square and pools that leave a row out.
func TestFeatureMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	layer := NewConvPoolLayer([4]int{3, 2, 2, 3}, [4]int{4, 2, 6, 8}, [2]int{2, 3}, Tanh, rng)
	image := matrix.New(1, 2*6*8)
	for i := range image.Data {
		image.Data[i] = rng.NormFloat64()
	}
	output := layer.Output(image) // 1×(3·2·2)
	filters := layer.Filters()    // 3×(2·2·3)
	_, b := layer.Parameters()
	for f := range 3 {
		z, winners := layer.FeatureMap(image, f) // 5×6
		for j := range 5 {
			for k := range 6 {
				sum := b.Data[f]
				for g := range 2 {
					for l := range 2 {
						for m := range 3 {
							sum += filters.At(f, (g*2+l)*3+m) * image.Data[(g*6+j+l)*8+k+m]
						}
					}
				}
				same(t, "z", []float64{z.At(j, k)}, []float64{sum}, 1e-14)
			}
		}
		if len(winners) != 2*2 {
			t.Fatalf("%d winners, want 4", len(winners))
		}
		for i, winner := range winners {
			if p, q := winner[0]/2, winner[1]/3; p*2+q != i {
				t.Errorf("winner %d is at %v, which is in window (%d, %d)", i, winner, p, q)
			}
			same(t, "the winner's activation", []float64{Tanh.F(z.At(winner[0], winner[1]))}, output.Data[f*4+i:][:1], 0)
		}
	}
	for _, misuse := range []func(){
		func() { layer.FeatureMap(image, 3) },
		func() { layer.FeatureMap(image, -1) },
		func() { layer.FeatureMap(matrix.New(2, 96), 0) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.HasPrefix(got, "network3: FeatureMap: map ") {
					t.Errorf("the panic says %q", got)
				}
			}()
			misuse()
		}()
	}
}
