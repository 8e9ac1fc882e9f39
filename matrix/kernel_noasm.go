//go:build purego || (!amd64 && !arm64)

package matrix

// vectorKernels returns none: this build has the portable kernel alone.
func vectorKernels() []*kernel { return nil }
