package ladder

import "nndl/matrix"

// Register computes a tile of z, two rows by three columns, in one walk along k.
//
// A processor computes in registers; a load, a store or a step of the loop takes
// the place of a multiplication. Six sums that stay in registers need five loads
// for six multiplications, and no store until the end. Why 2×3 and not more? Go
// has fifteen registers for floating-point numbers on amd64. Six sums and five
// operands fit; with 4×4 some of them move to memory and back at each step.
//
// The price: the walk goes down the columns of y, as in Naive.
func Register(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	whole := z.Cols / 3 * 3
	for j := 0; j < whole; j += 3 {
		for i := 0; i < z.Rows; i += 2 {
			i2 := min(i+1, z.Rows-1) // the last of an odd number of rows is computed twice
			sum0, sum1 := columns2x3(x.Row(i), x.Row(i2), y, j)
			set(z.Row(i)[j:], sum0)
			set(z.Row(i2)[j:], sum1)
		}
	}
	for j := whole; j < z.Cols; j++ {
		for i := range z.Rows {
			z.Data[i*z.Cols+j] = column(x.Row(i), y, j)
		}
	}
}

// Packed copies three columns of y into a panel before it walks down them.
//
// In y each step along k finds its three elements in another cache line, often in
// another page of memory; and if a row has a length of 2ⁿ bytes, the lines of a
// column compete for the same few places of the cache. In the panel they follow
// one another. An element is copied once and used M times. The last panel is
// filled up with zeros, so every tile is whole.
func Packed(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	panel := make([][3]float64, y.Rows)
	for j := 0; j < z.Cols; j += 3 {
		pack3(panel, y, j)
		for i := 0; i < z.Rows; i += 2 {
			i2 := min(i+1, z.Rows-1)
			sum0, sum1 := panel2x3(x.Row(i), x.Row(i2), panel)
			set(z.Row(i)[j:], sum0)
			set(z.Row(i2)[j:], sum1)
		}
	}
}

// Kernel computes the tile with vector instructions, so that it can be larger:
// six rows by eight columns.
//
// A vector of AVX2 holds four elements, and one instruction multiplies and adds
// all of them. Go has no such instructions, so this one loop is assembly, in
// kernel_amd64.s. A step along k loads 2 vectors of y and 6 elements of x for 48
// multiplications.
func Kernel(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	panel := make([][8]float64, y.Rows)
	bottom := z.Rows / 6 * 6
	last := make([]float64, 6*x.Cols) // the rows from bottom on, and zeros
	copy(last, x.Data[bottom*x.Cols:])
	var sums [6][8]float64
	for j := 0; j < z.Cols; j += 8 {
		pack8(panel, y, 0, j)
		for i := 0; i < z.Rows; i += 6 {
			rows := last
			if i < bottom {
				rows = x.Data[i*x.Cols:]
			}
			tile6x8(&sums, rows, x.Cols, panel)
			addTile(z, i, j, &sums)
		}
	}
}

// Blocks of kc steps along k and of mc rows: a panel of y has kc·8 elements, 32
// KiB, and a block of x mc·kc, 384 KiB, for the second-level cache.
const (
	kc = 512
	mc = 96
)

// Blocked cuts the product into blocks that stay in a cache while they are used.
//
// Kernel reads all of x again for each panel of y. If x does not fit into a
// cache, it comes from memory N/8 times. Here a block of x, copied to one place,
// is multiplied with all panels before the next block is fetched.
func Blocked(z, x, y *matrix.Matrix) {
	begin(z, x, y)
	depth := min(kc, y.Rows)
	panels := make([][8]float64, (z.Cols+7)/8*depth)
	block := make([]float64, min(mc, (z.Rows+5)/6*6)*depth)
	for k := 0; k < y.Rows; k += kc {
		steps := min(kc, y.Rows-k)
		for j := 0; j < z.Cols; j += 8 {
			pack8(panels[j/8*steps:][:steps], y, k, j)
		}
		for i := 0; i < z.Rows; i += mc {
			rows := min(mc, z.Rows-i)
			for r := range rows {
				copy(block[r*steps:][:steps], x.Row(i + r)[k:])
			}
			multiplyBlock(z, i, block, rows, panels, steps)
		}
	}
}

// multiplyBlock adds the product of a block of x and all panels to the rows of z
// from i on. Behind the last row of the block is whatever was there before; it
// only reaches sums that are not stored.
func multiplyBlock(z *matrix.Matrix, i int, block []float64, rows int, panels [][8]float64, steps int) {
	var sums [6][8]float64
	for j := 0; j < z.Cols; j += 8 {
		for r := 0; r < rows; r += 6 {
			tile6x8(&sums, block[r*steps:], steps, panels[j/8*steps:][:steps])
			addTile(z, i+r, j, &sums)
		}
	}
}
