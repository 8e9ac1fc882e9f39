//go:build unix

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/browser"
	"nndl/cmd/internal/deep"
	"nndl/matrix"
	"nndl/nn/universality"
)

// says waits until an element's text has the words in it.
func says(p *browser.Page, id, words string) {
	p.Wait(fmt.Sprintf("document.getElementById(%q).textContent.includes(%q)", id, words))
}

// numbers returns what is in the inputs of a table, row by row.
func numbers(p *browser.Page, id string) (all []float64) {
	p.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("#%s input")].map(e => e.valueAsNumber)`, id), &all)
	return all
}

// TestBumpsByHand moves the bumps by finger, mouse and keys, and compares the deviation on
// the screen with that of the network that the table describes.
func TestBumpsByHand(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	p := s.open(t, "view=universality&lang=en", 1280, 900)
	says(p, "bumps-deviation-z", "asks for 0.40")
	grip := p.Center(`#bumps-z rect[data-pair="0"]`)
	p.Swipe(grip, browser.Point{X: grip.X, Y: grip.Y + 20}, browser.Point{X: grip.X, Y: grip.Y + 40})
	p.Wait(`document.getElementById("pair-1-h").valueAsNumber < -0.5`)
	edge := p.Center(`#bumps-z circle[data-pair="4"][data-part="s1"]`)
	p.Drag(edge, browser.Point{X: edge.X - 20, Y: edge.Y}, browser.Point{X: edge.X - 40, Y: edge.Y})
	p.Wait(`document.getElementById("pair-5-s1").valueAsNumber < 0.75`)
	p.Click("#pair-2-h")
	p.Press("ArrowDown", "ArrowDown")
	p.Type("#pair-3-s2", "0.55")
	var pairs []universality.Pair
	for three := range slices.Chunk(numbers(p, "bumps-table"), 3) {
		pairs = append(pairs, universality.Pair{S1: three[0], S2: three[1], H: three[2]})
	}
	if len(pairs) != 5 || pairs[1].H != -0.2 || pairs[2].S2 != 0.55 {
		t.Fatalf("the table has %v", pairs)
	}
	deviation := func(pairs []universality.Pair) string {
		net := universality.Bumps(pairs, 1000)
		return fmt.Sprintf(" %.4f.", universality.Deviation(func(x float64) float64 { return universality.Output(net, x) }, universality.Target))
	}
	says(p, "bumps-deviation", deviation(pairs))
	p.Go(p.Text("location.href")) // the address has all of it
	says(p, "bumps-deviation", deviation(pairs))
	p.Click("#choose-bumps")
	says(p, "bumps-deviation-z", " 0.3785. The book asks for 0.40 or less: reached.")
}

// TestTowersByHand chooses a tower in the picture and changes its height by keys.
func TestTowersByHand(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	p := s.open(t, "view=universality&lang=en&towers=3", 360, 900)
	says(p, "towers-deviation", "[2, 12, 9, 1]")
	p.Click("#towers-z")
	if id := p.Text("document.activeElement.id"); id != "tower-2-2" {
		t.Fatalf("the focus is on %q, want the tower in the middle", id)
	}
	p.Press("ArrowUp", "ArrowUp", "ArrowUp")
	heights := universality.Heights(universality.Waves, 3)
	heights.Set(1, 1, p.Number(`document.getElementById("tower-2-2").valueAsNumber`))
	net := universality.Towers(heights, 1000)
	says(p, "towers-deviation", fmt.Sprintf("from f %.4f.", universality.Deviation2(func(x, y float64) float64 { return universality.Output(net, x, y) }, universality.Waves, mapPoints)))
}

// TestDepthByHand compares the table with the descent of package deep.
func TestDepthByHand(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	s.data.Training = s.data.Training[:100]
	p := s.open(t, "view=depth&lang=en", 1280, 900)
	p.Type("#depth-hidden", "2")
	p.Press("Enter")
	says(p, "depth-setting", "[784, 30, 30, 10]")
	says(p, "depth-status", "complete")
	data := s.data.Training
	var first, last []float64
	for epoch, speeds := range deep.Descent(deep.New(2, 1, deep.Lambda, data), data, deep.Epochs, deep.Eta) {
		if last = speeds; epoch == 0 {
			first = speeds
		}
	}
	compare(t, "before training", texts(p, "#depth-table td:nth-child(3)"), first)
	compare(t, "before the last epoch", texts(p, "#depth-table td:nth-child(4)"), last)
}

// TestLeaveDepth goes to another view in the middle of a descent, which ends it.
func TestLeaveDepth(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	p := s.open(t, "view=depth&lang=en&hidden=5", 1280, 900)
	p.Click("#depth-start")
	says(p, "depth-status", "Training")
	p.Click("#to-universality")
	says(p, "depth-status", "Stopped")
	for len(descents) > 0 { // or go test's own deadline
		p.Number("1")
	}
}

// TestConvolutionByHand chooses a feature map and a neuron by keys, and compares the sum and
// the outputs with those of the layers.
func TestConvolutionByHand(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	s.data.Training = s.data.Training[:500]
	p := s.open(t, "view=convolution&lang=en&test=5", 360, 900)
	says(p, "conv-about", "Trained on 500 digits")
	says(p, "conv-answer", "reads a")
	p.Click("#conv-filter-3")
	p.Press("ArrowRight")
	says(p, "conv-sum", "Map 4")
	p.Click("#conv-map")
	p.Press("ArrowUp", "ArrowUp", "ArrowLeft")
	says(p, "conv-sum", "Map 4, neuron (10, 11): ")
	ready := s.convolution.ready.Load()
	example := matrix.New(1, pixels)
	for i, b := range s.pixels(t) {
		example.Data[i] = float64(b) / 256
	}
	z, _ := ready.first.FeatureMap(example, 4)
	said := p.Text(`document.getElementById("conv-sum").textContent`)
	if want := strings.Replace(fmt.Sprintf(" = %.3f with b", z.At(10, 11)), "-", "−", 1); !strings.Contains(said, want) {
		t.Errorf("the sum is %q, want %q in it", said, want)
	}
	compare(t, "outputs", texts(p, "#conv-outputs td"), ready.net.Feedforward(example).Data)
}
