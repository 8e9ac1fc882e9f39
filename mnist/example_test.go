package mnist_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"nndl/mnist"
	"nndl/nn"
)

// The four files lie in data/mnist, gzipped or not.
func ExampleLoad() {
	training, validation, test, err := mnist.Load("data/mnist")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(training), len(validation), len(test)) // 50000 10000 10000

	first := training[0]
	fmt.Println(first.Label())  // 5
	fmt.Println(first.X().Rows) // 784
	fmt.Println(first.Y().Data) // [0 0 0 0 0 1 0 0 0 0]
}

// Everything that there is in a folder.
func ExampleOpen() {
	d, err := mnist.Open("data/mnist")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(d.Training), len(d.Validation), len(d.Test), "images of", d.Rows, "by", d.Cols)
}

// Where the images to train on are, under whatever name they came.
func ExamplePath() {
	path, err := mnist.Path("data/mnist", mnist.TrainImages)
	fmt.Println(path, err)
}

// An image and the four copies that are moved by one pixel.
func ExampleExpand() {
	image := nn.NewPixelExample([]byte{0, 0, 0, 0, 255, 0, 0, 0, 0}, 1, mnist.Classes) // 3×3
	for _, e := range mnist.Expand([]nn.Example{image}, 3, 3, nil) {
		pixels := mnist.Pixels(e)
		fmt.Println(pixels[:3], pixels[3:6], pixels[6:])
	}
	// Output:
	// [0 0 0] [0 255 0] [0 0 0]
	// [0 0 0] [0 0 0] [0 255 0]
	// [0 255 0] [0 0 0] [0 0 0]
	// [0 0 0] [0 0 255] [0 0 0]
	// [0 0 0] [255 0 0] [0 0 0]
}

// Synthetic digits: the same seed gives the same ones on every machine.
func ExampleDigits() {
	digits := mnist.Digits(1000, 7)
	e := digits[0]
	fmt.Println(len(digits), e.X().Rows, e.Y().Rows)
	// Output: 1000 784 10
}

func ExampleSynthetic() {
	training, test := mnist.Synthetic()
	fmt.Println(len(training), len(test))
	// Output: 10000 2000
}

func ExampleVectorizedResult() {
	fmt.Println(mnist.VectorizedResult(3).Data)
	// Output: [0 0 0 1 0 0 0 0 0 0]
}

// Two images of 2×2 pixels, written and read again.
func ExampleReadImages() {
	var file bytes.Buffer
	err := mnist.WriteImages(&file, &mnist.Images{Rows: 2, Cols: 2, Pixels: []byte{0, 255, 0, 255, 255, 0, 255, 0}})
	if err != nil {
		fmt.Println(err)
		return
	}
	im, err := mnist.ReadImages(&file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(im.Len(), "images of", im.Rows, "by", im.Cols)
	fmt.Println(im.Image(1))
	// Output:
	// 2 images of 2 by 2
	// [255 0 255 0]
}

// Images of one's own, in files that Load reads.
func ExampleWriteImages() {
	dir, err := os.MkdirTemp("", "nndl")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	write := func(name string, write func(io.Writer) error) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			fmt.Println(err)
			return
		}
		defer f.Close()
		if err := write(f); err != nil {
			fmt.Println(err)
		}
	}
	im := &mnist.Images{Rows: 1, Cols: 2, Pixels: []byte{255, 0, 0, 255, 128, 0}} // three images
	labels := []byte{7, 1, 7}
	for _, name := range []string{mnist.TrainImages, mnist.TestImages} {
		write(name, func(w io.Writer) error { return mnist.WriteImages(w, im) })
	}
	for _, name := range []string{mnist.TrainLabels, mnist.TestLabels} {
		write(name, func(w io.Writer) error { return mnist.WriteLabels(w, labels) })
	}

	_, _, test, err := mnist.Load(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range test {
		fmt.Println(e.Label(), e.X().Data)
	}
	// Output:
	// 7 [0.99609375 0]
	// 1 [0 0.99609375]
	// 7 [0.5 0]
}

// Made-up digits as a file of MNIST's form, for other programs.
func ExamplePixels() {
	var file bytes.Buffer
	im := &mnist.Images{Rows: mnist.Side, Cols: mnist.Side}
	for _, e := range mnist.Digits(5, 1) {
		im.Pixels = append(im.Pixels, mnist.Pixels(e)...)
	}
	if err := mnist.WriteImages(&file, im); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Len()) // a header of 16 bytes and 5·28·28
	// Output: 3936
}

// The header, eight bytes, says that there are labels and how many: three.
func ExampleReadLabels() {
	labels, err := mnist.ReadLabels(bytes.NewReader([]byte{0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4}))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(labels)
	// Output: [5 0 4]
}
