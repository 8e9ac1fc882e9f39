//go:build unix

package main

import (
	"encoding/json"
	"flag"
	"fmt"
	pictures "image"
	"image/png"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"nndl/cmd/internal/browser"
	"nndl/mnist"
	"nndl/nn"
)

// views are the views of the page, by their names in its address.
var views = []string{"digit", "train", "universality", "depth", "convolution"}

// shared is the browser of all tests, which TestMain closes.
var shared struct {
	once sync.Once
	*browser.Browser
	err error
}

var everyWay = flag.Bool("browser", false, "use the page in a browser in every way, which takes half a minute")

// inEveryWay skips the test unless -browser is given.
func inEveryWay(t *testing.T) {
	t.Helper()
	if !*everyWay {
		t.Skip("uses the page in every way: go test ./cmd/play -browser")
	}
}

// chromium returns a browser unless there is none, the tests are short, or it has been run.
func chromium(t *testing.T) *browser.Browser {
	t.Helper()
	program := browser.Find()
	if testing.Short() || again || program == "" {
		t.Skip("uses the page in Chromium, if there is one")
	}
	shared.once.Do(func() { shared.Browser, shared.err = browser.Launch(program) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.Browser
}

// site is the server that a visitor meets first, on the synthetic digits, and a browser.
type site struct {
	*server
	browser *browser.Browser
	url     string

	mu   sync.Mutex
	sent map[string][]byte // the last body that a page has sent, by path
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{browser: chromium(t), sent: map[string][]byte{}}
	data, net := ready()
	s.server = newServer(data, net, 1)
	handler := s.handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body strings.Builder
		r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
		handler.ServeHTTP(w, r)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.sent[r.URL.Path] = []byte(body.String())
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.url = server.URL + "/"
	return s
}

// open opens the page at a state, what follows # in its address, and waits until it is
// there. At the end of the test, there must be nothing on its console, and no request to
// any other address.
func (s *site) open(t *testing.T, state string, width, height int) *browser.Page {
	t.Helper()
	p := s.browser.Open(t, s.url+"#"+state, width, height)
	p.Wait("document.documentElement.dataset.ready && document.documentElement.dataset.drawn")
	t.Cleanup(func() {
		if problems := p.Problems(); len(problems) > 0 {
			t.Errorf("the console says:\n%s", strings.Join(problems, "\n"))
		}
		for _, address := range p.Requests() {
			if !strings.HasPrefix(address, s.url) {
				t.Errorf("a request to another address: %s", address)
			}
		}
	})
	return p
}

// visitorOf returns who the page is to the server.
func (s *site) visitorOf(p *browser.Page) *visitor {
	return s.visitors.get(p.Text(`sessionStorage.getItem("visitor")`))
}

// pixels returns the digit that the page has last asked about.
func (s *site) pixels(t *testing.T) []byte {
	t.Helper()
	var request imageRequest
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := json.Unmarshal(s.sent["/api/answer"], &request); err != nil {
		t.Fatal(err)
	}
	return request.Pixels
}

// three are the places of a stroke that is a 3, as parts of the paper's sides.
func three() (points [][2]float64) {
	for degrees := -150.0; degrees <= 90; degrees += 20 {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		points = append(points, [2]float64{0.46 + 0.17*cos, 0.32 + 0.15*sin})
	}
	for degrees := -90.0; degrees <= 150; degrees += 20 {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		points = append(points, [2]float64{0.46 + 0.2*cos, 0.66 + 0.18*sin})
	}
	return points
}

// onPaper returns the points of a stroke where the paper is in the window.
func onPaper(p *browser.Page, stroke [][2]float64) (points []browser.Point) {
	p.Center("#canvas") // scrolls
	var box struct{ X, Y, Width, Height float64 }
	p.Evaluate(`document.querySelector("#canvas").getBoundingClientRect().toJSON()`, &box)
	for _, part := range stroke {
		points = append(points, browser.Point{X: box.X + part[0]*box.Width, Y: box.Y + part[1]*box.Height})
	}
	return points
}

// afterAnswer does something that gives the page another digit, and waits for the answer to it.
func afterAnswer(p *browser.Page, do func()) {
	before := p.Text(`document.documentElement.dataset.drawn ?? "0"`)
	do()
	p.Wait(fmt.Sprintf(`document.documentElement.dataset.drawn > %s && document.querySelector("#answer").textContent !== "–"`, before))
}

// drawThree draws a 3 with the mouse.
func drawThree(p *browser.Page) {
	afterAnswer(p, func() { p.Drag(onPaper(p, three())...) })
}

// texts returns the texts of all elements that the selector names.
func texts(p *browser.Page, selector string) (all []string) {
	p.Evaluate(fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => e.textContent.trim())`, selector), &all)
	return all
}

// shows reports whether a text is the number x, rounded as the text is.
func shows(text string, x float64) bool {
	text = strings.NewReplacer("−", "-", "+", "", "%", "", " ", "", "\u00a0", "").Replace(text)
	got, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return false
	}
	digits, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	_, decimals, _ := strings.Cut(digits, ".")
	power, _ := strconv.Atoi(exponent)
	return math.Abs(got-x) <= 0.5000001*math.Pow(10, float64(power-len(decimals)))
}

// compare checks that texts of the page are the numbers, and not all the same ones.
func compare(t *testing.T, what string, got []string, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: the page shows %d numbers, %q, want %d", what, len(got), got, len(want))
		return
	}
	for i, text := range got {
		if !shows(text, want[i]) {
			t.Errorf("%s, %d: the page shows %q, want %g", what, i, text, want[i])
			return
		}
	}
}

func TestShows(t *testing.T) {
	for text, x := range map[string]float64{"0.973": 0.9734, "−0.031": -0.0311, "+1.2e−5": 0.0000123, "0": 0, "12": 12.4, "97.31 %": 97.312} {
		if !shows(text, x) || shows(text, x*1.5+1) {
			t.Errorf("%q does not show %g", text, x)
		}
	}
	for text, x := range map[string]float64{"0.973": 0.9741, "−0.031": 0.031, "": 0, "1.2e−5": 1.26e-5, "NaN": math.NaN()} {
		if shows(text, x) {
			t.Errorf("%q shows %g", text, x)
		}
	}
}

// TestPage uses the page in a browser.
func TestPage(t *testing.T) {
	s := newSite(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *site)
	}{
		{"draw", pageDraw},
		{"undo and clear", pageUndo},
		{"touch", pageTouch},
		{"test digit and file", pageLoad},
		{"steps", pageSteps},
		{"neuron and weight", pageNeuron},
		{"apply", pageApply},
		{"train", pageTrain},
		{"keyboard", pageKeyboard},
		{"address", pageAddress},
		{"schemes", pageSchemes},
		{"every view", everyView},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.name != "draw" && test.name != "steps" {
				inEveryWay(t)
			}
			test.run(t, s)
		})
	}
}

// pageDraw draws a 3 with the mouse and compares what is on the page with what nn says.
func pageDraw(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	pixels := s.pixels(t)
	if got := p.Text(`document.querySelector("#answer").textContent`); got != "3" {
		t.Errorf("the answer to a 3 is %q", got)
	}
	a := s.visitorOf(p).network().Feedforward(nn.NewPixelExample(pixels, 0, mnist.Classes).X())
	compare(t, "the outputs", texts(p, "#outputs tr td:nth-child(3)"), a.Data)
	if best := texts(p, "#outputs tr.best th"); !slices.Equal(best, []string{strconv.Itoa(a.ArgMax())}) {
		t.Errorf("marked as the best: %q", best)
	}
	seen := seenPixels(p)
	for i := range pixels {
		if d := int(pixels[i]) - seen[i]; d < -1 || d > 1 {
			t.Fatalf("pixel %d of what the network sees is %d, shown as %d", i, pixels[i], seen[i])
		}
	}
}

// pixelsOf is a JavaScript function that returns the pixels of a canvas, four bytes each,
// and leaves the canvas as it is.
const pixelsOf = `(canvas => {
	const c = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
	c.drawImage(canvas, 0, 0);
	return c.getImageData(0, 0, canvas.width, canvas.height).data;
})`

// seenPixels reads the picture of what the network sees: dark on white becomes 255 on 0.
func seenPixels(p *browser.Page) (pixels []int) {
	p.Evaluate(`(() => {
		const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim(), dark = parseInt(ink.slice(1, 3), 16);
		return [...`+pixelsOf+`(document.querySelector("#seen"))].filter((_, i) => i % 4 == 0).map(v => Math.round((255 - v) / (255 - dark) * 255));
	})()`, &pixels)
	return pixels
}

// pageUndo takes strokes back, by button and by key, and clears the paper.
func pageUndo(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	one := s.pixels(t)
	for _, undo := range []func(){func() { p.Click("#undo-stroke") }, func() { p.Press("Backspace") }, func() { p.Press("Control+z") }} {
		afterAnswer(p, func() { p.Drag(onPaper(p, [][2]float64{{0.1, 0.1}, {0.9, 0.1}})...) })
		if slices.Equal(one, s.pixels(t)) {
			t.Fatal("a second stroke changes nothing")
		}
		p.Evaluate(`document.querySelector("#canvas").focus()`, nil)
		afterAnswer(p, undo)
		if !slices.Equal(one, s.pixels(t)) {
			t.Error("the stroke is still there")
		}
	}
	p.Click("#clear")
	p.Wait(`document.querySelector("#answer").textContent === "–"`)
	if slices.Max(seenPixels(p)) > 0 {
		t.Error("after clear there is something to be seen")
	}
	drawThree(p)
	if !slices.Equal(one, s.pixels(t)) {
		t.Error("after clear the same drawing is another digit")
	}
	p.Click("#undo-stroke") // the only one
	p.Wait(`document.querySelector("#answer").textContent === "–"`)
	p.Evaluate(`(async () => { // a digit that is still on its way at clear comes too late
		const send = window.fetch;
		let sent;
		window.fetch = (...request) => sent = send(...request);
		document.querySelector("#next-test").click();
		document.querySelector("#clear").click();
		window.fetch = send;
		await sent;
		await new Promise((done) => setTimeout(done, 100));
	})()`, nil)
	if slices.Max(seenPixels(p)) > 0 {
		t.Error("a digit that was asked for before clear is there after it")
	}
}

// pageTouch draws with a finger, under which the page must not scroll; beside the paper it
// must.
func pageTouch(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 360, 500)
	points := onPaper(p, three())
	before := p.Number("scrollY")
	afterAnswer(p, func() { p.Swipe(points...) })
	if after := p.Number("scrollY"); after != before {
		t.Errorf("the page scrolls under the finger, from %v to %v", before, after)
	}
	if got := p.Text(`document.querySelector("#answer").textContent`); got != "3" {
		t.Errorf("the answer to a 3 is %q", got)
	}
	p.Evaluate("scrollTo({top: 0, behavior: 'instant'})", nil)
	p.Swipe(browser.Point{X: 2, Y: 450}, browser.Point{X: 2, Y: 400}, browser.Point{X: 2, Y: 350}, browser.Point{X: 2, Y: 250}, browser.Point{X: 2, Y: 150})
	p.Wait("scrollY > 0")
}

// pageLoad loads test digits by number and one from a file.
func pageLoad(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	afterAnswer(p, func() { p.Type("#test-index", "7"); p.Press("Enter") })
	if !slices.Equal(s.pixels(t), mnist.Pixels(s.data.Test[7])) {
		t.Error("test digit 7 is another one")
	}
	if row := texts(p, "#outputs tr td:nth-child(4)"); row[s.data.Test[7].Label()] == "" {
		t.Errorf("the page does not say what the digit is: %q", row)
	}
	afterAnswer(p, func() { p.Click("#next-test") })
	if !slices.Equal(s.pixels(t), mnist.Pixels(s.data.Test[8])) {
		t.Error("the digit after 7 is not 8")
	}
	if !strings.Contains(p.Text("location.hash"), "test=8") {
		t.Errorf("the address does not name the digit: %s", p.Text("location.hash"))
	}
	file := digitFile(t, mnist.Pixels(s.data.Test[3]))
	afterAnswer(p, func() { p.Choose("#file", file) })
	if answer := p.Text(`document.querySelector("#answer").textContent`); answer != strconv.Itoa(s.data.Test[3].Label()) {
		t.Errorf("the answer to a picture of a %d is %s", s.data.Test[3].Label(), answer)
	}
	if strings.Contains(p.Text("location.hash"), "test=") {
		t.Error("the address names a test digit that is not the one shown")
	}
}

// digitFile writes an image as a picture of 280×280.
func digitFile(t *testing.T, pixels []byte) (file string) {
	t.Helper()
	picture := pictures.NewGray(pictures.Rect(0, 0, 280, 280))
	for i := range picture.Pix {
		picture.Pix[i] = 255 - pixels[i/280/10*28+i%280/10]
	}
	file = filepath.Join(t.TempDir(), "digit.png")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, picture); err != nil {
		t.Fatal(err)
	}
	return file
}
