//go:build linux || darwin || freebsd || netbsd || dragonfly

package term

import (
	"os"
	"syscall"
	"unsafe"
)

// columns returns the width of the terminal f, and false if f is none: the
// question for the size of the window is one that only terminals answer.
// os.ModeCharDevice would not do, /dev/null is such a device as well.
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
