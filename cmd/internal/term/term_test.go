package term

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestIsTerminal(t *testing.T) {
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer pipe.Close()
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var none *os.File
	for name, w := range map[string]io.Writer{"a file": file, "a pipe": pipe, "the null device": null,
		"a buffer": new(bytes.Buffer), "nil": nil, "a nil file": none,
		"output to a file": &Output{File: file}, "output to nowhere": new(Output)} {
		if IsTerminal(w) || Color(w) || Width(w) != 80 {
			t.Errorf("%s is taken for a terminal", name)
		}
	}
}

// TestForced checks that CLICOLOR_FORCE colours a pipe, and that NO_COLOR is stronger.
func TestForced(t *testing.T) {
	for _, c := range []struct {
		force, no string
		want      bool
	}{{"", "", false}, {"0", "", false}, {"1", "", true}, {"1", "1", false}} {
		t.Setenv("CLICOLOR_FORCE", c.force)
		t.Setenv("NO_COLOR", c.no)
		if got := Color(new(bytes.Buffer)); got != c.want {
			t.Errorf("CLICOLOR_FORCE=%q NO_COLOR=%q: %v, want %v", c.force, c.no, got, c.want)
		}
	}
}

// TestRealTerminal asks a pseudo-terminal.
func TestRealTerminal(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("opens a terminal the Linux way")
	}
	tty, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip(err)
	}
	defer tty.Close()
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if !IsTerminal(tty) || !Color(tty) || Width(tty) < 1 {
		t.Errorf("a terminal is not taken for one: %v %v %d", IsTerminal(tty), Color(tty), Width(tty))
	}
	if out := (&Output{File: tty}); !IsTerminal(out) || !Color(out) || Width(out) != Width(tty) {
		t.Error("output to a terminal is not taken for one")
	}
	if b := NewBar(tty, "", 1); b.w == nil {
		t.Error("no bar on a terminal")
	}
	t.Setenv("NO_COLOR", "1")
	if Color(tty) {
		t.Error("NO_COLOR is not respected")
	}
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	if Color(tty) || NewBar(tty, "", 1).w != nil {
		t.Error("TERM=dumb is not respected")
	}
}

// screen plays a terminal of one line: what a person sees after these writes.
func screen(written string) string {
	var line []rune
	at := 0
	for _, r := range written {
		if r == '\r' {
			at = 0
			continue
		}
		if at == len(line) {
			line = append(line, r)
		} else {
			line[at] = r
		}
		at++
	}
	return strings.TrimRight(string(line), " ")
}

func TestBar(t *testing.T) {
	var out bytes.Buffer
	now := time.Unix(0, 0)
	b := newBar(&out, "Epoch 3", 1000, func() time.Time { return now })
	b.Set(1)
	if out.Len() > 0 {
		t.Errorf("drawn at once: %q", out.String())
	}
	draws := 0
	for i := range int64(500) { // five seconds
		now = now.Add(10 * time.Millisecond)
		before := out.Len()
		b.Set(i)
		if out.Len() > before {
			draws++
		}
	}
	if draws != 50 {
		t.Errorf("%d drawings in five seconds, want 50", draws)
	}
	now = now.Add(time.Second)
	b.Set(500)
	if got := screen(out.String()); !strings.HasPrefix(got, "Epoch 3 █") || !strings.HasSuffix(got, "░  50%  6s left") {
		t.Errorf("on the screen: %q", got)
	}
	if n := utf8.RuneCountInString(screen(out.String())); n > 79 {
		t.Errorf("%d characters, that wraps around", n)
	}
	b.Clear()
	if got := screen(out.String()); got != "" || !strings.HasSuffix(out.String(), "\r") {
		t.Errorf("left on the screen: %q", got)
	}
}

func TestBarSilent(t *testing.T) {
	var out bytes.Buffer
	b := NewBar(&out, "x", 10)
	time.Sleep(redraw + 10*time.Millisecond)
	b.Set(5)
	b.Clear()
	new(Bar).Set(1)
	if out.Len() > 0 {
		t.Errorf("not silent: %q", out.String())
	}
}

func TestBarLine(t *testing.T) {
	for _, c := range []struct {
		label       string
		done, total int64
		elapsed     time.Duration
		want        string // the end of the line
	}{
		{"a", 0, 10, time.Second, "   0%"},
		{"a", 1, 10, 10 * time.Second, "  10%  1m30s left"},
		{"a", 1, 1000, 10 * time.Second, "   0%  2h46m left"},
		{"a", 1, 1 << 60, 10 * time.Second, "left"},
		{"a", 20, 10, time.Second, " 100%  0s left"},
		{"a", -1, 10, time.Second, "   0%"},
		{"a", 5, 0, 3 * time.Second, "a  3s"},
		{strings.Repeat("long ", 40), 5, 10, time.Second, "long"},
	} {
		b := newBar(new(bytes.Buffer), c.label, c.total, time.Now)
		got := b.line(c.done, c.elapsed)
		if !strings.HasSuffix(got, c.want) || utf8.RuneCountInString(got) > 79 {
			t.Errorf("%d of %d after %v: %q, want %q at the end", c.done, c.total, c.elapsed, got, c.want)
		}
	}
}

func TestDigit(t *testing.T) {
	pixels := []byte{
		0, 255, 120,
		0, 255, 0,
		255, 0, 90,
	}
	var out bytes.Buffer
	if err := Digit(&out, pixels, 3); err != nil {
		t.Fatal(err)
	}
	if want := " █▀\n▀  \n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	lines := Lines(pixels, 3, true)
	want := "\x1b[38;5;16m\x1b[48;5;16m▀\x1b[38;5;231m\x1b[48;5;231m▀\x1b[38;5;243m\x1b[48;5;16m▀\x1b[0m"
	if len(lines) != 2 || lines[0] != want {
		t.Errorf("%q, want %q", lines, want)
	}
}

// TestGrey holds each shade to the nearest that a terminal of 256 colours has.
func TestGrey(t *testing.T) {
	value := func(color int) int {
		switch color {
		case 16:
			return 0
		case 231:
			return 255
		}
		return 8 + 10*(color-232)
	}
	for v := range 256 {
		got := max(v-value(grey(byte(v))), value(grey(byte(v)))-v)
		best := 255
		for _, c := range append([]int{16, 231}, 232, 233, 240, 250, 255) {
			best = min(best, max(v-value(c), value(c)-v))
		}
		if got > 8 || got > best+4 {
			t.Errorf("%d is drawn %d off", v, got)
		}
	}
}

func TestLinesMisuse(t *testing.T) {
	for _, cols := range []int{0, -1, 2} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("3 pixels in rows of %d: no panic", cols)
				}
			}()
			Lines(make([]byte, 3), cols, false)
		}()
	}
}
