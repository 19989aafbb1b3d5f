package main

import (
	"strings"

	codestarconnectionsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codestarconnections/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

const connection resource.Name = "github-connection"

// connectionAvailable is the status of a connection that a person has authorised.
const connectionAvailable = "AVAILABLE"

// source is the connection to GitHub, unless the claim brings one.
func source(p pipeline) []compose.Resource {
	if p.spec.Source.ConnectionARN != "" {
		return nil
	}
	return []compose.Resource{{Name: connection, Build: p.connection, Ready: isAuthorised}}
}

// connection is made by us but authorised by a person. AWS chooses its ARN, which is also its external name: that is
// never ours to set.
func (p pipeline) connection(compose.Facts) client.Object {
	return &codestarconnectionsv1beta1.Connection{
		ObjectMeta: p.meta(connection, ""),
		Spec: codestarconnectionsv1beta1.ConnectionSpec{
			ResourceSpec: p.managed(),
			ForProvider: codestarconnectionsv1beta1.ConnectionParameters{
				Region:       p.region(),
				Name:         new(p.names.aws("github-connection")),
				ProviderType: new("GitHub"),
				Tags:         p.tags(),
			},
		},
	}
}

func isAuthorised(c compose.Observed) bool {
	return connectionStatus(c) == connectionAvailable
}

func connectionStatus(c compose.Observed) string {
	return c.String("status", "atProvider", "connectionStatus")
}

// useConnection allows the pipeline to read through the connection. The service was renamed and both names live on: IAM
// knows an action only by the name that the connection's ARN bears.
func useConnection(arn string) statement {
	service := "codestar-connections"
	if strings.Contains(arn, ":codeconnections:") {
		service = "codeconnections"
	}
	return allow("Source", service+":UseConnection").on(arn)
}
