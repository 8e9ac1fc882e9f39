package mnist

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"nndl/matrix"
	"nndl/nn"
)

// idx returns an IDX file: the magic number, the sizes and the data.
func idx(magic uint32, sizes []uint32, data ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magic)
	for _, s := range sizes {
		b = binary.BigEndian.AppendUint32(b, s)
	}
	return append(b, data...)
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

var (
	goodImages = idx(imagesMagic, []uint32{2, 2, 3}, 0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 11)
	goodLabels = idx(labelsMagic, []uint32{2}, 7, 0)
)

// badImages and badLabels are files that must be refused, each with what the error says.
var badImages = []struct {
	name string
	data []byte
	want string
}{
	{"empty", nil, "empty file"},
	{"one byte", []byte{0}, "cut short in the header"},
	{"only a magic number", idx(imagesMagic, nil), "cut short in the header"},
	{"two sizes", idx(imagesMagic, []uint32{2, 2}), "cut short in the header"},
	{"no data", idx(imagesMagic, []uint32{2, 2, 3}), "0 bytes of data, the header promises 12"},
	{"one byte short", goodImages[:len(goodImages)-1], "11 bytes of data, the header promises 12"},
	{"trailing byte", append(bytes.Clone(goodImages), 0), "more data than the 12 bytes"},
	{"labels", goodLabels, "this is an IDX file of labels, not an IDX file of images"},
	{"two dimensions", idx(0x0802, []uint32{2, 2}), "2 dimensions, want 3"},
	{"floats", idx(0x0d03, []uint32{2, 2, 3}), "type 0x0d, want unsigned bytes"},
	{"text", []byte("<html>not found</html>"), "this is a web page"},
	{"little-endian", idx(0x03080000, []uint32{2, 2, 3}), "not an IDX file"},
	{"no images", idx(imagesMagic, []uint32{0, 28, 28}), "0 images of 28×28"},
	{"no rows", idx(imagesMagic, []uint32{2, 0, 28}), "2 images of 0×28"},
	{"no columns", idx(imagesMagic, []uint32{2, 28, 0}), "2 images of 28×0"},
	{"4 billion images", idx(imagesMagic, []uint32{1<<32 - 1, 28, 28}, 1, 2, 3), "4294967295 images of 28×28 pixels, more than fit in 1073741824 bytes"},
	{"134 million pixels as images", idx(imagesMagic, []uint32{1 << 27, 1, 1}, 1, 2, 3), "134217728 images of 1×1 pixels, more than fit"},
	{"a promise at the cap", idx(imagesMagic, []uint32{1 << 10, 1 << 10, 1<<10 - 1}, 1, 2, 3), "3 bytes of data, the header promises 1072693248"},
	{"a promise above the cap", idx(imagesMagic, []uint32{1 << 10, 1 << 10, 1 << 10}, 1, 2, 3), "more than fit"},
	{"sizes that overflow", idx(imagesMagic, []uint32{1<<32 - 1, 1<<32 - 1, 1<<32 - 1}), "more than fit"},
	{"sizes that wrap to 0", idx(imagesMagic, []uint32{1 << 31, 1 << 31, 4}), "more than fit"},
	{"gzip header alone", gzipped(goodImages)[:10], "cut short"},
	{"gzip cut in the header", gzipped(goodImages)[:5], "cut short"},
	{"gzip cut in the data", gzipped(goodImages)[:20], "cut short"},
	{"gzip cut in the checksum", gzipped(goodImages)[:len(gzipped(goodImages))-3], "cut short"},
	{"gzip with a wrong checksum", flip(gzipped(goodImages), -6), "checksum"},
	{"gzip of garbage", append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, "garbage"...), "damaged"},
	{"gzip with garbage behind", append(gzipped(goodImages), "garbage"...), "after the gzip data come other bytes"},
	{"gzip with zeros and more behind", append(append(gzipped(goodImages), make([]byte, 20)...), 1), "after the gzip data come other bytes"},
	{"a zip archive", []byte("PK\x03\x04\x00\x00\x00\x00\x00\x00"), "zip archive"},
}

var badLabels = []struct {
	name string
	data []byte
	want string
}{
	{"a label of 10", idx(labelsMagic, []uint32{3}, 1, 10, 2), "label 1 is 10, want 0 to 9"},
	{"images", goodImages, "this is an IDX file of images, not an IDX file of labels"},
	{"one short", idx(labelsMagic, []uint32{3}, 1, 2), "2 bytes of data, the header promises 3"},
	{"one more", idx(labelsMagic, []uint32{1}, 1, 2), "more data than the 1 bytes"},
	{"4 billion", idx(labelsMagic, []uint32{1<<32 - 1}, 1, 2), "promises 4294967295 labels, want at most"},
}

// flip returns b with a bit of the byte at i turned, counted from the end if i < 0.
func flip(b []byte, i int) []byte {
	if i < 0 {
		i += len(b)
	}
	b[i] ^= 0x10
	return b
}

func TestReadBad(t *testing.T) {
	for _, c := range badImages {
		_, err := ReadImages(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("images, %s: error %v, want %q", c.name, err, c.want)
		}
	}
	for _, c := range badLabels {
		_, err := ReadLabels(bytes.NewReader(c.data))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("labels, %s: error %v, want %q", c.name, err, c.want)
		}
	}
}

// TestTruncatedAnywhere cuts good files at every byte.
func TestTruncatedAnywhere(t *testing.T) {
	for _, good := range [][]byte{goodImages, gzipped(goodImages)} {
		for i := range good {
			if _, err := ReadImages(bytes.NewReader(good[:i])); err == nil {
				t.Errorf("%d of %d bytes of images were accepted", i, len(good))
			}
		}
	}
	for _, good := range [][]byte{goodLabels, gzipped(goodLabels)} {
		for i := range good {
			if _, err := ReadLabels(bytes.NewReader(good[:i])); err == nil {
				t.Errorf("%d of %d bytes of labels were accepted", i, len(good))
			}
		}
	}
}

// TestPromiseCostsNothing holds that a header that promises a GiB costs no memory.
func TestPromiseCostsNothing(t *testing.T) {
	data := idx(imagesMagic, []uint32{1 << 10, 1 << 10, 1000}, make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := ReadImages(bytes.NewReader(data)); err == nil {
		t.Error("accepted")
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
		t.Errorf("%d bytes allocated for %d bytes of file", got, len(data))
	}
}

func TestReadGood(t *testing.T) {
	padded := append(gzipped(goodImages), make([]byte, 512)...) // as on a tape
	for _, data := range [][]byte{goodImages, gzipped(goodImages), padded, gzipped(gzipped(goodImages))} {
		im, err := ReadImages(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if im.Rows != 2 || im.Cols != 3 || im.Len() != 2 || !bytes.Equal(im.Image(1), []byte{6, 7, 8, 9, 10, 11}) {
			t.Errorf("read %+v", im)
		}
	}
	labels, err := ReadLabels(bytes.NewReader(gzipped(goodLabels)))
	if err != nil || !bytes.Equal(labels, []byte{7, 0}) {
		t.Errorf("labels %v, %v", labels, err)
	}
	// More than the first block of memory, so that it has to grow.
	const n = 300_000
	big := idx(imagesMagic, []uint32{n, 1, 1}, make([]byte, n)...)
	big[len(big)-1] = 9
	if im, err := ReadImages(bytes.NewReader(big)); err != nil || im.Len() != n || im.Image(n - 1)[0] != 9 {
		t.Errorf("%d images: %v", n, err)
	}
}

// writeSet writes four files of synthetic images, the test set with its own size.
func writeSet(t *testing.T, training, test, rows, cols int) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	images := func(n int) []byte {
		return idx(imagesMagic, []uint32{uint32(n), uint32(rows), uint32(cols)}, bytes.Repeat([]byte{128}, n*rows*cols)...)
	}
	labels := func(n int) []byte {
		ls := make([]byte, n)
		for i := range ls {
			ls[i] = byte(i % 10)
		}
		return idx(labelsMagic, []uint32{uint32(n)}, ls...)
	}
	write(TrainImages+".gz", gzipped(images(training)))
	write(TrainLabels, labels(training))
	write(TestImages, images(test))
	write(TestLabels+".gz", gzipped(labels(test)))
	return dir
}

// TestWriteImagesPanics holds that nothing is written that ReadImages would refuse.
func TestWriteImagesPanics(t *testing.T) {
	for _, im := range []*Images{{2, 2, make([]byte, 5)}, {2, 2, nil}, {0, 2, nil}, {2, -2, make([]byte, 4)}} {
		func() {
			var out bytes.Buffer
			defer func() {
				if recover() == nil || out.Len() > 0 {
					t.Errorf("%d pixels for pictures of %d×%d: no panic, or bytes written: %d", len(im.Pixels), im.Rows, im.Cols, out.Len())
				}
			}()
			WriteImages(&out, im)
		}()
	}
}

func TestLoad(t *testing.T) {
	training, validation, test, err := Load(writeSet(t, 20, 4, 3, 5))
	if err != nil {
		t.Fatal(err)
	}
	if len(training) != 17 || len(validation) != 3 || len(test) != 4 {
		t.Errorf("%d, %d, %d examples, want 17, 3, 4: the last sixth validates", len(training), len(validation), len(test))
	}
	if x := training[0].X(); x.Rows != 15 || x.At(14, 0) != 0.5 {
		t.Errorf("x is %d×%d, its last pixel %g: want 15×1 and 128/256", x.Rows, x.Cols, x.At(14, 0))
	}
	if y := validation[0].Y(); y.Rows != 10 || y.At(7, 0) != 1 || validation[0].Label() != 7 {
		t.Errorf("the 18th example: y %v, label %d, want 7", y, validation[0].Label())
	}
}

func TestLoadBad(t *testing.T) {
	for _, c := range []struct {
		name, file string
		data       []byte // nil: remove the file
		want       string
	}{
		{"missing", TrainLabels, nil, "not there"},
		{"missing .gz", TestLabels + ".gz", nil, "not there"},
		{"counts that differ", TrainLabels, goodLabels, "2 labels, but train-images-idx3-ubyte has 20 images"},
		{"another size", TestImages, idx(imagesMagic, []uint32{4, 1, 1}, 1, 2, 3, 4), "images of 1×1 pixels, but those of train-images-idx3-ubyte are 3×5"},
		{"not gzip", TestLabels + ".gz", []byte("<html>"), "a web page"},
		{"a bad label", TrainLabels, idx(labelsMagic, []uint32{1}, 99), "label 0 is 99"},
	} {
		dir := writeSet(t, 20, 4, 3, 5)
		file := filepath.Join(dir, c.file)
		var err error
		if c.data == nil {
			err = os.Remove(file)
		} else {
			err = os.WriteFile(file, c.data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, err = Load(dir)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), strings.TrimSuffix(file, ".gz")) {
			t.Errorf("%s: error %v, want the file's name and %q", c.name, err, c.want)
		}
	}
}

// TestPixels holds that every byte comes back.
func TestPixels(t *testing.T) {
	want := make([]byte, 256)
	for i := range want {
		want[i] = byte(i)
	}
	if got := Pixels(nn.NewPixelExample(want, 3, Classes)); !bytes.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// TestNames checks that the files are found under the names that browsers and unpackers give,
// and that the right one is taken when there are several.
func TestNames(t *testing.T) {
	write := func(dir, name string) {
		t.Helper()
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ files, want string }{
		{"train-images-idx3-ubyte", "train-images-idx3-ubyte"},
		{"train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"},
		{"train-images-idx3-ubyte;train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"},
		{"train-images.idx3-ubyte", "train-images.idx3-ubyte"},
		{"train-images.idx3-ubyte.gz", "train-images.idx3-ubyte.gz"},
		{"train-images.idx3-ubyte;train-images-idx3-ubyte", "train-images-idx3-ubyte"},
		{"Train-Images-idx3-ubyte.GZ", "Train-Images-idx3-ubyte.GZ"},
		{"train-images-idx3-ubyte (1).gz", "train-images-idx3-ubyte (1).gz"},
		{"train-images-idx3-ubyte(2).gz", "train-images-idx3-ubyte(2).gz"},
		{"train-images-idx3-ubyte.gz (1)", "train-images-idx3-ubyte.gz (1)"},
		{"train-images-idx3-ubyte 2.gz", "train-images-idx3-ubyte 2.gz"},
		{"train-images-idx3-ubyte copy.gz", "train-images-idx3-ubyte copy.gz"},
		{"train-images-idx3-ubyte - Copy (3).gz", "train-images-idx3-ubyte - Copy (3).gz"},
		{"train-images-idx3-ubyte (1).gz;train-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"},
		{"train-images-idx3-ubyte/train-images.idx3-ubyte", "train-images-idx3-ubyte/train-images.idx3-ubyte"},
		{"train-images-idx3-ubyte/train-images-idx3-ubyte", "train-images-idx3-ubyte/train-images-idx3-ubyte"},
		{"train-images-idx3-ubyte.gz/x;train-images-idx3-ubyte", "train-images-idx3-ubyte"},
		{"MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-images-idx3-ubyte"},
		{"raw/train-images-idx3-ubyte.gz", "raw/train-images-idx3-ubyte.gz"},
		{"FashionMNIST/raw/train-images-idx3-ubyte", ""},
		{"train-labels-idx1-ubyte;t10k-images-idx3-ubyte", ""},
		{"xtrain-images-idx3-ubyte", ""},
		{"train-images-idx3-ubyte-old", ""},
	} {
		dir := t.TempDir()
		for name := range strings.SplitSeq(c.files, ";") {
			write(dir, name)
		}
		got, err := Path(dir, TrainImages)
		switch {
		case c.want == "" && !errors.Is(err, fs.ErrNotExist):
			t.Errorf("%s: found %s, %v", c.files, got, err)
		case c.want != "" && (err != nil || got != filepath.Join(dir, filepath.FromSlash(c.want))):
			t.Errorf("%s: found %s, %v, want %s", c.files, got, err, c.want)
		}
	}
}

// TestForeign checks that files which are something else are named for what they are.
func TestForeign(t *testing.T) {
	for name, want := range map[string]string{
		"": "train-images-idx3-ubyte: not there, neither plain nor with .gz",
		"emnist-digits-train-images-idx3-ubyte.gz": "is of EMNIST",
		"mnist.pkl.gz":    "the book's data as a Python pickle",
		"mnist.npz":       "Keras's copy",
		"mnist_train.csv": "is a table",
		"archive.zip":     "has to be unpacked",
	} {
		dir := t.TempDir()
		if name != "" {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		_, err := Open(dir)
		if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nowhere")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("no folder: %v", err)
	}
}

// TestOpen checks what Load leaves out, and that a missing file is told before the others
// are read.
func TestOpen(t *testing.T) {
	dir := writeSet(t, 6, 1, 2, 3)
	d, err := Open(dir)
	if err != nil || d.Rows != 2 || d.Cols != 3 || d.Dir != dir || len(d.Training) != 5 || len(d.Validation) != 1 || len(d.Test) != 1 {
		t.Errorf("%d×%d, %s, %d, %d, %d examples, %v", d.Rows, d.Cols, d.Dir, len(d.Training), len(d.Validation), len(d.Test), err)
	}
	if err := os.Remove(filepath.Join(dir, TestLabels+".gz")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, TrainLabels), []byte("broken"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), TestLabels+": not there") {
		t.Errorf("three files of four: %v", err)
	}
}

func TestVectorizedResult(t *testing.T) {
	want := matrix.FromSlice(10, 1, []float64{0, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	if y := VectorizedResult(3); !y.Equal(want) {
		t.Errorf("%v, want 1 at 3", y)
	}
}

// TestRealDigits holds the split and the label counts of the book's data.
func TestRealDigits(t *testing.T) {
	dir := os.Getenv("NNDL_MNIST")
	if dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	training, validation, test, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		data []nn.Example
		want [10]int
	}{
		{"training", training, [10]int{4932, 5678, 4968, 5101, 4859, 4506, 4951, 5175, 4842, 4988}},
		{"validation", validation, [10]int{991, 1064, 990, 1030, 983, 915, 967, 1090, 1009, 961}},
		{"test", test, [10]int{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009}},
	} {
		var got [10]int
		for _, e := range c.data {
			got[e.Label()]++
		}
		if got != c.want {
			t.Errorf("%s: labels %v, want %v", c.name, got, c.want)
		}
	}
	brightest := 0.0
	for _, e := range test[:100] {
		for _, v := range e.X().Data {
			brightest = max(brightest, v)
		}
	}
	if brightest != 255.0/256 {
		t.Errorf("the brightest pixel is %g, want 255/256", brightest)
	}
}
