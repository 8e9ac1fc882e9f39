package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Sizes is the number of neurons in each layer, as the value of a flag.
type Sizes []int

// Set reads "784,30,10", or "[784, 30, 10]" as the book writes it.
func (s *Sizes) Set(value string) error {
	var sizes []int
	for field := range strings.SplitSeq(strings.Trim(value, "[] "), ",") {
		size, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || size < 1 {
			return fmt.Errorf("%q is not a number of neurons", field)
		}
		sizes = append(sizes, size)
	}
	if len(sizes) < 2 {
		return errors.New("want two layers or more")
	}
	*s = sizes
	return nil
}

func (s *Sizes) String() string { return strings.Trim(Layers(*s), "[]") }

// ParseSizes reads what -sizes gives, as [Sizes.Set] does.
func ParseSizes(value string) ([]int, error) {
	var s Sizes
	if err := s.Set(value); err != nil {
		return nil, Usagef("-sizes %s: %v", value, err)
	}
	return s, nil
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
