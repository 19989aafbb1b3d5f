package cloud

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// Traffic is how the alias divides production traffic.
type Traffic struct {
	// Live is the alias's own version.
	Live string `json:"live"`

	// Candidate takes Weight percent, while traffic moves. Empty: no traffic moves.
	Candidate string  `json:"candidate,omitempty"`
	Weight    float64 `json:"weight,omitempty"`
}

// Traffic of production.
func (c *Cloud) Traffic(ctx context.Context) (Traffic, error) {
	out, err := c.function.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: aws.String(c.Names.BlueFunction), Name: aws.String(aliasName(c.Names.Alias))})
	if err != nil {
		return Traffic{}, failed(err, "read the alias %s", c.Names.Alias)
	}
	t := Traffic{Live: aws.ToString(out.FunctionVersion)}
	if out.RoutingConfig != nil {
		// Lambda allows one version beside the alias's own.
		for version, weight := range out.RoutingConfig.AdditionalVersionWeights {
			t.Candidate, t.Weight = version, 100*weight
		}
	}
	return t, nil
}
