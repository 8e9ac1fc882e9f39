package matrix

import "testing"

// TestWiden checks every byte at every place, and every length around a vector's.
func TestWiden(t *testing.T) {
	underKernels(t, func(t *testing.T) {
		bytes := make([]byte, 300)
		for i := range bytes {
			bytes[i] = byte(255 - i)
		}
		for n := range len(bytes) + 1 {
			row, check := between(t, n)
			Widen(row, bytes[:n])
			for i, v := range row {
				if want := float64(bytes[i]) / 256; v != want {
					t.Fatalf("%d bytes: byte %d is %d and became %g, want %g", n, i, bytes[i], v, want)
				}
			}
			check()
		}
	})
}

// TestPrefetch checks that Prefetch takes any slice.
func TestPrefetch(t *testing.T) {
	for _, p := range [][]byte{nil, {}, make([]byte, 1), make([]byte, 784)} {
		Prefetch(p)
	}
}

func BenchmarkWiden(b *testing.B) {
	row, pixels := make([]float64, 784), make([]byte, 784)
	for range b.N {
		Widen(row, pixels)
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*len(row)), "ns/pixel")
}
