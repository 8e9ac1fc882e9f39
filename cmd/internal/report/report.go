// Package report writes what a network has learned to a folder, as one page and its
// pictures: the learning curve, the answers to the digits, the misread ones among
// them, and what the neurons look for. The page is self-contained.
package report

import (
	"bytes"
	"cmp"
	"io"
	"path/filepath"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/files"
	"nndl/nn"
)

// Report is the content of a page.
type Report struct {
	Network *nn.Network
	Cost    string       // its name, as network2.save writes it; "" is QuadraticCost
	Test    []nn.Example // the digits to read
	Set     string       // which these are: "" is test, else validation
	Cols    int          // pixels in a row of an image
	Data    string       // the folder of the digits; "" if they are synthetic
	Run     string       // one line: how the network was trained, on what it is tested
	Trouble string       // what looks wrong with the training, "" if nothing does
	// Curves are the learning curves, per cent read right after each epoch. The first is
	// that of the digits to read. None: no epoch was trained.
	Curves []chart.Series
	// Costs are the costs after each epoch, on the test digits and on the training digits,
	// if they were computed.
	Costs []chart.Series
}

// The files of a report. index.html needs none of the others: the drawings are for other
// uses, and network.json is for cmd/explain, which can show any of the digits.
const (
	indexFile     = "index.html"
	learningFile  = "learning.svg"
	costsFile     = "costs.svg" // of a report with Costs
	answersFile   = "answers.svg"
	misreadFile   = "misread.svg"
	confusionFile = "confusion.svg"
	weightsFile   = "weights.svg"
	networkFile   = "network.json"
)

// mark is near the beginning of every page and drawing of a report.
const mark = `class="nndl`

// kind recognizes the page and the drawings of an older report.
var kind = files.Kind{What: "a report", Is: func(head []byte) bool { return bytes.Contains(head, []byte(mark)) }}

// Check returns an error if a report could not be written to the folder that a flag
// names, which must exist, or would replace a file that is not a report's.
func Check(flag, dir string) error {
	for _, name := range []string{indexFile, learningFile, costsFile, answersFile, misreadFile, confusionFile, weightsFile} {
		if err := files.Check(flag, filepath.Join(dir, name), kind); err != nil {
			return err
		}
	}
	return files.Check(flag, filepath.Join(dir, networkFile), files.Network)
}

// Write writes the report to the folder dir and returns the name of its page.
func (r Report) Write(dir string) (index string, err error) {
	rs := readings(r.Network, r.Test)
	wrong := misreadings(rs)
	for _, drawing := range []struct {
		file string
		svg  []byte
	}{
		{learningFile, learning(r.Curves, false)},
		{answersFile, answers(rs, r.Cols)},
		{misreadFile, misread(wrong, r.Cols)},
		{confusionFile, confusion(rs, false)},
		{weightsFile, weights(r.Network, r.Cols)},
	} {
		if err := replace(dir, drawing.file, drawing.svg); err != nil {
			return "", err
		}
	}
	if len(r.Costs) > 0 {
		if err := replace(dir, costsFile, costs(r.Costs, false)); err != nil {
			return "", err
		}
	}
	var network bytes.Buffer
	if r.Network.Encode(&network, cmp.Or(r.Cost, nn.QuadraticCost)) == nil { // one with a NaN cannot be saved; the page is worth having all the same
		if err := replace(dir, networkFile, network.Bytes()); err != nil {
			return "", err
		}
	}
	html, err := r.page(dir, rs, wrong).html()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, indexFile), replace(dir, indexFile, html)
}

// replace writes a file of the report, whole or not at all.
func replace(dir, name string, content []byte) error {
	return files.Write(filepath.Join(dir, name), func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
