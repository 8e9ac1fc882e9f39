package mnist

import (
	"bytes"
	"io"
	"runtime"
	"testing"

	"nndl/nn/sniff"
)

// seed gives a fuzzer the good files and the bad ones, plain and gzipped.
func seed(f *testing.F) {
	for _, data := range [][]byte{goodImages, goodLabels} {
		f.Add(data)
		f.Add(gzipped(data))
	}
	for _, c := range badImages {
		f.Add(c.data)
		f.Add(gzipped(c.data))
	}
	for _, c := range badLabels {
		f.Add(c.data)
		f.Add(gzipped(c.data))
	}
}

// FuzzImages reads anything as images. What is accepted makes sense, and writing
// it gives the bytes that it was read from.
func FuzzImages(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		im, err := ReadImages(bytes.NewReader(data))
		if err != nil {
			return
		}
		if im.Rows < 1 || im.Cols < 1 || im.Len() < 1 || im.Len()*im.Rows*im.Cols != len(im.Pixels) {
			t.Fatalf("accepted %d×%d with %d bytes", im.Rows, im.Cols, len(im.Pixels))
		}
		var out bytes.Buffer
		if err := WriteImages(&out, im); err != nil {
			t.Fatal(err)
		}
		wantSame(t, out.Bytes(), data)
	})
}

// FuzzLabels reads anything as labels, as FuzzImages does.
func FuzzLabels(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		labels, err := ReadLabels(bytes.NewReader(data))
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := WriteLabels(&out, labels); err != nil {
			t.Fatal(err)
		}
		wantSame(t, out.Bytes(), data)
	})
}

// FuzzGzip zips what the fuzzer makes, so that it gets past the checksum: a
// gzipped file and a plain one must give the same.
func FuzzGzip(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
			return // gzip in gzip is unpacked as well
		}
		fromPlain, err := ReadImages(bytes.NewReader(data))
		fromZip, zipErr := ReadImages(bytes.NewReader(gzipped(data)))
		if (err == nil) != (zipErr == nil) {
			t.Fatalf("plain: %v; gzipped: %v", err, zipErr)
		}
		if err == nil && (fromPlain.Rows != fromZip.Rows || !bytes.Equal(fromPlain.Pixels, fromZip.Pixels)) {
			t.Fatal("plain and gzipped give different images")
		}
	})
}

// wantSame holds that data, unzipped if it is gzipped, is what was written.
func wantSame(t *testing.T, wrote, data []byte) {
	t.Helper()
	r, err := sniff.Open(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if data, err = io.ReadAll(r); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(wrote, data) {
		t.Fatalf("read % x, wrote % x", data, wrote)
	}
}

// TestMemory holds that reading costs a small multiple of the file, a good one and
// one that breaks off.
func TestMemory(t *testing.T) {
	const n = 10_000
	good := idx(imagesMagic, []uint32{n, 28, 28}, make([]byte, n*784)...)
	for _, data := range [][]byte{good, good[:len(good)/3], good[:len(good)/9], good[:16]} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		ReadImages(bytes.NewReader(data))
		runtime.ReadMemStats(&after)
		if got, most := after.TotalAlloc-before.TotalAlloc, uint64(9*len(data)+1<<18); got > most {
			t.Errorf("%d bytes allocated for %d of file, want at most %d", got, len(data), most)
		}
	}
}
