//go:build !(linux || darwin || freebsd || netbsd || dragonfly || windows)

package term

import "os"

// columns reports whether f looks like a terminal: a character device that is not the
// null device. Its width is unknown: 0.
func columns(f *os.File) (n int, ok bool) {
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return 0, false
	}
	null, err := os.Stat(os.DevNull)
	return 0, err != nil || !os.SameFile(info, null)
}

// escapes reports whether the terminal f understands escape sequences.
func escapes(*os.File) bool { return true }
