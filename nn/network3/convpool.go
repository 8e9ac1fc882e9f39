package network3

import (
	"fmt"
	"math"
	"math/rand/v2"

	"nndl/matrix"
)

// ConvPoolLayer is a convolutional layer together with the max-pooling after it. Its weights
// are (maps out)×(maps in · filter height · filter width), 20×25, a filter for each pair of
// maps; its biases are one for each map out, 20×1.
type ConvPoolLayer struct {
	FilterShape [4]int // maps out, maps in, height, width: 20, 1, 5, 5
	ImageShape  [4]int // mini-batch, maps in, height, width: 10, 1, 28, 28
	PoolSize    [2]int // height, width: 2, 2
	Activation  Activation
	parameters
	inpt, z *matrix.Matrix // of the training pass: 10×784, 10×2880
	winners [][2]int       // row and column of the maximum of each window, 10·2880 of them
}

// NewConvPoolLayer returns a layer of filterShape[0] feature maps. The weights are drawn with
// mean 0 and standard deviation 1/√nOut, where nOut is the maps out times the size of a
// filter over that of a pool, 20·25/4; then the biases with standard deviation 1. As in
// [NewFullyConnectedLayer], it should be 1/√nIn. It panics if the shapes do not fit together.
func NewConvPoolLayer(filterShape, imageShape [4]int, poolSize [2]int, activation Activation, rng *rand.Rand) *ConvPoolLayer {
	layer, err := newConvPoolLayer(filterShape, imageShape, poolSize, activation)
	if err != nil {
		panic("network3: NewConvPoolLayer: " + err.Error())
	}
	layer.draw(math.Sqrt(float64(poolSize[0]*poolSize[1])/float64(filterShape[0]*filterShape[2]*filterShape[3])), rng)
	return layer
}

// newConvPoolLayer returns a layer whose parameters are 0, or an error if the shapes do not
// fit together.
func newConvPoolLayer(filterShape, imageShape [4]int, poolSize [2]int, activation Activation) (*ConvPoolLayer, error) {
	layer := &ConvPoolLayer{FilterShape: filterShape, ImageShape: imageShape, PoolSize: poolSize, Activation: activation}
	mapsOut, mapsIn, height, width := filterShape[0], filterShape[1], filterShape[2], filterShape[3]
	if min(mapsOut, mapsIn, height, width, imageShape[0], poolSize[0], poolSize[1]) < 1 || mapsIn != imageShape[1] {
		return nil, fmt.Errorf("filters %v, images %v, pools %v: want 1 or more, and as many maps in", filterShape, imageShape, poolSize)
	}
	if rows, cols := layer.pooled(); min(rows, cols) < 1 {
		return nil, fmt.Errorf("filters %v and pools %v leave nothing of images %v", filterShape, poolSize, imageShape)
	}
	layer.parameters = newParameters(mapsOut, mapsIn*height*width, mapsOut) // 20×25, 20×1
	return layer, nil
}

// convolved returns the size of a feature map before pooling, 24×24: the places that a
// filter can take within the image.
func (layer *ConvPoolLayer) convolved() (rows, cols int) {
	return layer.ImageShape[2] - layer.FilterShape[2] + 1, layer.ImageShape[3] - layer.FilterShape[3] + 1
}

// pooled returns the size of a feature map after pooling, 12×12. Rows and columns at the end
// that do not fill a window are ignored.
func (layer *ConvPoolLayer) pooled() (rows, cols int) {
	rows, cols = layer.convolved()
	return rows / layer.PoolSize[0], cols / layer.PoolSize[1]
}

func (layer *ConvPoolLayer) sizes() (nIn, nOut int) {
	rows, cols := layer.pooled()
	return layer.ImageShape[1] * layer.ImageShape[2] * layer.ImageShape[3], layer.FilterShape[0] * rows * cols
}

// Output returns the activations, 10×2880, for the inputs, 10×784. There is no dropout in a
// convolutional layer, so this is also the training pass.
func (layer *ConvPoolLayer) Output(inpt *matrix.Matrix) *matrix.Matrix {
	z, _ := layer.weightedInputs(inpt)    // 10×2880
	return z.Apply(layer.Activation.F, z) // 10×2880
}

// OutputDropout returns the same as Output, and keeps what Backward needs. It draws nothing
// from rng.
func (layer *ConvPoolLayer) OutputDropout(inpt *matrix.Matrix, rng *rand.Rand) *matrix.Matrix {
	layer.inpt = inpt
	layer.z, layer.winners = layer.weightedInputs(inpt)          // 10×2880
	return new(matrix.Matrix).Apply(layer.Activation.F, layer.z) // 10×2880
}

// weightedInputs returns z, 10×2880, and where in its map the maximum of each window is.
// First comes the convolution, then the pooling, then the bias.
func (layer *ConvPoolLayer) weightedInputs(inpt *matrix.Matrix) (z *matrix.Matrix, winners [][2]int) {
	nIn, nOut := layer.sizes()
	if inpt.Cols != nIn {
		panic(fmt.Sprintf("network3: ConvPoolLayer: inputs %d×%d for images %v", inpt.Rows, inpt.Cols, layer.ImageShape))
	}
	z = matrix.New(inpt.Rows, nOut) // 10×2880
	w := layer.turned(layer.w)      // 20×25
	rows, cols := layer.pooled()
	for e := range inpt.Rows {
		for f := range layer.FilterShape[0] {
			v := newGrid(layer.convolved()) // 24×24
			for g := range layer.FilterShape[1] {
				convolve(v, layer.image(inpt.Row(e), g), layer.filter(w.Row(f), g)) // 28×28, 5×5
			}
			pooled := gridOf(z.Row(e), f, rows, cols) // 12×12
			for p := range pooled {
				for q := range pooled[p] {
					j, k := layer.winner(v, p, q)
					pooled[p][q] = v[j][k] + layer.b.Data[f]
					winners = append(winners, [2]int{j, k})
				}
			}
		}
	}
	return z, winners
}

// Backward is the backward pass. ∂C/∂a of this layer, 10×2880, gives ∂C/∂a of the layer
// before, 10×784. The steps are those of the forward pass, last first.
func (layer *ConvPoolLayer) Backward(nablaA *matrix.Matrix) *matrix.Matrix {
	delta := new(matrix.Matrix).Apply(layer.Activation.Prime, layer.z) // 10×2880
	delta.Hadamard(nablaA, delta)                                      // 10×2880
	nablaInpt := matrix.New(layer.inpt.Rows, layer.inpt.Cols)          // 10×784
	w := layer.turned(layer.w)                                         // 20×25
	nablaW := matrix.New(w.Rows, w.Cols)                               // 20×25, of the turned filters
	clear(layer.nablaB.Data)                                           // 20×1
	rows, cols := layer.pooled()
	winners := layer.winners
	for e := range delta.Rows {
		for f := range layer.FilterShape[0] {
			deltaV := newGrid(layer.convolved()) // 24×24
			for _, row := range gridOf(delta.Row(e), f, rows, cols) {
				for _, d := range row {
					// Equation (BP3), convolution: ∂C/∂b = Σⱼ Σₖ δⱼ,ₖ
					layer.nablaB.Data[f] += d
					// Equation (BP2), max-pooling: δⱼ,ₖ = δ of its window if vⱼ,ₖ is the maximum there, 0 if not
					deltaV[winners[0][0]][winners[0][1]] = d
					winners = winners[1:]
				}
			}
			for g := range layer.FilterShape[1] {
				convolveBackward(layer.image(nablaInpt.Row(e), g), layer.filter(nablaW.Row(f), g),
					deltaV, layer.image(layer.inpt.Row(e), g), layer.filter(w.Row(f), g))
			}
		}
	}
	layer.nablaW.Copy(layer.turned(nablaW)) // 20×25
	return nablaInpt
}

// convolve adds to the feature map v, 24×24, what the filter w, 5×5, makes of the map a,
// 28×28. The filter is already turned.
func convolve(v, a, w grid) {
	for j := range v {
		for k := range v[j] {
			for l := range w {
				for m := range w[l] {
					// Equation (125): σ(b + Σₗ Σₘ wₗ,ₘ aⱼ₊ₗ,ₖ₊ₘ)
					v[j][k] += w[l][m] * a[j+l][k+m]
				}
			}
		}
	}
}

// convolveBackward is the backward pass of convolve: for the errors delta, 24×24, of v it
// adds ∂C/∂a to nablaA, 28×28, and ∂C/∂w to nablaW, 5×5. A weight is shared by all neurons of
// the map, so its derivative is a sum over them. An input is seen by 25 of them, or by fewer
// near the border.
func convolveBackward(nablaA, nablaW, delta, a, w grid) {
	for j := range delta {
		for k := range delta[j] {
			for l := range w {
				for m := range w[l] {
					// Equation (BP4), convolution: ∂C/∂wₗ,ₘ = Σⱼ Σₖ aⱼ₊ₗ,ₖ₊ₘ δⱼ,ₖ
					nablaW[l][m] += a[j+l][k+m] * delta[j][k]
					// Equation (BP2), convolution: ∂C/∂aⱼ,ₖ = Σₗ Σₘ wₗ,ₘ δⱼ₋ₗ,ₖ₋ₘ
					nablaA[j+l][k+m] += w[l][m] * delta[j][k]
				}
			}
		}
	}
}

// winner returns the row and the column of the largest number in window (p, q) of v. If
// several are equal it is the first, row by row. The original passes the error to all of
// them, which gives a gradient that finite differences do not confirm. A NaN counts as the
// largest.
func (layer *ConvPoolLayer) winner(v grid, p, q int) (row, col int) {
	height, width := layer.PoolSize[0], layer.PoolSize[1]
	row, col = p*height, q*width
	for j := p * height; j < (p+1)*height; j++ {
		for k := q * width; k < (q+1)*width; k++ {
			if most := v[row][col]; most == most && !(v[j][k] <= most) {
				row, col = j, k
			}
		}
	}
	return row, col
}

// turned returns w, 20×25, with every filter turned by 180°, that is with its numbers in
// reverse order. Theano's conv2d is a convolution in the mathematical sense and turns the
// filters, so (125) holds for the turned ones. Turning twice changes nothing.
func (layer *ConvPoolLayer) turned(w *matrix.Matrix) *matrix.Matrix {
	size := layer.FilterShape[2] * layer.FilterShape[3] // 25
	turned := matrix.New(w.Rows, w.Cols)                // 20×25
	for i, v := range w.Data {
		turned.Data[i/size*size+size-1-i%size] = v
	}
	return turned
}

// grid is a map or a filter as its rows.
type grid [][]float64

func newGrid(rows, cols int) grid { return gridOf(make([]float64, rows*cols), 0, rows, cols) }

// gridOf returns map number f of those in data, one after another. It shares their memory.
func gridOf(data []float64, f, rows, cols int) grid {
	g := make(grid, rows)
	for j := range g {
		g[j] = data[(f*rows+j)*cols:][:cols]
	}
	return g
}

// image returns map g, 28×28, of an input, 1×784.
func (layer *ConvPoolLayer) image(inpt []float64, g int) grid {
	return gridOf(inpt, g, layer.ImageShape[2], layer.ImageShape[3])
}

// filter returns the filter for map g, 5×5, of the filters for one map out, 1×25.
func (layer *ConvPoolLayer) filter(w []float64, g int) grid {
	return gridOf(w, g, layer.FilterShape[2], layer.FilterShape[3])
}
