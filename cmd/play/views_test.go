//go:build unix

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nndl/cmd/internal/browser"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// openFull opens a view and brings it to where there is the most to be seen.
func (s *site) openFull(t *testing.T, view, lang string, width int) *browser.Page {
	t.Helper()
	p := s.open(t, "view="+view+"&lang="+lang, width, 900)
	fill(p, view)
	return p
}

// fill brings a view to where there is the most to be seen.
func fill(p *browser.Page, view string) {
	p.Wait(fmt.Sprintf(`document.documentElement.dataset.view === %q`, view))
	switch view {
	case "digit":
		drawThree(p)
		p.Wait(`!document.querySelector("#it-was-5").disabled`)
		p.Click("#it-was-5")
		p.Click("#step-5")
		p.Wait(`document.querySelector("#agree")`)
		p.Click("#apply-step")
		p.Wait(`document.querySelector("#apply-after")`)
	case "train":
		trainEpochs(p, 3)
	case "universality":
		p.Click("#choose-bumps")
		p.Wait(`document.querySelector("#bumps-deviation-z").textContent && document.querySelector("#towers-deviation").textContent`)
	case "depth":
		p.Click("#depth-start")
		p.Wait(`document.querySelectorAll("#depth-table tbody tr").length === 3 && document.querySelector("#depth-curve polyline")`)
		p.Click("#depth-stop")
		p.Wait(`document.querySelector("#depth-stop").disabled`)
	case "convolution":
		p.Wait(`document.querySelector("#conv-answer").textContent`)
	}
}

// everyView brings every view in both languages to where there is the most to be seen, and
// checks that everyone can use it, that it is in that language, and that nothing is wider
// than a narrow telephone.
func everyView(t *testing.T, s *site) {
	for _, view := range views {
		for lang, check := range map[string]func(*testing.T, *browser.Page){"en": checkAccess, "hi": checkHindi} {
			t.Run(view+" "+lang, func(t *testing.T) {
				p := s.openFull(t, view, lang, 1280)
				check(t, p)
				p.Resize(360, 900)
				checkNarrow(t, p)
			})
		}
	}
}

// checkNarrow checks that nothing is wider than 360 pixels, or than its box.
func checkNarrow(t *testing.T, p *browser.Page) {
	t.Helper()
	if width := p.Number("document.documentElement.scrollWidth"); width > 360 {
		var wide []string
		p.Evaluate(`[...document.querySelectorAll("main *, header *")].filter(e => e.getBoundingClientRect().right > 360 && !e.closest(".wide"))
			.map(e => e.outerHTML.slice(0, 100))`, &wide)
		t.Errorf("the page is %v wide: %s", width, strings.Join(wide, "\n"))
	}
	var out []string
	p.Evaluate(`[...document.querySelectorAll("th, td, button, label, figcaption, p, h2, h3")].filter(e => e.checkVisibility() && !e.matches(".hidden, .hidden *") &&
		e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline").map(e => e.outerHTML.slice(0, 200))`, &out)
	if len(out) > 0 {
		t.Errorf("a text is wider than its box: %s", strings.Join(out, "\n"))
	}
}

// english is a JavaScript expression: texts of the page that are in no other language than
// English. Names, formulas and lines of a program are not meant.
const english = `(() => {
	const faults = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, text = walk.currentNode.data;
		if (e.checkVisibility() && !e.closest("code, pre, script, [lang=en]:not(html), .code") && /[A-Za-z]{3,}\s+[A-Za-z]{2,}/.test(text) && !/\p{Script=Devanagari}/u.test(text)) faults.push(text.trim());
	}
	return faults;
})()`

// hindi is the same for texts in Hindi.
const hindi = `(() => {
	const faults = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, text = walk.currentNode.data;
		if (e.checkVisibility() && !e.closest("[lang=hi]:not(html)") && /\p{Script=Devanagari}/u.test(text)) faults.push(text.trim());
	}
	return faults;
})()`

// settled returns a list of faults when it is empty, or as it is after three seconds: some
// texts come with an answer of the server.
func settled(p *browser.Page, faults string) (left []string) {
	for end := time.Now().Add(3 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if p.Evaluate(faults, &left); len(left) == 0 || time.Now().After(end) {
			return left
		}
	}
}

// checkHindi checks that a view is in Hindi, and that one can switch there and back.
func checkHindi(t *testing.T, p *browser.Page) {
	t.Helper()
	if left := settled(p, english); len(left) > 0 {
		t.Errorf("in English: %q", left)
	}
	p.Click("#lang-en")
	if left := settled(p, hindi); len(left) > 0 || !p.Is(english+".length > 0") {
		t.Errorf("in Hindi: %q", left)
	}
	p.Click("#lang-hi")
	if left := settled(p, english); len(left) > 0 || !p.Is(hindi+".length > 0") {
		t.Errorf("in English: %q", left)
	}
	if !p.Is(`document.documentElement.lang === "hi" && location.hash.includes("lang=hi") && /\p{Script=Devanagari}/u.test(document.title)`) {
		t.Errorf("the page is not in Hindi: %s %s", p.Text("document.title"), p.Text("location.hash"))
	}
}

// checkAccess checks that everyone can use a view: the contrast of its texts, light and
// dark, its names for screen readers, and that keys reach everything.
func checkAccess(t *testing.T, p *browser.Page) {
	t.Helper()
	var faults []string
	for _, scheme := range []string{"dark", "light"} {
		p.Prefer("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce")
		p.Evaluate(contrast, &faults)
		for _, fault := range faults {
			t.Errorf("%s: %s", scheme, fault)
		}
	}
	p.Evaluate(structure, &faults)
	faults = append(append(faults, nameless(t, p)...), unreached(t, p)...)
	for _, fault := range faults {
		t.Error(fault)
	}
}

// tabTo presses Tab until the element that the selector names has the focus.
func tabTo(t *testing.T, p *browser.Page, selector string) {
	t.Helper()
	for range 150 {
		if p.Is(fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		p.Press("Tab")
	}
	t.Fatalf("Tab does not reach %s", selector)
}

// pageKeyboard does with keys alone what a reader does with a mouse.
func pageKeyboard(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	tabTo(t, p, "#test-index")
	p.Press("Control+a", "1", "2")
	afterAnswer(p, func() { p.Press("Enter") })
	pixels := mnist.Pixels(s.data.Test[12])
	tabTo(t, p, "#it-was-4")
	p.Press("Enter")
	p.Wait(`!document.querySelector("#apply").classList.contains("inert")`)
	for step := 2; step <= 5; step++ {
		p.Press("ArrowRight")
		p.Wait(fmt.Sprintf(`document.documentElement.dataset.step === "%d"`, step))
	}
	p.Press("ArrowLeft", "ArrowLeft", "ArrowRight", "ArrowRight")
	net := *s.visitorOf(p).network()
	net.Cost = network2.QuadraticCost{}
	rows := passes(&net, nn.NewPixelExample(pixels, 4, mnist.Classes))
	compareRow(t, "by keys: ", p, "delta-2", rows["delta-2"], true)
	compareRow(t, "by keys: ", p, "nabla-b-3", rows["nabla-b-3"], true)

	tabTo(t, p, "#score button")
	p.Press("ArrowRight", "ArrowRight", "ArrowDown", "ArrowRight")
	p.Wait(`document.activeElement.id === "neuron-3-3" && document.querySelector("#neuron").dataset.shown.startsWith("3-3-")`)
	tabTo(t, p, "#weights")
	before := p.Text(`document.querySelector("#neuron").dataset.shown`)
	p.Press("ArrowLeft")
	p.Wait(fmt.Sprintf(`document.querySelector("#neuron").dataset.shown !== %q`, before))
	tabTo(t, p, "#eta")
	p.Press("Control+a", "0", ".", "1", "Enter")
	p.Wait(`document.querySelector("#apply-after")`)
	tabTo(t, p, "#undo-step")
	p.Press(" ")
	p.Wait(`document.querySelector("#undo-step").disabled`)
	for _, view := range views {
		p.Evaluate(fromTop, nil)
		tabTo(t, p, "#to-"+view)
		p.Press("Enter")
		p.Wait(fmt.Sprintf(`document.documentElement.dataset.view === %q && document.querySelector("#view-%[1]s").checkVisibility()`, view))
	}
}

// pageAddress passes the address on to another reader, who sees the same.
func pageAddress(t *testing.T, s *site) {
	p := s.open(t, "view=digit&lang=hi", 1280, 900)
	afterAnswer(p, func() { p.Type("#test-index", "31"); p.Press("Enter") })
	p.Wait(`!document.querySelector("#it-was-7").disabled`)
	p.Click("#it-was-7")
	p.Wait(`!document.querySelector("#apply").classList.contains("inert")`)
	p.Click("#step-4")
	p.Click("#neuron-2-11")
	p.Wait(`document.querySelector("#neuron").dataset.shown?.startsWith("2-11-")`)
	main := `document.querySelector("main").innerText`
	want := p.Text(main)
	_, state, _ := strings.Cut(p.Text("location.href"), "#")
	other := s.open(t, state, 1280, 900)
	other.Wait(`document.querySelector("#neuron").dataset.shown?.startsWith("2-11-") && document.querySelector("#backward-terms")`)
	if got := other.Text(main); got != want {
		t.Errorf("#%s shows\n%s\nwant\n%s", state, got, want)
	}
	same := s.open(t, "view=digit", 1280, 900) // and an address that is put into the same tab
	same.Evaluate(fmt.Sprintf("void (location.hash = %q)", "#"+state), nil)
	same.Wait(`document.querySelector("#neuron").dataset.shown?.startsWith("2-11-") && document.querySelector("#backward-terms")`)
	if got := same.Text(main); got != want {
		t.Errorf("after #%s there is\n%s\nwant\n%s", state, got, want)
	}
	for _, bad := range []string{"view=none&lang=xx", "view=digit&test=99999999", "view=digit&test=x&label=77&step=9&layer=99&neuron=-1&weight=1e9", "%E0%A4%A"} {
		odd := s.browser.Open(t, s.url+"#"+bad, 1280, 900)
		odd.Wait(`document.documentElement.dataset.ready && document.querySelector("#view-digit").checkVisibility()`)
		odd.Click("#next-test")
		odd.Wait(`document.querySelector("#answer").textContent !== "–"`)
		for _, problem := range odd.Problems() {
			if !strings.Contains(problem, "status of 400") { // the server's word for a bad number
				t.Errorf("#%s: %s", bad, problem)
			}
		}
	}
}

// pageSchemes checks that the pictures have the colours of the scheme, also when it changes,
// and that nothing moves for readers who do not want that.
func pageSchemes(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	rows := passes(s.visitorOf(p).network(), nn.NewPixelExample(s.pixels(t), 0, mnist.Classes))
	p.Wait(`document.querySelector("#w-2 canvas")`)
	paper := map[string]string{}
	for _, scheme := range []string{"dark", "light", "dark"} {
		p.Prefer("prefers-color-scheme", scheme, "prefers-reduced-motion", "reduce")
		comparePictures(t, scheme+": ", p, "w-2", rows["w-2"], true)
		paper[scheme] = p.Text(`getComputedStyle(document.documentElement).backgroundColor + String(` + pixelsOf + `(document.querySelector("#seen"))[0])`)
	}
	if paper["dark"] == paper["light"] {
		t.Errorf("dark and light are the same: %v", paper)
	}
	if moving := p.Text(`getComputedStyle(document.documentElement).scrollBehavior + document.getAnimations().length`); moving != "auto0" {
		t.Errorf("something moves: %s", moving)
	}
	p.Prefer("prefers-reduced-motion", "no-preference")
	if p.Text(`getComputedStyle(document.documentElement).scrollBehavior`) != "smooth" {
		t.Error("without that wish, the page does not scroll smoothly; the test sees nothing")
	}
}
