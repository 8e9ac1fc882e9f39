package chart

import (
	"math"
	"slices"
	"strconv"
)

// finite reports whether v can be drawn.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// bounds returns the smallest and the largest of the finite values, 0 and 1 if there
// are none.
func bounds(values ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, vs := range values {
		for _, v := range vs {
			if finite(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		return 0, 1
	}
	return lo, hi
}

// axis is a scale that maps values from lo to hi to screen coordinates from a to b.
type axis struct {
	lo, hi, a, b float64
	log          bool
	ticks        []float64
	step         float64 // between ticks
}

// newAxis returns an axis for values from lo to hi with about n ticks at round numbers,
// at whole numbers if whole is set. If wide is set, it ends at ticks.
func newAxis(lo, hi, a, b float64, n int, whole, wide bool) axis {
	if span := hi - lo; !(span > 1e-12*max(math.Abs(lo), math.Abs(hi))) || !finite(span) {
		pad := max(math.Abs(lo)/10, 0.5)
		lo, hi = lo-pad, lo+pad
	}
	step := niceStep((hi - lo) / float64(n))
	if whole {
		step = max(1, step)
	}
	first, last := math.Floor(lo/step+1e-9), math.Ceil(hi/step-1e-9) // despite rounding
	if wide {
		lo, hi = first*step, last*step
	}
	ax := axis{lo: lo, hi: hi, a: a, b: b, step: step}
	for k := first; k <= last && len(ax.ticks) < 100; k++ {
		if v := k * step; v >= lo-step*1e-9 && v <= hi+step*1e-9 {
			ax.ticks = append(ax.ticks, v+0) // +0: no −0
		}
	}
	return ax
}

// logAxis returns a logarithmic axis with ticks at the values themselves, fewer where
// their labels would touch. Only values above 0 can be drawn on it.
func logAxis(values []float64, a, b float64) axis {
	values = slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !finite(v) || v <= 0 })
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) == 0 {
		values = []float64{1, 10}
	}
	ax := axis{lo: values[0], hi: values[len(values)-1], a: a, b: b, log: true}
	if ax.lo == ax.hi {
		ax.lo, ax.hi = ax.lo/2, ax.hi*2
	}
	const room = 44 // pixels for a label
	for _, v := range values {
		if n := len(ax.ticks); n == 0 || ax.at(v)-ax.at(ax.ticks[n-1]) >= room {
			ax.ticks = append(ax.ticks, v)
		}
	}
	return ax
}

// decades returns a logarithmic axis with ticks at powers of ten, all of them or every
// second, fifth, …, or at 1, 2 and 5 times these if the values are close together.
func decades(a, b float64, values ...[]float64) axis {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, vs := range values {
		for _, v := range vs {
			if finite(v) && v > 0 {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		lo, hi = 1, 10
	}
	first, last := int(math.Floor(math.Log10(lo)+1e-9)), int(math.Ceil(math.Log10(hi)-1e-9))
	last = max(last, first+1)
	every, between := int(niceStep(float64(last-first)/8)), []float64{1}
	if last-first <= 2 {
		every, between = 1, []float64{1, 2, 5}
	}
	every = max(1, every)
	// The smallest and largest floats are not powers of ten.
	power := func(k int) float64 {
		return min(max(math.Pow(10, float64(k)), math.SmallestNonzeroFloat64), math.MaxFloat64)
	}
	ax := axis{lo: power(first), hi: power(last), a: a, b: b, log: true}
	for k := first; k <= last; k++ {
		for _, m := range between {
			if v := m * power(k); (k-first)%every == 0 && v <= ax.hi*(1+1e-9) {
				ax.ticks = append(ax.ticks, v)
			}
		}
	}
	return ax
}

// at returns where v is on the screen.
func (ax axis) at(v float64) float64 {
	lo, hi := ax.lo, ax.hi
	if ax.log {
		lo, hi, v = math.Log(lo), math.Log(hi), math.Log(v)
	}
	return ax.a + (v-lo)/(hi-lo)*(ax.b-ax.a)
}

// label writes a tick's value with enough decimals to tell the ticks apart.
func (ax axis) label(v float64) string {
	if a := math.Abs(v); ax.log || a >= 1e7 || ax.step < 1e-6 {
		return strconv.FormatFloat(v, 'g', 6, 64)
	}
	return strconv.FormatFloat(v, 'f', max(0, int(math.Ceil(-math.Log10(ax.step)-1e-9))), 64)
}

// niceStep returns the smallest of 1, 2, 5, 10, … times a power of ten that is
// at least step.
func niceStep(step float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(step)))
	if !(power > 0) || !finite(power) {
		return 1
	}
	for _, m := range []float64{1, 2, 5} {
		if m*power >= step*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}
