package chart

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// Grey returns pixels, 0 black to 255 white, as a picture of cols columns.
func Grey(pixels []byte, cols int) *image.Gray {
	return &image.Gray{Pix: pixels, Stride: cols, Rect: frame("Grey", len(pixels), cols)}
}

// Weights returns values, row after row, as a picture of cols columns for a background of
// any brightness. 0 is transparent, values below 0 are blue and values above 0 orange, in
// full colour at ±limit and beyond. A limit of 0 means the largest |value|. A NaN is grey.
func Weights(values []float64, cols int, limit float64) *image.NRGBA {
	img := image.NewNRGBA(frame("Weights", len(values), cols))
	if limit == 0 {
		lo, hi := bounds(values, []float64{0})
		limit = max(-lo, hi)
	}
	for i, v := range values {
		img.SetNRGBA(i%cols, i/cols, diverging(v/max(limit, math.SmallestNonzeroFloat64)))
	}
	return img
}

// frame returns the bounds of a picture of n pixels in rows of cols.
func frame(op string, n, cols int) image.Rectangle {
	if cols < 1 || n%cols != 0 {
		panic(fmt.Sprintf("chart: %s: %d pixels in rows of %d", op, n, cols))
	}
	return image.Rect(0, 0, cols, n/cols)
}

// The colours of weights at ±limit. They are of middle brightness, to be visible on black
// and on white.
var (
	Above = color.NRGBA{214, 84, 16, 255}
	Below = color.NRGBA{36, 112, 216, 255}
)

// diverging returns the colour for v in −1..1, less opaque nearer to 0.
func diverging(v float64) color.NRGBA {
	if math.IsNaN(v) {
		return color.NRGBA{128, 128, 128, 255}
	}
	c := Above
	if v < 0 {
		c = Below
	}
	c.A = uint8(math.Round(255 * min(math.Abs(v), 1)))
	return c
}

// DataURI returns the picture as an address that contains it, for an img element or an
// SVG.
func DataURI(img image.Image) string {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		panic(fmt.Sprintf("chart: DataURI: %v: %v", img.Bounds(), err)) // an empty picture
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}
