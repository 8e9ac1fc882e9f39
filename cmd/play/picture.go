package main

import (
	"math"
	"slices"

	"nndl/matrix"
	"nndl/nn/network2"
)

// picture is a matrix as its picture needs it: an element v is the byte 128 + 127·v/limit,
// rounded, so that 128 is 0. limit is the largest |v|, but in [clippedOf].
type picture struct {
	Rows  int     `json:"rows"`
	Cols  int     `json:"cols"`
	Limit float64 `json:"limit"`
	Most  float64 `json:"most"` // the largest |v|
	Bytes []byte  `json:"bytes"`
}

func newPicture(rows, cols int, data []float64) picture {
	most := 0.0
	for _, v := range data {
		most = max(most, math.Abs(v))
	}
	return pictureUpTo(rows, cols, data, most, most)
}

func pictureUpTo(rows, cols int, data []float64, limit, most float64) picture {
	p := picture{rows, cols, limit, most, make([]byte, len(data))}
	for i, v := range data {
		part := 0.0
		if limit > 0 {
			part = min(max(v/limit, -1), 1)
		}
		p.Bytes[i] = byte(128 + math.Round(127*part))
	}
	return p
}

func pictureOf(x *matrix.Matrix) picture { return newPicture(x.Rows, x.Cols, x.Data) }

// maxShown is how many neurons of a layer are shown, the first. More would be too many for
// an eye, and megabytes.
const maxShown = 120

// firstRows returns the rows of x that belong to the neurons shown.
func firstRows(x *matrix.Matrix) *matrix.Matrix {
	rows := min(x.Rows, maxShown)
	return matrix.FromSlice(rows, x.Cols, x.Data[:rows*x.Cols])
}

// clippedOf returns a picture whose limit only one in two hundred elements exceed: those
// have its colour. A few large weights would otherwise make all others pale.
func clippedOf(x *matrix.Matrix) picture {
	sizes := make([]float64, len(x.Data))
	for i, v := range x.Data {
		sizes[i] = math.Abs(v)
	}
	slices.Sort(sizes)
	n := len(sizes)
	return pictureUpTo(x.Rows, x.Cols, x.Data, sizes[n-1-n/200], sizes[n-1])
}

// weights returns pictures of the weights of net. They do not depend on the
// digit, so they are kept until another network is shown.
func (v *visitor) weights(net *network2.Network) []picture {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pictured != net {
		v.pictured, v.pictures = net, nil
		for _, w := range net.Weights {
			v.pictures = append(v.pictures, clippedOf(firstRows(w)))
		}
	}
	return v.pictures
}
