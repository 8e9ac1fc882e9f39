// Package mnist reads the MNIST database of handwritten digits.
package mnist
