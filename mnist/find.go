package mnist

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The four files of the database; each may be gzipped, then with .gz at the end.
const (
	TrainImages = "train-images-idx3-ubyte"
	TrainLabels = "train-labels-idx1-ubyte"
	TestImages  = "t10k-images-idx3-ubyte"
	TestLabels  = "t10k-labels-idx1-ubyte"
)

// Path returns the path of one of the four files in the folder dir. A file with .gz at
// the end comes first, then one without; then those under the names that browsers and
// unpackers give:
//
//	train-images.idx3-ubyte                            some archives
//	train-images-idx3-ubyte (1).gz                     a second download
//	train-images-idx3-ubyte/train-images.idx3-ubyte    a folder for each file
//	MNIST/raw/train-images-idx3-ubyte                  torchvision
//
// If there is none, the error wraps [fs.ErrNotExist] and says what dir has instead.
func Path(dir, name string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	places := []string{name + ".gz", name}
	for _, folder := range []string{"", name, "MNIST/raw", "raw", "MNIST"} {
		names, _ := os.ReadDir(filepath.Join(dir, folder)) // most folders are not there
		for _, entry := range names {
			if plainName(entry.Name()) == name {
				places = append(places, filepath.Join(folder, entry.Name()))
			}
		}
	}
	for _, place := range places {
		path := filepath.Join(dir, place)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	return "", &missing{filepath.Join(dir, name), foreign(entries)}
}

// doubled is what is put behind the name of a file when there is one of that name already.
var doubled = regexp.MustCompile(` ?(\(\d+\)| \d+| - copy| copy)$`)

// plainName returns the name that the four files have here, for a name that some program
// has made of it.
func plainName(name string) string {
	name = strings.ToLower(name)
	for before := ""; name != before; {
		before = name
		name = doubled.ReplaceAllString(strings.TrimSuffix(name, ".gz"), "")
	}
	return strings.ReplaceAll(name, ".", "-")
}

// missing is the error for a file that is not there.
type missing struct{ path, instead string }

func (m *missing) Error() string {
	return fmt.Sprintf("%s: not there, neither plain nor with .gz%s", m.path, m.instead)
}

func (m *missing) Unwrap() error { return fs.ErrNotExist }

// foreigners are files with digits in other forms, by what their names begin and end with.
var foreigners = []struct{ begin, end, what string }{
	{"emnist", "", "is of EMNIST, another data set, whose images lie on their side"},
	{"mnist", ".pkl.gz", "is the book's data as a Python pickle"},
	{"mnist", ".pkl", "is the book's data as a Python pickle"},
	{"mnist", ".npz", "is Keras's copy, an archive of NumPy arrays"},
	{"mnist", ".csv", "is a table"},
	{"mnist", ".parquet", "is a table in Parquet"},
	{"mnist", ".mat", "is a MATLAB file"},
	{"qmnist", "", "is of QMNIST, another data set"},
	{"", ".zip", "has to be unpacked first"},
	{"", ".tar", "has to be unpacked first"},
	{"", ".tar.gz", "has to be unpacked first"},
	{"", ".tgz", "has to be unpacked first"},
}

// foreign says what a folder has instead of the four files, "" if nothing is known of it.
func foreign(entries []fs.DirEntry) string {
	for _, f := range foreigners {
		for _, entry := range entries {
			name := strings.ToLower(entry.Name())
			if strings.HasPrefix(name, f.begin) && strings.HasSuffix(name, f.end) {
				return fmt.Sprintf("; %q %s", entry.Name(), f.what)
			}
		}
	}
	return ""
}

// readFile finds one of the four files and reads it.
func readFile[T any](dir, name string, read func(io.Reader) (T, error)) (T, error) {
	var v T
	path, err := Path(dir, name)
	if err != nil {
		return v, err
	}
	f, err := os.Open(path)
	if err != nil {
		return v, err
	}
	defer f.Close()
	if v, err = read(f); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return v, err
}

// complete returns an error unless dir has all four files: a missing one is told before
// the others are read.
func complete(dir string) error {
	for name := range slices.Values([]string{TrainImages, TrainLabels, TestImages, TestLabels}) {
		if _, err := Path(dir, name); err != nil {
			return err
		}
	}
	return nil
}
