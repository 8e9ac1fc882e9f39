package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"nndl/cmd/internal/deep"
	"nndl/mnist"
)

func depthURL(query string) string {
	return "/api/depth?visitor=" + visitorID + "&" + query
}

// TestDepth compares every event with the descent of package deep.
func TestDepth(t *testing.T) {
	if again {
		t.Skip("trains, which takes long without vectors or with the race detector")
	}
	s := newTestServer(2)
	w := httptest.NewRecorder()
	s.handler().ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1"+depthURL("hidden=2&seed=3"), nil))
	events := strings.Split(strings.TrimSuffix(w.Body.String(), "\n\n"), "\n\n")
	if want := deep.Epochs + 2; len(events) != want {
		t.Fatalf("%d events, want %d: %.300s", len(events), want, w.Body)
	}
	if first, want := events[0], `event: setting`+"\n"+`data: {"sizes":[784,30,30,10],"images":40,"epochs":500,"eta":0.1,"lambda":5}`; first != want {
		t.Errorf("the first event is %q, want %q", first, want)
	}
	if last, want := events[len(events)-1], "event: end\ndata: {}"; last != want {
		t.Errorf("the last event is %q, want %q", last, want)
	}
	for epoch, want := range deep.Descent(deep.New(2, 3, deep.Lambda, s.data.Training), s.data.Training, deep.Epochs, deep.Eta) {
		text, ok := strings.CutPrefix(events[1+epoch], "event: speeds\ndata: ")
		var got depthEvent
		if err := json.Unmarshal([]byte(text), &got); err != nil || !ok || got.Epoch != epoch || !slices.Equal(got.Speeds, want) {
			t.Fatalf("epoch %d: %q, want %v", epoch, events[1+epoch], want)
		}
	}
}

// TestDepthRefuses: numbers of layers and seeds that there are none of.
func TestDepthRefuses(t *testing.T) {
	h := newTestServer(2).handler()
	for query, want := range map[string]string{
		"hidden=0&seed=1": "want 1 to 5 hidden layers", "hidden=6&seed=1": "want 1 to 5", "hidden=x&seed=1": "want 1 to 5",
		"seed=1": "want 1 to 5", "hidden=2": "seed: want a number", "hidden=2&seed=-1": "seed: want a number", "hidden=2&seed=NaN": "seed: want",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1"+depthURL(query), nil))
		if got := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(got, want) || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: status %d and %q, want 400 and a line with %q", query, w.Code, got, want)
		}
	}
}

// TestDepthLeaves: a descent ends early when its visitor begins another training, and when the
// page leaves, and also one that waits for its turn.
func TestDepthLeaves(t *testing.T) {
	s := newTestServer(2)
	s.data.Training = mnist.Digits(deep.Images, 1) // some seconds of work
	server := httptest.NewServer(s.handler())
	defer server.Close()
	before := runtime.NumGoroutine()
	var leave []context.CancelFunc
	var streams []chan string
	for i := range cap(descents) + 1 {
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		query := strings.Replace(depthURL("hidden=5&seed=1"), "visitor=0", fmt.Sprint("visitor=", i), 1)
		leave, streams = append(leave, cancel), append(streams, follow(t, ctx, server.URL+query))
		if i < cap(descents) { // the last one waits
			if got := <-streams[i]; got != "event: setting" {
				t.Fatalf("the stream begins with %q", got)
			}
		}
	}
	other, end := s.visitors.get(visitorID).begin(context.Background())
	defer end()
	leave[len(leave)-1]()
	for range streams[len(streams)-1] {
		t.Error("the descent that waited has begun")
	}
	for line := range streams[0] { // until the server ends it
		if line == "event: end" {
			t.Error("the descent went on while its visitor began another training")
		}
	}
	if other.Err() != nil {
		t.Error("the end of a descent has ended the training after it")
	}
	leave[1]()
	for len(descents) > 0 || runtime.NumGoroutine() > before { // or go test's own deadline
		server.Client().CloseIdleConnections()
		http.DefaultClient.CloseIdleConnections()
		time.Sleep(10 * time.Millisecond)
	}
}

// follow reads a stream line by line in the background, until it ends or ctx is done.
func follow(t *testing.T, ctx context.Context, url string) chan string {
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 10_000)
	go func() {
		defer close(all)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return // it was waiting
		}
		defer answer.Body.Close()
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			all <- lines.Text()
		}
	}()
	return all
}

// FuzzDepth reads queries: a number of layers that is taken is from 1 to 5.
func FuzzDepth(f *testing.F) {
	f.Add("hidden=3&seed=1")
	f.Add("hidden=6&seed=-1")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		if hidden, _, err := readDepth(values); err == nil && (hidden < 1 || hidden > maxHidden) {
			t.Errorf("%q gives %d layers", query, hidden)
		} else if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%q gives more than a line", query)
		}
	})
}
