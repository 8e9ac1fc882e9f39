//go:build unix

package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nndl/cmd/internal/browser"
)

var shots = flag.String("shots", "", "write screenshots of the page into this `folder`")

// TestScreenshots writes pictures of every view, for someone to look at: wide and narrow,
// light and dark, in both languages; and of a drawn 3, going forward and its error back.
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("writes pictures: go test ./cmd/play -run TestScreenshots -shots FOLDER")
	}
	s := newSite(t)
	for _, view := range views {
		for _, width := range []int{1280, 360} {
			for _, scheme := range []string{"light", "dark"} {
				lang := map[string]string{"light": "en", "dark": "hi"}[scheme]
				p := s.openFull(t, view, lang, width)
				p.Prefer("prefers-color-scheme", scheme)
				if view == "depth" {
					p.Click("#depth-start") // and the whole of it
					p.Wait(`document.querySelector("#depth-stop").disabled`)
				}
				p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d-%s.png", view, width, scheme)), "")
			}
		}
	}
}

// TestThree writes pictures of a drawn 3 and its passes step by step, and the README's.
func TestThree(t *testing.T) {
	if *shots == "" {
		t.Skip("writes pictures: go test ./cmd/play -run TestThree -shots FOLDER")
	}
	s := newSite(t)
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	p.Wait(`!document.querySelector("#it-was-5").disabled`)
	p.Screenshot(filepath.Join(*shots, "three-0.png"), "")
	p.Click("#it-was-5")
	for step := 1; step <= 5; step++ {
		p.Wait(fmt.Sprintf(`document.documentElement.dataset.step === "%d"`, step))
		if step == 5 {
			p.Wait(`document.querySelector("#agree")`)
		}
		p.Screenshot(filepath.Join(*shots, fmt.Sprintf("three-%d.png", step)), "")
		if step < 5 {
			p.Click("#next")
		}
	}
	p.Resize(960, 900)
	writePicture(t, p, filepath.Join(*shots, "play.png"))
}

// writePicture writes the picture of the README, docs/play.png: the drawing and both passes,
// two thirds as large and in few colours, so that the file is small.
func writePicture(t *testing.T, p *browser.Page, file string) {
	t.Helper()
	top, bottom := p.Number(`document.querySelector("#draw").getBoundingClientRect().top + scrollY`), p.Number(`document.querySelector("#score").getBoundingClientRect().bottom + scrollY`)
	var picture struct{ Data []byte }
	p.Call("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true,
		"clip": map[string]any{"x": 0, "y": top - 20, "width": 960, "height": bottom - top + 8, "scale": 2.0 / 3}}, &picture)
	full, err := png.Decode(bytes.NewReader(picture.Data))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewPaletted(full.Bounds(), commonest(full, 200))
	draw.Draw(small, small.Bounds(), full, full.Bounds().Min, draw.Src)
	var out bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

// commonest returns the n colours that a picture has most of, without those that are nearly
// the same.
func commonest(m image.Image, n int) (palette color.Palette) {
	count := map[color.RGBA]int{}
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			count[color.RGBAModel.Convert(m.At(x, y)).(color.RGBA)]++
		}
	}
	colours := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	apart := func(a, b uint8) int { return max(int(a), int(b)) - min(int(a), int(b)) }
	for _, c := range colours {
		near := func(other color.Color) bool {
			o := other.(color.RGBA)
			return max(apart(c.R, o.R), apart(c.G, o.G), apart(c.B, o.B)) < 12
		}
		if len(palette) < 4 || len(palette) < n && !slices.ContainsFunc(palette, near) {
			palette = append(palette, c)
		}
	}
	return palette
}
