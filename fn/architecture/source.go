package architecture

import (
	"strings"

	codestarconnectionsv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/codestarconnections/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// Connection is the connection to GitHub, in the composition.
const Connection resource.Name = "github-connection"

// ConnectionAvailable is the status of a connection that a person has authorised.
const ConnectionAvailable = "AVAILABLE"

// source is the connection to GitHub, unless one is given, or the pipeline takes the releases of another pipeline.
func (p Pipeline) source() []compose.Resource {
	if p.Given.ARN != "" || p.isPromoted() {
		return nil
	}
	return []compose.Resource{{Name: Connection, Build: p.connection, Ready: isAuthorised, CreateOnce: true}}
}

// connection is made by us but authorised by a person. AWS chooses its ARN, which is also its external name: that is
// never ours to set.
func (p Pipeline) connection(compose.Facts) client.Object {
	return &codestarconnectionsv1beta1.Connection{
		ObjectMeta: p.meta(Connection, ""),
		Spec: codestarconnectionsv1beta1.ConnectionSpec{
			ClusterManagedResourceSpec: p.managedAsNamedByAWS(),
			ForProvider: codestarconnectionsv1beta1.ConnectionParameters{
				Region:       p.region(),
				Name:         new(p.Names.aws(connectionBase)),
				ProviderType: new("GitHub"),
				Tags:         p.tags(),
			},
		},
	}
}

func isAuthorised(c compose.Observed) bool {
	return statusIn(c) == ConnectionAvailable
}

// ConnectionStatus is what AWS says of the connection, or empty before it has said anything.
func ConnectionStatus(seen compose.Observation) string {
	return statusIn(seen.Composed(Connection))
}

func statusIn(c compose.Observed) string {
	return c.String("status", "atProvider", "connectionStatus")
}

// useConnection allows the pipeline to read through the connection.
func useConnection(arn string) iam.Statement {
	return iam.Allow("Source", useConnectionAction(arn)).On(arn)
}

func useConnectionAction(arn string) string {
	return connectionService(arn) + ":UseConnection"
}

// connectionService was renamed and both names live on: IAM knows its actions and keys only by the name that a connection's ARN bears.
func connectionService(arn string) string {
	if strings.Contains(arn, ":codeconnections:") {
		return "codeconnections"
	}
	return "codestar-connections"
}
