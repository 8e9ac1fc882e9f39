package matrix_test

import (
	"math/rand/v2"
	"testing"

	. "nndl/matrix"
)

// definition returns z + α·xy straight from the definition of the product: element
// (i,j) is the sum over k of xᵢₖyₖⱼ.
func definition(z *Matrix, alpha float64, x, y *Matrix) *Matrix {
	want := New(x.Rows, y.Cols)
	for i := range x.Rows {
		for j := range y.Cols {
			sum := 0.0
			for k := range x.Cols {
				sum += x.At(i, k) * y.At(k, j)
			}
			want.Set(i, j, z.At(i, j)+alpha*sum)
		}
	}
	return want
}

// integers returns a matrix of whole numbers small enough that every sum of their
// products is exact, in whatever order it is taken: results are compared with ==.
func integers(rng *rand.Rand, rows, cols int) *Matrix {
	x := New(rows, cols)
	for i := range x.Data {
		x.Data[i] = float64(rng.IntN(19) - 9)
	}
	return x
}

// transpose returns xᵀ.
func transpose(x *Matrix) *Matrix {
	t := New(x.Cols, x.Rows)
	for i := range x.Rows {
		for j := range x.Cols {
			t.Set(j, i, x.At(i, j))
		}
	}
	return t
}

// FuzzMul holds every product against the definition for shapes of any kind.
func FuzzMul(f *testing.F) {
	f.Add(uint8(3), uint8(4), uint8(5), uint64(1))
	f.Add(uint8(0), uint8(1), uint8(9), uint64(2))
	f.Add(uint8(1), uint8(0), uint8(1), uint64(3))
	f.Add(uint8(30), uint8(200), uint8(10), uint64(4))
	f.Add(uint8(66), uint8(72), uint8(4), uint64(16)) // fewer columns than a dot tile has
	f.Add(uint8(97), uint8(101), uint8(103), uint64(5))
	f.Fuzz(func(t *testing.T, m, k, n uint8, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		x, y, z := integers(rng, int(m), int(k)), integers(rng, int(k), int(n)), integers(rng, int(m), int(n))
		zero := New(z.Rows, z.Cols)
		for _, c := range []struct {
			name      string
			got, want *Matrix
		}{
			{"Mul", New(z.Rows, z.Cols).Mul(x, y), definition(zero, 1, x, y)},
			{"TMul", New(z.Rows, z.Cols).TMul(transpose(x), y), definition(zero, 1, x, y)},
			{"MulT", New(z.Rows, z.Cols).MulT(x, transpose(y)), definition(zero, 1, x, y)},
			{"AddMul", new(Matrix).Copy(z).AddMul(-2, x, y), definition(z, -2, x, y)},
			{"AddTMul", new(Matrix).Copy(z).AddTMul(-2, transpose(x), y), definition(z, -2, x, y)},
		} {
			if !c.got.Equal(c.want) {
				t.Errorf("%s of %d×%d by %d×%d, seed %d: wrong", c.name, m, k, k, n, seed)
			}
		}
	})
}
