package matrix

// stretch is how many elements of a vector a call of assembly takes at most: see callWork.
const stretch = 1 << 17

// sum sets z to x + αy.
func (kr *kernel) sum(z, x, y []float64, alpha float64) {
	for len(x) > stretch {
		kr.sum(z[:stretch], x[:stretch], y[:stretch], alpha)
		z, x, y = z[stretch:], x[stretch:], y[stretch:]
	}
	kr.axpy(z[:len(x)], x, y[:len(x)], alpha)
}

// scaled sets z to αx.
func (kr *kernel) scaled(z, x []float64, alpha float64) {
	for len(x) > stretch {
		kr.scaled(z[:stretch], x[:stretch], alpha)
		z, x = z[stretch:], x[stretch:]
	}
	kr.scale(z[:len(x)], x, alpha)
}

// turn copies rows×cols elements of src to dst and turns them: see [kernel].transpose.
//
//go:noinline
func (kr *kernel) turn(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	kr.transpose(dst, ldd, src, lds, rows, cols)
}

// axpyGo is axpy in Go.
func axpyGo(z, x, y []float64, alpha float64) {
	z, y = z[:len(x)], y[:len(x)]
	for i, v := range x {
		z[i] = v + float64(alpha*y[i])
	}
}

// scaleGo is scale in Go.
func scaleGo(z, x []float64, alpha float64) {
	z = z[:len(x)]
	for i, v := range x {
		z[i] = alpha * v
	}
}

// transposeGo is transpose in Go, four rows at a time.
func transposeGo(dst []float64, ldd int, src []float64, lds, rows, cols int) {
	i := 0
	for ; i+4 <= rows; i += 4 {
		s0, s1, s2, s3 := src[i*lds:][:cols], src[(i+1)*lds:][:cols], src[(i+2)*lds:][:cols], src[(i+3)*lds:][:cols]
		for j, v := range s0 {
			d := (*[4]float64)(dst[j*ldd+i:])
			d[0], d[1], d[2], d[3] = v, s1[j], s2[j], s3[j]
		}
	}
	for ; i < rows; i++ {
		for j, v := range src[i*lds:][:cols] {
			dst[j*ldd+i] = v
		}
	}
}
