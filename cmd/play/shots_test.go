//go:build unix

package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"testing"
)

var shots = flag.String("shots", "", "write screenshots of the page into this `folder`")

// TestScreenshots writes pictures of every view, for someone to look at: wide and narrow,
// light and dark, in both languages; and of a drawn 3, going forward and its error back.
func TestScreenshots(t *testing.T) {
	if *shots == "" {
		t.Skip("writes pictures: go test ./cmd/play -run TestScreenshots -shots FOLDER")
	}
	s := newSite(t)
	for _, view := range views {
		for _, width := range []int{1280, 360} {
			for _, scheme := range []string{"light", "dark"} {
				lang := map[string]string{"light": "en", "dark": "hi"}[scheme]
				p := s.openFull(t, view, lang, width)
				p.Prefer("prefers-color-scheme", scheme)
				p.Screenshot(filepath.Join(*shots, fmt.Sprintf("%s-%d-%s.png", view, width, scheme)), "")
			}
		}
	}
}

// TestThree writes the four pictures of a drawn 3.
func TestThree(t *testing.T) {
	if *shots == "" {
		t.Skip("writes pictures: go test ./cmd/play -run TestThree -shots FOLDER")
	}
	s := newSite(t)
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	p.Wait(`!document.querySelector("#it-was-5").disabled`)
	p.Screenshot(filepath.Join(*shots, "three-0.png"), "")
	p.Click("#it-was-5")
	for step := 1; step <= 5; step++ {
		p.Wait(fmt.Sprintf(`document.documentElement.dataset.step === "%d"`, step))
		if step == 5 {
			p.Wait(`document.querySelector("#agree")`)
		}
		p.Screenshot(filepath.Join(*shots, fmt.Sprintf("three-%d.png", step)), "")
		if step < 5 {
			p.Click("#next")
		}
	}
}
