package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"nndl/cmd/internal/chart"
	"nndl/matrix"
	"nndl/nn"
	"nndl/nn/network2"
)

// toySteps is how many steps of gradient descent the book's animation shows.
const toySteps = 300

// toy is the neuron with which chapter 3 begins: one input, always 1, and the desired
// output 0.
func toy(_ context.Context, b *bench, stdout, _ io.Writer) ([]chart.Lines, error) {
	example := []nn.Example{nn.NewExample(number(1), number(0))}
	eta := b.etaOr(0.15)
	fmt.Fprintf(stdout, "One neuron, x = 1, y = 0, η = %g: its output after so many steps\n\n", eta)
	fmt.Fprintf(stdout, "%-14s %-18s %8s %8s %8s %8s %8s   published\n", "cost", "begins at", "0", "100", "150", "200", "300")
	lines := chart.Lines{Title: "The output of one neuron that should answer 0", XLabel: "steps", YLabel: "output", FromZero: true}
	for _, c := range []struct {
		name      string
		cost      network2.Cost
		published [2]string
	}{
		{"quadratic", network2.QuadraticCost{}, [2]string{"0.82 → 0.09", "0.98 → 0.20"}},
		{"cross-entropy", network2.CrossEntropyCost{}, [2]string{"at another η, see docs/network2.md", ""}},
	} {
		for i, start := range [][2]float64{{0.6, 0.9}, {2, 2}} {
			at := fmt.Sprintf("w = %g, b = %g", start[0], start[1])
			outputs := descend(c.cost, start[0], start[1], eta, example)
			fmt.Fprintf(stdout, "%-14s %-18s", c.name, at)
			for _, step := range []int{0, 100, 150, 200, 300} {
				fmt.Fprintf(stdout, " %8.4f", outputs.Y[step])
			}
			fmt.Fprintf(stdout, "   %s\n", c.published[i])
			outputs.Name = c.name + ", " + at
			lines.Series = append(lines.Series, outputs)
		}
	}
	return []chart.Lines{lines}, nil
}

// number is a matrix of one element.
func number(v float64) *matrix.Matrix { return matrix.FromSlice(1, 1, []float64{v}) }

// descend returns the neuron's output before each step and after the last.
func descend(cost network2.Cost, w, b, eta float64, example []nn.Example) (outputs chart.Series) {
	net := &network2.Network{Sizes: []int{1, 1}, Weights: []*matrix.Matrix{number(w)}, Biases: []*matrix.Matrix{number(b)}, Cost: cost}
	for step := range toySteps + 1 {
		outputs.X = append(outputs.X, float64(step))
		outputs.Y = append(outputs.Y, net.Feedforward(example[0].X()).Data[0])
		net.UpdateMiniBatch(example, eta, 0, 1)
	}
	return outputs
}

// darkness is the book's baseline: the digit whose training images are on average as dark
// as this image.
func darkness(_ context.Context, b *bench, stdout, _ io.Writer) ([]chart.Lines, error) {
	var sum, count [10]float64
	for _, e := range b.data.Training {
		sum[e.Label()] += ink(e)
		count[e.Label()]++
	}
	bars := chart.Series{Name: "average darkness"}
	correct := 0
	for digit := range sum {
		sum[digit] /= max(count[digit], 1)
		bars.X, bars.Y = append(bars.X, float64(digit)), append(bars.Y, sum[digit])
	}
	for _, e := range b.data.Test {
		nearest := 0
		for digit := range sum {
			if math.Abs(sum[digit]-ink(e)) < math.Abs(sum[nearest]-ink(e)) {
				nearest = digit
			}
		}
		if nearest == e.Label() {
			correct++
		}
	}
	fmt.Fprintf(stdout, "Average darkness of 0 to 9: %.1f\n", sum)
	fmt.Fprintf(stdout, "published 2225 / 10000  22.25%%\nours      %d / %d  %.2f%%\n", correct, len(b.data.Test), 100*float64(correct)/float64(len(b.data.Test)))
	return []chart.Lines{{Title: "How dark the digits are on average", XLabel: "digit", YLabel: "sum of the pixels", Series: []chart.Series{bars}, FromZero: true}}, nil
}

// ink is the sum of an example's pixels.
func ink(e nn.Example) float64 {
	sum := 0.0
	for _, v := range e.X().Data {
		sum += v
	}
	return sum
}

// saturation draws the weighted input of the book's neuron with 1,000 inputs, half of them
// 1 and half of them 0, many times, for both ways to draw the weights.
func saturation(_ context.Context, b *bench, stdout, _ io.Writer) ([]chart.Lines, error) {
	const draws, inputs = 100_000, 1000
	rng := rand.New(rand.NewPCG(b.seed, 0))
	fmt.Fprintf(stdout, "A neuron with %d inputs, half of them 1, drawn %d times\n\n", inputs, draws)
	fmt.Fprintf(stdout, "%-34s %10s %12s %14s %10s\n", "standard deviation of a weight", "of z", "published", "|z| > 5", "mean σ′(z)")
	lines := chart.Lines{Title: "The weighted input of a neuron before training", XLabel: "z", YLabel: "how often, of 100,000", FromZero: true}
	for _, c := range []struct {
		name, published string
		deviation       float64
	}{{"1 (large)", "√501 = 22.4", 1}, {"1/√1000 (default)", "√(3/2) = 1.22", 1 / math.Sqrt(inputs)}} {
		squares, far, slope := 0.0, 0, 0.0
		histogram := chart.Series{Name: "weights of standard deviation " + c.name}
		for z := -60; z <= 60; z++ {
			histogram.X, histogram.Y = append(histogram.X, float64(z)), append(histogram.Y, 0)
		}
		for range draws {
			// The sum of 500 weights is drawn at once: it is normal with √500 of the deviation of one.
			z := c.deviation*math.Sqrt(inputs/2)*rng.NormFloat64() + rng.NormFloat64()
			squares += z * z
			slope += network2.SigmoidPrime(z)
			if math.Abs(z) > 5 {
				far++
			}
			if i := int(math.Round(z)) + 60; i >= 0 && i < len(histogram.Y) {
				histogram.Y[i]++
			}
		}
		fmt.Fprintf(stdout, "%-34s %10.2f %12s %13.1f%% %10.4f\n", c.name, math.Sqrt(squares/draws), c.published, 100*float64(far)/draws, slope/draws)
		lines.Series = append(lines.Series, histogram)
	}
	return []chart.Lines{lines}, nil
}
