package photo

import (
	"image"
	"image/color"
	"math"
	"slices"

	"nndl/matrix"
	"nndl/mnist"
)

// maxSide is the longest side, in pixels, of what is worked on. A larger picture is
// reduced row by row, so that never more than one copy of it is in memory.
const maxSide = 2048

// light returns how light each point of the picture is, from 0 for black to 1 for white.
// Where the picture is transparent, paper shows through, which is white (1) or black (0).
// An element of the result is the mean of step×step pixels.
func light(im image.Image, paper float64) *matrix.Matrix {
	b := im.Bounds()
	step := (max(b.Dx(), b.Dy()) + maxSide - 1) / maxSide
	x := matrix.New((b.Dy()+step-1)/step, (b.Dx()+step-1)/step)
	row := make([]float64, b.Dx())
	for i := range x.Rows {
		top, bottom := b.Min.Y+i*step, min(b.Min.Y+(i+1)*step, b.Max.Y)
		out := x.Row(i)
		for y := top; y < bottom; y++ {
			lightRow(row, im, y, paper)
			for j, v := range row {
				out[j/step] += v
			}
		}
		for j := range out {
			out[j] /= float64((bottom - top) * (min((j+1)*step, b.Dx()) - j*step))
		}
	}
	return x
}

// lightRow sets row to how light the pixels of row y are. The kinds of picture that
// cameras and scanners make have a loop of their own: im.At is ten times slower.
func lightRow(row []float64, im image.Image, y int, paper float64) {
	b := im.Bounds()
	switch im := im.(type) {
	case *image.YCbCr:
		for j := range row {
			row[j] = float64(im.Y[im.YOffset(b.Min.X+j, y)]) / 0xff
		}
	case *image.Gray:
		for j, v := range im.Pix[im.PixOffset(b.Min.X, y):][:len(row)] {
			row[j] = float64(v) / 0xff
		}
	case *image.RGBA: // already multiplied by alpha
		pixels := im.Pix[im.PixOffset(b.Min.X, y):]
		for j := range row {
			p := pixels[4*j : 4*j+4]
			row[j] = luma(p[0], p[1], p[2])/0xff + paper*float64(0xff-p[3])/0xff
		}
	case *image.NRGBA:
		pixels := im.Pix[im.PixOffset(b.Min.X, y):]
		for j := range row {
			p := pixels[4*j : 4*j+4]
			alpha := float64(p[3]) / 0xff
			row[j] = alpha*luma(p[0], p[1], p[2])/0xff + (1-alpha)*paper
		}
	case *image.Paletted:
		for j, c := range im.Pix[im.PixOffset(b.Min.X, y):][:len(row)] {
			row[j] = lightOf(im.Palette[c], paper)
		}
	default:
		for j := range row {
			row[j] = lightOf(im.At(b.Min.X+j, y), paper)
		}
	}
}

// luma is how light a colour looks to us, who see green best.
func luma[T uint8 | uint32](red, green, blue T) float64 {
	return 0.299*float64(red) + 0.587*float64(green) + 0.114*float64(blue)
}

func lightOf(c color.Color, paper float64) float64 {
	red, green, blue, alpha := c.RGBA() // multiplied by alpha
	return (luma(red, green, blue) + paper*float64(0xffff-alpha)) / 0xffff
}

// resize returns x with a longer side of n elements, its proportions kept.
func resize(x *matrix.Matrix, n int) *matrix.Matrix {
	longer := max(x.Rows, x.Cols)
	return resizeTo(x, max(1, (2*n*x.Rows+longer)/(2*longer)), max(1, (2*n*x.Cols+longer)/(2*longer)))
}

// resizeTo returns x as rows×cols elements. Fewer than before are means; more lie on
// straight lines between the middles of the old ones.
func resizeTo(x *matrix.Matrix, rows, cols int) *matrix.Matrix {
	if rows <= x.Rows && cols <= x.Cols {
		return mnist.Scale(x, rows, cols)
	}
	z := matrix.New(rows, cols)
	for i := range rows {
		top, bottom, down := between(i, rows, x.Rows)
		for j := range cols {
			left, right, across := between(j, cols, x.Cols)
			above := (1-across)*x.Data[top*x.Cols+left] + across*x.Data[top*x.Cols+right]
			below := (1-across)*x.Data[bottom*x.Cols+left] + across*x.Data[bottom*x.Cols+right]
			z.Data[i*cols+j] = (1-down)*above + down*below
		}
	}
	return z
}

// between returns the two of n elements between which lies the middle of element i of
// many, and how far along the way from the one to the other it is.
func between(i, many, n int) (before, after int, part float64) {
	at := (float64(i)+0.5)*float64(n)/float64(many) - 0.5
	at = min(max(at, 0), float64(n-1))
	before = int(at)
	return before, min(before+1, n-1), at - math.Floor(at)
}

// cut returns the part of x within the box.
func cut(x *matrix.Matrix, b image.Rectangle) *matrix.Matrix {
	z := matrix.New(b.Dy(), b.Dx())
	for i := range z.Rows {
		copy(z.Row(i), x.Row(b.Min.Y + i)[b.Min.X:b.Max.X])
	}
	return z
}

// flat reports whether x is the same everywhere, as far as one can see.
func flat(x *matrix.Matrix) bool { return slices.Max(x.Data)-slices.Min(x.Data) < faintest }
