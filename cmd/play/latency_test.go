//go:build unix

package main

import (
	"flag"
	"fmt"
	"slices"
	"testing"

	"nndl/cmd/internal/browser"
)

var latency = flag.Bool("latency", false, "let TestLatency measure how fast the page is")

// stopwatch is JavaScript that notes when something begins, which event does, and when the
// frame after a change of the attribute name of html has been drawn.
const stopwatch = `(() => {
	const begin = () => { window.begun = performance.now(); window.lasted = null; };
	document.querySelector(%q).addEventListener(%q, begin, {capture: true});
	new MutationObserver(() => requestAnimationFrame(() => {
		const channel = new MessageChannel(); // its message comes when the frame has been drawn
		channel.port1.onmessage = () => { if (window.begun && (%s)) { window.lasted = performance.now() - window.begun; window.begun = null; } };
		channel.port2.postMessage(0);
	})).observe(document.documentElement, {attributes: true});
})()`

// TestLatency prints how long the page takes, in the browser, from an event to the frame with
// the answer on the screen.
func TestLatency(t *testing.T) {
	if !*latency {
		t.Skip("measures: go test ./cmd/play -run TestLatency -latency -v")
	}
	s := newSite(t)
	p := s.open(t, "view=digit", 1280, 900)
	p.Evaluate(fmt.Sprintf(stopwatch, "#canvas", "pointerup", "true"), nil)
	measure(t, p, "pointer-up → answer on screen", func() { drawThree(p); p.Click("#clear"); p.Wait(`window.lasted`) })

	p = s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	p.Click("#it-was-5")
	p.Click("#step-5")
	p.Wait(`document.querySelector("#agree")`)
	there := `document.querySelector("#it-was-" + window.digit).getAttribute("aria-pressed") === "true" && document.querySelectorAll("#score .backward canvas:not([hidden])").length === 40`
	p.Evaluate(fmt.Sprintf(stopwatch, "#it-was", "click", there), nil)
	digit := 0
	measure(t, p, "“it was a …” → backward pass with all pictures", func() {
		digit = (digit + 1) % 10
		p.Evaluate(fmt.Sprintf("window.digit = %d", digit), nil)
		p.Click(fmt.Sprintf("#it-was-%d", digit))
	})
}

// measure prints the shortest, the median and the longest of 20 times in milliseconds, after
// some that do not count.
func measure(t *testing.T, p *browser.Page, what string, do func()) {
	t.Helper()
	var all []float64
	for i := range 25 {
		p.Evaluate("window.lasted = null", nil)
		do()
		p.Wait("window.lasted !== null")
		if i >= 5 {
			all = append(all, p.Number("window.lasted"))
		}
	}
	slices.Sort(all)
	fmt.Printf("%-48s shortest %5.1f ms, median %5.1f ms, longest %5.1f ms\n", what, all[0], (all[9]+all[10])/2, all[19])
}
