package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"strings"

	"nndl/cmd/internal/chart"
	"nndl/cmd/internal/files"
)

// pageKind is what a page or a drawing of book may replace.
var pageKind = files.Kind{What: "a figure of book", Is: func(head []byte) bool { return bytes.Contains(head, []byte(`class="nndl`)) }}

// checkOut makes the folder of -out and returns an error if the page could not be written, or
// would replace another file: it is for the time before hours of work.
func (b *bench) checkOut(e *experiment) error {
	if b.out == "" {
		return nil
	}
	if err := os.MkdirAll(b.out, 0o777); err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	names := []string{e.name + ".html", figureName(e, 0)}
	if e.net != nil {
		for i := range len(e.net.maps) + 1 {
			names = append(names, figureName(e, i+1))
		}
	}
	for _, name := range names {
		if err := files.Check("-out", filepath.Join(b.out, name), pageKind); err != nil {
			return err
		}
	}
	return nil
}

// figureName is the file of a figure.
func figureName(e *experiment, i int) string {
	if i == 0 {
		return e.name + ".svg"
	}
	return fmt.Sprintf("%s-%d.svg", e.name, i+1)
}

// drawing is a chart or a grid of pictures.
type drawing interface{ SVG() []byte }

// page is what -out writes of an experiment.
type page struct {
	figures  []drawing
	commands []string

	// Of chapter 6:
	rows []row
	note string // on what the filters and the rows show
}

// drawLines writes the figures of chapters 1 to 5.
func (b *bench) drawLines(e *experiment, figures []chart.Lines, stdout io.Writer) error {
	var p page
	for _, l := range figures {
		p.figures = append(p.figures, l)
	}
	for _, l := range e.lines {
		p.commands = append(p.commands, "go run ./cmd/train "+b.command(l))
	}
	return b.draw(e, p, stdout)
}

// draw writes an experiment's figures, and a page with all of them, to the folder that -out
// names.
func (b *bench) draw(e *experiment, p page, stdout io.Writer) error {
	if b.out == "" || len(p.figures) == 0 {
		return nil
	}
	data := pageData{Title: "Chapter " + fmt.Sprint(e.chapter) + ": " + e.name, Shows: e.shows, Style: template.HTML(chart.Style), Rows: p.rows, Commands: p.commands}
	if b.data.Dir == "" && !e.noDigits {
		data.Note = "Trained on synthetic digits; the published figures are for MNIST."
	}
	if changed := b.changed(); changed != "" {
		data.Note += " With " + changed + "; the published figures are for the book's settings."
	}
	if p.note != "" {
		data.Note = strings.TrimSpace(data.Note + " " + p.note)
	}
	for i, l := range p.figures {
		svg := l.SVG()
		data.Figures = append(data.Figures, template.HTML(chart.Inline(svg)))
		if err := b.write(figureName(e, i), svg); err != nil {
			return err
		}
	}
	var html bytes.Buffer
	if err := pageTemplate.Execute(&html, data); err != nil {
		return err
	}
	if err := b.write(e.name+".html", html.Bytes()); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Figure: %s\n", filepath.Join(b.out, e.name+".html"))
	return nil
}

// write writes a file of the folder of -out.
func (b *bench) write(name string, data []byte) error {
	name = filepath.Join(b.out, name)
	if err := files.Check("-out", name, pageKind); err != nil {
		return err
	}
	return files.Write(name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

type pageData struct {
	Title, Shows, Note string
	Style              template.HTML
	Figures            []template.HTML
	Rows               []row
	Commands           []string
}

var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en" class="nndl-page">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
{{.Style}}<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:760px;margin:2em auto;padding:0 1em;color:#24292f;background:#fff}
svg{max-width:100%;height:auto}pre{overflow-x:auto}
.layers{display:flex;flex-wrap:wrap;align-items:center;gap:8px 10px;margin:.5em 0 1.5em}
.layers svg{overflow:visible}.layers>*+*::before{content:"→ "}.layers span{display:flex;align-items:center;gap:10px}h3{margin:0;font-size:1em}
@media (prefers-color-scheme:dark){body{color:#e6e9ed;background:#15181d}}
</style>
<h1>{{.Title}}</h1>
<p>{{.Shows}}</p>
{{with .Note}}<p>{{.}}</p>{{end}}
{{range .Figures}}{{.}}
{{end}}{{with .Rows}}<h2>Some digits, layer by layer</h2>
<p>The activations: orange above 0, blue below, in full colour the largest of the layer; below each, how large they are. The bars are the outputs.</p>
{{range .}}<h3>{{.Title}}</h3>
<div class="layers">{{range .Cells}}<span>{{.}}</span>{{end}}</div>
{{end}}{{end}}{{with .Commands}}<pre>{{range .}}{{.}}
{{end}}</pre>{{end}}
</html>
`))
