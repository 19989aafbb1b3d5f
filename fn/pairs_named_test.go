package main

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"pgregory.net/rapid"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	claims "github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/patch"
)

// dropsAPair is how many claims each attacker files. Each is one name of one thing.
const dropsAPair = 10

// TestPairsNamed has one team of two file claims that name what belongs to the other one, or something like it, under separateTeams and
// settings for each namespace. Each is refused, or does not name it; and what of all that is accepted gives no role of its pipeline a call on
// anything of the other team. "-rapid.checks" says how many pairs there are.
func TestPairsNamed(t *testing.T) {
	t.Parallel()
	victim := neighbour{namespace: "team-a", suffix: "a-prod", account: "444455556666", id: "0a"}
	belongings := belongingsOf(victim, victim.make(t, anUID, victim.own()))
	refused, accepted := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		attacker := drawNeighbour(t, victim)
		claim := attacker.own()
		for range dropsAPair {
			d := drawNameDrop(t, attacker, victim, belongings)
			if fileNamed(t, attacker, patch.Merge(attacker.own(), d.claim)) != "" {
				refused++
				continue
			}
			accepted++
			if thing := named(d.text, belongings); thing != "" {
				t.Errorf("%s of namespace %q names %s of namespace %q by %q", d.field, attacker.namespace, thing, victim.namespace, d.text)
			}
			if more := patch.Merge(claim, d.claim); fileNamed(t, attacker, more) == "" {
				claim = more
			}
		}
		wantNoCalls(t, attacker.make(t, "1"+anUID[1:], claim), belongings)
	})
	if refused == 0 || accepted == 0 {
		t.Errorf("want claims of both kinds, got %d refused and %d accepted", refused, accepted)
	}
}

// TestPairsNameEachField checks that each field is drawn in which separateTeams lets a claim name some things and no others, and that a claim
// may name its own team's there: if it may not, no refusal means anything.
func TestPairsNameEachField(t *testing.T) {
	t.Parallel()
	rules, _ := claims.Guardrails()
	for _, r := range rules {
		if r.Separate == nil || strings.HasPrefix(r.Name, "require.") {
			continue
		}
		for _, field := range r.Fields {
			if namings[field].claim == "" && ownersAnyone[field] == "" {
				t.Errorf("%s: say in namings how a claim names something there", field)
			}
		}
	}
	team := neighbour{namespace: "team-b", suffix: "b-prod", account: "777788889999", id: "0b"}
	for field, n := range namings {
		for _, kind := range n.kinds {
			own := team.fill(n.claim, team.thing(kind))
			if message := fileNamed(t, team, patch.Merge(team.own(), own)); message != "" {
				t.Errorf("%s: want its own %s accepted, got %s", field, kind, message)
			}
		}
	}
}

// belongingsOf a team: all its things, and all that its pipeline is made of.
func belongingsOf(n neighbour, pipeline team) []string {
	var all []string
	for kind := range owned {
		all = append(all, n.thing(kind))
	}
	for _, p := range pipeline.places {
		all = append(all, p.ARN)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// named is which of these things a text names, as a pattern, in any case, or with something of that thing behind it. Empty: none.
func named(text string, belongings []string) string {
	text = strings.ToLower(text)
	for _, thing := range belongings {
		of := strings.ToLower(thing)
		rest, begins := strings.CutPrefix(text, of)
		if access.Matches(text, of) || begins && strings.ContainsAny(rest[:1], ":/") {
			return thing
		}
	}
	return ""
}

// namedRequest is about a claim of a team's, under the settings for all teams and those for each.
func namedRequest(n neighbour, spec map[string]any) *fnv1.RunFunctionRequest {
	req := newRequest(spec, nil)
	metadata := req.GetObserved().GetComposite().GetResource().GetFields()["metadata"].GetStructValue()
	metadata.Fields["labels"] = structpb.NewStructValue(mustStruct(map[string]any{"crossplane.io/claim-namespace": n.namespace}))
	req.RequiredResources = settingsObjects(map[string]any{"all": map[string]any{"separateTeams": true}, "team": n.settings()})
	return req
}

// fileNamed claim of a team's. The message says why it is refused.
func fileNamed(t rapid.TB, n neighbour, spec map[string]any) string {
	return whyRefused(runAny(t, namedRequest(n, spec)))
}

// make all of a claim of a team's.
func (n neighbour) make(t rapid.TB, uid string, spec map[string]any) team {
	return makeTeam(t, filed{suffix: n.suffix, uid: uid, spec: spec}, "us-east-1", namedRequest(n, spec))
}

// wantNoCalls that IAM allows any role of a pipeline on anything of another team, but for those that TestPairs knows.
func wantNoCalls(t rapid.TB, made team, belongings []string) {
	for _, r := range made.roles {
		for _, s := range made.account.Statements(r.arn) {
			for _, thing := range belongings {
				if s.Effect != iam.EffectAllow || !slices.ContainsFunc(s.Resource, func(pattern string) bool { return access.Matches(pattern, thing) }) {
					continue
				}
				for _, action := range actionsOn(t, s, thing) {
					decision, err := made.account.Decide(r.arn, access.Request{Action: action, Resource: thing, Context: r.context})
					must(t, err)
					if decision == access.Allowed && beyond[r.base+" "+action] == "" {
						t.Errorf("%s may do %s on %s", r.arn, action, thing)
					}
				}
			}
		}
	}
}

// actionsOn a thing that a statement allows, of those that AWS allows by resources.
func actionsOn(t rapid.TB, s iam.Statement, thing string) (actions []string) {
	for _, pattern := range s.Action {
		if service, _, _ := strings.Cut(pattern, ":"); !strings.HasPrefix(thing, "arn:aws:"+service+":") {
			continue
		}
		granted, err := awsmodel.Granted(pattern)
		must(t, err)
		for action, types := range granted {
			if len(types) > 0 {
				actions = append(actions, action)
			}
		}
	}
	return actions
}
