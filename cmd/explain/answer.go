package main

import (
	"fmt"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/cmd/internal/tour"
)

// shown is all that explain shows: a digit on its tour through a network.
type shown struct {
	*tour.Tour
	*page
	options
	digit  digit
	origin string // of the network
}

// answer prints what the digit is read as and whether that is right, and draws the digit
// and the ten outputs.
func (s *shown) answer() {
	s.line("%s", s.paint(bold, s.verdict()))
	s.line("")
	bars := s.outputs()
	if cols := s.digit.cols; cols > 40 { // too large to be drawn
		s.block(bars)
	} else if picture := term.Lines(s.digit.pixels, cols, s.color); s.width-2-cols-gap >= outputsWidth {
		s.beside(picture, cols, bars)
	} else {
		s.block(picture)
		s.line("")
		s.block(bars)
	}
	s.line("")
	s.about("the digit    ", s.digit.origin)
	s.about("the network  ", fmt.Sprintf("%s, %.0f parameters, %s", clip(cli.Layers(s.Sizes), 30), cli.Parameters(s.Sizes), s.origin))
	s.untrained()
}

// verdict says what the digit is read as, and whether that is right.
func (s *shown) verdict() string {
	reading := tour.Read(s.A(s.L))
	said := fmt.Sprintf("The network reads a %d", reading.Answer)
	if !reading.Sure {
		said = fmt.Sprintf("The network is %s", reading)
	}
	switch {
	case s.digit.guessed:
		return said + "."
	case !reading.Sure:
		return fmt.Sprintf("%s. It is a %d.", said, s.Label)
	case reading.Answer == s.Label:
		return said + ": right."
	}
	return fmt.Sprintf("%s: wrong, it is a %d.", said, s.Label)
}

// gap is how much room is between a picture and what is beside it.
const gap = 2

// outputsWidth is the least width of the bars of the outputs, with what is beside them.
const outputsWidth = 28

// outputs draws the activations of the output neurons as bars from 0 to 1.
func (s *shown) outputs() []string {
	a := s.A(s.L).Data
	room := s.width - 2 - s.digit.cols - gap
	if room < outputsWidth {
		room = s.width - 2 // below the picture
	}
	width := min(30, room-18)
	lines := make([]string, len(a))
	for i, v := range a {
		look, mark := "0", ""
		if i == s.Answer {
			look = bold
		}
		if i == s.Label && !s.digit.guessed {
			mark = " ◂ y = 1"
		}
		lines[i] = s.paint(look, fmt.Sprintf("%d %s %s", i, pad(bar(v, width), width), right(tour.Number(v), 7))) + mark
	}
	return lines
}

// bar draws v, 0 to 1, as a bar of at most width characters.
func bar(v float64, width int) string {
	eighths := int(8*float64(width)*max(0, min(v, 1)) + 0.5) // a NaN has none
	if !(v >= 0) {
		eighths = 0
	}
	return strings.Repeat("█", eighths/8) + []string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}[eighths%8]
}

// beside writes a picture of cols columns with lines to the right of its middle.
func (s *shown) beside(picture []string, cols int, lines []string) {
	top := max(0, (len(picture)-len(lines))/2)
	for i := range max(len(picture), top+len(lines)) {
		left := at(picture, i)
		if left == "" {
			left = strings.Repeat(" ", cols)
		}
		s.line("%s%s%s", left, strings.Repeat(" ", gap), at(lines, i-top))
	}
}

// block writes lines.
func (s *shown) block(lines []string) {
	for _, line := range lines {
		s.line("%s", line)
	}
}

// untrained prints, if the network has learned nothing, how to get one that has.
func (s *shown) untrained() {
	if s.digit.guessed {
		s.line("")
		s.text("Without -label, y is what the network says: %d.", s.Label)
	}
	if s.load != "" {
		return
	}
	s.line("")
	s.text("This network is random and untrained: its answer means nothing yet. To train one, and to explain it:")
	s.line("")
	s.line("  %s", s.paint(green, "go run ./cmd/train -epochs 3 -save net.json"))
	s.line("  %s", s.paint(green, "go run ./cmd/explain -load net.json"))
}

// layers lists what each layer has.
func (s *shown) layers() {
	s.heading("Backpropagation of this digit", "chapters 1 and 2 of the book")
	s.line("%s", s.paint(grey, "layer   neurons   weights into it   biases"))
	for l := 1; l <= s.L; l++ {
		name, w, b, what := fmt.Sprint(l), "none", "none", ""
		if l > 1 {
			w, b = "w"+tour.Super(l)+" "+tour.Shape(s.W(l)), "b"+tour.Super(l)+" "+tour.Shape(s.B(l))
		}
		switch l {
		case 1:
			what = "the pixels"
		case s.L:
			name += " = L"
			what = "one a digit"
		}
		s.line("%-7s %7d   %s   %s %s", name, s.Sizes[l-1], pad(w, 15), pad(b, 9), what)
	}
	s.line("")
	s.about("x  ", fmt.Sprintf("%s, the pixels: 0 is blank paper, 255/256 is ink", tour.Shape(s.A(1))))
	s.about("y  ", fmt.Sprintf("%s, the desired output: 1 for a %d, 0 for the others", tour.Shape(s.Y()), s.Label))
}
