package mnist

import (
	"fmt"
	"path/filepath"

	"nndl/matrix"
	"nndl/nn"
)

// Classes is how many digits there are.
const Classes = 10

// Data holds the digits of one folder.
type Data struct {
	Training, Validation, Test []nn.Example
	Rows, Cols                 int    // of an image, in pixels
	Dir                        string // the folder
}

// Open reads the four files of the folder dir and splits them as the book does: the
// first 50,000 images to train on, the next 10,000 to validate, and the 10,000
// test images, all in the order of the files. If there are not 60,000 training
// images, the last sixth of them is the validation set. Images may be of any
// size, but all of one.
func Open(dir string) (Data, error) {
	if err := complete(dir); err != nil {
		return Data{}, err
	}
	trainImages, train, err := loadSet(dir, TrainImages, TrainLabels)
	if err != nil {
		return Data{}, err
	}
	testImages, test, err := loadSet(dir, TestImages, TestLabels)
	if err != nil {
		return Data{}, err
	}
	if trainImages.Rows != testImages.Rows || trainImages.Cols != testImages.Cols {
		return Data{}, fmt.Errorf("%s: images of %d×%d pixels, but those of %s are %d×%d", filepath.Join(dir, TestImages),
			testImages.Rows, testImages.Cols, TrainImages, trainImages.Rows, trainImages.Cols)
	}
	split := len(train) - len(train)/6
	return Data{train[:split:split], train[split:], test, trainImages.Rows, trainImages.Cols, dir}, nil
}

// Load is load_data_wrapper of the book's mnist_loader.py: [Open] without the rest.
func Load(dir string) (training, validation, test []nn.Example, err error) {
	d, err := Open(dir)
	return d.Training, d.Validation, d.Test, err
}

// loadSet reads a file of images and the file of their labels.
func loadSet(dir, images, labels string) (*Images, []nn.Example, error) {
	im, err := readFile(dir, images, ReadImages)
	if err != nil {
		return nil, nil, err
	}
	ls, err := readFile(dir, labels, ReadLabels)
	if err != nil {
		return nil, nil, err
	}
	if im.Len() != len(ls) {
		return nil, nil, fmt.Errorf("%s: %d labels, but %s has %d images", filepath.Join(dir, labels), len(ls), images, im.Len())
	}
	examples := make([]nn.Example, im.Len())
	for i := range examples {
		examples[i] = nn.NewPixelExample(im.Image(i), int(ls[i]), Classes)
	}
	return im, examples, nil
}

// Pixels returns the image of an example, row by row: 0 is background, 255 ink. It turns the
// inputs, byte/256, back into bytes.
func Pixels(e nn.Example) []byte {
	x := e.X().Data
	pixels := make([]byte, len(x))
	for i, v := range x {
		pixels[i] = byte(v * 256)
	}
	return pixels
}

// VectorizedResult returns the target for digit j, 10×1: 1 at j and 0 elsewhere.
func VectorizedResult(j int) *matrix.Matrix { return nn.NewPixelExample(nil, j, Classes).Y() }
