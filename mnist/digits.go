package mnist

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"nndl/matrix"
	"nndl/nn"
)

const (
	Side = 28 // height and width of MNIST's images, and of the synthetic ones
	box  = 20 // the side of the square in the middle, into which the ink is fitted
)

// Synthetic returns the digits for when the real ones are not at hand: 10,000 to
// train on and 2,000 to test on, always the same ones. [Digits] draws them.
func Synthetic() (training, test []nn.Example) {
	// The seed is 6 because the default run of cmd/train, and those with -seed 2 and 3, learn
	// all ten digits of it within ten epochs. With N(0,1) weights about a third of the runs
	// on other digits stay at 87 % for longer, and some to the end.
	all := Digits(12_000, 6)
	return all[:10_000:10_000], all[10_000:]
}

// Digits draws n synthetic handwritten digits, in random order. The same seed gives the
// same bytes on every processor: of package math only Sqrt, Floor and Abs are called, and
// every sum of products is written float64(a*b) + c, which keeps the compiler from fusing.
func Digits(n int, seed uint64) []nn.Example {
	pixels := make([]byte, n*Side*Side)
	examples := make([]nn.Example, n)
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := w; i < n; i += workers {
				image := pixels[i*Side*Side : (i+1)*Side*Side : (i+1)*Side*Side]
				// Each image has its own random numbers, so that it does not matter
				// which goroutine draws it.
				rng := rand.New(rand.NewPCG(seed, uint64(i)))
				examples[i] = nn.NewPixelExample(image, drawDigit(image, rng), Classes)
			}
		}()
	}
	wait.Wait()
	return examples
}

// drawDigit draws a random digit, 28×28 pixels, and returns which one.
func drawDigit(image []byte, rng *rand.Rand) int {
	digit := rng.IntN(Classes)
	h := newHand(rng)
	ways := strokes[digit]
	lines := h.write(ways[rng.IntN(len(ways))])
	h.fit(lines)
	place(image, h.ink(lines))
	return digit
}

// A point is a place on the paper: x to the right, y down.
type point struct{ x, y float64 }

// hand is how one digit is written.
type hand struct {
	rng          *rand.Rand
	jitter       float64    // how far it strays from one point to the next
	drift        point      // and where that has led it
	stretch      float64    // width over height
	slant        float64    // how far the top leans to the right, for each unit of height
	sin, cos     float64    // of the angle by which the paper is turned
	bend         [6]float64 // how lines bend: the factors of x², xy and y², in x and in y
	pen          float64    // half the width of a line, in pixels
	press, decay float64    // how much wider a line is at its start, and less at its end
	soft         float64    // over how many pixels the edge of a line fades
}

// newHand draws a hand at random. How much hands differ was chosen by looking at
// MNIST's training images: their height, width, ink and slant.
func newHand(rng *rand.Rand) *hand {
	h := &hand{rng: rng}
	h.jitter = 0.145 + float64(0.12*rng.Float64())
	h.stretch = 1.15 + float64(0.7*h.bell())
	h.slant = 0.1 + float64(0.68*h.bell())
	h.sin = 0.28 * h.bell()
	h.cos = math.Sqrt(1 - float64(h.sin*h.sin))
	for i := range h.bend {
		h.bend[i] = 0.34 * h.bell()
	}
	h.pen = 1.22 + float64(0.9*h.bell())
	h.press, h.decay = 0.3*h.bell(), 0.5*h.bell()
	h.soft = 0.7 + float64(0.6*rng.Float64())
	return h
}

// bell returns a random number from −1 to 1, most often near 0: the mean of three
// even ones, with a standard deviation of a third.
func (h *hand) bell() float64 {
	sum := h.rng.Float64() + h.rng.Float64() + h.rng.Float64()
	return float64(sum*(2.0/3)) - 1
}

// write returns the lines of the strokes of one way to write a digit, each as many
// points, close together.
func (h *hand) write(way string) [][]point {
	var lines [][]point
	for stroke := range strings.SplitSeq(way, "|") {
		var points []point
		for word := range strings.FieldsSeq(stroke) {
			word, corner := strings.CutSuffix(word, "!")
			p := h.aim(word)
			if corner { // the curve ends here and starts anew
				points = append(points, p)
			}
			points = append(points, p)
		}
		line := curve(points)
		for i := range line {
			line[i] = h.move(line[i])
		}
		lines = append(lines, line)
	}
	return lines
}

// aim returns the point that word names, in units of half the paper from its middle,
// and a little beside it: the hand strays, and then comes back half the way.
func (h *hand) aim(word string) point {
	x, y, _ := strings.Cut(word, ",")
	h.drift.x = float64(0.5*h.drift.x) + float64(h.jitter*h.bell())
	h.drift.y = float64(0.5*h.drift.y) + float64(h.jitter*h.bell())
	return point{coordinate(x) + h.drift.x, coordinate(y) + h.drift.y}
}

// coordinate returns the distance from the middle that 0…20 on the paper means.
func coordinate(s string) float64 {
	v, err := strconv.Atoi(s)
	if err != nil {
		panic("mnist: strokes: " + err.Error())
	}
	return float64(v-box/2) / (box / 2)
}

// move returns where the hand puts the point p: bent, stretched, slanted, turned.
func (h *hand) move(p point) point {
	xx, xy, yy := p.x*p.x, p.x*p.y, p.y*p.y
	b := &h.bend
	x := p.x + float64(b[0]*xx) + float64(b[1]*xy) + float64(b[2]*yy)
	y := p.y + float64(b[3]*xx) + float64(b[4]*xy) + float64(b[5]*yy)
	x = float64(x*h.stretch) - float64(y*h.slant)
	return point{float64(x*h.cos) - float64(y*h.sin), float64(x*h.sin) + float64(y*h.cos)}
}

// curve returns a smooth line through the points, a Catmull-Rom spline: between
// two points it is the cubic that has at each the direction from the point before
// to the point after. A point that stands twice is a corner.
func curve(points []point) []point {
	const steps = 6
	line := []point{points[0]}
	for i := range len(points) - 1 {
		p0, p1, p2, p3 := points[max(i-1, 0)], points[i], points[i+1], points[min(i+2, len(points)-1)]
		if p1 == p2 {
			continue
		}
		for s := 1; s <= steps; s++ {
			t := float64(s) / steps
			line = append(line, point{cubic(p0.x, p1.x, p2.x, p3.x, t), cubic(p0.y, p1.y, p2.y, p3.y, t)})
		}
	}
	return line
}

// cubic returns one coordinate of the spline at t of the way from p1 to p2.
func cubic(p0, p1, p2, p3, t float64) float64 {
	a := (p2 - p0) / 2
	b := p0 - float64(2.5*p1) + float64(2*p2) - p3/2
	c := float64(1.5*(p1-p2)) + (p3-p0)/2
	return p1 + float64(t*(a+float64(t*(b+float64(t*c)))))
}

// fit moves and scales the lines so that their ink just fills box, in height or in
// width, and stands in its middle: MNIST's first step.
func (h *hand) fit(lines [][]point) {
	low, high := lines[0][0], lines[0][0]
	for _, line := range lines {
		for _, p := range line {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	scale := (box - float64(2*h.pen)) / max(high.x-low.x, high.y-low.y)
	for _, line := range lines {
		for i, p := range line {
			line[i].x = box/2 + float64(scale*(p.x-(low.x+high.x)/2))
			line[i].y = box/2 + float64(scale*(p.y-(low.y+high.y)/2))
		}
	}
}

// ink returns how dark each pixel of box is, 0 to 1, when the lines are drawn: 20×20.
func (h *hand) ink(lines [][]point) *matrix.Matrix {
	ink := matrix.New(box, box)
	for _, line := range lines {
		for i := range len(line) - 1 {
			along := float64(i) / float64(len(line)) // 0 at the start of a line, 1 at its end
			h.segment(ink, line[i], line[i+1], h.pen*(1+float64(h.press*(1-along))-float64(h.decay*along)))
		}
	}
	return ink
}

// segment draws the straight line from p to q, half as wide as radius says: a pixel
// is darker the nearer its middle is.
func (h *hand) segment(ink *matrix.Matrix, p, q point, radius float64) {
	reach := radius + h.soft/2 + 0.5
	left, right := clamp(min(p.x, q.x)-reach), clamp(max(p.x, q.x)+reach)
	top, bottom := clamp(min(p.y, q.y)-reach), clamp(max(p.y, q.y)+reach)
	dx, dy := q.x-p.x, q.y-p.y
	length := max(float64(dx*dx)+float64(dy*dy), 1e-9)
	for i := top; i < bottom; i++ {
		row := ink.Row(i)
		for j := left; j < right; j++ {
			x, y := float64(j)+0.5-p.x, float64(i)+0.5-p.y
			t := min(max((float64(x*dx)+float64(y*dy))/length, 0), 1) // the nearest point is t of the way
			x, y = x-float64(t*dx), y-float64(t*dy)
			away := math.Sqrt(float64(x*x) + float64(y*y))
			row[j] = max(row[j], min((radius-away)/h.soft+0.5, 1))
		}
	}
}

// clamp returns the pixel in which v is, within box.
func clamp(v float64) int { return int(min(max(math.Floor(v), 0), box)) }
