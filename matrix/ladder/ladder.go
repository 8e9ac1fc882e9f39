// Package ladder climbs from three loops to the speed of the machine. Its
// functions all set z to the product xy, and each is the one before it with a
// single change. Read them in order, in ladder.go, tiles.go and kernel_amd64.s;
// docs/matmul.md explains what each change is worth, and BenchmarkLadder in
// package matrix and cmd/matbench measure it.
//
// The lowest rung is the definition of the product, and package matrix is
// tested against it.
package ladder

import (
	"fmt"

	"nndl/matrix"
	"nndl/matrix/internal/single"
)

// A Rung is one way to multiply: Mul sets z to xy, M×K · K×N → M×N. The zero
// Matrix takes the shape of the result, and any other shape of z panics. z must
// not share memory with x or y.
type Rung struct {
	Name string
	Mul  func(z, x, y *matrix.Matrix)
}

// Rungs are all the rungs, from the bottom up.
var Rungs = []Rung{
	{"naive", Naive},
	{"reordered", Reordered},
	{"unrolled", Unrolled},
	{"register", Register},
	{"packed", Packed},
	{"kernel", Kernel},
	{"blocked", Blocked},
	{"vector", Vector},
	{"parallel", Parallel},
}

// Naive is the definition: each element of z is a row of x times a column of y.
//
// The column is what costs. Its elements are a whole row of y apart, so every
// step of the inner loop fetches a cache line of 64 bytes and uses 8 of them. If y
// is large, the line has left the cache before the next column needs the other
// 56. And each addition to sum waits for the one before it to finish.
func Naive(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	for i := range z.Rows {
		for j := range z.Cols {
			sum := 0.0
			for k := range x.Cols {
				sum += x.Data[i*x.Cols+k] * y.Data[k*y.Cols+j]
			}
			z.Data[i*z.Cols+j] = sum
		}
	}
}

// Reordered does the same multiplications with the two inner loops exchanged.
//
// Now the innermost loop walks along a row of y and a row of z. It uses the whole
// of every cache line, the hardware sees where it is going and fetches ahead, and
// no addition waits for another. The price: each multiplication takes two loads
// and a store.
func Reordered(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	for i := range z.Rows {
		zi := z.Row(i)
		for k, xik := range x.Row(i) {
			addScaled(zi, xik, y.Row(k))
		}
	}
}

// Unrolled takes four rows of y at a time.
//
// Reordered loads and stores every element of z once for each row of y. Four rows
// in one pass do so a quarter as often: five loads and a store for four
// multiplications, not eight and four.
func Unrolled(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	for i := range z.Rows {
		zi, xi := z.Row(i), x.Row(i)
		k := 0
		for ; k+4 <= y.Rows; k += 4 {
			addFour(zi, xi[k:], y.Row(k), y.Row(k+1), y.Row(k+2), y.Row(k+3))
		}
		for ; k < y.Rows; k++ {
			addScaled(zi, xi[k], y.Row(k))
		}
	}
}

// Vector is package matrix on one core, the calling goroutine's.
//
// The loops are those of Blocked. The kernel is wider where the processor has
// AVX-512; it adds to z itself and walks from tile to tile without returning to
// Go; edges are masked instead of padded; and operands are copied only where that
// pays.
func Vector(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	single.Mul(z.Data, x.Data, y.Data, x.Rows, x.Cols, y.Cols)
}

// Parallel is package matrix as everyone uses it: the cores share the tiles of a
// large product.
func Parallel(z, x, y *matrix.Matrix) {
	z.Mul(x, y)
}

// begin makes z an M×N matrix of zeros, for x of M×K and y of K×N.
func begin(z, x, y *matrix.Matrix) {
	if x.Cols != y.Rows {
		panic(fmt.Sprintf("ladder: %d×%d by %d×%d", x.Rows, x.Cols, y.Rows, y.Cols))
	}
	if z.Rows == 0 && z.Cols == 0 && z.Data == nil {
		*z = *matrix.New(x.Rows, y.Cols)
	}
	if z.Rows != x.Rows || z.Cols != y.Cols {
		panic(fmt.Sprintf("ladder: %d×%d into %d×%d", x.Rows, y.Cols, z.Rows, z.Cols))
	}
	clear(z.Data)
}
