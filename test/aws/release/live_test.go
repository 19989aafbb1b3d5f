package release

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
)

// live is the alias in the emulator's Lambda, which the fake CodeDeploy shifts.
type live struct {
	ctx             context.Context //nolint:containedctx // It is the test's, and lives as long.
	function, alias string
}

var _ fakeaws.Live = live{}

// Alias as it is.
func (l live) Alias() (fakeaws.Alias, error) {
	out, err := aws.Lambda.GetAlias(l.ctx, &lambda.GetAliasInput{FunctionName: &l.function, Name: &l.alias})
	if err != nil {
		return fakeaws.Alias{}, err
	}
	alias := fakeaws.Alias{Version: *out.FunctionVersion}
	if out.RoutingConfig != nil && len(out.RoutingConfig.AdditionalVersionWeights) > 0 {
		alias.Weights = out.RoutingConfig.AdditionalVersionWeights
	}
	return alias, nil
}

// Move the alias, by the API call that CodeDeploy makes.
func (l live) Move(to fakeaws.Alias) error {
	// AWS refuses an alias of a version that there is not, which the emulator does not.
	for version := range maps.Keys(to.Weights) {
		if err := l.find(version); err != nil {
			return err
		}
	}
	if err := l.find(to.Version); err != nil {
		return err
	}
	_, err := aws.Lambda.UpdateAlias(l.ctx, &lambda.UpdateAliasInput{
		FunctionName:    &l.function,
		Name:            &l.alias,
		FunctionVersion: &to.Version,
		RoutingConfig:   &types.AliasRoutingConfiguration{AdditionalVersionWeights: to.Weights},
	})
	return err
}

func (l live) find(version string) error {
	_, err := aws.Lambda.GetFunctionConfiguration(l.ctx, &lambda.GetFunctionConfigurationInput{FunctionName: &l.function, Qualifier: &version})
	return err
}

// share tells in words what an alias does with traffic: "1", or "1, 30 % to 2".
func share(a fakeaws.Alias) string {
	words := a.Version
	for _, version := range slices.Sorted(maps.Keys(a.Weights)) {
		words += fmt.Sprintf(", %.0f %% to %s", 100*a.Weights[version], version)
	}
	return words
}
