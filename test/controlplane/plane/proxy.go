package plane

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// A Proxy is the one address of the function's replicas, as a Service is in a cluster. It takes a new connection to the
// replicas in turn, to the first of them that answers.
type Proxy struct {
	listener net.Listener

	mx       sync.Mutex
	backends []string
	next     int
	silent   bool

	// open connections, each with the backend it leads to.
	open map[net.Conn]string

	// answers may pass while nobody holds it.
	answers sync.RWMutex

	// waiting is how many answers are held back.
	waiting atomic.Int64
}

// NewProxy listens on a free port. It has no backends yet.
func NewProxy() (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // It is closed by Close.
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, open: map[net.Conn]string{}}
	go p.accept()
	return p, nil
}

// Port that the proxy listens on.
func (p *Proxy) Port() int {
	return p.listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // It is a TCP listener.
}

// Close the proxy and all connections.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.Route()
}

// Route connections to these addresses from now on. Connections to others are closed.
func (p *Proxy) Route(addresses ...string) {
	p.mx.Lock()
	defer p.mx.Unlock()
	p.backends, p.silent = addresses, false
	for conn, backend := range p.open {
		if !slices.Contains(addresses, backend) {
			_ = conn.Close()
		}
	}
}

// Silence closes all connections and leaves new ones without an answer, as a network does that loses every packet.
func (p *Proxy) Silence() {
	p.Route()
	p.mx.Lock()
	defer p.mx.Unlock()
	p.silent = true
}

// Hold every answer back until the returned function is called. Requests pass.
func (p *Proxy) Hold() (release func()) {
	p.answers.Lock()
	return p.answers.Unlock
}

// Held is how many answers are held back now.
func (p *Proxy) Held() int {
	return int(p.waiting.Load())
}

// held is a connection to Crossplane, whose answers can be held back.
type held struct {
	net.Conn

	proxy *Proxy
}

func (h held) Write(b []byte) (int, error) {
	h.proxy.waiting.Add(1)
	h.proxy.answers.RLock()
	h.proxy.waiting.Add(-1)
	defer h.proxy.answers.RUnlock()
	return h.Conn.Write(b)
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.serve(conn)
	}
}

// serve one connection until one of its sides ends it.
func (p *Proxy) serve(conn net.Conn) {
	defer conn.Close() //nolint:errcheck // Nothing is lost.

	backend, address := p.dial()
	if !p.opened(conn, address) {
		return
	}
	defer p.closed(conn)
	if backend == nil {
		// Only silence leaves a connection open without a backend.
		_, _ = io.Copy(io.Discard, conn)
		return
	}
	defer backend.Close() //nolint:errcheck // Nothing is lost.

	go func() {
		_, _ = io.Copy(backend, conn)
		_ = backend.Close()
	}()
	_, _ = io.Copy(held{conn, p}, backend)
}

// dial the next backend that answers.
func (p *Proxy) dial() (net.Conn, string) {
	p.mx.Lock()
	p.next++
	turn := p.next % max(len(p.backends), 1)
	backends := slices.Concat(p.backends[turn:], p.backends[:turn])
	p.mx.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, address := range backends {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address); err == nil {
			return conn, address
		}
	}
	return nil, ""
}

// opened remembers a connection. It reports whether the connection may stay: its backend is still one of ours, or it is
// to be met with silence.
func (p *Proxy) opened(conn net.Conn, backend string) bool {
	p.mx.Lock()
	defer p.mx.Unlock()
	stays := slices.Contains(p.backends, backend) || (backend == "" && p.silent)
	if stays {
		p.open[conn] = backend
	}
	return stays
}

func (p *Proxy) closed(conn net.Conn) {
	p.mx.Lock()
	defer p.mx.Unlock()
	delete(p.open, conn)
}
