package attack

import (
	"strings"
	"testing"

	iamv1beta1 "github.com/upbound/provider-aws/v2/apis/cluster/iam/v1beta1"
	"google.golang.org/protobuf/types/known/structpb"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"
	"github.com/crossplane/function-sdk-go/resource"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/names"
)

const (
	account = "111122223333"

	// built and promoted are where the code of a claim is from.
	built    = "  source: {owner: my-org, repository: my-repo, connectionArn: 'arn:aws:codeconnections:us-east-1:111122223333:connection/00000000-1111-2222-3333-444444444444'}\n"
	promoted = "  source: {promotedFrom: {accountId: '444455556666', bucketName: pipeline-artifacts-dev-1a2b3c4d}}\n"
)

// TestSuffixes files claims whose suffixes are made so that their names begin, end or go on like those of the team that is attacked. They
// get names of their own.
func TestSuffixes(t *testing.T) {
	const released = "  rollout: {onConfigurationChange: Release}\n"
	const reported = built + "  build: {reports: {test: {files: ['a.xml']}, coverage: {files: ['b.xml'], format: CLOVERXML}}}\n"
	const nightly = "  service: {eventSources: [{name: nightly, schedule: {expression: rate(1 day)}}]}\n"
	cases := map[string]struct {
		victim, attacker string
		victims          string
		attackers        string
	}{
		"PromotionsRule":     {victim: "prod", attacker: "promotion-prod", victims: promoted, attackers: built},
		"ConfigurationsRule": {victim: "prod", attacker: "configuration-prod", victims: built + released, attackers: built},
		"EventsRole":         {victim: "prod", attacker: "events-prod", victims: built, attackers: built},
		"ServiceRole":        {victim: "prod", attacker: "service-role-prod", victims: built, attackers: built},
		"Watch":              {victim: "deployments-prod", attacker: "prod", victims: built, attackers: built},
		"ReportGroup":        {victim: "prod-test", attacker: "prod", victims: reported, attackers: reported},
		"Source":             {victim: "prod", attacker: "nightly", victims: built + nightly, attackers: built + strings.ReplaceAll(nightly, "nightly", "prod")},
		"Bucket":             {victim: "prod", attacker: "prod-0b7a2c9e", victims: built, attackers: built},
		"CustomShift":        {victim: "minutes-a", attacker: "0minutes-a", victims: built + "  rollout: {custom: {type: Canary, percentage: 10, intervalMinutes: 10}}\n", attackers: built + "  rollout: {custom: {type: Canary, percentage: 10, intervalMinutes: 1}}\n"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			theirs, ours := namesOf(t, tc.victim, tc.victims), namesOf(t, tc.attacker, tc.attackers)
			if shared := names.Shared(theirs, ours); len(shared) > 0 {
				t.Errorf("want no name in AWS that %s and %s share, got %v", tc.victim, tc.attacker, shared)
			}
		})
	}
}

// TestRefusedSuffixes files claims for names that another team has or had, and gets none.
func TestRefusedSuffixes(t *testing.T) {
	const mine = "apiVersion: paymentdelivery.fn.crossplane.io/v1beta1\nkind: PlatformSettings\nallowedEnvironmentSuffixes: [team-b-*]\n"
	cases := map[string]struct {
		suffix, settings, want string
	}{
		"AnotherTeams":    {suffix: "team-a-prod", settings: mine, want: "allowedEnvironmentSuffixes"},
		"LeftBehind":      {suffix: "prod", settings: mine, want: "allowedEnvironmentSuffixes"},
		"PartOfAPath":     {suffix: "../prod", want: "must be lower-case letters"},
		"WholeRule":       {suffix: "a.prod", want: "must be lower-case letters"},
		"EveryonesNames":  {suffix: "'*'", want: "must be lower-case letters"},
		"NextLine":        {suffix: `"prod\nx"`, want: "must be lower-case letters"},
		"OtherLetterCase": {suffix: "PROD", want: "must be lower-case letters"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, tc.suffix, built, tc.settings)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("want the claim to be refused with %q, got %v", tc.want, err)
			}
		})
	}
}

// TestHeldSuffix files a claim for the suffix of a pipeline that exists. It is refused before anything in AWS is looked at.
func TestHeldSuffix(t *testing.T) {
	p, _ := pipelineOf(t, "prod", built)
	held := object(t, "metadata:\n  name: prod.function-role.default\n  labels: {crossplane.io/claim-namespace: team-a, crossplane.io/claim-name: payments}\n"+
		"  ownerReferences: [{controller: true, uid: 11111111-2222-3333-4444-555555555555}]\n")
	err := p.CheckHolder(observation(t, "prod", built), map[string]*fnv1.Resources{"claim": {Items: []*fnv1.Resource{{Resource: held}}}})
	if err == nil || !strings.Contains(err.Error(), "team-a/payments") {
		t.Errorf("want the claim to be refused, got %v", err)
	}
}

// TestNetworkInterfaces has the code of a build and of a function delete and take network interfaces of others.
func TestNetworkInterfaces(t *testing.T) {
	const (
		subnet = "arn:aws:ec2:us-east-1:" + account + ":subnet/"
		vpc    = "{vpcId: vpc-0a, subnetIds: [subnet-0a], securityGroupIds: [sg-0a]}"
		eni    = "arn:aws:ec2:us-east-1:" + account + ":network-interface/eni-0a"
	)
	p, known := pipelineOf(t, "prod", built+"  build: {vpc: "+vpc+"}\n  service: {vpc: {subnetIds: [subnet-0a], securityGroupIds: [sg-0a]}}\n")
	lambdas, err := iam.Parse(`{"Version": "2012-10-17", "Statement": [{"Sid": "AWSLambdaVPCAccessExecutionRole", "Effect": "Allow",
		"Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"], "Resource": "*"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	builds, functions := policyOf(t, p, known, "build-policy"), policyOf(t, p, known, "function-history-policy")
	in := func(id string) map[string][]string {
		return map[string][]string{"ec2:Vpc": {strings.Replace(subnet, "subnet", "vpc", 1) + id}}
	}
	fromCode := map[string][]string{"lambda:SourceFunctionArn": {"arn:aws:lambda:us-east-1:" + account + ":function:payment-processor-blue-prod"}}
	cases := map[string]struct {
		policies []iam.Document
		request  access.Request
		allowed  bool
	}{
		"BuildsOwn":      {builds, access.Request{Action: "ec2:DeleteNetworkInterface", Resource: eni, Context: in("vpc-0a")}, true},
		"OfAnotherVPC":   {builds, access.Request{Action: "ec2:DeleteNetworkInterface", Resource: eni, Context: in("vpc-0b")}, false},
		"InAnotherVPC":   {builds, access.Request{Action: "ec2:CreateNetworkInterface", Resource: subnet + "subnet-0b", Context: in("vpc-0b")}, false},
		"OthersGroup":    {builds, access.Request{Action: "ec2:CreateNetworkInterface", Resource: strings.Replace(subnet, "subnet", "security-group", 1) + "sg-0b", Context: in("vpc-0b")}, false},
		"Lambdas":        {append(functions, lambdas), access.Request{Action: "ec2:DeleteNetworkInterface", Resource: eni}, true},
		"FunctionsCode":  {append(functions, lambdas), access.Request{Action: "ec2:DeleteNetworkInterface", Resource: eni, Context: fromCode}, false},
		"TakesAnAddress": {append(functions, lambdas), access.Request{Action: "ec2:AssignPrivateIpAddresses", Resource: eni, Context: fromCode}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := access.Policies{Identity: tc.policies}.Decide(tc.request)
			if err != nil || (got == access.Allowed) != tc.allowed {
				t.Errorf("%s: want allowed: %t, got %s, %v", tc.request, tc.allowed, got, err)
			}
		})
	}
}

// xr of a claim with this suffix and these further fields.
func xr(t *testing.T, suffix, fields string) *structpb.Struct {
	t.Helper()
	return object(t, "metadata: {name: payments, uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11}\nspec:\n  environmentSuffix: "+suffix+"\n"+fields)
}

func observation(t *testing.T, suffix, fields string) compose.Observation {
	t.Helper()
	return compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr(t, suffix, fields)}})
}

// read a claim under the platform team's settings. Empty: there are none.
func read(t *testing.T, suffix, fields, settings string) (claim.Claim, error) {
	t.Helper()
	var sources claim.Sources
	if settings != "" {
		sources.Input = object(t, settings)
	}
	return claim.Read(sources, xr(t, suffix, fields), claim.Existing{})
}

// pipelineOf a claim that nobody refuses, with all that can be known of it.
func pipelineOf(t *testing.T, suffix, fields string) (architecture.Pipeline, compose.Known) {
	t.Helper()
	c, err := read(t, suffix, fields, "")
	if err == nil {
		err = c.Refused
	}
	if err != nil {
		t.Fatalf("want the claim to be accepted, got %v", err)
	}
	p, err := architecture.New(c, observation(t, suffix, fields))
	if err != nil {
		t.Fatalf("want the claim to be accepted, got %v", err)
	}
	known := compose.Known{}
	for _, r := range p.Resources() {
		for _, fact := range r.Needs {
			known[fact] = "1"
		}
	}
	known[architecture.AccountID] = account
	return p, known
}

func namesOf(t *testing.T, suffix, fields string) map[names.Name]string {
	t.Helper()
	p, _ := pipelineOf(t, suffix, fields)
	all, err := names.Of(p)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// policyOf a role, by the resource that it is.
func policyOf(t *testing.T, p architecture.Pipeline, known compose.Known, name resource.Name) []iam.Document {
	t.Helper()
	for _, r := range p.Resources() {
		if r.Name != name {
			continue
		}
		o, err := r.Object(known)
		if err != nil {
			t.Fatal(err)
		}
		document, err := iam.Parse(*o.(*iamv1beta1.Policy).Spec.ForProvider.Policy)
		if err != nil {
			t.Fatal(err)
		}
		return []iam.Document{document}
	}
	t.Fatalf("want the policy %s, got none", name)
	return nil
}
