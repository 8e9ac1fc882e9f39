package chart

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// texts returns what a drawing says, after a check that it is one well-formed
// document that names nothing outside itself.
func texts(t *testing.T, svg []byte) []string {
	t.Helper()
	var said []string
	depth, roots := 0, 0
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			for _, a := range token.Attr {
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "data:image/png;base64,") {
					t.Errorf("it names %q, outside itself", a.Value)
				}
				if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") {
					t.Errorf("<%s %s=%q>", token.Name.Local, a.Name.Local, a.Value)
				}
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				said = append(said, s)
			}
		}
	}
	if roots != 1 || !bytes.HasPrefix(svg, []byte("<svg ")) {
		t.Errorf("%d documents", roots)
	}
	return said
}

func says(t *testing.T, svg []byte, want ...string) {
	t.Helper()
	said := texts(t, svg)
	for _, w := range want {
		if !slices.Contains(said, w) {
			t.Errorf("it does not say %q: %q", w, said)
		}
	}
}

const odd = "a < b & \"c\" > 'd' \x00 \xff η"

func TestLines(t *testing.T) {
	svg := Lines{Title: "Learning", XLabel: "epoch", YLabel: "%",
		Series: []Series{{"test", []float64{0, 1, 2, 3}, []float64{90, 95, math.NaN(), 95.5}}, {odd, []float64{0}, []float64{91}}},
		Notes:  []Note{{3, 95.5, "best"}},
	}.SVG()
	says(t, svg, "Learning", "epoch", "%", "best", "90", "96", "0", "1", "2", "3", "a < b & \"c\" > 'd' \uFFFD \uFFFD η")
	if paths := regexp.MustCompile(` d="([^"]*)"`).FindAllStringSubmatch(string(svg), -1); len(paths) != 2 || strings.Count(paths[0][1], "M") != 2 {
		t.Errorf("a line through a NaN is not broken there: %v", paths)
	}
}

// TestPoints holds that a point stands where the ticks say.
func TestPoints(t *testing.T) {
	svg := Lines{Series: []Series{{"", []float64{0, 10}, []float64{0, 100}}}}.SVG()
	place := func(pattern string) (v []string) {
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(svg), -1) {
			v = append(v, m[1])
		}
		return v
	}
	ys := place(`<line x1="72" y1="([^"]*)"[^>]*class="grid"`)
	if path := place(` d="([^"]*)"`); len(path) != 1 || len(ys) != 6 || path[0] != "M82 "+ys[0]+"L686 "+ys[5] {
		t.Errorf("line %q, grid at y = %v", path, ys)
	}
}

func TestDegenerate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, v := range [][]float64{nil, {5}, {0, 0}, {nan}, {inf, -inf, 1}, {1e300, -1e300}, {math.MaxFloat64, -math.MaxFloat64},
		{5e-324, 0}, {1e15, 1e15 + 1}, {-3, -3}} {
		x := make([]float64, len(v))
		labels := make([]string, len(v))
		for i := range x {
			x[i] = float64(i)
		}
		for _, log := range []bool{false, true} {
			texts(t, Lines{Series: []Series{{"", x, v}, {"", v, x}}, LogX: log, FromZero: log, Notes: []Note{{1, nan, "x"}}}.SVG())
		}
		texts(t, Bars{Labels: labels, Values: v, Mark: inf}.SVG())
	}
	texts(t, Grid{}.SVG())
	texts(t, Confusion{}.SVG())
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi      float64
		whole, wide bool
		want        string
	}{
		{0, 29, true, false, "0 5 10 15 20 25"},
		{0, 3, true, false, "0 1 2 3"},
		{0, 1, false, true, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{91.2, 95.4, false, true, "91 92 93 94 95 96"},
		{-1, 1, false, true, "-1.0 -0.5 0.0 0.5 1.0"},
		{0, 0.00003, false, true, "0.000000 0.000005 0.000010 0.000015 0.000020 0.000025 0.000030"},
		{0, 50000, false, true, "0 10000 20000 30000 40000 50000"},
		{7, 7, false, true, "6.0 6.5 7.0 7.5 8.0"},
	} {
		ax := newAxis(c.lo, c.hi, 0, 500, 6, c.whole, c.wide)
		var got []string
		for _, v := range ax.ticks {
			got = append(got, ax.label(v))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%g to %g: %s, want %s", c.lo, c.hi, s, c.want)
		}
	}
	ax := logAxis([]float64{1024, 64, 128, 0, -1, 512, 256, 1024}, 0, 400)
	if at := ax.at(256); len(ax.ticks) != 5 || math.Abs(at-200) > 1e-9 {
		t.Errorf("log axis: ticks %v, 256 at %g", ax.ticks, at)
	}
	if ax := logAxis([]float64{1, 2, 3, 1000}, 0, 100); !slices.Equal(ax.ticks, []float64{1, 1000}) {
		t.Errorf("ticks that touch: %v", ax.ticks)
	}
}

func TestBars(t *testing.T) {
	svg := Bars{Title: "Speed", XLabel: "GFLOP/s", Labels: []string{"naive", odd, "none"}, Values: []float64{0.331, 50.6, math.NaN()},
		Mark: 58.5, MarkLabel: "peak"}.SVG()
	says(t, svg, "Speed", "GFLOP/s", "naive", "0.331", "50.6", "no value", "peak", "60")
	m := regexp.MustCompile(`<rect x="([^"]*)" y="[^"]*" width="([^"]*)" height="22"`).FindAllStringSubmatch(string(svg), -1)
	if len(m) != 2 || m[0][1] != m[1][1] || len(m[0][2]) >= len(m[1][2]) {
		t.Errorf("bars (x, width): %q", m)
	}
}

func TestConfusion(t *testing.T) {
	m := Confusion{Title: "Confusion", RowLabel: "is", ColLabel: "read as", Names: []string{"cat", "dog"}, Counts: [][]int{{90, 10}, {0, 0}}}
	says(t, m.SVG(), "Confusion", "is", "read as", "cat", "dog", "90", "10", "90.0 %")
	for _, counts := range [][][]int{{{1, 2}}, {{1}, {2}}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v for two names: no panic", counts)
				}
			}()
			Confusion{Names: m.Names, Counts: counts}.SVG()
		}()
	}
}

func TestGrid(t *testing.T) {
	img := Grey([]byte{0, 255, 7, 8, 9, 10}, 3)
	svg := Grid{Title: "Misread", Note: "ten of them", Cols: 2, Size: 56, Cells: []Cell{
		{Image: img, Caption: "5 → 6", Hint: "number <7>", Wrong: true, Values: []float64{0.1, 0.9, math.NaN()}}, {Image: img, Caption: odd}, {Image: img}}}.SVG()
	says(t, svg, "Misread", "ten of them", "5 → 6", "number <7>", "0", "1", "2")
	if n := strings.Count(string(svg), "<image "); n != 3 {
		t.Errorf("%d pictures, want 3", n)
	}
	if n := strings.Count(string(svg), `class="heat"`) + strings.Count(string(svg), `class="dim"`); n != 2 {
		t.Errorf("%d bars for 0.1, 0.9 and NaN", n)
	}
	svg = Grid{Size: 30, Shapes: true, Cells: []Cell{{Image: Grey([]byte{0, 255, 255, 3, 130, 247}, 3)}}}.SVG()
	texts(t, svg)
	for _, want := range []string{`"M0 0h3v2h-3z"`, `fill-opacity="1" d="M1 0h2v1h-2zM2 1h1v1h-1z"`, `fill-opacity="0.53" d="M1 1h1v1h-1z"`, "scale(10 10)"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("no %s in %s", want, svg)
		}
	}
	if strings.Contains(string(svg), "data:") {
		t.Error("shapes with data")
	}
}

func TestPictures(t *testing.T) {
	uri := DataURI(Grey([]byte{0, 255, 7, 8, 9, 10}, 3))
	data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(uri, "data:image/png;base64,"))
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil || img.Bounds() != image.Rect(0, 0, 3, 2) || img.At(1, 0) != (color.Gray{255}) || img.At(0, 1) != (color.Gray{8}) {
		t.Errorf("%v, %v", img, err)
	}
	w := Weights([]float64{0, -2, 2, 1, math.NaN(), math.Inf(1)}, 3, 0)
	white, blue, red, pink := w.RGBAAt(0, 0), w.RGBAAt(1, 0), w.RGBAAt(2, 0), w.RGBAAt(0, 1)
	if white != (color.RGBA{255, 255, 255, 255}) || blue.B < 2*blue.R || red.R < 2*red.B || pink.R < pink.B || pink.R < red.R {
		t.Errorf("0 %v, −2 %v, 2 %v, 1 %v", white, blue, red, pink)
	}
	if w.RGBAAt(1, 1) != (color.RGBA{A: 255}) || w.RGBAAt(2, 1) != red {
		t.Errorf("NaN %v, +Inf %v", w.RGBAAt(1, 1), w.RGBAAt(2, 1))
	}
	if Weights(make([]float64, 4), 2, 0).RGBAAt(0, 0) != white {
		t.Error("weights that are all 0 are not white")
	}
	if Weights([]float64{1, 1}, 2, 10).RGBAAt(0, 0) == red {
		t.Error("limit is not respected")
	}
	for _, f := range []func(){func() { Grey(make([]byte, 5), 2) }, func() { Weights(make([]float64, 5), 0, 1) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic for rows that do not fit")
				}
			}()
			f()
		}()
	}
}
