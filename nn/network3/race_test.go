//go:build race

package network3

// raceEnabled says whether the tests run under the race detector.
const raceEnabled = true
