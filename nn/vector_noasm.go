//go:build !amd64 || purego

package nn

func widen(row []float64, pixels []byte) { widenGo(row, pixels) }

func sigmoid(z []float64) { sigmoidGo(z) }

func prefetch([]byte) {}
