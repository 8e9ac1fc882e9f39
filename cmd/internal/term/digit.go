package term

import (
	"fmt"
	"io"
	"strings"
)

// Digit draws an image on w in half-block characters, two rows of pixels to a line; the
// pixels are given row after row, cols to a row. On a terminal with colours the ink is
// white on black as in the data, whatever the background of the terminal; elsewhere it has
// the terminal's own colour.
func Digit(w io.Writer, pixels []byte, cols int) error {
	_, err := io.WriteString(w, strings.Join(Lines(pixels, cols, Color(w)), "\n")+"\n")
	return err
}

// Lines returns the image as lines, each cols characters wide, so that images can be put
// side by side. With color every pixel has its shade of grey, in escape sequences of 256
// colours; without, it is either ink or background.
func Lines(pixels []byte, cols int, color bool) []string {
	if cols < 1 || len(pixels)%cols != 0 {
		panic(fmt.Sprintf("term: Lines: %d pixels in rows of %d", len(pixels), cols))
	}
	var lines []string
	for i := 0; i < len(pixels); i += 2 * cols {
		upper, lower := pixels[i:i+cols], make([]byte, cols)
		if i+cols < len(pixels) {
			lower = pixels[i+cols : i+2*cols]
		}
		if color {
			lines = append(lines, shades(upper, lower))
		} else {
			lines = append(lines, blocks(upper, lower))
		}
	}
	return lines
}

// ink is the least grey that counts as ink without colours. It is below the middle, so
// that thin strokes do not break.
const ink = 100

// blocks draws two rows of pixels as a line without colours.
func blocks(upper, lower []byte) string {
	var s strings.Builder
	for j := range upper {
		switch u, l := upper[j] >= ink, lower[j] >= ink; {
		case u && l:
			s.WriteRune('█')
		case u:
			s.WriteRune('▀')
		case l:
			s.WriteRune('▄')
		default:
			s.WriteByte(' ')
		}
	}
	return s.String()
}

// shades draws two rows of pixels as a line of upper half-blocks: the upper pixel in the
// colour of the character, the lower one in that of the background.
func shades(upper, lower []byte) string {
	var s strings.Builder
	fg, bg := -1, -1
	for j := range upper {
		if u := grey(upper[j]); u != fg {
			fg = u
			fmt.Fprintf(&s, "\x1b[38;5;%dm", fg)
		}
		if l := grey(lower[j]); l != bg {
			bg = l
			fmt.Fprintf(&s, "\x1b[48;5;%dm", bg)
		}
		s.WriteRune('▀')
	}
	s.WriteString("\x1b[0m")
	return s.String()
}

// grey returns the nearest of the 256 colours: black is 16, white 231, and 232 to
// 255 are the greys 8, 18, …, 238.
func grey(v byte) int {
	switch {
	case v < 4:
		return 16
	case v > 246:
		return 231
	}
	return 232 + min(23, (int(v)-3)/10)
}
