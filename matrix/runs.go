package matrix

import "fmt"

// Runs adds multiples of some runs of a vector to runs of another, a run being n numbers
// that are neighbours in memory. It is the product of a matrix that is nearly all zeros with
// a matrix whose rows may overlap, as the windows of a convolution do. Run j of the results
// begins at To[j], and its terms are those from Start[j] up to Start[j+1]: term i is
// Alpha[i] times the run that begins at From[i].
type Runs struct {
	To    []int
	Start []int // one more than To has
	From  []int
	Alpha []float64
}

// Add adds to the runs of y the multiples of the runs of x, all of n numbers:
//
//	for j, to := range r.To {
//		for i := r.Start[j]; i < r.Start[j+1]; i++ {
//			for k := range n {
//				y[to+k] += r.Alpha[i] * x[r.From[i]+k]
//			}
//		}
//	}
//
// It panics, before it writes anything, if a run is not within x or y or a term not within
// From and Alpha, or if y shares memory with x.
func (r *Runs) Add(y, x []float64, n int) {
	if overlap(y, x) {
		panic("matrix: Runs.Add: x and y share memory")
	}
	r.check(len(y), len(x), n)
	if n == 0 || len(r.To) == 0 || r.Start[0] == r.Start[len(r.To)] {
		return
	}
	kr, w := active.Load(), workers.Get().(*worker)
	w.runs = *r
	for j := 0; j < len(r.To); {
		first := j // as many runs as one call of assembly may take
		for j++; j < len(r.To) && (r.Start[j+1]-r.Start[first]+j-first)*n < callWork; j++ {
		}
		kr.runs(&w.runs, first, j, y, x, n)
	}
	workers.Put(w)
}

// check panics unless all runs of n numbers are within vectors of so many.
func (r *Runs) check(leny, lenx, n int) {
	if n < 0 || len(r.Start) != len(r.To)+1 || r.Start[0] < 0 {
		panic(fmt.Sprintf("matrix: Runs.Add: runs of %d, To of %d and Start of %d elements", n, len(r.To), len(r.Start)))
	}
	outside := 0 // negative if any is: one test for all of them
	for j, to := range r.To {
		outside |= to | (leny - n - to) | (r.Start[j+1] - r.Start[j])
	}
	terms := r.Start[len(r.To)]
	if outside < 0 || terms > min(len(r.From), len(r.Alpha)) {
		panic(fmt.Sprintf("matrix: Runs.Add: runs of %d in y of %d elements, %d terms of %d and %d", n, leny, terms, len(r.From), len(r.Alpha)))
	}
	for _, from := range r.From[r.Start[0]:terms] {
		outside |= from | (lenx - n - from)
	}
	if outside < 0 {
		panic(fmt.Sprintf("matrix: Runs.Add: a run of %d that is not within x of %d elements", n, lenx))
	}
}

// runsGo is kernel.runs in Go.
func runsGo(r *Runs, first, end int, y, x []float64, n int) {
	for j := first; j < end; j++ {
		y := y[r.To[j]:][:n]
		for i := r.Start[j]; i < r.Start[j+1]; i++ {
			alpha, x := r.Alpha[i], x[r.From[i]:][:n]
			for k := range y {
				y[k] += float64(alpha * x[k])
			}
		}
	}
}

// AddRows adds multiples of rows of x, P×K, to the rows of y, F×K. The numbers of alpha and
// the rows that they go with belong to the rows of y in turn: of each stride of them to the
// first row the one at index first, to the next row the one after it:
//
//	for i := 0; i < len(alpha); i += stride {
//		for j := range F {
//			y.Row(j) += alpha[i+first+j] * x.Row(at[i+first+j])
//		}
//	}
//
// So a stride may have more numbers than y has rows, those of a matrix of which y is a part.
// AddRows panics, before it writes anything, if alpha and at have not the same number of
// whole strides, if x has no such row, if x has other columns than y, or if they share memory.
func AddRows(y, x *Matrix, alpha []float64, at []int, first, stride int) {
	x.whole("AddRows")
	y.whole("AddRows")
	y.apart("AddRows", x)
	if x.Cols != y.Cols {
		mismatch("AddRows", y, x)
	}
	if first < 0 || stride < max(1, first+y.Rows) || len(alpha)%stride != 0 || len(at) != len(alpha) {
		panic(fmt.Sprintf("matrix: AddRows: %d numbers and %d rows in strides of %d, from %d on for %d×%d", len(alpha), len(at), stride, first, y.Rows, y.Cols))
	}
	outside := 0 // negative if any is
	for _, row := range at {
		outside |= row | (x.Rows - 1 - row)
	}
	if outside < 0 {
		panic(fmt.Sprintf("matrix: AddRows: a row that %d×%d does not have", x.Rows, x.Cols))
	}
	if len(y.Data) == 0 {
		return
	}
	kr := active.Load()
	for n := rowsAtOnce * stride; len(alpha) > 0; alpha, at = alpha[n:], at[n:] {
		n = min(n, len(alpha))
		kr.rows(y.Data, x.Data, y.Cols, alpha[first:n], at[first:n], stride)
	}
}

// rowsAtOnce is how many multiples are added to a row of y before the next row of y has its
// turn: so few that rows of x that lie near each other stay in the first cache meanwhile.
const rowsAtOnce = 24

// rowsGo is kernel.rows in Go.
func rowsGo(y, x []float64, n int, alpha []float64, at []int, stride int) {
	for j := range len(y) / n {
		y := y[j*n:][:n]
		for i := j; i < len(alpha); i += stride {
			alpha, x := alpha[i], x[at[i]*n:][:n]
			for k := range y {
				y[k] += float64(alpha * x[k])
			}
		}
	}
}
