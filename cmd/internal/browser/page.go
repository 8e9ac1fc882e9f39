package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"
)

// Page is a page in a window of its own, which shares nothing with the others.
type Page struct {
	t       testing.TB
	b       *Browser
	session string
	context string

	problems, requests []string // guarded by the browser's mutex
}

// Open opens the page at the address in a window of the given size, and closes it when
// the test ends.
func (b *Browser) Open(t testing.TB, address string, width, height int) *Page {
	t.Helper()
	p := &Page{t: t, b: b}
	var made struct {
		Context string `json:"browserContextId"`
		Target  string `json:"targetId"`
		Session string `json:"sessionId"`
	}
	p.Call("Target.createBrowserContext", nil, &made)
	p.context = made.Context
	t.Cleanup(func() { b.call("", "Target.disposeBrowserContext", object{"browserContextId": p.context}, nil) })
	p.Call("Target.createTarget", object{"url": "about:blank", "browserContextId": p.context}, &made)
	p.Call("Target.attachToTarget", object{"targetId": made.Target, "flatten": true}, &made)
	b.mu.Lock()
	p.session = made.Session
	b.pages[p.session] = p
	b.mu.Unlock()
	for _, domain := range []string{"Runtime", "Log", "Network", "Page", "Inspector"} {
		p.Call(domain+".enable", nil, nil)
	}
	p.Resize(width, height)
	p.Go(address)
	return p
}

// object is the parameters of a call.
type object map[string]any

// Call calls any method of the protocol in the page's session, and reads its answer into
// result unless that is nil.
func (p *Page) Call(method string, params, result any) {
	p.t.Helper()
	if err := p.b.call(p.session, method, params, result); err != nil {
		p.t.Fatalf("%v %s", err, p.Problems())
	}
}

// Go opens an address in the page and waits until it is loaded.
func (p *Page) Go(address string) {
	p.t.Helper()
	var answer struct{ ErrorText string }
	p.Call("Page.navigate", object{"url": address}, &answer)
	if answer.ErrorText != "" {
		p.t.Fatalf("%s: %s", address, answer.ErrorText)
	}
	p.Wait("document.readyState == 'complete'")
}

// Resize gives the page's window another size.
func (p *Page) Resize(width, height int) {
	p.t.Helper()
	p.Call("Emulation.setDeviceMetricsOverride", object{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// Prefer lets the page see a preference of its reader, such as prefers-color-scheme and
// dark. Preferences of an earlier call are no longer there.
func (p *Page) Prefer(featuresAndValues ...string) {
	p.t.Helper()
	features := []object{}
	for pair := range slices.Chunk(featuresAndValues, 2) {
		features = append(features, object{"name": pair[0], "value": pair[1]})
	}
	p.Call("Emulation.setEmulatedMedia", object{"features": features}, nil)
	p.Evaluate("new Promise(f => requestAnimationFrame(() => requestAnimationFrame(() => f(1))))", nil) // after its event
}

// Evaluate reads the value of a JavaScript expression, or of the promise that it is, into
// result, unless that is nil.
func (p *Page) Evaluate(expression string, result any) {
	p.t.Helper()
	if err := p.evaluate(expression, result); err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) evaluate(expression string, result any) error {
	var answer struct {
		Result struct {
			Value          json.RawMessage
			Unserializable string `json:"unserializableValue"`
		}
		ExceptionDetails *exception
	}
	params := object{"expression": expression, "awaitPromise": true, "returnByValue": true}
	switch err := p.b.call(p.session, "Runtime.evaluate", params, &answer); {
	case err != nil:
		return fmt.Errorf("%s: %w %s", expression, err, p.Problems())
	case answer.ExceptionDetails != nil:
		return fmt.Errorf("%s: %v", expression, answer.ExceptionDetails)
	case result == nil:
		return nil
	case answer.Result.Value == nil: // undefined, NaN, …
		return fmt.Errorf("%s: the value %q is not JSON", expression, answer.Result.Unserializable)
	}
	if err := json.Unmarshal(answer.Result.Value, result); err != nil {
		return fmt.Errorf("%s: %w: %s", expression, err, answer.Result.Value)
	}
	return nil
}

// Text returns the value of an expression that is a string.
func (p *Page) Text(expression string) (text string) {
	p.t.Helper()
	p.Evaluate(expression, &text)
	return text
}

// Number returns the value of an expression that is a number.
func (p *Page) Number(expression string) (x float64) {
	p.t.Helper()
	p.Evaluate(expression, &x)
	return x
}

// Is returns whether a condition, a JavaScript expression, is true.
func (p *Page) Is(condition string) (ok bool) {
	p.t.Helper()
	p.Evaluate("!!("+condition+")", &ok)
	return ok
}

// Wait waits until a condition, a JavaScript expression, is true. One that cannot be
// evaluated is not true yet: the page may be about to be loaded anew.
func (p *Page) Wait(condition string) {
	p.t.Helper()
	for end := time.Now().Add(limit / 3); ; time.Sleep(5 * time.Millisecond) {
		var ok bool
		if err := p.evaluate("!!("+condition+")", &ok); ok {
			return
		} else if time.Now().After(end) {
			p.t.Fatalf("not true within %v: %s %s %v", limit/3, condition, p.Problems(), err)
		}
	}
}

// Screenshot writes a picture of the whole page, or of the first element that the selector
// names, as a PNG file.
func (p *Page) Screenshot(file, selector string) {
	p.t.Helper()
	if selector == "" {
		selector = "html"
	}
	var clip struct{ X, Y, Width, Height, Scale float64 }
	p.Evaluate(fmt.Sprintf(`(() => {
		const r = document.querySelector(%q).getBoundingClientRect();
		return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: 1};
	})()`, selector), &clip)
	var picture struct{ Data []byte }
	p.Call("Page.captureScreenshot", object{"captureBeyondViewport": true, "clip": object{
		"x": clip.X, "y": clip.Y, "width": clip.Width, "height": clip.Height, "scale": clip.Scale}}, &picture)
	if err := os.WriteFile(file, picture.Data, 0o666); err != nil {
		p.t.Fatal(err)
	}
}

// Problems returns the errors and warnings on the page's console and its exceptions.
func (p *Page) Problems() []string {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	return slices.Clone(p.problems)
}

// Requests returns all addresses that the page has asked for.
func (p *Page) Requests() []string {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	return slices.Clone(p.requests)
}

// exception is what JavaScript has thrown.
type exception struct {
	Text      string
	Exception struct{ Description string }
}

func (e *exception) String() string { return e.Text + " " + e.Exception.Description }

// note keeps what an event says about the page.
func (p *Page) note(event message) {
	var e struct {
		Type, URL, Reason string
		Request           struct{ URL string }
		Entry             struct{ Level, Text, URL string }
		Args              []struct {
			Value       any
			Description string
		}
		ExceptionDetails exception
	}
	json.Unmarshal(event.Params, &e)
	switch event.Method {
	case "Network.requestWillBeSent":
		p.requests = append(p.requests, e.Request.URL)
	case "Network.webSocketCreated":
		p.requests = append(p.requests, e.URL)
	case "Runtime.exceptionThrown":
		p.problems = append(p.problems, e.ExceptionDetails.String())
	case "Inspector.targetCrashed":
		p.problems = append(p.problems, "the page has crashed")
	case "Runtime.consoleAPICalled":
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			p.problems = append(p.problems, fmt.Sprint("console.", e.Type, " ", e.Args))
		}
	case "Log.entryAdded":
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			p.problems = append(p.problems, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}
