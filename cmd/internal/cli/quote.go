package cli

import (
	"regexp"
	"runtime"
	"strings"
)

var plain = regexp.MustCompile(`^[\pL\pN_./:,=@%+\\-]+$`)

// Quote returns an argument so that it can be pasted into a shell: as it is, or in quotes.
func Quote(arg string) string {
	switch {
	case runtime.GOOS == "windows":
		if plain.MatchString(arg) {
			return arg
		}
		return `"` + arg + `"`
	case plain.MatchString(arg) && !strings.Contains(arg, `\`):
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
