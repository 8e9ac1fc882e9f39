package photo

import (
	"bytes"
	"encoding/binary"

	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/mnist"
)

// TestOrientation stores a picture in all eight ways, and each must come back the same.
func TestOrientation(t *testing.T) {
	digit := mnist.Digits(1, 5)[0]
	s := newScene(rand.New(rand.NewPCG(1, 0)), 300, 200)
	s.write(digit, s.pen())
	want, err := Decode(s.png())
	if err != nil {
		t.Fatal(err)
	}
	for o := 1; o <= 8; o++ {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			for name, data := range map[string][]byte{"PNG": s.turned(o).png(), "JPEG": s.turned(o).jpeg(100)} {
				got, err := Decode(tagged(data, exif(order, o)))
				if err != nil {
					t.Fatalf("%d, %s, %s: %v", o, order, name, err)
				}
				if d := difference(got.Pixels, want.Pixels); d > 3 || got.Rows != 200 || got.Cols != 300 {
					t.Errorf("%d, %s, %s: %d×%d, differs by %.1f a pixel", o, order, name, got.Cols, got.Rows, d)
				}
				if said := strings.Contains(got.String(), "turned upright by its EXIF tag"); said != (o > 1) {
					t.Errorf("%d: %s", o, got)
				}
			}
		}
	}
}

// TestUpright writes down all eight orientations of a small matrix.
func TestUpright(t *testing.T) {
	x := matrix.FromSlice(2, 3, []float64{1, 2, 3, 4, 5, 6})
	for i, want := range []*matrix.Matrix{
		matrix.FromSlice(2, 3, []float64{1, 2, 3, 4, 5, 6}),
		matrix.FromSlice(2, 3, []float64{3, 2, 1, 6, 5, 4}),
		matrix.FromSlice(2, 3, []float64{6, 5, 4, 3, 2, 1}),
		matrix.FromSlice(2, 3, []float64{4, 5, 6, 1, 2, 3}),
		matrix.FromSlice(3, 2, []float64{1, 4, 2, 5, 3, 6}),
		matrix.FromSlice(3, 2, []float64{4, 1, 5, 2, 6, 3}),
		matrix.FromSlice(3, 2, []float64{6, 3, 5, 2, 4, 1}),
		matrix.FromSlice(3, 2, []float64{3, 6, 2, 5, 1, 4}),
	} {
		if got := upright(x, i+1); got.Rows != want.Rows || !slices.Equal(got.Data, want.Data) {
			t.Errorf("orientation %d: %v, want %v", i+1, got, want)
		}
	}
}

// TestBrokenEXIF changes bytes of a picture with EXIF data: nothing may panic, and a tag
// that can't be right counts for nothing.
func TestBrokenEXIF(t *testing.T) {
	s := newScene(rand.New(rand.NewPCG(1, 0)), 20, 30)
	s.frame(0.3, 3, 1)
	for _, whole := range [][]byte{tagged(s.png(), exif(binary.BigEndian, 6)), tagged(s.jpeg(80), exif(binary.LittleEndian, 8))} {
		if o := orientation(whole); o != 6 && o != 8 {
			t.Fatalf("orientation %d", o)
		}
		for i := range min(len(whole), 300) {
			for _, v := range []byte{0, 1, 0x7f, 0xff, whole[i] ^ 1} {
				data := append([]byte(nil), whole...)
				data[i] = v
				if o := orientation(data); o < 1 || o > 8 {
					t.Fatalf("byte %d as %d: orientation %d", i, v, o)
				}
				scans(data)
			}
			orientation(whole[:i])
			scans(whole[:i])
		}
	}
	for _, o := range []int{0, 9, 65535} {
		if got := orientation(tagged(s.png(), exif(binary.BigEndian, o))); got != 1 {
			t.Errorf("orientation %d is read as %d", o, got)
		}
	}
}

// TestScans counts the scans of a JPEG before it is decoded. The many here are empty ones
// in front of the real one; a thumbnail in the EXIF data has scans of its own.
func TestScans(t *testing.T) {
	s := newScene(rand.New(rand.NewPCG(1, 0)), 64, 64)
	s.frame(0.3, 9, 1)
	data := s.jpeg(80)
	if n := scans(data); n != 1 {
		t.Errorf("%d scans, want 1", n)
	}
	if n := scans(tagged(data, data)); n != 1 {
		t.Errorf("with a thumbnail %d scans, want 1", n)
	}
	at := bytes.Index(data, []byte("\xff\xda"))
	length := 2 + int(data[at+3])
	many := slices.Concat(data[:at], bytes.Repeat(data[at:at+length], 4000), data[at:])
	if n := scans(many); n != 4001 {
		t.Errorf("%d scans, want 4001", n)
	}
	if _, err := Decode(many); err == nil || !strings.Contains(err.Error(), "4001 scans") {
		t.Errorf("4001 scans: %v", err)
	}
}

// TestRefused shows pictures in which there is no digit, or more than one.
func TestRefused(t *testing.T) {
	digits := mnist.Digits(3, 6)
	for name, c := range map[string]struct {
		width, height int
		draw          func(s *scene)
		want          string
	}{
		"white":        {400, 300, func(s *scene) {}, "blank"},
		"grey":         {30, 30, func(s *scene) { s.light(0.5, 0) }, "blank"},
		"a slope":      {400, 300, func(s *scene) { s.light(0.9, 0.5) }, "blank"},
		"a vignette":   {400, 300, func(s *scene) { s.vignette(0.6) }, ""},
		"faint noise":  {700, 500, func(s *scene) { s.light(0.8, 0.1); s.noise(0.02) }, "blank"},
		"strong noise": {700, 500, func(s *scene) { s.light(0.5, 0); s.noise(0.3) }, "digit"},
		"small noise":  {28, 28, func(s *scene) { s.light(0.5, 0); s.noise(0.3) }, ""},
		"ruled":        {400, 300, func(s *scene) { s.lines(0.1, 0.005, 0.6, 0.01) }, "blank"},
		"two": {600, 300, func(s *scene) {
			s.write(digits[0], pen{dark: 0.9, size: 0.6, x: 0.25, y: 0.5})
			s.write(digits[1], pen{dark: 0.9, size: 0.6, x: 0.7, y: 0.5})
		}, "two separate shapes: crop the picture to one digit"},
		"three": {900, 300, func(s *scene) {
			for i, e := range digits {
				s.write(e, pen{dark: 0.8, size: 0.5, x: 0.2 + 0.3*float64(i), y: 0.5})
			}
		}, "three separate shapes"},
	} {
		s := newScene(rand.New(rand.NewPCG(3, 0)), c.width, c.height)
		c.draw(s)
		d, err := Decode(s.png())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, %v, want an error with %q", name, d, err, c.want)
		}
	}
}

// TestNotes checks that what was left out is said.
func TestNotes(t *testing.T) {
	for note, draw := range map[string]func(s *scene){
		"dark ink on light":         func(s *scene) {},
		"light ink on dark":         func(s *scene) { s.each(func(_, _, light float64) float64 { return 1 - light }) },
		"lines removed":             func(s *scene) { s.lines(0.2, 0.008, 0.6, 0.01) },
		"specks left out":           func(s *scene) { s.dust(20, 0.01, 1) },
		"around the sheet left out": func(s *scene) { s.desk(0.2, 0.15, 0.1) },
		"thick lines thinned":       func(s *scene) { s.write(mnist.Digits(1, 6)[0], pen{width: 4, dark: 0.9, size: 0.5, x: 0.5, y: 0.5}) },
	} {
		s := newScene(rand.New(rand.NewPCG(1, 0)), 500, 400)
		s.write(mnist.Digits(1, 6)[0], pen{dark: 0.9, size: 0.5, x: 0.5, y: 0.5})
		draw(s)
		d, err := Decode(s.png())
		if err != nil || !strings.Contains(d.String(), note) {
			t.Errorf("%v, %v, want %q", d, err, note)
		}
	}
}

// TestOtherFiles gives what people give by mistake; the error says what it is.
func TestOtherFiles(t *testing.T) {
	for content, want := range map[string]string{
		"\x00\x00\x00\x18ftypheic\x00\x00": "this is a HEIC photo, not a PNG, JPEG or GIF picture: save it as PNG or JPEG first",
		"<html><body>Not found":            "this is a web page (HTML), not a PNG, JPEG or GIF picture",
		"":                                 "this is an empty file, not a PNG",
		"RIFF\x10\x00\x00\x00WEBPVP8 ":     "this is a WebP picture, not",
		`{"sizes": [784, 30, 10]`:          "this is a saved network, not",
	} {
		if _, err := Decode([]byte(content)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
	}
	file := filepath.Join(t.TempDir(), "a\nfile.png")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Skip(err)
	}
	if _, err := Read(file); err == nil {
		t.Error("an empty file is no error")
	}
}

// TestSizes reads a digit from 8×8 pixels on, and cut out of a larger picture.
func TestSizes(t *testing.T) {
	big := newScene(rand.New(rand.NewPCG(1, 0)), 800, 800)
	big.write(mnist.Digits(1, 6)[0], pen{dark: 0.9, size: 0.7, x: 0.5, y: 0.5})
	want, err := Decode(big.png())
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []int{8, 9, 12, 20, 28, 50, 100, 399, 400, 401, 799} {
		d, err := Decode((&scene{resize(big.Matrix, side), big.rng}).png())
		if err != nil {
			t.Errorf("%d×%d: %v", side, side, err)
		} else if apart := difference(d.Pixels, want.Pixels); apart > 25+300/float64(side) {
			t.Errorf("%d×%d: differs by %.1f a pixel", side, side, apart)
		}
	}
}
