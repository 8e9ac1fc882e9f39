package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
	"nndl/nn/sniff"
)

// defaultDir is where the other programs look for the digits.
const defaultDir = "data/mnist"

// original is one of MNIST's four files. Its SHA-256 is that of the unzipped bytes, so that
// a copy that was gzipped again, or unzipped, is as good.
type original struct {
	name   string // without .gz
	zipped int64  // bytes, as the mirrors have it
	size   int64  // bytes, unzipped
	sha256 string
}

// originals are MNIST's files. The checksums are of the files whose gzipped forms
// torchvision and TensorFlow Datasets pin by theirs.
var originals = []original{
	{mnist.TrainImages, 9_912_422, 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
	{mnist.TrainLabels, 28_881, 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
	{mnist.TestImages, 1_648_877, 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
	{mnist.TestLabels, 4_542, 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}

// check returns nil if r is the file, gzipped or not, and otherwise what is wrong. It reads
// only a little beyond the right size.
func (o original) check(r io.Reader) error {
	content, err := sniff.Open(r)
	if err != nil {
		return fmt.Errorf("broken: %w", err)
	}
	head, _ := content.Peek(sniff.Length)
	hash := sha256.New()
	n, err := io.Copy(hash, io.LimitReader(content, o.size+1))
	sum, kind := hex.EncodeToString(hash.Sum(nil)), sniff.Kind(head)
	switch {
	case err != nil:
		return fmt.Errorf("broken: %w", err)
	case n > o.size:
		return fmt.Errorf("not MNIST's: more than %d bytes unzipped", o.size)
	case sum != o.sha256 && kind != "" && !strings.HasPrefix(kind, "an IDX file"):
		return sniff.Wrong(head, "MNIST's")
	case n < o.size:
		return fmt.Errorf("not MNIST's: %d bytes unzipped, want %d", n, o.size)
	case sum != o.sha256:
		return fmt.Errorf("not MNIST's: SHA-256 unzipped %.12s…, want %.12s…", sum, o.sha256)
	}
	return nil
}

// look finds the file in dir, as mnist.Open does, and checks it: path is "" if it is not
// there, wrong says what is wrong with it, err why it cannot be read.
func (o original) look(dir string) (path string, wrong, err error) {
	path, err = mnist.Path(dir, o.name)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	r, err := os.Open(path)
	if err != nil {
		return "", nil, err
	}
	defer r.Close()
	wrong = o.check(r)
	var disk *fs.PathError
	if errors.As(wrong, &disk) {
		return "", nil, disk
	}
	return path, wrong, nil
}

const verifyHelp = `digits verify: check that the files in a folder are MNIST's, by the SHA-256 of the unzipped bytes

  go run ./cmd/digits verify                check the folder that the other programs use
  go run ./cmd/digits verify -dir FOLDER    check another one

`

func verify(args []string, stdout io.Writer) error {
	set := flag.NewFlagSet("digits verify", flag.ContinueOnError)
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
	hint := "go run ./cmd/digits fetch -dir " + cli.Quote(*dir)
	if _, err := os.Stat(*dir); err != nil {
		return fmt.Errorf("%w (%s gets the files)", err, hint)
	}
	bad := 0
	for _, o := range originals {
		path, wrong, err := o.look(*dir)
		if err != nil {
			return err
		}
		said := "right"
		if path == "" {
			path, said = filepath.Join(*dir, o.name+".gz"), "not there"
		} else if wrong != nil {
			said = wrong.Error()
		}
		if said != "right" {
			bad++
		}
		fmt.Fprintf(stdout, "%s: %s\n", path, said)
	}
	if bad > 0 {
		return fmt.Errorf("%s: %d of the %d files not right (%s gets them)", *dir, bad, len(originals), hint)
	}
	return nil
}
