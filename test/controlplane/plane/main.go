package plane

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main runs tests between start and stop of what they share, also if someone interrupts them, and returns the exit code. A start that fails
// stops what it has started.
func Main(tests interface{ Run() int }, start func(context.Context) error, stop func()) int {
	ctx, end := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer end()

	if err := start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer stop()
	uninterrupted := context.AfterFunc(ctx, func() {
		stop()
		os.Exit(1)
	})
	defer uninterrupted()
	return tests.Run()
}
