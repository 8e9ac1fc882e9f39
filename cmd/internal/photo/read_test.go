package photo

import (
	"encoding/binary"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"nndl/mnist"
	"nndl/nn"
)

var (
	model = flag.String("model", "", "measure how many pictures this `network`, trained on MNIST, reads right")
	count = flag.Int("count", 40, "pictures of each kind for -model")
	keep  = flag.String("keep", "", "write the pictures that are misread to this `folder`")
	only  = flag.String("only", "", "only this `kind`")
	seed  = flag.Uint64("pictures", 1, "seed of the pictures")
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
}

// TestRead draws the synthetic digits, in all ways, and has the network read them that
// the tests of explain use too. With -model it is MNIST's digits and a better network:
//
//	NNDL_MNIST=data/mnist go test ./cmd/internal/photo -run Read -v -model net.json
func TestRead(t *testing.T) {
	if *model == "" {
		t.Skip("-model does not name a network")
	}
	network, _, err := nn.Load(*model)
	if err != nil {
		t.Fatal(err)
	}
	_, _, digits, err := mnist.Load(os.Getenv("NNDL_MNIST"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range ways {
		if *only != "" && *only != w.name {
			continue
		}
		right := 0
		errs := map[string]int{}
		for i := range *count {
			rng := rand.New(rand.NewPCG(*seed, uint64(i)))
			k := rng.IntN(len(digits))
			for answer(network, digits[k]) != digits[k].Label() {
				k = rng.IntN(len(digits)) // one that the network reads right
			}
			data := w.make(rng, digits[k])
			d, err := Decode(data)
			got := -1
			if err == nil {
				got = answer(network, nn.NewPixelExample(d.Pixels, 0, mnist.Classes))
			} else {
				errs[err.Error()]++
			}
			if got == digits[k].Label() {
				right++
			} else if *keep != "" {
				name := fmt.Sprintf("%s-%d-is-%d-read-%d", w.name, i, digits[k].Label(), got)
				os.WriteFile(filepath.Join(*keep, name), data, 0o666)
				if err == nil {
					os.WriteFile(filepath.Join(*keep, name+".seen"), d.Pixels, 0o666)
				}
			}
		}
		t.Logf("%-14s %3d of %d, %.1f %%   %v", w.name, right, *count, 100*float64(right)/float64(*count), errs)
		if 100*right < w.want**count {
			t.Errorf("%s: %d of %d, want %d %%", w.name, right, *count, w.want)
		}
	}
}

func answer(network *nn.Network, e nn.Example) int {
	a := network.Feedforward(e.X())
	best := 0
	for i, v := range a.Data {
		if v > a.Data[best] {
			best = i
		}
	}
	return best
}
