package tour

import (
	"fmt"
	"math"
	"strings"

	"nndl/matrix"
)

// Shape returns the shape of x: 30×784.
func Shape(x *matrix.Matrix) string { return fmt.Sprintf("%d×%d", x.Rows, x.Cols) }

// Super returns n in superscript, as in w².
func Super(n int) string {
	var s strings.Builder
	for _, d := range fmt.Sprint(n) {
		s.WriteRune([]rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[d-'0'])
	}
	return s.String()
}

// Number writes v in at most seven characters: with three decimals, or in powers of ten if
// it is too small or too large for that. Exactly 0 and 1 have no decimals; 1.000 is a
// number that rounds to 1.
func Number(v float64) string {
	size, s := math.Abs(v), ""
	switch {
	case v == 0:
		return "0" // also for −0
	case size == 1:
		s = fmt.Sprint(v)
	case size < 0.0005 && size > 1e-9, size >= 9999.5 && size < 1e9:
		s = fmt.Sprintf("%.1e", v)
	case size < 0.0005, size >= 9999.5:
		s = fmt.Sprintf("%.0e", v)
	case size >= 99.95:
		s = fmt.Sprintf("%.1f", v)
	default:
		s = fmt.Sprintf("%.3f", v)
	}
	return strings.NewReplacer("e-0", "e-", "e+0", "e+").Replace(s)
}
