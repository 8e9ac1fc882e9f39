package run

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nndl/nn/network2"
)

// TestChapter3Flags: what is wrong with a flag is said in one line.
func TestChapter3Flags(t *testing.T) {
	for _, c := range []struct {
		args   []string
		want   string
		status int
	}{
		{[]string{"-lambda", "-1"}, "-lambda -1: want 0 or more", 2},
		{[]string{"-lambda", "NaN"}, "-lambda NaN: want 0 or more", 2},
		{[]string{"-lambda", "Inf"}, "-lambda +Inf: want 0 or more", 2},
		{[]string{"-cost", "log"}, `-cost "log": want quadratic or cross-entropy`, 2},
		{[]string{"-init", "small"}, `-init "small": want large or default`, 2},
		{[]string{"-init", "default", "-load", "net.json"}, "-init with -load", 2},
		{[]string{"-stop", "-1"}, "-stop -1: want 0 or more", 2},
		{[]string{"-halve", "-1"}, "-halve -1: want 0 or more", 2},
		{[]string{"-halve", "3", "-stop", "3"}, "-stop with -halve", 2},
		{[]string{"-every", "0"}, "-every 0: want 1 or more", 2},
		{[]string{"-every", "2", "-stop", "3"}, "-stop and -halve need every epoch", 2},
	} {
		stdout, stderr, status := call(t, c.args...)
		if status != c.status || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%v: status %d, stdout %q, stderr %q; want %d, %q", c.args, status, stdout, stderr, c.status, c.want)
		}
	}
}

// TestCosts: the run of the trainer is that of the literal program, with either cost,
// decay and the small weights, and -save writes the cost.
func TestCosts(t *testing.T) {
	dir := dataDir(t)
	for cost, name := range costNames {
		flags := small(dir, "-cost", cost, "-lambda", "2", "-init", "default", "-epochs", "3", "-monitor", "-validate")
		file := [2]string{filepath.Join(t.TempDir(), "batch"), filepath.Join(t.TempDir(), "book")}
		var out [2]string
		for i, method := range []string{"batch", "book"} {
			stdout, stderr, status := call(t, append(flags, "-method", method, "-save", file[i])...)
			if status != 0 {
				t.Fatal(stderr)
			}
			out[i] = regexp.MustCompile(`\d\.\d{3}s`).ReplaceAllString(stdout, "s")
		}
		if out[0] != out[1] {
			t.Errorf("%s: by mini-batches\n%sexample by example\n%s", cost, out[0], out[1])
		}
		if !strings.Contains(out[0], "seed 3, ") || !strings.Contains(out[0], "λ = 2") || strings.Count(out[0], "\n  training images: ") != 3 {
			t.Errorf("%s: %s", cost, out[0])
		}
		a, err := network2.Load(file[0])
		if err != nil {
			t.Fatal(err)
		}
		b, err := network2.Load(file[1])
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%T", a.Cost); got != "network2."+name {
			t.Errorf("-cost %s saved %s", cost, got)
		}
		for i, w := range a.Weights {
			for j, v := range w.Data {
				if d := v - b.Weights[i].Data[j]; !(d < 1e-9 && d > -1e-9) {
					t.Fatalf("%s: layer %d: %g by mini-batches, %g example by example", cost, i+2, v, b.Weights[i].Data[j])
				}
			}
		}
		// A model goes on with its own cost, and with no other.
		if stdout, stderr, _ := call(t, "-data", dir, "-load", file[0], "-epochs", "1"); strings.Contains(stdout, "cross-entropy") != (cost == "cross-entropy") {
			t.Errorf("-load of a model with %s: %s%s", cost, stdout, stderr)
		}
		other := map[string]string{"quadratic": "cross-entropy", "cross-entropy": "quadratic"}[cost]
		if _, stderr, status := call(t, "-data", dir, "-load", file[0], "-cost", other); status != 1 || !strings.Contains(stderr, "the cost of "+file[0]+" is "+cost) {
			t.Errorf("-load of a model with another cost: status %d, %s", status, stderr)
		}
	}
}

// TestResumeChapter3 cuts a run with each of the flags after every epoch and goes on.
func TestResumeChapter3(t *testing.T) {
	dir := dataDir(t)
	for _, flags := range [][]string{
		small(dir, "-cost", "cross-entropy", "-lambda", "3", "-init", "default", "-validate", "-monitor"),
		small(dir, "-stop", "1", "-eta", "0.1"),
		small(dir, "-halve", "1", "-eta", "0.1", "-test", "5"),
		small(dir, "-every", "2"),
	} {
		want, wantBest := model(t, flags...)
		for cut := 1; cut < 6; cut++ {
			file := filepath.Join(t.TempDir(), "run")
			model(t, append(flags, "-checkpoint", file, "-epochs", fmt.Sprint(cut))...)
			got, best := model(t, "-data", dir, "-resume", file, "-epochs", "6")
			if got != want || best != wantBest && flags[len(flags)-2] != "-every" {
				t.Errorf("%v, cut after %d epochs: another end, %q, want %q", flags, cut, best, wantBest)
			}
		}
	}
	file := filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-cost", "cross-entropy", "-checkpoint", file)...)
	if _, stderr, status := call(t, "-data", dir, "-resume", file, "-cost", "quadratic"); status != 1 || !strings.Contains(stderr, "-cost quadratic, but the run of") {
		t.Errorf("-resume with another cost: status %d, %s", status, stderr)
	}
}

// TestStopAndHalve: a learning rate that is too small to improve anything.
func TestStopAndHalve(t *testing.T) {
	dir := dataDir(t)
	stdout, _, _ := call(t, small(dir, "-eta", "1e-9", "-stop", "3", "-epochs", "30")...)
	if !strings.Contains(stdout, "Epoch 3: ") || strings.Contains(stdout, "Epoch 4: ") || !strings.Contains(stdout, "Stopped: no improvement in 3 epochs\n") {
		t.Errorf("-stop 3:\n%s", stdout)
	}
	stdout, _, _ = call(t, small(dir, "-eta", "1e-9", "-halve", "2", "-epochs", "30")...)
	if !strings.Contains(stdout, "Epoch 14: ") || strings.Contains(stdout, "Epoch 15: ") || strings.Count(stdout, " from now on\n") != 6 ||
		!strings.Contains(stdout, "No improvement in 2 epochs: η = 5e-10 from now on\n") || !strings.Contains(stdout, "Stopped: no improvement in 2 epochs\n") {
		t.Errorf("-halve 2:\n%s", stdout)
	}
	stdout, _, _ = call(t, small(dir, "-every", "4", "-epochs", "10")...)
	if got := regexp.MustCompile(`(?m)^Epoch \d+`).FindAllString(stdout, -1); fmt.Sprint(got) != "[Epoch 3 Epoch 7 Epoch 9]" {
		t.Errorf("-every 4: %v", got)
	}
}

// TestChapter1Output: without the flags of chapter 3 nothing of it is to be seen.
func TestChapter1Output(t *testing.T) {
	stdout, _, _ := call(t, small(dataDir(t))...)
	if !strings.HasPrefix(stdout, "[12,5,10], 125 parameters; 500 examples, mini-batch 10, η = 3, seed 3\nEpoch 0: ") || strings.Count(stdout, "\n") != 8 {
		t.Errorf("%s", stdout)
	}
}

// TestMonitorReport: the report of a run with -monitor has the costs, and no other has.
func TestMonitorReport(t *testing.T) {
	dir := dataDir(t)
	for _, monitor := range []bool{false, true} {
		to := t.TempDir()
		if _, stderr, status := call(t, small(dir, "-monitor="+fmt.Sprint(monitor), "-report", to, "-cost", "cross-entropy")...); status != 0 {
			t.Fatal(stderr)
		}
		_, err := os.Stat(filepath.Join(to, "costs.svg"))
		page := read(t, filepath.Join(to, "index.html"))
		if (err == nil) != monitor || strings.Contains(page, "The cost after each epoch") != monitor {
			t.Errorf("-monitor=%v: costs.svg %v", monitor, err)
		}
		if !strings.Contains(read(t, filepath.Join(to, "network.json")), "CrossEntropyCost") {
			t.Error("the network of the report has another cost")
		}
	}
}
