package mnist

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nndl/matrix"
	"nndl/nn"
)

// Classes is how many digits there are.
const Classes = 10

// The four files of the database; each may be gzipped, then with .gz at the end.
const (
	TrainImages = "train-images-idx3-ubyte"
	TrainLabels = "train-labels-idx1-ubyte"
	TestImages  = "t10k-images-idx3-ubyte"
	TestLabels  = "t10k-labels-idx1-ubyte"
)

// Data are the digits of one folder.
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
	trainImages, train, err := loadSet(dir, TrainImages, TrainLabels)
	if err != nil {
		return Data{}, err
	}
	testImages, test, err := loadSet(dir, TestImages, TestLabels)
	if err != nil {
		return Data{}, err
	}
	if trainImages.Rows != testImages.Rows || trainImages.Cols != testImages.Cols {
		return Data{}, fmt.Errorf("%s: pictures of %d×%d pixels, but those of %s are %d×%d", filepath.Join(dir, TestImages),
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

// loadSet reads a file of pictures and the file of their labels.
func loadSet(dir, images, labels string) (*Images, []nn.Example, error) {
	im, err := readFile(filepath.Join(dir, images), ReadImages)
	if err != nil {
		return nil, nil, err
	}
	ls, err := readFile(filepath.Join(dir, labels), ReadLabels)
	if err != nil {
		return nil, nil, err
	}
	if im.Len() != len(ls) {
		return nil, nil, fmt.Errorf("%s: %d labels, but %s has %d pictures", filepath.Join(dir, labels), len(ls), images, im.Len())
	}
	examples := make([]nn.Example, im.Len())
	for i := range examples {
		examples[i] = nn.NewPixelExample(im.Picture(i), int(ls[i]), Classes)
	}
	return im, examples, nil
}

// Size returns the rows and columns of the pictures in the folder dir, from the
// header of the training pictures.
func Size(dir string) (rows, cols int, err error) {
	sizes, err := readFile(filepath.Join(dir, TrainImages), func(r io.Reader) ([]uint32, error) {
		r, err := plain(r)
		if err != nil {
			return nil, err
		}
		return readHeader(r, imagesMagic)
	})
	if err != nil {
		return 0, 0, err
	}
	return int(sizes[1]), int(sizes[2]), nil
}

// Find returns the folder of the real digits: dir itself if it is not empty, else
// what the environment variable NNDL_MNIST names, else data/mnist if it is there,
// else "". A folder that is named, or is there, but lacks one of the four files is an
// error.
func Find(dir string) (string, error) {
	if env := os.Getenv("NNDL_MNIST"); dir == "" && env != "" {
		if err := complete(env); err != nil {
			return "", fmt.Errorf("NNDL_MNIST: %w", err) // who set it may have forgotten it
		}
		return env, nil
	}
	if dir == "" {
		dir = filepath.Join("data", "mnist")
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return "", nil
		}
	}
	if err := complete(dir); err != nil {
		return "", err
	}
	return dir, nil
}

// complete returns an error unless dir has the four files.
func complete(dir string) error {
	if _, err := os.Stat(dir); err != nil {
		return err
	}
	for _, name := range []string{TrainImages, TrainLabels, TestImages, TestLabels} {
		f, err := open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

// Pixels returns the picture of an example, row by row: 0 is background, 255 ink. It is
// the way back from the inputs, byte/256, to the bytes.
func Pixels(e nn.Example) []byte {
	x := e.X().Data
	pixels := make([]byte, len(x))
	for i, v := range x {
		pixels[i] = byte(v * 256)
	}
	return pixels
}

// VectorizedResult returns the output that is wanted for digit j, 10×1: 1 at j and
// 0 elsewhere.
func VectorizedResult(j int) *matrix.Matrix {
	e := matrix.New(Classes, 1) // 10×1
	e.Set(j, 0, 1)
	return e
}
