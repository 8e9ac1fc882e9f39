package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// good is a file of two tensors and a word of metadata, as its header and its numbers.
const good = `{"__metadata__":{"cost":"none"},"0.w":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]},"0.b":{"dtype":"F64","shape":[2],"data_offsets":[48,64]}}`

var numbers = []float64{1, 2, 3, 4, 5, 6, 0.1, math.Copysign(0, -1)}

// file returns a file of a header and numbers.
func file(header string, numbers ...float64) string {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	b = append(b, header...)
	for _, v := range numbers {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return string(b)
}

// but returns the good header with one part replaced by another.
func but(old, new string) string {
	if strings.Count(good, old) != 1 {
		panic(old + " is not in the good header once")
	}
	return strings.Replace(good, old, new, 1)
}

// TestWrite compares a file with the format's description, byte by byte.
func TestWrite(t *testing.T) {
	var b bytes.Buffer
	err := Write(&b, []Tensor{{"0.w", []int{2, 3}, numbers[:6]}, {"0.b", []int{2}, numbers[6:]}}, map[string]string{"cost": "none"})
	if err != nil {
		t.Fatal(err)
	}
	want := file(good+strings.Repeat(" ", 7&-len(good)), numbers...)
	if b.String() != want {
		t.Errorf("got  %q\nwant %q", b.String(), want)
	}
	if length := binary.LittleEndian.Uint64(b.Bytes()); length%8 != 0 {
		t.Errorf("a header of %d bytes: the data begins in the middle of a number", length)
	}
}

// TestRead reads files that other programs could have written.
func TestRead(t *testing.T) {
	want := []Tensor{{"0.w", []int{2, 3}, numbers[:6]}, {"0.b", []int{2}, numbers[6:]}}
	for what, header := range map[string]string{
		"as written":      good,
		"padded":          good + "     ",
		"white space":     strings.ReplaceAll(good, ":", " :\n\t"),
		"other order":     `{"0.b":{"data_offsets":[48,64],"shape":[2],"dtype":"F64"},"0.w":{"dtype":"F64","data_offsets":[0,48],"shape":[2,3]},"__metadata__":{"cost":"none"}}`,
		"escapes":         but(`"0.w"`, `"0\u002ew"`),
		"no metadata":     but(`"__metadata__":{"cost":"none"},`, ``),
		"an empty tensor": but(`"0.w":{"dtype"`, `"":{"dtype":"F64","shape":[4,0,9999999999],"data_offsets":[48,48]},"0.w":{"dtype"`),
	} {
		if what == "an empty tensor" && math.MaxInt < 9999999999 {
			continue
		}
		tensors, metadata, err := Read(strings.NewReader(file(header, numbers...)))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if what == "an empty tensor" {
			tensors = append(tensors[:1], tensors[2:]...)
		}
		if !reflect.DeepEqual(tensors, want) || metadata["cost"] != "none" && what != "no metadata" {
			t.Errorf("%s: got %v, %v", what, tensors, metadata)
		}
		if math.Float64bits(tensors[1].Data[1]) != 1<<63 {
			t.Errorf("%s: −0 became %v", what, tensors[1].Data[1])
		}
	}
	if tensors, _, err := Read(strings.NewReader(file(`{"x":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}`, 7))); err != nil || tensors[0].Data[0] != 7 {
		t.Errorf("a single number: %v, %v", tensors, err)
	}
	if tensors, _, err := Read(strings.NewReader(file(`{}`))); err != nil || len(tensors) > 0 {
		t.Errorf("no tensor: %v, %v", tensors, err)
	}
}

var bad = []struct{ file, want string }{
	{"", "an empty file, not a safetensors file"},
	{"\x01\x02\x03", "3 bytes are too few"},
	{"\x02\x00\x00\x00\x00\x00\x00\x00", "8 bytes are too few"},
	{file(""), "too few"},
	{file("", 1), "not a safetensors file"},
	{`{"sizes": [784, 30, 10], "weights": `, "a saved network, not a safetensors file"},
	{`{"a": 1,{"b": 2}}`, "a JSON file, not a safetensors file"},
	{"<!DOCTYPE html><html>", "web page"},
	{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x00", "a gzip file, not a safetensors file: unpack it first"},
	{"PK\x03\x04and so on", "a zip archive, not a safetensors file"},
	{file("["+good+"]", numbers...), "not a safetensors file"},
	{"\xff\xff\xff\xff\xff\xff\xff\xff{}", "the header has 18446744073709551615 bytes, want at most 1048576"},
	{"\x01\x00\x10\x00\x00\x00\x00\x00{\"", "the header has 1048577 bytes, want at most 1048576"},
	{"\x00\x00\x10\x00\x00\x00\x00\x00{}", "the header has 1048576 bytes, but the file ends after 2"},
	{file(good)[:100], "the file ends after 92 of them"},
	{file(good[:len(good)-1], numbers...), "header: it ends in the middle"},
	{file("{", numbers...), "header: it ends in the middle"},
	{file(but(`"0.w":`, `"0.w"`), numbers...), "not JSON"},
	{file(but(`[2,3]`, `[2 3]`), numbers...), "not JSON"},
	{file(but(`[2,3]`, `[2,3,]`), numbers...), "not JSON"},
	{file(but("0.w", "0.\xff"), numbers...), "header: it is not UTF-8"},
	{file(good+good, numbers...), `after the JSON object comes`},
	{file(good+"\x00", numbers...), `after the JSON object comes`},
	{file(good+"\n", numbers...), `after the JSON object comes`},
	{file(but("0.b", "0.w"), numbers...), `header: "0.w" is there twice`},
	{file(but("0.b", `\u0030.w`), numbers...), `"0.w" is there twice`},
	{file(but("0.b", "__metadata__"), numbers...), `"__metadata__" is there twice`},
	{file(but(`"cost":"none"`, `"cost":"none","cost":"none"`), numbers...), `"__metadata__": "cost" is there twice`},
	{file(but(`"shape":[2,3]`, `"shape":[2,3],"shape":[2,3]`), numbers...), `"0.w": "shape" is there twice`},
	{file(but(`"none"`, `1`), numbers...), `"cost": found 1, want a string`},
	{file(but(`{"cost":"none"}`, `null`), numbers...), `"__metadata__": found null, want an object`},
	{file(but(`"shape":[2,3],`, ``), numbers...), `header: "0.w": no "shape"`},
	{file(but(`"shape":[2,3]`, `"Shape":[2,3]`), numbers...), `"Shape": the format has no such key`},
	{file(but(`"dtype":"F64","shape":[2],`, `"shape":[2],`), numbers...), `"0.b": no "dtype"`},
	{file(but(`,"data_offsets":[0,48]`, ``), numbers...), `"0.w": no "data_offsets"`},
	{file(but(`"F64","shape":[2,3]`, `"F32","shape":[2,3]`), numbers...), `tensor "0.w" has dtype F32, want F64`},
	{file(but(`"F64","shape":[2,3]`, `64,"shape":[2,3]`), numbers...), `"dtype": found 64, want a string`},
	{file(but(`[2,3]`, `{}`), numbers...), `"shape": found an object, want a list`},
	{file(but(`[2,3]`, `null`), numbers...), `"shape": found null, want a list`},
	{file(but(`[2,3]`, `"2,3"`), numbers...), `"shape": found "2,3", want a list`},
	{file(but(`[2,3]`, `[2,null]`), numbers...), `"shape": found null, want a number`},
	{file(but(`[2,3]`, `[[2],3]`), numbers...), `"shape": found a list, want a number`},
	{file(but(`[2,3]`, `[-2,-3]`), numbers...), `"shape": found -2, want a whole number`},
	{file(but(`[2,3]`, `[2.0,3]`), numbers...), `"shape": found 2.0, want a whole number`},
	{file(but(`[2,3]`, `[2e0,3]`), numbers...), `"shape": found 2e0, want a whole number`},
	{file(but(`[2,3]`, `[9223372036854775808]`), numbers...), `"shape": found 9223372036854775808, want a whole number`},
	{file(but(`[2,3]`, `[2147483647,2147483647,2147483647]`), numbers...), "which no file can hold"},
	{file(but(`[2,3]`, `[2,1073741824,1073741824]`), numbers...), "which no file can hold"},   // 2⁶⁴ bytes
	{file(but(`[2,3]`, `[262144,262144,268435456,6]`), numbers...), "which no file can hold"}, // 6·2⁶⁴ numbers
	{file(but(`[2,3]`, `[3,3]`), numbers...), `tensor "0.w" of shape [3 3] has data_offsets [0,48], want 72 bytes`},
	{file(but(`[2,3]`, `[0]`), numbers...), "want 0 bytes"},
	{file(but(`[0,48]`, `[0,47]`), numbers...), `data_offsets [0,47], want 48 bytes`},
	{file(but(`[0,48]`, `[0,48,64]`), numbers...), `"data_offsets": found 3 numbers, want begin and end`},
	{file(but(`[0,48]`, `[0]`), numbers...), `"data_offsets": found 1 numbers`},
	{file(but(`[0,48]`, `[-48,0]`), numbers...), `"data_offsets": found -48`},
	{file(but(`[48,64]`, `[64,48]`), numbers...), `data_offsets [64,48], want 16 bytes`},
	{file(but(`[48,64]`, `[40,56]`), numbers...), `tensor "0.b" begins at byte 40 of the data, within tensor "0.w", which ends at 48`},
	{file(but(`[48,64]`, `[0,16]`), numbers...), `begins at byte 0 of the data, within`},
	{file(but(`[48,64]`, `[56,72]`), append(numbers, 1)...), `tensor "0.b" begins at byte 56 of the data, but tensor "0.w" ends at 48`},
	{file(but(`[0,48]`, `[8,56]`), numbers...), `begins at byte`},
	{file(but(`"0.w":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]},`, ``), numbers...), `tensor "0.b" begins at byte 48 of the data, but the start ends at 0`},
	{file(but(`[2],"data_offsets":[48,64]`, `[9007199254740992],"data_offsets":[48,72057594037927984]`), numbers...), `"0.b": `},
	{file(good, numbers[:7]...), `tensor "0.b": the file ends 8 bytes before the end of its data`},
	{file(good, numbers...)[:215], `tensor "0.b": the file ends`},
	{file(good), `tensor "0.w": the file ends 48 bytes before`},
	{file(good, append(numbers, 1)...), "more bytes follow after the last tensor"},
	{file(good, numbers...) + "\n", "more bytes follow"},
	{file(good, 1, 2, 3, 4, 5, math.NaN(), 7, 8), `tensor "0.w": number 5 is NaN: the training had failed`},
	{file(good, 1, 2, 3, 4, 5, 6, math.Inf(-1), 8), `tensor "0.b": number 0 is -Inf`},
}

// TestReadRefuses: each of these files is an error that says what is wrong, in one line.
func TestReadRefuses(t *testing.T) {
	for _, c := range bad {
		tensors, metadata, err := Read(strings.NewReader(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.150q:\ngot  %v\nwant %s", c.file, err, c.want)
		}
		if tensors != nil || metadata != nil {
			t.Errorf("%.150q: returns tensors with the error", c.file)
		}
	}
}

// TestReadMemory: a header that promises much does not make Read take memory for it.
func TestReadMemory(t *testing.T) {
	if math.MaxInt < 1<<40 {
		t.Skip("such a size is no int here")
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := Read(strings.NewReader(file(`{"x":{"dtype":"F64","shape":[1099511627776],"data_offsets":[0,8796093022208]}}`, numbers...)))
	runtime.ReadMemStats(&after)
	if err == nil || after.TotalAlloc-before.TotalAlloc > 1<<20 {
		t.Errorf("%v, %d bytes allocated", err, after.TotalAlloc-before.TotalAlloc)
	}
}

// TestReadBroken: an error of the reader is not taken for the end of the file.
func TestReadBroken(t *testing.T) {
	broken := errors.New("broken")
	whole := file(good, numbers...)
	for n := range len(whole) {
		r := io.MultiReader(strings.NewReader(whole[:n]), failing{broken})
		if _, _, err := Read(r); !errors.Is(err, broken) {
			t.Errorf("broken after %d bytes: %v", n, err)
		}
	}
	if _, _, err := Read(io.MultiReader(strings.NewReader(whole), failing{broken})); !errors.Is(err, broken) {
		t.Errorf("broken at the end: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestWriteRefuses: what cannot be read again is not written, not even in part.
func TestWriteRefuses(t *testing.T) {
	for want, tensor := range map[string]Tensor{
		`tensor "x" holds NaN`:  {"x", []int{2}, []float64{1, math.NaN()}},
		`tensor "y" holds +Inf`: {"y", []int{1}, []float64{math.Inf(1)}},
		"the header would have": {strings.Repeat("z", maxHeader), []int{0}, nil},
	} {
		var b bytes.Buffer
		err := Write(&b, []Tensor{tensor}, nil)
		if err == nil || !strings.Contains(err.Error(), want) || b.Len() > 0 {
			t.Errorf("got %v and %d bytes, want %s", err, b.Len(), want)
		}
	}
	for want, misuse := range map[string]func(){
		"shape [2 3] has 5 numbers": func() { Write(io.Discard, []Tensor{{"x", []int{2, 3}, make([]float64, 5)}}, nil) },
		"shape [-1 -1] has 1":       func() { Write(io.Discard, []Tensor{{"x", []int{-1, -1}, make([]float64, 1)}}, nil) },
		"another name":              func() { Write(io.Discard, []Tensor{{"x", []int{0}, nil}, {"x", []int{0}, nil}}, nil) },
		"__metadata__":              func() { Write(io.Discard, []Tensor{{"__metadata__", []int{0}, nil}}, nil) },
		"not UTF-8":                 func() { Write(io.Discard, nil, map[string]string{"x": "\xff"}) },
		`"\xff"`:                    func() { Write(io.Discard, []Tensor{{"\xff", []int{0}, nil}}, nil) },
	} {
		func() {
			defer func() {
				if got, _ := recover().(string); !strings.Contains(got, want) {
					t.Errorf("the panic says %q, want %q in it", got, want)
				}
			}()
			misuse()
		}()
	}
	broken := errors.New("broken")
	for n := range 5 {
		w := &full{n * 8, broken}
		if err := Write(w, []Tensor{{"x", []int{20000}, make([]float64, 20000)}}, nil); n < 4 && !errors.Is(err, broken) {
			t.Errorf("a full disk after %d writes: %v", n, err)
		}
	}
}

// full is a disk with room for a few writes.
type full struct {
	left int
	err  error
}

func (f *full) Write(p []byte) (int, error) {
	if f.left -= 8; f.left < 0 {
		return 0, f.err
	}
	return len(p), nil
}

// TestLarge goes beyond one chunk, and names that JSON must escape.
func TestLarge(t *testing.T) {
	data := make([]float64, 3*chunk+5)
	for i := range data {
		data[i] = float64(i) / 7
	}
	tensors := []Tensor{{"\"\\<é\x00\u2028", []int{len(data), 1}, data}, {"", []int{}, []float64{math.SmallestNonzeroFloat64}}, {"m", []int{2, 0}, []float64{}}}
	metadata := map[string]string{"z": `{"a": "b"}`, "a": "", "": "ü\n"}
	var b bytes.Buffer
	if err := Write(&b, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	got, gotMetadata, err := Read(&b)
	if err != nil || !reflect.DeepEqual(got, tensors) || !maps.Equal(gotMetadata, metadata) {
		t.Errorf("%v: %v", err, gotMetadata)
	}
}

// FuzzRead: whatever Read accepts, Write writes so that Read gives the same again, and
// writing that again gives the same bytes. Nothing else panics or takes much memory.
func FuzzRead(f *testing.F) {
	f.Add([]byte(file(good, numbers...)))
	for _, c := range bad {
		f.Add([]byte(c.file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tensors, metadata, err := Read(bytes.NewReader(data))
		if err != nil || len(data) > maxHeader/6 { // with \u003c for <, a header can grow that much
			return
		}
		var first, second bytes.Buffer
		if err := Write(&first, tensors, metadata); err != nil {
			t.Fatal(err)
		}
		again, metadataAgain, err := Read(bytes.NewReader(first.Bytes()))
		if err != nil || !maps.Equal(metadata, metadataAgain) || len(again) != len(tensors) {
			t.Fatalf("read again: %v", err)
		}
		for i, a := range again {
			if b := tensors[i]; a.Name != b.Name || !slices.Equal(a.Shape, b.Shape) || !slices.Equal(a.Data, b.Data) {
				t.Fatalf("got %v, want %v", a, b)
			}
		}
		if Write(&second, again, metadataAgain); !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatal("written again it is another file")
		}
	})
}
