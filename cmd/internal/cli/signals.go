//go:build !js && !plan9

package cli

import (
	"context"
	"errors"
	"os/signal"
	"syscall"
)

// whileTerminal returns a context that is done with ctx, and when the terminal is
// closed. Of that the program may be told twice, by the shell and by the system.
func whileTerminal(ctx context.Context) context.Context {
	if signal.Ignored(syscall.SIGHUP) { // nohup
		return ctx
	}
	ctx, _ = signal.NotifyContext(ctx, syscall.SIGHUP)
	return ctx
}

// WhileRead returns a context that is done with ctx, and when the program writes to a
// pipe, or to any other connection, that nobody reads any more, as after head. Without
// it a line on standard output then kills the program.
func WhileRead(ctx context.Context) context.Context {
	ctx, _ = signal.NotifyContext(ctx, syscall.SIGPIPE)
	return ctx
}

// brokenPipe reports whether err says that nobody reads any more.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
