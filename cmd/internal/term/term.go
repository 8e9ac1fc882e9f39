// Package term is what the programs share of the screen: whether a writer is a
// terminal, a progress bar, and digits drawn in half-block characters.
package term

import (
	"io"
	"os"
)

// IsTerminal reports whether w is a terminal, a screen with a person before it.
// A pipe, a file, /dev/null and any writer that is no *os.File are none.
func IsTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || f == nil {
		return false
	}
	_, ok = columns(f)
	return ok
}

// Color reports whether colours may be written to w: it is a terminal that
// knows them, and the user has not set NO_COLOR to anything (https://no-color.org).
func Color(w io.Writer) bool {
	return IsTerminal(w) && os.Getenv("NO_COLOR") == "" && !dumb() && escapes(w.(*os.File))
}

// Width returns how many characters fit on a line of w: 80 if it is no terminal
// or does not tell.
func Width(w io.Writer) int {
	if f, ok := w.(*os.File); ok && f != nil {
		if n, ok := columns(f); ok && n > 0 {
			return n
		}
	}
	return 80
}

// dumb reports whether the terminal is one that cannot move its cursor, such as
// the shell inside an editor.
func dumb() bool { return os.Getenv("TERM") == "dumb" }
