package photo

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"

	"nndl/mnist"
	"nndl/nn"
)

// A way is one way in which digits are written and photographed.
type way struct {
	name string
	want int // per cent that must be read right
	make func(rng *rand.Rand, e nn.Example) []byte
}

// some returns a scene of a usual size.
func some(rng *rand.Rand) *scene {
	return newScene(rng, 160+rng.IntN(800), 160+rng.IntN(800))
}

var ways = []way{
	{"clean", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		return s.png()
	}},
	{"thick", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		p.width = s.between(0.8, 2)
		s.write(e, p)
		return s.png()
	}},
	{"thin", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		p.width = s.between(-1.2, -0.5)
		p.size = s.between(0.35, 0.8)
		s.write(e, p)
		return s.png()
	}},
	{"grey", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		p.dark = s.between(0.15, 0.4)
		s.write(e, p)
		s.light(s.between(0.5, 1), s.between(0, 0.1))
		return s.jpeg(85)
	}},
	{"light on dark", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		s.write(e, p)
		low, high := s.between(0, 0.3), s.between(0.6, 1)
		s.each(func(_, _, light float64) float64 { return low + (1-light)*(high-low) })
		s.noise(s.between(0, 0.02))
		return s.jpeg(85)
	}},
	{"photographed", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := newScene(rng, 600+rng.IntN(1000), 600+rng.IntN(1000))
		p := s.pen()
		p.angle = s.between(-0.2, 0.2)
		s.write(e, p)
		s.light(s.between(0.5, 0.95), s.between(0.1, 0.45))
		s.Matrix = blurred(s.Matrix, rng.IntN(4))
		s.noise(s.between(0.005, 0.03))
		return s.jpeg(60 + rng.IntN(35))
	}},
	{"half shadow", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.light(s.between(0.6, 1), s.between(0, 0.2))
		s.shadow(s.between(0.2, 0.6), s.between(0.005, 0.2))
		s.noise(s.between(0, 0.015))
		return s.jpeg(85)
	}},
	{"ruled", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.lines(s.between(0.12, 0.5), s.between(0.003, 0.012), s.between(0.15, 0.8), s.between(-0.05, 0.05))
		s.light(s.between(0.7, 1), s.between(0, 0.2))
		s.noise(s.between(0, 0.015))
		return s.jpeg(85)
	}},
	{"squared", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		distance, width, dark, angle := s.between(0.06, 0.25), s.between(0.003, 0.01), s.between(0.15, 0.7), s.between(-0.05, 0.05)
		s.lines(distance, width, dark, angle)
		s.Matrix = transpose(s.Matrix)
		s.lines(distance, width, dark, -angle)
		s.Matrix = transpose(s.Matrix)
		s.light(s.between(0.7, 1), s.between(0, 0.2))
		s.noise(s.between(0, 0.015))
		return s.jpeg(85)
	}},
	{"desk", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.desk(s.between(0.05, 0.45), s.between(0.05, 0.3), s.between(-0.25, 0.25))
		s.light(s.between(0.7, 1), s.between(0, 0.2))
		s.noise(s.between(0, 0.02))
		return s.jpeg(85)
	}},
	{"vignette", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		p.dark = s.between(0.35, 0.9)
		s.write(e, p)
		s.vignette(s.between(0.3, 0.8))
		s.noise(s.between(0, 0.02))
		return s.jpeg(85)
	}},
	{"noise", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.each(func(_, _, light float64) float64 { return 0.1 + 0.8*light })
		s.noise(s.between(0.03, 0.15))
		return s.jpeg(85)
	}},
	{"frame", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		width := 1 + rng.IntN(1+min(s.Rows, s.Cols)/40)
		s.frame([]float64{0, 0, 0.02, 0.05}[rng.IntN(4)], width, s.between(0.4, 1))
		return s.png()
	}},
	{"dust", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		s.write(e, p)
		s.dust(1+rng.IntN(30), 0.04*p.size, s.between(0.3, 1))
		return s.png()
	}},
	{"EXIF", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.light(s.between(0.5, 0.95), s.between(0.1, 0.3))
		s.noise(s.between(0, 0.02))
		orientation := 1 + rng.IntN(8)
		s = s.turned(orientation)
		data := s.jpeg(85)
		if rng.IntN(4) == 0 {
			data = s.png()
		}
		order := []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian}[rng.IntN(2)]
		return tagged(data, exif(order, orientation))
	}},
	{"8×8 to 64×64", 80, func(rng *rand.Rand, e nn.Example) []byte {
		side := 8 + rng.IntN(57)
		if rng.IntN(3) == 0 {
			side = 8 + rng.IntN(12)
		}
		big := newScene(rng, 8*side, 8*side)
		p := big.pen()
		p.size, p.angle = big.between(0.6, 0.85), 0
		big.write(e, p)
		s := &scene{resize(big.Matrix, side), rng}
		if rng.IntN(3) == 0 {
			return s.gif()
		}
		return s.png()
	}},
	{"blocky", 80, func(rng *rand.Rand, e nn.Example) []byte {
		// MNIST's own pixels as squares, black on white or white on black.
		k, sign := 3+rng.IntN(20), rng.IntN(2)
		s := newScene(rng, mnist.Side*k, mnist.Side*k)
		for i := range s.Data {
			v := e.X().Data[i/s.Cols/k*mnist.Side+i%s.Cols/k] * 256 / 255
			s.Data[i] = math.Abs(float64(sign) - v)
		}
		return s.png()
	}},
	{"tight", 80, func(rng *rand.Rand, e nn.Example) []byte {
		s := newScene(rng, 300, 300)
		p := s.pen()
		p.size, p.x, p.y, p.angle = 0.7, 0.5, 0.5, 0
		s.write(e, p)
		b := image.Rectangle{}
		for i, v := range s.Data {
			if v < 0.9 {
				b = b.Union(image.Rect(i%s.Cols, i/s.Cols, i%s.Cols+1, i/s.Cols+1))
			}
		}
		b = b.Inset(-rng.IntN(6))
		return (&scene{cut(s.Matrix, b), rng}).png()
	}},
	{"colours", 80, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		s.noise(0.01)
		inks := []color.RGBA{{20, 20, 160, 255}, {160, 20, 30, 255}, {20, 110, 40, 255}, {60, 60, 70, 255}}
		papers := []color.RGBA{{250, 240, 170, 255}, {250, 250, 250, 255}, {200, 220, 250, 255}, {230, 200, 190, 255}}
		ink, paper := inks[rng.IntN(4)], papers[rng.IntN(4)]
		im := image.NewRGBA(image.Rect(0, 0, s.Cols, s.Rows))
		for i, v := range s.Data {
			v = min(max(v, 0), 1)
			mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-v) + float64(b)*v) }
			im.SetRGBA(i%s.Cols, i/s.Cols, color.RGBA{mix(ink.R, paper.R), mix(ink.G, paper.G), mix(ink.B, paper.B), 255})
		}
		var b bytes.Buffer
		jpeg.Encode(&b, im, &jpeg.Options{Quality: 80})
		return b.Bytes()
	}},
	{"alpha", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		im := image.NewNRGBA(image.Rect(0, 0, s.Cols, s.Rows))
		level := uint8(255 * rng.IntN(2)) // black ink on glass, or white
		for i, v := range s.Data {
			im.SetNRGBA(i%s.Cols, i/s.Cols, color.NRGBA{level, level, level, uint8(255 * (1 - v))})
		}
		var b bytes.Buffer
		png.Encode(&b, im)
		return b.Bytes()
	}},
	{"salt and pepper", 80, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		s.write(e, s.pen())
		part := s.between(0.005, 0.06)
		s.each(func(_, _, light float64) float64 {
			if rng.Float64() < part {
				return float64(rng.IntN(2))
			}
			return light
		})
		return s.png()
	}},
	{"black lines", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		s.write(e, p)
		both := rng.IntN(2) == 0
		for range 2 {
			s.lines(s.between(0.1, 0.4), s.between(0.004, 0.012), p.dark, s.between(-0.04, 0.04))
			s.Matrix = transpose(s.Matrix)
			if !both {
				s.Matrix = transpose(s.Matrix)
				break
			}
		}
		return s.jpeg(85)
	}},
	{"half a desk", 70, func(rng *rand.Rand, e nn.Example) []byte {
		s := some(rng)
		p := s.pen()
		p.size, p.x, p.y = s.between(0.25, 0.4), 0.55, 0.55
		s.write(e, p)
		level, across, down, lean := s.between(0.05, 0.45), s.between(0, 0.25), s.between(0, 0.25), s.between(-0.1, 0.1)
		s.each(func(u, v, light float64) float64 {
			if u < across+lean*v || v < down-lean*u {
				return level
			}
			return light
		})
		s.light(0.9, s.between(0, 0.2))
		s.noise(0.01)
		return s.jpeg(85)
	}},
	{"12 to 48 MP", 90, func(rng *rand.Rand, e nn.Example) []byte {
		s := newScene(rng, 1000, 750)
		s.write(e, s.pen())
		s.light(s.between(0.5, 0.95), s.between(0.1, 0.4))
		k := 4 + rng.IntN(5)
		im := image.NewGray(image.Rect(0, 0, k*s.Cols, k*s.Rows))
		for i := range im.Pix {
			v := s.Data[i/im.Stride/k*s.Cols+i%im.Stride/k]
			im.Pix[i] = uint8(min(max(255*v+10*(rng.Float64()+rng.Float64()-1), 0), 255))
		}
		var b bytes.Buffer
		jpeg.Encode(&b, im, &jpeg.Options{Quality: 80})
		return b.Bytes()
	}},
}
