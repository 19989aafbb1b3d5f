package architecture

import (
	"slices"
	"strings"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/refusal"
)

// These are of earlier releases of this package.
const (
	releaseEventsPolicy resource.Name = "release-events-policy"
	releaseEventsRole   resource.Name = "release-events-role"
)

// policyBases begin the names in AWS of all policies that a pipeline has, or had in earlier releases of this package. A policy gets its name
// from here, so each is one that no claim can attach to its functions: see checkPolicies.
var policyBases = map[resource.Name]string{
	buildOwnDenialsPolicy:  "denials-build-policy",
	buildPolicy:            "codebuild-policy",
	checksOwnDenialsPolicy: "denials-checks-policy",
	checksPolicy:           "checks-policy",
	clonePolicy:            "clone-policy",
	denialsPolicy:          "denials-policy",
	deliveryPolicy:         "pipeline-policy",
	deployPolicy:           "codedeploy-policy",
	functionLogPolicy:      "lambda-log-policy",
	functionNetworkPolicy:  "lambda-network-policy",
	functionPolicy:         "lambda-dynamodb-policy",
	releaseEventsPolicy:    "release-events-policy",
	releasePolicy:          "release-policy",
	rollbackPolicy:         "rollback-policy",
	watchEventsPolicy:      "watch-events-policy",
	watchPolicy:            "watch-policy",
}

// policies of the pipeline by these, in order, but for the one that is retired.
func (n Names) policies() []string {
	var names []string
	for name, base := range policyBases {
		if name != releaseEventsPolicy {
			names = append(names, n.aws(base))
		}
	}
	slices.Sort(names)
	return names
}

// policy with the statements that are built from the facts. All our policies name ARNs with the account in them.
func (p Pipeline) policy(name resource.Name, statements func(compose.Facts) []iam.Statement, needs ...compose.Fact) compose.Resource {
	return compose.Resource{
		Name:  name,
		Needs: append([]compose.Fact{AccountID}, needs...),
		Build: func(f compose.Facts) client.Object {
			return &iamv1beta1.Policy{
				ObjectMeta: p.meta(name, p.Names.aws(policyBases[name])),
				Spec: iamv1beta1.PolicySpec{
					ClusterManagedResourceSpec: p.managed(),
					ForProvider: iamv1beta1.PolicyParameters{
						Policy: new(iam.New(statements(f)...).JSON()),
						Tags:   p.tags(),
					},
				},
			}
		},
	}
}

// checkPolicies reports policies of pipelines that a claim would attach to its functions: with those of another pipeline its code could
// release there. To IAM, names that differ only in case are the same.
func checkPolicies(p v1alpha1.Permissions) refusal.List {
	var refused refusal.List
	for i, arn := range p.PolicyARNs {
		if isOfPipeline(arn) {
			refused = append(refused, refusal.Refusal{
				Field:   permissionsPath().Child("policyArns").Index(i).String(),
				Value:   refusal.Show(arn),
				Allowed: "policies of pipelines are only for their own roles",
				Rule:    refusal.Package,
				Next:    "name another policy",
			})
		}
	}
	return refused
}

// isOfPipeline tells whether a policy has such a name as those of pipelines.
func isOfPipeline(policyARN string) bool {
	name := strings.ToLower(policyARN[strings.LastIndex(policyARN, "/")+1:])
	for _, base := range policyBases {
		if strings.HasPrefix(name, base+"-") {
			return true
		}
	}
	return false
}
