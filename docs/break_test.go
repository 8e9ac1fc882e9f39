package docs_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var failed = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// TestBreak makes the mistakes that docs/equations.md lists, one after another, in
// a copy of nn/network.go, and looks whether the tests fail that it says do. This
// compiles nn once for each.
func TestBreak(t *testing.T) {
	files := readTree(t)
	checkMistakes(files).report(t)
	if testing.Short() {
		t.Skip("-short: the mistakes are not made")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command here")
	}
	for _, row := range mistakes(files) {
		t.Run(row.cells[0], func(t *testing.T) {
			t.Parallel()
			old, new := strings.Trim(row.cells[1], "`"), strings.Trim(row.cells[2], "`")
			wrong := strings.Replace(files["nn/network.go"], old, new, 1)
			out, err := runWith(t, goTool, wrong)
			found := failed.FindAllStringSubmatch(out, -1)
			if err == nil || len(found) == 0 {
				t.Fatalf("%s:%d: no test fails:\n%s", row.file, row.line, out)
			}
			fails := map[string]bool{}
			for _, m := range found {
				fails[m[1]] = true
			}
			t.Logf("%d tests fail", len(fails))
			for _, name := range testName.FindAllString(row.cells[3], -1) {
				if !fails[name] {
					t.Errorf("%s:%d: %s does not fail", row.file, row.line, name)
				}
			}
		})
	}
}

// mistakes returns the rows of the table.
func mistakes(files tree) (rows []tableRow) {
	for _, row := range tables(equationsFile, files[equationsFile]) {
		if row.head[0] == "The mistake" {
			rows = append(rows, row)
		}
	}
	return rows
}

// checkMistakes looks whether what is to be replaced stands in nn/network.go once.
func checkMistakes(files tree) (p problems) {
	rows := mistakes(files)
	if len(rows) == 0 {
		p.addf(equationsFile, 1, "there is no table of mistakes")
	}
	for _, row := range rows {
		if n := strings.Count(files["nn/network.go"], strings.Trim(row.cells[1], "`")); n != 1 {
			p.addf(row.file, row.line, "nn/network.go has %s %d times, want once", row.cells[1], n)
		}
	}
	return p
}

// runWith runs the tests of the equations with another text for nn/network.go.
func runWith(t *testing.T, goTool, text string) (output string, err error) {
	dir := t.TempDir()
	name, err := filepath.Abs("../nn/network.go")
	if err != nil {
		t.Fatal(err)
	}
	replacement, overlay := filepath.Join(dir, "network.go"), filepath.Join(dir, "overlay.json")
	config, err := json.Marshal(map[string]any{"Replace": map[string]string{name: replacement}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(replacement, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(overlay, config, 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(goTool, "test", "-vet=off", "-overlay", overlay, "-run", "^TestEquation", "../nn")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
