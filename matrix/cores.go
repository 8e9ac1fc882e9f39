package matrix

// This file shares a product among cores, and whatever else a caller of Share wants done.
//
// A product is cut into a grid of shares, in whole tiles. The goroutine that called Mul
// claims them one after the other from a counter, and so do helpers on other cores. If a
// core does not come, because other goroutines keep it busy, its share is still there to be
// claimed: the caller never waits for it, only for shares that are being computed. The sum
// over k is never cut: its order would depend on how many cores there are.

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// coreWork is how many multiplications make one more core worthwhile if it is awake, and
// wakeWork if it sleeps: waking it takes as long as a small product itself.
// TestCalibrateCores measures both. They are variables for the tests.
var (
	coreWork = 1 << 20
	wakeWork = 1 << 25
)

// processors is how many cores there are. It is a variable for the tests.
var processors = runtime.NumCPU()

// busy counts the cores that multiply large products at this moment.
var busy atomic.Int32

// mostCores returns the most cores that the product is worth, whether they are free or not.
func (g *job) mostCores() int {
	work := float64(g.m) * float64(g.n) * float64(g.k)
	if work < 2*float64(coreWork) {
		return 1
	}
	return min(runtime.GOMAXPROCS(0), processors, int(min(work/float64(coreWork), 1<<20)))
}

// share does the product on at most so many cores, as many of them as are free.
func (w *worker) share(most int) {
	busy.Add(1)
	helpers := w.helpers(most)
	busy.Add(int32(helpers))
	defer busy.Add(-1 - int32(helpers))
	if helpers == 0 {
		w.run()
	} else {
		newTask(&w.job, helpers+1).together(helpers)
	}
	ended.Store(time.Now().UnixNano())
}

// Share calls f(0), f(1), …, f(n−1), each once, on as many cores as are free, and returns
// when all have returned. The calls may be made in any order and at the same time. To be
// worth a core each should take some tens of microseconds. Products within f stay on its
// core while the others are busy with f too. If a call of f panics, so does Share, on
// several cores after the other calls. On one core Share allocates nothing.
func Share(n int, f func(i int)) {
	busy.Add(1)
	helpers := max(0, min(n, runtime.GOMAXPROCS(0), processors)-int(busy.Load()))
	busy.Add(int32(helpers))
	defer busy.Add(-1 - int32(helpers))
	if helpers == 0 {
		for i := range n {
			f(i)
		}
	} else {
		t := &task{f: f, rows: n, cols: 1}
		t.left.Store(int32(n))
		t.end.Add(1)
		t.together(helpers)
	}
	ended.Store(time.Now().UnixNano())
}

// together does the task on this core and so many others.
func (t *task) together(helpers int) {
	for range min(helpers, t.shares()-1) {
		elsewhere(t)
	}
	t.work()
	t.wait()
}

// helpers returns how many cores may help this one: as many as are free, but none if they
// sleep and the product is not worth waking them.
func (g *job) helpers(most int) int {
	if !awake() && float64(g.m)*float64(g.n)*float64(g.k) < 2*float64(wakeWork) {
		return 0
	}
	return max(0, most-int(busy.Load()))
}

// A task is a product that is being shared, or what f does.
type task struct {
	job
	f          func(i int)
	rows, cols int            // the grid
	next       atomic.Int32   // the first share that no one has claimed
	left       atomic.Int32   // shares that are not done
	end        sync.WaitGroup // of all shares
	failed     atomic.Value   // what a share has panicked with
}

// newTask cuts the product into at most so many shares, no more than it has tiles, in the
// grid that reads least: a share of r rows and c columns reads (r + c)·k elements.
func newTask(g *job, most int) *task {
	mr, nr := g.tile()
	tall, wide := (g.m+mr-1)/mr, (g.n+nr-1)/nr // in tiles
	t := &task{job: *g, rows: 1, cols: 1}
	for rows := 1; rows <= min(most, tall); rows++ {
		cols := min(most/rows, wide)
		more, fewer := rows*cols > t.shares(), rows*cols < t.shares()
		if more || !fewer && rows*g.n+cols*g.m <= t.rows*g.n+t.cols*g.m {
			t.rows, t.cols = rows, cols
		}
	}
	t.left.Store(int32(t.shares()))
	t.end.Add(1)
	return t
}

// shares returns how many shares there are.
func (t *task) shares() int { return t.rows * t.cols }

// work claims shares and does them until there is none left.
func (t *task) work() {
	for i := t.next.Add(1) - 1; int(i) < t.shares(); i = t.next.Add(1) - 1 {
		t.do(int(i))
	}
}

// do does the i-th share. A panic is kept for the goroutine that waits for all of them.
func (t *task) do(i int) {
	defer func() {
		if v := recover(); v != nil {
			t.failed.CompareAndSwap(nil, failure{v})
		}
		if t.left.Add(-1) == 0 {
			t.end.Done()
		}
	}()
	if t.f != nil {
		t.f(i)
		return
	}
	w := workers.Get().(*worker)
	w.job = t.job
	mr, nr := w.tile()
	w.i0, w.i1 = portion(w.m, mr, i/t.cols, t.rows), portion(w.m, mr, i/t.cols+1, t.rows)
	w.j0, w.j1 = portion(w.n, nr, i%t.cols, t.cols), portion(w.n, nr, i%t.cols+1, t.cols)
	w.run()
	workers.Put(w)
}

// A failure is what a share has panicked with: atomic.Value wants one type.
type failure struct{ value any }

// portion returns where the i-th of so many parts of n begins, a multiple of tile.
func portion(n, tile, i, parts int) int {
	tiles := (n + tile - 1) / tile
	return min(n, tiles*i/parts*tile)
}

// wait returns when all shares are done. It panics if one of them has.
func (t *task) wait() {
	// A share that is being computed ends soon, sooner than a sleep would. Yielding
	// would be worse: other goroutines would keep this core for milliseconds.
	for start := time.Now(); t.left.Load() > 0 && time.Since(start) < lookout; {
	}
	t.end.Wait()
	if f, ok := t.failed.Load().(failure); ok {
		panic(f.value)
	}
}

// lookout is how long a helper looks out for the next product before it goes to sleep:
// longer than the pause between two products of a mini-batch. If no product follows, so
// much time of a core is lost.
const lookout = 200 * time.Microsecond

var (
	idle  atomic.Int32             // how many helpers look out and have been promised no task
	tasks = make(chan *task, 1024) // what they have been promised
	ended atomic.Int64             // when the last large product ended, in Unix nanoseconds
)

// awake reports whether helpers are awake, or large products follow each other so closely
// that waking one pays.
func awake() bool {
	return idle.Load() > 0 || time.Now().UnixNano()-ended.Load() < int64(lookout)
}

// elsewhere lets another core work on t: a helper that looks out, or a new one.
func elsewhere(t *task) {
	if engage() {
		tasks <- t
	} else {
		go help(t)
	}
}

// engage takes one helper from idle, if there is one.
func engage() bool {
	for n := idle.Load(); n > 0; n = idle.Load() {
		if idle.CompareAndSwap(n, n-1) {
			return true
		}
	}
	return false
}

// help works on t, and then on the tasks that elsewhere gives it, until there is none for
// a while.
func help(t *task) {
	for t != nil {
		t.work()
		idle.Add(1)
		t = lookOut()
	}
}

// lookOut returns the next task for an idle helper, or nil after a time without one.
func lookOut() *task {
	for start := time.Now(); time.Since(start) < lookout; runtime.Gosched() {
		for range 100 {
			select {
			case t := <-tasks:
				return t
			default:
			}
		}
	}
	if engage() { // itself: it is idle no more
		return nil
	}
	return <-tasks // one has been promised in this moment
}
