package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"syscall"
	"time"

	"nndl/cmd/internal/cli"
	"nndl/cmd/internal/digits"
	"nndl/mnist"
)

const help = `play: a page on which you draw a digit, watch it go forward through a network, and the error come back

  play                         trains a network, in a second, and opens the page in the browser
  play -load net.json          shows the network of this file, from train -save
  play -addr 127.0.0.1:9000    another port
  play -open=false             only prints the address

The digits are those of $NNDL_MNIST or data/mnist, as for train; where there are none, synthetic ones.
Ctrl-C ends it.

`

// options are the flags.
type options struct {
	addr, load, conv, data string
	open                   bool
	seed                   uint64
}

func main() { cli.Main("play", run) }

func run(args []string, stdout, stderr io.Writer) error {
	return play(cli.Interrupted(), args, stdout, stderr)
}

// play serves the page until ctx is done.
func play(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil {
		return err
	}
	listener, err := listen(o.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	data, err := digits.Open(o.data)
	if err != nil {
		return err
	}
	if data.Rows != mnist.Side || data.Cols != mnist.Side {
		return fmt.Errorf("%s: its images are %d×%d, and the page shows 28×28", data.Dir, data.Rows, data.Cols)
	}
	var conv *readyNet // nil: it will be trained
	if o.conv != "" {
		if conv, err = loadConvolution(o.conv); err != nil {
			return err
		}
	}
	ready, origin, err := prepare(o, data)
	if err != nil {
		return err
	}
	s := newServer(data, ready, o.seed)
	s.name, _, _ = net.SplitHostPort(o.addr)
	s.loaded = o.load != ""
	s.convolution.ready.Store(conv)
	announce(stdout, listener, origin)
	if o.open {
		openBrowser(address(listener))
	}
	return serve(ctx, s, listener, stderr)
}

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := flag.NewFlagSet("play", flag.ContinueOnError)
	fs.StringVar(&o.addr, "addr", "127.0.0.1:8080", "listen on this `address`; port 0 is any free one")
	fs.StringVar(&o.load, "load", "", "show the network in this `file`, which train -save or the book's network2.py wrote")
	fs.StringVar(&o.conv, "conv", "", "show the feature maps of the network in this `file`, which book run -save wrote (default: one that is trained at the first visit)")
	fs.StringVar(&o.data, "data", "", "take the digits from this `folder` (default: $NNDL_MNIST, then data/mnist, then the synthetic digits)")
	fs.BoolVar(&o.open, "open", true, "open the page in the browser")
	fs.Uint64Var(&o.seed, "seed", 1, "seed of the network that is trained at the start")
	if err := cli.Parse(fs, args, stdout, help); err != nil {
		return o, err
	}
	if _, _, err := net.SplitHostPort(o.addr); err != nil {
		return o, cli.Usagef("-addr %s: want an address and a port, as in 127.0.0.1:8080", o.addr)
	}
	return o, nil
}

// listen opens the address. A port that is taken is the usual mistake, so its error says
// what to do.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use, perhaps by another play: end that one, or add -addr 127.0.0.1:0 for a free port", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("-addr %s: %w", addr, err)
	}
	return listener, nil
}

// address returns the URL of the page.
func address(listener net.Listener) string {
	at := listener.Addr().(*net.TCPAddr)
	host := at.IP.String()
	if at.IP.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, fmt.Sprint(at.Port)) + "/"
}

// announce prints where the page is, and who can see it if that is not only this machine.
func announce(stdout io.Writer, listener net.Listener, origin string) {
	fmt.Fprintf(stdout, "The network: %s.\n", origin)
	fmt.Fprintf(stdout, "The page is at %s (Ctrl-C ends it)\n", address(listener))
	if !listener.Addr().(*net.TCPAddr).IP.IsLoopback() {
		fmt.Fprintf(stdout, "It listens on %s: everyone who can reach this machine can use it.\n", listener.Addr())
	}
}

// serve answers requests until ctx is done, and then lets those at work finish for a
// moment. Streams end at once, because their requests are done with ctx.
func serve(ctx context.Context, s *server, listener net.Listener, stderr io.Writer) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second, // events.send renews it
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(stderr, "play: ", 0),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.visitors.leaveAll()
	last, cancel := context.WithTimeout(context.Background(), time.Second/2)
	defer cancel()
	if server.Shutdown(last) != nil {
		server.Close()
	}
	return nil
}
