package main

import (
	"bytes"
	"errors"
	"flag"
	"image/color"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"nndl/cmd/internal/cli"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
)

var rewrite = flag.Bool("update", false, "write what explain says now to the golden files in testdata")

// call runs the program and returns its output, its one line of error and its exit status.
func call(args ...string) (stdout, stderr string, status int) {
	var out, errs bytes.Buffer
	err := run(args, &out, &errs)
	status = cli.Status("explain", err, &errs)
	return out.String(), errs.String(), status
}

// TestGolden holds what is shown against testdata: the text exactly, the numbers
// within a tolerance. After a change of the text, look at what the program says,
// then: go test ./cmd/explain -run Golden -update
func TestGolden(t *testing.T) {
	for name, args := range map[string]string{
		"steps":   "-png testdata/three.png -label 3",
		"deep":    "-png testdata/three.png -label 3 -sizes 784,12,8,10 -seed 4 -eta 0.5",
		"layer-2": "-png testdata/three.png -label 3 -layer 2",
		"layer-3": "-png testdata/three.png -label 3 -layer 3",
	} {
		stdout, stderr, status := call(fields(args)...)
		if status != 0 || stderr != "" {
			t.Fatalf("%s: status %d, %s", args, status, stderr)
		}
		filename := filepath.Join("testdata", name+".golden")
		if *rewrite {
			if err := os.WriteFile(filename, []byte(stdout), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(filename)
		if err != nil {
			t.Fatal(err)
		}
		sameText(t, filename, strings.Split(stdout, "\n"), strings.Split(string(want), "\n"))
	}
}

// numberPattern is a number as page.go and Printf write it.
var numberPattern = regexp.MustCompile(`-?\d+(\.\d+)?(e[-+]?\d+)?`)

// sameText compares two texts line by line.
func sameText(t *testing.T, filename string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d lines, want %d", filename, len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if !sameLine(got[i], want[i]) {
			t.Errorf("%s:%d:\n got %s\nwant %s", filename, i+1, got[i], want[i])
		}
	}
}

// sameLine compares two lines: their words and drawings exactly, their numbers to
// three digits or the last one shown. How many digits two derivatives agree to
// depends on the last bits, so there three digits more or less are the same.
func sameLine(got, want string) bool {
	words := func(s string) string {
		return strings.Join(fields(numberPattern.ReplaceAllString(s, " # ")), " ")
	}
	if words(got) != words(want) {
		return false
	}
	gots, wants := numberPattern.FindAllString(got, -1), numberPattern.FindAllString(want, -1)
	for i := range wants {
		tolerance := max(1e-3*math.Abs(value(wants[i])), 1.01*unit(wants[i]))
		if strings.HasSuffix(want, wants[i]+" digits") {
			tolerance = 3
		} else if !strings.ContainsAny(wants[i], ".e") && !strings.ContainsAny(gots[i], ".e") {
			tolerance = 0 // a size, a place, a count
		}
		if !(math.Abs(value(gots[i])-value(wants[i])) <= tolerance) {
			return false
		}
	}
	return true
}

func value(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// unit returns what one is worth in the last digit of a number.
func unit(s string) float64 {
	digits, exponent, _ := strings.Cut(s, "e")
	_, fraction, _ := strings.Cut(digits, ".")
	power, _ := strconv.Atoi(exponent)
	return math.Pow(10, float64(power-len(fraction)))
}

func TestSameLine(t *testing.T) {
	for _, c := range []struct {
		got, want string
		same      bool
	}{
		{"z² 30×1  min  -1.001", "z² 30×1 min -1.000", true},
		{"z² 30×1  min  -1.010", "z² 30×1 min -1.000", false},
		{"z² 31×1  min  -1.000", "z² 30×1 min -1.000", false},
		{"δ 1.3e-7", "δ 1.2e-7", true},
		{"δ 1.2e-6", "δ 1.2e-7", false},
		{"δ -0.500", "δ 0.500", false},
		{"agree 7 digits", "agree 9 digits", true},
		{"agree 4 digits", "agree 9 digits", false},
		{"min 1.000 ▕▁█▏", "min 1.000 ▕█▁▏", false},
	} {
		if sameLine(c.got, c.want) != c.same {
			t.Errorf("%q and %q: want same = %v", c.got, c.want, c.same)
		}
	}
}

// escapes are the sequences that colour text.
var escapes = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// TestWidth holds that no line is wider than the page, with colours or without.
func TestWidth(t *testing.T) {
	long := write(t, strings.Repeat("a-long-name-", 9)+".png", seven(60, 80, func(x, y int, ink float64) color.Color { return level(1 - ink) }))
	for _, args := range []string{
		"", "-label 1 -eta 1000000", "-seed 18446744073709551615", "-sizes 784,10", "-sizes 784,1000,10",
		"-sizes 784,9,9,9,9,9,9,9,9,9,9,10", "-sizes 784,9,9,9,9,9,9,9,9,9,9,10 -layer 12", "-layer 2", "-layer 3",
		"-sizes 784,1000,10 -layer 2", "-sizes 784,10 -layer 2", "-eta 1e-300",
	} {
		args += " -png " + long
		stdout, stderr, status := call(fields(args)...)
		if status != 0 {
			t.Errorf("%s: %s", args, stderr)
		}
		for _, line := range strings.Split(stdout, "\n") {
			if n := utf8.RuneCountInString(line); n > wide || strings.HasSuffix(line, " ") {
				t.Errorf("%s: %d characters: %q", args, n, line)
			}
		}
		colored := show(t, args, true)
		if !strings.Contains(colored, "\x1b[") || strings.Contains(stdout, "\x1b") {
			t.Errorf("%s: colours on the terminal: %v, elsewhere: %v", args, strings.Contains(colored, "\x1b["), strings.Contains(stdout, "\x1b"))
		}
		for _, line := range strings.Split(escapes.ReplaceAllString(colored, ""), "\n") {
			if n := utf8.RuneCountInString(line); n > wide {
				t.Errorf("%s: %d characters in colour: %q", args, n, line)
			}
		}
	}
}

// show returns what explain shows on a terminal with colours or on one without.
func show(t *testing.T, args string, color bool) string {
	t.Helper()
	o, err := parse(fields(args), new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{color: color}
	if err := explain(p, o); err != nil {
		t.Fatal(err)
	}
	return p.String()
}

// TestQuotes holds that the equations and the lines of code that are shown stand
// in nn and matrix, letter by letter.
func TestQuotes(t *testing.T) {
	source, network := "", ""
	for _, pattern := range []string{"../../nn/*.go", "../../matrix/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			source += string(data)
			if filepath.Base(file) == "network.go" {
				network = string(data)
			}
		}
	}
	everything := ""
	for _, args := range []string{"", "-sizes 784,10", "-layer 2", "-layer 3"} {
		everything += show(t, args+" -png testdata/three.png", true)
	}
	equations := regexp.MustCompile(`\x1b\[1m\(([0-9BPa]+)\) *\x1b\[0m \x1b\[36m(.*?) *\x1b\[0m`).FindAllStringSubmatch(everything, -1)
	for _, e := range equations {
		comment := regexp.MustCompile(`// Equation \(` + e[1] + `\)(, two-sided)?: ` + regexp.QuoteMeta(e[2]) + "\n")
		if !comment.MatchString(source) {
			t.Errorf("no comment in nn or matrix says %s", comment)
		}
	}
	lines := regexp.MustCompile(`\x1b\[32m(.*?)\x1b\[0m`).FindAllStringSubmatch(everything, -1)
	for _, line := range lines {
		if !regexp.MustCompile(`(?m)^\t+` + regexp.QuoteMeta(line[1]) + `( *//.*)?$`).MatchString(network) {
			t.Errorf("nn/network.go has no line %q", line[1])
		}
	}
	if len(equations) < 20 || len(lines) < 12 {
		t.Errorf("only %d equations and %d lines of code: is this test still looking?", len(equations), len(lines))
	}
}

// TestTour holds what the tour computes by itself against the network.
func TestTour(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	d := digit{pixels: make([]byte, 784), cols: side, label: 4}
	for i := range d.pixels {
		d.pixels[i] = byte(rng.IntN(30))
	}
	tour := newTour(nn.New([]int{784, 8, 7, 10}, rng), d, options{})
	if !tour.a(4).Equal(tour.n.Feedforward(tour.e.X())) {
		t.Error("a⁴ is not what Feedforward returns")
	}
	for l := 2; l <= 3; l++ {
		delta := new(matrix.Matrix).Hadamard(tour.back(l), tour.sp(l))
		if !delta.Equal(tour.delta(l)) {
			t.Errorf("δ of layer %d is not what Backprop returns", l)
		}
	}
	output := tour.n.CostDerivative(tour.a(4), tour.e.Y())
	if !output.Hadamard(output, tour.sp(4)).Equal(tour.delta(4)) {
		t.Error("δ⁴ is not what Backprop returns")
	}
}

// TestStepLowersCost holds the table at the end: small steps do what was promised.
func TestStepLowersCost(t *testing.T) {
	o, err := parse([]string{"-png", "testdata/three.png", "-label", "3"}, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	d, err := find(o)
	if err != nil {
		t.Fatal(err)
	}
	n, _, err := network(o, d)
	if err != nil {
		t.Fatal(err)
	}
	tour := newTour(n, d, o)
	before := new(matrix.Matrix).Copy(n.Weights[0])
	real, promised := tour.after(1e-4)-tour.cost(), -1e-4*tour.square()
	if !(math.Abs(real-promised) <= 0.01*math.Abs(promised)) {
		t.Errorf("ΔC = %g, promised %g", real, promised)
	}
	if !n.Weights[0].Equal(before) {
		t.Error("the step changed the network that is explained")
	}
}

func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		numerical, back float64
		want            string
	}{
		{0.12345678, 0.12345600, "5 digits"},
		{0.5, 0.5, "16 digits"},
		{1, -1, "0 digits"},
		{0.1, 0, "0 digits"},
		{0, 0, "both are 0"},
		{0, 4e-20, "both too small for a nudge to show"},
		{1e-9, 1.1e-9, "1 digits"},
	} {
		if got := agreement(c.numerical, c.back, 0.4); got != c.want {
			t.Errorf("%g and %g: %s, want %s", c.numerical, c.back, got, c.want)
		}
	}
}

// TestLoad holds that a saved network is the one explained.
func TestLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.json")
	if err := nn.New([]int{784, 5, 10}, rand.New(rand.NewPCG(9, 0))).Save(file); err != nil {
		t.Fatal(err)
	}
	loaded, _, _ := call("-png", "testdata/three.png", "-load", file, "-seed", "9")
	drawn, _, _ := call("-png", "testdata/three.png", "-sizes", "784,5,10", "-seed", "9")
	cut := func(s string) string { _, s, _ = strings.Cut(s, "── 1."); return s }
	if cut(loaded) == "" || cut(loaded) != cut(drawn) || !strings.Contains(loaded, "from ") {
		t.Errorf("a network that was saved and loaded is explained otherwise:\n%s", loaded)
	}
}

// TestRealDigits explains a digit of the real test set.
func TestRealDigits(t *testing.T) {
	dir := os.Getenv("NNDL_MNIST")
	if dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	stdout, stderr, status := call("-data", dir, "-index", "9999", "-sizes", "784,10")
	if status != 0 || !strings.Contains(stdout, "test digit 9999, a 6") {
		t.Errorf("status %d, %s%s", status, stderr, stdout)
	}
}

// TestOtherSizes explains pictures that are not 28×28.
func TestOtherSizes(t *testing.T) {
	dir := t.TempDir()
	create := func(name string, write func(f *os.File) error) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := write(f); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{mnist.TrainImages, mnist.TestImages} {
		pixels := make([]byte, 7*5*3)
		for i := range pixels {
			pixels[i] = byte(40 * i)
		}
		create(name, func(f *os.File) error { return mnist.WriteImages(f, &mnist.Images{Rows: 5, Cols: 3, Pixels: pixels}) })
	}
	for _, name := range []string{mnist.TrainLabels, mnist.TestLabels} {
		create(name, func(f *os.File) error { return mnist.WriteLabels(f, []byte{0, 1, 2, 3, 4, 5, 6}) })
	}
	for _, args := range []string{"", " -layer 2"} {
		stdout, stderr, status := call(fields("-data " + dir + " -index 6 -sizes 15,4,10" + args)...)
		if status != 0 || !strings.Contains(stdout, "test digit 6, a 6") || !strings.Contains(stdout, "4×15") {
			t.Errorf("%s: status %d, %s%s", args, status, stderr, stdout)
		}
	}
}

// TestErrors holds that every mistake is one line that says what was wrong.
func TestErrors(t *testing.T) {
	small := filepath.Join(t.TempDir(), "small.json")
	if err := nn.New([]int{12, 10}, rand.New(rand.NewPCG(9, 0))).Save(small); err != nil {
		t.Fatal(err)
	}
	nine := filepath.Join(t.TempDir(), "nine.json")
	if err := nn.New([]int{784, 9}, rand.New(rand.NewPCG(9, 0))).Save(nine); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status int
		want   string
		args   string
	}{
		// Those that need a digit take the picture, which is there at once.
		{2, "-index -1", "-index -1"},
		{1, "only 2000 digits, 0 to 1999", "-index 2000"},
		{2, "-layer 1: want 2 to L", "-layer 1"},
		{2, "-layer 0", "-layer 0"},
		{2, "layers 1 to 3", "-png testdata/three.png -layer 4"},
		{2, "-eta", "-eta 0"},
		{2, "-eta", "-eta NaN"},
		{2, `"x"`, "-sizes 784,x,10"},
		{2, "two layers", "-sizes 784"},
		{2, `"0"`, "-sizes 784,0,10"},
		{2, "-label", "-label 3"},
		{2, "-label 10", "-png testdata/three.png -label 10"},
		{2, "not together", "-png testdata/three.png -index 3"},
		{2, "not together", "-png testdata/three.png -data x"},
		{2, "stray", "stray"},
		{2, "invalid value", "-seed x"},
		{1, "12 inputs, but the picture has 784 pixels", "-png testdata/three.png -load " + small},
		{1, "9 outputs, but there are 10 digits", "-png testdata/three.png -load " + nine},
		{1, "[784,30,10], but", "-png testdata/three.png -load " + nine + " -sizes 784,30,10"},
		{1, "100 inputs", "-png testdata/three.png -sizes 100,10"},
		{1, "parameters", "-png testdata/three.png -sizes 784,4000000000,10"},
		{1, "parameters", "-png testdata/three.png -sizes 784,4000000000,4000000000,10"},
		{1, "nothere.json", "-png testdata/three.png -load nothere.json"},
		{1, "nothere.png", "-png nothere.png"},
		{1, "nowhere", "-data nowhere"},
		{1, "steps.golden: no PNG or JPEG", "-png testdata/steps.golden"},
		{1, "three.png", "-png testdata/three.png -load testdata/three.png"},
	} {
		stdout, stderr, status := call(fields(c.args)...)
		if status != c.status || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 || stdout != "" {
			t.Errorf("%s: status %d, stdout %q, stderr %q, want status %d and one line with %q", c.args, status, stdout, stderr, c.status, c.want)
		}
	}
}

func TestHelp(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"-h"}, &out, &out); !errors.Is(err, flag.ErrHelp) || !strings.Contains(out.String(), "-layer") {
		t.Errorf("%v, %s", err, out.String())
	}
}

// TestAnswer holds answer to Evaluate's choice.
func TestAnswer(t *testing.T) {
	nan := math.NaN()
	for _, a := range [][]float64{{0, 1, 0}, {1, 1, 0}, {0, nan, 1}, {nan, nan, 2}, {1, 0, nan}} {
		x := matrix.FromSlice(3, 1, a)
		if got, want := answer(x), nn.NewExample(matrix.New(1, 1), x).Label(); got != want {
			t.Errorf("answer(%v) = %d, want %d", a, got, want)
		}
	}
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
