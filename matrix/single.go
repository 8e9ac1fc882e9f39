package matrix

import "nndl/matrix/internal/single"

// init gives package ladder a product that stays on one core.
func init() {
	single.Mul = func(c, a, b []float64, m, k, n int) {
		if len(c) == 0 || k == 0 {
			clear(c)
			return
		}
		w := workers.Get().(*worker)
		w.begin(c, operand{a, m, k, k, 1}, operand{b, k, n, n, 1}, 1, 0)
		w.run()
		workers.Put(w)
	}
}
