//go:build !amd64 || purego

package matrix

func exponentials(z, x []float64) { expGo(z, x) }

func sigmoids(z, x []float64) { sigmoidGo(z, x) }

func bytesToFloats(row []float64, pixels []byte) { widenGo(row, pixels) }

func touch([]byte) {}
