//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"nndl/cmd/internal/browser"
	"nndl/mnist"
	"nndl/nn"
)

// choose chooses an option of a select, by its place, as a reader does with keys.
func choose(p *browser.Page, selector, value string) {
	p.Evaluate(fmt.Sprintf("document.querySelector(%q).focus()", selector), nil)
	p.Press("Home")
	for range 5 {
		if p.Is(fmt.Sprintf("document.querySelector(%q).value === %q", selector, value)) {
			return
		}
		p.Press("ArrowDown")
	}
}

// trainEpochs brings the view of the training to where some epochs are done.
func trainEpochs(p *browser.Page, epochs int) {
	p.Click("#flag-monitor")
	p.Type("#flag-sizes", "784,20,10")
	p.Type("#flag-eta", "0.5")
	choose(p, "#flag-cost", "cross-entropy")
	choose(p, "#flag-init", "default")
	p.Type("#flag-train", "1500")
	for n := 1; n <= epochs; n++ {
		p.Click("#train-epoch")
		p.Wait(fmt.Sprintf(`document.documentElement.dataset.training === "rest" && document.querySelectorAll("#train-epochs tbody tr").length === %d`, n))
	}
}

var scoreLine = regexp.MustCompile(`(?m)^Epoch (\d+): (\d+ / \d+)`)

// pageTrain trains two epochs, compares the scores with those of cmd/train for the line that
// the page shows, and checks that the drawn digit's answer is the trained network's.
func pageTrain(t *testing.T, s *site) {
	p := s.open(t, "view=train", 1280, 900)
	drawThree(p)
	pixels := s.pixels(t)
	before := texts(p, "#outputs tr td:nth-child(3)")
	trainEpochs(p, 2)
	line := p.Text(`document.querySelector("#train-line").textContent`)
	want := commandTrain(t, line)
	rows := texts(p, "#train-epochs tbody tr td:nth-child(2)")
	heads := texts(p, "#train-epochs tbody tr th")
	if fmt.Sprint(heads, rows) != fmt.Sprint([]string{"1", "0"}, []string{want["1"], want["0"]}) {
		t.Errorf("epochs %q have the scores %q; %s has %q", heads, rows, line, want)
	}
	net := s.visitorOf(p).network()
	e := nn.NewPixelExample(pixels, 3, mnist.Classes)
	p.Wait(fmt.Sprintf(`document.querySelector("#output-3 td:nth-child(3)").textContent !== %q`, before[3]))
	compare(t, "the outputs of the trained network", texts(p, "#outputs tr td:nth-child(3)"), net.Feedforward(e.X()).Data)
	if curves := p.Number(`document.querySelectorAll("#train-curve polyline").length + document.querySelectorAll("#train-cost-curve polyline").length`); curves != 4 {
		t.Errorf("%v learning curves, want two of the accuracy and two of the cost", curves)
	}

	p.Click("#train-minibatch")
	p.Wait(`/\d/.test(document.querySelector("#train-step").textContent)`)
	p.Click("#train-play")
	p.Wait(`document.querySelectorAll("#train-epochs tbody tr").length > 3`)
	p.Click("#train-play")
	p.Wait(`document.documentElement.dataset.training === "rest"`)
	epochs := p.Number(`document.querySelectorAll("#train-epochs tbody tr").length`)
	state := p.Text("location.hash")
	p.Click("#train-reset")
	p.Wait(`document.querySelectorAll("#train-epochs tbody tr").length === 0`)

	other := s.open(t, state[1:], 1280, 900) // to which the settings have been passed on
	other.Click("#train-epoch")
	other.Wait(`document.documentElement.dataset.training === "rest" && document.querySelectorAll("#train-epochs tbody tr").length === 1`)
	if got := texts(other, "#train-epochs tbody tr td:nth-child(2)"); got[0] != want["0"] || epochs < 4 {
		t.Errorf("with the address %s another reader has the score %q, want %q", state, got, want["0"])
	}
}

// commandTrain runs the line of a shell that the page shows, on the same digits, and returns
// the scores by epoch.
func commandTrain(t *testing.T, line string) map[string]string {
	t.Helper()
	words := strings.Fields(line)
	if len(words) < 4 || words[0] != "go" {
		t.Fatalf("the page shows the command %q", line)
	}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "NNDL_MNIST=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", line, err, out)
	}
	scores := map[string]string{}
	for _, m := range scoreLine.FindAllStringSubmatch(string(out), -1) {
		scores[m[1]] = m[2]
	}
	return scores
}
