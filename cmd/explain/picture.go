package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // image.Decode reads these two formats
	_ "image/png"
	"io"
	"io/fs"
	"math"
	"os"
	"slices"

	"nndl/mnist"
)

// The pictures of MNIST are 28×28. The digit in them was scaled, its proportions
// kept, to fit 20×20, and moved so that its centre of mass is at the centre. A
// network that has learned from such pictures reads others badly, however clear
// they are to us; so one's own picture is given the same form.
const (
	side = mnist.Side
	box  = 20
)

// maxArea is how many pixels a picture may have, 4096×4096, and maxFile how many
// bytes its file. The header tells the first before memory is taken for them.
const (
	maxArea = 1 << 24
	maxFile = 1 << 26
)

// readPicture reads a PNG or JPEG file and normalises it as MNIST's were.
func readPicture(filename string, label int) (digit, error) {
	g, err := readGray(filename)
	if err != nil {
		return digit{}, fmt.Errorf("%s: %w", filename, err)
	}
	dark, err := g.separate()
	if err != nil {
		return digit{}, fmt.Errorf("%s: %w", filename, err)
	}
	was := fmt.Sprintf("%d×%d", g.cols, len(g.ink)/g.cols)
	ink := "light ink"
	if dark {
		ink = "dark ink"
	}
	origin := fmt.Sprintf("%s, %s, %s", clip(filename, 40), was, ink)
	if label >= 0 {
		origin += fmt.Sprintf(", a %d", label)
	}
	return digit{pixels: g.crop().fit(box).center(), cols: side, label: label, origin: origin}, nil
}

// gray is a picture as numbers: first its light, 0 black to 1 white, and after
// separate its ink, 0 the ground to 1 the ink.
type gray struct {
	ink  []float64
	cols int
}

// readGray reads a picture. Where it is transparent it shows white paper or, if
// there is only white ink, a black board.
func readGray(filename string) (gray, error) {
	data, err := read(filename)
	if err != nil {
		return gray{}, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return gray{}, fmt.Errorf("no PNG or JPEG picture: %w", err)
	}
	if w, h := config.Width, config.Height; w < 1 || h < 1 || w > maxArea/h {
		return gray{}, fmt.Errorf("%d×%d pixels: want 1 to %d of them", w, h, maxArea)
	}
	im, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return gray{}, fmt.Errorf("a broken picture: %w", err)
	}
	g := light(im, 1)
	if slices.Max(g.ink)-slices.Min(g.ink) < faintest {
		g = light(im, 0)
	}
	return g, nil
}

// read returns the content of a file of reasonable size.
func read(filename string) ([]byte, error) {
	f, err := os.Open(filename)
	if err != nil {
		return nil, errors.Unwrap(err) // the caller names the file
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if pathError := new(fs.PathError); errors.As(err, &pathError) {
		return nil, pathError.Err
	}
	if len(data) > maxFile {
		return nil, fmt.Errorf("more than %d bytes", maxFile)
	}
	return data, err
}

// light returns how light each pixel is, on paper that is white (1) or black (0).
func light(im image.Image, paper float64) gray {
	b := im.Bounds()
	g := gray{make([]float64, 0, b.Dx()*b.Dy()), b.Dx()}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			// The colours come multiplied by alpha, so the paper shines through by the rest.
			red, green, blue, alpha := im.At(x, y).RGBA()
			v := 0.299*float64(red) + 0.587*float64(green) + 0.114*float64(blue)
			g.ink = append(g.ink, (v+paper*float64(0xffff-alpha))/0xffff)
		}
	}
	return g
}

// faintest is the least difference between ink and ground.
const faintest = 0.05

// separate turns light into ink and reports whether the ink was dark. The ground
// is what lies along the edge; the ink is what differs from it the more, to the
// dark or to the light. What differs no more than the edge itself is no ink.
func (g *gray) separate() (dark bool, err error) {
	edge := g.edge()
	slices.Sort(edge)
	ground := edge[len(edge)/2]
	lightest, darkest := slices.Max(g.ink)-ground, ground-slices.Min(g.ink)
	dark = darkest > lightest
	most := max(lightest, darkest)
	if most < faintest {
		return dark, errors.New("no digit to be seen: the picture is of one colour")
	}
	noise := max(edge[len(edge)-1-len(edge)/20]-ground, ground-edge[len(edge)/20]) / most
	least := min(max(0.08, 1.5*noise), 0.5)
	for i, v := range g.ink {
		ink := (v - ground) / most
		if dark {
			ink = -ink
		}
		if ink < least {
			ink = 0
		}
		g.ink[i] = ink
	}
	return dark, nil
}

// edge returns the pixels along the four sides.
func (g gray) edge() []float64 {
	var edge []float64
	for i, v := range g.ink {
		if row, col := i/g.cols, i%g.cols; row == 0 || col == 0 || col == g.cols-1 || i >= len(g.ink)-g.cols {
			edge = append(edge, v)
		}
	}
	return edge
}

// crop returns the smallest part that holds all of the ink.
func (g gray) crop() gray {
	top, left, bottom, right := len(g.ink), g.cols, 0, 0
	for i, v := range g.ink {
		if row, col := i/g.cols, i%g.cols; v > 0 {
			top, bottom = min(top, row), max(bottom, row+1)
			left, right = min(left, col), max(right, col+1)
		}
	}
	part := gray{cols: right - left}
	for row := top; row < bottom; row++ {
		part.ink = append(part.ink, g.ink[row*g.cols+left:row*g.cols+right]...)
	}
	return part
}

// fit scales the picture so that its longer side is n pixels and its darkest
// pixel 1. A new pixel is the mean of the area that it covers of the old picture.
func (g gray) fit(n int) gray {
	rows := len(g.ink) / g.cols
	scale := float64(max(rows, g.cols)) / float64(n) // old pixels to one new one
	height := max(1, int(math.Round(float64(rows)/scale)))
	width := max(1, int(math.Round(float64(g.cols)/scale)))
	down, across := float64(rows)/float64(height), float64(g.cols)/float64(width)
	out := gray{make([]float64, height*width), width}
	for i := range out.ink {
		row, col := float64(i/width), float64(i%width)
		out.ink[i] = g.mean(row*down, (row+1)*down, col*across, (col+1)*across)
	}
	most := slices.Max(out.ink)
	for i := range out.ink {
		out.ink[i] /= most
	}
	return out
}

// mean returns the mean of the area between these rows and columns, in which
// pixels at the rim count by the part of them that lies inside.
func (g gray) mean(top, bottom, left, right float64) float64 {
	sum, rows := 0.0, len(g.ink)/g.cols
	for row := int(top); row < rows && float64(row) < bottom; row++ {
		tall := min(bottom, float64(row+1)) - max(top, float64(row))
		for col := int(left); col < g.cols && float64(col) < right; col++ {
			wide := min(right, float64(col+1)) - max(left, float64(col))
			sum += g.ink[row*g.cols+col] * tall * wide
		}
	}
	return sum / ((bottom - top) * (right - left))
}

// center returns 28×28 bytes with the picture's centre of mass in the middle, as
// nearly as whole pixels and its edges allow. Of MNIST's pixels 0 to 27 the middle
// one is 14: in every picture the mean row and column of the ink round to it.
func (g gray) center() []byte {
	mass, down, across := 0.0, 0.0, 0.0
	for i, v := range g.ink {
		mass += v
		down += v * float64(i/g.cols)
		across += v * float64(i%g.cols)
	}
	rows := len(g.ink) / g.cols
	top := min(max(0, int(math.Round(side/2-down/mass))), side-rows)
	left := min(max(0, int(math.Round(side/2-across/mass))), side-g.cols)
	pixels := make([]byte, side*side)
	for i, v := range g.ink {
		pixels[(top+i/g.cols)*side+left+i%g.cols] = byte(math.Round(255 * v))
	}
	return pixels
}
