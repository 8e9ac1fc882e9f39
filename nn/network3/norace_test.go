//go:build !race

package network3

const raceEnabled = false
