package main

// chapter1 are the experiments of chapter 1: network.py, the quadratic cost, weights of
// standard deviation 1, accuracy on the test data.
var chapter1 = []experiment{
	{name: "first", chapter: 1, section: "Implementing our network", shows: "30 hidden neurons", runs: 3, lines: []line{{
		flags: "-sizes 784,30,10 -epochs 30 -eta 3",
		published: []published{{bestAccuracy, "95.42 %"},
			{ends(3), "9129, 9295, 9348 … 9528, 9542, 9534"}},
		points: [][2]float64{{0, 91.29}, {1, 92.95}, {2, 93.48}, {27, 95.28}, {28, 95.42}, {29, 95.34}},
	}}},
	{name: "hundred", chapter: 1, section: "Implementing our network", shows: "100 hidden neurons; many runs get stuck far lower", runs: 3, lines: []line{{
		flags:     "-sizes 784,100,10 -epochs 30 -eta 3",
		published: []published{{bestAccuracy, "96.59 %"}},
	}}},
	{name: "no-hidden", chapter: 1, section: "Implementing our network", shows: "no hidden layer (an exercise)", lines: []line{{
		flags:     "-sizes 784,10 -epochs 30 -eta 3",
		published: []published{{bestAccuracy, "not given"}},
	}}},
	{name: "slow", chapter: 1, section: "Implementing our network", shows: "a learning rate that is too small", lines: []line{{
		flags:     "-sizes 784,100,10 -epochs 30 -eta 0.001",
		published: []published{{ends(3), "1139, 1136, 1135 … 2101, 2123, 2142"}},
	}}},
	{name: "fast", chapter: 1, section: "Implementing our network", shows: "a learning rate that is too large", lines: []line{{
		flags:     "-sizes 784,30,10 -epochs 30 -eta 100",
		published: []published{{ends(3), "1009, 1009, 1009 … 982, 982, 982"}},
	}}},
	{name: "darkness", chapter: 1, section: "Implementing our network", shows: "a baseline: how dark the image is, 22.25 %", do: darkness},
}
