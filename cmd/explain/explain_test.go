package main

import (
	"bytes"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// real is the folder of the real digits. The other tests do not see it: they take the
// synthetic ones, as a machine without data does.
var real string

func TestMain(m *testing.M) {
	real = os.Getenv("NNDL_MNIST")
	os.Unsetenv("NNDL_MNIST")
	os.Exit(m.Run())
}

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

// TestWidth checks that no line is wider than the page, with colours or without.
func TestWidth(t *testing.T) {
	long := write(t, strings.Repeat("a-long-name-", 9)+".png", stroke(60, 80))
	for k, args := range []string{
		"", "-label 1 -eta 1000000", "-seed 18446744073709551615", "-sizes 784,10", "-sizes 784,1000,10",
		"-sizes 784,9,9,9,9,9,9,9,9,9,9,10", "-sizes 784,9,9,9,9,9,9,9,9,9,9,10 -layer 12", "-layer 2", "-layer 3",
		"-sizes 784,1000,10 -layer 2", "-sizes 784,10 -layer 2", "-eta 1e-300", "-eta 1e300",
	} {
		args += " -png " + long
		for i, width := range [][]int{{60, 99}, {80, 60}, {100, 60}}[k%3] {
			color := (i+k)%2 == 0 // every other one
			shown := show(t, args, width, color)
			if strings.Contains(shown, "\x1b[") != color {
				t.Errorf("%s: colours: %v, want %v", args, !color, color)
			}
			for _, line := range strings.Split(escapes.ReplaceAllString(shown, ""), "\n") {
				if n := utf8.RuneCountInString(line); n > width || !color && strings.HasSuffix(line, " ") {
					t.Errorf("%s at %d: %d characters: %q", args, width, n, line)
				}
			}
		}
	}
}

// show returns what explain shows on a terminal of this width.
func show(t *testing.T, args string, width int, color bool) string {
	t.Helper()
	o, err := parse(fields(args), new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	p := &page{color: color, width: width}
	if err := explain(p, o); err != nil {
		t.Fatal(err)
	}
	return p.String()
}

// TestShowsAll checks that the page has every equation, line of code and note of the tour,
// whatever its width.
func TestShowsAll(t *testing.T) {
	o, err := parse([]string{"-png", "testdata/three.png", "-label", "3"}, new(bytes.Buffer))
	if err != nil {
		t.Fatal(err)
	}
	d, err := find(o, nil)
	if err != nil {
		t.Fatal(err)
	}
	net, _, err := network(o, nil, d)
	if err != nil {
		t.Fatal(err)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	for _, width := range []int{60, 80, 100} {
		page := squeeze(show(t, "-png testdata/three.png -label 3", width, false))
		for _, step := range tour.New(net, d.example(3)).Steps {
			want := slices.Clone(step.Notes)
			for _, e := range step.Equations {
				want = append(want, "("+e.Number+")"+e.Formula, e.Remark)
			}
			for _, c := range step.Code {
				want = append(append(want, c.Go...), c.Python...)
			}
			for _, part := range step.Parts {
				want = append(want, part.Notes...)
				for _, v := range part.Values {
					want = append(want, v.Name+tour.Shape(v.Matrix))
				}
			}
			for _, w := range want {
				if !strings.Contains(page, squeeze(w)) {
					t.Errorf("step %d at %d characters does not say %q", step.Number, width, w)
				}
			}
		}
	}
}

// TestVerdict checks the first line: what the digit is read as, and whether that is right.
func TestVerdict(t *testing.T) {
	digits, _, _, err := testDigits(options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		output  map[int]float64 // the others are 0.1
		guessed bool
		want    string // the digit is a 7
	}{
		{map[int]float64{7: 0.9}, false, "The network reads a 7: right."},
		{map[int]float64{3: 0.9}, false, "The network reads a 3: wrong, it is a 7."},
		{map[int]float64{3: 0.41, 8: 0.38}, false, "The network is not sure: 3 (0.41) or 8 (0.38). It is a 7."},
		{map[int]float64{7: 0.95, 1: 0.9}, false, "The network is not sure: 7 (0.95) or 1 (0.90). It is a 7."},
		{map[int]float64{3: 0.9}, true, "The network reads a 3."},
		{map[int]float64{3: 0.41, 8: 0.38}, true, "The network is not sure: 3 (0.41) or 8 (0.38)."},
	} {
		net := nn.New([]int{784, 10}, rand.New(rand.NewPCG(1, 0)))
		net.Weights[0].Scale(0, net.Weights[0])
		for j := range net.Biases[0].Data {
			a := 0.1
			if v, ok := c.output[j]; ok {
				a = v
			}
			net.Biases[0].Data[j] = math.Log(a / (1 - a)) // σ of which is a
		}
		d := digit{pixels: mnist.Pixels(digits[0]), cols: 28, label: 7, guessed: c.guessed}
		s := &shown{tour.New(tour.Quadratic(net), d.example(7)), &page{width: 60}, options{}, d, ""}
		s.answer()
		if first, rest, _ := strings.Cut(s.String(), "\n"); first != "  "+c.want {
			t.Errorf("%v: %q, want %q", c.output, first, c.want)
		} else if marked := strings.Contains(rest, "◂ y = 1"); marked == c.guessed {
			t.Errorf("%v: the right output is marked: %v", c.output, marked)
		}
	}
}

// TestDoubtful checks which digit is shown without -index: one that is misread, else one
// in doubt, else the first.
func TestDoubtful(t *testing.T) {
	example := func(label int, output ...float64) nn.Example {
		z := matrix.New(3, 1)
		for i, a := range output {
			z.Data[i] = math.Log(a / (1 - a))
		}
		y := matrix.New(3, 1)
		y.Set(label, 0, 1)
		return nn.NewExample(z, y)
	}
	net := nn.New([]int{3, 3}, rand.New(rand.NewPCG(1, 0)))
	copy(net.Weights[0].Data, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1})
	clear(net.Biases[0].Data)
	sure, doubt := example(0, 0.9, 0.1, 0.1), example(1, 0.1, 0.4, 0.3)
	saturated, misread := example(2, 1e-9, 1-1e-9, 1e-9), example(2, 0.1, 0.8, 0.1)
	for _, c := range []struct {
		digits []nn.Example
		index  int
		why    string
	}{
		{[]nn.Example{sure, sure}, 0, ""},
		{[]nn.Example{sure, doubt, doubt}, 1, "doubt"},
		{[]nn.Example{sure, doubt, misread, misread}, 2, "misread"},
		{[]nn.Example{sure, saturated, misread}, 2, "misread"}, // the error of the first does not come back
	} {
		if index, why := doubtful(tour.Quadratic(net), c.digits); index != c.index || !strings.Contains(why, c.why) || (why == "") != (c.why == "") {
			t.Errorf("digit %d%s; want %d, %s", index, why, c.index, c.why)
		}
	}
}

// TestUntrained checks that a random network is said to be one, and that its weights,
// noise, are not drawn.
func TestUntrained(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.json")
	if err := nn.New([]int{784, 5, 10}, rand.New(rand.NewPCG(9, 0))).Save(file); err != nil {
		t.Fatal(err)
	}
	random := show(t, "-sizes 784,5,10 -layer 2", 100, false)
	loaded := show(t, "-load "+file+" -index 0 -layer 2", 100, false)
	for _, word := range []string{"untrained", "go run ./cmd/train"} {
		if !strings.Contains(random, word) || strings.Contains(loaded, word) {
			t.Errorf("%q is said of the random network: %v, of the loaded one: %v", word, strings.Contains(random, word), strings.Contains(loaded, word))
		}
	}
	if word := "weights above 0"; strings.Contains(random, word) || !strings.Contains(loaded, word) || !strings.Contains(random, "|∂C/∂w|") {
		t.Error("the pictures of the weights belong to the loaded network alone")
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

// TestLoadCrossEntropy explains a network of chapter 3, with the output error of its cost.
func TestLoadCrossEntropy(t *testing.T) {
	file := filepath.Join(t.TempDir(), "net.json")
	net := network2.New([]int{784, 5, 10}, network2.CrossEntropyCost{}, rand.New(rand.NewPCG(9, 0)))
	if err := net.Save(file); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"":          "(66)   δᴸ = aᴸ − y",
		" -layer 3": "(66)   δᴸ = aᴸ − y",
		" -layer 2": "(45)",
	} {
		stdout, stderr, status := call(fields("-png testdata/three.png -label 3 -load " + file + args)...)
		if status != 0 || !strings.Contains(stdout, want) || strings.Contains(stdout, "(BP1") || strings.Contains(stdout, "(27)") {
			t.Errorf("%q: status %d, %s%s", args, status, stderr, stdout)
		}
		for _, line := range strings.Split(stdout, "\n") {
			if n := utf8.RuneCountInString(line); n > 80 {
				t.Errorf("%d characters: %q", n, line)
			}
		}
	}
}

// TestRealDigits explains a digit of the real test set.
func TestRealDigits(t *testing.T) {
	if real == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	found := []string{"-index", "9999", "-sizes", "784,10"}
	stdout, stderr, status := call(append(found, "-data", real)...)
	if status != 0 || !strings.Contains(stdout, "test digit 9999, a 6") {
		t.Errorf("status %d, %s%s", status, stderr, stdout)
	}
	validation, _, _ := call("-data", real, "-validate", "-index", "0", "-sizes", "784,10")
	if !strings.Contains(validation, "validation digit 0, a 3") {
		t.Errorf("the first validation digit: %s", validation)
	}
	t.Setenv("NNDL_MNIST", real)
	if again, _, _ := call(found...); again != stdout {
		t.Error("NNDL_MNIST is not seen")
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
		// Those that need a digit take an image, which is there at once.
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
		{1, "no validation images", "-validate"},
		{2, "stray", "stray"},
		{2, "invalid value", "-seed x"},
		{1, "12 inputs, but the image has 784 pixels", "-png testdata/three.png -load " + small},
		{1, "9 outputs, but there are 10 digits", "-png testdata/three.png -load " + nine},
		{1, "[784,30,10], but", "-png testdata/three.png -load " + nine + " -sizes 784,30,10"},
		{1, "100 inputs", "-png testdata/three.png -sizes 100,10"},
		{1, "parameters", "-png testdata/three.png -sizes 784,4000000000,10"},
		{1, "parameters", "-png testdata/three.png -sizes 784,4000000000,4000000000,10"},
		{1, "nothere.json", "-png testdata/three.png -load nothere.json"},
		{1, "nothere.png", "-png nothere.png"},
		{1, "nowhere", "-data nowhere"},
		{1, "steps.golden: this is a text, not a PNG, JPEG or GIF picture", "-png testdata/steps.golden"},
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
