package sniff

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// packed returns data as gzip packs it.
func packed(data string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, data)
	z.Close()
	return b.String()
}

// TestOpen reads files that come as they should not, but can be read all the same.
func TestOpen(t *testing.T) {
	const text = `{"sizes": [2, 1]}`
	long := strings.Repeat(text, 10_000)
	for name, c := range map[string]struct{ file, want string }{
		"plain":           {text, text},
		"empty":           {"", ""},
		"one byte":        {"\x1f", "\x1f"},
		"marked":          {"\xef\xbb\xbf" + text, text},
		"packed":          {packed(text), text},
		"packed twice":    {packed(packed(text)), text},
		"three times":     {packed(packed(packed(text))), text},
		"marked, packed":  {packed("\xef\xbb\xbf" + text), text},
		"padded":          {packed(text) + strings.Repeat("\x00", 5000), text},
		"one zero":        {packed(text) + "\x00", text},
		"two members":     {packed(text) + packed(text), text + text},
		"two and padding": {packed(text) + packed("") + packed(text) + "\x00\x00", text + text},
		"long":            {packed(long) + strings.Repeat("\x00", 512), long},
		"padded inside":   {packed(packed(text)+"\x00\x00\x00") + "\x00", text},
	} {
		for way, r := range map[string]io.Reader{"at once": strings.NewReader(c.file), "by bytes": iotest.OneByteReader(strings.NewReader(c.file))} {
			b, err := Open(r)
			if err != nil {
				t.Errorf("%s, %s: %v", name, way, err)
				continue
			}
			if got, err := io.ReadAll(b); err != nil || string(got) != c.want {
				t.Errorf("%s, %s: %d bytes, %v, want %d", name, way, len(got), err, len(c.want))
			}
		}
	}
}

// TestOpenErrors checks that what is damaged is an error, in plain words.
func TestOpenErrors(t *testing.T) {
	whole := packed(strings.Repeat("a seven and an eight. ", 999))
	flipped := func(i int) string { return whole[:i] + string(whole[i]^0x55) + whole[i+1:] }
	for name, c := range map[string]struct{ file, want string }{
		"four times":  {packed(packed(packed(packed("x")))), "more than 3 times"},
		"cut":         {whole[:len(whole)/2], "unexpected EOF"},
		"cut early":   {whole[:5], "unexpected EOF"},
		"no checksum": {whole[:len(whole)-8], "unexpected EOF"},
		"checksum":    {flipped(len(whole) - 6), "checksum is wrong"},
		"header":      {flipped(2), "header is broken"},
		"data":        {flipped(12), "damaged"},
		"tail":        {whole + "tail", "after the gzip data come other bytes"},
		"zeros, tail": {whole + "\x00\x00\x00tail", "after the gzip data come other bytes"},
		"cut member":  {whole + whole[:20], "unexpected EOF"},
	} {
		b, err := Open(strings.NewReader(c.file))
		if err == nil {
			_, err = io.ReadAll(b)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
		if strings.Contains(c.want, "EOF") && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v isn't io.ErrUnexpectedEOF", name, err)
		}
	}
	broken := errors.New("the disk is on fire")
	if _, err := Open(iotest.ErrReader(broken)); err != broken {
		t.Errorf("a reader that fails: %v", err)
	}
}

// TestKind checks the names and that no kind hides another.
func TestKind(t *testing.T) {
	for _, k := range kinds {
		head := strings.Repeat("\x01", k.offset) + k.magic + "\x01\x01\x01"
		if got := Kind([]byte(head)); got != k.name {
			t.Errorf("%q is %q, want %q", head, got, k.name)
		}
	}
	for head, want := range map[string]string{
		"":                               "an empty file",
		"\n\n":                           "an empty text",
		"\x1f\x8b\x08":                   "a gzip file",
		"<!DOCTYPE html>":                "a web page (HTML)",
		"\r\n <html lang=hi>":            "a web page (HTML)",
		"<?xml version='1.0'?><svg>":     "an SVG drawing",
		"<?xml version='1.0'?><Error>":   "an XML file",
		`{"sizes": [784, 30, 10]`:        "a saved network",
		`{"weigh":{"b":1}}`:              "a JSON file", // like safetensors from its ninth byte on
		`{"message":"Not Found"}`:        "a JSON file",
		"{\x00\"\x00s\x00":               "text in UTF-16",
		"label,pixel0,pixel1":            "a CSV table",
		"5,0,0,0,0,0,0,0,0,0,0,0\n0,0,0": "a CSV table",
		"404: Not Found":                 "a text",
		"मैं एक अंक हूँ"[:20]:              "a text", // cut within a character
		strings.Repeat("\x00", 512):        "a file of zeros",
		"\x00\x00\x08\x03\x00\x00\xea\x60": "an IDX file of images",
		"\x01\x02\x03\x04":                 "",
		"\xff\xff\xff\xff\xff":             "",
	} {
		if got := Kind([]byte(head)); got != want {
			t.Errorf("%q is %q, want %q", head, got, want)
		}
	}
}

// TestWrong checks that the error says what there is, what was wanted and what to do.
func TestWrong(t *testing.T) {
	for head, want := range map[string]string{
		"PK\x03\x04":                     "this is a zip archive, not a saved network: unpack it first",
		"\x89PNG\r\n\x1a\n":              "this is a PNG picture, not a saved network",
		"\x01\x02":                       "not a saved network",
		"nndl train checkpoint 1, check": "this is a checkpoint of train, not a saved network: train -resume continues it, and train -save writes the network alone",
	} {
		if err := Wrong([]byte(head), "a saved network"); err.Error() != want {
			t.Errorf("%q: %v, want %s", head, err, want)
		}
	}
}
