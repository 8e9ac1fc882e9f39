package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"
)

var kill = flag.Bool("kill", false, "let TestKilled kill the program")

// TestKilled kills the real program again and again, always while it is writing
// its checkpoint, and goes on each time: the end is that of a run in peace.
func TestKilled(t *testing.T) {
	if !*kill {
		t.Skip("takes its time: go test ./cmd/train -kill")
	}
	exe := program(t)
	dir, files := dataDir(t), t.TempDir()
	file := filepath.Join(files, "run")
	// So many weights that most of the time goes into writing them.
	flags := []string{"-data", dir, "-sizes", "12,2000,10", "-epochs", "25", "-train", "50", "-checkpoint", file}
	saved := filepath.Join(t.TempDir(), "net.json")
	if out, err := exec.Command(exe, append(flags, "-save", saved)...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	want, _ := os.ReadFile(saved)
	os.Remove(file)
	os.Remove(saved)

	kills, resumed := 0, false
	for try := 0; ; try++ {
		args := append(flags, "-save", saved)
		if _, err := os.Stat(file); err == nil {
			args, resumed = append(args, "-resume", file), true
		}
		cmd := exec.Command(exe, args...)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		if try < 12 {
			killWhileWriting(cmd, files, try, done)
		} else if err := <-done; err != nil {
			t.Fatalf("%v: %s", err, out.String())
		}
		switch code := cmd.ProcessState.ExitCode(); {
		case code == 0:
			if got, err := os.ReadFile(saved); err != nil || !bytes.Equal(got, want) {
				t.Error("another end than that of the run in peace")
			}
			if kills < 3 || !resumed {
				t.Errorf("only %d kills", kills)
			}
			if left, _ := os.ReadDir(files); runtime.GOOS == "linux" && len(left) != 1 {
				t.Errorf("beside the checkpoint, the kills have left %v", left)
			}
			return
		case code > 0:
			t.Fatalf("exit status %d after %d kills: %s", code, kills, out.String())
		}
		kills++
	}
}

var temporary = regexp.MustCompile(`^\.run\..*\.tmp$`)

// killWhileWriting waits until the program has written a checkpoint or two, then
// for a new temporary file beside it, and kills the program. A program that ends
// before is left alone.
func killWhileWriting(cmd *exec.Cmd, dir string, try int, done chan error) {
	old := map[string]bool{}
	list, _ := os.ReadDir(dir)
	for _, f := range list {
		old[f.Name()] = temporary.MatchString(f.Name())
	}
	wait := try%3 + 1 // in the middle of the first, the second or the third
	last := ""
	for {
		select {
		case <-done:
			return
		default:
		}
		list, _ := os.ReadDir(dir)
		now := ""
		for _, f := range list {
			if temporary.MatchString(f.Name()) && !old[f.Name()] {
				now = f.Name()
			}
		}
		if now != "" && last == "" {
			wait--
		}
		if last = now; now != "" && wait <= 0 {
			cmd.Process.Kill()
			<-done
			return
		}
		time.Sleep(200 * time.Microsecond)
	}
}
