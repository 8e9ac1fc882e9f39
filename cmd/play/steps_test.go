//go:build unix

package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nndl/cmd/internal/browser"
	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// passes are the numbers of a forward and a backward pass, computed by the package network2
// and the book's formulas, by the rows of the page that show them: "z-2".
func passes(net *network2.Network, e nn.Example) map[string]*matrix.Matrix {
	rows := map[string]*matrix.Matrix{"y-3": e.Y()}
	a := e.X()
	nablaB, nablaW := net.Backprop(e.X(), e.Y())
	for i, w := range net.Weights {
		z := new(matrix.Matrix).Mul(w, a)
		z.Add(z, net.Biases[i])
		a = new(matrix.Matrix).Apply(nn.Sigmoid, z)
		for name, x := range map[string]*matrix.Matrix{"w": w, "b": net.Biases[i], "z": z, "a": a, "delta": nablaB[i], "nabla-b": nablaB[i],
			"nabla-w": nablaW[i], "sigma-prime": new(matrix.Matrix).Apply(nn.SigmoidPrime, z)} {
			rows[fmt.Sprintf("%s-%d", name, i+2)] = x
		}
		if i > 0 {
			rows[fmt.Sprintf("arrives-%d", i+1)] = new(matrix.Matrix).TMul(w, nablaB[i])
		}
	}
	rows[fmt.Sprintf("arrives-%d", len(net.Sizes))] = new(matrix.Matrix).Sub(a, e.Y())
	return rows
}

// stepOf says in which step a row is computed, and so from which on it is shown.
func stepOf(row string) int {
	name, layer := row[:len(row)-2], row[len(row)-1:]
	switch name {
	case "nabla-w", "nabla-b":
		return 5
	case "delta", "sigma-prime", "arrives", "y":
		return map[string]int{"3": 3, "2": 4}[layer]
	}
	return 0
}

// pageSteps draws a 3, says that it was a 5, steps through the five steps and compares what
// is on the page after each with nn's numbers, for both costs.
func pageSteps(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	p.Click("#it-was-5")
	for name, cost := range map[string]network2.Cost{"quadratic": network2.QuadraticCost{}, "cross-entropy": network2.CrossEntropyCost{}} {
		p.Evaluate(`document.querySelector("#cost").focus()`, nil)
		p.Press(map[string]string{"quadratic": "Home", "cross-entropy": "End"}[name])
		p.Wait(fmt.Sprintf(`document.querySelector("#cost").value === %q && !document.querySelector("#apply").classList.contains("inert")`, name))
		net := *s.visitorOf(p).network()
		net.Cost = cost
		rows := passes(&net, nn.NewPixelExample(s.pixels(t), 5, mnist.Classes))
		if name == "cross-entropy" { // for which they are no factors
			delete(rows, "sigma-prime-3")
			delete(rows, "arrives-3")
			p.Wait(`!document.querySelector("#sigma-prime-3")`)
		} else {
			p.Wait(`document.querySelector("#sigma-prime-3")`)
		}
		p.Click("#step-1")
		for step := 1; step <= 5; step++ {
			p.Wait(fmt.Sprintf(`document.documentElement.dataset.step === "%d"`, step))
			what := fmt.Sprintf("%s, step %d: ", name, step)
			if current := texts(p, `#steps [aria-current="step"]`); len(current) != 1 || !strings.HasPrefix(current[0], strconv.Itoa(step)) {
				t.Errorf("%s%q is marked as the step", what, current)
			}
			for row, x := range rows {
				compareRow(t, what, p, row, x, step >= stepOf(row))
			}
			if ids := texts(p, "#score tr.forward, #score tr.backward"); len(ids) != len(rows) {
				t.Errorf("%s%d rows, want %d", what, len(ids), len(rows))
			}
			p.Press("ArrowRight")
		}
		equations := strings.Join(texts(p, "#step-equations"), " ")
		if !strings.Contains(equations, "BP4") || len(texts(p, "#step-code pre")) == 0 {
			t.Errorf("step 5 shows the equations %q", equations)
		}
	}
}

// compareRow compares one row of the page, its numbers or pictures, with x; before its step
// it must be empty.
func compareRow(t *testing.T, what string, p *browser.Page, row string, x *matrix.Matrix, there bool) {
	t.Helper()
	var cells []struct{ Text, Title string }
	p.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("#%s td")].map(e => ({text: e.textContent, title: e.title}))`, row), &cells)
	if len(cells) != x.Rows {
		t.Errorf("%s%s has %d cells, want %d", what, row, len(cells), x.Rows)
		return
	}
	if x.Cols > 1 {
		comparePictures(t, what+row, p, row, x, there)
		return
	}
	for j, v := range x.Data {
		_, number, _ := strings.Cut(cells[j].Title, fmt.Sprintf("(%d) = ", j))
		sign := map[bool]string{v < 0: "−", v > 0: "+", v == 0: "0"}[true]
		short, err := strconv.ParseFloat(cells[j].Text, 64) // of a and σ′ in narrow cells: .98
		near := err == nil && math.Abs(short-v) <= 0.005
		if there && (!shows(number, v) || cells[j].Text != number && cells[j].Text != sign && !near) || !there && cells[j].Text+cells[j].Title != "" {
			t.Errorf("%s%s, neuron %d, shows %q, %q; want %g: %v", what, row, j, cells[j].Text, cells[j].Title, v, there)
			return
		}
	}
}

// comparePictures compares the colours of a row's pictures with the rows of x.
func comparePictures(t *testing.T, what string, p *browser.Page, row string, x *matrix.Matrix, there bool) {
	t.Helper()
	var pictures [][]byte // red, green, blue of all pixels
	p.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("#%s canvas")].filter(c => c.checkVisibility())
		.map(c => btoa(String.fromCharCode(...%s(c).filter((_, i) => i %% 4 < 3))))`, row, pixelsOf), &pictures)
	if !there {
		if len(pictures) > 0 {
			t.Errorf("%s shows %d pictures too early", what, len(pictures))
		}
		return
	}
	sizes := make([]float64, len(x.Data))
	for i, v := range x.Data {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	most := sizes[len(sizes)-1]
	limit := most
	if strings.HasPrefix(row, "w-") { // few weights are much larger than the others
		limit = sizes[len(sizes)-1-len(sizes)/200]
	}
	got := texts(p, "#"+row+" .range")
	shown, largest, clipped := strings.Cut(strings.TrimPrefix(strings.Join(got, ""), "±"), " (")
	if !shows(shown, limit) || clipped != (most > limit) || clipped && !shows(strings.TrimSuffix(largest, ")"), most) {
		t.Errorf("%s: the range is %q, want ±%g and the largest %g", what, got, limit, most)
	}
	scale := stops(p)
	for j, picture := range pictures {
		for k, v := range x.Row(j) {
			want := colourOf(scale, min(max(v/limit, -1), 1))
			got := picture[3*k : 3*k+3]
			apart := func(c int) float64 { return math.Abs(float64(got[c]) - want[c]) }
			if max(apart(0), apart(1), apart(2)) > 3 { // v has been rounded to one of 255 colours
				t.Errorf("%s: picture %d, pixel %d is %v, want %v for %g of ±%g", what, j, k, got, want, v, limit)
				return
			}
		}
	}
	if len(pictures) != x.Rows {
		t.Errorf("%s: %d pictures, want %d", what, len(pictures), x.Rows)
	}
}

// stops returns the colours of the scale at −1, −½, 0, ½ and 1, red, green and blue.
func stops(p *browser.Page) (scale [][]float64) {
	p.Evaluate(`["--minus-most", "--minus", "--zero", "--plus", "--plus-most"].map(name => {
		const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
		return [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16));
	})`, &scale)
	return scale
}

// colourOf returns the colour of v, from −1 to 1.
func colourOf(scale [][]float64, v float64) (colour [3]float64) {
	i := min(int(2*(v+1)), 3)
	part := 2*(v+1) - float64(i)
	for c := range colour {
		colour[c] = scale[i][c] + part*(scale[i+1][c]-scale[i][c])
	}
	return colour
}

// pageNeuron chooses a neuron and a weight and compares the sums and derivatives shown with
// those of nn.
func pageNeuron(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	p.Click("#it-was-5")
	p.Wait(`!document.querySelector("#apply").classList.contains("inert")`)
	p.Click("#step-5")
	net := *s.visitorOf(p).network()
	net.Cost = network2.QuadraticCost{}
	e := nn.NewPixelExample(s.pixels(t), 5, mnist.Classes)
	rows := passes(&net, e)
	j, k := tour.Largest(rows["nabla-w-2"])
	p.Click(fmt.Sprintf("#neuron-2-%d", j))
	p.Wait(fmt.Sprintf(`document.querySelector("#neuron").dataset.shown?.startsWith("2-%d-")`, j))
	middle, side := p.Center("#weights"), p.Number(`document.querySelector("#weights").getBoundingClientRect().width`)
	at := func(i int) float64 { return (float64(i)+0.5)/28*side - side/2 }
	p.Drag(browser.Point{X: middle.X + at(k%28), Y: middle.Y + at(k/28)})
	p.Wait(fmt.Sprintf(`document.querySelector("#neuron").dataset.shown === "2-%d-%d"`, j, k))

	compareTerms(t, p, "#forward-terms", net.Weights[0].Row(j), e.X().Data, []float64{net.Biases[0].Data[j], rows["z-2"].Data[j], rows["a-2"].Data[j]})
	column := make([]float64, 10)
	for i := range column {
		column[i] = net.Weights[1].At(i, j)
	}
	compareTerms(t, p, "#backward-terms", column, rows["delta-3"].Data, []float64{rows["arrives-2"].Data[j], rows["sigma-prime-2"].Data[j], rows["delta-2"].Data[j]})

	backprop := rows["nabla-w-2"].At(j, k)
	numerical := numericalDerivative(&net, e, j, k)
	compare(t, "the weight", texts(p, "#weight tr td")[:5], []float64{net.Weights[0].At(j, k), e.X().Data[k], rows["delta-2"].Data[j], backprop, numerical})
	digits := strings.Trim(texts(p, "#agree td")[0], "abcdefghijklmnopqrstuvwxyz ,.")
	if n, _ := strconv.Atoi(digits); n < 5 || math.Abs(backprop-numerical) > math.Pow(10, 1-float64(n))*math.Abs(backprop) {
		t.Errorf("%g and %g agree to %q digits", backprop, numerical, digits)
	}
}

// numericalDerivative moves weight k of neuron j of layer 2 by as much as the tour does.
func numericalDerivative(net *network2.Network, e nn.Example, j, k int) float64 {
	moved := tour.Clone(net)
	w := moved.Weights[0].At(j, k)
	cost := func(w float64) float64 {
		moved.Weights[0].Set(j, k, w)
		return moved.TotalCost([]nn.Example{e}, 0)
	}
	return (cost(w+tour.Epsilon) - cost(w-tour.Epsilon)) / (2 * tour.Epsilon)
}

// compareTerms compares a table of the sorted terms x·y of a sum, and of what is made of
// it, with the numbers.
func compareTerms(t *testing.T, p *browser.Page, table string, x, y, ends []float64) {
	t.Helper()
	var rows [][]string
	p.Evaluate(fmt.Sprintf(`[...document.querySelectorAll("%s tbody tr")].map(r => [...r.cells].map(c => c.textContent))`, table), &rows)
	var order []int
	total := 0.0
	for k := range x {
		order = append(order, k)
		total += x[k] * y[k]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return -cmp.Compare(math.Abs(x[a]*y[a]), math.Abs(x[b]*y[b]))
	})
	terms := slices.IndexFunc(rows, func(r []string) bool { return len(r) == 2 })
	for i, k := range order[:terms] {
		compare(t, fmt.Sprintf("%s, term %d", table, i), rows[i], []float64{float64(k), x[k], y[k], x[k] * y[k]})
		total -= x[k] * y[k]
	}
	if terms < len(x) {
		ends = append([]float64{total}, ends...)
	}
	if min(len(x), 8) > terms || len(rows) != terms+len(ends) {
		t.Errorf("%s has %d terms of %d and %d rows", table, terms, len(x), len(rows))
		return
	}
	for i, end := range ends {
		compare(t, table+", "+rows[terms+i][0], rows[terms+i][1:], []float64{end})
	}
}

// pageApply takes a step on the digit, compares the costs shown with nn's, and undoes it.
func pageApply(t *testing.T, s *site) {
	p := s.open(t, "view=digit", 1280, 900)
	drawThree(p)
	first := texts(p, "#outputs tr td:nth-child(3)")
	p.Evaluate(`document.querySelector("#cost").focus()`, nil)
	p.Press("End") // the cross-entropy, for which the step is large
	p.Click("#it-was-5")
	p.Wait(`!document.querySelector("#apply").classList.contains("inert")`)
	if !p.Is(`document.querySelector("#undo-step").disabled`) {
		t.Error("a step can be undone that was not taken")
	}
	e := nn.NewPixelExample(s.pixels(t), 5, mnist.Classes)
	net := tour.Clone(s.visitorOf(p).network())
	net.Cost = network2.CrossEntropyCost{}
	before := net.TotalCost([]nn.Example{e}, 0)
	squared := 0.0
	nablaB, nablaW := net.Backprop(e.X(), e.Y())
	for _, nabla := range append(nablaB, nablaW...) {
		for _, v := range nabla.Data {
			squared += v * v
		}
	}
	const eta = 0.125
	net.UpdateMiniBatch([]nn.Example{e}, eta, 0, 1)
	after := net.TotalCost([]nn.Example{e}, 0)

	p.Type("#eta", "0.125")
	p.Press("Enter")
	p.Wait(`document.querySelector("#apply-after")`)
	for id, want := range map[string]float64{"before": before, "predicted": -eta * squared, "real": after - before, "after": after} {
		compare(t, "cost "+id, texts(p, "#apply-"+id+" td"), []float64{want})
	}
	outputs := net.Feedforward(e.X()).Data
	p.Wait(`!document.querySelector("#undo-step").disabled`)
	p.Wait(fmt.Sprintf(`document.querySelector("#output-3 td:nth-child(3)").textContent !== %q`, first[3]))
	compare(t, "the outputs after the step", texts(p, "#outputs tr td:nth-child(3)"), outputs)
	p.Click("#undo-step")
	p.Wait(fmt.Sprintf(`document.querySelector("#output-3 td:nth-child(3)").textContent === %q`, first[3]))
	if again := texts(p, "#outputs tr td:nth-child(3)"); !slices.Equal(first, again) {
		t.Errorf("after undo the outputs are %q, before they were %q", again, first)
	}
	p.Wait(`document.querySelector("#undo-step").disabled`)
}
