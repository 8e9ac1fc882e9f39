//go:build !race && !purego

package photo

// again is whether these tests are run once more with the race detector or the portable
// kernel. Nothing here is shared between goroutines, and little is a product of matrices.
const again = false
