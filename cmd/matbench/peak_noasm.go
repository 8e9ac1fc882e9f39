//go:build purego || (!amd64 && !arm64)

package main

// vectorUnits returns none: this build computes in plain Go alone.
func vectorUnits() []unit { return nil }
