package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"nndl/nn"
	"nndl/nn/universality"
)

// answered sends a body that must be answered, and returns the answer.
func answered[Answer any](t *testing.T, h http.Handler, name, body string) (a Answer) {
	t.Helper()
	ask(t, h, name, json.RawMessage(body), &a)
	return a
}

// allRefused checks that each body gets status 400 and the words beside it.
func allRefused(t *testing.T, h http.Handler, name string, bodies map[string]string) {
	t.Helper()
	for body, want := range bodies {
		refused(t, h, name, body, http.StatusBadRequest, want)
	}
}

// TestBumps compares the page's numbers with those of the network that New returns.
func TestBumps(t *testing.T) {
	h := newTestServer(2).handler()
	chosen := answered[bumpsAnswer](t, h, "/api/bumps", `{"w": 1000, "choose": 5}`)
	net := universality.New(universality.Target, 5, 1000)
	for i := range curvePoints {
		x := float64(i) / 600
		f, a := universality.Target(x), universality.Output(net, x)
		for name, c := range map[string][2]float64{
			"f": {float64(chosen.Target[i]), f}, "σ⁻¹∘f": {float64(chosen.Inverse[i]), universality.Logit(f)},
			"output": {float64(chosen.Output[i]), a}, "z": {float64(chosen.Z[i]), universality.Logit(a)},
		} {
			if math.Abs(c[0]-c[1]) > 1e-6 {
				t.Errorf("%s(%g) is %g, want %g", name, x, c[0], c[1])
			}
		}
	}
	if d := chosen.DeviationZ; math.Abs(d-0.3785) > 5e-5 { // as docs/universality.md has it
		t.Errorf("the weighted input deviates by %g", d)
	}
	if d := chosen.DeviationOutput; math.Abs(d-0.0741) > 5e-5 {
		t.Errorf("the output deviates by %g", d)
	}
	pairs, err := json.Marshal(chosen.Pairs)
	if err != nil {
		t.Fatal(err)
	}
	again := answered[bumpsAnswer](t, h, "/api/bumps", fmt.Sprintf(`{"w": 1000, "pairs": %s}`, pairs))
	if fmt.Sprint(again) != fmt.Sprint(chosen) {
		t.Error("the chosen pairs, sent back, make another network")
	}
	one := answered[bumpsAnswer](t, h, "/api/bumps", `{"w": 10000, "pairs": [{"s1": 0.25, "s2": 0.75, "h": -20}]}`)
	if one.Z[100] != 0 || one.Z[300] != -20 || one.Z[500] != 0 || one.Sizes[1] != 2 {
		t.Errorf("one bump of −20 is %g, %g and %g", one.Z[100], one.Z[300], one.Z[500])
	}
}

// TestTowers compares the page's numbers with those of the network that NewTowers returns.
func TestTowers(t *testing.T) {
	h := newTestServer(2).handler()
	chosen := answered[towersAnswer](t, h, "/api/towers", `{"w": 1000, "n": 3}`)
	net := universality.NewTowers(universality.Waves, 3, 1000)
	sum := 0.0
	for row := range mapPoints {
		for col := range mapPoints {
			x, y := (float64(col)+0.5)/mapPoints, 1-(float64(row)+0.5)/mapPoints
			f, a := universality.Waves(x, y), universality.Output(net, x, y)
			sum += math.Abs(f - a)
			if got := float64(chosen.Z[row*mapPoints+col]); math.Abs(nn.Sigmoid(got)-a) > 1e-6 {
				t.Errorf("z(%g, %g) is %g, and the output %g", x, y, got, a)
			}
			if got, want := float64(chosen.Inverse[row*mapPoints+col]), universality.Logit(f); math.Abs(got-want) > 1e-6 {
				t.Errorf("σ⁻¹∘f(%g, %g) is %g, want %g", x, y, got, want)
			}
		}
	}
	if want := sum / mapPoints / mapPoints; math.Abs(chosen.DeviationOutput-want) > 1e-12 {
		t.Errorf("the output deviates by %g, want %g", chosen.DeviationOutput, want)
	}
	flat := answered[towersAnswer](t, h, "/api/towers", `{"w": 1000, "n": 2, "heights": [0, 2, 0, 0]}`)
	if left, right := flat.Z[0], flat.Z[mapPoints-1]; math.Abs(float64(left)-2) > 1e-6 || math.Abs(float64(right)) > 1e-6 { // x small, y large
		t.Errorf("above left %g, above right %g, want 2 and 0", left, right)
	}
	if want := []int{2, 8, 4, 1}; fmt.Sprint(flat.Sizes) != fmt.Sprint(want) {
		t.Errorf("layers of %v, want %v", flat.Sizes, want)
	}
}

// TestUniversalityRefuses sends what the page never would.
func TestUniversalityRefuses(t *testing.T) {
	h := newTestServer(2).handler()
	allRefused(t, h, "/api/bumps", map[string]string{
		`{"w": 0.5, "choose": 5}`:                                     "w from 1 to 100000, found 0.5",
		`{"w": 1000, "choose": 21}`:                                   "up to 20 pairs",
		`{"w": 1000, "choose": -1}`:                                   "up to 20 pairs",
		`{"w": 1000, "choose": 1, "pairs": [{"s1": 0}]}`:              "or that many to choose",
		`{"w": 1000, "pairs": [{"s1": 0, "s2": 1.5, "h": 1}]}`:        "pair 1: want s1 and s2 from 0 to 1",
		`{"w": 1000, "pairs": [{"s1": 0, "s2": 1, "h": 21}]}`:         "h from -20 to 20",
		`{"w": 1000, "pairs": [{"s1": 0, "s2": 1, "height": 1}]}`:     "unknown field",
		`{"w": 1000, "pairs": [` + strings.Repeat("{},", 20) + `{}]}`: "found 21",
		`{"w": 1e999}`: "1e999",
		`[]`:           "cannot unmarshal",
	})
	allRefused(t, h, "/api/towers", map[string]string{
		`{"w": 0, "n": 3}`:                                   "w from 1 to 100000",
		`{"w": 1000, "n": 0}`:                                "1 to 8 towers in a row",
		`{"w": 1000, "n": 9}`:                                "1 to 8 towers in a row",
		`{"w": 1000, "n": 2, "heights": [1, 2, 3]}`:          "found 2 and 3 heights",
		`{"w": 1000, "n": 2, "heights": [1, 2, 3, -20.5]}`:   "tower 4: want a height",
		`{"w": 1000, "n": 1000000000, "heights": [1, 2, 3]}`: "1 to 8",
	})
}

// fuzz sends bodies to an endpoint: whatever they are, the answer is JSON or one line.
func fuzz(f *testing.F, h http.Handler, name string, seeds ...string) {
	for _, body := range seeds {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := send(h, name, strings.NewReader(body))
		switch text := w.Body.Bytes(); {
		case w.Code == http.StatusOK && json.Valid(text):
		case (w.Code == http.StatusBadRequest || w.Code == http.StatusRequestEntityTooLarge) && strings.Count(string(text), "\n") == 1:
		default:
			t.Errorf("status %d and %.200q", w.Code, text)
		}
	})
}

func FuzzBumps(f *testing.F) {
	fuzz(f, newTestServer(2).handler(), "/api/bumps", `{"w": 1000, "choose": 2}`, `{"w": 10, "pairs": [{"s1": 0.1, "s2": 0.5, "h": -3}]}`)
}

func FuzzTowers(f *testing.F) {
	fuzz(f, newTestServer(2).handler(), "/api/towers", `{"w": 1000, "n": 2}`, `{"w": 10, "n": 1, "heights": [2]}`)
}
