package network3

import (
	"fmt"

	"nndl/matrix"
)

// Filters returns the weights as equation (125) has them, 20×25: a row for each feature map,
// its filters one after another and row by row. [ConvPoolLayer.Parameters] returns each filter
// turned by 180°, as Theano has it.
func (layer *ConvPoolLayer) Filters() *matrix.Matrix { return layer.turned(layer.w) }

// FeatureMap returns feature map f of one image, 1×784, before pooling: the weighted inputs of
// its neurons, 24×24, which are b + Σₗ Σₘ wₗ,ₘ aⱼ₊ₗ,ₖ₊ₘ in (125); and the row and the column of
// the largest in each window of the pooling, 12·12 of them, row by row. It panics if there is
// no such map, or if the image has another size.
func (layer *ConvPoolLayer) FeatureMap(image *matrix.Matrix, f int) (z *matrix.Matrix, winners [][2]int) {
	if nIn, _ := layer.sizes(); image.Rows != 1 || image.Cols != nIn || f < 0 || f >= layer.FilterShape[0] {
		panic(fmt.Sprintf("network3: FeatureMap: map %d of an image %d×%d for filters %v and images %v", f, image.Rows, image.Cols, layer.FilterShape, layer.ImageShape))
	}
	v, w := newGrid(layer.convolved()), layer.Filters() // 24×24, 20×25
	for g := range layer.FilterShape[1] {
		convolve(v, layer.image(image.Row(0), g), layer.filter(w.Row(f), g)) // 28×28, 5×5
	}
	rows, cols := layer.pooled()
	for p := range rows {
		for q := range cols {
			j, k := layer.winner(v, p, q)
			winners = append(winners, [2]int{j, k})
		}
	}
	z = matrix.New(layer.convolved()) // 24×24
	for j := range v {
		for k := range v[j] {
			z.Set(j, k, v[j][k]+layer.b.Data[f])
		}
	}
	return z, winners
}
