// Package chart draws what the programs measure as self-contained SVG: lines, bars,
// confusion matrices and grids of pictures. A drawing has its own background and colours,
// light or dark as the reader's screen is set, and contains its pictures. Whatever the
// numbers are, NaN included, the result is well-formed XML. A page with several drawings
// can have their style once, [Style], and the drawings without it, [Inline].
package chart

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"unicode"
)

// Style is the style element of every drawing. All text has a contrast of at least 4.5 to
// its background.
const Style = `<style>
.nndl{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-size:13px}
.nndl .bg{fill:#fff}.nndl text{fill:#24292f}.nndl .title{font-size:16px;font-weight:600}
.nndl .soft{fill:#57606a}.nndl .small{font-size:12px}.nndl .strong{font-weight:600}.nndl .bad{fill:#b93a00}
.nndl .halo{paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.nndl .grid{stroke:#e3e6ea}.nndl .axis{stroke:#8c959f}.nndl .mark{stroke:#57606a;stroke-dasharray:5 4}
.nndl .cell{fill:#f3f4f6}.nndl .frame{fill:none;stroke:#57606a}.nndl .tick{fill:none;stroke:#24292f;stroke-width:2}
.nndl .dashed{stroke-dasharray:7 5}.nndl .hollow{fill:#fff;stroke-width:2}
.nndl .heat{fill:#e8590c}.nndl .right{fill:#2f9e6e}.nndl .dim{fill:#b9c0c8}
.nndl .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.nndl .l0{stroke:#1f6feb}.nndl .f0{fill:#1f6feb}.nndl .l1{stroke:#d9480f}.nndl .f1{fill:#d9480f}
.nndl .l2{stroke:#12866a}.nndl .f2{fill:#12866a}.nndl .l3{stroke:#8a4bd0}.nndl .f3{fill:#8a4bd0}
.nndl .l4{stroke:#a66f00}.nndl .f4{fill:#a66f00}.nndl .l5{stroke:#c2347f}.nndl .f5{fill:#c2347f}
.nndl .l6{stroke:#0a7ea4}.nndl .f6{fill:#0a7ea4}.nndl .l7{stroke:#5f6b76}.nndl .f7{fill:#5f6b76}
@media (prefers-color-scheme:dark){
.nndl .bg{fill:#15181d}.nndl .halo{stroke:#15181d}.nndl text{fill:#e6e9ed}.nndl .soft{fill:#9aa4af}.nndl .bad{fill:#ff9a5c}
.nndl .grid{stroke:#2c323a}.nndl .axis{stroke:#6e7681}.nndl .mark{stroke:#9aa4af}
.nndl .cell{fill:#20252c}.nndl .frame{stroke:#9aa4af}.nndl .tick{stroke:#e6e9ed}.nndl .hollow{fill:#15181d}
.nndl .heat{fill:#f0701e}.nndl .right{fill:#3fbf87}.nndl .dim{fill:#59626d}
.nndl .l0{stroke:#58a6ff}.nndl .f0{fill:#58a6ff}.nndl .l1{stroke:#ff8a4c}.nndl .f1{fill:#ff8a4c}
.nndl .l2{stroke:#3fc79a}.nndl .f2{fill:#3fc79a}.nndl .l3{stroke:#b98cf5}.nndl .f3{fill:#b98cf5}
.nndl .l4{stroke:#e0ac3f}.nndl .f4{fill:#e0ac3f}.nndl .l5{stroke:#f07ab5}.nndl .f5{fill:#f07ab5}
.nndl .l6{stroke:#4fc3e6}.nndl .f6{fill:#4fc3e6}.nndl .l7{stroke:#a5afba}.nndl .f7{fill:#a5afba}
}
</style>
`

// colors is how many colours style has for series: l0, f0, l1, …
const colors = 8

// canvas is a drawing in the making.
type canvas struct{ bytes.Buffer }

// newCanvas begins a drawing of the given size with its title. A screen reader reads alt
// or, if that is "", the title.
func newCanvas(width, height float64, title, alt string) *canvas {
	c := new(canvas)
	c.begin(width, height, cmp.Or(alt, title))
	c.WriteString(Style)
	fmt.Fprintf(c, `<rect class="bg" width="%s" height="%s" rx="8"/>`+"\n", num(width), num(height))
	if title != "" {
		c.text(20, 30, "title", "start", title)
	}
	return c
}

// begin writes the opening tag.
func (c *canvas) begin(width, height float64, alt string) {
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" class="nndl" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" aria-label="%s">`+"\n",
		num(width), num(height), escape(alt))
}

// Inline returns a drawing without its style, for a page that has [Style] once.
func Inline(svg []byte) []byte { return bytes.Replace(svg, []byte(Style), nil, 1) }

// svg ends the drawing and returns it.
func (c *canvas) svg() []byte {
	c.WriteString("</svg>\n")
	return c.Bytes()
}

// text writes s at (x, y); anchor is start, middle or end.
func (c *canvas) text(x, y float64, class, anchor, s string) {
	fmt.Fprintf(c, `<text x="%s" y="%s" class="%s" text-anchor="%s">%s</text>`+"\n", num(x), num(y), class, anchor, escape(s))
}

func (c *canvas) line(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(c, `<line x1="%s" y1="%s" x2="%s" y2="%s" class="%s"/>`+"\n", num(x1), num(y1), num(x2), num(y2), class)
}

// rect fills a rectangle; alpha is how much of the background it hides.
func (c *canvas) rect(x, y, width, height, alpha float64, class string) {
	fmt.Fprintf(c, `<rect x="%s" y="%s" width="%s" height="%s" class="%s"`, num(x), num(y), num(width), num(height), class)
	if alpha < 1 {
		fmt.Fprintf(c, ` fill-opacity="%s"`, num(alpha))
	}
	c.WriteString("/>\n")
}

// picture puts an image inside the drawing, its pixels as squares.
func (c *canvas) picture(x, y, width, height float64, img image.Image) {
	fmt.Fprintf(c, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="%s"/>`+"\n",
		num(x), num(y), num(width), num(height), DataURI(img))
}

// shapes draws a grey image without embedded data: black, and on it the runs of lighter
// pixels, in sixteen shades.
func (c *canvas) shapes(x, y, width, height float64, img image.Image) {
	b := img.Bounds()
	var runs [16]bytes.Buffer
	shade := func(i, j int) int { return (int(color.GrayModel.Convert(img.At(i, j)).(color.Gray).Y) + 8) / 17 }
	for j := b.Min.Y; j < b.Max.Y; j++ {
		for i := b.Min.X; i < b.Max.X; {
			start, s := i, shade(i, j)
			for i < b.Max.X && shade(i, j) == s {
				i++
			}
			fmt.Fprintf(&runs[s], "M%d %dh%dv1h-%[3]dz", start-b.Min.X, j-b.Min.Y, i-start)
		}
	}
	fmt.Fprintf(c, `<g transform="translate(%s %s) scale(%s %s)" shape-rendering="crispEdges" fill="#fff">`, num(x), num(y),
		num(width/float64(b.Dx())), num(height/float64(b.Dy())))
	fmt.Fprintf(c, `<path fill="#000" d="M0 0h%dv%dh-%[1]dz"/>`, b.Dx(), b.Dy())
	for s := 1; s < len(runs); s++ {
		if runs[s].Len() > 0 {
			fmt.Fprintf(c, `<path fill-opacity="%s" d="%s"/>`, num(float64(s)/15), runs[s].String())
		}
	}
	c.WriteString("</g>\n")
}

// num writes a coordinate. NaN and Inf cannot be drawn and become 0.
func num(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

// escape returns s as XML text; what XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
	return b.String()
}

// textWidth returns roughly how wide s is in letters of the given size.
func textWidth(s string, size float64) float64 {
	n := 0.0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < 0x2000:
			n += 0.58
		default:
			n += 0.9
		}
	}
	return n * size
}
