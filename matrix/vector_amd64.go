//go:build !purego

package matrix

// axpyAVX is kernel.axpy.
func axpyAVX(z, x, y []float64, alpha float64) {
	n := len(x) &^ 7
	if n > 0 {
		axpyAVX8(&z[0], &x[0], &y[0], n, alpha)
	}
	axpyGo(z[n:], x[n:], y[n:], alpha)
}

// scaleAVX is kernel.scale.
func scaleAVX(z, x []float64, alpha float64) {
	n := len(x) &^ 7
	if n > 0 {
		scaleAVX8(&z[0], &x[0], n, alpha)
	}
	scaleGo(z[n:], x[n:], alpha)
}

// transposeAVX is kernel.transpose, four rows at a time.
func transposeAVX(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	if cols == 0 {
		return
	}
	i := 0
	for ; i+4 <= rows; i += 4 {
		transposeAVX4(&dst[i], ldd, &src[i*lds], lds, cols)
	}
	if i < rows {
		transposeGo(dst[i:], ldd, src[i*lds:], lds, rows-i, cols)
	}
}

// runs256 and runs512 are kernel.runs.
func runs256(r *Runs, first, end int, y, x []float64, n int) {
	if n < 4 {
		runsGo(r, first, end, y, x, n)
	} else {
		runsAVX2(r, first, end, &y[0], &x[0], n)
	}
}

func runs512(r *Runs, first, end int, y, x []float64, n int) {
	if n < 8 {
		runs256(r, first, end, y, x, n)
	} else {
		runsAVX512(r, first, end, &y[0], &x[0], n)
	}
}

// rows256 and rows512 are kernel.rows.
func rows256(y, x []float64, n int, alpha []float64, at []int, stride int) {
	if n < 4 {
		rowsGo(y, x, n, alpha, at, stride)
	} else {
		rowsAVX2(&y[0], &x[0], &alpha[0], &at[0], len(y)/n, (len(alpha)+stride-1)/stride, stride, n)
	}
}

func rows512(y, x []float64, n int, alpha []float64, at []int, stride int) {
	if n < 8 {
		rows256(y, x, n, alpha, at, stride)
	} else {
		rowsAVX512(&y[0], &x[0], &alpha[0], &at[0], len(y)/n, (len(alpha)+stride-1)/stride, stride, n)
	}
}

// poolAVX is kernel.pool.
func poolAVX(z []float64, at []int, x []float64, w windows) {
	n := w.maps &^ 3
	if n > 0 && w.count > 0 {
		poolAVX2(&z[0], &at[0], &x[0], n, w)
	}
	poolFrom(n, z, at, x, w)
}

//go:noescape
func poolAVX2(z *float64, at *int, x *float64, n int, w windows)

//go:noescape
func rowsAVX2(y, x, alpha *float64, at *int, rows, terms, stride, n int)

//go:noescape
func rowsAVX512(y, x, alpha *float64, at *int, rows, terms, stride, n int)

//go:noescape
func runsAVX2(r *Runs, first, end int, y, x *float64, n int)

//go:noescape
func runsAVX512(r *Runs, first, end int, y, x *float64, n int)

//go:noescape
func axpyAVX8(z, x, y *float64, n int, alpha float64)

//go:noescape
func scaleAVX8(z, x *float64, n int, alpha float64)

//go:noescape
func transposeAVX4(dst *float64, ldd int, src *float64, lds, cols int)
