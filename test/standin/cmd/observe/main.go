// Package main turns what "make render" printed into the observed state that provider-aws would make of it. It writes the
// observed.yaml files of the golden cases:
//
//	make --silent render CLAIM=claim.yaml | go run ./test/standin/cmd/observe > observed.yaml
package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// CLI is the command line.
type CLI struct {
	AccountID        string `default:"111122223333" help:"The AWS account to pretend."`
	ConnectionStatus string `default:"AVAILABLE"    enum:"PENDING,AVAILABLE"                                    help:"Status of the GitHub connection."`
	Version          string `default:"1"            help:"The version that the functions have published last."`
}

// Run reads rendered resources from stdin and prints them as observed.
func (c *CLI) Run() error {
	aws := standin.AWS{AccountID: c.AccountID, ConnectionStatus: c.ConnectionStatus, Version: c.Version}
	in := utilyaml.NewYAMLOrJSONDecoder(os.Stdin, 4096)
	for {
		mr := &unstructured.Unstructured{}
		err := in.Decode(&mr.Object)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errors.Wrap(err, "cannot read rendered resources")
		}
		if mr.Object == nil || mr.GetKind() == "XPaymentDeliveryPipeline" {
			continue
		}
		aws.Observe(mr)
		out, err := yaml.Marshal(mr.Object)
		if err != nil {
			return errors.Wrap(err, "cannot write observed resources")
		}
		if _, err := os.Stdout.WriteString("---\n" + string(out)); err != nil {
			return err
		}
	}
}

func main() {
	ctx := kong.Parse(&CLI{}, kong.Name("observe"), kong.Description("Turn rendered resources into observed ones."))
	ctx.FatalIfErrorf(ctx.Run())
}
