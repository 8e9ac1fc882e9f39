//go:build linux || darwin || freebsd || netbsd || dragonfly

package term

import (
	"os"
	"syscall"
	"unsafe"
)

// columns returns the width of the terminal f, and false if f is not one: only terminals
// answer when asked for the size of their window. os.ModeCharDevice would not do, since
// /dev/null is a character device too.
func columns(f *os.File) (n int, ok bool) {
	conn, err := f.SyscallConn()
	if err != nil {
		return 0, false
	}
	var size struct{ rows, cols, x, y uint16 }
	conn.Control(func(fd uintptr) {
		_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCGWINSZ, uintptr(unsafe.Pointer(&size)))
		ok = errno == 0
	})
	return int(size.cols), ok
}

// escapes reports whether the terminal f understands escape sequences.
func escapes(*os.File) bool { return true }
