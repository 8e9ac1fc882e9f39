// Package ladder climbs from three loops to the speed of the machine: seven
// functions that all set z to the product xy, each the one before it with a
// single change. Read them in order; docs/matmul.md tells what each change is
// worth, and BenchmarkLadder in package matrix and cmd/matbench measure it.
//
// The lowest rung is the definition of the product, and the tests of package
// matrix are checked against it.
package ladder

import (
	"fmt"
	"runtime"

	"nndl/matrix"
)

// A Rung is one way to multiply: Mul sets z to xy, M×K · K×N → M×N. The zero
// Matrix takes the shape of the result, any other shape of z panics. z must not
// share memory with x or y.
type Rung struct {
	Name string
	Mul  func(z, x, y *matrix.Matrix)
}

// Rungs are all rungs, from the ground up.
var Rungs = []Rung{
	{"naive", Naive},
	{"reordered", Reordered},
	{"tiled", Tiled},
	{"packed", Packed},
	{"register", Register},
	{"vector", Vector},
	{"parallel", Parallel},
}

// Naive is the definition: each element of z is a row of x times a column of y.
//
// The column is what costs. Its elements lie a whole row of y apart, so every
// step of the inner loop fetches a cache line of 64 bytes to use 8 of them, and
// a large y has dropped out of the cache before the next column wants the other
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
// Now the innermost loop walks along a row of y and a row of z: it uses all of
// every cache line, the hardware sees where it is going and fetches ahead, and
// no addition waits for another. The new price is memory traffic: each step
// loads an element of y and one of z and stores one of z, for a single product.
func Reordered(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	for i := range z.Rows {
		zi := z.Row(i)
		for k, xik := range x.Row(i) {
			addScaled(zi, xik, y.Row(k))
		}
	}
}

// A tile of y is tileRows×tileCols elements, 64 KiB: it fits the second-level
// cache of every processor, and a row of z that goes with it, 2 KiB, the first.
const (
	tileRows = 32
	tileCols = 256
)

// Tiled cuts y into tiles, takes all of x past one tile before the next, and
// takes four rows of the tile at a time.
//
// Reordered reads the whole of y for each row of z, and a y of several MiB comes
// from far away every time. A tile is fetched once and used M times from a near
// cache. Four rows of it together need each element of z once, not four
// times: six loads and stores for four products instead of twelve.
func Tiled(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	for k := 0; k < y.Rows; k += tileRows {
		for j := 0; j < y.Cols; j += tileCols {
			k2, j2 := min(k+tileRows, y.Rows), min(j+tileCols, y.Cols)
			for i := range z.Rows {
				zi, xi := z.Row(i)[j:j2], x.Row(i)
				kk := k
				for ; kk+4 <= k2; kk += 4 {
					addFour(zi, xi[kk:], y.Row(kk)[j:], y.Row(kk + 1)[j:], y.Row(kk + 2)[j:], y.Row(kk + 3)[j:])
				}
				for ; kk < k2; kk++ {
					addScaled(zi, xi[kk], y.Row(kk)[j:j2])
				}
			}
		}
	}
}

// Packed copies each tile of y to memory of its own before it uses it.
//
// The rows of a tile lie N elements apart in y. Where N is a multiple of 512,
// they lie a multiple of 4096 bytes apart and all compete for the same few
// places of the first-level cache; and each may need its own entry in the table
// of memory pages. In the copy they follow one another. An element is copied
// once and used M times.
func Packed(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	tile := make([]float64, tileRows*tileCols)
	for k := 0; k < y.Rows; k += tileRows {
		for j := 0; j < y.Cols; j += tileCols {
			rows, cols := min(tileRows, y.Rows-k), min(tileCols, y.Cols-j)
			for kk := range rows {
				copy(tile[kk*cols:], y.Row(k + kk)[j:j+cols])
			}
			for i := range z.Rows {
				zi, xi := z.Row(i)[j:j+cols], x.Row(i)[k:]
				kk := 0
				for ; kk+4 <= rows; kk += 4 {
					t := tile[kk*cols:]
					addFour(zi, xi[kk:], t, t[cols:], t[2*cols:], t[3*cols:])
				}
				for ; kk < rows; kk++ {
					addScaled(zi, xi[kk], tile[kk*cols:][:cols])
				}
			}
		}
	}
}

// A deep tile has its longer side along the sums, so that they stay in registers
// for long: 192 KiB, for the second-level cache.
const (
	deepRows = 512
	deepCols = 48
)

// Register keeps a 2×3 piece of z in registers while it sums over all rows of a
// tile.
//
// The processor computes with registers alone, and every load, store and step
// of a loop takes a place that a product could have had. Six sums that stay in
// registers need five loads for six products and no store until the end. The
// tile is packed in panels of three columns, so that the loop reads it straight
// ahead. Six sums and five operands are what sixteen registers hold; with 4×4
// some of them go to memory and come back at each step, and all is lost.
func Register(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	tile := make([][3]float64, deepRows*deepCols/3)
	for k := 0; k < y.Rows; k += deepRows {
		for j := 0; j < y.Cols; j += deepCols {
			rows, cols := min(deepRows, y.Rows-k), min(deepCols, y.Cols-j)
			panels(tile, y, k, j, rows, cols)
			for i := 0; i < z.Rows; i += 2 {
				i2 := min(i+1, z.Rows-1) // the last row of an odd number stands for two
				x0, x1 := x.Row(i)[k:k+rows], x.Row(i2)[k:k+rows]
				for c := 0; c < cols; c += 3 {
					sum0, sum1 := dot2x3(x0, x1, tile[c/3*rows:])
					add(z.Row(i)[j+c:j+cols], sum0)
					if i2 > i {
						add(z.Row(i2)[j+c:j+cols], sum1)
					}
				}
			}
		}
	}
}

// Vector is package matrix on one core: the same blocks, the same panels, the
// same sums in registers, but each register a vector of 2, 4 or 8 elements and
// each instruction a multiplication and an addition for all of them. It tells
// the whole program to use one core while it runs, so it is for measuring alone.
func Vector(z, x, y *matrix.Matrix) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	z.Mul(x, y)
}

// Parallel is package matrix as it is used: the rows or columns of a large
// product are shared out to as many cores as GOMAXPROCS allows.
func Parallel(z, x, y *matrix.Matrix) {
	z.Mul(x, y)
}

// begin makes z an M×N matrix of zeros for x of M×K and y of K×N.
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
