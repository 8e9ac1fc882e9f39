package universality_test

import (
	"fmt"

	"nndl/nn/universality"
)

// Ten steps, five bumps: the network's output in the middle of each, beside the function.
func ExampleNew() {
	net := universality.New(universality.Target, 5, universality.Steep)
	fmt.Println("layers of", net.Sizes)
	for _, x := range []float64{0.1, 0.3, 0.5, 0.7, 0.9} {
		fmt.Printf("f(%.1f) = %.3f, the network %.3f\n", x, universality.Target(x), universality.Output(net, x))
	}
	// Output:
	// layers of [1 10 1]
	// f(0.1) = 0.248, the network 0.221
	// f(0.3) = 0.110, the network 0.177
	// f(0.5) = 0.490, the network 0.385
	// f(0.7) = 0.166, the network 0.270
	// f(0.9) = 0.767, the network 0.691
}
