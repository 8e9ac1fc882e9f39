package main

import (
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// seven draws a 7 with a broad pen, not in the middle of its picture: ink is how
// dark each point is, 0 to 1, wherever it is not background.
func seven(width, height int, pixel func(x, y int, ink float64) color.Color) image.Image {
	im := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			u, v := float64(x)/float64(width), float64(y)/float64(height)
			top := math.Abs(v-0.25) < 0.03 && u > 0.2 && u < 0.62
			leg := math.Abs(u-(0.62-0.4*(v-0.25))) < 0.03 && v > 0.25 && v < 0.8
			ink := 0.0
			if top || leg {
				ink = 1
			}
			im.Set(x, y, pixel(x, y, ink))
		}
	}
	return im
}

// level returns a grey.
func level(v float64) color.Color { return color.Gray{Y: uint8(math.Round(255 * v))} }

// write writes im as the format that the name says and returns the file.
func write(t *testing.T, name string, im image.Image) string {
	t.Helper()
	filename := filepath.Join(t.TempDir(), name)
	f, err := os.Create(filename)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if strings.HasSuffix(name, ".png") {
		err = png.Encode(f, im)
	} else {
		err = jpeg.Encode(f, im, &jpeg.Options{Quality: 80})
	}
	if err != nil {
		t.Fatal(err)
	}
	return filename
}

// TestReadPicture checks that the picture's origin says how it was understood, and that
// an error names the file.
func TestReadPicture(t *testing.T) {
	file := write(t, "seven.jpeg", seven(300, 400, func(x, y int, ink float64) color.Color { return level(1 - ink) }))
	d, err := readPicture(file, 7)
	if err != nil {
		t.Fatal(err)
	}
	if want := clip(file, 40) + ", 300×400, dark ink on light"; !strings.HasPrefix(d.origin, want) || !strings.HasSuffix(d.origin, ", a 7") {
		t.Errorf("origin %q, want %q first and the label last", d.origin, want)
	}
	if d.label != 7 || d.cols != 28 || len(d.pixels) != 784 {
		t.Errorf("label %d, %d pixels in rows of %d", d.label, len(d.pixels), d.cols)
	}
	blank := write(t, "blank.png", image.NewGray(image.Rect(0, 0, 9, 9)))
	if _, err := readPicture(blank, 7); err == nil || !strings.HasPrefix(err.Error(), blank+": ") {
		t.Errorf("a blank picture: %v", err)
	}
}
