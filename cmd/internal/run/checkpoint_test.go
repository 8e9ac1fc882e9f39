package run

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/files"
)

// small are the flags of a run that is over in no time.
func small(dir string, more ...string) []string {
	return append([]string{"-data", dir, "-sizes", "12,5,10", "-epochs", "6", "-seed", "3"}, more...)
}

// model trains with these flags and returns what -save wrote and the last line.
func model(t *testing.T, args ...string) (saved, best string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "net.json")
	stdout, stderr, status := call(t, append(args, "-save", file)...)
	if status != 0 {
		t.Fatalf("%v: %s", args, stderr)
	}
	return read(t, file), stdout[strings.LastIndex(strings.TrimSpace(stdout), "\n")+1:]
}

func read(t *testing.T, filename string) string {
	t.Helper()
	data, err := os.ReadFile(filename)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSameOnAllCores checks that the number of cores changes no byte of the model.
func TestSameOnAllCores(t *testing.T) {
	flags := []string{"-data", dataDir(t), "-sizes", "12,800,10", "-batch", "100", "-epochs", "3"}
	if mnist := os.Getenv("NNDL_MNIST"); mnist != "" && !testing.Short() {
		flags = []string{"-data", mnist, "-sizes", "784,100,10", "-batch", "64", "-epochs", "2", "-train", "1000", "-test", "100"}
	}
	for _, method := range []string{"batch", "book"} {
		first := ""
		for _, cores := range []int{1, 2, 4, 4} {
			before := runtime.GOMAXPROCS(cores)
			saved, _ := model(t, append(flags, "-method", method)...)
			runtime.GOMAXPROCS(before)
			if first == "" {
				first = saved
			}
			if saved != first {
				t.Errorf("-method %s on %d cores: another model than on one", method, cores)
			}
		}
	}
}

// TestResume cuts a run after every one of its epochs and goes on: the end is the
// same byte for byte, and so is the line about the best epoch.
func TestResume(t *testing.T) {
	dir := dataDir(t)
	loaded := filepath.Join(t.TempDir(), "start.json")
	if _, stderr, status := call(t, small(dir, "-epochs", "0", "-seed", "9", "-save", loaded)...); status != 0 {
		t.Fatal(stderr)
	}
	for _, flags := range [][]string{
		small(dir),
		small(dir, "-method", "book"),
		small(dir, "-shuffle=false", "-batch", "64", "-train", "300", "-test", "30"),
		{"-data", dir, "-epochs", "6", "-load", loaded},
	} {
		want, wantBest := model(t, flags...)
		for cut := 1; cut <= 6; cut++ {
			file := filepath.Join(t.TempDir(), "run")
			model(t, append(flags, "-checkpoint", file, "-epochs", fmt.Sprint(cut))...)
			// No flag but -epochs is needed again.
			got, best := model(t, "-data", dir, "-resume", file, "-checkpoint", file, "-epochs", "6")
			if got != want || best != wantBest {
				t.Errorf("%v, cut after %d epochs: another end, %q, want %q", flags, cut, best, wantBest)
			}
			// The file has followed: it stands at the end now.
			if got, best := model(t, "-data", dir, "-resume", file); got != want || best != wantBest {
				t.Errorf("%v, resumed at the end: another end, %q, want %q", flags, best, wantBest)
			}
		}
	}
}

// TestResumeReport checks that the report of a run that was cut and went on is that of a
// run in peace, byte for byte: its learning curve begins at epoch 0.
func TestResumeReport(t *testing.T) {
	dir := dataDir(t)
	report := func(args ...string) map[string]string {
		t.Helper()
		to := t.TempDir()
		if _, stderr, status := call(t, append(args, "-data", dir, "-report", to)...); status != 0 {
			t.Fatal(stderr)
		}
		files := complete(t, to)
		files[indexFile] = strings.ReplaceAll(files[indexFile], to, "report") // in its commands
		return files
	}
	want := report(small(dir, "-eta", "0.5")...)
	for cut := 1; cut <= 6; cut++ {
		file := filepath.Join(t.TempDir(), "run")
		report(small(dir, "-eta", "0.5", "-checkpoint", file, "-epochs", fmt.Sprint(cut))...)
		got := report("-resume", file, "-epochs", "6")
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("cut after %d epochs: another %s", cut, name)
			}
		}
	}

	// If only the second part has a report, the first is drawn as far as it was counted.
	file := filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-eta", "0.5", "-checkpoint", file, "-epochs", "4")...)
	whole := points(want[learningFile])
	got := points(report("-resume", file, "-epochs", "6")[learningFile])
	if len(whole[0]) != 6 || len(whole[1]) != 6 || len(got[0]) != 6 || len(got[1]) != 2 {
		t.Errorf("%d and %d epochs on the curves, want 6 and 6; without a report before, %d and %d, want 6 and 2",
			len(whole[0]), len(whole[1]), len(got[0]), len(got[1]))
	}
}

// points returns the dots on the two lines of a learning curve.
func points(svg string) (lines [2][]string) {
	for i := range lines {
		lines[i] = regexp.MustCompile(fmt.Sprintf(`<circle .* class="f%d"/>`, i)).FindAllString(svg, -1)
	}
	return lines
}

// TestResumeAfterInterrupt cuts a run in the middle of an epoch.
func TestResumeAfterInterrupt(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "run")
	want, _ := model(t, small(dir)...)
	model(t, small(dir, "-epochs", "2", "-checkpoint", file)...)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	before := read(t, file)
	var out bytes.Buffer
	if err := Main(ctx, []string{"-data", dir, "-resume", file, "-checkpoint", file, "-epochs", "6"}, "", &out, &out); err == nil {
		t.Fatal("not interrupted")
	}
	if read(t, file) != before {
		t.Error("a cut epoch changed the checkpoint")
	}
	if got, _ := model(t, small(dir, "-resume", file)...); got != want {
		t.Error("another end than that of the uninterrupted run")
	}
}

// TestCheckpointInTheWay checks that a run which begins may write over an older
// checkpoint, a broken one and an empty file, and over no other file.
func TestCheckpointInTheWay(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-checkpoint", file)...)
	first := read(t, file)
	for _, old := range []string{"", first, first[:len(first)/2]} {
		if err := os.WriteFile(file, []byte(old), 0o666); err != nil {
			t.Fatal(err)
		}
		model(t, small(dir, "-checkpoint", file)...)
		if read(t, file) != first {
			t.Errorf("after %d bytes in its place the checkpoint is another", len(old))
		}
	}
	const other = "what somebody wants to keep"
	if err := os.WriteFile(file, []byte(other), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := call(t, small(dir, "-checkpoint", file)...); status != 1 || !strings.Contains(stderr, "is not a checkpoint") {
		t.Errorf("status %d, %s", status, stderr)
	}
	if read(t, file) != other {
		t.Error("the other file has changed")
	}
}

// TestResumeErrors checks one line and no change to the file for whatever does not
// go together.
func TestResumeErrors(t *testing.T) {
	dir, other := dataDir(t), t.TempDir()
	writeData(t, other, 600, 50)
	images := filepath.Join(other, "train-images-idx3-ubyte")
	changed := []byte(read(t, images))
	changed[16+3*12+5]++ // one pixel of one picture
	if err := os.WriteFile(images, changed, 0o666); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-epochs", "3", "-checkpoint", file)...)
	good := read(t, file)
	for _, c := range []struct {
		status int
		want   string
		args   string
	}{
		{1, "-sizes 12,6,10", "-sizes 12,6,10"},
		{1, "-method book", "-method book"},
		{1, "-batch 11", "-batch 11"},
		{1, "-eta 2", "-eta 2"},
		{1, "-seed 4", "-seed 4"},
		{1, "-shuffle false", "-shuffle=false"},
		{1, "other digits", "-train 499"},
		{1, "other digits", "-test 49"},
		{1, "other digits", "-data " + other},
		{1, "3 behind it", "-epochs 2"},
		{1, "3 behind it", "-epochs 0"},
		{1, "nothere", "-resume " + file + ".nothere"},
		{2, "-load with -resume", "-load " + file},
		{2, "same file", "-save " + file + " -checkpoint " + file},
	} {
		args := append([]string{"-data", dir, "-resume", file}, fields(c.args)...)
		stdout, stderr, status := call(t, args...)
		if status != c.status || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q, want status %d and one line with %q", c.args, status, stdout, stderr, c.status, c.want)
		}
	}
	if read(t, file) != good {
		t.Error("the checkpoint has changed")
	}
	// Cut anywhere, or one byte changed anywhere, it is no checkpoint.
	rng := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		i := rng.IntN(len(good))
		changed := []byte(good)
		changed[i] ^= 1 << rng.IntN(8)
		for _, bad := range []string{good[:i], string(changed)} {
			if _, err := parseCheckpoint([]byte(bad)); err == nil {
				t.Fatalf("cut or changed at byte %d, the checkpoint is still taken", i)
			}
		}
	}
	bad := filepath.Join(t.TempDir(), "bad")
	if err := os.WriteFile(bad, []byte(good[:len(good)/2]), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, stderr, status := call(t, "-data", dir, "-resume", bad); status != 1 || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, bad) {
		t.Errorf("half a checkpoint: status %d, %q", status, stderr)
	}
}

// TestCheckpointSettings checks that nothing in a checkpoint whose checksum is right
// brings the program down.
func TestCheckpointSettings(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-epochs", "3", "-checkpoint", file)...)
	_, body, _ := strings.Cut(read(t, file), "\n")
	for _, change := range [][2]string{
		{`"batch":"10"`, `"batch":"0"`}, {`"batch":"10"`, `"batch":null`}, {`"batch":"10"`, `"batch":"ten"`}, {`"batch":"10"`, `"batch":10`},
		{`"eta":"3"`, `"eta":"-1"`}, {`"method":"batch"`, `"method":"x"`}, {`"eta":"3"`, `"eta":"3","save":"x"`},
		{`"eta":"3"`, `"eta":"3","what":"x"`}, {`"sizes":"12,5,10"`, `"sizes":"12,6,10"`}, {`"flags":{`, `"flags":null,"x":{`},
		{`"order":"`, `"order":"AAAA`}, {`"order":"`, `"order":"////////`}, {`"generator":"`, `"generator":"AAAA`},
		{`"sizes":[12`, `"sizes":[13`}, {`"network":{`, `"network":null,"x":{`},
		{`"scores":[`, `"scores":[[],`}, {`"scores":[`, `"scores":null,"x":[`}, {`"training":-1`, `"training":-2`},
		{`"training":-1`, `"training":501`}, {`{"test":`, `{"test":-`}, {`{"test":`, `{"test":99`},
	} {
		changed := strings.Replace(body, change[0], change[1], 1)
		if changed == body {
			t.Fatalf("no %s in %.300s", change[0], body)
		}
		if err := os.WriteFile(file, []byte(withHeading(changed)), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, stderr, status := call(t, "-data", dir, "-resume", file, "-epochs", "9"); status != 1 || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%s: status %d, %q", change[1], status, stderr)
		}
	}
}

// TestEveryFlagIsKept checks that a checkpoint has every flag but those that forgotten
// names, with its value, and that forgotten and free name flags.
func TestEveryFlagIsKept(t *testing.T) {
	dir, file := dataDir(t), filepath.Join(t.TempDir(), "run")
	model(t, small(dir, "-eta", "0.5", "-train", "300", "-checkpoint", file)...)
	c, err := readCheckpoint(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"eta": "0.5", "train": "300", "sizes": "12,5,10", "epochs": "6", "seed": "3"}
	all := 0
	declare().set.VisitAll(func(f *flag.Flag) {
		all++
		value, kept := c.Flags[f.Name]
		if kept == slices.Contains(forgotten, f.Name) {
			t.Errorf("-%s: kept %v, forgotten %v", f.Name, kept, !kept)
		}
		if _, given := want[f.Name]; !given {
			want[f.Name] = f.DefValue
		}
		if kept && value != want[f.Name] {
			t.Errorf("-%s: kept as %q, want %q", f.Name, value, want[f.Name])
		}
	})
	if len(c.Flags)+len(forgotten) != all {
		t.Errorf("%d flags are kept and %d forgotten, of %d", len(c.Flags), len(forgotten), all)
	}
	for _, name := range free {
		if _, kept := c.Flags[name]; !kept {
			t.Errorf("free names -%s, which is not kept", name)
		}
	}
}

// TestHowToGoOn checks that a run which is interrupted says how to go on, and that this
// command goes on.
func TestHowToGoOn(t *testing.T) {
	dir, to := dataDir(t), filepath.Join(t.TempDir(), "my runs")
	os.Mkdir(to, 0o777)
	file, saved, exported := filepath.Join(to, "run"), filepath.Join(to, "net.json"), filepath.Join(to, "net.safetensors")
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	Main(stopped, small(dir, "-checkpoint", file), "", &out, &out)
	if strings.Contains(out.String(), "To go on") {
		t.Errorf("there is no checkpoint yet: %s", out.String())
	}
	model(t, small(dir, "-epochs", "2", "-checkpoint", file)...)
	out.Reset()
	Main(stopped, []string{"-data", dir, "-resume", file, "-epochs", "3", "-checkpoint", file, "-save", saved, "-export", exported}, "", &out, &out)
	want := fmt.Sprintf("Interrupted in epoch 2\nTo go on: go run ./cmd/train -resume %s -checkpoint %[1]s -data %s -save %s -export %s -epochs 3\n",
		cli.Quote(file), cli.Quote(dir), cli.Quote(saved), cli.Quote(exported))
	if !strings.HasSuffix(out.String(), want) {
		t.Errorf("it says %s, want %s", out.String(), want)
	}
}

func withHeading(body string) string {
	return fmt.Sprintf(checkpointKind.Heading, crc32.Checksum([]byte(body), files.Castagnoli)) + body
}

// fields splits a command line at spaces, but not inside the folder of temporary files,
// whose name may have some.
func fields(line string) []string {
	temp := os.TempDir()
	args := strings.Fields(strings.ReplaceAll(line, temp, "TEMP"))
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "TEMP", temp)
	}
	return args
}
