//go:build linux

package matrix

import (
	"os"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// atPageEnd returns a rows×cols matrix behind which memory ends: to read even one
// element more is a fault. Guards of NaN do not show that, if what is read is not used.
func atPageEnd(t *testing.T, rows, cols int) *Matrix {
	t.Helper()
	page := os.Getpagesize()
	size := (8*rows*cols + page - 1) / page * page
	mem, err := syscall.Mmap(-1, 0, size+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	if err := syscall.Mprotect(mem[size:], syscall.PROT_NONE); err != nil {
		t.Skip(err)
	}
	data := unsafe.Slice((*float64)(unsafe.Pointer(&mem[size-8*rows*cols])), rows*cols)
	return FromSlice(rows, cols, data)
}

// No kernel reads or writes behind an operand or the destination.
func TestProductsEndWithTheirOperands(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	shapes := [][3]int{{8, 70, 24}, {9, 70, 33}, {6, 9, 40}, {30, 10, 80}, {30, 100, 10}, {17, 99, 1}, {1, 99, 17}, {13, 1, 14}, {66, 67, 68}, {131, 70, 132}}
	for cols := 1; cols < 26; cols++ {
		shapes = append(shapes, [3]int{7, 3, cols}, [3]int{cols, 66, 5})
	}
	for _, s := range shapes {
		m, k, n := s[0], s[1], s[2]
		for _, p := range products {
			x, y, z := atPageEnd(t, m, k), atPageEnd(t, k, n), atPageEnd(t, m, n)
			if p.tx {
				x = atPageEnd(t, k, m)
			}
			if p.ty {
				y = atPageEnd(t, n, k)
			}
			for _, kernel := range Kernels() {
				func() {
					defer UseKernel(kernel)()
					defer func() {
						if r := recover(); r != nil {
							t.Errorf("%s: %s %d×%d×%d: %v", kernel, p.name, m, k, n, r)
						}
					}()
					p.do(z, x, y)
				}()
			}
		}
	}
}

// Nor do those of convolution: every run of x that a term has may be its last.
func TestRunsEndWithTheirOperands(t *testing.T) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	for n := 1; n < 110; n++ {
		x, y := atPageEnd(t, 3, n), atPageEnd(t, 2, n)
		alpha, z := atPageEnd(t, 1, 6).Data, atPageEnd(t, 1, n).Data
		for _, kernel := range Kernels() {
			func() {
				defer UseKernel(kernel)()
				defer func() {
					if r := recover(); r != nil {
						t.Errorf("%s: runs of %d: %v", kernel, n, r)
					}
				}()
				r := Runs{[]int{n, 0}, []int{0, 2, 3}, []int{2 * n, 0, 2 * n}, alpha}
				r.Add(y.Data, x.Data, n)
				AddRows(y, x, alpha, []int{2, 0, 2, 1, 2, 2}, 0, 2)
				MaxPool(z, make([]int, n), x.Data, 3, n, 1, 3)
			}()
		}
	}
}
