//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nndl/cmd/internal/browser"
	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	cmdtrain "nndl/cmd/internal/run"
	"nndl/nn/network2"
)

// trainedFor waits until the page shows so many epochs and the run rests.
func trainedFor(p *browser.Page, epochs int) {
	p.Wait(fmt.Sprintf(`document.documentElement.dataset.training === "rest" && document.querySelector("#train-epochs tbody").rows.length === %d`, epochs))
}

// form is what the form of the training says.
func form(p *browser.Page) string {
	return p.Text(`[...document.querySelectorAll("#train-form input, #train-form select")].map((e) => e.id.replace("flag-", "") + "=" + (e.type === "checkbox" ? e.checked : e.value)).join(" ")`)
}

// TestTrainURL opens an address with settings and trains by keyboard alone: the form has
// those settings, and the network's bytes and the table are those of cmd/train with the
// line of flags that the page shows. Another page, opened at the address that this one has
// then, makes the same network.
func TestTrainURL(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	p := s.open(t, "view=train&lang=en&sizes=784,12,10&eta=0.25&batch=20&trainCost=cross-entropy&lambda=0.5&init=default&seed=77&train=3000&monitor=1", 1280, 900)
	const want = "sizes=784,12,10 eta=0.25 batch=20 cost=cross-entropy lambda=0.5 init=default seed=77 train=3000 monitor=true"
	if got := form(p); got != want {
		t.Fatalf("the form is\n%s\nwant\n%s", got, want)
	}
	p.Type("#flag-batch", "30")
	p.Evaluate(`document.querySelector("#train-epoch").focus()`, nil)
	for epochs := 1; epochs <= 2; epochs++ {
		p.Press("Enter")
		trainedFor(p, epochs)
	}
	command, ok := strings.CutPrefix(p.Text(`document.querySelector("#train-line").textContent`), "go run ./cmd/train ")
	file := filepath.Join(t.TempDir(), "net.json")
	var table strings.Builder
	result, err := cmdtrain.Line(context.Background(), command+" -save "+file, s.data, &table, io.Discard)
	if err != nil || !ok {
		t.Fatalf("%s: %v", command, err)
	}
	net, err := network2.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if saved(t, s.visitorOf(p).network()) != saved(t, net) {
		t.Errorf("cmd/train %s makes another network %s", command, cli.Layers(result.Network.Sizes))
	}
	for i, m := range regexp.MustCompile(`Epoch \d+: (\d+ / \d+)  ([\d.]+)%`).FindAllStringSubmatch(table.String(), -1) {
		row := p.Text(fmt.Sprintf(`[...document.querySelector("#train-epochs tbody").rows[%d].cells].slice(0, 3).map((c) => c.textContent).join()`, 1-i))
		if want := fmt.Sprintf("%d,%s,%s", i, m[1], m[2]); row != want {
			t.Errorf("the table has %q, want %q", row, want)
		}
	}
	other := s.open(t, strings.TrimPrefix(p.Text("location.hash"), "#"), 360, 740)
	if got := form(other); got != strings.Replace(want, "batch=20", "batch=30", 1) {
		t.Errorf("the form of the second page is\n%s", got)
	}
	other.Evaluate(`document.querySelector("#train-form").requestSubmit()`, nil) // as Enter does in its fields
	other.Wait(`document.querySelector("#train-epochs tbody").rows.length >= 2`)
	other.Evaluate(`document.querySelector("#train-form").requestSubmit()`, nil)
	other.Wait(`document.documentElement.dataset.training === "rest"`)
	other.Evaluate(`document.querySelector("#train-reset").click()`, nil)
	trainedFor(other, 0)
	other.Evaluate(`document.querySelector("#train-epoch").click()`, nil)
	trainedFor(other, 1)
	other.Evaluate(`document.querySelector("#train-epoch").click()`, nil)
	trainedFor(other, 2)
	if s.visitorOf(other) == s.visitorOf(p) || saved(t, s.visitorOf(other).network()) != saved(t, net) {
		t.Error("the second page makes another network, or is the first one")
	}
}

// TestTrainFollows lets the run go on: the answer to the digit follows, the page says where
// the run is, a mistake is said in one line, and leaving the page ends the training.
func TestTrainFollows(t *testing.T) {
	inEveryWay(t)
	s := newSite(t)
	p := s.browser.Open(t, s.url+"#view=train&lang=hi&init=default&eta=0.01&sizes=784,300,10", 1280, 900) // the console tells of status 400
	p.Wait(`document.documentElement.dataset.training === "rest" && document.documentElement.dataset.drawn`)
	answers := func() string { return p.Text(`document.documentElement.dataset.drawn`) }
	before := answers()
	p.Evaluate(`document.querySelector("#train-play").click()`, nil)
	p.Wait(`document.querySelector("#train-step").textContent.includes("मिनी-बैच पर कॉस्ट") && document.querySelector("#train-progress").value > 0`)
	p.Wait(fmt.Sprintf(`document.documentElement.dataset.drawn > %s + 1`, before))
	if got := p.Text(`document.querySelector("#train-play").textContent`); got != "रोकें" {
		t.Errorf("the button says %q while the run goes on", got)
	}
	p.Evaluate(`document.querySelector("#train-minibatch").click()`, nil)
	p.Wait(`document.documentElement.dataset.training === "rest" && document.querySelector("#train-step").textContent.startsWith("10 अंकों")`)
	p.Evaluate(`(() => { document.querySelector("#flag-eta").value = "-1"; document.querySelector("#train-epoch").click(); })()`, nil)
	p.Wait(`document.querySelector("#error").textContent === "-eta -1: want a number above 0"`)
	p.Evaluate(`(() => { document.querySelector("#flag-eta").value = "3"; document.querySelector("#train-play").click(); })()`, nil)
	p.Wait(`document.querySelector("#error").hidden && document.documentElement.dataset.training === "run"`)
	v := s.visitorOf(p)
	p.Go("about:blank")
	rests(t, v)
}

// TestLatencyTrain prints how long an epoch of [784,30,10] takes on the page, in a browser
// that shows the run, and in cmd/train, in turn: the seconds that both print.
func TestLatencyTrain(t *testing.T) {
	if !*latency {
		t.Skip("measures: go test ./cmd/play -run TestLatency -latency -v")
	}
	s := newSite(t)
	data, err := digits.Open("") // those that cmd/train would find
	if err != nil {
		t.Fatal(err)
	}
	s.data = data
	p := s.open(t, "view=train", 1280, 900)
	p.Wait(`document.documentElement.dataset.training === "rest"`)
	var page, program []float64
	const epochs = 10
	for range 5 {
		p.Evaluate(`document.querySelector("#train-reset").click()`, nil)
		trainedFor(p, 0)
		p.Evaluate(`document.querySelector("#train-play").click()`, nil)
		p.Wait(fmt.Sprintf(`document.querySelector("#train-epochs tbody").rows.length >= %d`, epochs))
		p.Evaluate(`document.querySelector("#train-play").click()`, nil)
		p.Wait(`document.documentElement.dataset.training === "rest"`)
		var seconds []float64
		p.Evaluate(`[...document.querySelector("#train-epochs tbody").rows].map((r) => Number(r.cells[3].textContent))`, &seconds)
		page = append(page, seconds...)
		var out strings.Builder
		if _, err := cmdtrain.Line(context.Background(), fmt.Sprintf("-epochs %d", epochs), data, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`%  ([\d.]+)s`).FindAllStringSubmatch(out.String(), -1) {
			v, _ := strconv.ParseFloat(m[1], 64)
			program = append(program, v)
		}
	}
	slices.Sort(page)
	slices.Sort(program)
	a, b := page[len(page)/2], program[len(program)/2]
	fmt.Printf("epoch of [784,30,10] over %d digits: page %.3f s, cmd/train %.3f s, ratio %.2f; shortest %.3f s, %.3f s, ratio %.2f\n",
		len(data.Training), a, b, a/b, page[0], program[0], page[0]/program[0])
}
