package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	cmdtrain "nndl/cmd/internal/run"
	"nndl/matrix"
	"nndl/mnist"
	"nndl/nn"
	"nndl/nn/network2"
)

// trainDigits are few enough that an epoch is over at once.
var trainDigits = func() mnist.Data {
	all := mnist.Digits(700, 6)
	return mnist.Data{Training: all[:500], Test: all[500:], Rows: mnist.Side, Cols: mnist.Side}
}()

// trainServer serves trainDigits to a page.
func trainServer(t testing.TB) (*server, *trainPage) {
	ready := network2.New([]int{784, 5, 10}, network2.CrossEntropyCost{}, rand.New(rand.NewPCG(9, 0)))
	s := newServer(trainDigits, ready, 1)
	web := httptest.NewServer(s.handler())
	t.Cleanup(web.Close)
	return s, &trainPage{t, web, strings.Repeat("0a", 16)}
}

// A trainPage sends what the page of a visitor does.
type trainPage struct {
	t       testing.TB
	web     *httptest.Server
	visitor string
}

// request returns the request of the page with the settings in body.
func (p *trainPage) request(ctx context.Context, name, body string) *http.Request {
	r, err := http.NewRequestWithContext(ctx, "POST", p.web.URL+"/api/train/"+name, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Visitor", p.visitor)
	return r
}

// post returns the state that the server answers with.
func (p *trainPage) post(name, body string) *trainState {
	p.t.Helper()
	status, text := p.try(name, body)
	if status != http.StatusOK {
		p.t.Fatalf("%s %s: status %d: %s", name, body, status, text)
	}
	return p.state(text)
}

func (p *trainPage) try(name, body string) (status int, text string) {
	p.t.Helper()
	answer, err := p.web.Client().Do(p.request(context.Background(), name, body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}

func (p *trainPage) state(text string) *trainState {
	p.t.Helper()
	state := new(trainState)
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(state); err != nil {
		p.t.Fatalf("%s: %v", text, err)
	}
	return state
}

// stream starts a run and calls f with each event, until there are no more or f returns
// false: then the page is gone.
func (p *trainPage) stream(body string, f func(name string, state *trainState) bool) {
	p.t.Helper()
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	answer, err := p.web.Client().Do(p.request(ctx, "run", body))
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || kind != "text/event-stream" {
		b, _ := io.ReadAll(answer.Body)
		p.t.Fatalf("run %s: status %d, %s: %s", body, answer.StatusCode, kind, b)
	}
	name := ""
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if event, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = event
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && !f(name, p.state(data)) {
			return
		}
	}
}

// finish starts a run and returns the scores and the last event.
func (p *trainPage) finish(body string) (scores []trainScore, last *trainState) {
	p.t.Helper()
	ended := false
	p.stream(body, func(name string, state *trainState) bool {
		if ended || state.From != len(scores) {
			p.t.Fatalf("%s: an event %s from epoch %d after %d scores; ended: %v", body, name, state.From, len(scores), ended)
		}
		scores, last, ended = append(scores, state.Scores...), state, name == "end"
		return true
	})
	if !ended {
		p.t.Fatalf("%s: the stream has no end", body)
	}
	return scores, last
}

// trained returns what cmd/train makes of the line on the same digits: the file of the
// network, and the scores.
func trained(t testing.TB, line string, epochs int) (model string, scores []cmdtrain.Score) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "net.json")
	line = fmt.Sprintf("%s -epochs %d -save %s", line, epochs, file)
	result, err := cmdtrain.Line(context.Background(), line, trainDigits, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	net, err := network2.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return saved(t, net), result.Scores
}

// saved returns the file of a network.
func saved(t testing.TB, net *network2.Network) string {
	t.Helper()
	names := map[network2.Cost]string{network2.QuadraticCost{}: nn.QuadraticCost, network2.CrossEntropyCost{}: nn.CrossEntropyCost}
	var b bytes.Buffer
	if err := (&nn.Network{Sizes: net.Sizes, Biases: net.Biases, Weights: net.Weights}).Encode(&b, names[net.Cost]); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (p *trainPage) network(s *server) *network2.Network { return s.visitors.get(p.visitor).network() }

// TestTrainAsCmdTrain checks that the page's settings make cmd/train's run, in one go and in
// pieces: the line that is shown, the scores and the bytes of the network.
func TestTrainAsCmdTrain(t *testing.T) {
	s, p := trainServer(t)
	for _, c := range []struct{ body, line string }{
		{`"sizes":"784,8,10","seed":"18446744073709551615"`, "-seed 18446744073709551615 -sizes 784,8,10"},
		{`"sizes":"784,6,5,10","cost":"cross-entropy","eta":"0.5","lambda":"0.25","init":"default","batch":"7","train":"130","monitor":true`,
			"-batch 7 -cost cross-entropy -eta 0.5 -init default -lambda 0.25 -monitor -sizes 784,6,5,10 -train 130"},
	} {
		want, wantScores := trained(t, c.line, 3)
		first, _ := trained(t, c.line, 0)
		scores, end := p.finish(`{` + c.body + `,"epochs":3}`)
		if saved(t, p.network(s)) != want || len(scores) != 3 || end.Epochs != 3 || end.Done != 0 || end.Line != c.line {
			t.Errorf("%s: another network, or %d scores, %q", c.line, len(scores), end.Line)
		}
		for i, w := range wantScores {
			got := scores[i]
			if got.Correct != w.Test || got.Of != 200 || got.Percent != 100*float64(w.Test)/200 || !(got.Seconds > 0) {
				t.Errorf("%s: epoch %d is %+v, want %+v", c.line, i, got, w)
			}
			if m := got.Monitor; (m != nil) != strings.Contains(c.line, "monitor") || m != nil &&
				(float64(m.Cost) != float64(w.Cost) || float64(m.TrainingCost) != float64(w.TrainingCost) || m.Percent != 100*float64(w.Training)/float64(end.Of)) {
				t.Errorf("%s: epoch %d: monitored %+v, want %+v", c.line, i, m, w)
			}
		}
		if p.post("reset", `{`+c.body+`}`); saved(t, p.network(s)) != first {
			t.Errorf("%s: reset is not the beginning", c.line)
		}
		step := p.post("minibatch", `{`+c.body+`}`)
		if p.finish(`{` + c.body + `,"epochs":1}`); step.Done != step.Step.Size {
			t.Errorf("%s: a step over %d examples, %d done", c.line, step.Step.Size, step.Done)
		}
		for state := step; state.Epochs < 3; {
			state = p.post("minibatch", `{`+c.body+`}`)
		}
		if saved(t, p.network(s)) != want {
			t.Errorf("%s: in pieces the run is another", c.line)
		}
	}
}

// TestTrainMiniBatch compares the cost of one step, and its network, with network2's own.
func TestTrainMiniBatch(t *testing.T) {
	s, p := trainServer(t)
	const body = `{"sizes":"784,8,10","cost":"cross-entropy","eta":"0.5","lambda":"2","batch":"5000"}`
	p.post("reset", body)
	net := clone(p.network(s))
	before := net.TotalCost(trainDigits.Training, 2)
	net.UpdateMiniBatch(trainDigits.Training, 0.5, 2, 500)
	after := net.TotalCost(trainDigits.Training, 2)
	state := p.post("minibatch", strings.Replace(body, "{", `{"from":99,`, 1))
	if got := state.Step; got.Size != 500 || !closeTo(float64(got.Before), before) || !closeTo(float64(got.After), after) || state.Epochs != 1 || state.From != 1 {
		t.Errorf("%+v, want 500, %g, %g; %d epochs", got, before, after, state.Epochs)
	}
	for i, w := range p.network(s).Weights {
		for j, v := range w.Data {
			if !(math.Abs(v-net.Weights[i].Data[j]) < 1e-12) {
				t.Fatalf("layer %d: weight %g, want %g", i+2, v, net.Weights[i].Data[j])
			}
		}
	}
}

func closeTo(got, want float64) bool { return math.Abs(got-want) <= 1e-12*math.Abs(want) }

// TestTrainPause pauses a run in an epoch that would take minutes, in another request; the
// stream ends in order, and the run goes on from there.
func TestTrainPause(t *testing.T) {
	s, p := trainServer(t)
	s.data.Training = make([]nn.Example, 0, 200_000)
	for len(s.data.Training) < 200_000 {
		s.data.Training = append(s.data.Training, trainDigits.Training...)
	}
	const body = `{"sizes":"784,500,10","batch":"10","eta":"0.1"}`
	var paused, end *trainState
	events, name := 0, ""
	var shown *network2.Network
	p.stream(body, func(event string, state *trainState) bool {
		if events++; events == 3 {
			if shown = p.network(s); !(state.Cost > 0) || state.Done == 0 || state.Done%10 != 0 || state.Of != 200_000 {
				t.Errorf("under way: %+v", state)
			}
			paused = p.post("pause", "{}")
		}
		name, end = event, state
		return true
	})
	if name != "end" || end.Done == 0 || end.Done != paused.Done || paused.Epochs != 0 || shown == p.network(s) {
		t.Errorf("event %s, %+v; paused %+v", name, end, paused)
	}
	if next := p.post("minibatch", body); next.Done != end.Done+10 {
		t.Errorf("it goes on at %d, want %d", next.Done, end.Done+10)
	}
	// Other settings are another run.
	if next := p.post("minibatch", `{"sizes":"784,500,10","batch":"10","eta":"0.2"}`); next.Done != 10 {
		t.Errorf("with another η it goes on at %d", next.Done)
	}
}

// TestTrainSlowReader reads the events slower than they come: no score is missing.
func TestTrainSlowReader(t *testing.T) {
	if again && matrix.Kernel() == "portable" {
		t.Skip("trains, which takes long without vectors and with the race detector")
	}
	_, p := trainServer(t)
	next := 0
	p.stream(`{"sizes":"784,5,10","epochs":300}`, func(_ string, state *trainState) bool {
		time.Sleep(100 * time.Millisecond)
		if state.From != next {
			t.Fatalf("scores from epoch %d, want from %d", state.From, next)
		}
		next += len(state.Scores)
		return true
	})
	if next != 300 {
		t.Errorf("%d scores, want 300", next)
	}
}

// TestTrainDefaults checks that the form begins with the defaults of cmd/train.
func TestTrainDefaults(t *testing.T) {
	_, text, _ := strings.Cut(read(t, "static/train.js"), "const defaults = {")
	text, _, _ = strings.Cut(text, "}")
	var args []string
	for _, m := range regexp.MustCompile(`(\w+): "([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if m[2] != "" {
			args = append(args, "-"+m[1], m[2])
		}
	}
	s, err := cmdtrain.Parse(args, "", io.Discard)
	if err != nil || s.Line() != "" || len(args) != 14 {
		t.Errorf("the form begins with %s: %v, other than the defaults: %s", args, err, s.Line())
	}
}

// TestTrainLeave checks that a training ends when its page does: when the stream is cut, when
// a stream is not read, when another begins, and when the visitor is forgotten.
func TestTrainLeave(t *testing.T) {
	s, p := trainServer(t)
	p.post("pause", "{}") // what the first request starts stays
	before := runtime.NumGoroutine()
	const forever = `{"sizes":"784,20,10"}`
	p.stream(forever, func(name string, state *trainState) bool { return state.Epochs == 0 })
	rests(t, s.visitors.get(p.visitor))
	cut := p.post("pause", "{}")
	if now := p.post("pause", "{}"); now.Epochs != cut.Epochs || now.Done != cut.Done || cut.Epochs == 0 {
		t.Errorf("cut: from %+v to %+v", cut, now)
	}
	events := 0
	p.stream(forever, func(name string, _ *trainState) bool {
		if events++; events == 1 {
			if p.finish(`{"sizes":"784,20,10","epochs":1}`); name == "end" {
				t.Error("it has ended already")
			}
		}
		return true
	})
	p.stream(forever, func(name string, _ *trainState) bool {
		for i := range maxVisitors {
			s.visitors.get(fmt.Sprintf("%032x", i))
		}
		return true
	})
	p.web.CloseClientConnections()
	for start := time.Now(); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			b := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, were %d:\n%s", runtime.NumGoroutine(), before, b[:runtime.Stack(b, true)])
		}
	}
}

// rests waits until the visitor's training rests, as it must soon when its page is gone.
func rests(t *testing.T, v *visitor) {
	t.Helper()
	for start := time.Now(); !v.training.mu.TryLock(); time.Sleep(time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			t.Fatal("the page is gone, and the training goes on")
		}
	}
	v.training.mu.Unlock()
}

// stuck is a connection on which nothing can be written any more: its other end does not read.
type stuck struct {
	*httptest.ResponseRecorder
	writes int
}

func (s *stuck) Write(b []byte) (int, error) {
	if s.writes++; s.writes > 2 {
		return 0, &net.OpError{Op: "write", Err: context.DeadlineExceeded}
	}
	return len(b), nil
}

// TestTrainNotRead checks that a training ends when an event cannot be sent.
func TestTrainNotRead(t *testing.T) {
	s, p := trainServer(t)
	w := &stuck{ResponseRecorder: httptest.NewRecorder()}
	r := p.request(context.Background(), "run", `{"sizes":"784,20,10"}`)
	s.handler().ServeHTTP(w, r)
	if state := p.post("pause", "{}"); w.writes != 3 || state.Epochs == maxEpochs {
		t.Errorf("%d events, want 3, and then %d epochs", w.writes, state.Epochs)
	}
}

// TestTrainRefuses checks the line for what is wrong with a request; afterwards the
// visitor's network and run are those from before.
func TestTrainRefuses(t *testing.T) {
	s, p := trainServer(t)
	p.finish(`{"sizes":"784,5,10","epochs":1}`)
	net := p.network(s)
	for body, want := range map[string]string{
		`{"eta":"0"}`:                              "-eta 0: want a number above 0",
		`{"eta":"NaN"}`:                            "-eta NaN",
		`{"eta":"x"}`:                              `invalid value "x" for flag -eta`,
		`{"eta":3}`:                                "cannot unmarshal number",
		`{"eta":"3 -save=x"}`:                      "invalid value",
		`{"batch":"0"}`:                            "-batch 0: want 1 or more",
		`{"batch":"10001"}`:                        "-batch 10001: on this page at most 10000",
		`{"lambda":"-1"}`:                          "-lambda -1",
		`{"cost":"log"}`:                           "want quadratic or cross-entropy",
		`{"init":"small"}`:                         "want large or default",
		`{"seed":"-1"}`:                            "-seed",
		`{"train":"501"}`:                          "-train 501: there are only 500",
		`{"sizes":"784"}`:                          "two layers",
		`{"sizes":"784,30,9"}`:                     "9 outputs",
		`{"sizes":"783,30,10"}`:                    "783 inputs",
		`{"sizes":"784,1000,1000,10"}`:             "1796010 weights and biases; on this page at most 1000000",
		`{"sizes":"784,4000000000,4000000000,10"}`: "weights and biases",
		`{"sizes":"784,1001,10"}`:                  "a layer of 1001 neurons",
		`{"sizes":"784,` + strings.Repeat("1,", 200) + `10"}`:    "202 layers",
		`{"sizes":"784,` + strings.Repeat("1,", 200000) + `10"}`: "65536 bytes",
		`{"epochs":-1}`:       "-1 epochs",
		`{"epochs":10001}`:    "10001 epochs",
		`{"epochs":1.5}`:      "cannot unmarshal",
		`{"from":-1}`:         "from epoch -1",
		`{"save":"net.json"}`: "unknown field",
		`{"load":"net.json"}`: "unknown field",
		``:                    "EOF",
		`{} {}`:               "more than one",
		`[]`:                  "cannot unmarshal",
	} {
		for _, name := range []string{"run", "reset", "minibatch"} {
			status, text := p.try(name, body)
			wanted := http.StatusBadRequest
			if strings.Contains(want, "bytes") {
				wanted = http.StatusRequestEntityTooLarge
			}
			if status != wanted || !strings.Contains(text, want) || strings.Count(text, "\n") != 1 {
				t.Errorf("%s %.60s: status %d, %q, want %d, %q", name, body, status, text, wanted, want)
			}
		}
	}
	if now := p.post("pause", "{}"); now.Epochs != 1 || p.network(s) != net {
		t.Errorf("afterwards: %+v", now)
	}
}

// TestTrainTrouble checks that the page is told what cmd/train says on its standard error,
// and that a network that overflows ends the training and is not shown.
func TestTrainTrouble(t *testing.T) {
	s, p := trainServer(t)
	const line = "-sizes 784,10,10 -eta 100 -epochs 4"
	var stderr bytes.Buffer
	if _, err := cmdtrain.Line(context.Background(), line, trainDigits, io.Discard, &stderr); err != nil {
		t.Fatal(err)
	}
	scores, end := p.finish(`{"sizes":"784,10,10","eta":"100","epochs":4}`)
	if x := end.Trouble; len(scores) != 4 || x.Kind == "" || !strings.Contains(stderr.String(), cmdtrain.Trouble{Kind: x.Kind, Layer: x.Layer, Slope: float64(x.Slope), Cost: float64(x.Cost)}.String()) {
		t.Errorf("after %d epochs %+v, cmd/train says %q", len(scores), end.Trouble, &stderr)
	}
	const overflow = `{"sizes":"784,10","eta":"1e300","lambda":"1e300"}`
	p.post("reset", overflow)
	first := saved(t, p.network(s))
	if _, end := p.finish(overflow); end.Trouble.Kind != "overflow" || saved(t, p.network(s)) != first {
		t.Errorf("overflow: %+v", end)
	}
	if end := p.post("minibatch", overflow); end.Trouble.Kind != "overflow" || end.Step != nil {
		t.Errorf("overflow: one more step: %+v", end)
	}
}

// TestTrainRoom checks that runs at rest make room for others when they take too much
// memory, the one used least recently first, and that those at work do not.
func TestTrainRoom(t *testing.T) {
	ts := trainings{turns: newTurns()}
	var all [5]training
	for i := range all {
		all[i] = training{numbers: maxNumbers / 4, steps: new(cmdtrain.Steps)}
	}
	all[1].mu.Lock()
	for i := range all[:4] {
		if err := ts.use(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	ts.use(&all[0])
	if err := ts.use(&all[4]); err != nil || !all[2].gone || all[2].steps != nil || all[0].gone || all[1].gone || all[3].gone || all[4].gone {
		t.Errorf("%v; gone: %v %v %v %v %v", err, all[0].gone, all[1].gone, all[2].gone, all[3].gone, all[4].gone)
	}
	for _, i := range []int{0, 3, 4} {
		all[i].mu.Lock()
	}
	if !all[2].mu.TryLock() {
		t.Error("a run that was given up stays locked")
	}
	all[2].steps, all[2].gone = new(cmdtrain.Steps), false
	if err := ts.use(&all[2]); err == nil || !all[2].gone || len(ts.open) != 4 {
		t.Errorf("a fifth beside four that are at work: %v", err)
	}
	all[3].left.Store(true)
	if err := ts.use(&all[4]); err != nil || len(ts.open) != 3 || slices.Contains(ts.open, &all[3]) {
		t.Errorf("a visitor has left, and his run still takes room: %v, %d runs", err, len(ts.open))
	}
	s, p := trainServer(t)
	p.post("reset", "{}")
	v := s.visitors.get(p.visitor)
	v.training.steps, v.training.gone = nil, true
	if status, text := p.try("minibatch", "{}"); status != 400 || !strings.Contains(text, "room") {
		t.Errorf("a run that is gone: status %d, %s", status, text)
	}
	if state := p.post("reset", "{}"); state.Of != 500 {
		t.Errorf("a run that is gone and reset: %+v", state)
	}
}

// TestTrainTurns checks that a run waits for its turn, says so, and can be paused meanwhile.
func TestTrainTurns(t *testing.T) {
	s, p := trainServer(t)
	for range cap(s.trainings.turns) {
		s.trainings.turns <- struct{}{}
	}
	waits := 0
	p.stream(`{"sizes":"784,5,10","epochs":2}`, func(name string, state *trainState) bool {
		if name == "wait" {
			waits++
			if waits == 1 {
				s.trainings.turns.give()
			}
		}
		return true
	})
	if state := p.post("pause", "{}"); waits != 1 || state.Epochs != 2 {
		t.Errorf("%d waits, %+v", waits, state)
	}
	s.trainings.turns <- struct{}{}
	p.stream(`{"sizes":"784,5,10"}`, func(name string, state *trainState) bool {
		if name == "wait" {
			p.post("pause", "{}")
		}
		return true
	})
	if state := p.post("pause", "{}"); state.Epochs != 2 {
		t.Errorf("paused while it waited: %+v", state)
	}
}

// FuzzTrain sends any body: it is 200 or 400 with one line, and a network of bounded size.
func FuzzTrain(f *testing.F) {
	for _, body := range []string{`{}`, `{"sizes":"784,5,10","eta":"1e308","batch":"500"}`, `{"lambda":"1e300","eta":"1e300"}`,
		`{"sizes":"784,10","cost":"cross-entropy","init":"default","monitor":true,"train":"3"}`, `{"seed":"99999999999999999999"}`, `[`, `{"sizes":"784,999,10"}`} {
		f.Add(body)
	}
	s, p := trainServer(f)
	s.data.Training, s.data.Test = s.data.Training[:20], s.data.Test[:5]
	handler := s.handler()
	f.Fuzz(func(t *testing.T, body string) {
		for _, name := range []string{"reset", "minibatch"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, p.request(context.Background(), name, body))
			text := w.Body.String()
			switch w.Code {
			case http.StatusOK:
				var state trainState
				if err := json.Unmarshal([]byte(text), &state); err != nil || state.Of < 1 || state.Of > 20 || cli.Parameters(p.network(s).Sizes) > maxWeights {
					t.Errorf("%q: %s: %v", body, text, err)
				}
			case http.StatusBadRequest, http.StatusRequestEntityTooLarge:
				if strings.Count(text, "\n") != 1 {
					t.Errorf("%q: %q", body, text)
				}
			default:
				t.Errorf("%q: status %d, %s", body, w.Code, text)
			}
		}
	})
}

// BenchmarkTrainEpoch trains [784,30,10] by cmd/train's loop and on the page, in turn, and
// reports the medians of the seconds of an epoch as both count them; of those of the whole
// run, with evaluation and events, for each epoch; and their ratios. The digits are those
// that cmd/train would find.
func BenchmarkTrainEpoch(b *testing.B) {
	data, err := digits.Open("")
	if err != nil {
		b.Fatal(err)
	}
	s, p := trainServer(b)
	s.data = data
	const epochs = 5
	line := regexp.MustCompile(`%  (\d+\.\d+)s`)
	var epoch, whole [2][]float64 // of cmd/train and of the page
	run := func() {
		var out bytes.Buffer
		start := time.Now()
		if _, err := cmdtrain.Line(context.Background(), fmt.Sprintf("-epochs %d", epochs), data, &out, io.Discard); err != nil {
			b.Fatal(err)
		}
		whole[0] = append(whole[0], time.Since(start).Seconds()/epochs)
		for _, m := range line.FindAllStringSubmatch(out.String(), -1) {
			seconds, _ := strconv.ParseFloat(m[1], 64)
			epoch[0] = append(epoch[0], seconds)
		}
		p.post("reset", "{}")
		start = time.Now()
		scores, _ := p.finish(fmt.Sprintf(`{"epochs":%d}`, epochs))
		whole[1] = append(whole[1], time.Since(start).Seconds()/epochs)
		for _, score := range scores {
			epoch[1] = append(epoch[1], score.Seconds)
		}
	}
	for b.Loop() {
		run()
	}
	median := func(x []float64) float64 { slices.Sort(x); return x[len(x)/2] }
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(epoch[0]), "train-s/epoch")
	b.ReportMetric(median(epoch[1]), "page-s/epoch")
	b.ReportMetric(median(epoch[1])/median(epoch[0]), "page/train")
	b.ReportMetric(median(whole[0]), "train-s/whole")
	b.ReportMetric(median(whole[1]), "page-s/whole")
	b.ReportMetric(median(whole[1])/median(whole[0]), "page/train-whole")
}
