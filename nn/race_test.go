//go:build race

package nn

// raceDetector says whether the tests run under the race detector, which
// allocates by itself and makes everything slow.
const raceDetector = true
