package main

import "fmt"

// chapter3 are the experiments of chapter 3. entropy, large and small are what most of
// them have in common.
var chapter3 = []experiment{
	{name: "toy", chapter: 3, section: "The cross-entropy cost function", shows: "one neuron: 0.82 → 0.09, 0.98 → 0.20", do: toy, noDigits: true},
	{name: "cross-entropy", chapter: 3, section: "The cross-entropy cost function", shows: "the cross-entropy, 30 hidden neurons", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 30 -eta 0.5" + entropy,
		published: []published{{bestAccuracy, "95.49 %"}},
	}}},
	{name: "cross-entropy-100", chapter: 3, section: "The cross-entropy cost function", shows: "the same with 100", lines: []line{{
		flags:     "-sizes 784,100,10 -epochs 30 -eta 0.5" + entropy,
		published: []published{{bestAccuracy, "96.82 %"}},
	}}},
	{name: "overfitting", chapter: 3, section: "Overfitting and regularization", shows: "1,000 images learned by heart", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 400 -eta 0.5 -train 1000 -monitor" + entropy,
		published: []published{{bestAccuracy, "82.27 %"}, {bestLearned, "100 %"}},
	}}},
	{name: "overfitting-full", chapter: 3, section: "Overfitting and regularization", shows: "all 50,000: a smaller gap", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 30 -eta 0.5 -monitor" + entropy,
		published: []published{{bestAccuracy, "95.33 %"}, {bestLearned, "97.86 %"}},
	}}},
	{name: "regularized", chapter: 3, section: "Overfitting and regularization", shows: "1,000 images with L2", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 400 -eta 0.5 -train 1000 -lambda 0.1 -monitor" + entropy,
		published: []published{{bestAccuracy, "87.1 %"}},
	}}},
	{name: "regularized-full", chapter: 3, section: "Overfitting and regularization", shows: "all 50,000 with L2", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 30 -eta 0.5 -lambda 5 -monitor" + entropy,
		published: []published{{bestAccuracy, "96.49 %"}},
	}}},
	{name: "regularized-100", chapter: 3, section: "Overfitting and regularization", shows: "100 hidden neurons with L2", lines: []line{{
		flags:     "-sizes 784,100,10 -epochs 30 -eta 0.5 -lambda 5 -validate" + entropy,
		published: []published{{bestAccuracy, "97.92 %"}},
	}}},
	{name: "tuned", chapter: 3, section: "Overfitting and regularization", shows: "a smaller η for longer", lines: []line{{
		flags:     "-sizes 784,100,10 -epochs 60 -eta 0.1 -lambda 5 -validate" + entropy,
		published: []published{{bestAccuracy, "98.04 %"}},
	}}},
	{name: "l1", chapter: 3, section: "Other techniques for regularization", shows: "L1 regularization (a problem), by the literal program", do: l1, takes: "minutes"},
	{name: "more-data", chapter: 3, section: "Other techniques for regularization", shows: "the accuracy against the number of images", lines: moreData(), figure: accuracyBySize},
	{name: "weights-30", chapter: 3, section: "Weight initialization", shows: "large against small first weights, 30 hidden neurons", lines: weights(30, "86.43 %", "92.70 %", "96.37 %", "96.50 %")},
	{name: "weights-100", chapter: 3, section: "Weight initialization", shows: "the same with 100", lines: weights(100, "89.94 %", "92.95 %", "97.42 %", "97.81 %")},
	{name: "saturation", chapter: 3, section: "Weight initialization", shows: "how large z is before training: 22.4 and 1.22", do: saturation, noDigits: true},
	{name: "hyperparameters", chapter: 3, section: "How to choose a neural network's hyper-parameters?", shows: "the chapter's story, step by step", lines: []line{
		{label: "1. the first try", flags: "-sizes 784,30,10 -epochs 30 -eta 10 -lambda 1000" + small,
			published: []published{{ends(3), "1030, 990, 1009 … 1009, 983, 967"}}},
		{label: "2. a smaller task", flags: "-sizes 784,10 -epochs 4 -train 1000 -test 100 -eta 10 -lambda 1000" + small,
			published: []published{{firsts(3), "10, 10, 10"}}},
		{label: "3. λ = 20", flags: "-sizes 784,10 -epochs 4 -train 1000 -test 100 -eta 10 -lambda 20" + small,
			published: []published{{firsts(4), "12, 14, 25, 18"}}},
		{label: "4. η = 100", flags: "-sizes 784,10 -epochs 4 -train 1000 -test 100 -eta 100 -lambda 20" + small,
			published: []published{{firsts(4), "10, 10, 10, 10"}}},
		{label: "5. η = 1", flags: "-sizes 784,10 -epochs 4 -train 1000 -test 100 -eta 1 -lambda 20" + small,
			published: []published{{firsts(4), "62, 42, 43, 61"}}},
		{label: "6. the end of the story", flags: "-sizes 784,30,10 -epochs 30 -eta 0.5 -lambda 5" + small,
			published: []published{{bestAccuracy, "none"}}},
	}},
	{name: "learning-rates", chapter: 3, section: "How to choose a neural network's hyper-parameters?", shows: "the training cost with three learning rates", figure: costByEpoch, lines: []line{
		rate("0.025", 0.878, 0.339), rate("0.25", 0.495, 0.339), rate("2.5", 0.925, 0.861),
	}},
	{name: "momentum", chapter: 3, section: "Other techniques", shows: "momentum (a problem), by the literal program", do: momentum, takes: "minutes"},
	{name: "mistakes", chapter: 3, section: "docs/training.md", shows: "wrong gradients that still learn (needs the go command and the source)", do: mistakes, takes: "a minute"},
}

const (
	entropy = " -cost cross-entropy"
	small   = " -cost cross-entropy -init default -validate"
)

// moreData are nine sizes of the training set, each trained on 1,500,000 images, with λ in
// proportion to the size. It evaluates at the end.
func moreData() (lines []line) {
	for i, size := range []int{100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000} {
		accuracy := []float64{69.09, 76.37, 85.29, 88.85, 91.27, 93.24, 94.89, 95.85, 95.97}[i]
		epochs := 1_500_000 / size
		lines = append(lines, line{
			label:     fmt.Sprint(size, " images"),
			flags:     fmt.Sprintf("-sizes 784,30,10 -epochs %d -every %d -train %d -eta 0.5 -lambda %g -validate", epochs, epochs, size, float64(size)/10000) + entropy,
			published: []published{{lastAccuracy, fmt.Sprintf("%.2f %%", accuracy)}},
			points:    [][2]float64{{float64(size), accuracy}},
		})
	}
	return lines
}

// weights compares the two ways to draw the first weights.
func weights(hidden int, largeFirst, smallFirst, largeLast, smallLast string) (lines []line) {
	for _, w := range []struct{ label, init, first, last string }{
		{"large weights", "large", largeFirst, largeLast},
		{"small weights", "default", smallFirst, smallLast},
	} {
		var first, last float64
		fmt.Sscan(w.first, &first)
		fmt.Sscan(w.last, &last)
		lines = append(lines, line{
			label:     w.label,
			flags:     fmt.Sprintf("-sizes 784,%d,10 -epochs 30 -eta 0.1 -lambda 5 -validate -init %s", hidden, w.init) + entropy,
			published: []published{{firstAccuracy, w.first}, {lastAccuracy, w.last}},
			points:    [][2]float64{{0, first}, {29, last}},
		})
	}
	return lines
}

// rate is one of three learning rates.
func rate(eta string, first, last float64) line {
	return line{
		label:     "η = " + eta,
		flags:     "-sizes 784,30,10 -epochs 30 -lambda 5 -monitor -eta " + eta + small,
		published: []published{{trainingCosts, fmt.Sprintf("%.3f → %.3f", first, last)}},
		points:    [][2]float64{{0, first}, {29, last}},
	}
}
