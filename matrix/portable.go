package matrix

// portable is the kernel in Go, which runs on every processor and which
// defines what the others do. A product is written float64(x*y) before it is added:
// elsewhere than on amd64 the compiler would fuse the two in some loops and not in
// others, and an element's last bit would depend on which loop computed it.
var portable = &kernel{
	name:  "portable",
	tiles: tilesGo, mr: 4, nr: 2,
	dot: dotGo, dr: 2, dc: 3,
	dotv: dotvGo, vr: 4,
	axpy: axpyGo, scale: scaleGo, exponentials: expGo, sigmoids: sigmoidGo, bytesToFloats: widenGo, transpose: transposeGo, runs: runsGo, rows: rowsGo, pool: poolGo,
	kc: 512, mc: 32, nc: 512, dk: 784, packsA: true,
	lanes: 1, unpacked: 4, dotStart: 8, packRows: 4,
}

// tilesGo is tiles in Go, by tiles of 4×2. Packed operands take the fast way.
func tilesGo(t *block) {
	for j := 0; j < t.cols; j += 2 {
		for i := 0; i < t.rows; i += 4 {
			tileGo(t, t.c[i*t.ldc+j:], t.a[i/4*t.an:], t.b[j/2*t.bn:], min(4, t.rows-i), min(2, t.cols-j))
		}
	}
}

// tileGo computes one tile of rows ≤ 4 and cols ≤ 2.
func tileGo(t *block, c, a, b []float64, rows, cols int) {
	if t.k < 1 {
		return
	}
	var sums [4][2]float64
	if t.ars == 1 && t.acs == 4 && t.ldb == 2 {
		sums = packed4x2(a[:4*t.k], b[:2*t.k])
	} else {
		for i := range rows {
			sums[i] = strided1x2(a[i*t.ars:], t.acs, b, t.ldb, cols, t.k)
		}
	}
	for i := range rows {
		put(c[i*t.ldc:], 1, sums[i][:cols], t.alpha, t.beta)
	}
}

// packed4x2 returns the 4×2 sums of packed operands, which lie in memory as
// they are read: a holds four elements for each step along k, b holds two.
// Eight sums and six operands fit the fifteen registers that Go has for them on
// amd64. The loop takes eight steps at a time; its condition tells the
// compiler that every index is within bounds, so that it checks none, and that
// something of a and b is left after them: else it would guard each new slice
// against pointing past the end of its memory, with five instructions more.
func packed4x2(a, b []float64) (t [4][2]float64) {
	var t00, t01, t10, t11, t20, t21, t30, t31 float64
	for len(a) > 32 && len(b) > 16 {
		x0, x1, x2, x3, y0, y1 := a[0], a[1], a[2], a[3], b[0], b[1]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[4], a[5], a[6], a[7], b[2], b[3]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[8], a[9], a[10], a[11], b[4], b[5]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[12], a[13], a[14], a[15], b[6], b[7]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[16], a[17], a[18], a[19], b[8], b[9]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[20], a[21], a[22], a[23], b[10], b[11]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[24], a[25], a[26], a[27], b[12], b[13]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		x0, x1, x2, x3, y0, y1 = a[28], a[29], a[30], a[31], b[14], b[15]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		a, b = a[32:], b[16:]
	}
	for len(a) >= 4 && len(b) >= 2 {
		x0, x1, x2, x3, y0, y1 := a[0], a[1], a[2], a[3], b[0], b[1]
		t00, t01 = t00+float64(x0*y0), t01+float64(x0*y1)
		t10, t11 = t10+float64(x1*y0), t11+float64(x1*y1)
		t20, t21 = t20+float64(x2*y0), t21+float64(x2*y1)
		t30, t31 = t30+float64(x3*y0), t31+float64(x3*y1)
		a, b = a[4:], b[2:]
	}
	return [4][2]float64{{t00, t01}, {t10, t11}, {t20, t21}, {t30, t31}}
}

// strided1x2 returns the sums of one row of a and up to two columns of b
// that lie anywhere.
func strided1x2(a []float64, acs int, b []float64, ldb, cols, k int) (t [2]float64) {
	for p := range k {
		x, y := a[p*acs], b[p*ldb:][:cols]
		for j, v := range y {
			t[j] += float64(x * v)
		}
	}
	return t
}

// dotGo is the dot tile in Go, 2×3, or a part of one.
func dotGo(t *block) {
	if t.rows < 1 || t.cols < 1 || t.k < 1 {
		return
	}
	if t.rows < 2 || t.cols < 3 {
		for i := range t.rows {
			for j := range t.cols {
				sum := dot1(t.a[i*t.ars:][:t.k], t.b[j*t.ldb:][:t.k])
				put(t.c[i*t.ldc+j:], 1, []float64{sum}, t.alpha, t.beta)
			}
		}
		return
	}
	k, a, b := t.k, t.a, t.b
	a0, a1 := a[:k], a[t.ars:][:k]
	b0, b1, b2 := b[:k], b[t.ldb:][:k], b[2*t.ldb:][:k]
	var t00, t01, t02, t10, t11, t12 float64
	for p, x0 := range a0 {
		x1, y0, y1, y2 := a1[p], b0[p], b1[p], b2[p]
		t00 += float64(x0 * y0)
		t01 += float64(x0 * y1)
		t02 += float64(x0 * y2)
		t10 += float64(x1 * y0)
		t11 += float64(x1 * y1)
		t12 += float64(x1 * y2)
	}
	t0, t1 := [3]float64{t00, t01, t02}, [3]float64{t10, t11, t12}
	put(t.c, 1, t0[:], t.alpha, t.beta)
	put(t.c[t.ldc:], 1, t1[:], t.alpha, t.beta)
}

// dotvGo is dotv in Go.
func dotvGo(t *block) {
	if t.rows < 1 || t.cols < 1 || t.k < 1 {
		return
	}
	a, b := t.a, t.b[:t.k]
	var sums [4]float64
	if t.rows == 4 {
		sums = dot4(a[:t.k], a[t.ars:][:t.k], a[2*t.ars:][:t.k], a[3*t.ars:][:t.k], b)
	} else {
		for i := range t.rows {
			sums[i] = dot1(a[i*t.ars:][:t.k], b)
		}
	}
	put(t.c, t.ldc, sums[:t.rows], t.alpha, t.beta)
}

// dot4 returns the products of four vectors with one: four sums at once, since each
// addition has to wait for the one before it in the same sum.
func dot4(a0, a1, a2, a3, b []float64) (t [4]float64) {
	a0, a1, a2, a3 = a0[:len(b)], a1[:len(b)], a2[:len(b)], a3[:len(b)]
	var t0, t1, t2, t3 float64
	for p, y := range b {
		t0 += float64(a0[p] * y)
		t1 += float64(a1[p] * y)
		t2 += float64(a2[p] * y)
		t3 += float64(a3[p] * y)
	}
	return [4]float64{t0, t1, t2, t3}
}

// dot1 returns the product of two vectors.
func dot1(a, b []float64) (t float64) {
	a = a[:len(b)]
	for p, y := range b {
		t += float64(a[p] * y)
	}
	return t
}

// put sets c to βc + αt, stride elements apart.
func put(c []float64, stride int, t []float64, alpha, beta float64) {
	for j, v := range t {
		s := float64(alpha * v)
		if beta != 0 {
			s += float64(beta * c[j*stride])
		}
		c[j*stride] = s
	}
}
