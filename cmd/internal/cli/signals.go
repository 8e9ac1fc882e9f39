//go:build !js && !plan9

package cli

import (
	"context"
	"errors"
	"os/signal"
	"syscall"
)

// whileTerminal returns a context that is done with ctx, and when the terminal is
// closed. The shell and the system may both tell the program so.
func whileTerminal(ctx context.Context) context.Context {
	if signal.Ignored(syscall.SIGHUP) { // nohup
		return ctx
	}
	ctx, _ = signal.NotifyContext(ctx, syscall.SIGHUP)
	return ctx
}

// WhileRead returns a context that is done with ctx, and when the program writes to a
// pipe or another connection that is no longer read, as after head. Without it, a line on
// standard output would then kill the program.
func WhileRead(ctx context.Context) context.Context {
	ctx, _ = signal.NotifyContext(ctx, syscall.SIGPIPE)
	return ctx
}

// brokenPipe reports whether err says that the output is no longer read.
func brokenPipe(err error) bool { return errors.Is(err, syscall.EPIPE) }
