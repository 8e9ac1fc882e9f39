package main

import (
	"context"
	"io"
	"net/http"

	"nndl/cmd/internal/photo"
	"nndl/mnist"
)

// routesDigit adds the endpoints from which a digit comes.
func (s *server) routesDigit(mux *http.ServeMux) {
	post(s, mux, "/api/draw", s.draw)
	post(s, mux, "/api/digit", s.testDigit)
	mux.HandleFunc("POST /api/file", s.file)
}

// A digit is what the network sees, and how it came to be so.
type digit struct {
	Pixels []byte     `json:"pixels"` // 28·28, in base64: 0 is background, 255 ink
	Label  *int       `json:"label"`  // of a test digit
	From   [2]int     `json:"from"`   // width and height of the ink before, in thousandths of the drawing, or of the whole file in pixels
	Fit    [2]int     `json:"fit"`    // width and height of the ink in pixels now
	Centre [2]float64 `json:"centre"` // column and row of its centre of mass
	Notes  []string   `json:"notes"`  // what was understood of a file
}

// newDigit returns a digit with what can be seen in its pixels.
func newDigit(pixels []byte) *digit {
	d := &digit{Pixels: pixels, Notes: []string{}}
	left, top, right, bottom := mnist.Side, mnist.Side, 0, 0
	mass := 0.0
	for i, p := range pixels {
		if p == 0 {
			continue
		}
		row, col := i/mnist.Side, i%mnist.Side
		left, right = min(left, col), max(right, col+1)
		top, bottom = min(top, row), max(bottom, row+1)
		mass += float64(p)
		d.Centre[0] += float64(p) * float64(col)
		d.Centre[1] += float64(p) * float64(row)
	}
	if mass > 0 {
		d.Fit = [2]int{right - left, bottom - top}
		d.Centre[0], d.Centre[1] = d.Centre[0]/mass, d.Centre[1]/mass
	}
	return d
}

// drawRequest is a drawing.
type drawRequest struct {
	Strokes [][]float64 `json:"strokes"`
}

// draw gives a drawing the form of MNIST's images.
func (s *server) draw(_ context.Context, _ *visitor, r *drawRequest) (*digit, error) {
	if len(r.Strokes) == 0 {
		return nil, refuse("strokes: there are none")
	}
	for _, stroke := range r.Strokes {
		if len(stroke) == 0 || len(stroke)%2 != 0 {
			return nil, refuse("strokes: a stroke has %d numbers, want two for each point", len(stroke))
		}
		for _, v := range stroke {
			if !(0 <= v && v <= drawingSide) {
				return nil, refuse("strokes: %g is outside 0 to %d", v, drawingSide)
			}
		}
	}
	b := bounds(r.Strokes)
	d := newDigit(mnist.Normalize(drawn(r.Strokes, b)))
	d.From = [2]int{int(b.Width + 0.5), int(b.Height + 0.5)}
	return d, nil
}

// digitRequest names a test digit, counted from 0.
type digitRequest struct {
	Index int `json:"index"`
}

func (s *server) testDigit(_ context.Context, _ *visitor, r *digitRequest) (*digit, error) {
	if r.Index < 0 || r.Index >= len(s.data.Test) {
		return nil, refuse("index %d: there are %d test digits, 0 to %d", r.Index, len(s.data.Test), len(s.data.Test)-1)
	}
	e := s.data.Test[r.Index]
	d := newDigit(mnist.Pixels(e))
	label := e.Label()
	d.Label = &label
	return d, nil
}

// maxFile is how many bytes a picture may have. It is decoded into up to 200 MB, so only
// one at a time.
const maxFile = 16 << 20

var decoding = make(chan struct{}, 1)

// file reads the digit in a picture, the body of the request.
func (s *server) file(w http.ResponseWriter, r *http.Request) {
	if _, err := s.visitor(r); err != nil {
		fail(w, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
	if err != nil {
		fail(w, unreadable(err))
		return
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-r.Context().Done():
		return
	}
	seen, err := photo.Decode(body)
	if err != nil {
		fail(w, badRequest{err.Error()})
		return
	}
	d := newDigit(seen.Pixels)
	d.From = [2]int{seen.Cols, seen.Rows}
	d.Notes = append(d.Notes, seen.Notes...)
	writeJSON(w, d)
}

// checkPixels returns an error unless pixels is an image of 28×28.
func checkPixels(p []byte) error {
	if len(p) != pixels {
		return refuse("pixels: %d bytes, want %d", len(p), pixels)
	}
	return nil
}
