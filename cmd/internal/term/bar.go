package term

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// A Bar shows on one line of a terminal how far a long task has come and how long it will
// still take:
//
//	Epoch 3 ███████████░░░░░░░░░░░░░  44%  2s left
//
// It is drawn at most ten times a second, and not at all if the task is done sooner, so
// Set may be called as often as is convenient. On anything but a terminal it is silent.
// Only one goroutine may use it at a time. Call Clear before writing to the same screen.
// The zero Bar is silent.
type Bar struct {
	w           io.Writer // nil: silent
	label       string
	total       int64
	start, last time.Time
	shown       int // characters on the screen
	now         func() time.Time
}

// NewBar returns a bar for work of total steps, to be drawn on w.
func NewBar(w io.Writer, label string, total int64) *Bar {
	if !IsTerminal(w) || dumb() {
		return new(Bar)
	}
	return newBar(w, label, total, time.Now)
}

func newBar(w io.Writer, label string, total int64, now func() time.Time) *Bar {
	start := now()
	return &Bar{w: w, label: label, total: total, start: start, last: start, now: now}
}

// redraw is the shortest time between two drawings.
const redraw = 100 * time.Millisecond

// Set tells the bar that done of its steps are done.
func (b *Bar) Set(done int64) {
	if b.w == nil {
		return
	}
	now := b.now()
	if now.Sub(b.last) < redraw {
		return
	}
	b.last = now
	b.draw(b.line(done, now.Sub(b.start)))
}

// Clear takes the bar off the screen. The next Set may draw it again.
func (b *Bar) Clear() {
	if b.shown > 0 {
		b.draw("")
		io.WriteString(b.w, "\r")
	}
}

// draw writes line over what is there. Blanks, not an escape sequence, erase the rest:
// they work on every terminal.
func (b *Bar) draw(line string) {
	n := utf8.RuneCountInString(line)
	fmt.Fprint(b.w, "\r", line, strings.Repeat(" ", max(0, b.shown-n)))
	b.shown = n
}

// line returns the bar after done steps and the time elapsed, short enough not to wrap.
func (b *Bar) line(done int64, elapsed time.Duration) string {
	width := Width(b.w) - 1
	if b.total <= 0 {
		return clip(fmt.Sprintf("%s  %s", b.label, short(elapsed)), width)
	}
	share := min(1, max(0, float64(done)/float64(b.total)))
	tail := fmt.Sprintf(" %3.0f%%", 100*share)
	if share > 0 {
		left := time.Duration(float64(elapsed) * (1 - share) / share)
		tail += fmt.Sprintf("  %s left", short(left))
	}
	cells := min(40, width-utf8.RuneCountInString(b.label)-1-22)
	if cells < 5 {
		return clip(b.label+tail, width)
	}
	full := int(share * float64(cells))
	return b.label + " " + strings.Repeat("█", full) + strings.Repeat("░", cells-full) + tail
}

// clip cuts s to n characters.
func clip(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), max(n, 0))])
}

// short writes a time briefly: 8s, 2m05s, 1h10m.
func short(d time.Duration) string {
	s := int64(d.Round(time.Second) / time.Second)
	switch {
	case s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 3600:
		return fmt.Sprintf("%dm%02ds", s/60, s%60)
	case s < 100*3600:
		return fmt.Sprintf("%dh%02dm", s/3600, s/60%60)
	}
	return "days"
}
