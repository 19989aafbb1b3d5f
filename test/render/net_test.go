package render

import (
	"context"
	"net"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// TestFreeAddress checks that nobody gets an address twice, and that it can be listened at again and again.
func TestFreeAddress(t *testing.T) {
	given := map[string]bool{}
	for range 50 {
		address, err := FreeAddress()
		if err != nil {
			t.Fatal(err)
		}
		if given[address] {
			t.Errorf("%s is given out twice", address)
		}
		given[address] = true
		for range 2 {
			l, err := net.Listen("tcp", address)
			if err != nil {
				t.Fatalf("want to listen at %s, got %v", address, err)
			}
			_ = l.Close()
		}
	}
}

// TestReserve takes one port in each way that another process could.
func TestReserve(t *testing.T) {
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	dir, port := t.TempDir(), l.Addr().(*net.TCPAddr).Port
	if reserve(dir, port) {
		t.Error("want a port that somebody listens on to be refused")
	}
	_ = l.Close()
	if !reserve(dir, port) {
		t.Error("want a port that is free to be reserved, also if it was refused before")
	}
	if reserve(dir, port) {
		t.Error("want a port that is reserved to be refused")
	}
	if reserve("no such folder", port+1) {
		t.Error("want no port without a lock")
	}
	if _, err := net.Dial("tcp", address); err == nil {
		t.Error("want nobody to listen on a port that is reserved")
	}
}

func TestWaitListening(t *testing.T) {
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	waited := make(chan error, 1)
	go func() { waited <- WaitListening(t.Context(), address) }()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	if err := <-waited; err != nil {
		t.Errorf("WaitListening(...): want no error once something listens, got %v", err)
	}
	_ = l.Close()
	gone := errors.New("the function has ended")
	cancel(gone)
	if err := WaitListening(ctx, address); !errors.Is(err, gone) {
		t.Errorf("WaitListening(...): want why the wait is over, got %v", err)
	}
}
