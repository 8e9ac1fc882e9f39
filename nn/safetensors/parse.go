package safetensors

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// place is what the header says of a tensor.
type place struct {
	name, dtype string
	shape       []int
	begin, end  uint64 // in bytes of the data
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.begin, q.begin), cmp.Compare(p.end, q.end), cmp.Compare(p.name, q.name))
}

// decoder reads the header token by token: encoding/json would take the last of two equal
// keys, any case of a key, and null for 0.
type decoder struct{ *json.Decoder }

// parse reads the header.
func parse(text []byte) (places []place, metadata map[string]string, err error) {
	if !utf8.Valid(text) {
		return nil, nil, errors.New("it is not UTF-8")
	}
	d := decoder{json.NewDecoder(bytes.NewReader(text))}
	d.UseNumber()
	err = d.object(func(key string) error {
		if key == metadataKey {
			metadata = map[string]string{}
			return d.object(func(key string) (err error) {
				metadata[key], err = d.text()
				return err
			})
		}
		p := place{name: key}
		err := d.tensor(&p)
		places = append(places, p)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if rest := bytes.TrimLeft(text[d.InputOffset():], " "); len(rest) > 0 {
		return nil, nil, fmt.Errorf("after the JSON object comes %.20q, want spaces alone", rest)
	}
	return places, metadata, nil
}

// tensor reads the entry of a tensor.
func (d decoder) tensor(p *place) error {
	missing := []string{"dtype", "shape", "data_offsets"}
	err := d.object(func(key string) (err error) {
		missing = slices.DeleteFunc(missing, func(name string) bool { return name == key })
		switch key {
		case "dtype":
			p.dtype, err = d.text()
		case "shape":
			p.shape = []int{}
			err = d.list(strconv.IntSize-1, func(v uint64) { p.shape = append(p.shape, int(v)) })
		case "data_offsets":
			var offsets []uint64
			if err = d.list(63, func(v uint64) { offsets = append(offsets, v) }); err == nil && len(offsets) != 2 {
				err = fmt.Errorf("found %d numbers, want begin and end", len(offsets))
			} else if err == nil {
				p.begin, p.end = offsets[0], offsets[1]
			}
		default:
			err = errors.New("the format has no such key")
		}
		return err
	})
	if err == nil && len(missing) > 0 {
		err = fmt.Errorf("no %q", missing[0])
	}
	return err
}

// object reads an object and calls each with every key, when its value is next.
func (d decoder) object(each func(key string) error) error {
	if err := d.delim('{', "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for d.More() {
		t, err := d.next()
		if err != nil {
			return err
		}
		key := t.(string) // json.Decoder accepts no other key
		if seen[key] {
			return fmt.Errorf("%q is there twice", key)
		}
		seen[key] = true
		if err := each(key); err != nil {
			return fmt.Errorf("%q: %w", key, err)
		}
	}
	_, err := d.next() // the }
	return err
}

// list reads a list of whole numbers that fit into so many bits.
func (d decoder) list(size int, each func(v uint64)) error {
	if err := d.delim('[', "a list"); err != nil {
		return err
	}
	for d.More() {
		t, err := d.next()
		if err != nil {
			return err
		}
		n, ok := t.(json.Number)
		if !ok {
			return wrong(t, "a number")
		}
		v, err := strconv.ParseUint(string(n), 10, size)
		if err != nil {
			return fmt.Errorf("found %s, want a whole number from 0 to %d", n, uint64(1)<<size-1)
		}
		each(v)
	}
	_, err := d.next() // the ]
	return err
}

// text reads a string.
func (d decoder) text() (string, error) {
	t, err := d.next()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", wrong(t, "a string")
	}
	return s, nil
}

// delim reads the beginning of an object or a list.
func (d decoder) delim(want json.Delim, name string) error {
	t, err := d.next()
	if err == nil && t != want {
		err = wrong(t, name)
	}
	return err
}

// next returns the next token.
func (d decoder) next() (json.Token, error) {
	t, err := d.Token()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return nil, errors.New("it ends in the middle of its JSON")
	} else if err != nil {
		return nil, fmt.Errorf("it is not JSON: %w", err)
	}
	return t, nil
}

// wrong says what was found.
func wrong(t json.Token, want string) error {
	found := fmt.Sprint(t)
	switch t := t.(type) {
	case nil:
		found = "null"
	case string:
		found = fmt.Sprintf("%.20q", t)
	case json.Delim:
		found = map[json.Delim]string{'[': "a list", '{': "an object"}[t]
	}
	return fmt.Errorf("found %s, want %s", found, want)
}
