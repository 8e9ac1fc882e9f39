package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/mnist"
)

// zipped gzips data as one program or another does.
func zipped(t *testing.T, data []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	z.Write(data)
	z.Close()
	return b.Bytes()
}

// small puts four small files in the place of MNIST's for the time of the test, and
// returns their gzipped contents under their names with .gz.
func small(t *testing.T) map[string][]byte {
	t.Helper()
	contents := make(map[string][]byte)
	were := originals
	t.Cleanup(func() { originals = were })
	originals = nil
	for i, f := range were {
		data := make([]byte, 40_000+i)
		rand.NewChaCha8([32]byte{byte(i)}).Read(data)
		sum := sha256.Sum256(data)
		gz := zipped(t, data, gzip.BestSpeed)
		originals = append(originals, original{f.name, int64(len(gz)), int64(len(data)), hex.EncodeToString(sum[:])})
		contents[f.name+".gz"] = gz
	}
	return contents
}

// serve starts a mirror.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL + "/mnist/"
}

// serves returns a mirror that has the contents.
func serves(contents map[string][]byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, ok := contents[path.Base(r.URL.Path)]
		if !ok || path.Dir(r.URL.Path) != "/mnist" {
			http.NotFound(w, r)
			return
		}
		w.Write(data)
	}
}

// quick returns a downloader that does not wait long.
func quick(mirrors ...string) *downloader {
	return &downloader{mirrors, io.Discard, time.Millisecond, 5 * time.Second}
}

// whole checks that dir has the four files, right, and nothing half-written.
func whole(t *testing.T, dir string, others ...string) {
	t.Helper()
	for _, f := range originals {
		if path, wrong, err := f.look(dir); err != nil || path == "" || wrong != nil {
			t.Errorf("%s: %q, %v, %v", f.name, path, wrong, err)
		}
	}
	listed(t, dir, len(originals)+len(others))
}

// listed checks that dir has n files.
func listed(t *testing.T, dir string, n int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && n > 0 || len(entries) != n {
		t.Errorf("%d files in %s, want %d: %v, %v", len(entries), dir, n, entries, err)
	}
}

func TestFetch(t *testing.T) {
	contents := small(t)
	var asked atomic.Int32
	mirror := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		serves(contents)(w, r)
	})
	dir := filepath.Join(t.TempDir(), "new", "folder")
	var out bytes.Buffer
	if err := quick(mirror).all(context.Background(), dir, &out); err != nil {
		t.Fatal(err)
	}
	whole(t, dir)
	if s := out.String(); strings.Count(s, "SHA-256 right\n") != 4 || !strings.HasSuffix(s, "go run ./cmd/train -data "+cli.Quote(dir)+"\n") {
		t.Error(s)
	}
	// A second time, nothing is asked for.
	out.Reset()
	if err := quick(mirror).all(context.Background(), dir, &out); err != nil || asked.Load() != 4 {
		t.Errorf("%v; %d requests for four files", err, asked.Load())
	}
	if s := out.String(); strings.Count(s, "there already, and right\n") != 4 {
		t.Error(s)
	}
	if info, err := os.Stat(filepath.Join(dir, originals[0].name+".gz")); err != nil || runtime.GOOS == "linux" && info.Mode().Perm()&0o400 == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

// TestMirrors plays every way in which the first mirror can fail, alone and with a
// second one that is right.
func TestMirrors(t *testing.T) {
	contents := small(t)
	good := serves(contents)
	image := originals[0].name + ".gz"
	for name, c := range map[string]struct {
		bad  http.HandlerFunc
		want string // what is said of it
	}{
		"404":  {http.NotFound, "404 Not Found"},
		"403":  {func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusForbidden) }, "403 Forbidden"},
		"busy": {func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }, "503"},
		"cut short": {func(w http.ResponseWriter, r *http.Request) {
			data := contents[path.Base(r.URL.Path)]
			w.Header().Set("Content-Length", fmt.Sprint(len(data)))
			w.Write(data[:len(data)/2])
		}, "unexpected EOF"},
		"cut short in silence": {func(w http.ResponseWriter, r *http.Request) {
			data := contents[path.Base(r.URL.Path)]
			w.Write(data[:len(data)/2])
		}, "unexpected EOF"},
		"corrupted": {func(w http.ResponseWriter, r *http.Request) {
			data := bytes.Clone(contents[path.Base(r.URL.Path)])
			data[len(data)/2] ^= 1
			w.Write(data)
		}, "broken"},
		"another file": {func(w http.ResponseWriter, r *http.Request) {
			w.Write(zipped(t, bytes.Repeat([]byte("x"), int(originals[0].size)), 6))
		}, "not MNIST's"},
		"a page instead": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "<html>Please log in to this network</html>")
		}, "this is a web page"},
		"empty": {func(w http.ResponseWriter, r *http.Request) {}, "this is an empty file"},
		"endless": {func(w http.ResponseWriter, r *http.Request) {
			for block := make([]byte, 1<<16); r.Context().Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, "more than"},
		"endless when unzipped": {func(w http.ResponseWriter, r *http.Request) {
			w.Write(zipped(t, make([]byte, 50*originals[0].size), 9))
		}, "bytes unzipped"},
		"broken off": {func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) }, "EOF"},
		"round and round": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
			"stopped after 10 redirects"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := serve(t, c.bad)
			dir := filepath.Join(t.TempDir(), "mnist")
			err := quick(bad).all(context.Background(), dir, io.Discard)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want %q", err, c.want)
			}
			if err != nil && (!strings.Contains(err.Error(), image) || !strings.HasSuffix(err.Error(), byHand)) {
				t.Errorf("it does not name the file, or what to do by hand: %v", err)
			}
			listed(t, dir, 0)
			if err := quick(bad, serve(t, good)).all(context.Background(), dir, io.Discard); err != nil {
				t.Errorf("with a second mirror: %v", err)
			}
			whole(t, dir)
		})
	}
}

// TestPassing checks that a trouble that passes is not the end, and that there are not
// many more requests than it needs.
func TestPassing(t *testing.T) {
	contents := small(t)
	var asked atomic.Int32
	mirror := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) <= 2 {
			http.Error(w, "later", http.StatusServiceUnavailable)
			return
		}
		serves(contents)(w, r)
	})
	dir := t.TempDir()
	if err := quick(mirror).all(context.Background(), dir, io.Discard); err != nil || asked.Load() != 6 {
		t.Errorf("%v after %d requests", err, asked.Load())
	}
	whole(t, dir)
	for status, want := range map[int]int32{http.StatusNotFound: 1, http.StatusBadGateway: 3} {
		asked.Store(0)
		mirror := serve(t, func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			http.Error(w, "no", status)
		})
		if err := quick(mirror).all(context.Background(), t.TempDir(), io.Discard); err == nil || asked.Load() != want {
			t.Errorf("%d: %v after %d requests, want %d", status, err, asked.Load(), want)
		}
	}
}

func TestSlow(t *testing.T) {
	contents := small(t)
	for want, handler := range map[string]http.HandlerFunc{
		"no answer": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"too slow": func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write([]byte{0x1f})
				w.(http.Flusher).Flush()
				time.Sleep(time.Millisecond)
			}
		},
	} {
		d := quick(serve(t, handler))
		d.patience = 50 * time.Millisecond
		dir := t.TempDir()
		start := time.Now()
		err := d.all(context.Background(), dir, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || time.Since(start) > 10*time.Second {
			t.Errorf("%s: %v after %v", want, err, time.Since(start))
		}
		listed(t, dir, 0)
	}
	// Slow, but fast enough: every wait is longer than half the patience.
	d := quick(serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		time.Sleep(60 * time.Millisecond)
		serves(contents)(w, r)
	}))
	d.patience = 5 * time.Second
	if err := d.all(context.Background(), t.TempDir(), io.Discard); err != nil {
		t.Error(err)
	}
}

func TestRedirected(t *testing.T) {
	contents := small(t)
	mirror := serve(t, serves(contents))
	moved := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, mirror+path.Base(r.URL.Path), http.StatusMovedPermanently)
	})
	dir := t.TempDir()
	if err := quick(moved).all(context.Background(), dir, io.Discard); err != nil {
		t.Error(err)
	}
	whole(t, dir)
}

// TestMirrorFlag checks that a copy which is gzipped in another way is as good, and
// that the address may end with a slash or without.
func TestMirrorFlag(t *testing.T) {
	contents := small(t)
	other := make(map[string][]byte)
	for name, data := range contents {
		z, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := io.ReadAll(z)
		other[name] = zipped(t, plain, gzip.NoCompression)
	}
	mirror := serve(t, serves(other))
	for _, address := range []string{mirror, strings.TrimSuffix(mirror, "/")} {
		dir := t.TempDir()
		var stdout, stderr bytes.Buffer
		if s := status(context.Background(), []string{"fetch", "-dir", dir, "-mirror", address}, &stdout, &stderr); s != 0 || stderr.Len() > 0 {
			t.Errorf("%s: status %d, %s", address, s, stderr.String())
		}
		whole(t, dir)
	}
}

// TestOffline asks a port that nobody listens on.
func TestOffline(t *testing.T) {
	small(t)
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	dir := filepath.Join(t.TempDir(), "mnist")
	var stdout, stderr bytes.Buffer
	status := status(context.Background(), []string{"fetch", "-dir", dir, "-mirror", s.URL}, &stdout, &stderr)
	said := stderr.String()
	if status != 1 || stdout.Len() > 0 || strings.Count(said, "\n") != 1 {
		t.Errorf("status %d, %q, %q", status, stdout.String(), said)
	}
	if !strings.HasPrefix(said, "digits fetch: no network? 127.0.0.1") || len(said) > 160 {
		t.Error(said)
	}
	for _, f := range originals {
		if !strings.Contains(fetchHelp, f.name+".gz") {
			t.Errorf("the help does not name %s.gz", f.name)
		}
	}
	if !strings.Contains(fetchHelp, mirrors[0]) {
		t.Error("the help names no mirror")
	}
}

// TestNothingLeftBehind checks that a fetch which fails takes away the folder that it
// has made, and no folder and no file that was there before.
func TestNothingLeftBehind(t *testing.T) {
	contents := small(t)
	t.Chdir(t.TempDir())
	fetch := func(ctx context.Context, dir string, want int, handler http.HandlerFunc) {
		t.Helper()
		var stdout, stderr bytes.Buffer
		if got := status(ctx, []string{"fetch", "-dir", dir, "-mirror", serve(t, handler)}, &stdout, &stderr); got != want {
			t.Errorf("-dir %s: status %d, want %d: %s%s", dir, got, want, stdout.String(), stderr.String())
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	fetch(context.Background(), filepath.FromSlash(defaultDir), 1, http.NotFound)
	fetch(ctx, filepath.FromSlash(defaultDir), 130, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	listed(t, "data", 0)

	if err := os.MkdirAll(filepath.Join("mine", "empty"), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, "mine", "notes", []byte("mine"))
	fetch(context.Background(), filepath.Join("mine", "empty"), 1, http.NotFound)
	fetch(context.Background(), filepath.Join("mine", "new"), 1, http.NotFound)
	fetch(context.Background(), "mine", 1, http.NotFound)
	listed(t, "mine", 2)
	listed(t, filepath.Join("mine", "empty"), 0)
	if got, err := os.ReadFile(filepath.Join("mine", "notes")); string(got) != "mine" {
		t.Errorf("the file that was there is now %q, %v", got, err)
	}
	if _, err := os.Stat(filepath.Join("mine", "empty")); err != nil {
		t.Error(err)
	}

	// One file of the four is a beginning, and stays.
	fetch(context.Background(), "begun", 1, func(w http.ResponseWriter, r *http.Request) {
		if path.Base(r.URL.Path) != originals[0].name+".gz" {
			http.NotFound(w, r)
			return
		}
		serves(contents)(w, r)
	})
	listed(t, "begun", 1)
}

// TestInterrupted stops a download in its middle.
func TestInterrupted(t *testing.T) {
	contents := small(t)
	ctx, cancel := context.WithCancel(context.Background())
	mirror := serve(t, func(w http.ResponseWriter, r *http.Request) {
		name := path.Base(r.URL.Path)
		if name == originals[1].name+".gz" {
			w.Write(contents[name][:100])
			w.(http.Flusher).Flush()
			cancel()
			<-r.Context().Done()
			return
		}
		w.Write(contents[name])
	})
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	err := fetch(ctx, []string{"-dir", dir, "-mirror", mirror}, &stdout, &stderr)
	if !errors.Is(err, cli.ErrInterrupted) || !strings.Contains(stdout.String(), "Interrupted") {
		t.Errorf("%v, %s", err, stdout.String())
	}
	listed(t, dir, 1)
	if err := quick(serve(t, serves(contents))).all(context.Background(), dir, io.Discard); err != nil {
		t.Error(err)
	}
	whole(t, dir)
}

// TestKept checks that what is there and is something else is kept.
func TestKept(t *testing.T) {
	contents := small(t)
	mirror := serve(t, serves(contents))
	dir := t.TempDir()
	first, second, third := originals[0].name, originals[1].name, originals[2].name
	write(t, dir, first+".gz", []byte("mine"))
	write(t, dir, first+".gz.old", []byte("older"))
	write(t, dir, second, []byte("plain"))
	plain, _ := gzip.NewReader(bytes.NewReader(contents[third+".gz"]))
	right, _ := io.ReadAll(plain)
	write(t, dir, third, right) // unzipped, and right: as good

	// A mirror that fails changes nothing.
	if err := quick(serve(t, http.NotFound)).all(context.Background(), dir, io.Discard); err == nil {
		t.Error("no error")
	}
	listed(t, dir, 4)

	var out bytes.Buffer
	if err := quick(mirror).all(context.Background(), dir, &out); err != nil {
		t.Fatal(err)
	}
	whole(t, dir, first+".gz.old", first+".gz.old2", second+".old")
	for name, want := range map[string]string{first + ".gz.old": "older", first + ".gz.old2": "mine", second + ".old": "plain"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if s := out.String(); !strings.Contains(s, "kept as "+filepath.Join(dir, first+".gz.old2")) || !strings.Contains(s, third+": there already") {
		t.Error(s)
	}
}

func write(t *testing.T, dir, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestInTheWay plays what can stand where the folder or a file should be: an error
// before anything is downloaded, and nothing changed.
func TestInTheWay(t *testing.T) {
	small(t)
	d := quick(serve(t, func(http.ResponseWriter, *http.Request) { t.Error("asked for a file that there is no place for") }))
	dir := t.TempDir()
	write(t, dir, "file", []byte("mine"))
	if err := os.MkdirAll(filepath.Join(dir, "taken", originals[0].name+".gz"), 0o777); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{"file": "not a folder", filepath.Join("file", "below"): "", "taken": "not a regular file"}
	if runtime.GOOS != "windows" && os.Getuid() != 0 {
		if err := os.Mkdir(filepath.Join(dir, "closed"), 0o555); err != nil {
			t.Fatal(err)
		}
		cases["closed"] = "permission denied"
	}
	for name, want := range cases {
		err := d.all(context.Background(), filepath.Join(dir, name), io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "by hand") {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if got, _ := os.ReadFile(filepath.Join(dir, "file")); string(got) != "mine" {
		t.Errorf("the file that was there is now %q", got)
	}
}

// zeros is a reader without end.
type zeros struct {
	t    *testing.T
	read int64
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.read += int64(len(p)); z.read > 1<<20 {
		z.t.Error("check reads on and on")
		return 0, io.EOF
	}
	clear(p)
	return len(p), nil
}

func TestCheckEnds(t *testing.T) {
	small(t)
	if err := originals[0].check(&zeros{t: t}); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Error(err)
	}
}

func TestVerify(t *testing.T) {
	contents := small(t)
	dir := t.TempDir()
	for name, data := range contents {
		write(t, dir, name, data)
	}
	call := func() (string, string, int) {
		var stdout, stderr bytes.Buffer
		status := status(context.Background(), []string{"verify", "-dir", dir}, &stdout, &stderr)
		return stdout.String(), stderr.String(), status
	}
	if stdout, stderr, status := call(); status != 0 || strings.Count(stdout, ": right\n") != 4 || stderr != "" {
		t.Errorf("status %d, %s, %s", status, stdout, stderr)
	}
	write(t, dir, originals[0].name+".gz", contents[originals[0].name+".gz"][:20_000])
	os.Remove(filepath.Join(dir, originals[3].name+".gz"))
	stdout, stderr, status := call()
	if status != 1 || strings.Count(stdout, ": right\n") != 2 || !strings.Contains(stdout, "unexpected EOF") ||
		!strings.Contains(stdout, originals[3].name+".gz: not there") || !strings.Contains(stderr, "2 of the 4") {
		t.Errorf("status %d, %s, %s", status, stdout, stderr)
	}
}

// TestReal checks the sums and sizes that stand in files by the real MNIST, served
// by a local mirror.
func TestReal(t *testing.T) {
	dir := os.Getenv("NNDL_MNIST")
	if dir == "" || testing.Short() {
		t.Skip("set NNDL_MNIST to the folder of MNIST, and leave out -short")
	}
	contents := make(map[string][]byte)
	for _, f := range originals {
		data, err := os.ReadFile(filepath.Join(dir, f.name+".gz"))
		if err != nil {
			t.Skip(err)
		}
		contents[f.name+".gz"] = data
		if int64(len(data)) != f.zipped {
			t.Errorf("%s: %d bytes zipped, want %d", f.name, len(data), f.zipped)
		}
	}
	got := t.TempDir()
	if err := quick(serve(t, serves(contents))).all(context.Background(), got, io.Discard); err != nil {
		t.Fatal(err)
	}
	whole(t, got)
	if training, validation, test, err := mnist.Load(got); err != nil || len(training) != 50000 || len(validation) != 10000 || len(test) != 10000 {
		t.Errorf("%d, %d, %d examples, %v", len(training), len(validation), len(test), err)
	}
}
