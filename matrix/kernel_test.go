package matrix

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// products lists the products: each sets z to βz + α·op(x)·op(y). α = 1 is a case of its
// own for some kernels, and so are β = 0 and β = 1.
var products = []struct {
	name        string
	tx, ty      bool // the operand is stored transposed
	beta, alpha float64
	do          func(z, x, y *Matrix) *Matrix
}{
	{"Mul", false, false, 0, 1, (*Matrix).Mul},
	{"TMul", true, false, 0, 1, (*Matrix).TMul},
	{"MulT", false, true, 0, 1, (*Matrix).MulT},
	{"AddMul", false, false, 1, -3, func(z, x, y *Matrix) *Matrix { return z.AddMul(-3, x, y) }},
	{"AddTMul", true, false, 1, -3, func(z, x, y *Matrix) *Matrix { return z.AddTMul(-3, x, y) }},
	{"AddMul with α = 1", false, false, 1, 1, func(z, x, y *Matrix) *Matrix { return z.AddMul(1, x, y) }},
	{"AddTMul with α = 1", true, false, 1, 1, func(z, x, y *Matrix) *Matrix { return z.AddTMul(1, x, y) }},
	{"UpdateTMul", true, false, 2, -3, func(z, x, y *Matrix) *Matrix { return z.UpdateTMul(2, -3, x, y) }},
	{"UpdateTMul with β = 0", true, false, 0, 2, func(z, x, y *Matrix) *Matrix { return z.UpdateTMul(0, 2, x, y) }},
}

// mark fills the memory around every matrix of these tests: a NaN, which spoils
// any result it reaches, and one that arithmetic does not make.
var mark = math.Float64frombits(0x7ff8000000c0ffee)

// guard is how many elements of it stand on either side, more than any tile is
// wide.
const guard = 32

// A fenced matrix stands between two guards.
type fenced struct {
	*Matrix
	mem []float64
}

// guarded returns a rows×cols matrix between guards, filled with mark itself.
func guarded(rows, cols int) fenced {
	mem := make([]float64, guard+rows*cols+guard)
	for i := range mem {
		mem[i] = mark
	}
	return fenced{FromSlice(rows, cols, mem[guard:guard+rows*cols]), mem}
}

// intact reports whether the guards are as they were.
func (x fenced) intact() bool {
	for _, v := range slices.Concat(x.mem[:guard], x.mem[guard+len(x.Data):]) {
		if math.Float64bits(v) != math.Float64bits(mark) {
			return false
		}
	}
	return true
}

// drawn returns a guarded rows×cols matrix, or cols×rows if it is to be stored
// transposed, of numbers from draw.
func drawn(rows, cols int, transposed bool, draw func() float64) *Matrix {
	if transposed {
		rows, cols = cols, rows
	}
	x := guarded(rows, cols).Matrix
	for i := range x.Data {
		x.Data[i] = draw()
	}
	return x
}

// stored returns x as it is meant, if it is stored transposed.
func stored(x *Matrix, transposed bool) *Matrix {
	if !transposed {
		return x
	}
	t := New(x.Cols, x.Rows)
	for i := range x.Rows {
		for j := range x.Cols {
			t.Data[j*t.Cols+i] = x.Data[i*x.Cols+j]
		}
	}
	return t
}

// plainly returns βz + α·xy by three loops, and the same of the absolute values,
// by which an error is judged. If β is 0 it does not read z.
func plainly(z, x, y *Matrix, beta, alpha float64) (want, size []float64) {
	want, size = make([]float64, len(z.Data)), make([]float64, len(z.Data))
	for i, v := range z.Data {
		if beta != 0 {
			want[i], size[i] = beta*v, math.Abs(beta*v)
		}
	}
	n := y.Cols
	for i := range x.Rows {
		for k, v := range x.Row(i) {
			for j, w := range y.Row(k) {
				want[i*n+j] += alpha * v * w
				size[i*n+j] += math.Abs(alpha * v * w)
			}
		}
	}
	return want, size
}

// try takes every product of one shape with every kernel: on small integers,
// where the result is exact, or on random numbers, where it may be wrong by 16
// roundings of the sum of the absolute values.
func try(t *testing.T, rng *rand.Rand, m, k, n int, exact bool) {
	t.Helper()
	draw, epsilon := rng.NormFloat64, 0x1p-52
	if exact {
		draw, epsilon = func() float64 { return float64(rng.IntN(17) - 8) }, 0
	}
	for _, p := range products {
		x, y := drawn(m, k, p.tx, draw), drawn(k, n, p.ty, draw)
		start := guarded(m, n).Matrix // if β is 0 it must not be read
		if p.beta != 0 {
			start = drawn(m, n, false, draw)
		}
		want, size := plainly(start, stored(x, p.tx), stored(y, p.ty), p.beta, p.alpha)
		for _, kernel := range Kernels() {
			z := guarded(m, n)
			copy(z.Data, start.Data)
			restore := UseKernel(kernel)
			p.do(z.Matrix, x, y)
			restore()
			for i, got := range z.Data {
				if !(math.Abs(got-want[i]) <= 16*epsilon*size[i]) {
					t.Fatalf("%s: %s %d×%d×%d: element (%d,%d) is %v, want %v", kernel, p.name, m, k, n, i/n, i%n, got, want[i])
				}
			}
			if !z.intact() {
				t.Fatalf("%s: %s %d×%d×%d wrote outside the destination", kernel, p.name, m, k, n)
			}
		}
	}
}

// Every shape up to 20, on integers and on random numbers in turn.
func TestProductsOfAllSmallShapes(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	every := 1 // all of the larger ones
	if testing.Short() {
		every = 8
	}
	if raceEnabled {
		every = 40
	}
	for m := range 21 {
		for k := range 21 {
			for n := range 21 {
				if max(m, k, n) > 9 && (m+2*k+3*n)%every != 0 {
					continue
				}
				try(t, rng, m, k, n, (m+k+n)%3 != 0)
			}
		}
	}
}

// The shapes at which something ends: the tile, the dot tile, the block along
// k, the blocks of rows and columns, and the paths' own borders.
func TestProductsAtTheEdges(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for _, kr := range kernels {
		type edge struct {
			name    string
			m, k, n int
		}
		edges := []edge{
			{"one tile", kr.mr, 9, kr.nr},
			{"a row short", kr.mr - 1, 9, kr.nr},
			{"a row more", kr.mr + 1, 9, kr.nr},
			{"a column short", kr.mr, 9, kr.nr - 1},
			{"a column more", kr.mr, 9, kr.nr + 1},
			{"a row and a column more than four tiles", 2*kr.mr + 1, 3, 2*kr.nr + 1},
			{"one dot tile", kr.dr, 65, kr.dc},
			{"a row and a column more than four dot tiles", 2*kr.dr + 1, 63, 2*kr.dc + 1},
			{"one vector of dots", 1, 100, kr.vr},
			{"one dot more", 1, 100, kr.vr + 1},
			{"one block along k", kr.mr + 1, kr.kc, kr.nr + 1},
			{"one block along k, a step short", kr.mr, kr.kc - 1, kr.nr},
			{"one block along k, a step more", kr.mr, kr.kc + 1, kr.nr},
			{"two blocks of a dot, a step more", kr.dr + 1, 2*kr.dk + 1, kr.dc + 1},
			{"packed, one step along k", 65, 1, 4097},
			{"packed, a step more than a block along k", 65, kr.kc + 1, 65},
			{"packed, a row more than a block", 2*kr.mc + 1, 33, 128},
			{"packed, a row short of a block", kr.mc - 1, 64, 129},
			{"packed, a column more than a block", 65, 3, kr.nc + 1},
			{"few rows for dot tiles", 7, 300, 70},
			{"many rows for packing instead", 300, 70, 70},
			{"a row times a matrix", 1, 100, 784},
			{"a matrix times a column", 784, 100, 1},
			{"a row times a column", 1, 1000, 1},
			{"a column times a row", 100, 1, 100},
			{"the book's weighted inputs", 30, 784, 10},
			{"the book's gradient", 30, 10, 784},
		}
		for i, e := range edges {
			if raceEnabled && i%3 != 0 {
				continue
			}
			t.Run(kr.name+"/"+e.name, func(t *testing.T) {
				try(t, rng, e.m, e.k, e.n, true)
				try(t, rng, e.m, e.k, e.n, false)
			})
		}
	}
}

// pathShapes has a shape for every path, large enough to be shared among three
// cores; MulT goes another way than Mul in some of them.
var pathShapes = [][3]int{{30, 784, 300}, {300, 784, 30}, {65, 784, 129}, {160, 161, 162}, {2000, 1, 2000}, {1, 1800, 2000}, {2000, 1800, 1}}

// Whatever GOMAXPROCS is, the bytes are the same.
func TestSameBytesOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	defer pretend(3, 1<<20)()
	rng := rand.New(rand.NewPCG(3, 0))
	for _, s := range pathShapes {
		m, k, n := s[0], s[1], s[2]
		for _, p := range products {
			x, y := drawn(m, k, p.tx, rng.NormFloat64), drawn(k, n, p.ty, rng.NormFloat64)
			for _, kernel := range Kernels() {
				restore := UseKernel(kernel)
				var first []float64
				for cores := 1; cores <= 3; cores++ {
					runtime.GOMAXPROCS(cores)
					z := p.do(New(m, n), x, y)
					if cores == 1 {
						first = z.Data
					} else if !slices.Equal(z.Data, first) {
						t.Errorf("%s: %s %d×%d×%d: %d cores give another result than one", kernel, p.name, m, k, n, cores)
					}
				}
				restore()
			}
		}
	}
}

// A zero times NaN or Inf is NaN, so one such element of y spoils its column even
// if x is all zeros, and one of x its row.
func TestProductsPassOnNaNAndInf(t *testing.T) {
	zero := func() float64 { return 0 }
	shapes := append([][3]int{{3, 4, 5}, {9, 10, 25}, {8, 8, 24}, {30, 784, 10}}, [3]int{160, 161, 162}, [3]int{5, 1, 7}, [3]int{7, 20, 1})
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		for _, p := range products {
			for _, s := range shapes {
				for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
					m, k, n := s[0], s[1], s[2]
					x, y := drawn(m, k, p.tx, zero), drawn(k, n, p.ty, zero)
					x.Data[len(x.Data)/2], y.Data[len(y.Data)/2] = bad, bad
					row, col := len(x.Data)/2/x.Cols, len(y.Data)/2%y.Cols
					if p.tx {
						row = len(x.Data) / 2 % x.Cols
					}
					if p.ty {
						col = len(y.Data) / 2 / y.Cols
					}
					z := p.do(New(m, n), x, y)
					for i := range m {
						for j := range n {
							if math.IsNaN(z.At(i, j)) != (i == row || j == col) && !(i == row && j == col) {
								t.Fatalf("%s: %s %d×%d×%d of zeros and %v: element (%d,%d) is %v", kernel, p.name, m, k, n, bad, i, j, z.At(i, j))
							}
						}
					}
				}
			}
		}
	}
}

// Many products at once share nothing but their operands.
func TestConcurrentProducts(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	var wg sync.WaitGroup
	for _, s := range [][3]int{{30, 784, 10}, {70, 80, 90}, {130, 140, 150}} {
		x, y := drawn(s[0], s[1], false, rng.NormFloat64), drawn(s[1], s[2], false, rng.NormFloat64)
		want := New(s[0], s[2]).Mul(x, y)
		for range 4 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 3 {
					if !New(s[0], s[2]).Mul(x, y).Equal(want) {
						t.Errorf("%v: another result beside other products", s)
					}
				}
			}()
		}
	}
	wg.Wait()
}

// On one core a product allocates nothing once it has its buffers.
func TestProductsDoNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector makes sync.Pool forget")
	}
	one := func() float64 { return 1 }
	for _, kernel := range Kernels() {
		defer UseKernel(kernel)()
		for _, p := range products {
			for _, s := range [][3]int{{30, 784, 10}, {30, 784, 1}, {30, 1, 784}, {30, 10, 784}, {70, 80, 90}, {1, 1, 1}} {
				x, y, z := drawn(s[0], s[1], p.tx, one), drawn(s[1], s[2], p.ty, one), New(s[0], s[2])
				if n := testing.AllocsPerRun(20, func() { p.do(z, x, y) }); n != 0 {
					t.Errorf("%s: %s %v: %v allocations", kernel, p.name, s, n)
				}
			}
		}
	}
}

// The vector loops give what the plain ones give, at every length.
func TestVectorLoops(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	for n := range 70 {
		x, y := drawn(1, n, false, rng.NormFloat64), drawn(1, n, false, rng.NormFloat64)
		for _, kernel := range Kernels() {
			restore := UseKernel(kernel)
			sum, scaled, added := guarded(1, n), guarded(1, n), guarded(1, n)
			sum.Add(x, y)
			scaled.Scale(3, x)
			added.Copy(y).AddScaled(-2, x)
			for i := range n {
				near := math.Abs(added.Data[i]-(y.Data[i]-2*x.Data[i])) <= 0x1p-50*(math.Abs(y.Data[i])+2*math.Abs(x.Data[i]))
				if sum.Data[i] != x.Data[i]+y.Data[i] || scaled.Data[i] != 3*x.Data[i] || !near {
					t.Fatalf("%s: length %d: wrong at %d", kernel, n, i)
				}
			}
			if !sum.intact() || !scaled.intact() || !added.intact() {
				t.Fatalf("%s: length %d: wrote outside the destination", kernel, n)
			}
			restore()
		}
	}
}

func TestUseKernel(t *testing.T) {
	names := Kernels()
	if names[0] != "portable" {
		t.Errorf("the first kernel is %q", names[0])
	}
	before := Kernel()
	for _, name := range names {
		restore := UseKernel(name)
		if Kernel() != name {
			t.Errorf("UseKernel(%q) leaves %q in use", name, Kernel())
		}
		restore()
		if Kernel() != before {
			t.Errorf("restore leaves %q in use instead of %q", Kernel(), before)
		}
	}
	defer func() {
		if s := fmt.Sprint(recover()); !strings.HasPrefix(s, `matrix: UseKernel: "mmx" is none of portable`) {
			t.Errorf("UseKernel of an unknown name: %s", s)
		}
	}()
	UseKernel("mmx")
}

// TestKernelFromEnvironment starts this test again with NNDL_KERNEL set.
func TestKernelFromEnvironment(t *testing.T) {
	if os.Getenv("NNDL_TEST_CHILD") != "" {
		fmt.Println("kernel", Kernel())
		return
	}
	child := func(name string) (stdout, stderr string, err error) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKernelFromEnvironment$")
		cmd.Env = append(os.Environ(), "NNDL_TEST_CHILD=1", "NNDL_KERNEL="+name)
		var out, msg bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &msg
		err = cmd.Run()
		return out.String(), msg.String(), err
	}
	if _, _, err := child(""); err != nil {
		t.Skipf("cannot start a program here: %v", err)
	}
	for _, name := range Kernels() {
		if out, _, err := child(name); err != nil || !strings.Contains(out, "kernel "+name+"\n") {
			t.Errorf("NNDL_KERNEL=%s: %v, printed %q", name, err, out)
		}
	}
	fastest := Kernels()[len(kernels)-1]
	if out, msg, err := child("mmx"); err != nil || !strings.Contains(out, "kernel "+fastest+"\n") || msg != "" {
		t.Errorf("NNDL_KERNEL=mmx: %v, printed %q and %q, want the fastest kernel and no complaint of a library's", err, out, msg)
	}
}
