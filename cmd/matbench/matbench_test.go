package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/term"
	"nndl/matrix"
	"nndl/matrix/ladder"
)

// call runs the program and returns its output, its one line of error and its exit status.
func call(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	status = cli.Status("matbench", run(args, &out, &errs), &errs)
	return out.String(), errs.String(), status
}

// TestRun checks that every unit and every rung has a line, and that the columns
// of a rung agree with each other.
func TestRun(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	svg := filepath.Join(t.TempDir(), "ladder.svg")
	stdout, stderr, status := call("-n", "30", "-threads", "2", "-time", "5ms", "-svg", svg)
	if status != 0 || stderr != "" {
		t.Fatalf("status %d, stderr %q", status, stderr)
	}
	peak := map[int]float64{}
	for _, u := range units() {
		m := regexp.MustCompile(`(?m)^  ` + regexp.QuoteMeta(u.name) + ` +([\d.]+)$`).FindStringSubmatch(stdout)
		if m == nil {
			t.Fatalf("no line for %q:\n%s", u.name, stdout)
		}
		peak[1] = max(peak[1], number(t, m[1]))
	}
	if m := regexp.MustCompile(`(?m)^  .*, 2 cores +([\d.]+)$`).FindStringSubmatch(stdout); m != nil {
		peak[2] = number(t, m[1])
	}
	if !strings.Contains(stdout, "z = xy, 30×30 · 30×30\n") || !strings.Contains(stdout, "kernel "+matrix.Kernel()+"\n") {
		t.Errorf("no headings:\n%s", stdout)
	}
	for _, bytes := range streamed {
		if !regexp.MustCompile(`(?m)^  ` + size(bytes) + ` +[\d.]+$`).MatchString(stdout) {
			t.Errorf("no line for %s:\n%s", size(bytes), stdout)
		}
	}
	var naive float64
	for i, rung := range ladder.Rungs {
		m := regexp.MustCompile(`(?m)^  ` + rung.Name + ` +([\d.]+) +([\d.]+) +([\d.]+) %  [▏▎▍▌▋▊▉█]+$`).FindStringSubmatch(stdout)
		if m == nil {
			t.Fatalf("no line for %s:\n%s", rung.Name, stdout)
		}
		rate, times, share := number(t, m[1]), number(t, m[2]), number(t, m[3])
		if i == 0 {
			naive = rate
		}
		threads := 1
		if rung.Name == "parallel" {
			threads = 2
		}
		// What is printed is rounded: by 0.005 at most below 10, else in the third digit.
		round := 0.01 + 0.01*rate
		if math.Abs(times*naive-rate) > round+0.01*times+(0.005+0.005*times)*naive || math.Abs(share/100*peak[threads]-rate) > round+0.001*peak[threads] {
			t.Errorf("%s: %v GFLOP/s is not %v times the naive %v and %v %% of %v", rung.Name, rate, times, naive, share, peak[threads])
		}
	}
	drawing, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg ", "30×30 · 30×30 on ", ">naive<", ">parallel, 2 cores<", "GFLOP/s", "peak of one core"} {
		if !bytes.Contains(drawing, []byte(want)) {
			t.Errorf("the drawing does not say %q", want)
		}
	}
	if n := runtime.GOMAXPROCS(0); n != before {
		t.Errorf("GOMAXPROCS is %d after it, was %d", n, before)
	}
}

// fakePython puts a python3 before all others in the search path; with no lines, none.
func fakePython(t *testing.T, lines string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	if lines != "" {
		if err := os.WriteFile(filepath.Join(dir, "python3"), []byte("#!/bin/sh\n"+lines), 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSweep checks that every kernel and numpy have a column, every size a line, and
// that numpy's seconds become GFLOP/s.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the python of this test is a shell script")
	}
	for _, c := range []struct{ python, column, last string }{
		{"echo numpy 9; while read n each; do echo $((n * n)); done", "numpy 9", "0.00"},
		{"echo numpy 9; while read n each; do echo 9.826e-6; done", "numpy 9", "1.00"}, // 2·17³ flop
		{"echo numpy 9; exit", "numpy 9", "NaN"},
		{"echo 'no module' >&2; exit 1", "", ""},
		{"", "", ""},
	} {
		fakePython(t, c.python)
		svg := filepath.Join(t.TempDir(), "sweep.svg")
		stdout, stderr, status := call("-sweep", "-n", "17", "-threads", "2", "-time", "1ms", "-svg", svg)
		if status != 0 || stderr != "" {
			t.Fatalf("status %d, stderr %q", status, stderr)
		}
		columns := append(matrix.Kernels(), matrix.Kernel()+", 2 cores")
		if c.column != "" {
			columns = append(columns, c.column)
		}
		if missing := strings.Contains(stdout, "python3 has no numpy"); missing != (c.column == "") {
			t.Errorf("%q: says that numpy is missing: %t", c.python, missing)
		}
		if m := regexp.MustCompile(`(?m)^     n +(.*)$`).FindStringSubmatch(stdout); m == nil || strings.Join(regexp.MustCompile("   *").Split(m[1], -1), "|") != strings.Join(columns, "|") {
			t.Errorf("the columns are %q, want %q", m, columns)
		}
		var ns []string
		for _, m := range regexp.MustCompile(`(?m)^ {3,5}(\d+)((?: +[\d.]+| +NaN)+)$`).FindAllStringSubmatch(stdout, -1) {
			rates := strings.Fields(m[2])
			if ns = append(ns, m[1]); len(rates) != len(columns) {
				t.Errorf("%d rates: %q", len(rates), m[0])
			}
			if last := rates[len(rates)-1]; m[1] == "17" && c.column != "" && last != c.last {
				t.Errorf("%q: %s GFLOP/s for n = 17, want %s", c.python, last, c.last)
			}
		}
		if got := strings.Join(ns, " "); got != "8 9 12 15 16 17" {
			t.Errorf("n is %s", got)
		}
		drawing, err := os.ReadFile(svg)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(columns, "peak of one core", "GFLOP/s", ">16<") {
			if !bytes.Contains(drawing, []byte(want)) {
				t.Errorf("the drawing does not say %q", want)
			}
		}
	}
}

// TestNumpy runs the script itself where there is a numpy.
func TestNumpy(t *testing.T) {
	p := startNumpy("python3", time.Millisecond)
	if p == nil {
		t.Skip("python3 has no numpy")
	}
	defer p.stop()
	if !strings.HasPrefix(p.name, "numpy ") {
		t.Errorf("its name is %q", p.name)
	}
	for _, n := range []int{8, 300} {
		if s := p.seconds(n); !(s > 0 && s < 100) {
			t.Errorf("%v seconds for n = %d", s, n)
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMistakes(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-n", "0"}, 2, "-n 0: want 1 to 8192"},
		{[]string{"-n", "8193"}, 2, "-n 8193: want 1 to 8192"},
		{[]string{"-n", "many"}, 2, `"many"`},
		{[]string{"-sweep", "-n", "7"}, 2, "-n 7: -sweep begins at 8"},
		{[]string{"-threads", "0"}, 2, "-threads 0: want 1 to 1024"},
		{[]string{"-time", "0s"}, 2, "-time 0s: want more than 0"},
		{[]string{"-speed"}, 2, "-speed"},
		{[]string{"512"}, 2, `unexpected argument "512"`},
		{[]string{"-svg", dir}, 1, dir},
		{[]string{"-svg", filepath.Join(dir, "missing", "x.svg")}, 1, "missing"},
	} {
		stdout, stderr, status := call(c.args...)
		if status != c.status || !strings.HasPrefix(stderr, "matbench: ") || !strings.Contains(stderr, c.says) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q: status %d, %q; want %d and %q", c.args, status, stderr, c.status, c.says)
		}
		if stdout != "" {
			t.Errorf("%q: began to measure", c.args)
		}
	}
}

func TestHelp(t *testing.T) {
	stdout, stderr, status := call("-h")
	if status != 0 || stderr != "" || !strings.Contains(stdout, "matbench -svg ladder.svg") || !strings.Contains(stdout, "-threads") {
		t.Errorf("status %d, stderr %q:\n%s", status, stderr, stdout)
	}
}

// TestFastest checks, with a clock of its own, that the fastest run counts and that
// a run too short for the clock is repeated until it is not.
func TestFastest(t *testing.T) {
	clock := time.Unix(0, 0)
	s := &stopwatch{each: 30 * time.Millisecond, now: func() time.Time { return clock }, bar: new(term.Bar)}
	durations := []time.Duration{20 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond}
	if got := s.fastest(func() {
		clock = clock.Add(durations[0])
		durations = durations[1:]
	}); got != 0.005 || len(durations) != 0 {
		t.Errorf("runs of 20, 5 and 10 ms: %v s", got)
	}
	runs := 0
	if got := s.fastest(func() {
		runs++
		clock = clock.Add(time.Microsecond)
	}); math.Abs(got-1e-6) > 1e-12 || runs < 30000 || runs > 33000 {
		t.Errorf("runs of 1 µs: %v s after %d", got, runs)
	}
	if s.done != 2 {
		t.Errorf("%d measurements done, want 2", s.done)
	}
}

func TestBar(t *testing.T) {
	for _, c := range []struct {
		value, full float64
		want        string
	}{{0, 8, "▏"}, {1, 8, "▌"}, {2, 8, "█"}, {7.8, 8, "███▉"}, {8, 8, "████"}, {9, 8, "████"}} {
		if got := bar(c.value, c.full, 4); got != c.want {
			t.Errorf("bar(%v, %v, 4) = %q, want %q", c.value, c.full, got, c.want)
		}
	}
}
