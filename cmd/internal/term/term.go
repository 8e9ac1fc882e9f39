// Package term is what the programs share for the screen: whether a writer is a terminal,
// a progress bar, and digits drawn in half-block characters.
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

// file returns w's file, nil if it has none.
func file(w io.Writer) *os.File {
	switch w := w.(type) {
	case *os.File:
		return w
	case *Output:
		return w.File
	}
	return nil
}

// IsTerminal reports whether w is a terminal. A pipe, a file, /dev/null and any writer that
// is neither an *os.File nor an [Output] are not.
func IsTerminal(w io.Writer) bool {
	f := file(w)
	if f == nil {
		return false
	}
	_, ok := columns(f)
	return ok
}

// Color reports whether colours may be written to w: w is a terminal that knows them, or
// CLICOLOR_FORCE is set to anything but 0 (https://bixense.com/clicolors); and NO_COLOR is
// not set (https://no-color.org).
func Color(w io.Writer) bool {
	if force := os.Getenv("CLICOLOR_FORCE"); force != "" && force != "0" && os.Getenv("NO_COLOR") == "" {
		return true
	}
	return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && !dumb() && escapes(file(w))
}

// Width returns how many characters fit on a line of w, 80 if w is not a terminal or does
// not say.
func Width(w io.Writer) int {
	if f := file(w); f != nil {
		if n, ok := columns(f); ok && n > 0 {
			return n
		}
	}
	return 80
}

// dumb reports whether the terminal cannot move its cursor, like a shell inside an
// editor.
func dumb() bool { return os.Getenv("TERM") == "dumb" }
