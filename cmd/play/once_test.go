//go:build !race && !purego

package main

// again is whether these tests are run once more with the race detector or the portable
// kernel, which the browser and the built program know nothing of.
const again = false
