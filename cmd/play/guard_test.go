package main

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
)

// redirect is the status of a redirection, any: Go has had another one since version 1.26.
const redirect = 300

// TestGuard checks who may ask what.
func TestGuard(t *testing.T) {
	for _, c := range []struct {
		name, method, path, host string // name: of -addr
		header                   [2]string
		want                     int
	}{
		{"127.0.0.1", "GET", "/", "127.0.0.1:8080", [2]string{}, 200},
		{"127.0.0.1", "GET", "/", "localhost:8080", [2]string{}, 200},
		{"127.0.0.1", "GET", "/", "LOCALHOST", [2]string{}, 200},
		{"127.0.0.1", "GET", "/", "[::1]:8080", [2]string{}, 200},
		{"127.0.0.1", "GET", "/", "[::1]", [2]string{}, 200},
		{"127.0.0.1", "GET", "/", "evil.example:8080", [2]string{}, 403},
		{"127.0.0.1", "GET", "/main.js", "127.0.0.1.evil.example:8080", [2]string{}, 403},
		{"127.0.0.1", "GET", "/", "localhost.evil.example", [2]string{}, 403},
		{"127.0.0.1", "GET", "/", "192.168.1.7:8080", [2]string{}, 403},
		{"127.0.0.1", "GET", "/", "", [2]string{}, 403},
		{"", "GET", "/", "192.168.1.7:8080", [2]string{}, 200},
		{"0.0.0.0", "GET", "/", "192.168.1.7:8080", [2]string{}, 200},
		{"0.0.0.0", "GET", "/", "evil.example:8080", [2]string{}, 403},
		{"box.local", "GET", "/", "box.local:8080", [2]string{}, 200},
		{"box.local", "GET", "/", "evil.example:8080", [2]string{}, 403},
		{"127.0.0.1", "POST", "/api/network", "evil.example:8080", [2]string{}, 403},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{}, 200},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Origin", "http://127.0.0.1:8080"}, 200},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Origin", "http://127.0.0.1:9090"}, 403},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Origin", "http://evil.example"}, 403},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Origin", "null"}, 403},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"127.0.0.1", "POST", "/api/network", "127.0.0.1:8080", [2]string{"Sec-Fetch-Site", "same-site"}, 403},
		{"127.0.0.1", "GET", "/api/network", "127.0.0.1:8080", [2]string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"127.0.0.1", "GET", "/", "127.0.0.1:8080", [2]string{"Sec-Fetch-Site", "cross-site"}, 200}, // a link
		{"127.0.0.1", "GET", "/api/network", "127.0.0.1:8080", [2]string{}, 404},
		{"127.0.0.1", "POST", "/", "127.0.0.1:8080", [2]string{"Origin", "http://evil.example"}, 403},
		{"127.0.0.1", "DELETE", "/", "127.0.0.1:8080", [2]string{}, 405},
		{"127.0.0.1", "GET", "/nothing.js", "127.0.0.1:8080", [2]string{}, 404},
		{"127.0.0.1", "GET", "/../go.mod", "127.0.0.1:8080", [2]string{}, redirect},
		{"127.0.0.1", "GET", "/..%2f..%2fgo.mod", "127.0.0.1:8080", [2]string{}, 404},
	} {
		s := newTestServer(3)
		s.name = c.name
		r := httptest.NewRequest(c.method, "http://x"+c.path, strings.NewReader("{}"))
		r.Host = c.host
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-Visitor", visitorID)
		if c.header[0] != "" {
			r.Header.Set(c.header[0], c.header[1])
		}
		w := httptest.NewRecorder()
		s.handler().ServeHTTP(w, r)
		if w.Code != c.want && (c.want != redirect || w.Code/100 != 3) {
			t.Errorf("-addr %s, %s %s, Host %s, %v: %d, want %d: %s", c.name, c.method, c.path, c.host, c.header, w.Code, c.want, w.Body)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'self';") {
			t.Errorf("%s %s: Content-Security-Policy is %q", c.method, c.path, policy)
		}
	}
}

// TestFiles checks that the files of the page have types that a browser takes, and that
// there is nothing in them that the policy forbids.
func TestFiles(t *testing.T) {
	h := newTestServer(3).handler()
	for path, want := range map[string]string{"/": "text/html", "/main.js": "text/javascript", "/words/hi.json": "application/json", "/style.css": "text/css", "/icon.svg": "image/svg+xml"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost"+path, nil))
		if kind := w.Header().Get("Content-Type"); w.Code != 200 || kind != want+"; charset=utf-8" {
			t.Errorf("%s: %d, %s", path, w.Code, kind)
		}
	}
	page := read(t, "static/index.html")
	for _, bad := range []string{"<style", " style=", "onclick", "onload", "javascript:", "http:", "https:"} {
		if strings.Contains(page, bad) {
			t.Errorf("static/index.html has %s", bad)
		}
	}
	if strings.Count(page, "<script") != 1 || !strings.Contains(page, `<script type="module" src="main.js"></script>`) {
		t.Error("static/index.html has a script of its own")
	}
}

// TestVisitors checks that the one who is idle the longest leaves, and ends his training.
func TestVisitors(t *testing.T) {
	s := newTestServer(3)
	id := func(n int) string {
		return strings.Repeat("0", 30) + string("0123456789abcdef"[n/16]) + string("0123456789abcdef"[n%16])
	}
	first := s.visitors.get(id(0))
	second := s.visitors.get(id(1))
	training, end := first.begin(context.Background())
	defer end()
	for n := 2; n < maxVisitors; n++ {
		s.visitors.get(id(n))
	}
	if s.visitors.get(id(1)) != second || s.visitors.get(id(0)) != first {
		t.Fatal("a visitor is forgotten while there is room")
	}
	s.visitors.get(id(maxVisitors)) // now id(2) leaves
	s.visitors.get(id(1))
	for n := 3; n < maxVisitors; n++ {
		s.visitors.get(id(n))
	}
	if training.Err() != nil {
		t.Fatal("the training ended early")
	}
	s.visitors.get(id(200)) // and now id(0)
	if training.Err() == nil {
		t.Error("the visitor has left, and the training goes on")
	}
	if n := len(s.visitors.byID); n != maxVisitors {
		t.Errorf("%d visitors", n)
	}
	if s.visitors.get(id(1)) != second {
		t.Error("the wrong one has left")
	}
}

// TestOneTraining checks that a training ends when the next one begins, and when the page
// goes.
func TestOneTraining(t *testing.T) {
	v := newTestServer(3).visitors.get(visitorID)
	page, leave := context.WithCancel(context.Background())
	first, endFirst := v.begin(page)
	second, endSecond := v.begin(page)
	if first.Err() == nil || second.Err() != nil {
		t.Fatal("two trainings at once, or none")
	}
	endFirst() // late
	if v.cancel == nil || second.Err() != nil {
		t.Error("the end of the first training ends the second")
	}
	leave()
	if second.Err() == nil {
		t.Error("the page has gone, and the training goes on")
	}
	endSecond()
	if v.cancel != nil {
		t.Error("a training that has ended is still there")
	}
}

// TestNull checks that a null is refused wherever it is, not taken for a 0.
func TestNull(t *testing.T) {
	h := newTestServer(3).handler()
	for name, body := range map[string]string{
		"/api/digit": `{"index":null}`, "/api/step": `{"pixels":null}`, "/api/draw": `{"strokes":[[1,2,null,4]]}`, "/api/network": "null",
	} {
		if w := send(h, name, strings.NewReader(body)); w.Code != 400 || !strings.Contains(w.Body.String(), "null") {
			t.Errorf("%s %s: %d %s", name, body, w.Code, w.Body)
		}
	}
}
