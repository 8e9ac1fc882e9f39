package browser

import (
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const tiny = `<!doctype html><meta name="viewport" content="width=device-width"><title>Tiny</title><link rel="icon" href="data:,">
<style>
body { margin: 0; height: 3000px }
#pad { width: 100px; height: 100px; background: rgb(0, 0, 255); touch-action: none }
@media (prefers-color-scheme: dark) { #pad { background: rgb(255, 255, 0) } }
</style>
<div id="pad"></div><div id="paper" style="height: 300px">paper</div>
<button id="button">Press</button><input id="field" value="old"><div id="far" style="margin-top: 2000px">far</div>
<script>
var log = [];
for (const kind of ["pointerdown", "pointermove", "pointerup", "keydown"])
	addEventListener(kind, e => log.push([kind, e.pointerType ?? e.key, e.isTrusted, e.buttons ?? 0].join(" ")));
button.onclick = () => log.push("click");
far.onclick = () => log.push("far");
</script>`

// open opens the tiny page.
func open(t *testing.T, b *Browser) *Page {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, tiny)
	}))
	t.Cleanup(server.Close)
	return b.Open(t, server.URL, 400, 300)
}

// begin starts a browser, unless there is none or the tests are short.
func begin(t *testing.T) *Browser {
	t.Helper()
	if testing.Short() {
		t.Skip("starts a browser")
	}
	return Start(t)
}

// TestBrowser checks on a tiny page that what the driver does reaches a page, and that it
// sees what it must see.
func TestBrowser(t *testing.T) {
	b := begin(t)
	t.Run("input", func(t *testing.T) {
		p := open(t, b)
		p.Drag(Point{10, 10}, Point{20, 20}, Point{30, 30})
		want := "pointermove mouse true 0,pointerdown mouse true 1,pointermove mouse true 1,pointermove mouse true 1,pointerup mouse true 0"
		if got := p.Text("log.join()"); got != want {
			t.Errorf("a drag is %s, want %s", got, want)
		}
		p.Evaluate("log = []; field.onfocus = () => log.push('focus')", nil)
		p.Click("#button")
		p.Type("#field", "3.5e-2")
		p.Press("Shift+Tab", "Enter", "ArrowLeft", " ")
		if got := p.Text("field.value"); got != "3.5e-2" {
			t.Errorf("typed %q", got)
		}
		got := p.Text("log.filter(s => !s.startsWith('pointer')).join()")
		if want := "click,focus,keydown 3 true 0,keydown . true 0,keydown 5 true 0,keydown e true 0,keydown - true 0,keydown 2 true 0," +
			"keydown Tab true 0,keydown Enter true 0,click,keydown ArrowLeft true 0,keydown   true 0,click"; got != want && got != strings.Replace(want, "Tab", "Shift,keydown Tab", 1) {
			t.Errorf("the keys are\n%s, want\n%s", got, want)
		}
		p.Click("#far")
		if p.Number("scrollY") == 0 || p.Text("log.at(-1)") != "far" {
			t.Error("a click does not scroll to what it clicks on")
		}
	})
	t.Run("touch", func(t *testing.T) {
		p := open(t, b)
		p.Swipe(Point{50, 90}, Point{50, 70}, Point{50, 50}, Point{50, 10})
		if got := p.Text("log.join()"); !strings.HasPrefix(got, "pointerdown touch true 1,pointermove touch true 1") || !strings.HasSuffix(got, "pointerup touch true 0") {
			t.Errorf("a touch is %s", got)
		}
		if y := p.Number("scrollY"); y != 0 {
			t.Errorf("the page scrolls under touch-action: none, to %v", y)
		}
		p.Swipe(Point{50, 250}, Point{50, 220}, Point{50, 200}, Point{50, 170}, Point{50, 130})
		p.Wait("scrollY > 50")
	})
	t.Run("media", func(t *testing.T) {
		p := open(t, b)
		color, still := "getComputedStyle(pad).backgroundColor", "String(matchMedia('(prefers-reduced-motion: reduce)').matches)"
		if got := p.Text(color) + p.Text(still); got != "rgb(0, 0, 255)false" {
			t.Error(got)
		}
		p.Prefer("prefers-color-scheme", "dark", "prefers-reduced-motion", "reduce")
		if got := p.Text(color) + p.Text(still); got != "rgb(255, 255, 0)true" {
			t.Error(got)
		}
		p.Resize(360, 700)
		if w, h := p.Number("innerWidth"), p.Number("innerHeight"); w != 360 || h != 700 {
			t.Errorf("resized to %v×%v", w, h)
		}
		file := filepath.Join(t.TempDir(), "picture.png")
		p.Screenshot(file, "#pad")
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		picture, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		if r, g, b, _ := picture.At(50, 50).RGBA(); picture.Bounds().Dx() != 100 || r>>8 != 255 || g>>8 != 255 || b>>8 != 0 {
			t.Errorf("the screenshot is %v, its middle %v", picture.Bounds(), picture.At(50, 50))
		}
	})
	t.Run("problems", func(t *testing.T) {
		p := open(t, b)
		if got := p.Problems(); len(got) > 0 || len(p.Requests()) != 1 {
			t.Errorf("the tiny page has problems: %s, requests: %s", got, p.Requests())
		}
		if got := p.Number("fetch('/').then(r => r.status)"); got != 200 {
			t.Errorf("a promise is %v", got)
		}
		p.Evaluate(`console.error("first"); setTimeout(() => { throw new Error("second") }); Promise.reject(new Error("third"));
			fetch("/missing"); fetch("http://example.com/fourth").catch(() => {})`, nil)
		for _, want := range []string{"first", "second", "third", "/missing", "fourth"} {
			for range 200 {
				if strings.Contains(strings.Join(p.Problems(), "\n"), want) {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			if got := strings.Join(p.Problems(), "\n"); !strings.Contains(got, want) {
				t.Errorf("%s is not seen in %s", want, got)
			}
		}
		if !slices.Contains(p.Requests(), "http://example.com/fourth") {
			t.Errorf("the request is not seen in %s", p.Requests())
		}
		for expression, want := range map[string]string{"missing.text": "missing is not defined", "0/0": "NaN", "1 +": "Unexpected end"} {
			if err := p.evaluate(expression, new(float64)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %v", expression, err)
			}
		}
	})
}

// TestCrash checks that a browser that ends of itself says so, and leaves nothing.
func TestCrash(t *testing.T) {
	b := begin(t)
	p := open(t, b)
	b.cmd.Process.Kill()
	if err := p.evaluate("1", nil); err == nil || !strings.Contains(err.Error(), "is gone: signal: killed") {
		t.Errorf("the error is %v", err)
	}
	b.Close()
	if _, err := os.Stat(b.profile); !os.IsNotExist(err) {
		t.Errorf("the profile is still there: %v", err)
	}
	if _, err := Launch("/bin/false"); err == nil || !strings.Contains(err.Error(), "false is gone: exit status 1") {
		t.Errorf("a program that is no browser: error %v", err)
	}
}
