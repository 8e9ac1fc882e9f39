package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"nndl/cmd/internal/term"
)

// downloader gets files from mirrors.
type downloader struct {
	mirrors  []string
	client   *http.Client
	stderr   io.Writer     // for the progress bar
	retries  int           // how often to ask one mirror again
	pause    time.Duration // before that, and twice as long each time
	patience time.Duration // in which at least enough bytes must come
}

// enough is how many bytes must come in the patience of a downloader: half of a
// telephone line's. A connection below that is as good as dead.
const enough = 32 << 10

// unavailable says why no mirror had a file.
type unavailable struct{ msg string }

func (e unavailable) Error() string { return e.msg }

var errSlow = errors.New("too slow")

func newDownloader(mirrors []string, stderr io.Writer) *downloader {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	transport.DisableCompression = true // the files are gzipped, and shall stay so
	return &downloader{
		mirrors:  mirrors,
		client:   &http.Client{Transport: transport},
		stderr:   stderr,
		retries:  2,
		pause:    time.Second,
		patience: 20 * time.Second,
	}
}

// get downloads what is at address. It gives up when no more than a trickle comes,
// and when more comes than the file can be.
func (d *downloader) get(ctx context.Context, address string, f file, bar *term.Bar) ([]byte, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var got atomic.Int64
	go watch(ctx, &got, d.patience, func() { cancel(fmt.Errorf("%w: fewer than %d bytes in %v", errSlow, enough, d.patience)) })
	data, err := d.read(ctx, address, f, &got, bar)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return data, err
}

// watch calls slow when got grows by less than enough in the time of patience.
func watch(ctx context.Context, got *atomic.Int64, patience time.Duration, slow func()) {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	for before := int64(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := got.Load()
		if now-before < enough {
			slow()
			return
		}
		before = now
	}
}

// read reads what is at address, and counts in got the bytes that have come.
func (d *downloader) read(ctx context.Context, address string, f file, got *atomic.Int64, bar *term.Bar) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := d.client.Do(request)
	var inner *url.Error
	if errors.As(err, &inner) {
		return nil, inner.Err // without the address, which the message names anyway
	} else if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, statusError(response.StatusCode)
	}
	// Bytes that do not shrink at all make a gzip file a little larger than they are.
	limit := f.size + f.size/100 + 4096
	body := &counter{io.LimitReader(response.Body, limit+1), got, bar}
	data, err := io.ReadAll(body)
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("not MNIST's: more than %d bytes", limit)
	}
	return data, err
}

// counter counts what is read through it.
type counter struct {
	r   io.Reader
	got *atomic.Int64
	bar *term.Bar
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.bar.Set(c.got.Add(int64(n)))
	return n, err
}

// statusError is an answer of a server other than 200.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("the server says %d %s", int(e), http.StatusText(int(e)))
}

// passing reports whether an error is worth another try: the server is busy or the
// connection broke off. No connection at all, no such file, another file and a
// connection without end will be the same a second later.
func passing(err error) bool {
	var status statusError
	if errors.As(err, &status) {
		return status >= 500 || status == http.StatusTooManyRequests
	}
	var broken *net.OpError
	if errors.As(err, &broken) {
		return broken.Op != "dial"
	}
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// wait waits before another try, and reports whether ctx still lasts after it.
func (d *downloader) wait(ctx context.Context, try int) bool {
	select {
	case <-ctx.Done():
	case <-time.After(d.pause << try):
	}
	return ctx.Err() == nil
}
