//go:build !purego

package matrix

// vectorKernels returns those kernels of this file that the processor and the
// operating system support.
func vectorKernels() []*kernel {
	avx2, avx512 := features()
	dk := 400 // ten rows of so many elements are 32 KB: a first cache of 48 keeps them
	if firstCache() < 48<<10 {
		dk = 800 // a smaller one does not, so a tile had better go far
	}
	var ks []*kernel
	if avx2 {
		ks = append(ks, &kernel{
			name:  "avx2",
			tiles: tilesAVX2, mr: 6, nr: 8,
			dot: dotAVX2, dr: 3, dc: 4,
			dotv: dotvAVX2, vr: 8,
			axpy: axpyAVX, scale: scaleAVX, exponentials: expAVX, sigmoids: sigmoidAVX, bytesToFloats: widenAVX, transpose: transposeAVX, runs: runs256, rows: rows256, pool: poolAVX,
			kc: 256, mc: 96, nc: 2016, dk: 400,
			lanes: 4, unpacked: 512, dotStart: 20, packRows: 5,
		})
	}
	if avx2 && avx512 {
		ks = append(ks, &kernel{
			name:  "avx512",
			tiles: tilesAVX512, mr: 8, nr: 24,
			dot: dotAVX512, dr: 5, dc: 5,
			dotv: dotvAVX512, vr: 8,
			axpy: axpyAVX, scale: scaleAVX, exponentials: expAVX, sigmoids: sigmoidAVX, bytesToFloats: widenAVX, transpose: transposeAVX, runs: runs512, rows: rows512, pool: poolAVX,
			kc: 512, mc: 120, nc: 2016, dk: dk,
			lanes: 8, unpacked: 512, dotStart: 50, packRows: 10,
		})
	}
	return ks
}

// features asks the processor by CPUID whether it has AVX2 with FMA, and the
// parts of AVX-512 that the kernels use, F, DQ and VL; and by XGETBV whether the operating
// system saves the wider registers when it switches between threads. Without
// the second a program would find its sums overwritten.
func features() (avx2, avx512 bool) {
	const (
		fma, osxsave, avx   = 1 << 12, 1 << 27, 1 << 28     // leaf 1, ECX
		avx2bit, avx512bits = 1 << 5, 1<<16 | 1<<17 | 1<<31 // leaf 7, EBX; of AVX-512 F, DQ and VL
		ymm, zmm            = 0b110, 0b11100110             // XCR0: XMM and YMM; also opmask, ZMM0-15, ZMM16-31
	)
	if leaves, _, _, _ := cpuid(0, 0); leaves < 7 {
		return false, false
	}
	if _, _, c, _ := cpuid(1, 0); c&(fma|osxsave|avx) != fma|osxsave|avx {
		return false, false
	}
	_, b, _, _ := cpuid(7, 0)
	saved := xgetbv()
	avx2 = b&avx2bit != 0 && saved&ymm == ymm
	avx512 = b&avx512bits == avx512bits && saved&zmm == zmm
	return avx2, avx512
}

// firstCache returns the size of a core's first data cache in bytes, 0 if the processor
// does not tell. AMD and Intel tell it in the same form, in different leaves.
func firstCache() int {
	leaf := uint32(4)
	if highest, _, _, _ := cpuid(0x80000000, 0); highest >= 0x8000001d {
		leaf = 0x8000001d
	}
	for i := range uint32(8) {
		a, b, c, _ := cpuid(leaf, i)
		if kind, level := a&31, a>>5&7; kind == 1 && level == 1 { // data
			line, partitions, ways, sets := b&0xfff+1, b>>12&0x3ff+1, b>>22+1, c+1
			return int(line * partitions * ways * sets)
		}
	}
	return 0
}

// cpuid runs the instruction CPUID for one leaf.
func cpuid(eax, ecx uint32) (a, b, c, d uint32)

// xgetbv returns XCR0, the register sets that the operating system saves.
func xgetbv() uint32

//go:noescape
func tilesAVX2(t *block)

//go:noescape
func dotAVX2(t *block)

//go:noescape
func dotvAVX2(t *block)

//go:noescape
func tilesAVX512(t *block)

//go:noescape
func dotAVX512(t *block)

//go:noescape
func dotvAVX512(t *block)
