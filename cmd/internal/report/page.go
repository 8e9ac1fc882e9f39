package report

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"path/filepath"
	"slices"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/cli"
)

// page is the content of index.html.
type page struct {
	Network, Run, Trouble string
	Set                   string // of digits: test or validation
	Right, Wrong, Of      int
	Percent               string
	Best, BestEpoch       string // "" if no epoch was trained
	Synthetic, NoHidden   bool
	Explain               string // the command that explains a digit, but for its number
	Shown                 string // which of the misread digits are

	Style                         template.HTML
	Learning, Confusion           [2]template.HTML // wide and narrow
	Costs                         []template.HTML  // as well; none if there are no costs
	Answers, WeightFigures        []template.HTML
	Misread                       []misreadDigit
	ByNumber                      []int // the numbers of the misread digits that are shown
	MoreNeurons, NeuronsInPicture int
}

// misreadDigit is a digit that opens to show the command that explains it.
type misreadDigit struct {
	Number int
	Figure template.HTML
}

// page returns what the page of the report says, whose network is in the folder dir.
func (r Report) page(dir string, rs, wrong []reading) page {
	p := page{
		Network:          cli.Layers(r.Network.Sizes),
		Run:              r.Run,
		Trouble:          r.Trouble,
		Set:              cmp.Or(r.Set, "test"),
		Right:            len(rs) - len(wrong),
		Wrong:            len(wrong),
		Of:               len(rs),
		Percent:          fmt.Sprintf("%.2f", 100*float64(len(rs)-len(wrong))/float64(len(rs))),
		Synthetic:        r.Data == "",
		NoHidden:         len(r.Network.Sizes) == 2,
		Explain:          r.explain(dir),
		Shown:            shownOf(wrong),
		Style:            template.HTML(chart.Style),
		Learning:         [2]template.HTML{inline(learning(r.Curves, false)), inline(learning(r.Curves, true))},
		Confusion:        [2]template.HTML{inline(confusion(rs, false)), inline(confusion(rs, true))},
		NeuronsInPicture: min(r.Network.Sizes[1], mostNeurons),
		MoreNeurons:      max(0, r.Network.Sizes[1]-mostNeurons),
	}
	if len(r.Costs) > 0 {
		p.Costs = []template.HTML{inline(costs(r.Costs, false)), inline(costs(r.Costs, true))}
	}
	if epoch, y, ok := best(r.Curves); ok {
		p.Best, p.BestEpoch = fmt.Sprintf("%.2f", y), fmt.Sprint(epoch)
	}
	for _, r1 := range firstOfEach(rs) {
		p.Answers = append(p.Answers, inline(r1.cell(r.Cols).SVG(sizeWithBars)))
	}
	for _, r1 := range wrong[:min(len(wrong), mostMisread)] {
		p.Misread = append(p.Misread, misreadDigit{r1.number, inline(r1.cell(r.Cols).SVG(sizeWithBars))})
		p.ByNumber = append(p.ByNumber, r1.number)
	}
	slices.Sort(p.ByNumber)
	for _, c := range weightCells(r.Network, r.Cols) {
		p.WeightFigures = append(p.WeightFigures, inline(c.SVG(sizeOfWeights)))
	}
	return p
}

// inline returns a drawing for the page. Package chart has made it and escaped all text
// in it.
func inline(svg []byte) template.HTML { return template.HTML(chart.Inline(svg)) }

// explain returns the command that explains one of the test digits by the network of this
// report, but for the digit's number.
func (r Report) explain(dir string) string {
	command := "go run ./cmd/explain -load " + quote(filepath.Join(dir, networkFile))
	if r.Data != "" {
		command += " -data " + quote(r.Data)
	}
	if r.Set == "validation" {
		command += " -validate"
	}
	return command + " -index"
}

// quote returns a file name as it is typed in a shell.
func quote(name string) string {
	if strings.ContainsAny(name, " \t\n'\"$&|;<>()*?[]#~`!{}") {
		return `"` + name + `"`
	}
	return name
}

func (p page) html() ([]byte, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, p)
	return b.Bytes(), err
}

// pageTemplate needs nothing outside the page: no script, no font, no picture.
var pageTemplate = template.Must(template.New("report").Parse(pageHTML))

//go:embed page.html
var pageHTML string
