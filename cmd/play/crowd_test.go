package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nndl/cmd/internal/tour"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// ready is the network that is there at the first visit, trained once.
var ready = sync.OnceValues(func() (mnist.Data, *network2.Network) {
	training, test := mnist.Synthetic()
	data := mnist.Data{Training: training, Test: test, Rows: mnist.Side, Cols: mnist.Side}
	return data, trainReady(data, 1)
})

// guest is one visitor of a crowd, with connections of the crowd's.
type guest struct {
	client *http.Client
	url    string
	id     string
	err    error // the first
}

// post asks the server, and reads its answer into answer unless that is nil.
func (g *guest) post(ctx context.Context, name string, request, answer any) {
	if g.err != nil {
		return
	}
	response, err := g.send(ctx, name, request)
	if err != nil {
		g.err = err
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && answer != nil {
		err = json.Unmarshal(body, answer)
	}
	g.err = err
}

func (g *guest) send(ctx context.Context, name string, request any) (*http.Response, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, "POST", g.url+name, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Visitor", g.id)
	response, err := g.client.Do(r)
	if err == nil && response.StatusCode != 200 {
		text, _ := io.ReadAll(response.Body)
		response.Body.Close()
		return nil, fmt.Errorf("%s: %s %s", name, response.Status, text)
	}
	return response, err
}

// visit does what a reader does: gets a digit, watches it go forward and back, changes the
// network by steps of his own, begins a training and leaves in the middle of it.
func (g *guest) visit(s *server, number int) {
	ctx := context.Background()
	var got digit
	g.post(ctx, "/api/digit", digitRequest{number % len(s.data.Test)}, &got)
	if g.err != nil {
		return
	}
	shown := labelled{Pixels: got.Pixels, Label: *got.Label}
	g.post(ctx, "/api/forward", imageRequest{got.Pixels}, nil)
	g.post(ctx, "/api/neuron", neuronRequest{labelled: shown, Layer: 2, Neuron: number % 30}, nil)
	var before, after backwardAnswer
	g.post(ctx, "/api/backward", shown, &before)
	for range 1 + number%4 {
		g.post(ctx, "/api/step", stepRequest{shown, 0.1}, nil)
	}
	g.post(ctx, "/api/backward", shown, &after)
	if g.err == nil {
		g.err = g.own(s, shown, number, before.Cost, after.Cost)
	}
	g.train()
}

// own checks that the visitor's network has taken its own steps, however many others there
// are.
func (g *guest) own(s *server, shown labelled, number int, before, after float64) error {
	_, ready := ready()
	net, e := tour.Clone(ready), nn.NewPixelExample(shown.Pixels, shown.Label, mnist.Classes)
	for range 1 + number%4 {
		net.UpdateMiniBatch([]nn.Example{e}, 0.1, 0, 1)
	}
	if want := net.TotalCost([]nn.Example{e}, 0); !sameCost(after, want) || !sameCost(before, ready.TotalCost([]nn.Example{e}, 0)) {
		return fmt.Errorf("visitor %d: the cost goes from %g to %g, want %g", number, before, after, want)
	}
	return nil
}

func sameCost(got, want float64) bool { return got-want < 1e-9*(1+want) && want-got < 1e-9*(1+want) }

// train begins a training, waits for its first event and leaves.
func (g *guest) train() {
	if g.err != nil {
		return
	}
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	response, err := g.send(ctx, "/api/train/run", map[string]any{"sizes": "784,10", "epochs": 0})
	if err != nil {
		g.err = err
		return
	}
	defer response.Body.Close()
	if line, err := bufio.NewReader(response.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, "event: ") {
		g.err = fmt.Errorf("the first event is %q, %v", line, err)
	}
}

// TestCrowd lets a hundred visitors use the server at once. It must keep their networks
// apart, and afterwards have no goroutine left over and no more memory than their
// networks take.
func TestCrowd(t *testing.T) {
	const guests = 100
	if testing.Short() || again && matrix.Kernel() == "portable" {
		t.Skip("lets a hundred visitors come")
	}
	data, net784 := ready()
	s := newServer(data, net784, 1)
	goroutines, heap, system := resources(0)
	url, end := listening(t, s)
	transport := &http.Transport{MaxIdleConnsPerHost: guests}
	var all [guests]*guest
	var visits sync.WaitGroup
	for i := range all {
		all[i] = &guest{client: &http.Client{Transport: transport}, url: url, id: fmt.Sprintf("%032x", i)}
		visits.Go(func() { all[i].visit(s, i) })
	}
	visits.Wait()
	for _, g := range all {
		if g.err != nil {
			t.Fatal(g.err)
		}
	}
	transport.CloseIdleConnections()
	const serving = 3 // who calls serve, who accepts, who waits for the end
	if left, _, _ := resources(goroutines + serving); left > goroutines+serving {
		t.Errorf("%d goroutines more than before:\n%s", left-goroutines, stacks())
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	left, heapNow, systemNow := resources(goroutines)
	if left > goroutines {
		t.Errorf("at the end %d goroutines more than before:\n%s", left-goroutines, stacks())
	}
	// The training of each keeps the order of its 10,000 digits, 0.6 MB, and room for 256
	// of them as floats, 1.6 MB.
	if grown := int64(heapNow-heap) >> 20; grown > 3*guests {
		t.Errorf("the visitors keep %d MB", grown)
	}
	if grown := int64(systemNow-system) >> 20; grown > 1024 {
		t.Errorf("meanwhile the program took %d MB", grown)
	}
	t.Logf("%d MB of the heap are kept, %d MB were taken", int64(heapNow-heap)>>20, int64(systemNow-system)>>20)
	runtime.KeepAlive(s)
}

// resources returns how many goroutines there are, at the latest after ten seconds in which
// they were more than wanted, and the memory in use, and taken from the system.
func resources(wanted int) (goroutines int, heap, system uint64) {
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > wanted && wanted > 0 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), m.HeapAlloc, m.Sys
}

func stacks() string {
	text := make([]byte, 1<<20)
	return string(text[:runtime.Stack(text, true)])
}

// listening serves s as play does; end ends it as Ctrl-C does.
func listening(t *testing.T, s *server) (url string, end func() error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, s, listener, io.Discard) }()
	return "http://" + listener.Addr().String(), func() error { cancel(); return <-ended }
}

// TestManyVisitors checks that the server forgets those who have been idle the longest.
func TestManyVisitors(t *testing.T) {
	s := newTestServer(5)
	for i := range 3 * maxVisitors {
		v := s.visitors.get(fmt.Sprintf("%032x", i))
		v.show(v.base)
		if i > 0 && s.visitors.get(fmt.Sprintf("%032x", 0)) == nil {
			t.Fatal("a visitor who comes again is forgotten")
		}
	}
	if n := len(s.visitors.byID); n != maxVisitors {
		t.Errorf("%d visitors are remembered, want %d", n, maxVisitors)
	}
	ids := slices.Sorted(maps.Keys(s.visitors.byID))
	if ids[0] != fmt.Sprintf("%032x", 0) || ids[1] != fmt.Sprintf("%032x", 2*maxVisitors+1) {
		t.Errorf("others are remembered than those seen last: %s, %s, …", ids[0], ids[1])
	}
}

// TestUndoOfLargeNetworks checks that the steps that can be undone are the fewer the larger
// the network is, and that they are the last ones.
func TestUndoOfLargeNetworks(t *testing.T) {
	for hidden, want := range map[int]int{5: maxUndo, 100: 6, 1000: 1} {
		net := network2.New([]int{784, hidden, 10}, network2.QuadraticCost{}, rand.New(rand.NewPCG(1, 0)))
		v := &visitor{net: net}
		var shown []*network2.Network
		for range maxUndo + 5 {
			shown = append(shown, v.network())
			v.step(v.network(), tour.Clone(net))
		}
		for n := 1; n <= want; n++ {
			if left := v.undoStep(); left != want-n || v.network() != shown[len(shown)-n] {
				t.Errorf("[784,%d,10]: after undo %d there are %d left, want %d", hidden, n, left, want-n)
			}
		}
	}
}
