//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nndl/nn"
)

// TestSignals does to the real program what ends it in good order, with status 130 and
// the model saved.
func TestSignals(t *testing.T) {
	exe, dir := program(t), dataDir(t)
	for name, end := range map[string]func(*os.Process, io.Closer){
		"Ctrl-C":    func(p *os.Process, _ io.Closer) { p.Signal(os.Interrupt) },
		"SIGTERM":   func(p *os.Process, _ io.Closer) { p.Signal(syscall.SIGTERM) },
		"SIGHUP":    func(p *os.Process, _ io.Closer) { p.Signal(syscall.SIGHUP); p.Signal(syscall.SIGHUP) },
		"no reader": func(_ *os.Process, out io.Closer) { out.Close() },
	} {
		file := filepath.Join(t.TempDir(), "net.json")
		cmd := exec.Command(exe, "-data", dir, "-sizes", "12,5,10", "-epochs", "1000000", "-save", file)
		out, said := start(t, cmd)
		end(cmd.Process, out)
		rest, _ := io.ReadAll(out)
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 130 || name != "no reader" && !strings.Contains(string(rest), "Interrupted in epoch") || said.Len() > 0 {
			t.Errorf("%s: exit status %d, want 130; stderr %q", name, code, said)
		}
		if _, _, err := nn.Load(file); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// start starts the program and waits until it trains, which it says.
func start(t *testing.T, cmd *exec.Cmd) (stdout io.ReadCloser, stderr *bytes.Buffer) {
	t.Helper()
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr = new(bytes.Buffer)
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
	t.Cleanup(func() { timer.Stop() })
	if _, err := io.ReadFull(stdout, make([]byte, 200)); err != nil {
		t.Fatal(err)
	}
	return stdout, stderr
}

// TestNohup checks that a program under nohup outlives its terminal.
func TestNohup(t *testing.T) {
	cmd := exec.Command("sh", "-c", `trap "" HUP; exec "$@"`, "sh", program(t), "-data", dataDir(t), "-sizes", "12,10",
		"-train", "10", "-test", "1", "-epochs", "1000000")
	out, _ := start(t, cmd)
	cmd.Process.Signal(syscall.SIGHUP)
	if _, err := io.CopyN(io.Discard, out, 1<<18); err != nil { // more than a pipe holds
		t.Error(err)
	}
	cmd.Process.Signal(os.Interrupt)
	rest, _ := io.ReadAll(out)
	cmd.Wait()
	if !strings.Contains(string(rest), "Interrupted in epoch") {
		t.Error("it did not go on until it was told to stop")
	}
}

// TestFullDisk checks that a training whose lines are lost goes on, keeps its model and
// says so in the end.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	file := filepath.Join(t.TempDir(), "net.json")
	cmd := exec.Command(program(t), "-data", dataDir(t), "-sizes", "12,5,10", "-epochs", "2", "-save", file)
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = full, &stderr
	cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != 1 || strings.Count(stderr.String(), "\n") != 1 || !strings.Contains(stderr.String(), "no space left") {
		t.Errorf("exit status %d, stderr %q", code, stderr.String())
	}
	if _, _, err := nn.Load(file); err != nil {
		t.Error(err)
	}
}
