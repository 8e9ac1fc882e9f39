package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"

	"nndl/mnist"
	"nndl/nn/network2"
)

//go:embed static
var static embed.FS

// pixels is how many inputs the network has.
const pixels = mnist.Side * mnist.Side

// A server has the page and what it is about. Only visitors, trainings and
// convolution change.
type server struct {
	data        mnist.Data
	seed        uint64
	name        string // the host of -addr, which the browser may use for it
	first       int    // the test digit that a visitor sees first
	loaded      bool   // the ready network is from a file
	visitors    visitors
	trainings   trainings
	convolution convolution
}

// newServer returns a server whose visitors begin with the network ready.
func newServer(data mnist.Data, ready *network2.Network, seed uint64) *server {
	return &server{data: data, seed: seed, name: "127.0.0.1", first: doubtful(ready, data.Test),
		visitors: visitors{byID: map[string]*visitor{}, ready: ready}, trainings: trainings{turns: newTurns()}}
}

// handler returns the whole server.
func (s *server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", files())
	s.routesDigit(mux)
	s.routesTour(mux)
	s.routesTrain(mux)
	s.routesUniversality(mux)
	s.routesDepth(mux)
	s.routesConvolution(mux)
	return s.guard(mux)
}

// files serves the page. The types are given, because a system may call a .js text/plain,
// and the browser then refuses it.
func files() http.Handler {
	types := map[string]string{".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", "": "text/html"}
	root, err := fs.Sub(static, "static")
	if err != nil {
		panic(err) // static is not embedded
	}
	server := http.FileServerFS(root)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind := types[path.Ext(r.URL.Path)]; kind != "" {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
		}
		server.ServeHTTP(w, r)
	})
}

// maxBody is how many bytes a request in JSON may have.
const maxBody = 64 << 10

// badRequest is an error of the page's, or of someone else's who sends requests.
type badRequest struct{ msg string }

func (e badRequest) Error() string { return e.msg }

// refuse returns an error that the page gets with status 400.
func refuse(format string, a ...any) error { return badRequest{fmt.Sprintf(format, a...)} }

// post adds the endpoint POST name to mux. It reads a Request as JSON, finds the visitor
// and sends what f returns: an Answer, or an error as one line of text. ctx is done when
// the page no longer waits.
func post[Request, Answer any](s *server, mux *http.ServeMux, name string, f func(ctx context.Context, v *visitor, r *Request) (*Answer, error)) {
	mux.HandleFunc("POST "+name, func(w http.ResponseWriter, r *http.Request) {
		v, err := s.visitor(r)
		if err != nil {
			fail(w, err)
			return
		}
		request := new(Request)
		if err := readJSON(w, r, request); err != nil {
			fail(w, err)
			return
		}
		answer, err := f(r.Context(), v, request)
		if err != nil {
			fail(w, err)
			return
		}
		writeJSON(w, answer)
	})
}

// visitor returns who sends the request: the header X-Visitor says it, or, for a stream of
// events, to which a page can give no header, the query.
func (s *server) visitor(r *http.Request) (*visitor, error) {
	id := r.Header.Get("X-Visitor")
	if r.Method == http.MethodGet {
		id = r.URL.Query().Get("visitor")
	}
	if !validID(id) {
		return nil, refuse("X-Visitor: want 32 hexadecimal digits")
	}
	return s.visitors.get(id), nil
}

// readJSON reads the body of r, which must hold one object of x's form and nothing else.
func readJSON(w http.ResponseWriter, r *http.Request, x any) error {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		return refuse("Content-Type: want application/json")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return unreadable(err)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(x); err != nil {
		return refuse("%v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return refuse("there is more than one JSON value")
	}
	return refuseNull(body)
}

// unreadable returns the error for a body that cannot be read.
func unreadable(err error) error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return err
	}
	return refuse("%v", err)
}

// refuseNull returns an error if there is a null in a body, which Decode takes for a 0.
func refuseNull(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	for {
		switch token, err := d.Token(); {
		case err != nil: // the end
			return nil
		case token == nil:
			return refuse("there is a null at byte %d", d.InputOffset())
		}
	}
}

// writeJSON sends x. What JSON has no word for, a NaN or an infinity, can only come from a
// network whose parameters have overflowed.
func writeJSON(w http.ResponseWriter, x any) {
	text, err := json.Marshal(x)
	if err != nil {
		fail(w, refuse("the network has overflowed: one of its numbers is not finite (%v)", err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(text)
}

// fail sends err as one line of text.
func fail(w http.ResponseWriter, err error) {
	status := http.StatusInternalServerError
	var bad badRequest
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &bad):
		status = http.StatusBadRequest
	case errors.As(err, &tooLarge):
		status, err = http.StatusRequestEntityTooLarge, fmt.Errorf("the request has more than %d bytes", tooLarge.Limit)
	}
	line := bytes.Join(bytes.Fields([]byte(err.Error())), []byte(" "))
	http.Error(w, string(line), status)
}

// events is a stream of server-sent events.
type events struct {
	w http.ResponseWriter
	c *http.ResponseController
}

// openEvents begins a stream that may last longer than a request.
func openEvents(w http.ResponseWriter) *events {
	e := &events{w, http.NewResponseController(w)}
	e.c.SetReadDeadline(time.Time{}) // the end of this one would end the stream
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	return e
}

// send sends x as an event with the given name. It is an error if the page does not take
// it within ten seconds.
func (e *events) send(name string, x any) error {
	text, err := json.Marshal(x)
	if err != nil {
		return err
	}
	e.c.SetWriteDeadline(time.Now().Add(10 * time.Second)) // httptest's recorder has none
	if _, err := fmt.Fprintf(e.w, "event: %s\ndata: %s\n\n", name, text); err != nil {
		return err
	}
	return e.c.Flush()
}
