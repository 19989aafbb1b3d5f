// Package main is a Crossplane composition function that composes a payment delivery pipeline on AWS.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/crossplane/function-sdk-go"
)

// CLI is the function's command line. Flags that other functions have too carry the same names here.
type CLI struct {
	Debug bool `help:"Emit debug logs in addition to info logs." short:"d"`

	Network            string `default:"tcp" help:"Network on which to listen for gRPC connections."`
	Address            string `default:":9443" help:"Address at which to listen for gRPC connections."`
	TLSCertsDir        string `env:"TLS_SERVER_CERTS_DIR" help:"Directory of the server's certificate and key (tls.crt, tls.key) and of the CA that clients' certificates are verified with (ca.crt)."`
	Insecure           bool   `help:"Serve without mTLS. --tls-certs-dir is then ignored."`
	MaxRecvMessageSize int    `default:"16" help:"Maximum size of received messages, in MB."`
	MetricsAddress     string `default:":8080" help:"Address at which to serve Prometheus metrics. Empty: no metrics."`
}

// Go collects garbage before it asks for more memory than memoryLimit, and not before what is in use has grown by gcPercent,
// unless GOMEMLIMIT and GOGC say otherwise: calls come in bursts, and what one has used the next may have. What is read of the
// executable comes on top. See docs/speed.md.
const (
	memoryLimit = 36 << 20
	gcPercent   = 200
)

func limitMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// Run serves the function until SIGTERM or SIGINT.
func (c *CLI) Run() error {
	limitMemory()
	log, err := function.NewLogger(c.Debug)
	if err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	// A second signal must end a process whose calls do not finish.
	context.AfterFunc(ctx, stop)

	return serve(ctx, NewFunction(log), log,
		function.Listen(c.Network, c.Address),
		function.MTLSCertificates(c.TLSCertsDir),
		function.Insecure(c.Insecure),
		function.MaxRecvMessageSize(c.MaxRecvMessageSize*1024*1024),
		function.WithMetricsServer(c.MetricsAddress))
}

func main() {
	ctx := kong.Parse(&CLI{}, kong.Description("A Crossplane composition function that composes payment delivery pipelines on AWS."))
	ctx.FatalIfErrorf(ctx.Run())
}
