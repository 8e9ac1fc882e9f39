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

// Weights returns values, row after row, as a picture of cols columns: white is 0,
// the stronger the blue the further below and the stronger the red the further
// above it. The full colours stand for ±limit and all that is beyond it; a limit
// of 0 takes the largest |value|. A NaN is black.
func Weights(values []float64, cols int, limit float64) *image.RGBA {
	img := image.NewRGBA(frame("Weights", len(values), cols))
	if limit == 0 {
		lo, hi := bounds(values, []float64{0})
		limit = max(-lo, hi)
	}
	for i, v := range values {
		img.SetRGBA(i%cols, i/cols, diverging(v/max(limit, math.SmallestNonzeroFloat64)))
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

// diverging returns the colour for v in −1..1: blue, white, red.
func diverging(v float64) color.RGBA {
	if math.IsNaN(v) {
		return color.RGBA{A: 255}
	}
	end := [3]float64{178, 24, 43}
	if v < 0 {
		end = [3]float64{33, 90, 172}
	}
	v = min(math.Abs(v), 1)
	// The full colour is dark. On the way to it stands a bright one, so that
	// small weights show as well.
	mid := [3]float64{244, 140, 110}
	if end[2] > end[0] {
		mid = [3]float64{120, 170, 225}
	}
	from, to, t := [3]float64{255, 255, 255}, mid, 2*v
	if v > 0.5 {
		from, to, t = mid, end, 2*v-1
	}
	part := func(i int) uint8 { return uint8(math.Round(from[i] + t*(to[i]-from[i]))) }
	return color.RGBA{part(0), part(1), part(2), 255}
}

// DataURI returns the picture as an address that holds it whole, for an img
// element or an SVG.
func DataURI(img image.Image) string {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		panic(fmt.Sprintf("chart: DataURI: %v: %v", img.Bounds(), err)) // an empty picture
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
}
