package photo

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"

	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

// A scene is a picture that is being painted: how light each pixel is, 0 to 1.
type scene struct {
	*matrix.Matrix
	rng *rand.Rand
}

// newScene returns white paper.
func newScene(rng *rand.Rand, width, height int) *scene {
	s := &scene{matrix.New(height, width), rng}
	for i := range s.Data {
		s.Data[i] = 1
	}
	return s
}

// between returns a random number from low to high.
func (s *scene) between(low, high float64) float64 { return low + (high-low)*s.rng.Float64() }

// each sets every pixel to f of it, u and v being its place from 0 to 1.
func (s *scene) each(f func(u, v, light float64) float64) {
	for i := range s.Rows {
		row := s.Row(i)
		for j, light := range row {
			row[j] = f((float64(j)+0.5)/float64(s.Cols), (float64(i)+0.5)/float64(s.Rows), light)
		}
	}
}

// A pen says how a digit is written.
type pen struct {
	width float64 // added to the width of the lines, as a part of 20 pixels of MNIST: −1 to 2
	dark  float64 // how much of the paper's light the ink takes
	size  float64 // of 20 pixels of MNIST, as a part of the shorter side of the picture
	angle float64 // in radians
	x, y  float64 // where the middle is, 0 to 1
}

// pen returns a usual pen with some variation.
func (s *scene) pen() pen {
	return pen{dark: s.between(0.6, 0.95), size: s.between(0.25, 0.7), angle: s.between(-0.1, 0.1), x: s.between(0.42, 0.58), y: s.between(0.42, 0.58)}
}

// write writes a digit of MNIST with the pen: enlarged smoothly, cut off at half its
// depth, so that the ink has sharp edges again.
func (s *scene) write(e nn.Example, p pen) {
	ink := smooth(e, p.width)
	shorter := float64(min(s.Rows, s.Cols))
	scale := p.size * shorter / 20 // pixels for one of MNIST's
	sin, cos := math.Sincos(p.angle)
	soft := max(0.75/scale, 0.08)
	for i := range s.Rows {
		row := s.Row(i)
		for j := range row {
			dx, dy := (float64(j)+0.5-p.x*float64(s.Cols))/scale, (float64(i)+0.5-p.y*float64(s.Rows))/scale
			at := ink(14.5+cos*dx+sin*dy, 14.5-sin*dx+cos*dy)
			row[j] *= 1 - p.dark*min(max(0.5+at/soft, 0), 1)
		}
	}
}

// smooth returns about how far inside the ink a place of the digit is, in pixels of
// MNIST, negative outside; the ink reaches further by half of width on all sides.
func smooth(e nn.Example, width float64) func(x, y float64) float64 {
	const fine = 8
	big := matrix.FromSlice(mnist.Side, mnist.Side, append([]float64(nil), e.X().Data...))
	big = resizeTo(big, fine*mnist.Side, fine*mnist.Side)
	for range 3 {
		big = blurred(big, 3)
	}
	distance := signedDistance(big, 0.42)
	return func(x, y float64) float64 {
		i, j := int(y*fine), int(x*fine)
		if i < 0 || j < 0 || i >= distance.Rows || j >= distance.Cols {
			return -10
		}
		return distance.At(i, j)/fine + width/2
	}
}

// signedDistance returns how far each element is from the edge of what is above limit,
// positive inside: two sweeps of the chamfer distance for each side.
func signedDistance(x *matrix.Matrix, limit float64) *matrix.Matrix {
	z := matrix.New(x.Rows, x.Cols)
	for _, sign := range []float64{1, -1} {
		d := matrix.New(x.Rows, x.Cols)
		for i, v := range x.Data {
			if (v-limit)*sign > 0 {
				d.Data[i] = 1e9
			}
		}
		relax := func(i, j, r, c int, by float64) {
			if r >= 0 && c >= 0 && r < d.Rows && c < d.Cols {
				d.Set(i, j, min(d.At(i, j), d.At(r, c)+by))
			}
		}
		for i := range d.Rows {
			for j := range d.Cols {
				relax(i, j, i-1, j, 1)
				relax(i, j, i, j-1, 1)
				relax(i, j, i-1, j-1, math.Sqrt2)
				relax(i, j, i-1, j+1, math.Sqrt2)
			}
		}
		for i := d.Rows - 1; i >= 0; i-- {
			for j := d.Cols - 1; j >= 0; j-- {
				relax(i, j, i+1, j, 1)
				relax(i, j, i, j+1, 1)
				relax(i, j, i+1, j+1, math.Sqrt2)
				relax(i, j, i+1, j-1, math.Sqrt2)
			}
		}
		for i, v := range d.Data {
			z.Data[i] += sign * min(v, 1e6)
		}
	}
	return z
}

// blurred returns the means over squares of 2n+1 elements.
func blurred(x *matrix.Matrix, n int) *matrix.Matrix {
	pass := func(x *matrix.Matrix) *matrix.Matrix { // along the rows, turned over
		z := matrix.New(x.Cols, x.Rows)
		for i := range x.Rows {
			row := x.Row(i)
			for j := range row {
				sum := 0.0
				for k := -n; k <= n; k++ {
					sum += row[min(max(j+k, 0), len(row)-1)]
				}
				z.Set(j, i, sum/float64(2*n+1))
			}
		}
		return z
	}
	return pass(pass(x))
}

// noise adds noise of this standard deviation.
func (s *scene) noise(sigma float64) {
	s.each(func(_, _, light float64) float64 { return light + sigma*s.rng.NormFloat64() })
}

// light makes the paper grey, and lighter on one side than on the other.
func (s *scene) light(paper, slope float64) {
	sin, cos := math.Sincos(s.between(0, 2*math.Pi))
	s.each(func(u, v, light float64) float64 {
		return light * paper * (1 - slope*(0.5+0.5*(cos*(2*u-1)+sin*(2*v-1))))
	})
}

// shadow lets the shadow of a straight edge fall over the picture.
func (s *scene) shadow(dark, soft float64) {
	sin, cos := math.Sincos(s.between(0, 2*math.Pi))
	off := s.between(-0.25, 0.25)
	s.each(func(u, v, light float64) float64 {
		return light * (1 - dark*min(max((cos*(u-0.5)+sin*(v-0.5)-off)/soft+0.5, 0), 1))
	})
}

// vignette darkens the corners, to 1 − dark of their light.
func (s *scene) vignette(dark float64) {
	power := s.between(1, 2)
	s.each(func(u, v, light float64) float64 {
		return light * (1 - dark*math.Pow(2*((u-0.5)*(u-0.5)+(v-0.5)*(v-0.5)), power))
	})
}

// lines draws parallel lines at this distance, as a part of the shorter side.
func (s *scene) lines(distance, width, dark, angle float64) {
	shorter := float64(min(s.Rows, s.Cols))
	distance, width = distance*shorter, max(width*shorter, 1)
	sin, cos := math.Sincos(angle)
	start := s.between(0, distance)
	for i := range s.Rows {
		for j := range s.Cols {
			at := math.Mod(cos*float64(i)+sin*float64(j)+start+100*distance, distance)
			s.Set(i, j, s.At(i, j)*(1-dark*min(max(0.5+width/2-math.Abs(at-distance/2), 0), 1)))
		}
	}
}

// desk puts what has been painted as a sheet on a dark table.
func (s *scene) desk(level, margin, angle float64) {
	sin, cos := math.Sincos(angle)
	grain := s.between(0, 0.04)
	left, right, top, bottom := s.between(0.3, 1)*margin, s.between(0.3, 1)*margin, s.between(0.3, 1)*margin, s.between(0.3, 1)*margin
	old := matrix.New(s.Rows, s.Cols).Copy(s.Matrix)
	aspect := float64(s.Rows) / float64(s.Cols)
	s.each(func(u, v, _ float64) float64 {
		x, y := cos*(u-0.5)+sin*(v-0.5)*aspect, -sin*(u-0.5)/aspect+cos*(v-0.5)
		x, y = (x+0.5-left)/(1-left-right), (y+0.5-top)/(1-top-bottom)
		if x < 0 || y < 0 || x >= 1 || y >= 1 {
			return level + grain*math.Sin(40*v+5*math.Sin(9*u))
		}
		return old.At(int(y*float64(s.Rows)), int(x*float64(s.Cols)))
	})
}

// frame draws a rectangle.
func (s *scene) frame(margin float64, width int, dark float64) {
	m := int(margin * float64(min(s.Rows, s.Cols)))
	outer := image.Rect(m, m, s.Cols-m, s.Rows-m)
	inner := outer.Inset(width)
	for i := range s.Rows {
		for j := range s.Cols {
			if p := image.Pt(j, i); p.In(outer) && !p.In(inner) {
				s.Set(i, j, s.At(i, j)*(1-dark))
			}
		}
	}
}

// dust lets n round specks fall, of up to this radius as a part of the shorter side.
func (s *scene) dust(n int, radius, dark float64) {
	for range n {
		r := max(s.rng.Float64()*radius*float64(min(s.Rows, s.Cols)), 0.7)
		x, y := s.between(0, float64(s.Cols)), s.between(0, float64(s.Rows))
		for i := max(int(y-r), 0); i <= min(int(y+r), s.Rows-1); i++ {
			for j := max(int(x-r), 0); j <= min(int(x+r), s.Cols-1); j++ {
				if math.Hypot(float64(j)-x, float64(i)-y) <= r {
					s.Set(i, j, s.At(i, j)*(1-dark))
				}
			}
		}
	}
}

// gray returns the picture in bytes.
func (s *scene) gray() *image.Gray {
	im := image.NewGray(image.Rect(0, 0, s.Cols, s.Rows))
	for i, v := range s.Data {
		im.Pix[i] = uint8(math.Round(255 * min(max(v, 0), 1)))
	}
	return im
}

// png, gif and jpeg return the picture as a file.
func (s *scene) png() []byte {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := encoder.Encode(&b, s.gray()); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (s *scene) gif() []byte {
	var greys color.Palette
	for i := range 64 {
		greys = append(greys, color.Gray{uint8(4*i + i/21)})
	}
	im := image.NewPaletted(image.Rect(0, 0, s.Cols, s.Rows), greys)
	for i, v := range s.Data {
		im.Pix[i] = uint8(math.Round(63 * min(max(v, 0), 1)))
	}
	var b bytes.Buffer
	if err := gif.Encode(&b, im, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (s *scene) jpeg(quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, s.gray(), &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// exif returns the EXIF data of a camera that notes the orientation among other things.
func exif(order binary.AppendByteOrder, orientation int) []byte {
	b := map[bool]string{true: "II", false: "MM"}[order.String() == "LittleEndian"]
	tiff := order.AppendUint16([]byte(b), 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 3)
	for _, tag := range []uint16{0x0100, 0x0112, 0x0128} {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, 3) // a short
		tiff = order.AppendUint32(tiff, 1)
		value := uint16(2)
		if tag == 0x0112 {
			value = uint16(orientation)
		}
		tiff = order.AppendUint16(tiff, value)
		tiff = append(tiff, 0, 0)
	}
	return append(tiff, 0, 0, 0, 0)
}

// tagged returns a JPEG or PNG file with EXIF data.
func tagged(data, tiff []byte) []byte {
	if bytes.HasPrefix(data, []byte("\xff\xd8")) {
		segment := append([]byte("Exif\x00\x00"), tiff...)
		head := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(segment)+2))
		return append(append(head, segment...), data[2:]...)
	}
	chunk := append([]byte("eXIf"), tiff...)
	out := binary.BigEndian.AppendUint32(append([]byte(nil), data[:33]...), uint32(len(tiff))) // after IHDR
	out = append(out, chunk...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
	return append(out, data[33:]...)
}

// turned returns the picture as a camera stores it that was held so.
func (s *scene) turned(orientation int) *scene {
	back := []int{0, 1, 2, 3, 4, 5, 8, 7, 6}[orientation]
	return &scene{upright(s.Matrix, back), s.rng}
}
