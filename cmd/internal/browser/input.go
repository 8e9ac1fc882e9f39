package browser

import (
	"fmt"
	"strings"
	"time"
)

// Point is a place in the page's window, in CSS pixels.
type Point struct{ X, Y float64 }

// Center scrolls the first element that the selector names into view and returns the
// point in its middle. That nothing, or something else, is there ends the test: a reader
// could not click it.
func (p *Page) Center(selector string) (c Point) {
	p.t.Helper()
	p.Evaluate(fmt.Sprintf(`(() => {
		const e = document.querySelector(%[1]q);
		if (!e) throw new Error("there is no such element");
		e.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), c = {x: r.x + r.width/2, y: r.y + r.height/2};
		const top = document.elementFromPoint(c.x, c.y);
		if (!top || !(e.contains(top) || top.contains(e) || e.control === top || [...e.labels ?? []].some(l => l.contains(top))))
			throw new Error(%[1]q + " is hidden, or behind " + top?.outerHTML.slice(0, 200));
		return c;
	})()`, selector), &c)
	return c
}

// Click clicks on the first element that the selector names, when it is not disabled. If it
// has moved away meanwhile, as after a text above it that became longer, Click does what a
// reader does: it clicks again.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.Wait(fmt.Sprintf("document.querySelector(%q)?.disabled !== true", selector))
	for range 5 {
		at := p.Center(selector)
		p.Evaluate(fmt.Sprintf(`window.clicked = false;
			document.querySelector(%q).addEventListener("click", () => { window.clicked = true }, {once: true, capture: true})`, selector), nil)
		p.Drag(at)
		if p.Is("window.clicked !== false") {
			return
		}
	}
	p.t.Fatalf("%s does not stand still to be clicked", selector)
}

// Drag moves the mouse to the first of the points, presses its button, moves on to the
// others, and lets the button go at the last.
func (p *Page) Drag(points ...Point) {
	p.t.Helper()
	p.mouse("mouseMoved", points[0], 0)
	p.mouse("mousePressed", points[0], 1)
	for _, to := range points[1:] {
		p.mouse("mouseMoved", to, 1)
	}
	p.mouse("mouseReleased", points[len(points)-1], 0)
}

func (p *Page) mouse(kind string, at Point, buttons int) {
	p.t.Helper()
	event := object{"type": kind, "x": at.X, "y": at.Y, "buttons": buttons, "button": "left", "clickCount": 1, "pointerType": "mouse"}
	if kind == "mouseMoved" {
		event["clickCount"] = 0
		if buttons == 0 {
			event["button"] = "none"
		}
	}
	p.Call("Input.dispatchMouseEvent", event, nil)
}

// Swipe touches the page at the first of the points, moves the finger on to the others, and
// lifts it at the last. The moves take a while, as a finger's do: too fast, and they are a
// fling or one move.
func (p *Page) Swipe(points ...Point) {
	p.t.Helper()
	kind := "touchStart"
	for _, at := range points {
		p.Call("Input.dispatchTouchEvent", object{"type": kind, "touchPoints": []object{{"x": at.X, "y": at.Y}}}, nil)
		kind = "touchMove"
		time.Sleep(16 * time.Millisecond)
	}
	p.Call("Input.dispatchTouchEvent", object{"type": "touchEnd", "touchPoints": []object{}}, nil)
}

// keys are the keys that are not letters or digits: their code, Windows's number and text.
var keys = map[string]struct {
	code   string
	number int
	text   string
}{
	"Tab": {"Tab", 9, ""}, "Enter": {"Enter", 13, "\r"}, "Escape": {"Escape", 27, ""}, " ": {"Space", 32, " "},
	"PageUp": {"PageUp", 33, ""}, "PageDown": {"PageDown", 34, ""}, "End": {"End", 35, ""}, "Home": {"Home", 36, ""},
	"ArrowLeft": {"ArrowLeft", 37, ""}, "ArrowUp": {"ArrowUp", 38, ""}, "ArrowRight": {"ArrowRight", 39, ""}, "ArrowDown": {"ArrowDown", 40, ""},
	"Backspace": {"Backspace", 8, ""}, "Delete": {"Delete", 46, ""}, ".": {"Period", 190, "."}, ",": {"Comma", 188, ","}, "-": {"Minus", 189, "-"},
}

// modifiers are the protocol's bits for the keys that are held down.
var modifiers = map[string]int{"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}

// Press presses keys and lets them go, one after the other. A key has the name that
// KeyboardEvent.key has, with modifiers before it: "Tab", "Shift+Tab", "Control+z", "5".
func (p *Page) Press(names ...string) {
	p.t.Helper()
	for _, name := range names {
		held, parts := 0, strings.Split(name, "+")
		for _, modifier := range parts[:len(parts)-1] {
			held |= modifiers[modifier]
		}
		name = parts[len(parts)-1]
		key, ok := keys[name]
		if upper := strings.ToUpper(name); !ok && upper >= "A" && upper <= "Z" {
			key.code, key.number, key.text = "Key"+upper, int(upper[0]), name
		} else if !ok && len(name) == 1 && name >= "0" && name <= "9" {
			key.code, key.number, key.text = "Digit"+name, int(name[0]), name
		} else if !ok {
			p.t.Fatalf("the driver does not know the key %q", name)
		}
		event := object{"type": "keyDown", "key": name, "code": key.code, "windowsVirtualKeyCode": key.number, "modifiers": held}
		if held&^modifiers["Shift"] == 0 && key.text != "" {
			event["text"] = key.text
		}
		p.Call("Input.dispatchKeyEvent", event, nil)
		delete(event, "text")
		event["type"] = "keyUp"
		p.Call("Input.dispatchKeyEvent", event, nil)
	}
}

// Type replaces what is in the text field that the selector names, as a reader does: by
// clicking on it, selecting all and typing.
func (p *Page) Type(selector, text string) {
	p.t.Helper()
	p.Click(selector)
	p.Evaluate("document.activeElement.select()", nil)
	for _, r := range text {
		p.Press(string(r))
	}
}

// Choose lets a file field hold a file, as its reader's choice.
func (p *Page) Choose(selector, file string) {
	p.t.Helper()
	var field struct{ Result struct{ ObjectID string } }
	p.Call("Runtime.evaluate", object{"expression": fmt.Sprintf("document.querySelector(%q)", selector)}, &field)
	p.Call("DOM.setFileInputFiles", object{"files": []string{file}, "objectId": field.Result.ObjectID}, nil)
}
