package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/standin"
)

// A team and all that its claim has become, once nothing waits any more.
type team struct {
	filed

	resources []awsmodel.Managed
	places    []awsmodel.Place
	account   *access.Account
	roles     []actor

	// opened is what the policies of its bucket and its topic allow.
	opened grants
}

// An actor is a role of a pipeline's, without the suffix, and what its policies allow.
type actor struct {
	grants

	arn, base string
}

// grants are what statements allow, in parts that are fast to search.
type grants struct {
	// resources are the patterns of ARNs.
	resources []string

	// actions by service, in full, and the types of resources that each may be allowed on.
	actions map[string]map[string][]string

	// context is what fulfils all conditions.
	context map[string][]string
}

// makeTeam brings a claim, which a request is about, to where nothing waits any more, and reads what it has become.
func makeTeam(t rapid.TB, f filed, region string, req *fnv1.RunFunctionRequest) team {
	metadata := req.GetObserved().GetComposite().GetResource().GetFields()["metadata"].GetStructValue()
	for field, value := range map[string]string{"uid": f.uid, "name": "payments-" + f.uid[:8]} {
		metadata.GetFields()[field] = structpb.NewStringValue(value)
	}
	aws := &standin.AWS{AccountID: fntest.Account, ConnectionID: f.uid}
	for range waves {
		goOn(t, aws, req)
	}
	if req.GetObserved().GetResources()[string(deliveryPipeline)] == nil {
		t.Fatalf("after %d waves %q has no pipeline", waves, f.suffix)
	}
	goLive(t, aws, req, firstRelease)
	return readTeam(t, f, region, req.GetObserved().GetResources())
}

func readTeam(t rapid.TB, f filed, region string, resources map[string]*fnv1.Resource) team {
	made := team{filed: f}
	var objects []json.RawMessage
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		object, err := json.Marshal(resources[name].GetResource().AsMap())
		must(t, err)
		var m awsmodel.Managed
		must(t, json.Unmarshal(object, &m))
		objects, made.resources = append(objects, object), append(made.resources, m)
	}
	var err error
	made.account, err = access.ReadObjects(fntest.Account, region, objects)
	must(t, err)
	made.places, err = awsmodel.Places(made.resources, region, fntest.Account)
	must(t, err)
	for _, m := range made.resources {
		if m.Kind() == "iam/Role" {
			made.addRole(t, m)
		}
	}
	var opened []iam.Statement
	for _, p := range made.places {
		if p.Type != "role" {
			opened = append(opened, made.account.Statements(p.ARN)...)
		}
	}
	made.opened = grantsOf(t, opened)
	return made
}

// addRole of a pipeline's, which nobody but a service of AWS's may assume.
func (made *team) addRole(t rapid.TB, role awsmodel.Managed) {
	text, _ := role.Spec.ForProvider["assumeRolePolicy"].(string)
	trust, err := iam.Parse(text)
	must(t, err)
	for _, s := range trust.Statement {
		if len(s.Principal.AWS) > 0 || len(s.Principal.Service) == 0 {
			t.Errorf("%s: want a role that only services may assume, got %v", role.AWSName(), s.Principal)
		}
	}
	arn := "arn:aws:iam::" + fntest.Account + ":role/" + role.AWSName()
	made.roles = append(made.roles, actor{arn: arn, base: strings.TrimSuffix(role.AWSName(), "-"+made.suffix), grants: grantsOf(t, made.account.Statements(arn))})
}

// grantsOf statements. Whoever is denied something here is so by the evaluator.
func grantsOf(t rapid.TB, statements []iam.Statement) grants {
	g := grants{actions: map[string]map[string][]string{}, context: map[string][]string{}}
	for _, s := range statements {
		if s.Effect != iam.EffectAllow {
			continue
		}
		g.resources = append(g.resources, s.Resource...)
		for _, pattern := range s.Action {
			service, _, _ := strings.Cut(pattern, ":")
			if !awsmodel.IsPlace(service) {
				continue
			}
			actions, err := awsmodel.Granted(pattern)
			must(t, err)
			if g.actions[service] == nil {
				g.actions[service] = map[string][]string{}
			}
			maps.Copy(g.actions[service], actions)
		}
		for _, keys := range s.Condition {
			for key, values := range keys {
				g.context[key] = values
			}
		}
	}
	// Who asks is never what a policy would like, and no object of a pipeline has tags.
	delete(g.context, "aws:PrincipalArn")
	delete(g.context, "s3:ExistingObjectTag/UseWithCodeDeploy")
	return g
}

// reaches tells whether some pattern is about a resource.
func (g grants) reaches(arn string) bool {
	return slices.ContainsFunc(g.resources, func(pattern string) bool { return access.Matches(pattern, arn) })
}

// on a place are the actions that can be allowed there.
func (g grants) on(p awsmodel.Place) (actions []string) {
	for action, types := range g.actions[p.Service] {
		if slices.Contains(types, p.Type) {
			actions = append(actions, action)
		}
	}
	return actions
}

// everywhere are the actions of services with resources of ours that AWS allows on all resources or on none.
func (g grants) everywhere() (actions []string) {
	for _, of := range g.actions {
		for action, types := range of {
			if len(types) == 0 {
				actions = append(actions, action)
			}
		}
	}
	return actions
}
