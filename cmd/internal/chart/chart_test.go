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
	"strconv"
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
		Series: []Series{{Name: "test", X: []float64{0, 1, 2, 3}, Y: []float64{90, 95, math.NaN(), 95.5}}, {Name: odd, X: []float64{0}, Y: []float64{91}}},
		Notes:  []Note{{3, 95.5, "best"}},
	}.SVG()
	says(t, svg, "Learning", "epoch", "%", "best", "90", "96", "0", "1", "2", "3", "a < b & \"c\" > 'd' \uFFFD \uFFFD η")
	if paths := regexp.MustCompile(` d="([^"]*)"`).FindAllStringSubmatch(string(svg), -1); len(paths) != 2 || strings.Count(paths[0][1], "M") != 2 {
		t.Errorf("a line through a NaN is not broken there: %v", paths)
	}
}

// TestPoints holds that a point stands where the ticks say.
func TestPoints(t *testing.T) {
	svg := Lines{Series: []Series{{X: []float64{0, 10}, Y: []float64{0, 100}}}}.SVG()
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

// TestValues checks that values are written on the curve, the first and the last among
// them, and none over another.
func TestValues(t *testing.T) {
	x, y := make([]float64, 30), make([]float64, 30)
	for i := range x {
		x[i], y[i] = float64(i), 90+float64(i)/10
	}
	for _, narrow := range []bool{false, true} {
		svg := Lines{Series: []Series{{X: x, Y: y}}, Format: "%.2f", Narrow: narrow}.SVG()
		says(t, svg, "90.00", "92.90")
		var at []float64
		for _, m := range regexp.MustCompile(`<text x="([^"]*)"[^>]*>9\d\.\d\d<`).FindAllStringSubmatch(string(svg), -1) {
			v, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, v)
		}
		if len(at) < 3 || narrow && len(at) > 5 {
			t.Errorf("%d values", len(at))
		}
		for i := range at[1:] {
			if at[i+1]-at[i] < 60 {
				t.Errorf("values at %v", at)
			}
		}
	}
}

// TestSpan checks that an axis of some span does not make a cliff of a step.
func TestSpan(t *testing.T) {
	for _, c := range []struct{ lo, hi, span, wantLo, wantHi float64 }{
		{95.40, 95.46, 5, 90.46, 95.46}, {90, 97, 5, 90, 97}, {1, 2, 5, 0, 5}, {-3, -2, 5, -7, -2}, {1, 2, 0, 1, 2},
	} {
		if lo, hi := widen(c.lo, c.hi, c.span); math.Abs(lo-c.wantLo) > 1e-9 || hi != c.wantHi {
			t.Errorf("%g to %g, at least %g: %g to %g, want %g to %g", c.lo, c.hi, c.span, lo, hi, c.wantLo, c.wantHi)
		}
	}
	svg := Lines{Series: []Series{{X: []float64{0, 1}, Y: []float64{95.40, 95.46}}}, Span: 5}.SVG()
	says(t, svg, "90", "96")
}

// TestPublished checks that what the book has looks different from what was measured.
func TestPublished(t *testing.T) {
	svg := string(Lines{Series: []Series{{Name: "ours", X: []float64{0, 1}, Y: []float64{1, 2}}, {Name: "published", X: []float64{0, 1}, Y: []float64{1, 3}, Published: true}}}.SVG())
	for what, want := range map[string]int{"line l0\"": 2, "line l1 dashed": 2, "l1 hollow": 2, "\"f0\"": 2} {
		if n := strings.Count(svg, what); n != want {
			t.Errorf("%d times %s, want %d", n, what, want)
		}
	}
}

func TestDecades(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   []float64
	}{
		{[]float64{0.003, 0.2, 0, -1, math.NaN()}, []float64{0.001, 0.01, 0.1, 1}},
		{[]float64{3, 40}, []float64{1, 2, 5, 10, 20, 50, 100}},
		{[]float64{1, 1}, []float64{1, 2, 5, 10}},
		{[]float64{1e-10, 1e10}, []float64{1e-10, 1e-5, 1, 1e5, 1e10}},
		{nil, []float64{1, 2, 5, 10}},
	} {
		ax := decades(300, 0, c.values)
		if !slices.EqualFunc(ax.ticks, c.want, func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*b }) {
			t.Errorf("%v: ticks %v, want %v", c.values, ax.ticks, c.want)
		}
	}
	if ax := decades(300, 0, []float64{0.01, 100}); math.Abs(ax.at(1)-150) > 1e-9 {
		t.Errorf("1 of 0.01 to 100 is at %g", ax.at(1))
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
			texts(t, Lines{Series: []Series{{X: x, Y: v}, {X: v, Y: x, Published: true}}, LogX: log, LogY: !log, FromZero: log, Span: 5, Format: "%.2f", Narrow: log, Notes: []Note{{1, nan, "x"}}}.SVG())
		}
		texts(t, Lines{Series: []Series{{X: x, Y: v}, {X: v, Y: x}}, LogX: true, LogY: true, Format: "%g"}.SVG())
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
	cells := []Cell{{Image: img, Caption: "5 → 6", Note: "number <7>", Alt: "a \"5\"", Wrong: true, Values: []float64{0.1, 0.9, math.NaN()}, Right: 2}, {Image: img, Caption: odd}, {Image: img}}
	svg := Grid{Title: "Misread", Note: "ten of them", Alt: "what is seen", Cols: 2, Size: 56, Cells: cells}.SVG()
	says(t, svg, "Misread", "ten of them", "5 → 6", "number <7>", "0", "1", "2")
	for what, want := range map[string]int{"<image ": 3, `class="heat"`: 1, `class="dim"`: 1, `class="frame"`: 1, `class="tick"`: 1, `aria-label="what is seen"`: 1} {
		if n := strings.Count(string(svg), what); n != want {
			t.Errorf("%d times %s, want %d", n, what, want)
		}
	}
	one := cells[0].SVG(56)
	// The frame is around row 2, though the longest bar is in row 1.
	if frame := regexp.MustCompile(`y="([^"]*)"[^>]*class="frame"`).FindStringSubmatch(string(one)); frame[1] != num(2*barsRow+1) {
		t.Errorf("the frame is at %s", frame[1])
	}
	says(t, one, "5 → 6", "number <7>", "0")
	if strings.Contains(string(one), "<style") || !strings.Contains(string(one), `aria-label="a &#34;5&#34;"`) {
		t.Errorf("a cell by itself: %s", one)
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
	if inline := Inline(svg); bytes.Contains(inline, []byte("<style")) || len(svg)-len(inline) != len(Style) {
		t.Error("Inline leaves the style, or takes more")
	}
}

// TestBarLabels checks that the numbers of bars have 12 pixels and do not overlap.
func TestBarLabels(t *testing.T) {
	cell := Cell{Image: Grey(make([]byte, 4), 2), Values: make([]float64, 10)}
	var ys []float64
	for _, m := range regexp.MustCompile(`<text x="[^"]*" y="([^"]*)" class="small`).FindAllStringSubmatch(string(cell.SVG(88)), -1) {
		y, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		ys = append(ys, y)
	}
	if len(ys) != 10 || !strings.Contains(Style, ".small{font-size:12px}") {
		t.Fatalf("%d labels", len(ys))
	}
	for i := range ys[1:] {
		if ys[i+1]-ys[i] < 12 {
			t.Errorf("labels at %v", ys)
		}
	}
}

// TestContrast checks that text has a contrast of 4.5 to every background that it is on.
func TestContrast(t *testing.T) {
	light, dark, _ := strings.Cut(Style, "@media")
	if rules := regexp.MustCompile(`(\.nndl [.a-z0-9]+\{[a-z0-9:#; -]+\}\s*)+`).FindAllString(Style, -1); len(rules) != 2 {
		t.Errorf("%d pieces of style, want the light and the dark rules: %q", len(rules), rules)
	}
	fill := func(css, class string) (rgb [3]float64) {
		m := regexp.MustCompile(`\.nndl ` + regexp.QuoteMeta(class) + `\{fill:#([0-9a-f]+)`).FindStringSubmatch(css)
		if m == nil {
			t.Fatalf("no %s", class)
		}
		digits := m[1]
		if len(digits) == 3 {
			digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
		}
		for i := range rgb {
			v, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			rgb[i] = float64(v) / 255
		}
		return rgb
	}
	mix := func(over, under [3]float64, alpha float64) (rgb [3]float64) {
		for i := range rgb {
			rgb[i] = alpha*over[i] + (1-alpha)*under[i]
		}
		return rgb
	}
	luminance := func(rgb [3]float64) (sum float64) {
		for i, v := range rgb {
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += []float64{0.2126, 0.7152, 0.0722}[i] * v
		}
		return sum
	}
	for name, css := range map[string]string{"light": light, "dark": dark} {
		bg, cell, text := fill(css, ".bg"), fill(css, ".cell"), fill(css, "text")
		for _, c := range []struct {
			what        string
			front, back [3]float64
		}{
			{"text", text, bg}, {"soft text", fill(css, ".soft"), bg}, {"bad text", fill(css, ".bad"), bg},
			{"a mistake", text, mix(fill(css, ".heat"), cell, strongest)}, {"a right answer", text, mix(fill(css, ".dim"), cell, onDiagonal)},
		} {
			a, b := luminance(c.front)+0.05, luminance(c.back)+0.05
			if ratio := max(a, b) / min(a, b); ratio < 4.5 {
				t.Errorf("%s, %s: contrast %.2f", name, c.what, ratio)
			}
		}
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
	none, blue, orange, pale := w.NRGBAAt(0, 0), w.NRGBAAt(1, 0), w.NRGBAAt(2, 0), w.NRGBAAt(0, 1)
	if none.A != 0 || blue != Below || orange != Above || pale.R != Above.R || pale.A < 100 || pale.A > 200 {
		t.Errorf("0 %v, −2 %v, 2 %v, 1 %v", none, blue, orange, pale)
	}
	if w.NRGBAAt(1, 1) != (color.NRGBA{128, 128, 128, 255}) || w.NRGBAAt(2, 1) != orange {
		t.Errorf("NaN %v, +Inf %v", w.NRGBAAt(1, 1), w.NRGBAAt(2, 1))
	}
	if Weights(make([]float64, 4), 2, 0).NRGBAAt(0, 0).A != 0 {
		t.Error("weights that are all 0 are seen")
	}
	if Weights([]float64{1, 1}, 2, 10).NRGBAAt(0, 0) == orange {
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
