// Package browser drives a headless Chromium for tests that use a page as a reader does:
// with mouse, finger and keys. It speaks the DevTools protocol over the browser's debugging
// pipe, so no port is opened. Like net/http/httptest it is for tests alone. What goes wrong
// ends the test, and nothing waits for longer than a time limit.
package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"
)

// limit is how long an answer of the browser may take. It is long, for a busy machine.
const limit = 60 * time.Second

// Browser is a running Chromium.
type Browser struct {
	cmd     *exec.Cmd
	pipe    *os.File // what it reads calls from
	profile string
	ended   chan struct{} // closed when the browser is gone

	mu      sync.Mutex
	last    int // the number of the last call
	waiting map[int]chan message
	pages   map[string]*Page // by session
	err     error            // why the browser is gone
}

// message is one message of the protocol: a call, the answer to one, or an event.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a Chromium with an empty profile, which ends with the test. Where there is
// none, the test is skipped.
func Start(t testing.TB) *Browser {
	t.Helper()
	program := Find()
	if program == "" {
		t.Skip("there is no Chromium here, so the page is not tested in a browser")
	}
	b, err := Launch(program)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// Find returns the path of a Chromium, or "".
func Find() string {
	if runtime.GOOS == "windows" {
		return "" // os/exec hands no further files to a program there
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

var flags = []string{"--headless", "--remote-debugging-pipe", "--no-startup-window", "--no-first-run",
	"--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions", "--disable-sync", "--disable-component-update",
	"--disable-background-networking", "--force-color-profile=srgb", "--force-device-scale-factor=1", "--hide-scrollbars",
	"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"}

// Launch starts the Chromium at a path with an empty profile, for several tests. The caller
// closes it.
func Launch(program string) (*Browser, error) {
	profile, err := os.MkdirTemp("", "browser")
	if err != nil {
		return nil, err
	}
	b := &Browser{profile: profile, ended: make(chan struct{}), waiting: map[int]chan message{}, pages: map[string]*Page{}}
	b.cmd = exec.Command(program, append(flags, "--user-data-dir="+profile)...)
	if os.Geteuid() == 0 {
		b.cmd.Args = append(b.cmd.Args, "--no-sandbox") // root has none
	}
	answers, err := b.launch()
	if err != nil {
		os.RemoveAll(profile)
		return nil, err
	}
	go b.read(answers)
	if err := b.call("", "Browser.getVersion", nil, nil); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// launch starts the program with its ends of two pipes as files 3, which it reads calls
// from, and 4, which it writes answers to.
func (b *Browser) launch() (answers io.ReadCloser, err error) {
	stderr, err := os.Create(b.stderr())
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	calls, pipe, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer calls.Close()
	answers, out, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, pipe.Close())
	}
	defer out.Close()
	b.pipe, b.cmd.Stderr, b.cmd.ExtraFiles = pipe, stderr, []*os.File{calls, out}
	if err := b.cmd.Start(); err != nil {
		return nil, errors.Join(err, pipe.Close(), answers.Close())
	}
	return answers, nil
}

func (b *Browser) stderr() string { return filepath.Join(b.profile, "stderr") }

// read delivers what the browser says until it is gone.
func (b *Browser) read(answers io.ReadCloser) {
	defer answers.Close()
	r := bufio.NewReader(answers)
	for {
		text, err := r.ReadBytes(0)
		if err != nil {
			break
		}
		var m message
		if err := json.Unmarshal(text[:len(text)-1], &m); err == nil {
			b.deliver(m)
		}
	}
	kill := time.AfterFunc(limit, func() { b.cmd.Process.Kill() }) // it may hang without its pipe
	err := b.cmd.Wait()
	kill.Stop()
	b.mu.Lock()
	b.err = fmt.Errorf("%s is gone: %v%s", filepath.Base(b.cmd.Path), b.cmd.ProcessState, b.said())
	if b.cmd.ProcessState == nil {
		b.err = err
	}
	b.mu.Unlock()
	close(b.ended)
}

// said returns the end of what the browser has written to its standard error.
func (b *Browser) said() string {
	text, _ := os.ReadFile(b.stderr())
	if len(text) == 0 {
		return ""
	}
	return "; it said: …" + string(text[max(0, len(text)-1000):])
}

// deliver hands an answer to the call that waits for it, and an event to its page.
func (b *Browser) deliver(m message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if answer := b.waiting[m.ID]; answer != nil {
		answer <- m
		delete(b.waiting, m.ID)
	} else if page := b.pages[m.Session]; page != nil {
		page.note(m)
	}
}

// call calls a method of the protocol, of a page's session or of the browser itself, and
// reads its answer into result unless that is nil.
func (b *Browser) call(session, method string, params, result any) error {
	answer := make(chan message, 1)
	b.mu.Lock()
	b.last++
	call := message{ID: b.last, Session: session, Method: method}
	b.waiting[call.ID] = answer
	b.mu.Unlock()
	if params != nil {
		call.Params, _ = json.Marshal(params)
	}
	text, err := json.Marshal(call)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	b.pipe.SetWriteDeadline(time.Now().Add(limit))
	b.pipe.Write(append(text, 0)) // if it fails, the browser is gone, which is seen below
	select {
	case m := <-answer:
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error.Message)
		} else if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-b.ended:
		return fmt.Errorf("%s: %w", method, b.err)
	case <-time.After(limit):
		return fmt.Errorf("%s: no answer within %v%s", method, limit, b.said())
	}
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() {
	b.call("", "Browser.close", nil, nil)
	b.pipe.Close()
	select {
	case <-b.ended:
	case <-time.After(limit / 4):
		b.cmd.Process.Kill()
		<-b.ended
	}
	for range 20 { // its last processes may still write there
		if os.RemoveAll(b.profile) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
