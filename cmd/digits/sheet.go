package main

import (
	"image"
	"math"

	"nndl/cmd/internal/chart"
	"nndl/mnist"
)

// The sheet's dimensions, in its own pixels.
const (
	zoom   = 2 // pixels of the sheet for one of a picture
	gutter = 4 // between pictures
)

// ground is the grey between the images.
const ground = 72

// sheet draws the picked digits on one picture, as nearly square as possible.
func sheet(s source, picked []int) image.Image {
	cols := int(math.Ceil(math.Sqrt(float64(len(picked)))))
	rows := (len(picked) + cols - 1) / cols
	first := chart.Grey(mnist.Pixels(s.data[picked[0]]), s.cols).Bounds()
	width, height := zoom*first.Dx()+gutter, zoom*first.Dy()+gutter
	img := image.NewGray(image.Rect(0, 0, cols*width+gutter, rows*height+gutter))
	for i := range img.Pix {
		img.Pix[i] = ground
	}
	for k, i := range picked {
		corner := image.Pt(gutter+k%cols*width, gutter+k/cols*height)
		picture := chart.Grey(mnist.Pixels(s.data[i]), s.cols)
		for y := range zoom * first.Dy() {
			for x := range zoom * first.Dx() {
				img.SetGray(corner.X+x, corner.Y+y, picture.GrayAt(x/zoom, y/zoom))
			}
		}
	}
	return img
}
