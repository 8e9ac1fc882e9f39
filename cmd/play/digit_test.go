package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"net/http/httptest"
	"strings"
	"testing"

	"nndl/mnist"
)

// curvedThree is a drawn 3, moved and scaled.
func curvedThree(left, top, scale float64) [][]float64 {
	var stroke []float64
	for i := range 41 {
		a := -0.8*math.Pi + 1.4*math.Pi*float64(i)/40 // two bows
		stroke = append(stroke, left+scale*(100+90*math.Cos(a)), top+scale*(100+90*math.Sin(a)))
	}
	for i := range 41 {
		a := -0.5*math.Pi + 1.3*math.Pi*float64(i)/40
		stroke = append(stroke, left+scale*(100+110*math.Cos(a)), top+scale*(290+110*math.Sin(a)))
	}
	return [][]float64{stroke}
}

// TestDraw checks that a drawing is cropped, scaled and centred, wherever and however
// large it is drawn, and that what was done is told.
func TestDraw(t *testing.T) {
	h := newTestServer(3).handler()
	var first digit
	for i, c := range []struct{ left, top, scale float64 }{{10, 20, 1}, {300, 400, 1}, {5, 5, 2}, {700, 100, 0.5}} {
		var d digit
		ask(t, h, "/api/draw", drawRequest{curvedThree(c.left, c.top, c.scale)}, &d)
		if len(d.Pixels) != 784 {
			t.Fatalf("%d pixels", len(d.Pixels))
		}
		if d.Fit[1] != 20 || d.Fit[0] > 20 || d.Fit[0] < 8 {
			t.Errorf("%+v: the ink fills %v", c, d.Fit)
		}
		if math.Abs(d.Centre[0]-14) > 0.51 || math.Abs(d.Centre[1]-14) > 0.51 {
			t.Errorf("%+v: the centre of mass is at %v", c, d.Centre)
		}
		if w, want := d.From[1], 390*c.scale; math.Abs(float64(w)-want) > 3*c.scale+1 {
			t.Errorf("%+v: it was %v, want %g high", c, d.From, want)
		}
		if i == 0 {
			first = d
		}
		most := 0
		for k := range d.Pixels {
			most = max(most, int(d.Pixels[k])-int(first.Pixels[k]), int(first.Pixels[k])-int(d.Pixels[k]))
		}
		if most > 24 {
			t.Errorf("%+v: a pixel differs by %d from that of the first drawing", c, most)
		}
	}
	// What is drawn is normalised by mnist.
	strokes := curvedThree(10, 20, 1)
	if want := mnist.Normalize(drawn(strokes, bounds(strokes))); !bytes.Equal(first.Pixels, want) {
		t.Error("the pixels are not those of mnist.Normalize")
	}
}

// TestLine checks a line against its area: its length times the pen's width, and the two
// half discs at its ends.
func TestLine(t *testing.T) {
	for _, c := range [][4]float64{{0, 0, 1000, 0}, {0, 0, 0, 1000}, {0, 0, 700, 700}, {300, 300, 300, 300}} {
		strokes := [][]float64{c[:]}
		b := bounds(strokes)
		ink := drawn(strokes, b)
		area := 0.0
		for i, v := range ink.Data {
			area += v
			if v != 0 && (i < ink.Cols || i >= len(ink.Data)-ink.Cols || i%ink.Cols == 0 || i%ink.Cols == ink.Cols-1) && v > 0.6 {
				t.Errorf("%v: the line is cut off at the edge", c)
			}
		}
		length := math.Hypot(c[2]-c[0], c[3]-c[1]) * (inkSide - penWidth) / max(b.Width, b.Height, 1)
		want := length*penWidth + math.Pi*penWidth*penWidth/4
		if math.Abs(area-want) > 0.02*want {
			t.Errorf("%v: %g of ink, want %g", c, area, want)
		}
	}
}

// TestCorner checks that a line through points is that of its pieces.
func TestCorner(t *testing.T) {
	whole, pieces := [][]float64{{0, 0, 500, 100, 200, 900, 210, 905}}, [][]float64{{0, 0, 500, 100}, {500, 100, 200, 900}, {200, 900, 210, 905}}
	if !drawn(whole, bounds(whole)).Equal(drawn(pieces, bounds(pieces))) {
		t.Error("a line with corners is not its pieces")
	}
}

func TestTestDigit(t *testing.T) {
	s := newTestServer(3)
	for index, e := range s.data.Test {
		var d digit
		ask(t, s.handler(), "/api/digit", digitRequest{index}, &d)
		if !bytes.Equal(d.Pixels, mnist.Pixels(e)) || d.Label == nil || *d.Label != e.Label() {
			t.Fatalf("digit %d is another one", index)
		}
	}
	for _, body := range []string{`{"index": -1}`, `{"index": 20}`, `{"index": 1000000000000}`} {
		refused(t, s.handler(), "/api/digit", body, 400, "20 test digits")
	}
}

// encoded returns a PNG of a test digit, dark on light, enlarged.
func encoded(t *testing.T, pixels []byte) *bytes.Buffer {
	t.Helper()
	im := image.NewGray(image.Rect(0, 0, 280, 280))
	for y := range 280 {
		for x := range 280 {
			im.SetGray(x, y, color.Gray{255 - pixels[y/10*28+x/10]})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		t.Fatal(err)
	}
	return &b
}

func TestFile(t *testing.T) {
	h := newTestServer(3).handler()
	strokes := curvedThree(300, 300, 1)
	w := send(h, "/api/file", encoded(t, mnist.Normalize(drawn(strokes, bounds(strokes)))))
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"from":[280,280]`) || !strings.Contains(w.Body.String(), `,20],"centre"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	refused(t, h, "/api/file", "", 400, "empty")
	refused(t, h, "/api/file", "hello", 400, "not a PNG")
	refused(t, h, "/api/file", strings.Repeat("x", maxFile+1), 413, "16777216 bytes")
	// A bomb: a PNG whose header promises 60000×60000 pixels.
	bomb := encoded(t, make([]byte, 784)).Bytes()
	copy(bomb[16:24], []byte{0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60})
	if w := send(h, "/api/file", bytes.NewReader(bomb)); w.Code != 400 {
		t.Errorf("a bomb: %d %s", w.Code, w.Body)
	}
	r := httptest.NewRequest("POST", "http://localhost/api/file", encoded(t, make([]byte, 784)))
	n := httptest.NewRecorder()
	if h.ServeHTTP(n, r); n.Code != 400 || !strings.Contains(n.Body.String(), "X-Visitor") {
		t.Errorf("a file from no visitor: %d %s", n.Code, n.Body)
	}
}

func TestDrawRefuses(t *testing.T) {
	h := newTestServer(3).handler()
	for body, want := range map[string]string{
		`{}`:                             "there are none",
		`{"strokes": []}`:                "there are none",
		`{"strokes": [[]]}`:              "0 numbers",
		`{"strokes": [[1]]}`:             "1 numbers",
		`{"strokes": [[1, 2, 3]]}`:       "3 numbers",
		`{"strokes": [[1, -2]]}`:         "outside 0 to 1000",
		`{"strokes": [[1, 1001]]}`:       "outside 0 to 1000",
		`{"strokes": [[1, NaN]]}`:        "invalid character",
		`{"strokes": [[1, 1e999]]}`:      "1e999",
		`{"strokes": [["1", "2"]]}`:      "string",
		`{"strokes": 7}`:                 "number",
		`{"stroke": [[1, 2]]}`:           "unknown field",
		`{"strokes": [[1, 2]]} {}`:       "more than one",
		`{"strokes": [[1, 2]]`:           "unexpected EOF",
		`[]`:                             "array",
		``:                               "EOF",
		`{"strokes": [[1, 2]], "x": {}}`: "unknown field",
	} {
		refused(t, h, "/api/draw", body, 400, want)
	}
	refused(t, h, "/api/draw", `{"strokes": [[`+strings.Repeat("1,1,", 20000)+`1,1]]}`, 413, "65536 bytes")
}
