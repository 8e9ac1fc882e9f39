package cli

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseSizes reads what -sizes gives, the neurons in each layer: "784,30,10".
func ParseSizes(s string) ([]int, error) {
	var sizes []int
	for field := range strings.SplitSeq(s, ",") {
		size, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || size < 1 {
			return nil, Usagef("-sizes %s: %q is no number of neurons", s, field)
		}
		sizes = append(sizes, size)
	}
	if len(sizes) < 2 {
		return nil, Usagef("-sizes %s: want two layers or more", s)
	}
	return sizes, nil
}

// Layers writes sizes as the book does: [784,30,10].
func Layers(sizes []int) string {
	return strings.ReplaceAll(fmt.Sprint(sizes), " ", ",")
}

// Parameters returns how many weights and biases a network of these sizes has. It
// counts in floats: the product of two sizes may not fit an int.
func Parameters(sizes []int) float64 {
	count := 0.0
	for i, size := range sizes[1:] {
		count += float64(size) * (float64(sizes[i]) + 1)
	}
	return count
}
