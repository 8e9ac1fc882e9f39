//go:build unix

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// exe is the real program, built once, in a folder that TestMain removes.
var exe struct {
	once sync.Once
	dir  string
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(exe.dir)
	if shared.Browser != nil {
		shared.Close()
	}
	os.Exit(code)
}

// program builds the real program.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() || again {
		t.Skip("builds the program and sends it signals")
	}
	exe.once.Do(func() {
		if exe.dir, exe.err = os.MkdirTemp("", "play"); exe.err != nil {
			return
		}
		out, err := exec.Command("go", "build", "-o", exe.dir, ".").CombinedOutput()
		if err != nil {
			exe.err = errors.New(err.Error() + ": " + string(out))
		}
	})
	if exe.err != nil {
		t.Fatal(exe.err)
	}
	return filepath.Join(exe.dir, "play")
}

// playing is the running program.
type playing struct {
	*exec.Cmd
	said   string // on standard output, until it listened
	url    string
	host   string // 127.0.0.1:8080
	rest   *bufio.Reader
	stderr bytes.Buffer
}

var printed = regexp.MustCompile(`http://(\S+)/`)

// launch starts the program and waits until it listens. The test ends it if it is still
// there.
func launch(t *testing.T, env []string, args ...string) *playing {
	t.Helper()
	p := &playing{Cmd: exec.Command(program(t), args...)}
	p.Env = append(append(os.Environ(), "NNDL_MNIST="), env...)
	p.Cmd.Stderr = &p.stderr
	p.Dir = t.TempDir() // which has no data/mnist
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(time.Minute, func() { p.Process.Kill() })
	t.Cleanup(func() { kill.Stop(); p.Process.Kill(); p.Wait() })
	p.rest = bufio.NewReader(out)
	for p.url == "" {
		line, err := p.rest.ReadString('\n')
		p.said += line
		if m := printed.FindStringSubmatch(line); m != nil {
			p.url, p.host = m[0], m[1]
		} else if err != nil {
			t.Fatalf("it says no address: %q", p.said)
		}
	}
	return p
}

// end sends the program a signal and returns what it says until it ends, and its status.
func (p *playing) end(s os.Signal) (rest string, status int) {
	p.Process.Signal(s)
	text, _ := io.ReadAll(p.rest)
	p.Wait()
	return string(text), p.ProcessState.ExitCode()
}

// TestProgram starts the real program, uses its page and ends it as a reader does, while a
// connection is idle, another one in the middle of a request, and a third says nothing.
func TestProgram(t *testing.T) {
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := launch(t, nil, "-addr", "127.0.0.1:0", "-open=false")
			if body, err := get(p.url); err != nil || !strings.Contains(body, `src="main.js"`) {
				t.Errorf("%v: %.100s", err, body)
			}
			dial(t, p.host)
			fmt.Fprint(dial(t, p.host), "POST /api/forward HTTP/1.1\r\nHost: "+p.host+"\r\nContent-Length: 100\r\n\r\n{")
			rest, status := p.end(signal)
			if status != 0 || p.stderr.Len() > 0 || strings.Contains(p.said+rest, "panic") {
				t.Errorf("exit status %d, stdout %q, stderr %q", status, p.said+rest, p.stderr.String())
			}
		})
	}
}

func get(url string) (body string, err error) {
	response, err := http.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// dial connects, and lets go in the end.
func dial(t *testing.T, host string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	return conn
}

// TestTakenPort checks that a port that is in use is one line that says what to do.
func TestTakenPort(t *testing.T) {
	exe := program(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for addr, want := range map[string]string{taken.Addr().String(): taken.Addr().String() + " is in use", "127.0.0.1": "want an address and a port", "example.invalid:80": "example.invalid", "127.0.0.1:99999": "-addr 127.0.0.1:99999"} {
		cmd := exec.Command(exe, "-open=false", "-addr", addr)
		cmd.Env = append(os.Environ(), "NNDL_MNIST=")
		out, err := cmd.CombinedOutput()
		if err == nil || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), want) {
			t.Errorf("-addr %s: %v: %s", addr, err, out)
		}
	}
}

// TestListensHere checks that the program listens on this machine alone unless -addr says
// otherwise, and then says so.
func TestListensHere(t *testing.T) {
	t.Parallel()
	here, everywhere := launch(t, nil, "-addr", "127.0.0.1:0", "-open=false"), launch(t, nil, "-addr", "0.0.0.0:0", "-open=false")
	for p, public := range map[*playing]bool{here: false, everywhere: true} {
		if _, err := get(p.url); err != nil {
			t.Error(err)
		}
		rest, _ := p.end(os.Interrupt)
		if got := strings.Contains(p.said+rest, "everyone who can reach this machine"); got != public {
			t.Errorf("it says %q", p.said+rest)
		}
	}
}

// TestOpensBrowser checks with a browser of the test's own that the program opens the page
// unless -open=false.
func TestOpensBrowser(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	opened := filepath.Join(bin, "opened")
	script := fmt.Sprintf("#!/bin/sh\necho \"$1\" >'%s.new'\nmv '%[1]s.new' '%[1]s'\n", opened)
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	env := []string{"DISPLAY=:0", "PATH=" + bin + ":" + os.Getenv("PATH")}
	quiet := launch(t, env, "-addr", "127.0.0.1:0", "-open=false")
	get(quiet.url)
	quiet.end(os.Interrupt)
	if text, err := os.ReadFile(opened); err == nil {
		t.Errorf("-open=false opens %s", text)
	}
	p := launch(t, env, "-addr", "127.0.0.1:0")
	for range 1000 {
		if text, err := os.ReadFile(opened); err == nil {
			if string(text) != p.url+"\n" {
				t.Errorf("opened %q, want %q", text, p.url)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("no browser is opened")
}

// TestRebinding sends the running program what other sites, and names that are rebound to
// it, can make a browser send.
func TestRebinding(t *testing.T) {
	t.Parallel()
	p := launch(t, nil, "-addr", "127.0.0.1:0", "-open=false")
	port := p.host[strings.LastIndex(p.host, ":"):]
	for _, c := range []struct {
		name, method, host, header string
		ok                         bool
	}{
		{"the page", "GET", p.host, "", true},
		{"localhost", "GET", "localhost" + port, "", true},
		{"a rebound name", "GET", "evil.example" + port, "", false},
		{"a rebound name's request", "POST", "evil.example" + port, "Origin: http://evil.example" + port, false},
		{"another site's request", "POST", p.host, "Origin: http://evil.example", false},
		{"another port's request", "POST", p.host, "Origin: http://127.0.0.1:1", false},
		{"another site's form", "POST", p.host, "Sec-Fetch-Site: cross-site", false},
		{"a neighbour's form", "POST", p.host, "Sec-Fetch-Site: same-site", false},
		{"a request of no site", "POST", p.host, "Origin: null", false},
	} {
		conn := dial(t, p.host)
		fmt.Fprintf(conn, "%s / HTTP/1.1\r\nHost: %s\r\n%s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", c.method, c.host, cmp.Or(c.header, "X-None: 0"))
		line, _ := bufio.NewReader(conn).ReadString('\n')
		if got := strings.Contains(line, " 200 "); got != c.ok || !c.ok && !strings.Contains(line, " 403 ") {
			t.Errorf("%s: %s", c.name, line)
		}
	}
}

// TestSlow checks that hundreds of connections that say little and slowly, or stop in the
// middle, keep nobody else from the page, and that the server does not wait for them
// forever.
func TestSlow(t *testing.T) {
	t.Parallel()
	p := launch(t, nil, "-addr", "127.0.0.1:0", "-open=false")
	request := "POST /api/forward HTTP/1.1\r\nHost: " + p.host + "\r\nContent-Type: application/json\r\nX-Visitor: 0123456789abcdef0123456789abcdef\r\nContent-Length: 1000\r\n\r\n{\"pixels\":\""
	var slow []net.Conn
	for i := range 200 {
		conn := dial(t, p.host)
		fmt.Fprint(conn, request[:1+i*(len(request)-1)/199])
		if i%2 == 0 {
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close() // cut: the server reads a reset
		} else {
			slow = append(slow, conn)
		}
	}
	if _, err := get(p.url); err != nil {
		t.Errorf("while others are slow: %v", err)
	}
	for _, conn := range slow[:50] { // whose headers are not complete
		if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("the server waits for a slow request forever")
		}
	}
	if _, err := get(p.url); err != nil {
		t.Errorf("after slow ones: %v", err)
	}
	if rest, status := p.end(os.Interrupt); status != 0 || strings.Contains(rest+p.stderr.String(), "panic") {
		t.Errorf("exit status %d, %q, %q", status, rest, p.stderr.String())
	}
}
