package run

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"nndl/cmd/internal/cli"
	"nndl/nn"
)

const (
	indexFile     = "index.html"
	learningFile  = "learning.svg"
	confusionFile = "confusion.svg"
	weightsFile   = "weights.svg"
)

var reportFiles = []string{indexFile, learningFile, "answers.svg", "misread.svg", confusionFile, weightsFile, "network.json"}

// complete checks that dir has a whole report, but for the files that are missing with
// reason, and that its page needs nothing else. It returns the files.
func complete(t *testing.T, dir string, missing ...string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != len(reportFiles)-len(missing) {
		t.Errorf("%d files in the report, want %d: %v", len(entries), len(reportFiles)-len(missing), err)
	}
	for _, name := range reportFiles {
		if slices.Contains(missing, name) {
			continue
		}
		files[name] = read(t, filepath.Join(dir, name))
		if strings.HasSuffix(name, ".svg") {
			for d := xml.NewDecoder(strings.NewReader(files[name])); ; {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Errorf("%s: %v", name, err)
					break
				}
			}
		}
	}
	index := files[indexFile]
	if n := strings.Count(index, "</svg>"); n < 4 || n != strings.Count(index, "<svg ") {
		t.Errorf("%d drawings in the page", n)
	}
	for _, m := range regexp.MustCompile(`(?:href|src|url|@import)\s*[=(]\s*"?([^">)]*)`).FindAllStringSubmatch(index, -1) {
		if !strings.HasPrefix(m[1], "data:image/png;base64,") && !strings.HasPrefix(m[1], "#digit-") {
			t.Errorf("the page names %.50q", m[1])
		}
	}
	if strings.Contains(index, "<script") || strings.Contains(strings.ReplaceAll(index, "http://www.w3.org/2000/svg", ""), "://") {
		t.Error("the page does not stand alone")
	}
	if drawings := strings.Join(strings.Split(index, "<svg ")[1:], ""); strings.Contains(index, "ZgotmplZ") || strings.Contains(drawings, "NaN") {
		t.Error("NaN or a template error is on the page")
	}
	return files
}

func TestReport(t *testing.T) {
	dir, to := dataDir(t), filepath.Join(t.TempDir(), "new", "report")
	args := []string{"-data", dir, "-sizes", "12,8,10", "-epochs", "3", "-eta", "1", "-report", to}
	stdout, stderr, status := call(t, args...)
	if status != 0 || stderr != "" || !strings.HasSuffix(stdout, "Report: "+filepath.Join(to, indexFile)+"\n") {
		t.Fatalf("status %d, %s%s", status, stdout, stderr)
	}
	files := complete(t, to)
	last := regexp.MustCompile(`Epoch 2: (\d+) / 50  (\d+\.\d\d)%`).FindStringSubmatch(stdout)
	for _, want := range []string{"[12,8,10]", "3 epochs over 500 examples", last[1] + " / 50", last[2] + " %</b>of the test digits", "What each hidden neuron looks for"} {
		if !strings.Contains(files[indexFile]+files[weightsFile], want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// The confusion matrix counts every test digit once.
	sum := 0
	for _, m := range regexp.MustCompile(`text-anchor="middle">(\d+)</text>`).FindAllStringSubmatch(files[confusionFile][strings.Index(files[confusionFile], `class="cell"`):], -1) {
		var v int
		fmt.Sscan(m[1], &v)
		sum += v
	}
	// Below the first row of cells stand the nine other names of the columns too: 1+…+9.
	if sum != 50+45 {
		t.Errorf("the confusion matrix counts %d, want 50", sum-45)
	}
	if n := strings.Count(files[weightsFile], "<image "); n != 8 {
		t.Errorf("%d pictures of weights, want 8", n)
	}
	// Again, over the report that is there: byte for byte the same.
	if _, stderr, status := call(t, args...); status != 0 {
		t.Fatal(stderr)
	}
	for name, was := range complete(t, to) {
		if files[name] != was {
			t.Errorf("%s differs from one run to the next", name)
		}
	}
}

// TestReportShapes draws networks of other shapes than the book's.
func TestReportShapes(t *testing.T) {
	dir := dataDir(t)
	for _, c := range []struct {
		args, want string
		pictures   int
	}{
		{"-sizes 12,10 -epochs 2", "What each output neuron looks for", 10},
		{"-sizes 12,7,6,10 -epochs 1", "What each hidden neuron looks for", 7},
		{"-sizes 12,120,10 -epochs 1", "The first 100 of 120", 100},
		{"-sizes 12,5,10 -epochs 0", "not trained", 5},
		{"-sizes 12,5,10 -epochs 1 -test 1", "1 of them to test on", 5},
		{"-sizes 12,5,10 -epochs 1 -method book", "1 epoch over", 5},
	} {
		to := t.TempDir()
		if _, stderr, status := call(t, append(strings.Fields(c.args), "-data", dir, "-report", to)...); status != 0 {
			t.Errorf("%s: %s", c.args, stderr)
			continue
		}
		files := complete(t, to)
		if n := strings.Count(files[weightsFile], "<image "); !strings.Contains(files[indexFile]+files[weightsFile], c.want) || n != c.pictures {
			t.Errorf("%s: %d pictures of weights, want %d, and a page that says %q", c.args, n, c.pictures, c.want)
		}
		if trained := strings.Contains(files[indexFile], "How it learned"); trained == strings.Contains(c.args, "epochs 0") {
			t.Errorf("%s: a learning curve: %v", c.args, trained)
		}
	}
}

// TestReportInTheWay checks that trouble with the folder is found before the training,
// and that nothing that is no report is overwritten.
func TestReportInTheWay(t *testing.T) {
	dir, base := dataDir(t), t.TempDir()
	file, site := filepath.Join(base, "file"), filepath.Join(base, "site")
	for _, name := range []string{file, filepath.Join(site, indexFile), filepath.Join(base, "drawing", weightsFile)} {
		os.MkdirAll(filepath.Dir(name), 0o777)
		if err := os.WriteFile(name, []byte("<html>mine</html>"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	os.MkdirAll(filepath.Join(base, "folder", indexFile), 0o777)
	for to, want := range map[string]string{"file": "file", "file/below": "file", "site": "is not a report", "drawing": "is not a report", "folder": "not a regular file"} {
		stdout, stderr, status := call(t, "-data", dir, "-sizes", "12,10", "-report", filepath.Join(base, filepath.FromSlash(to)))
		if status != 1 || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "-report: ") || !strings.Contains(stderr, want) {
			t.Errorf("%s: status %d, %q, %q, want %q", to, status, stdout, stderr, want)
		}
	}
	if got := read(t, filepath.Join(site, indexFile)); got != "<html>mine</html>" {
		t.Errorf("the page that was there is now %.50q", got)
	}
	if entries, _ := os.ReadDir(site); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}

// TestReportAndSave checks that the model can be saved to the new folder of the report,
// and that a network which cannot be saved is drawn all the same.
func TestReportAndSave(t *testing.T) {
	dir, to := dataDir(t), filepath.Join(t.TempDir(), "report")
	model := filepath.Join(to, "net.json")
	if _, stderr, status := call(t, "-data", dir, "-sizes", "12,10", "-epochs", "1", "-report", to, "-save", model); status != 0 {
		t.Error(stderr)
	}
	if _, _, err := nn.Load(model); err != nil {
		t.Fatal(err)
	}
	to = t.TempDir()
	// 1 − ηλ/n is −Inf.
	_, stderr, status := call(t, "-data", dir, "-load", model, "-epochs", "1", "-eta", "1e300", "-lambda", "1e300", "-report", to, "-save", model+"2")
	if status != 1 || !strings.Contains(stderr, "net.json2") {
		t.Errorf("a network with NaN is saved: status %d, %s", status, stderr)
	}
	complete(t, to, "network.json")
}

// TestReportTrouble checks that the page, too, says what looks wrong with a training.
func TestReportTrouble(t *testing.T) {
	to := t.TempDir()
	_, stderr, status := call(t, "-data", dataDir(t), "-sizes", "12,8,10", "-epochs", "3", "-eta", "100", "-report", to)
	_, trouble, _ := strings.Cut(strings.TrimSpace(stderr), "well: ")
	if page := complete(t, to)[indexFile]; status != 0 || len(trouble) < 20 || !strings.Contains(html.UnescapeString(page), trouble) {
		t.Errorf("status %d; the page does not say %q", status, stderr)
	}
}

func TestReportInterrupted(t *testing.T) {
	to := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	err := Main(ctx, []string{"-data", dataDir(t), "-sizes", "12,5,10", "-report", to}, "", &out, &out)
	if !errors.Is(err, cli.ErrInterrupted) {
		t.Errorf("%v, %s", err, out.String())
	}
	complete(t, to)
}
