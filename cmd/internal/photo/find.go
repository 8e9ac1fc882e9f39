package photo

import (
	"errors"
	"fmt"
	"image"
	"math"

	"nndl/matrix"
)

// viewSide is the longer side of the picture in which a digit is looked for.
const viewSide = 400

// drawing is a digit that was found.
type drawing struct {
	ink   *matrix.Matrix  // 0 to 1, everything else left out
	box   image.Rectangle // around the ink
	dark  bool            // the ink is darker than its background
	notes []string        // what was left out
}

// find looks for the digit in a picture of light. If the digit is small there, find goes
// closer and looks again.
func find(light *matrix.Matrix) (*drawing, error) {
	whole := image.Rect(0, 0, light.Cols, light.Rows)
	part := whole
	var found *drawing
	if s := sheet(light); s != nil {
		if d, err := find(s); err == nil {
			d.notes = merge([]string{"cut out the sheet"}, d.notes)
			return d, nil
		}
	}
	for range 3 {
		view := resize(cut(light, part), viewSide)
		d, err := look(view)
		if err != nil {
			if found != nil {
				break // from further away there was more to see
			}
			return nil, err
		}
		if found != nil {
			d.notes = merge(found.notes, d.notes)
		}
		found = d
		// Back to the elements of light, with a margin.
		scale := float64(part.Dx()) / float64(view.Cols)
		box := image.Rect(int(scale*float64(d.box.Min.X)), int(scale*float64(d.box.Min.Y)),
			int(math.Ceil(scale*float64(d.box.Max.X))), int(math.Ceil(scale*float64(d.box.Max.Y)))).Add(part.Min)
		margin := max(box.Dx(), box.Dy())/2 + 1
		closer := box.Inset(-margin).Intersect(part)
		if 10*max(closer.Dx(), closer.Dy()) > 7*max(part.Dx(), part.Dy()) {
			break
		}
		part = closer
	}
	return found, nil
}

// look finds the digit in view, dark on light or light on dark.
func look(view *matrix.Matrix) (*drawing, error) {
	dark, darkErr := pick(view, 0.2)
	inverted := matrix.New(view.Rows, view.Cols)
	for i, v := range view.Data {
		inverted.Data[i] = 1 - v
	}
	light, lightErr := pick(inverted, 0.5)
	switch {
	case darkErr != nil && lightErr != nil:
		return nil, darkErr
	case lightErr != nil || darkErr == nil && dark.score >= light.score:
		dark.dark = true
		return &dark.drawing, nil
	}
	return &light.drawing, nil
}

// candidate is what might be the digit.
type candidate struct {
	drawing
	score float64
}

// faintest is the least depth of ink.
const faintest = 0.05

var errBlank = errors.New("no digit to be seen: the picture is blank")

// pick finds the digit in view if its ink is darker than the background.
func pick(view *matrix.Matrix, darkest float64) (candidate, error) {
	d, paper := depth(view, darkest)
	var c candidate
	var group []*shape
	for range 4 {
		deep := strength(d)
		if deep < max(faintest, 4*noise(view)) {
			if group == nil {
				return c, errBlank
			}
			break
		}
		limit := 0.45 * deep
		if n := eraseLines(d, 0.6*limit); n > 0 {
			c.notes = merge(c.notes, []string{"lines removed"})
		}
		all := shapes(d, limit)
		kept, clutter, notes := sort(all, d)
		c.notes = merge(c.notes, notes)
		for _, s := range clutter {
			s.wipe(d)
		}
		if len(kept) == 0 {
			continue
		}
		group = kept
		if strength(d) > 0.8*deep {
			break
		}
	}
	if group == nil {
		return c, errBlank
	}
	main, err := together(group)
	if err != nil {
		return c, err
	}
	if h := main.holes(view.Cols); h > 5 {
		return c, errors.New("no digit to be seen: only a pattern or noise")
	}
	c.draw(d, group)
	c.score = contrast(view, paper, group)
	return c, nil
}

// together returns the largest shape of the group, or an error if they are several digits.
func together(group []*shape) (*shape, error) {
	main := group[0]
	for _, s := range group {
		if len(s.pixels) > len(main.pixels) {
			main = s
		}
	}
	n := 1
	for _, s := range group {
		if s != main && apart(main, s) {
			n++
		}
	}
	if n > 1 {
		words := map[int]string{2: "two", 3: "three", 4: "four"}
		count := words[n]
		if n > 4 {
			count = fmt.Sprint(n)
		}
		return nil, fmt.Errorf("%s separate shapes: crop the picture to one digit", count)
	}
	return main, nil
}

// merge appends the notes that are new.
func merge(notes, more []string) []string {
	for _, m := range more {
		known := false
		for _, n := range notes {
			known = known || n == m
		}
		if !known {
			notes = append(notes, m)
		}
	}
	return notes
}
