package matrix

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Products that are all shared, many at once, get right results, and the helpers go
// when there is nothing more to do.
func TestHelpers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	defer func(work, cores int) { coreWork, processors = work, cores }(coreWork, processors)
	coreWork, processors = 1000, 3
	before := runtime.NumGoroutine()
	rng := rand.New(rand.NewPCG(5, 0))
	x, y := drawn(70, 80, false, rng.NormFloat64), drawn(80, 90, false, rng.NormFloat64)
	want := New(70, 90).Mul(x, y)
	for range 20 {
		var wg sync.WaitGroup
		for range 5 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for range 5 {
					if !New(70, 90).Mul(x, y).Equal(want) {
						t.Error("another result beside other products")
					}
				}
			}()
		}
		wg.Wait()
		time.Sleep(time.Duration(rng.IntN(400)) * time.Microsecond) // about as long as they look out
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before || idle.Load() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, before %d; %d helpers idle", runtime.NumGoroutine(), before, idle.Load())
		}
	}
	if n := len(shares); n != 0 {
		t.Errorf("%d shares that nobody took", n)
	}
}
