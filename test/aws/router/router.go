// Package router is the way to AWS: a proxy on loopback that everything here is given instead of the internet. It ends TLS
// with a certificate for the AWS host that was asked for, writes down every call, and hands it to an emulator. So the
// provider needs no other endpoints than on AWS, its signatures are for AWS's hosts, and policies see TLS.
package router

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/controlplane/certs"
)

// A Router passes calls of AWS on to an emulator.
type Router struct {
	authority *certs.Authority
	listener  net.Listener
	server    *http.Server
	proxy     *httputil.ReverseProxy
	emulator  *url.URL

	mx           sync.Mutex
	certificates map[string]*tls.Certificate
	calls        []Call
	faults       map[*Fault]bool
	authorised   map[string]bool

	// kept is what AWS would remember and the emulator forgets, by what it is about.
	kept map[string]json.RawMessage
}

// New router to an emulator.
func New(authority *certs.Authority, emulator *url.URL) (*Router, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // Close closes it.
	if err != nil {
		return nil, err
	}
	r := &Router{
		authority:    authority,
		listener:     listener,
		emulator:     emulator,
		certificates: map[string]*tls.Certificate{},
		faults:       map[*Fault]bool{},
		authorised:   map[string]bool{},
		kept:         map[string]json.RawMessage{},
	}
	quiet := log.New(io.Discard, "", 0)
	r.proxy = &httputil.ReverseProxy{Rewrite: r.rewrite, ErrorLog: quiet}
	r.server = &http.Server{Handler: http.HandlerFunc(r.accept), ErrorLog: quiet}
	go func() { _ = r.server.Serve(listener) }()
	return r, nil
}

// URL that HTTPS_PROXY and HTTP_PROXY have to be.
func (r *Router) URL() *url.URL {
	return &url.URL{Scheme: "http", Host: r.listener.Addr().String()}
}

// Close the router.
func (r *Router) Close() {
	_ = r.server.Close()
}

// isAWS reports whether a host is AWS's. Nothing else is let through.
func isAWS(host string) bool {
	return strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".api.aws")
}

// accept a request to the proxy: for a tunnel, within which it then is the server, or for a call without TLS.
func (r *Router) accept(w http.ResponseWriter, req *http.Request) {
	host, _, err := net.SplitHostPort(req.Host)
	if err != nil {
		host = req.Host
	}
	if !isAWS(host) {
		http.Error(w, "only AWS is behind this proxy, not "+req.Host, http.StatusForbidden)
		return
	}
	if req.Method != http.MethodConnect {
		r.serve(w, req)
		return
	}
	conn, _, err := w.(http.Hijacker).Hijack() //nolint:forcetypeassert // The server is HTTP/1.1.
	if err != nil {
		return
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n"); err != nil {
		_ = conn.Close()
		return
	}
	tunnel := tls.Server(conn, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return r.certificate(host) },
	})
	server := &http.Server{Handler: http.HandlerFunc(r.serve), ErrorLog: log.New(io.Discard, "", 0)}
	_ = server.Serve(&oneConn{conn: tunnel})
}

func (r *Router) certificate(host string) (*tls.Certificate, error) {
	r.mx.Lock()
	defer r.mx.Unlock()
	if known := r.certificates[host]; known != nil {
		return known, nil
	}
	made, err := r.authority.Certificate(host)
	r.certificates[host] = made
	return made, err
}

// serve one call of AWS.
func (r *Router) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	call := callOf(req, body)
	setBody(req, body)
	recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
	defer func() {
		call.Status = recorder.status
		r.record(call)
	}()

	if fault := r.fault(call); fault != nil {
		fault.answer(recorder, req)
		return
	}
	if gap := r.gap(call); gap != nil {
		gap.fill(r, recorder, req, body)
		return
	}
	r.pass(recorder, req)
}

// pass a call on to the emulator.
func (r *Router) pass(w http.ResponseWriter, req *http.Request) {
	r.proxy.ServeHTTP(w, req)
}

func (r *Router) rewrite(p *httputil.ProxyRequest) {
	p.Out.URL.Scheme, p.Out.URL.Host = r.emulator.Scheme, r.emulator.Host
	p.Out.Host = p.In.Host
	proto := "http"
	if p.In.TLS != nil {
		proto = "https"
	}
	p.Out.Header.Set("X-Forwarded-Proto", proto)
}
