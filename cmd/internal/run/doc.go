// Package run trains networks as the flags of a command line say. It is the main part of
// cmd/train, and cmd/book runs the book's experiments with it.
//
// # An experiment is a line of flags
//
//	data, err := digits.Open("")
//	result, err := run.Line(ctx, "-sizes 784,100,10 -epochs 30", data, stdout, stderr)
//	epoch, percent := result.Best()
//
// The lines of the epochs go to stdout, progress and warnings to stderr. The same flags
// after go run ./cmd/train make the same run.
//
// # A flag is three lines
//
// Declare it in [Settings], check it in check, use it in [training.begin] or where it
// matters. A checkpoint keeps the values of all flags but those in forgotten, and -resume
// sets them again through the same flag set and the same checks.
package run
