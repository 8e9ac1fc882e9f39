package matrix_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "nndl/matrix"
)

// random returns a rows×cols matrix of numbers in −1..1.
func random(rng *rand.Rand, rows, cols int) *Matrix {
	x := New(rows, cols)
	for i := range x.Data {
		x.Data[i] = 2*rng.Float64() - 1
	}
	return x
}

// operations calls every method that writes to its receiver. Square operands fit
// all of them, so that one table can ask of each what aliasing does.
var operations = []struct {
	name        string
	elementwise bool // z may be an operand
	call        func(z, x, y *Matrix) *Matrix
}{
	{"Add", true, func(z, x, y *Matrix) *Matrix { return z.Add(x, y) }},
	{"Sub", true, func(z, x, y *Matrix) *Matrix { return z.Sub(x, y) }},
	{"Hadamard", true, func(z, x, y *Matrix) *Matrix { return z.Hadamard(x, y) }},
	{"Scale", true, func(z, x, _ *Matrix) *Matrix { return z.Scale(2, x) }},
	{"AddScaled", true, func(z, x, _ *Matrix) *Matrix { return z.AddScaled(2, x) }},
	{"Apply", true, func(z, x, _ *Matrix) *Matrix { return z.Apply(math.Exp, x) }},
	{"Exp", true, func(z, x, _ *Matrix) *Matrix { return z.Exp(x) }},
	{"Sigmoid", true, func(z, x, _ *Matrix) *Matrix { return z.Sigmoid(x) }},
	{"Mul", false, func(z, x, y *Matrix) *Matrix { return z.Mul(x, y) }},
	{"TMul", false, func(z, x, y *Matrix) *Matrix { return z.TMul(x, y) }},
	{"MulT", false, func(z, x, y *Matrix) *Matrix { return z.MulT(x, y) }},
	{"AddMul", false, func(z, x, y *Matrix) *Matrix { return z.AddMul(2, x, y) }},
	{"AddTMul", false, func(z, x, y *Matrix) *Matrix { return z.AddTMul(2, x, y) }},
	{"UpdateTMul", false, func(z, x, y *Matrix) *Matrix { return z.UpdateTMul(3, 2, x, y) }},
}

// TestEveryMethodIsInTheTable keeps the table complete: whatever takes a matrix
// and returns one must be in it. Copy allows any overlap and has its own test.
func TestEveryMethodIsInTheTable(t *testing.T) {
	known := map[string]bool{"Copy": true}
	for _, op := range operations {
		known[op.name] = true
	}
	typ := reflect.TypeFor[*Matrix]()
	for i := range typ.NumMethod() {
		m := typ.Method(i)
		if m.Type.NumOut() == 1 && m.Type.Out(0) == typ && !known[m.Name] {
			t.Errorf("%s is not in the table of operations", m.Name)
		}
	}
}

// TestAliasing holds what doc.go says of each method: element by element z may be x
// or y or both and gives the same numbers; a product refuses that; both refuse
// memory that overlaps in part; and none changes an operand.
func TestAliasing(t *testing.T) {
	const n = 5
	rng := rand.New(rand.NewPCG(1, 0))
	for _, op := range operations {
		x, y, z := random(rng, n, n), random(rng, n, n), random(rng, n, n)
		copyOf := func(x *Matrix) *Matrix { return new(Matrix).Copy(x) }
		x0, y0 := copyOf(x), copyOf(y)
		apart := copyOf(z)
		if got := op.call(apart, x, y); got != apart {
			t.Errorf("%s returned something else than its receiver", op.name)
		}
		if !x.Equal(x0) || !y.Equal(y0) {
			t.Errorf("%s changed an operand", op.name)
		}
		if !op.elementwise {
			op.call(copyOf(z), x, x) // x and y may be one
			wantPanic(t, op.name, "5×5", func() { op.call(x, x, y) })
			wantPanic(t, op.name, "5×5", func() { op.call(y, x, y) })
		} else {
			zx, zy, zxy := copyOf(x), copyOf(y), copyOf(x)
			wantX, wantY, wantXY := copyOf(x), copyOf(y), copyOf(x)
			op.call(wantX, x, y)
			op.call(zx, zx, y)
			op.call(wantY, x, y)
			op.call(zy, x, zy)
			op.call(wantXY, x, x)
			op.call(zxy, zxy, zxy)
			if !zx.Equal(wantX) || !zy.Equal(wantY) || !zxy.Equal(wantXY) {
				t.Errorf("%s gives other numbers when z is an operand", op.name)
			}
		}
		long := make([]float64, n*n+3)
		a, b := FromSlice(n, n, long[:n*n]), FromSlice(n, n, long[3:])
		wantPanic(t, op.name, "5×5", func() { op.call(a, b, y) })
		wantPanic(t, op.name, "5×5", func() { op.call(b, a, y) })
	}
}

// TestZeroValueTakesShape holds that a zero Matrix takes the shape of its first
// result, keeps it, and that a destination of another shape panics.
func TestZeroValueTakesShape(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	x, y := random(rng, 3, 3), random(rng, 3, 3)
	for _, op := range operations {
		var z Matrix
		op.call(&z, x, y)
		want := op.call(New(3, 3), x, y)
		if !z.Equal(want) {
			t.Errorf("%s into the zero Matrix: %v, want %v", op.name, &z, want)
		}
		wantPanic(t, op.name, "3×3 into 2×3", func() { op.call(New(2, 3), x, y) })
		wantPanic(t, op.name, "3×3 into 9×1", func() { op.call(New(9, 1), x, y) })
	}
	var z Matrix
	if z.Copy(x); !z.Equal(x) {
		t.Errorf("Copy into the zero Matrix: %v", &z)
	}
	wantPanic(t, "Copy", "3×3 into 1×9", func() { New(1, 9).Copy(x) })
}

// TestDataOfAnotherLength checks that every operation looks at the length of Data, which
// anyone can set, before it reads or writes, of operands and destination alike: memory
// behind a short slice is not its own, not even up to its capacity.
func TestDataOfAnotherLength(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		for _, op := range operations {
			for _, n := range []int{3, 24, 70} {
				mem := make([]float64, 2*n*n)
				for _, data := range [][]float64{mem[:1:1], mem[:1], mem[:n*n-1], mem[: n*n+1 : 2*n*n], nil} {
					bad := func() *Matrix { return &Matrix{Rows: n, Cols: n, Data: data} }
					x, y, z := random(rng, n, n), random(rng, n, n), random(rng, n, n)
					z0, want := new(Matrix).Copy(z), fmt.Sprintf("%d×%d with %d elements", n, n, len(data))
					wantPanic(t, op.name, want, func() { op.call(bad(), x, y) })
					wantPanic(t, op.name, want, func() { op.call(z, bad(), y) })
					if !slices.Contains([]string{"Scale", "AddScaled", "Apply", "Exp", "Sigmoid"}, op.name) {
						wantPanic(t, op.name, want, func() { op.call(z, x, bad()) })
					}
					if !z.Equal(z0) || slices.Max(mem) != 0 || slices.Min(mem) != 0 {
						t.Fatalf("%s: %s wrote before it panicked", kernel, op.name)
					}
				}
			}
		}
	}
	x := &Matrix{Rows: 2, Cols: 3, Data: make([]float64, 5)}
	want := "2×3 with 5 elements"
	wantPanic(t, "At", want, func() { x.At(0, 0) })
	wantPanic(t, "Set", want, func() { x.Set(0, 0, 1) })
	wantPanic(t, "Row", want, func() { x.Row(0) })
	wantPanic(t, "Equal", want, func() { x.Equal(New(2, 3)) })
	wantPanic(t, "Equal", want, func() { New(2, 3).Equal(x) })
	wantPanic(t, "Copy", want, func() { new(Matrix).Copy(x) })
	wantPanic(t, "Copy", want, func() { x.Copy(New(2, 3)) })
	wantPanic(t, "ArgMax", want, func() { x.ArgMax() })
	if got := x.String(); got != want {
		t.Errorf("String: %q, want %q", got, want)
	}
	huge := &Matrix{Rows: math.MaxInt/2 + 1, Cols: 4} // their product is 0 in an int
	wantPanic(t, "Row", "with 0 elements", func() { huge.Row(1) })
	wantPanic(t, "Add", "with 0 elements", func() { huge.Add(huge, huge) })
}

// TestShapePanics holds the messages for operands that do not fit each other.
func TestShapePanics(t *testing.T) {
	a, b := New(30, 784), New(10, 1)
	for op, call := range map[string]func(){
		"Add":      func() { new(Matrix).Add(a, b) },
		"Sub":      func() { new(Matrix).Sub(a, b) },
		"Hadamard": func() { new(Matrix).Hadamard(a, b) },
		"Mul":      func() { new(Matrix).Mul(a, b) },
		"TMul":     func() { new(Matrix).TMul(a, b) },
		"MulT":     func() { new(Matrix).MulT(a, b) },
		"AddMul":   func() { new(Matrix).AddMul(1, a, b) },
		"AddTMul":  func() { new(Matrix).AddTMul(1, a, b) },
	} {
		wantPanic(t, op, "matrix: "+op+": 30×784 by 10×1", call)
	}
	wantPanic(t, "At", "matrix: At: (0,784) of 30×784", func() { a.At(0, 784) })
	wantPanic(t, "At", "(-1,0)", func() { a.At(-1, 0) })
	wantPanic(t, "Set", "matrix: Set: (30,0) of 30×784", func() { a.Set(30, 0, 1) })
	wantPanic(t, "Row", "row 30 of 30×784", func() { a.Row(30) })
	wantPanic(t, "New", "-1×2", func() { New(-1, 2) })
	wantPanic(t, "New", fmt.Sprintf("%d×%d", math.MaxInt, math.MaxInt), func() { New(math.MaxInt, math.MaxInt) })
	wantPanic(t, "ArgMax", "0×1", func() { New(0, 1).ArgMax() })
	wantPanic(t, "Widen", "3 bytes into 2 elements", func() { Widen(make([]float64, 2), make([]byte, 3)) })
	wantPanic(t, "FromSlice", "2×3 by 5 elements", func() { FromSlice(2, 3, make([]float64, 5)) })
}

// wantPanic fails the test unless f panics with a text that names op and holds part.
func wantPanic(t *testing.T, op, part string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got := fmt.Sprint(recover())
		if !strings.HasPrefix(got, "matrix: "+op+": ") || !strings.Contains(got, part) {
			t.Errorf("%s: panic %q, want one that says %q", op, got, part)
		}
	}()
	f()
}

func TestElements(t *testing.T) {
	data := []float64{1, 2, 3, 4, 5, 6}
	x := FromSlice(2, 3, data)
	if x.At(1, 0) != 4 || x.At(0, 2) != 3 {
		t.Errorf("At(1,0), At(0,2) = %g, %g, want 4, 3", x.At(1, 0), x.At(0, 2))
	}
	x.Set(1, 2, 60)
	x.Row(0)[1] = 20
	if data[5] != 60 || data[1] != 20 {
		t.Errorf("Set and Row did not write to the slice: %v", data)
	}
	if row := append(x.Row(0), 99); data[3] != 4 {
		t.Errorf("append to row 0 (%v) wrote into row 1", row)
	}
	if got, want := x.String(), "2×3\n[1 20 3]\n[4 5 60]"; got != want {
		t.Errorf("String: %q, want %q", got, want)
	}
	same := FromSlice(2, 3, []float64{1, 20, 3, 4, 5, 60})
	if !x.Equal(same) || x.Equal(FromSlice(3, 2, data)) {
		t.Error("Equal is wrong of the same elements in one shape or two")
	}
	same.Set(0, 0, math.NaN())
	if same.Equal(same) {
		t.Error("a NaN equals itself")
	}
}

// TestArgMax checks that the first of several largest wins, and the first NaN before all.
func TestArgMax(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		data []float64
		want int
	}{
		{[]float64{7}, 0},
		{[]float64{1, 3, 2, 3}, 1},
		{[]float64{2, 2, 2, 2}, 0},
		{[]float64{-3, -1, -2}, 1},
		{[]float64{1, nan, 2, nan}, 1},
		{[]float64{nan, 5}, 0},
		{[]float64{math.Inf(1), nan}, 1},
		{[]float64{math.Inf(-1), math.Inf(-1), -5}, 2},
	} {
		if got := FromSlice(1, len(c.data), c.data).ArgMax(); got != c.want {
			t.Errorf("ArgMax of %v is %d, want %d", c.data, got, c.want)
		}
	}
}

func TestElementwise(t *testing.T) {
	x, y := FromSlice(1, 3, []float64{1, 2, 3}), FromSlice(1, 3, []float64{10, -20, 0.5})
	for _, c := range []struct {
		name string
		got  *Matrix
		want []float64
	}{
		{"Add", new(Matrix).Add(x, y), []float64{11, -18, 3.5}},
		{"Sub", new(Matrix).Sub(x, y), []float64{-9, 22, 2.5}},
		{"Hadamard", new(Matrix).Hadamard(x, y), []float64{10, -40, 1.5}},
		{"Scale", new(Matrix).Scale(-2, x), []float64{-2, -4, -6}},
		{"AddScaled", new(Matrix).Copy(x).AddScaled(0.5, y), []float64{6, -8, 3.25}},
		{"Apply", new(Matrix).Apply(math.Abs, y), []float64{10, 20, 0.5}},
		{"Exp", new(Matrix).Exp(New(1, 3)), []float64{1, 1, 1}},
		{"Sigmoid", new(Matrix).Sigmoid(New(1, 3)), []float64{0.5, 0.5, 0.5}},
	} {
		if !c.got.Equal(FromSlice(1, 3, c.want)) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestCopyOverlap holds that Copy, alone among the methods, takes any overlap.
func TestCopyOverlap(t *testing.T) {
	data := []float64{1, 2, 3, 4, 5}
	FromSlice(1, 4, data[1:]).Copy(FromSlice(1, 4, data[:4]))
	if !FromSlice(1, 5, data).Equal(FromSlice(1, 5, []float64{1, 1, 2, 3, 4})) {
		t.Errorf("Copy onto itself, one further: %v", data)
	}
}

// TestEmpty holds that matrices without elements work, and that a sum over nothing is 0.
func TestEmpty(t *testing.T) {
	for _, op := range operations {
		if z := op.call(New(0, 0), New(0, 0), New(0, 0)); z.Rows != 0 || z.Cols != 0 {
			t.Errorf("%s of 0×0: %v", op.name, z)
		}
	}
	z := FromSlice(2, 3, []float64{1, 2, 3, 4, 5, 6})
	if z.Mul(New(2, 0), New(0, 3)); !z.Equal(New(2, 3)) {
		t.Errorf("2×0 times 0×3: %v, want zeros", z)
	}
}
