package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/term"
)

const fetchHelp = `mnist fetch: download MNIST, four files of 11.6 MB in all, and check them

  mnist fetch                              to data/mnist, where the other programs look
  mnist fetch -dir FOLDER                  to another folder
  mnist fetch -mirror http://host/mnist/   from a copy of your own, gzipped by whatever program

A file that is there and right is left alone; one that is something else is kept as NAME.old.
MNIST is by Yann LeCun and Corinna Cortes, licence CC BY-SA 3.0.

`

const defaultDir = "data/mnist"

// mirrors are asked in this order. MNIST's own page, yann.lecun.com, is none of
// them: it has refused downloads since 2024.
var mirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist/",
	"https://storage.googleapis.com/cvdf-datasets/mnist/",
}

func fetch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set := flag.NewFlagSet("mnist fetch", flag.ContinueOnError)
	dir := set.String("dir", defaultDir, "`folder` to put the files into")
	mirror := set.String("mirror", "", "`address` of a folder with the four .gz files, to be asked instead of the public mirrors")
	if err := cli.Parse(set, args, stdout, fetchHelp); err != nil {
		return err
	}
	from := mirrors
	if *mirror != "" {
		u, err := url.Parse(*mirror)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return cli.Usagef("-mirror %s: want an address such as http://host/mnist/", *mirror)
		}
		from = []string{*mirror}
	}
	err := newDownloader(from, stderr).all(ctx, *dir, stdout)
	if ctx.Err() != nil {
		fmt.Fprintln(stdout, "Interrupted: what is there is whole; the same command gets the rest")
		return cli.ErrInterrupted
	}
	return err
}

// all gets the files that dir lacks.
func (d *downloader) all(ctx context.Context, dir string, stdout io.Writer) error {
	_, err := os.Stat(dir)
	missing := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		if info, e := os.Stat(dir); e == nil && !info.IsDir() {
			return fmt.Errorf("%s is there and is no folder", dir)
		}
		return err
	}
	for i, f := range originals {
		if err := d.one(ctx, dir, f, stdout); err != nil {
			if missing {
				os.Remove(dir) // empty, it would be taken for data that is incomplete
			}
			var offline unavailable
			if errors.As(err, &offline) {
				return fmt.Errorf("%w; to do it by hand, download %s from %s and put them into %s", err, names(originals[i:]), mirrors[0], dir)
			}
			return err
		}
	}
	hint := ""
	if filepath.Clean(dir) != filepath.FromSlash(defaultDir) {
		hint = " -data " + dir
	}
	fmt.Fprintf(stdout, "%s: complete and right; now: go run ./cmd/train%s\n", dir, hint)
	return nil
}

// one gets one file, if dir does not have it already.
func (d *downloader) one(ctx context.Context, dir string, f file, stdout io.Writer) error {
	there, err := f.find(dir)
	if err != nil {
		return err
	}
	var wrong error
	if there != "" {
		if wrong, err = f.look(there); err != nil {
			return err
		}
		if wrong == nil {
			fmt.Fprintf(stdout, "%s: there already, and right\n", there)
			return nil
		}
	}
	path := filepath.Join(dir, f.name+".gz")
	if err := files.Check("-dir", path, anything); err != nil {
		return err
	}
	bar := term.NewBar(d.stderr, f.name+".gz", f.zipped)
	data, host, err := d.download(ctx, f, bar)
	bar.Clear()
	if err != nil {
		return err
	}
	if there != "" {
		old, err := setAside(there)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s: was there, but %v; kept as %s\n", there, wrong, old)
	}
	err = files.Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s: %d bytes from %s, SHA-256 right\n", path, len(data), host)
	return nil
}

// anything is what a file of MNIST may replace: fetch sets aside what is there.
var anything = files.Kind{Is: func([]byte) bool { return true }}

// setAside renames path to path.old, or path.old2 and so on if that is taken, and
// returns the new name.
func setAside(path string) (string, error) {
	for i := 1; ; i++ {
		old := path + ".old"
		if i > 1 {
			old = fmt.Sprint(old, i)
		}
		if _, err := os.Lstat(old); errors.Is(err, fs.ErrNotExist) {
			return old, os.Rename(path, old)
		} else if err != nil {
			return "", err
		}
	}
}

// names lists the names of files, for a person to download.
func names(fs []file) string {
	var s []string
	for _, f := range fs {
		s = append(s, f.name+".gz")
	}
	return strings.Join(s, ", ")
}

// download returns the gzipped content of a file, checked, and the host that had
// it. It asks one mirror after the other, and one again whose trouble may pass.
func (d *downloader) download(ctx context.Context, f file, bar *term.Bar) (data []byte, host string, err error) {
	var failed []string
	for _, mirror := range d.mirrors {
		u, err := url.Parse(mirror)
		if err != nil {
			return nil, "", err
		}
		for try := 0; ; try++ {
			data, err = d.get(ctx, u.JoinPath(f.name+".gz").String(), f, bar)
			if err == nil {
				err = f.check(bytes.NewReader(data))
			}
			if err == nil {
				return data, u.Host, nil
			}
			if try == d.retries || !passing(err) || !d.wait(ctx, try) {
				break
			}
		}
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		failed = append(failed, fmt.Sprintf("%s: %v", u.Host, err))
	}
	return nil, "", unavailable{fmt.Sprintf("cannot get %s.gz (%s)", f.name, strings.Join(failed, "; "))}
}
