package matrix_test

import (
	"fmt"

	"nndl/matrix"
)

// One layer of a network: two neurons with three inputs each, z = wa + b.
func Example() {
	w := matrix.FromSlice(2, 3, []float64{
		1, 2, 3, // the weights of the first neuron
		4, 5, 6, // and those of the second
	})
	a := matrix.FromSlice(3, 1, []float64{1, 0, -1}) // a vector is a column
	b := matrix.FromSlice(2, 1, []float64{10, 20})

	var z matrix.Matrix     // takes the shape of its first result
	z.Mul(w, a).Add(&z, b)  // 2×3 · 3×1 → 2×1
	fmt.Println(z.String()) // 1−3+10 and 4−6+20
	// Output:
	// 2×1
	// [8]
	// [18]
}

func ExampleNew() {
	fmt.Println(matrix.New(2, 3))
	// Output:
	// 2×3
	// [0 0 0]
	// [0 0 0]
}

// FromSlice keeps the slice: the matrix and the slice are one memory.
func ExampleFromSlice() {
	data := []float64{1, 2, 3, 4}
	x := matrix.FromSlice(2, 2, data)
	data[3] = 40
	fmt.Println(x.At(1, 1))
	// Output: 40
}

func ExampleMatrix_Set() {
	x := matrix.New(2, 2)
	x.Set(0, 1, 5) // row 0, column 1
	fmt.Println(x.At(0, 1), x.Data)
	// Output: 5 [0 5 0 0]
}

// Row does not copy.
func ExampleMatrix_Row() {
	x := matrix.FromSlice(2, 2, []float64{1, 2, 3, 4})
	row := x.Row(1)
	row[0] = 30
	fmt.Println(row, x.Data)
	// Output: [30 4] [1 2 30 4]
}

func ExampleMatrix_Copy() {
	x := matrix.FromSlice(1, 2, []float64{1, 2})
	z := new(matrix.Matrix).Copy(x)
	z.Set(0, 0, 10)
	fmt.Println(x.Data, z.Data)
	// Output: [1 2] [10 2]
}

func ExampleMatrix_Equal() {
	row := matrix.FromSlice(1, 2, []float64{1, 2})
	column := matrix.FromSlice(2, 1, []float64{1, 2})
	fmt.Println(row.Equal(row), row.Equal(column))
	// Output: true false
}

func ExampleMatrix_Mul() {
	x := matrix.FromSlice(2, 2, []float64{
		1, 2,
		3, 4,
	})
	y := matrix.FromSlice(2, 1, []float64{10, 1})
	fmt.Println(new(matrix.Matrix).Mul(x, y))
	// Output:
	// 2×1
	// [12]
	// [34]
}

// The way back through a layer: w is 2×3, so it takes 3 activations to 2 neurons;
// transposed it takes 2 errors back to 3.
func ExampleMatrix_TMul() {
	w := matrix.FromSlice(2, 3, []float64{
		1, 2, 3,
		4, 5, 6,
	})
	delta := matrix.FromSlice(2, 1, []float64{1, 10})
	fmt.Println(new(matrix.Matrix).TMul(w, delta)) // (2×3)ᵀ · 2×1 → 3×1
	// Output:
	// 3×1
	// [41]
	// [52]
	// [63]
}

// The gradient of the weights: every error times every activation, a column
// times a row.
func ExampleMatrix_MulT() {
	delta := matrix.FromSlice(2, 1, []float64{1, 10})
	a := matrix.FromSlice(3, 1, []float64{7, 8, 9})
	fmt.Println(new(matrix.Matrix).MulT(delta, a)) // 2×1 · (3×1)ᵀ → 2×3
	// Output:
	// 2×3
	// [7 8 9]
	// [70 80 90]
}

func ExampleMatrix_AddMul() {
	z := matrix.FromSlice(1, 1, []float64{100})
	x := matrix.FromSlice(1, 2, []float64{1, 2})
	y := matrix.FromSlice(2, 1, []float64{3, 4})
	z.AddMul(-2, x, y) // 100 − 2·(1·3 + 2·4)
	fmt.Println(z.At(0, 0))
	// Output: 78
}

func ExampleMatrix_AddTMul() {
	z := matrix.FromSlice(1, 1, []float64{100})
	x := matrix.FromSlice(2, 1, []float64{1, 2})
	y := matrix.FromSlice(2, 1, []float64{3, 4})
	z.AddTMul(-2, x, y) // 100 − 2·(1·3 + 2·4)
	fmt.Println(z.At(0, 0))
	// Output: 78
}

func ExampleMatrix_Add() {
	x := matrix.FromSlice(1, 2, []float64{1, 2})
	y := matrix.FromSlice(1, 2, []float64{10, 20})
	fmt.Println(new(matrix.Matrix).Add(x, y).Data)
	// Output: [11 22]
}

// The destination may be an operand.
func ExampleMatrix_Sub() {
	a := matrix.FromSlice(1, 2, []float64{0.75, 0.25})
	y := matrix.FromSlice(1, 2, []float64{1, 0})
	a.Sub(a, y)
	fmt.Println(a.Data)
	// Output: [-0.25 0.25]
}

// The book's own example of ⊙, equation (28).
func ExampleMatrix_Hadamard() {
	x := matrix.FromSlice(2, 1, []float64{1, 2})
	y := matrix.FromSlice(2, 1, []float64{3, 4})
	fmt.Println(new(matrix.Matrix).Hadamard(x, y).Data)
	// Output: [3 8]
}

func ExampleMatrix_Scale() {
	x := matrix.FromSlice(1, 2, []float64{1, 2})
	fmt.Println(x.Scale(10, x).Data)
	// Output: [10 20]
}

// A step of gradient descent with learning rate 0.5: w − 0.5·∇C.
func ExampleMatrix_AddScaled() {
	w := matrix.FromSlice(1, 2, []float64{1, 2})
	nabla := matrix.FromSlice(1, 2, []float64{4, -4})
	fmt.Println(w.AddScaled(-0.5, nabla).Data)
	// Output: [-1 4]
}

// The book's own example of a vectorized function, equation (24).
func ExampleMatrix_Apply() {
	x := matrix.FromSlice(2, 1, []float64{2, 3})
	square := func(x float64) float64 { return x * x }
	fmt.Println(new(matrix.Matrix).Apply(square, x).Data)
	// Output: [4 9]
}

// Shapes that do not fit are a mistake in the program and panic with both of them.
func Example_panics() {
	defer func() { fmt.Println(recover()) }()
	w, a := matrix.New(30, 784), matrix.New(10, 1)
	new(matrix.Matrix).Mul(w, a)
	// Output: matrix: Mul: 30×784 by 10×1
}

// Tests that must hold for every kernel run them one by one.
func ExampleUseKernel() {
	x := matrix.FromSlice(1, 2, []float64{3, 4})
	for _, name := range matrix.Kernels() {
		restore := matrix.UseKernel(name)
		if z := new(matrix.Matrix).MulT(x, x).At(0, 0); z != 25 {
			fmt.Println(name, z)
		}
		restore()
	}
	fmt.Println("all agree")
	// Output: all agree
}
