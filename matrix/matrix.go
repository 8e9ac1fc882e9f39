package matrix

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"unsafe"
)

// Matrix is a dense Rows×Cols matrix, stored row after row: element (i,j) is
// Data[i*Cols+j]. The zero value is an empty matrix, ready to be a destination.
type Matrix struct {
	Rows, Cols int
	Data       []float64 // len(Data) == Rows*Cols
}

// New returns a rows×cols matrix of zeros. Negative sizes panic, and so do
// sizes whose product does not fit an int.
func New(rows, cols int) *Matrix {
	return &Matrix{rows, cols, make([]float64, area("New", rows, cols))}
}

// FromSlice returns a rows×cols matrix that keeps data, row after row, as its
// memory: a change of one is a change of the other. A slice of another length
// than rows·cols panics.
func FromSlice(rows, cols int, data []float64) *Matrix {
	if n := area("FromSlice", rows, cols); n != len(data) {
		panic(fmt.Sprintf("matrix: FromSlice: %d×%d by %d elements", rows, cols, len(data)))
	}
	return &Matrix{rows, cols, data}
}

// At returns element (i,j), counted from 0.
func (x *Matrix) At(i, j int) float64 {
	x.check("At", i, j)
	return x.Data[i*x.Cols+j]
}

// Set sets element (i,j), counted from 0, to v.
func (x *Matrix) Set(i, j int, v float64) {
	x.check("Set", i, j)
	x.Data[i*x.Cols+j] = v
}

// Row returns row i, counted from 0, as a slice of x's own memory: a change of
// one is a change of the other.
func (x *Matrix) Row(i int) []float64 {
	x.whole("Row")
	if i < 0 || i >= x.Rows {
		panic(fmt.Sprintf("matrix: Row: row %d of %d×%d", i, x.Rows, x.Cols))
	}
	return x.Data[i*x.Cols : (i+1)*x.Cols : (i+1)*x.Cols]
}

// Copy sets z to a copy of x and returns z. It is what math/big calls Set, a name that is
// taken here by the setting of an element. Any overlap of their memory is fine.
func (z *Matrix) Copy(x *Matrix) *Matrix {
	x.whole("Copy")
	z.shape("Copy", x.Rows, x.Cols)
	copy(z.Data, x.Data)
	return z
}

// Equal reports whether x and y have the same shape and equal elements. As with
// ==, a NaN equals nothing.
func (x *Matrix) Equal(y *Matrix) bool {
	x.whole("Equal")
	y.whole("Equal")
	if x.Rows != y.Rows || x.Cols != y.Cols {
		return false
	}
	for i, v := range x.Data {
		if v != y.Data[i] {
			return false
		}
	}
	return true
}

// ArgMax returns the index into Data of the largest element, the first if several are
// equal. As in numpy, a NaN counts as the largest. It panics if x is empty.
func (x *Matrix) ArgMax() int {
	x.whole("ArgMax")
	if len(x.Data) == 0 {
		panic(fmt.Sprintf("matrix: ArgMax: %d×%d has no elements", x.Rows, x.Cols))
	}
	best := 0
	for i, v := range x.Data {
		if most := x.Data[best]; most == most && !(v <= most) {
			best = i
		}
	}
	return best
}

// String returns the shape and then a line for each row, four significant
// digits an element.
func (x *Matrix) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "%d×%d", x.Rows, x.Cols)
	if !x.isWhole() {
		fmt.Fprintf(&s, " with %d elements", len(x.Data))
		return s.String()
	}
	for i := range x.Rows {
		s.WriteString("\n[")
		for j, v := range x.Row(i) {
			if j > 0 {
				s.WriteByte(' ')
			}
			fmt.Fprintf(&s, "%.4g", v)
		}
		s.WriteByte(']')
	}
	return s.String()
}

// check panics if (i,j) is outside x. At would otherwise read a wrong element
// of the flat slice in silence.
func (x *Matrix) check(op string, i, j int) {
	x.whole(op)
	if i < 0 || i >= x.Rows || j < 0 || j >= x.Cols {
		panic(fmt.Sprintf("matrix: %s: (%d,%d) of %d×%d", op, i, j, x.Rows, x.Cols))
	}
}

// whole panics if x does not have Rows·Cols elements. The fields are open to everyone, and
// the kernels trust them: a short slice would let them write into memory behind it.
func (x *Matrix) whole(op string) {
	if !x.isWhole() {
		panic(fmt.Sprintf("matrix: %s: %d×%d with %d elements", op, x.Rows, x.Cols, len(x.Data)))
	}
}

// isWhole reports whether x has Rows·Cols elements.
func (x *Matrix) isWhole() bool {
	hi, lo := bits.Mul64(uint64(x.Rows), uint64(x.Cols))
	return x.Rows|x.Cols >= 0 && hi == 0 && lo == uint64(len(x.Data))
}

// shape makes z ready to hold a rows×cols result: the zero Matrix becomes one
// of zeros, any other shape panics.
func (z *Matrix) shape(op string, rows, cols int) {
	if z.Rows == rows && z.Cols == cols {
		z.whole(op)
		return
	}
	if z.Rows != 0 || z.Cols != 0 || z.Data != nil {
		panic(fmt.Sprintf("matrix: %s: %d×%d into %d×%d", op, rows, cols, z.Rows, z.Cols))
	}
	*z = *New(rows, cols)
}

// area returns rows·cols, or panics if no slice could hold so many.
func area(op string, rows, cols int) int {
	if rows < 0 || cols < 0 {
		panic(fmt.Sprintf("matrix: %s: %d×%d", op, rows, cols))
	}
	hi, lo := bits.Mul64(uint64(rows), uint64(cols))
	if hi != 0 || lo > math.MaxInt/8 {
		panic(fmt.Sprintf("matrix: %s: %d×%d", op, rows, cols))
	}
	return int(lo)
}

// mismatch panics with the operation and the shapes of its two operands.
func mismatch(op string, x, y *Matrix) {
	panic(fmt.Sprintf("matrix: %s: %d×%d by %d×%d", op, x.Rows, x.Cols, y.Rows, y.Cols))
}

// overlap reports whether x and y share memory, in whole or in part.
func overlap(x, y []float64) bool {
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	x0, x1 := uintptr(unsafe.Pointer(&x[0])), uintptr(unsafe.Pointer(&x[len(x)-1]))
	y0, y1 := uintptr(unsafe.Pointer(&y[0])), uintptr(unsafe.Pointer(&y[len(y)-1]))
	return x0 <= y1 && y0 <= x1
}

// elementwise panics if z shares only a part of its memory with x: an operation
// that goes element by element would read what it has already overwritten.
func (z *Matrix) elementwise(op string, x *Matrix) {
	if overlap(z.Data, x.Data) && &z.Data[0] != &x.Data[0] {
		panic(fmt.Sprintf("matrix: %s: %d×%d into %d×%d that overlaps it in part", op, x.Rows, x.Cols, z.Rows, z.Cols))
	}
}

// apart panics if z shares memory with x, an operand of a product.
func (z *Matrix) apart(op string, x *Matrix) {
	if overlap(z.Data, x.Data) {
		panic(fmt.Sprintf("matrix: %s: %d×%d into %d×%d that shares its memory", op, x.Rows, x.Cols, z.Rows, z.Cols))
	}
}
