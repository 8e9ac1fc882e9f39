package mnist

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	"nndl/matrix"
)

// drawing returns ink of the given size with this picture in it, its top left corner at
// row, col. A # is ink, o half as much.
func drawing(rows, cols, row, col int, picture ...string) *matrix.Matrix {
	ink := matrix.New(rows, cols)
	for i, line := range picture {
		for j, c := range line {
			ink.Set(row+i, col+j, map[rune]float64{'#': 1, 'o': 0.5}[c])
		}
	}
	return ink
}

// TestNormalize compares small drawings with what their normal form must be.
func TestNormalize(t *testing.T) {
	full := func(top, bottom, left, right int) []byte {
		pixels := make([]byte, Side*Side)
		for i := top; i < bottom; i++ {
			for j := left; j < right; j++ {
				pixels[i*Side+j] = 255
			}
		}
		return pixels
	}
	for name, c := range map[string]struct {
		ink  *matrix.Matrix
		want []byte
	}{
		// Of 20 rows, 0 to 19, the mean is 9.5: they begin at 14 − 9.5, rounded up.
		"a dot":         {drawing(3, 3, 1, 1, "#"), full(5, 25, 5, 25)},
		"a faint dot":   {drawing(9, 9, 0, 8, "o"), full(5, 25, 5, 25)},
		"a column":      {drawing(9, 9, 2, 7, "#", "#", "#", "#"), full(5, 25, 12, 17)},
		"a row":         {drawing(9, 9, 2, 2, "####"), full(12, 17, 5, 25)},
		"a thin column": {drawing(500, 9, 2, 7, strings.Split(strings.Repeat("#", 480), "")...), full(5, 25, 14, 15)},
	} {
		if got := Normalize(c.ink); !bytes.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
	// The heavy side decides where the middle is.
	hammer := Normalize(drawing(40, 40, 0, 0, strings.Split(strings.Repeat("##########,##########,##########,o.........,o.........,", 2), ",")...))
	var mass, down, across float64
	for i, v := range hammer {
		mass += float64(v)
		down += float64(v) * float64(i/Side)
		across += float64(v) * float64(i%Side)
	}
	if math.Abs(down/mass-14) > 0.5 || math.Abs(across/mass-14) > 0.5 {
		t.Errorf("the centre of mass is %.2f, %.2f, want 14, 14 within half a pixel", down/mass, across/mass)
	}
}

// TestScale compares means of areas with those counted by hand.
func TestScale(t *testing.T) {
	x := matrix.FromSlice(2, 3, []float64{1, 2, 3, 4, 5, 6})
	for _, want := range []*matrix.Matrix{
		x,
		matrix.FromSlice(1, 1, []float64{3.5}),
		matrix.FromSlice(1, 2, []float64{(2.5*1 + 3.5*0.5) / 1.5, (4.5*1 + 3.5*0.5) / 1.5}),
		matrix.FromSlice(4, 3, []float64{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}),
	} {
		got := Scale(x, want.Rows, want.Cols)
		for i, v := range got.Data {
			if math.Abs(v-want.Data[i]) > 1e-15 {
				t.Errorf("%d×%d: %v, want %v", want.Rows, want.Cols, got, want)
				break
			}
		}
	}
}

func TestNormalizePanics(t *testing.T) {
	defer func() {
		if s, _ := recover().(string); s != "mnist: Normalize: 3×4 without ink" {
			t.Errorf("blank paper: panic %q", s)
		}
	}()
	Normalize(matrix.New(3, 4))
}

// TestNormalizeMNIST normalises MNIST's own images again. It must find them as they are:
// that they are 20 pixels long and where their middle is can't be told better.
func TestNormalizeMNIST(t *testing.T) {
	dir := os.Getenv("NNDL_MNIST")
	if dir == "" {
		t.Skip("no real digits: NNDL_MNIST does not name their folder")
	}
	_, _, test, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	same := 0
	for i, e := range test {
		want := Pixels(e)
		ink := matrix.New(3*Side, 2*Side) // moved to where it must come back from
		for j, v := range want {
			ink.Set(j/Side+40, j%Side+7, float64(v)/255)
		}
		apart := 0.0
		for j, v := range Normalize(ink) {
			apart += math.Abs(float64(v)-float64(want[j])) / (Side * Side)
		}
		if apart < 1 {
			same++
		} else if apart > 40 {
			t.Errorf("test digit %d comes back changed by %.1f a pixel", i, apart)
		}
	}
	t.Logf("%d of %d come back the same", same, len(test))
	if same*100 < len(test)*95 {
		t.Errorf("only %d of %d come back the same", same, len(test))
	}
}
