package aws

import (
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
)

// prefixes of actions in policies, by the service in signatures. They are alike for all others.
var prefixes = map[string]string{"monitoring": "cloudwatch"}

// unpermitted are the provider's calls whose action no policy of examples/install allows. The emulator looks at policies for
// some services only; this looks at all whose calls bear the name of their action.
func unpermitted(key accessKey) ([]string, error) {
	allowed, err := allowedActions()
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, c := range routes.Calls(time.Time{}) {
		// Anyone may ask STS who he is.
		if c.AccessKeyID != key.id || c.Service == "sts" || strings.Contains(c.Action, " ") {
			continue
		}
		prefix, ok := prefixes[c.Service]
		if !ok {
			prefix = c.Service
		}
		if action := prefix + ":" + c.Action; !allowed[action] {
			found[action] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

func allowedActions() (map[string]bool, error) {
	files, err := policyFiles()
	if err != nil {
		return nil, err
	}
	allowed := map[string]bool{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		policy, err := iam.Parse(string(b))
		if err != nil {
			return nil, errors.Wrapf(err, "cannot read %q", file)
		}
		for _, s := range policy.Statement {
			for _, action := range s.Action {
				allowed[action] = true
			}
		}
	}
	return allowed, nil
}
