package photo

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nndl/cmd/internal/digits"
	"nndl/mnist"
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

func picture(t *testing.T, filename string) []byte {
	t.Helper()
	d, err := Read(filename)
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(filename), err)
	}
	return d.Pixels
}

// difference returns the mean difference of two pictures, in bytes.
func difference(x, y []byte) float64 {
	sum := 0.0
	for i := range x {
		sum += math.Abs(float64(x[i])-float64(y[i])) / float64(len(x))
	}
	return sum
}

// TestNormalised holds that a digit comes out the same however it was drawn: in
// ink or chalk, on glass, on grey paper, by a camera, in any size and place.
func TestNormalised(t *testing.T) {
	want := picture(t, write(t, "ink.png", seven(300, 400, func(x, y int, ink float64) color.Color { return level(1 - ink) })))
	rng := rand.New(rand.NewPCG(1, 0))
	for _, c := range []struct {
		name          string
		width, height int
		most          float64 // the mean difference allowed
		pixel         func(x, y int, ink float64) color.Color
	}{
		{"chalk.png", 300, 400, 0, func(x, y int, ink float64) color.Color { return level(ink) }},
		{"glass-black.png", 300, 400, 0, func(x, y int, ink float64) color.Color {
			return color.NRGBA{0, 0, 0, uint8(255 * ink)}
		}},
		{"glass-white.png", 300, 400, 0, func(x, y int, ink float64) color.Color {
			return color.NRGBA{255, 255, 255, uint8(255 * ink)}
		}},
		{"blue-on-yellow.png", 300, 400, 0, func(x, y int, ink float64) color.Color {
			if ink > 0 {
				return color.NRGBA{20, 20, 200, 255}
			}
			return color.NRGBA{250, 240, 150, 255}
		}},
		{"pencil.png", 300, 400, 0.5, func(x, y int, ink float64) color.Color { return level(0.8 - 0.4*ink) }},
		{"large.png", 900, 1200, 2, func(x, y int, ink float64) color.Color { return level(1 - ink) }},
		{"photo.png", 300, 400, 2, func(x, y int, ink float64) color.Color {
			return level(0.85 - 0.6*ink - 0.1*float64(y)/400 + 0.02*rng.Float64())
		}},
		{"photo.jpeg", 300, 400, 2, func(x, y int, ink float64) color.Color { return level(1 - ink) }},
	} {
		got := picture(t, write(t, c.name, seven(c.width, c.height, c.pixel)))
		if d := difference(got, want); d > c.most {
			t.Errorf("%s: differs by %.2f a pixel, want at most %g", c.name, d, c.most)
		}
	}
}

// TestNormalisedMNIST holds real digits, enlarged and put in a corner of a sheet
// of paper, against themselves.
func TestNormalisedMNIST(t *testing.T) {
	data, err := digits.Open("")
	if err != nil {
		t.Fatal(err)
	}
	if data.Dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	test := data.Test
	const count, times = 100, 9
	sum := 0.0
	for i, e := range test[:count] {
		pixels := make([]byte, mnist.Side*mnist.Side)
		im := image.NewGray(image.Rect(0, 0, 400, 300))
		for j := range im.Pix {
			im.Pix[j] = 255
		}
		for j, x := range e.X().Data {
			pixels[j] = byte(x * 256)
			for k := range times * times {
				im.Set(100+j%mnist.Side*times+k%times, 20+j/mnist.Side*times+k/times, color.Gray{255 - pixels[j]})
			}
		}
		d := difference(picture(t, write(t, "digit.png", im)), pixels)
		sum += d / count
		if d > 20 {
			t.Errorf("test digit %d comes back changed by %.1f a pixel", i, d)
		}
	}
	t.Logf("the mean difference is %.2f of 255", sum)
	if sum > 3 {
		t.Errorf("the digits come back changed by %.2f a pixel, want at most 3", sum)
	}
}

// TestPictureErrors holds that no file, however broken, is more than an error that
// names it.
func TestPictureErrors(t *testing.T) {
	whole, err := os.ReadFile(write(t, "ink.png", seven(60, 80, func(x, y int, ink float64) color.Color { return level(1 - ink) })))
	if err != nil {
		t.Fatal(err)
	}
	huge := append([]byte(nil), whole...)
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	blank, err := os.ReadFile(write(t, "blank.png", image.NewGray(image.Rect(0, 0, 9, 9))))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty.png":     {nil, "not a PNG, JPEG or GIF picture"},
		"text.png":      {[]byte("a seven"), "not a PNG, JPEG or GIF picture"},
		"cut.png":       {whole[:len(whole)/2], "broken"},
		"huge.png":      {huge, "60000×60000 pixels"},
		"blank.png":     {blank, "blank"},
		"flipped.png":   {flipped(whole, 70), "broken"},
		"cut-early.png": {whole[:20], "cut short"},
	} {
		filename := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(filename, c.data, 0o666); err != nil {
			t.Fatal(err)
		}
		_, err := Read(filename)
		if err == nil || !strings.HasPrefix(err.Error(), filename+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.png")); err == nil || strings.Count(err.Error(), "none.png") != 1 {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := Read(t.TempDir()); err == nil {
		t.Error("a folder is no error")
	}
}

// flipped returns data with one byte changed.
func flipped(data []byte, i int) []byte {
	data = append([]byte(nil), data...)
	data[i] ^= 0x55
	return data
}

// TestTight holds that a digit that was cut out closely, its ink at the edges, is
// not taken for the background.
func TestTight(t *testing.T) {
	for _, name := range []string{"ink", "chalk"} {
		im := seven(300, 400, func(x, y int, ink float64) color.Color {
			if name == "chalk" {
				ink = 1 - ink
			}
			return level(1 - ink)
		}).(*image.NRGBA)
		want := picture(t, write(t, name+".png", im))
		got := picture(t, write(t, name+"-tight.png", im.SubImage(image.Rect(60, 88, 196, 320))))
		if d := difference(got, want); d > 3 {
			t.Errorf("%s: differs by %.2f a pixel, want at most 3", name, d)
		}
	}
}

// TestSmallest holds that one pixel of ink is a picture.
func TestSmallest(t *testing.T) {
	im := image.NewGray(image.Rect(0, 0, 3, 3))
	im.Set(1, 1, color.White)
	if pixels := picture(t, write(t, "dot.png", im)); pixels[14*mnist.Side+14] != 255 {
		t.Error("a dot is not in the middle")
	}
}
