package router

import (
	"bytes"
	"net"
	"net/http"
)

// oneConn is a listener of one connection that is there already.
type oneConn struct {
	conn net.Conn
}

// Accept the connection, and then nothing: what serves the connection goes on by itself.
func (l *oneConn) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, net.ErrClosed
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

// Close does nothing.
func (l *oneConn) Close() error { return nil }

// Addr is nobody's business.
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

// A statusRecorder remembers the status of an answer on its way.
type statusRecorder struct {
	http.ResponseWriter

	status int
}

// WriteHeader with the status.
func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// recorded is an answer that nobody waits for but us.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorded() *recorded {
	return &recorded{header: http.Header{}, status: http.StatusOK}
}

// Header of the answer.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader with the status.
func (r *recorded) WriteHeader(status int) { r.status = status }

// Write to the body.
func (r *recorded) Write(b []byte) (int, error) { return r.body.Write(b) }
