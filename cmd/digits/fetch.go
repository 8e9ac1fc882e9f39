package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
	"nndl/cmd/internal/term"
)

const fetchHelp = `digits fetch: download MNIST, four files of 11.6 MB in all, and check them

  go run ./cmd/digits fetch                              to data/mnist, where the other programs look
  go run ./cmd/digits fetch -dir FOLDER                  to another folder
  go run ./cmd/digits fetch -mirror http://host/mnist/   from a copy of your own, gzipped by any program

A file that is there and right is left alone; any other is kept as NAME.old.
By hand: put the four files of https://ossci-datasets.s3.amazonaws.com/mnist/ into data/mnist,
train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz and
t10k-labels-idx1-ubyte.gz.
MNIST is by Yann LeCun and Corinna Cortes, licence CC BY-SA 3.0.

`

// mirrors are asked in this order. MNIST's own page, yann.lecun.com, is not among
// them: it has refused downloads since 2024.
var mirrors = []string{
	"https://ossci-datasets.s3.amazonaws.com/mnist/",
	"https://storage.googleapis.com/cvdf-datasets/mnist/",
}

// downloader gets files from mirrors.
type downloader struct {
	mirrors  []string
	stderr   io.Writer     // for the progress bar
	pause    time.Duration // before one mirror is asked again
	patience time.Duration // in which enough bytes must come
}

func fetch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set := flag.NewFlagSet("digits fetch", flag.ContinueOnError)
	dir := set.String("dir", defaultDir, "`folder` to put the files into")
	mirror := set.String("mirror", "", "`address` of a folder with the four .gz files, asked instead of the public mirrors")
	if err := cli.Parse(set, args, stdout, fetchHelp); err != nil {
		return err
	}
	d := &downloader{mirrors, stderr, time.Second, 20 * time.Second}
	if *mirror != "" {
		u, err := url.Parse(*mirror)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return cli.Usagef("-mirror %s: want an address such as http://host/mnist/", *mirror)
		}
		d.mirrors = []string{*mirror}
	}
	err := d.all(ctx, *dir, stdout)
	if ctx.Err() != nil {
		fmt.Fprintln(stdout, "Interrupted: the files that are there are whole; the same command gets the rest")
		return cli.ErrInterrupted
	}
	return err
}

// all gets the files that dir lacks.
func (d *downloader) all(ctx context.Context, dir string, stdout io.Writer) error {
	info, err := os.Stat(dir)
	switch missing := errors.Is(err, fs.ErrNotExist); {
	case err == nil && !info.IsDir():
		return fmt.Errorf("%s is not a folder", dir)
	case missing:
		defer os.Remove(dir) // if nothing came: an empty folder would count as incomplete data
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, o := range originals {
		if err := d.one(ctx, dir, o, stdout); err != nil {
			return err
		}
	}
	hint := ""
	if filepath.Clean(dir) != filepath.FromSlash(defaultDir) {
		hint = " -data " + cli.Quote(dir)
	}
	fmt.Fprintf(stdout, "%s: complete and right; now: go run ./cmd/train%s\n", dir, hint)
	return nil
}

// one gets one file, if dir does not have it already.
func (d *downloader) one(ctx context.Context, dir string, o original, stdout io.Writer) error {
	there, wrong, err := o.look(dir)
	if err != nil {
		return err
	}
	if there != "" && wrong == nil {
		fmt.Fprintf(stdout, "%s: there already, and right\n", there)
		return nil
	}
	path := filepath.Join(dir, o.name+".gz")
	if err := files.Check("-dir", path, anything); err != nil {
		return err
	}
	bar := term.NewBar(d.stderr, o.name+".gz", o.zipped)
	data, host, err := d.download(ctx, o, bar)
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

// anything is what a file of MNIST may replace: what is there is set aside.
var anything = files.Kind{Is: func([]byte) bool { return true }}

// setAside renames path to path.old, or path.old2 and so on if that is taken, and
// returns the new name.
func setAside(path string) (old string, err error) {
	old = path + ".old"
	for i := 2; ; i++ {
		if _, err := os.Lstat(old); err != nil {
			return old, os.Rename(path, old)
		}
		old = fmt.Sprint(path, ".old", i)
	}
}

// tries is how often a mirror is asked whose trouble may pass.
const tries = 3

// download returns the gzipped content of a file, checked, and the host that had it.
func (d *downloader) download(ctx context.Context, o original, bar *term.Bar) (data []byte, host string, err error) {
	var failed []string
	offline := true
	for _, mirror := range d.mirrors {
		u, err := url.Parse(mirror)
		if err != nil {
			return nil, "", err
		}
		for try := 0; try < tries && (try == 0 || passing(err) && sleep(ctx, d.pause)); try++ {
			if data, err = d.get(ctx, u.JoinPath(o.name+".gz").String(), o, bar); err == nil {
				err = o.check(bytes.NewReader(data))
			}
			if err == nil {
				return data, u.Host, nil
			}
		}
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		var connection *net.OpError
		offline = offline && (errors.As(err, &connection) && connection.Op == "dial" || errors.Is(err, errNoAnswer))
		failed = append(failed, fmt.Sprintf("%s: %v", u.Host, err))
	}
	if offline {
		return nil, "", fmt.Errorf("no network? %s%s", strings.Join(failed, "; "), byHand)
	}
	return nil, "", fmt.Errorf("cannot get %s.gz: %s%s", o.name, strings.Join(failed, "; "), byHand)
}

const byHand = " (by hand: go run ./cmd/digits fetch -h)"

var errNoAnswer, errSlow = errors.New("no answer"), errors.New("too slow")

// enough is how many bytes must come in the time of a downloader's patience.
const enough = 32 << 10

// get downloads what is at address. It gives up when there is no answer, or not enough
// of it, for the time of its patience, and when more comes than the file can be.
func (d *downloader) get(ctx context.Context, address string, o original, bar *term.Bar) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(d.patience, func() { cancel(errSlow) })
	defer timer.Stop()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "identity") // the files are gzipped, and stay so
	response, err := http.DefaultClient.Do(request)
	switch {
	case ctx.Err() != nil:
		return nil, errNoAnswer
	case err != nil:
		return nil, errors.Unwrap(err) // without the address
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, statusError(response.StatusCode)
	}
	// Bytes that do not shrink at all make a gzip file a little larger than they are.
	limit := o.size + o.size/100 + 4096
	var data bytes.Buffer
	for err == nil && int64(data.Len()) <= limit {
		_, err = io.CopyN(&data, response.Body, enough)
		timer.Reset(d.patience)
		bar.Set(int64(data.Len()))
	}
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err == nil:
		return nil, fmt.Errorf("not MNIST's: more than %d bytes", limit)
	case err != io.EOF:
		return nil, err
	}
	return data.Bytes(), nil
}

// statusError is an answer of a server other than 200.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the server says %d %s", int(e), http.StatusText(int(e)))
}

// passing reports whether an error is worth another try: the server is busy or the
// connection broke off.
func passing(err error) bool {
	var status statusError
	return errors.As(err, &status) && (status >= 500 || status == http.StatusTooManyRequests) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// sleep waits, and reports whether ctx still lasts after it.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err() == nil
}
