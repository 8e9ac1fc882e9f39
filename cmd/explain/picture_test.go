package main

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// write writes im as a PNG and returns the file.
func write(t *testing.T, name string, im image.Image) string {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, im); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// stroke draws an upright stroke on white paper.
func stroke(width, height int) image.Image {
	im := image.NewGray(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			if im.SetGray(x, y, color.Gray{Y: 255}); y > height/4 && y < height*3/4 && x > width*4/9 && x < width*5/9 {
				im.SetGray(x, y, color.Gray{})
			}
		}
	}
	return im
}

// TestReadPicture checks that the picture's origin says how it was understood, and that
// an error names the file.
func TestReadPicture(t *testing.T) {
	file := write(t, "one.png", stroke(300, 400))
	d, err := readPicture(file, 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := clip(file, 40) + ", 300×400, dark ink on light"; !strings.HasPrefix(d.origin, want) || !strings.HasSuffix(d.origin, ", a 1") {
		t.Errorf("origin %q, want %q first and the label last", d.origin, want)
	}
	if d.label != 1 || d.cols != 28 || len(d.pixels) != 784 {
		t.Errorf("label %d, %d pixels in rows of %d", d.label, len(d.pixels), d.cols)
	}
	blank := write(t, "blank.png", image.NewGray(image.Rect(0, 0, 9, 9)))
	if _, err := readPicture(blank, 1); err == nil || !strings.HasPrefix(err.Error(), blank+": ") {
		t.Errorf("a blank picture: %v", err)
	}
}
