package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"nndl/mnist"
	"nndl/nn/network2"
)

// visitorID is what the tests' page calls itself.
const visitorID = "0123456789abcdef0123456789abcdef"

// newTestServer returns a server with a random network of the given hidden layer.
func newTestServer(hidden ...int) *server {
	sizes := append(append([]int{784}, hidden...), 10)
	net := network2.New(sizes, network2.CrossEntropyCost{}, rand.New(rand.NewPCG(5, 0)))
	digits := mnist.Digits(40, 3)
	return newServer(mnist.Data{Training: digits, Test: digits[:20], Rows: 28, Cols: 28}, net, 1)
}

// send sends body to the handler as the page does.
func send(h http.Handler, name string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://127.0.0.1:8080"+name, body)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Visitor", visitorID)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// ask sends request and reads the answer into answer.
func ask(t *testing.T, h http.Handler, name string, request, answer any) {
	t.Helper()
	body, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	w := send(h, name, bytes.NewReader(body))
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", name, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		t.Fatalf("%s: %v: %s", name, err, w.Body)
	}
}

// refused checks that a body gets the given status and one line that contains want.
func refused(t *testing.T, h http.Handler, name, body string, status int, want string) {
	t.Helper()
	w := send(h, name, strings.NewReader(body))
	if said := w.Body.String(); w.Code != status || !strings.Contains(said, want) || strings.Count(said, "\n") != 1 {
		t.Errorf("%s %.80s: %d %q, want %d and one line with %q", name, body, w.Code, said, status, want)
	}
}
