package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// logsIn is the one action that AWS says manages permissions and is data's all the same: it logs in to a database as one of its users, whose
// rights the database has. See https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html.
const logsIn = "rds-db:connect"

// TestDataActions checks by AWS's reference what claims may name while the platform team says nothing: each action exists, can be allowed on a
// resource by its name, and manages nobody's permissions; and no service is among them that is about nothing else.
func TestDataActions(t *testing.T) {
	for _, action := range claim.DataActions() {
		prefix, name, _ := strings.Cut(action, ":")
		known, err := awsmodel.LoadAuthorization(prefix)
		if err != nil {
			t.Fatal(err)
		}
		switch one, exists := known.Actions[name]; {
		case !exists:
			t.Errorf("AWS knows no %s", action)
		case len(one.Resources) == 0:
			t.Errorf("%s can only be allowed on all resources, which no claim can name", action)
		case slices.Contains(known.ManagesPermissions, name) != (action == logsIn):
			t.Errorf("%s manages permissions: want that of %s only", action, logsIn)
		case slices.Contains([]string{"iam", "sts", "organizations", "codebuild", "codedeploy", "codepipeline"}, prefix):
			t.Errorf("%s is about what the service runs as, or is delivered by", action)
		}
	}
}
