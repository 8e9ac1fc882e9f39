package main

import (
	"encoding/json"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	used = regexp.MustCompile(`\bt\("([\w.-]+)"( \+)?|data-t(?:-label|-placeholder)?="([\w.-]+)"`)
	hole = regexp.MustCompile(`\{\w+\}`)
)

// language returns the texts of a language.
func language(t *testing.T, name string) map[string]string {
	t.Helper()
	text := read(t, "static/words/"+name+".json")
	words := map[string]string{}
	if err := json.Unmarshal([]byte(text), &words); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if n := strings.Count(text, "\n  \""); n != len(words) {
		t.Errorf("%s has %d texts for %d keys", name, n, len(words))
	}
	return words
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := static.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestWords checks that each text is there in both languages, with the same holes to fill
// in, and that each text that the page asks for is there.
func TestWords(t *testing.T) {
	en, hi := language(t, "en"), language(t, "hi")
	if len(en) < 20 {
		t.Fatalf("found only %d texts", len(en))
	}
	if a, b := slices.Sorted(maps.Keys(en)), slices.Sorted(maps.Keys(hi)); !slices.Equal(a, b) {
		for _, key := range a {
			if _, ok := hi[key]; !ok {
				t.Errorf("%s is missing in hi", key)
			}
		}
		for _, key := range b {
			if _, ok := en[key]; !ok {
				t.Errorf("%s is missing in en", key)
			}
		}
	}
	for key := range en {
		holes := func(s string) []string {
			return slices.Compact(slices.Sorted(slices.Values(hole.FindAllString(s, -1))))
		}
		if a, b := holes(en[key]), holes(hi[key]); !slices.Equal(a, b) {
			t.Errorf("%s: en has %v, hi %v", key, a, b)
		}
	}
	err := fs.WalkDir(static, "static", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".js") && !strings.HasSuffix(name, ".html") {
			return err
		}
		for _, m := range used.FindAllStringSubmatch(read(t, name), -1) {
			found := en[m[1]+m[3]] != ""
			if m[2] != "" { // the key goes on
				found = slices.ContainsFunc(slices.Collect(maps.Keys(en)), func(key string) bool { return strings.HasPrefix(key, m[1]) })
			}
			if !found {
				t.Errorf("%s: there is no text %s", name, m[1]+m[3])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
