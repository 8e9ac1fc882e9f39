// Package sniff looks at the first bytes of a file to find out what the file really
// is. Files seldom arrive as they were made: a browser saves a web page under the name
// of the archive, an editor puts a mark at the start of a text, a mirror packs what was
// packed already.
//
// [Open] undoes what can be undone, and [Wrong] says in plain words what a file is that
// can't be read. Everything in this project that reads a file made elsewhere, whether a
// network, a data set or a picture, goes through the two of them.
package sniff

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Length is the number of bytes that Kind and Wrong would like to see: the longest
// signature, that of tar, ends there.
const Length = 512

// A kind is one sort of file.
type kind struct {
	offset int
	magic  string
	name   string // in the sentence "this is …"
	advice string // what to do about it; "" if there is nothing to say
}

// How to come by the file that was meant.
const (
	unpack   = "unpack it first"
	download = "download the file itself, not the page that shows it"
	export   = "save it as PNG or JPEG first"
)

// kinds are the files that can be told by a few bytes at a fixed place. Longer
// signatures come first where one begins with another.
var kinds = []kind{
	{0, "\x00\x00\x08\x03", "an IDX file of images", ""},
	{0, "\x00\x00\x08\x01", "an IDX file of labels", ""},
	{0, "nndl train checkpoint", "a checkpoint of train", "train -resume continues it, and train -save writes the network alone"},
	{0, "nndl book checkpoint", "a checkpoint of book", "book run -resume continues it"},
	{0, "\x89PNG\r\n\x1a\n", "a PNG picture", ""},
	{0, "\xff\xd8\xff", "a JPEG picture", ""},
	{0, "GIF8", "a GIF picture", ""},
	{8, "WEBP", "a WebP picture", export},
	{4, "ftyphe", "a HEIC photo", export},
	{4, "ftypmif1", "a HEIC photo", export},
	{4, "ftypavi", "an AVIF picture", export},
	{4, "ftyp", "a video", ""},
	{0, "II*\x00", "a TIFF picture", export},
	{0, "MM\x00*", "a TIFF picture", export},
	{6, "\x00\x00\x00\x00\x36\x04\x00\x00", "a BMP picture", export},
	{6, "\x00\x00\x00\x00\x36\x00\x00\x00", "a BMP picture", export},
	{6, "\x00\x00\x00\x00\x8a\x00\x00\x00", "a BMP picture", export},
	{0, "%PDF", "a PDF document", export},
	{0, "PK\x03\x04", "a zip archive", unpack},
	{0, "PK\x05\x06", "an empty zip archive", ""},
	{0, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive", unpack},
	{0, "Rar!\x1a\x07", "a RAR archive", unpack},
	{0, "BZh", "a bzip2 file", unpack},
	{0, "\xfd7zXZ\x00", "an xz file", unpack},
	{0, "\x28\xb5\x2f\xfd", "a zstd file", unpack},
	{0, "\x1f\x8b", "a gzip file", unpack},
	{257, "ustar", "a tar archive", unpack},
	{0, "\x93NUMPY", "a NumPy array", ""},
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file", ""},
	{8, "{\"", "a safetensors file", ""},
	{0, "\x80\x02", "a Python pickle", ""},
	{0, "\x80\x03", "a Python pickle", ""},
	{0, "\x80\x04", "a Python pickle", ""},
	{0, "\x80\x05", "a Python pickle", ""},
	{0, "(lp", "a Python pickle", ""},
	{0, "(dp", "a Python pickle", ""},
	{0, "version https://git-lfs", "a Git LFS pointer, which stands in for the file", "git lfs pull gets the file itself"},
	{0, "\xff\xfe", "text in UTF-16", "save it as UTF-8"},
	{0, "\xfe\xff", "text in UTF-16", "save it as UTF-8"},
	{0, "\x7fELF", "a program", ""},
	{0, "MZ", "a program", ""},
}

// Kind says in plain words what a file is that begins with head, as in "a zip archive".
// It returns "" if it can't tell. Length bytes of head are enough.
func Kind(head []byte) string { return find(head).name }

// Wrong returns the error for a file that begins with head and isn't what was wanted, as
// in "a saved network". The error says what the file is instead, and what to do.
func Wrong(head []byte, want string) error {
	switch k := find(head); {
	case k.name == "":
		return fmt.Errorf("not %s", want)
	case k.advice != "":
		return fmt.Errorf("this is %s, not %s: %s", k.name, want, k.advice)
	default:
		return fmt.Errorf("this is %s, not %s", k.name, want)
	}
}

func find(head []byte) kind {
	if len(head) == 0 {
		return kind{name: "an empty file"}
	}
	readable := isText(head) // then a signature further on is a coincidence
	for _, k := range kinds {
		if k.offset > 0 && readable {
			continue
		}
		if len(head) >= k.offset && bytes.HasPrefix(head[k.offset:], []byte(k.magic)) {
			return k
		}
	}
	switch {
	case bytes.Count(head, []byte{0}) == len(head) && len(head) > 16:
		return kind{name: "a file of zeros", advice: "a download that broke off may leave one"}
	case len(head) > 4 && head[1] == 0 && head[3] == 0 && head[0] != 0 && head[2] != 0:
		return kind{name: "text in UTF-16", advice: "save it as UTF-8"}
	case readable:
		return text(strings.TrimSpace(string(head)))
	}
	return kind{}
}

// text tells apart the files that people read.
func text(s string) kind {
	lower := strings.ToLower(s)
	switch {
	case s == "":
		return kind{name: "an empty text"}
	case strings.HasPrefix(lower, "<svg"), strings.HasPrefix(lower, "<?xml") && strings.Contains(lower, "<svg"):
		return kind{name: "an SVG drawing", advice: export}
	case strings.HasPrefix(lower, "<?xml") && !strings.Contains(lower, "html"):
		return kind{name: "an XML file"}
	case strings.HasPrefix(s, "<"):
		return kind{name: "a web page (HTML)", advice: download}
	case strings.HasPrefix(s, "{") && strings.Contains(s, `"sizes"`):
		return kind{name: "a saved network"}
	case strings.HasPrefix(s, "{"), strings.HasPrefix(s, "["):
		return kind{name: "a JSON file"}
	case strings.HasPrefix(s, "P2\n"), strings.HasPrefix(s, "P5\n"), strings.HasPrefix(s, "P6\n"):
		return kind{name: "a PNM picture", advice: export}
	case strings.Count(s, ",") > 8 && strings.Trim(s, "0123456789,.- \r\n") == "", strings.HasPrefix(lower, "label,"):
		return kind{name: "a CSV table"}
	}
	return kind{name: "a text"}
}

// isText reports whether head could be the beginning of a text in UTF-8.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, size := utf8.DecodeRune(head[i:])
		switch {
		case r == utf8.RuneError && size == 1 && len(head)-i >= utf8.UTFMax:
			return false // not just a character cut off at the end
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f':
			return false
		}
		i += size
	}
	return true
}
