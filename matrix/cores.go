package matrix

// This file shares a product among cores.

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// coreWork is how many multiplications make one more core worthwhile: more than products
// in a row need (TestCalibrateCores measures those), because the first one after a pause
// finds the other core asleep. It is a variable for the tests.
var coreWork = 1 << 20

// processors is how many cores there are. It is a variable for the tests.
var processors = runtime.NumCPU()

// cores returns how many cores to share the product among: at most as many as GOMAXPROCS
// allows, and as there are.
func (g *job) cores() int {
	most := float64(g.m) * float64(g.n) * float64(g.k) / float64(coreWork)
	return min(runtime.GOMAXPROCS(0), processors, int(min(most, 1<<20)))
}

// share runs the product on several cores. They share its rows, or its columns if
// there are more of them, in whole tiles. They never share the sum over k: its order
// would then depend on the number of cores.
func (g job) share(cores int) {
	var left atomic.Int32 // of the others' shares
	left.Store(int32(cores - 1))
	var wg sync.WaitGroup
	wg.Add(cores - 1)
	byRows := g.m >= g.n // every core packs the operand that is not divided
	for i := range cores {
		part := g
		if byRows {
			part.i0, part.i1 = portion(g.m, g.mr, i, cores), portion(g.m, g.mr, i+1, cores)
		} else {
			part.j0, part.j1 = portion(g.n, g.nr, i, cores), portion(g.n, g.nr, i+1, cores)
		}
		if i == cores-1 {
			part.run()
			break
		}
		elsewhere(func() {
			part.run()
			left.Add(-1)
			wg.Done()
		})
	}
	for start := time.Now(); left.Load() > 0 && time.Since(start) < lookout; {
		runtime.Gosched() // a share may be waiting for this very core
	}
	wg.Wait()
}

// portion returns where the i-th of parts parts of n begins, a multiple of tile.
func portion(n, tile, i, parts int) int {
	tiles := (n + tile - 1) / tile
	return min(n, tiles*i/parts*tile)
}

// lookout is how long a core that has done its share looks out for a share of the next
// product, or for the end of this one, before it sleeps. Waking it would take as long as a
// small product. lookout is longer than the pause between two products of a mini-batch,
// and it is the most that is lost if no product follows.
const lookout = 200 * time.Microsecond

var (
	idle   atomic.Int32             // how many helpers look out and have not been promised a share
	shares = make(chan func(), 256) // the shares that have been promised
)

// elsewhere runs f on another core, in a helper that looks out or in a new one.
func elsewhere(f func()) {
	if engage() {
		shares <- f
	} else {
		go help(f)
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

// help runs f, and then further shares from elsewhere until it has to wait too long.
func help(f func()) {
	for f != nil {
		f()
		idle.Add(1)
		f = lookOut()
	}
}

// lookOut returns the next share for an idle helper, or nil after a time without one.
func lookOut() func() {
	for start := time.Now(); time.Since(start) < lookout; runtime.Gosched() {
		for range 100 {
			select {
			case f := <-shares:
				return f
			default:
			}
		}
	}
	if engage() { // this helper itself, which is no longer idle
		return nil
	}
	return <-shares // it has been promised a share just now
}
