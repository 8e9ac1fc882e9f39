package main

import (
	"image"
	"image/color"
	"math"

	"nndl/cmd/internal/chart"
	"nndl/mnist"
)

// The sheet's measures, in its own pixels.
const (
	zoom   = 2 // pixels of the sheet for one of a picture
	gutter = 4 // between pictures
)

var (
	ground = color.Gray{72}
	letter = color.Gray{210}
)

// sheet draws the picked digits on one picture, as near to a square as it goes,
// each with its label in the corner.
func sheet(s source, picked []int) image.Image {
	cols := int(math.Ceil(math.Sqrt(float64(len(picked)))))
	rows := (len(picked) + cols - 1) / cols
	first := chart.Grey(mnist.Pixels(s.data[picked[0]]), s.cols).Bounds()
	width, height := zoom*first.Dx()+gutter, zoom*first.Dy()+gutter
	img := image.NewGray(image.Rect(0, 0, cols*width+gutter, rows*height+gutter))
	for i := range img.Pix {
		img.Pix[i] = ground.Y
	}
	for k, i := range picked {
		corner := image.Pt(gutter+k%cols*width, gutter+k/cols*height)
		picture := chart.Grey(mnist.Pixels(s.data[i]), s.cols)
		for y := range zoom * first.Dy() {
			for x := range zoom * first.Dx() {
				img.SetGray(corner.X+x, corner.Y+y, picture.GrayAt(x/zoom, y/zoom))
			}
		}
		if first.Dx() >= 16 { // a smaller one would be hidden by it
			label(img, corner.Add(image.Pt(2, 2)), s.data[i].Label())
		}
	}
	return img
}

// font has the digits in three columns of five rows, a bit for each point.
var font = [10][5]byte{
	{7, 5, 5, 5, 7}, {2, 6, 2, 2, 7}, {7, 1, 7, 4, 7}, {7, 1, 7, 1, 7}, {5, 5, 7, 1, 1},
	{7, 4, 7, 1, 7}, {7, 4, 7, 5, 7}, {7, 1, 1, 2, 2}, {7, 5, 7, 5, 7}, {7, 5, 7, 1, 7},
}

// label writes a digit with its upper left corner at p.
func label(img *image.Gray, p image.Point, digit int) {
	for y, bits := range font[digit] {
		for x := range 3 {
			if bits>>(2-x)&1 == 1 {
				for dy := range zoom {
					for dx := range zoom {
						img.SetGray(p.X+zoom*x+dx, p.Y+zoom*y+dy, letter)
					}
				}
			}
		}
	}
}
