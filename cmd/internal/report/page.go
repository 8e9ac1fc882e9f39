package report

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"

	"nndl/cmd/internal/cli"
)

// page is what index.html says.
type page struct {
	Network, Run, Trouble string
	Right, Wrong, Of      int
	Percent               string
	Best                  string // per cent; "" if no epoch was trained
	BestEpoch             string
	Synthetic, NoHidden   bool
	Drawings              map[string]template.HTML // by file, without .svg
}

// page returns what the page of the report says, which goes into the folder dir.
func (r Report) page(dir string) page {
	rs := readings(r.Network, r.Test)
	wrong := misreadings(rs)
	p := page{
		Network:   cli.Layers(r.Network.Sizes),
		Run:       r.Run,
		Trouble:   r.Trouble,
		Right:     len(rs) - len(wrong),
		Wrong:     len(wrong),
		Of:        len(rs),
		Percent:   fmt.Sprintf("%.2f", 100*float64(len(rs)-len(wrong))/float64(len(rs))),
		Synthetic: r.Data == "",
		NoHidden:  len(r.Network.Sizes) == 2,
		Drawings:  make(map[string]template.HTML),
	}
	if epoch, y, ok := best(r.Curves); ok {
		p.Best, p.BestEpoch = fmt.Sprintf("%.2f", y), fmt.Sprint(epoch)
	}
	for file, svg := range map[string][]byte{
		learningFile:  learning(r.Curves),
		answersFile:   answers(rs, r.Cols),
		misreadFile:   misread(wrong, r.Cols),
		confusionFile: confusion(rs),
		weightsFile:   weights(r.Network, r.Cols),
	} {
		// Package chart has made it, and all the text in it is escaped there.
		p.Drawings[strings.TrimSuffix(file, ".svg")] = template.HTML(svg)
	}
	return p
}

func (p page) html() ([]byte, error) {
	var b bytes.Buffer
	err := pageTemplate.Execute(&b, p)
	return b.Bytes(), err
}

// pageTemplate names nothing outside the page: no script, no font, no picture.
var pageTemplate = template.Must(template.New("report").Parse(`<!DOCTYPE html>
<html lang="en" class="nndl-report">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{.Network}}: {{.Percent}} %</title>
<style>
body{margin:0;background:#f3f4f6;color:#24292f;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:960px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:26px;margin:8px 0 0}h2{font-size:20px;margin:40px 0 4px}
p{margin:6px 0 14px;max-width:70ch}.soft{color:#57606a}
.tiles{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}
.tile{background:#fff;border-radius:8px;padding:12px 20px}
.tile b{display:block;font-size:26px;line-height:1.3}
.drawing{overflow-x:auto}.drawing svg{display:block;max-width:100%;height:auto}
@media (max-width:600px){.drawing svg{min-width:560px}}
@media (prefers-color-scheme:dark){body{background:#0d1013;color:#e6e9ed}.soft{color:#9aa4af}.tile{background:#15181d}}
</style>
</head>
<body>
<main>
<h1>The network {{.Network}}</h1>
<p class="soft">{{.Run}}.{{if .Synthetic}} These digits are drawn by a program; <code>go run ./cmd/digits fetch</code> gets the real ones.{{end}}</p>
<div class="tiles">
<div class="tile"><b>{{.Percent}} %</b>of the test digits read right</div>
<div class="tile"><b>{{.Right}} / {{.Of}}</b>right, {{.Wrong}} wrong</div>
{{- if .Best}}
<div class="tile"><b>{{.Best}} %</b>at best, after epoch {{.BestEpoch}}</div>
{{- end}}
</div>
{{if .Trouble}}<p><b>This does not look well:</b> {{.Trouble}}</p>{{end}}
{{if .Best}}
<h2>How it learned</h2>
<p>The share of digits read right after each epoch: the test digits, which it never learns from, and the training digits,
which it does. When the training curve still climbs and the test curve no longer does, the network learns its examples by
heart.</p>
<div class="drawing">{{.Drawings.learning}}</div>
{{end}}
<h2>What it says</h2>
<p>Each output neuron stands for a digit. The network's answer is the neuron with the highest activation; the bars go from
0 to 1.</p>
<div class="drawing">{{.Drawings.answers}}</div>

<h2>What it got wrong</h2>
<p>The test digits whose answer was wrong. Some of them are hard for people too; others show what the network has not
understood. Point at one for its number, and see it large with <code>go run ./cmd/digits show -n 1 -from</code> and the number.</p>
<div class="drawing">{{.Drawings.misread}}</div>

<h2>What it takes for what</h2>
<p>Each row is a digit, each column an answer. The right answers stand on the diagonal; the stronger the colour elsewhere, the more
frequent the mistake.</p>
<div class="drawing">{{.Drawings.confusion}}</div>

<h2>What it looks for</h2>
<p>The weights of each {{if .NoHidden}}output{{else}}hidden{{end}} neuron, each in the place of the pixel that it weighs; the full colour is
that neuron's largest weights. At the edge, where no digit ever has ink, a weight never changes: the noise there is what
the neuron began with.{{if not .NoHidden}} A caption tells which output the neuron speaks for most strongly and
against which, where the next layer is the output; else the neuron's number.{{end}}</p>
<div class="drawing">{{.Drawings.weights}}</div>
</main>
</body>
</html>
`))
