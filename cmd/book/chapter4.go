package main

import (
	"context"
	"fmt"
	"io"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
	"nndl/nn"
	"nndl/nn/universality"
)

// chapter4 is the chapter's construction; there is nothing to train.
var chapter4 = []experiment{
	{name: "universality", chapter: 4, section: "Universality with one input and one output", shows: "pairs of steps draw a function: at most 0.40 with five", do: universal, noDigits: true},
}

// universal builds networks for (113) with more and more pairs and says how near they come.
func universal(ctx context.Context, _ *bench, stdout, _ io.Writer) (figures []chart.Lines, err error) {
	target := universality.Target
	fmt.Fprintln(stdout, "Networks for (113), built by hand: the average deviation, with the book's w = 1000 and with w = 100000")
	fmt.Fprintf(stdout, "\n%5s  %22s  %22s  %s\n%5s", "", "of z from σ⁻¹∘f", "of the output from f", "published", "pairs")
	for range 2 {
		fmt.Fprintf(stdout, "  %10s  %10s", "w = 1000", "w = 100000")
	}
	fmt.Fprintln(stdout)
	var near [2]chart.Series // of the output, for each w
	for _, pairs := range []int{5, 10, 20, 50, 100} {
		if ctx.Err() != nil {
			return nil, cli.ErrInterrupted
		}
		var ofZ, ofA [2]float64
		for i, w := range []float64{universality.Steep, 100 * universality.Steep} {
			net := universality.New(target, pairs, w)
			ofZ[i] = universality.Deviation(through(universality.Logit, outputs(net)), through(universality.Logit, target))
			ofA[i] = universality.Deviation(outputs(net), target)
			near[i].X, near[i].Y = append(near[i].X, float64(pairs)), append(near[i].Y, ofA[i])
			if i == 0 {
				figures = append(figures, drawn(net, pairs))
			}
		}
		published := ""
		if pairs == 5 {
			published = "z: at most 0.40"
		}
		fmt.Fprintf(stdout, "%5d  %10.4f  %10.4f  %10.4f  %10.4f  %s\n", pairs, ofZ[0], ofZ[1], ofA[0], ofA[1], published)
	}
	near[0].Name, near[1].Name = "w = 1000", "w = 100000"
	return append(figures, chart.Lines{Title: "The average deviation of the output from f", XLabel: "pairs of hidden neurons", YLabel: "average of |output − f(x)|",
		LogX: true, LogY: true, Series: near[:]}), nil
}

// outputs is the output of a network as a function of x.
func outputs(net *nn.Network) func(x float64) float64 {
	return func(x float64) float64 { return universality.Output(net, x) }
}

// through is g∘f.
func through(g, f func(x float64) float64) func(x float64) float64 {
	return func(x float64) float64 { return g(f(x)) }
}

// drawn is the figure of one network beside its target.
func drawn(net *nn.Network, pairs int) chart.Lines {
	f, network := chart.Series{Name: "f, equation (113)"}, chart.Series{Name: fmt.Sprintf("a network of %d pairs", pairs)}
	for i := range 1001 {
		x := float64(i) / 1000
		f.X, f.Y = append(f.X, x), append(f.Y, universality.Target(x))
		network.X, network.Y = append(network.X, x), append(network.Y, universality.Output(net, x))
	}
	return chart.Lines{Title: fmt.Sprintf("%d pairs of hidden neurons", pairs), XLabel: "x", YLabel: "output", FromZero: true, Series: []chart.Series{network, f}}
}
