// Package term is what the programs share of the screen: whether a writer is a
// terminal, a progress bar, and digits drawn in half-block characters.
package term

import (
	"io"
	"os"
)

// Output is a file, standard output, that remembers the first error in writing to it.
type Output struct {
	File *os.File
	Err  error
}

func (o *Output) Write(p []byte) (int, error) {
	n, err := o.File.Write(p)
	if o.Err == nil {
		o.Err = err
	}
	return n, err
}

// file returns the file that w is, nil if it is none.
func file(w io.Writer) *os.File {
	switch w := w.(type) {
	case *os.File:
		return w
	case *Output:
		return w.File
	}
	return nil
}

// IsTerminal reports whether w is a terminal, a screen with a person before it.
// A pipe, a file, /dev/null and any writer that is neither an *os.File nor an
// [Output] are none.
func IsTerminal(w io.Writer) bool {
	f := file(w)
	if f == nil {
		return false
	}
	_, ok := columns(f)
	return ok
}

// Color reports whether colours may be written to w: it is a terminal that
// knows them, or the user has set CLICOLOR_FORCE to anything but 0
// (https://bixense.com/clicolors), and has not set NO_COLOR to anything
// (https://no-color.org).
func Color(w io.Writer) bool {
	if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" && os.Getenv("NO_COLOR") == "" {
		return true
	}
	return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && !dumb() && escapes(file(w))
}

// Width returns how many characters fit on a line of w: 80 if it is no terminal
// or does not tell.
func Width(w io.Writer) int {
	if f := file(w); f != nil {
		if n, ok := columns(f); ok && n > 0 {
			return n
		}
	}
	return 80
}

// dumb reports whether the terminal is one that cannot move its cursor, such as
// the shell inside an editor.
func dumb() bool { return os.Getenv("TERM") == "dumb" }
