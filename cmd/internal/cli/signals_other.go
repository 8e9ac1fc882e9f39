//go:build js || plan9

package cli

import "context"

// These systems have no such signals.

func whileTerminal(ctx context.Context) context.Context { return ctx }

// WhileRead returns ctx.
func WhileRead(ctx context.Context) context.Context { return ctx }

func brokenPipe(error) bool { return false }
