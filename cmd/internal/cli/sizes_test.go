package cli

import (
	"strings"
	"testing"
)

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		args, layers string
		parameters   float64
	}{
		{"784,30,10", "[784,30,10]", 23860},
		{" 784, 10", "[784,10]", 7850},
		{"[784, 30, 10]", "[784,30,10]", 23860},
		{"1,1", "[1,1]", 2},
		{"1,4000000000,4000000000,1", "[1,4000000000,4000000000,1]", 16e18 + 4*4e9 + 1},
	} {
		sizes, err := ParseSizes(c.args)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
			continue
		}
		if l, p := Layers(sizes), Parameters(sizes); l != c.layers || p != c.parameters {
			t.Errorf("%s: %s with %.0f parameters, want %s with %.0f", c.args, l, p, c.layers, c.parameters)
		}
	}
	for args, want := range map[string]string{
		"": "not a number", "784,x,10": "\"x\"", "784,,10": "not a number", "784,10,": "not a number", "3.5,10": "not a number",
		"99999999999999999999,10": "not a number", "784,0": "\"0\"", "784,-1": "\"-1\"", "784": "two layers",
	} {
		var stderr strings.Builder
		_, err := ParseSizes(args)
		if status := Status("prog", err, &stderr); status != 2 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%q: status %d, %q, want 2 and %q", args, status, stderr.String(), want)
		}
	}
}
