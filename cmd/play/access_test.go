//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/browser"
)

// contrast is a JavaScript expression: the texts of the page whose contrast with what is
// behind them is below what WCAG 2 asks for, 4.5:1, and 3:1 for large text. Text in what
// is disabled may be pale.
const contrast = `(() => {
	const ctx = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const rgba = color => {
		ctx.clearRect(0, 0, 1, 1);
		ctx.fillStyle = color;
		ctx.fillRect(0, 0, 1, 1);
		const [r, g, b, a] = ctx.getImageData(0, 0, 1, 1).data;
		return [r, g, b, a/255];
	};
	const over = (top, below) => [0, 1, 2].map(i => top[i]*top[3] + below[i]*(1-top[3])).concat(1);
	const paper = rgba(getComputedStyle(document.documentElement).colorScheme.includes("dark") && matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "white");
	const behind = e => e ? over(rgba(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : paper;
	const luminance = c => {
		const [r, g, b] = c.slice(0, 3).map(v => v/255).map(v => v <= 0.04045 ? v/12.92 : ((v+0.055)/1.055)**2.4);
		return 0.2126*r + 0.7152*g + 0.0722*b;
	};
	const faults = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
		if (!text || !e.checkVisibility({opacityProperty: true, visibilityProperty: true}) || e.closest(":disabled, [aria-disabled=true], script, style")) continue;
		const style = getComputedStyle(e), svg = e.closest("svg"), below = behind(e);
		const color = rgba(svg ? style.fill : style.color);
		for (let p = e; p; p = p.parentElement) color[3] *= getComputedStyle(p).opacity;
		const [light, dark] = [luminance(over(color, below)), luminance(below)].sort((a, b) => b - a);
		const ratio = (light + 0.05)/(dark + 0.05), size = parseFloat(style.fontSize);
		const want = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5;
		if (ratio < want) faults.add(ratio.toFixed(2) + ":1 " + text.slice(0, 60) + " (" + e.outerHTML.slice(0, 80) + ")");
	}
	return [...faults];
})()`

// structure is a JavaScript expression: tables without a caption or heads, pictures without
// a name, boxes that scroll and cannot be reached by keyboard, ids that are there twice.
const structure = `(() => {
	const faults = [], shown = e => e.checkVisibility({visibilityProperty: true}), say = e => e.outerHTML.slice(0, 120);
	for (const e of [...document.querySelectorAll("table")].filter(shown)) {
		if (!e.caption?.textContent.trim()) faults.push("a table without a caption: " + say(e));
		if (!e.querySelector("th")) faults.push("a table without heads: " + say(e));
	}
	for (const e of [...document.querySelectorAll("canvas, svg, img")].filter(shown)) {
		const name = e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.alt || e.querySelector(":scope > title")?.textContent;
		if (!name && !e.closest("[aria-hidden=true], button, [role=img], [role=option], [role=gridcell]")) faults.push("a picture without a name: " + say(e));
	}
	for (const e of [...document.querySelectorAll("main *, body > *")].filter(shown)) {
		const scrolls = e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX);
		if (scrolls && e.tabIndex < 0 && !e.querySelector("a[href], button, input, select, textarea, [tabindex='0']")) faults.push("a box that scrolls, and no key reaches it: " + say(e));
	}
	const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
	for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push("an id twice: " + id);
	if ([...document.querySelectorAll("h1")].filter(shown).length !== 1) faults.push("not one h1");
	return faults;
})()`

// named are the roles of what a screen reader announces by its name.
var named = []string{"button", "link", "textbox", "spinbutton", "searchbox", "slider", "combobox", "listbox", "checkbox", "radio", "switch",
	"tab", "image", "img", "table", "grid", "application", "option", "dialog", "PopUpButton", "ComboBoxSelect"}

// nameless returns what is on the page and has no name for a screen reader, as the browser
// itself computes it.
func nameless(t *testing.T, p *browser.Page) (faults []string) {
	t.Helper()
	var tree struct {
		Nodes []struct {
			Ignored    bool
			Role, Name struct{ Value any }
			Node       int `json:"backendDOMNodeId"`
		}
	}
	p.Call("Accessibility.getFullAXTree", nil, &tree)
	for _, node := range tree.Nodes {
		role := fmt.Sprint(node.Role.Value)
		if name, _ := node.Name.Value.(string); node.Ignored || strings.TrimSpace(name) != "" || !slices.Contains(named, role) {
			continue
		}
		var described struct {
			Node struct {
				NodeName   string
				Attributes []string
			}
		}
		p.Call("DOM.describeNode", map[string]any{"backendNodeId": node.Node}, &described)
		faults = append(faults, fmt.Sprintf("a %s without a name: %s %q", role, described.Node.NodeName, described.Node.Attributes))
	}
	if len(tree.Nodes) < 20 {
		t.Errorf("the tree of what a screen reader sees has %d nodes", len(tree.Nodes))
	}
	return faults
}

// fromTop is JavaScript that lets the next Tab begin at the top of the page.
const fromTop = `(() => {
	const top = document.createElement("span");
	top.tabIndex = -1;
	document.body.prepend(top);
	top.focus();
	top.remove();
	scrollTo({top: 0, behavior: "instant"});
})()`

// unreached goes through the page by Tab and returns what can be used but was not reached,
// and what shows no sign that it has the focus.
func unreached(t *testing.T, p *browser.Page) (faults []string) {
	t.Helper()
	p.Evaluate(`(() => {
		const radio = e => e.type === "radio" && !e.checked && e.form?.querySelector('[name="' + e.name + '"]:checked');
		window.wanted = new Set([...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
			.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}) && e.type !== "hidden" && !radio(e)));
		window.stops = [];
	})()`, nil)
	p.Evaluate(fromTop, nil)
	n := int(p.Number("wanted.size"))
	for range 2*n + 20 {
		p.Press("Tab")
		var stop struct {
			End, Visible bool
			Said         string
		}
		p.Evaluate(`(() => {
			const e = document.activeElement, style = getComputedStyle(e);
			if (e === document.body || stops.includes(e)) return {end: true};
			stops.push(e);
			wanted.delete(e);
			const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
			const r = e.getBoundingClientRect();
			return {visible: outline && e.matches(":focus-visible") && r.bottom > 0 && r.top < innerHeight, said: e.outerHTML.slice(0, 120)};
		})()`, &stop)
		if stop.End {
			break
		} else if !stop.Visible {
			faults = append(faults, "the focus cannot be seen on "+stop.Said)
		}
	}
	var rest []string
	p.Evaluate(`[...wanted].map(e => e.outerHTML.slice(0, 120))`, &rest)
	for _, e := range rest {
		faults = append(faults, "Tab does not reach "+e)
	}
	if len(rest) == n {
		t.Errorf("Tab reaches nothing of %d elements", n)
	}
	return faults
}

// faulty is a page with one fault of each kind that the checks must find.
const faulty = `<!doctype html><html lang="en"><link rel="icon" href="data:,"><style>
.none:focus { outline: none }
.wide { width: 100px; overflow-x: auto }
</style><h1>Faults</h1><h1>Two</h1>
<p style="color: #888">too pale</p><p style="color: #767676">just dark enough</p>
<p style="color: #777; opacity: 0.9">pale by opacity</p><p style="background: #555; color: #000">dark on dark</p>
<p style="font-size: 30px; color: #888">large</p><button disabled style="color: #aaa">off</button>
<svg role="img" aria-label="chart"><text y="20" fill="#ccc">pale in a chart</text></svg>
<canvas id="two"></canvas><canvas id="two" aria-label="named" role="img"></canvas>
<table><tr><td>no caption, no head</td></tr></table>
<div class="wide"><div style="width: 300px">a wide box</div></div>
<button></button><button>named</button><input><label>named <input></label><select><option>one</option></select>
<button class="none">without a sign</button><span tabindex="0" id="trap">trap</span><a href="#end">behind the trap</a>
<script>trap.onkeydown = e => { if (e.key === "Tab") e.preventDefault() }</script>`

// TestChecks checks that the checks for access find what is there and nothing else.
func TestChecks(t *testing.T) {
	inEveryWay(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, faulty)
	}))
	defer server.Close()
	p := chromium(t).Open(t, server.URL, 800, 600)
	var pale, built []string
	p.Evaluate(contrast, &pale)
	p.Evaluate(structure, &built)
	for name, c := range map[string]struct{ got, want []string }{
		"contrast":  {pale, []string{"too pale", "pale by opacity", "dark on dark", "pale in a chart"}},
		"structure": {built, []string{"without a caption", "without heads", "picture without a name", "no key reaches it", "id twice: two", "not one h1"}},
		"names":     {nameless(t, p), []string{"a button without", "a textbox without", "a combobox without"}},
		"tab":       {unreached(t, p), []string{`cannot be seen on <button class="none"`, "Tab does not reach <a"}},
	} {
		for i, want := range c.want {
			if i >= len(c.got) || !strings.Contains(c.got[i], want) || len(c.got) != len(c.want) {
				t.Errorf("%s: found %q, want %q", name, c.got, c.want)
				break
			}
		}
	}
}
