package term

import (
	"os"
	"syscall"
)

// virtualTerminal is ENABLE_VIRTUAL_TERMINAL_PROCESSING: the console
// understands escape sequences.
const virtualTerminal = 0x4

// columns reports whether f is a console. Its width is unknown: 0.
func columns(f *os.File) (n int, ok bool) {
	_, ok = mode(f)
	return 0, ok
}

// escapes reports whether the console f understands escape sequences.
func escapes(f *os.File) bool {
	m, ok := mode(f)
	return ok && m&virtualTerminal != 0
}

// mode returns the mode of the console f, and false if f is not one.
func mode(f *os.File) (m uint32, ok bool) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, false
	}
	conn.Control(func(fd uintptr) {
		ok = syscall.GetConsoleMode(syscall.Handle(fd), &m) == nil
	})
	return m, ok
}
