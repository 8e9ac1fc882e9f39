package photo

import (
	"errors"
	"fmt"
	"image"
	"math"
	"slices"

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

// find looks for the digit in a picture of light, on a sheet if there is one.
func find(light *matrix.Matrix) (*drawing, error) {
	if s := sheet(light); s != nil {
		if d, err := approach(s); err == nil {
			d.notes = merge([]string{"what is around the sheet left out"}, d.notes)
			return d, nil
		}
	}
	return approach(light)
}

// approach looks for the digit and, if it is small, goes closer and looks again.
func approach(light *matrix.Matrix) (*drawing, error) {
	part := image.Rect(0, 0, light.Cols, light.Rows)
	var found *drawing
	for range 3 {
		view := resize(cut(light, part), viewSide)
		d, err := look(view, view.Cols/part.Dx())
		if err != nil && found == nil {
			return nil, err
		} else if err != nil {
			break // from further away there was more to see
		}
		if found != nil {
			d.notes = merge(found.notes, d.notes)
		}
		found = d
		// Back to the elements of light, with a margin.
		scale := float64(part.Dx()) / float64(view.Cols)
		at := func(n int) int { return int(math.Round(scale * float64(n))) }
		box := image.Rect(at(d.box.Min.X), at(d.box.Min.Y), at(d.box.Max.X), at(d.box.Max.Y)).Add(part.Min)
		closer := box.Inset(-max(box.Dx(), box.Dy())/2 - 1).Intersect(part)
		if 10*max(closer.Dx(), closer.Dy()) > 7*max(part.Dx(), part.Dy()) {
			break
		}
		part = closer
	}
	return found, nil
}

// look finds the digit in view, dark on light or light on dark. The edges of the ink are
// so many pixels wide.
func look(view *matrix.Matrix, soft int) (*drawing, error) {
	dark, darkErr := pick(view, 0.2, soft)
	inverted := matrix.New(view.Rows, view.Cols)
	for i, v := range view.Data {
		inverted.Data[i] = 1 - v
	}
	light, lightErr := pick(inverted, 0.5, soft)
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

var (
	errBlank   = errors.New("no digit to be seen: the picture is blank")
	errPattern = errors.New("no digit to be seen, only a pattern or noise")
)

// pick finds the digit in view if its ink is darker than the background. It takes away
// what is clutter and looks again, because until then a faint digit beside a black frame
// does not count as ink.
func pick(view *matrix.Matrix, darkest float64, soft int) (candidate, error) {
	d, paper := depth(view, darkest)
	grain := 4 * noise(view) / max(mean(paper), darkest)
	least := max(faintest, grain)
	var c candidate
	var group []*shape
	for range 4 {
		deep := strength(d)
		if deep < least {
			break
		}
		limit := 0.45 * deep
		if eraseLines(d, 0.6*limit) > 0 {
			c.notes = merge(c.notes, []string{"lines removed"})
		}
		kept, clutter, notes := sift(shapes(d, limit), d)
		c.notes = merge(c.notes, notes)
		for _, s := range clutter {
			s.wipe(d)
		}
		if len(kept) > 0 {
			group = kept
			if strength(d) > 0.8*deep {
				break
			}
		}
	}
	for _, s := range group {
		s.outline = s.outlined(view, paper, soft+6)
	}
	group = slices.DeleteFunc(group, func(s *shape) bool { return s.outline < leastOutline })
	if len(group) == 0 {
		return c, errBlank
	}
	main, err := together(group)
	if err != nil {
		return c, err
	}
	if main.holes(view.Cols) > 5 {
		return c, errPattern
	}
	c.draw(d, group, grain)
	c.score = contrast(view, paper, group)
	return c, nil
}

func mean(x *matrix.Matrix) float64 {
	sum := 0.0
	for _, v := range x.Data {
		sum += v
	}
	return sum / float64(len(x.Data))
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
		count, ok := map[int]string{2: "two", 3: "three", 4: "four"}[n]
		if !ok {
			count = fmt.Sprint(n)
		}
		return nil, fmt.Errorf("%s separate shapes: crop the picture to one digit", count)
	}
	return main, nil
}

// merge appends the notes that are new.
func merge(notes, more []string) []string {
	for _, note := range more {
		if !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return notes
}
