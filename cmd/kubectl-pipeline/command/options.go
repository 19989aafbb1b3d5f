package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/term"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cloud"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/cluster"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/cmd/kubectl-pipeline/screen"
)

// Streams that the plugin reads and writes.
type Streams struct {
	In          io.Reader
	Out, ErrOut io.Writer
}

// options that all verbs share, and what they reach the world by.
type options struct {
	Streams

	output  string
	profile string

	// connect to the cluster, and say which namespace is meant.
	connect func() (*cluster.Client, string, error)

	// open the account of a pipeline.
	open func(ctx context.Context, names cloud.Names, profile string) (*cloud.Cloud, error)

	// browse opens a page for the person.
	browse func(ctx context.Context, url string) error

	now  func() time.Time
	wait func(ctx context.Context, d time.Duration) error
}

func newOptions(streams Streams, kube clientcmd.ClientConfig) *options {
	return &options{
		Streams: streams,
		connect: func() (*cluster.Client, string, error) { return connect(kube) },
		open:    cloud.Open,
		browse:  browse,
		now:     time.Now,
		wait:    wait,
	}
}

func (o *options) addFlags(flags *pflag.FlagSet) {
	flags.VarP((*outputFormat)(&o.output), "output", "o", "Print json or yaml instead of text.")
	flags.StringVar(&o.profile, "aws-profile", "", "Use this profile of your AWS configuration.")
}

// An outputFormat is refused before anything is done, if it is not known.
type outputFormat string

func (f *outputFormat) String() string { return string(*f) }
func (f *outputFormat) Type() string   { return "string" }

func (f *outputFormat) Set(value string) error {
	if value != screen.JSON && value != screen.YAML {
		return fmt.Errorf("%q is not known; allowed: %s, %s", value, screen.JSON, screen.YAML)
	}
	*f = outputFormat(value)
	return nil
}

// claim with the supplied name in the person's namespace.
func (o *options) claim(ctx context.Context, name string) (cluster.Pipeline, error) {
	c, namespace, err := o.connect()
	if err != nil {
		return cluster.Pipeline{}, err
	}
	return c.Get(ctx, namespace, name)
}

// pipeline of the claim with the supplied name, and its account.
func (o *options) pipeline(ctx context.Context, name string) (cluster.Pipeline, *cloud.Cloud, error) {
	p, err := o.claim(ctx, name)
	if err != nil {
		return p, nil, err
	}
	c, err := o.account(ctx, p)
	return p, c, err
}

// account of a claim's pipeline. The person must be in it.
func (o *options) account(ctx context.Context, p cluster.Pipeline) (*cloud.Cloud, error) {
	names, err := cloud.NamesOf(p.PaymentDeliveryPipeline)
	if err != nil {
		return nil, err
	}
	c, err := o.open(ctx, names, o.profile)
	if err != nil {
		return nil, err
	}
	return c, c.Identify(ctx)
}

// print a value as the person asked for it: as JSON or YAML, or else as text does.
func (o *options) print(v any, text func() error) error {
	if o.output != "" {
		return screen.Encode(o.Out, o.output, v)
	}
	return text()
}

// onTerminal reports whether a person reads the output, and not a program.
func (o *options) onTerminal() bool {
	f, isFile := o.Out.(*os.File)
	return isFile && term.IsTerminal(int(f.Fd()))
}

// colors reports whether to use them: see https://no-color.org.
func (o *options) colors() bool {
	return o.onTerminal() && os.Getenv("NO_COLOR") == ""
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
