//go:build !amd64 || purego

package matrix

func exp(z, x []float64) { expGo(z, x) }

func sigmoid(z, x []float64) { sigmoidGo(z, x) }

func widen(row []float64, pixels []byte) { widenGo(row, pixels) }

func prefetch([]byte) {}
