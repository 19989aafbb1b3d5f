package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

// everywhere are the actions that roles of pipelines may do on all resources, because AWS knows no others of them, and why that is so.
var everywhere = map[string]string{
	"cloudwatch:GetMetricData":             "a release that is judged reads its own metrics",
	"cloudwatch:PutMetricData":             "releases count themselves; a condition leaves them one namespace, which is that of all pipelines",
	"codedeploy:BatchGetDeploymentTargets": "the watch reads the deployments of its own group",
	"codedeploy:ListDeploymentTargets":     "the watch reads the deployments of its own group",
	"codedeploy:StopDeployment":            "a release stops the deployment that it has created, and a rollback those of its own group",
	"dynamodb:ListStreams":                 "Lambda asks for it of who reads a table's stream",
	"ec2:DescribeDhcpOptions":              "builds in a VPC",
	"ec2:DescribeNetworkInterfaces":        "builds and functions in a VPC",
	"ec2:DescribeSecurityGroups":           "builds in a VPC",
	"ec2:DescribeSubnets":                  "builds and functions in a VPC",
	"ec2:DescribeVpcs":                     "builds in a VPC",
	"sts:GetServiceBearerToken":            "builds log in to CodeArtifact; a condition leaves them that service",
}

// beyond are the actions that roles and services may do on resources of other pipelines, by who does it, and why. Each is in
// docs/accounts.md.
var beyond = map[string]string{
	"codedeploy-service-role cloudwatch:DescribeAlarms":              codeDeploy,
	"codedeploy-service-role lambda:GetAlias":                        codeDeploy,
	"codedeploy-service-role lambda:GetProvisionedConcurrencyConfig": codeDeploy,
	"codedeploy-service-role lambda:UpdateAlias":                     codeDeploy,
	"codedeploy-service-role sns:Publish":                            codeDeploy,
	"events.amazonaws.com sns:Publish":                               "EventBridge publishes nothing to a topic whose policy names a rule",
}

const (
	codeDeploy = "AWSCodeDeployRoleForLambda is for all functions, topics and alarms; only CodeDeploy acts in this role, by deployments of the pipeline's own group"
)

// TestPairs files claims of teams that do not trust each other into one account, and looks at each two of them: no name is that of both, and
// IAM denies each role of one pipeline whatever its own policies allow on each resource of the other. What it does not is named here, and in
// docs/accounts.md. "-rapid.checks" says how many times it does so; there are 10 pairs in each.
func TestPairs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		claims, region, settings := drawTeams(t)
		var made []team
		for _, f := range claims {
			made = append(made, makeTeam(t, f, region, newRequest(f.spec, settings)))
		}
		for i, a := range made {
			for _, r := range a.roles {
				for _, action := range r.everywhere() {
					seen[action] = true
					if everywhere[action] == "" {
						t.Errorf("%s may do %s on all resources: say why it does no harm", r.base, action)
					}
				}
			}
			for _, b := range made[i+1:] {
				wantNoSharedNames(t, a, b)
				for _, touch := range slices.Concat(touches(t, a, b), touches(t, b, a), opened(t, a, b), opened(t, b, a)) {
					seen[touch.key()] = true
					if beyond[touch.key()] == "" {
						t.Error(touch)
					}
				}
			}
		}
	})
	for _, key := range slices.Sorted(maps.Keys(everywhere)) {
		if !seen[key] {
			t.Errorf("no role may do %s on all resources: take it out", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(beyond)) {
		if !seen[key] {
			t.Errorf("%s does not happen: take it out", key)
		}
	}
}

// TestPairsAreDocumented checks that people are told of what TestPairs knows.
func TestPairsAreDocumented(t *testing.T) {
	doc := fntest.File(t, "../docs/accounts.md")
	for _, key := range slices.Concat(slices.Collect(maps.Keys(everywhere)), slices.Collect(maps.Keys(beyond))) {
		action := key[strings.LastIndex(key, " ")+1:]
		if !strings.Contains(doc, "`"+action+"`") {
			t.Errorf("docs/accounts.md does not have %s", action)
		}
	}
}

// wantNoSharedNames of objects in the cluster, nor of anything in AWS.
func wantNoSharedNames(t rapid.TB, a, b team) {
	names := map[string]bool{}
	for _, m := range a.resources {
		names[m.Metadata.Name] = true
	}
	for _, m := range b.resources {
		if names[m.Metadata.Name] {
			t.Errorf("%q and %q both have the managed resource %s", a.suffix, b.suffix, m.Metadata.Name)
		}
	}
	arns := map[string]bool{}
	for _, p := range a.places {
		arns[p.ARN] = true
	}
	for _, p := range b.places {
		if arns[p.ARN] {
			t.Errorf("%q and %q both have %s", a.suffix, b.suffix, p.ARN)
		}
	}
}

// A touch is what a role of one pipeline, or a service of AWS's for a resource of that, may do to another one.
type touch struct {
	// by whom: a role without the suffix, or a service.
	by string

	// of is the resource that acts.
	of           string
	action, arn  string
	from, victim filed
}

// key of why it is so.
func (o touch) key() string {
	return o.by + " " + o.action
}

func (o touch) String() string {
	return fmt.Sprintf("%q touches %q: %s may do %s on %s", o.from.suffix, o.victim.suffix, o.of, o.action, o.arn)
}

// touches are what roles of one pipeline may do to another one, but for what that one wants.
func touches(t rapid.TB, a, b team) (found []touch) {
	both := a.account.Beside(b.account)
	for _, r := range a.roles {
		context := maps.Clone(r.context)
		maps.Copy(context, b.opened.context)
		for _, p := range b.places {
			if !r.reaches(p.ARN) && !b.opened.reaches(p.ARN) {
				continue
			}
			for _, action := range slices.Concat(r.on(p), b.opened.on(p)) {
				o := touch{by: r.base, of: r.arn, action: action, arn: p.ARN, from: a.filed, victim: b.filed}
				decision, err := both.Decide(r.arn, access.Request{Action: action, Resource: p.ARN, Context: context})
				must(t, err)
				switch isAllowed := decision == access.Allowed; {
				case isAllowed && !o.isPromotion():
					found = append(found, o)
				case !isAllowed && o.isPromotion() && action == "s3:GetObjectVersion":
					t.Errorf("want %s, as it is offered; got %s", o, decision)
				}
			}
		}
	}
	return found
}

// isPromotion tells whether the other pipeline offers to this one what is read.
func (o touch) isPromotion() bool {
	return o.from.takes(o.victim) && o.victim.offers(o.from) && o.by == "watch-service-role" &&
		strings.HasSuffix(o.arn, o.victim.bucket()+"/"+release.ReleasedKey)
}

// opened is what services of AWS's may do to one pipeline for a resource of another one.
func opened(t rapid.TB, a, b team) (found []touch) {
	for _, m := range b.resources {
		arn, _ := m.Spec.ForProvider["sourceArn"].(string)
		for _, p := range a.places {
			if m.Kind() == "lambda/Permission" && arn != "" && access.Matches(arn, p.ARN) {
				found = append(found, touch{by: "lambda/Permission", of: p.ARN, action: "lambda:InvokeFunction", arn: m.Metadata.Name, from: a.filed, victim: b.filed})
			}
		}
	}
	for _, victim := range b.places {
		for _, s := range b.account.Statements(victim.ARN) {
			for _, service := range s.Principal.Service {
				for _, p := range a.places {
					r := access.Request{Action: s.Action[0], Resource: victim.ARN, Context: map[string][]string{access.ServiceName: {service}, "aws:SourceArn": {p.ARN}}}
					decision, err := access.Policies{Resource: []iam.Document{iam.New(s)}}.Decide(r)
					must(t, err)
					if decision == access.Allowed {
						found = append(found, touch{by: service, of: p.ARN, action: r.Action, arn: victim.ARN, from: a.filed, victim: b.filed})
					}
				}
			}
		}
	}
	return found
}
