package main

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
)

// file is one of MNIST's four. Its SHA-256 is that of the unzipped bytes, so that a
// copy which somebody has gzipped again, or unzipped, is as good.
type file struct {
	name   string // without .gz
	zipped int64  // bytes, as the mirrors have it
	size   int64  // bytes, unzipped
	sha256 string
}

// originals are MNIST. The sums are those of the files that torchvision and TensorFlow
// Datasets pin by the sums of their gzipped form.
var originals = []file{
	{mnist.TrainImages, 9_912_422, 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
	{mnist.TrainLabels, 28_881, 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
	{mnist.TestImages, 1_648_877, 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
	{mnist.TestLabels, 4_542, 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}

// check returns nil if r holds the file, gzipped or not, and else what is wrong.
// It reads no more than a little beyond the size that is right.
func (f file) check(r io.Reader) error {
	b := bufio.NewReader(r)
	r = b
	if head, _ := b.Peek(2); len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return fmt.Errorf("broken: %w", err)
		}
		r = z
	}
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(r, f.size+1))
	switch sum := hex.EncodeToString(hash.Sum(nil)); {
	case err != nil:
		return fmt.Errorf("broken: %w", err)
	case n > f.size:
		return fmt.Errorf("not MNIST's: more than %d bytes unzipped", f.size)
	case n < f.size:
		return fmt.Errorf("not MNIST's: %d bytes unzipped, want %d", n, f.size)
	case sum != f.sha256:
		return fmt.Errorf("not MNIST's: SHA-256 unzipped %.12s…, want %.12s…", sum, f.sha256)
	}
	return nil
}

// find returns the path of the file in dir, the one that mnist.Load would read:
// name.gz or, if there is none, name. If there is neither, path is "".
func (f file) find(dir string) (path string, err error) {
	for _, path := range []string{filepath.Join(dir, f.name+".gz"), filepath.Join(dir, f.name)} {
		switch info, err := os.Stat(path); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return "", err
		case !info.Mode().IsRegular():
			return "", fmt.Errorf("%s is no file", path)
		default:
			return path, nil
		}
	}
	return "", nil
}

// look checks the file at path: wrong says what is wrong with it, err why it
// cannot be read.
func (f file) look(path string) (wrong, err error) {
	r, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	wrong = f.check(r)
	var disk *fs.PathError
	if errors.As(wrong, &disk) {
		return nil, disk
	}
	return wrong, nil
}

const verifyHelp = `mnist verify: check that the files in a folder are MNIST's, by the SHA-256 of the unzipped bytes

  mnist verify                check the folder that the other programs use
  mnist verify -dir FOLDER    check another one

`

func verify(args []string, stdout io.Writer) error {
	set := flag.NewFlagSet("mnist verify", flag.ContinueOnError)
	dir := set.String("dir", "", "`folder` with the four files (default: $NNDL_MNIST, then data/mnist)")
	if err := cli.Parse(set, args, stdout, verifyHelp); err != nil {
		return err
	}
	if *dir == "" {
		*dir = os.Getenv("NNDL_MNIST")
	}
	if *dir == "" {
		*dir = defaultDir
	}
	if _, err := os.Stat(*dir); err != nil {
		return fmt.Errorf("%w (mnist fetch -dir %s gets the files)", err, *dir)
	}
	bad := 0
	for _, f := range originals {
		path, err := f.find(*dir)
		if err != nil {
			return err
		}
		said := "right"
		if path == "" {
			path, said = filepath.Join(*dir, f.name+".gz"), "not there"
		} else if wrong, err := f.look(path); err != nil {
			return err
		} else if wrong != nil {
			said = wrong.Error()
		}
		if said != "right" {
			bad++
		}
		fmt.Fprintf(stdout, "%s: %s\n", path, said)
	}
	if bad > 0 {
		return fmt.Errorf("%s: %d of the %d files not right (mnist fetch -dir %[1]s gets them)", *dir, bad, len(originals))
	}
	return nil
}
