//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package files

import (
	"os"
	"time"
)

func lock(*os.File) {}

// abandoned reports whether the temporary file has not been written to for an hour.
// Windows refuses to remove a file in use in any case.
func abandoned(name string) bool {
	info, err := os.Stat(name)
	return err == nil && time.Since(info.ModTime()) > time.Hour
}
