// Package single lets package matrix/ladder measure package matrix on one core,
// without a setting for the whole process and without a method that only a
// benchmark would call.
package single

// Mul sets c to the product ab on the calling goroutine alone: m×k · k×n → m×n, each
// row by row. Package matrix sets it.
var Mul func(c, a, b []float64, m, k, n int)
