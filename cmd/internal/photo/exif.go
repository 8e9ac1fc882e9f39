package photo

import (
	"bytes"
	"encoding/binary"

	"nndl/matrix"
)

// A camera stores what its sensor saw, whichever way it was held, and notes in the EXIF
// tag Orientation how to turn it. The eight values say where row 0 and column 0 of the
// stored picture belong:
//
//	1  top, left       as it is           5  left, top      mirrored along the diagonal
//	2  top, right      mirrored           6  right, top     turn by 90° to the right
//	3  bottom, right   turn by 180°       7  right, bottom  mirrored along the other diagonal
//	4  bottom, left    upside down        8  left, bottom   turn by 90° to the left

// orientation returns the orientation of a JPEG or PNG file, 1 if the file has none.
func orientation(data []byte) int {
	found := 1
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		return pngOrientation(data)
	}
	if bytes.HasPrefix(data, []byte("\xff\xd8")) {
		segments(data, func(marker byte, content []byte) bool {
			tiff, ok := bytes.CutPrefix(content, []byte("Exif\x00\x00"))
			if marker == 0xe1 && ok { // APP1
				found = tiffOrientation(tiff)
				return false
			}
			return marker != 0xda // the tag comes before the picture
		})
	}
	return found
}

// pngOrientation looks for the chunk eXIf: after eight bytes of signature, each chunk is
// four bytes of length, four of name, the content and a checksum of four.
func pngOrientation(data []byte) int {
	for i := 8; i+12 <= len(data); {
		n := int64(binary.BigEndian.Uint32(data[i:]))
		if n > int64(len(data)-i-12) {
			break
		}
		if string(data[i+4:i+8]) == "eXIf" {
			return tiffOrientation(data[i+8 : i+8+int(n)])
		}
		i += 12 + int(n)
	}
	return 1
}

// tiffOrientation looks for the tag 0x0112 in the first directory of EXIF data. These are
// a small TIFF file: the byte order, II or MM; 42; where the directory is; there the number
// of its entries, and each entry of 12 bytes: tag, type, count and the value itself.
func tiffOrientation(tiff []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(tiff, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(tiff) < 8 || order.Uint16(tiff[2:]) != 42 {
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			break
		}
		if order.Uint16(entries) == 0x0112 {
			value := int(order.Uint16(entries[8:]))
			if order.Uint16(entries[2:]) == 4 { // some write it as a long, not a short
				value = int(order.Uint32(entries[8:]))
			}
			if value >= 1 && value <= 8 {
				return value
			}
			break
		}
		entries = entries[12:]
	}
	return 1
}

// upright returns x turned and mirrored as the orientation says.
func upright(x *matrix.Matrix, orientation int) *matrix.Matrix {
	rows, cols := x.Rows, x.Cols
	if orientation >= 5 {
		rows, cols = cols, rows
	}
	z := matrix.New(rows, cols)
	for i := range rows {
		for j := range cols {
			top, left := i, j // as rows and columns of x, counted from where z begins
			if orientation >= 5 {
				top, left = j, i
			}
			if orientation == 2 || orientation == 3 || orientation >= 7 {
				left = x.Cols - 1 - left
			}
			if orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7 {
				top = x.Rows - 1 - top
			}
			z.Data[i*cols+j] = x.Data[top*x.Cols+left]
		}
	}
	return z
}
