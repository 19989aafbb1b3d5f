// Package attack files what an app team may file to reach more than its own pipeline, and checks what it gets.
package attack

import (
	"os"
	"strings"
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/iam"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/access"
)

const (
	team = `apiVersion: paymentdelivery.io/v1alpha1
kind: XPaymentDeliveryPipeline
metadata: {name: b, uid: 0b7a2c9e-58ac-4c2d-9f6e-3d1f0e8a7b11}
spec:
  environmentSuffix: b-qa
  source: {owner: team-b, repository: service}
  service:
    permissions:
`
	platform = "apiVersion: paymentdelivery.fn.crossplane.io/v1beta1\nkind: PlatformSettings\n"

	regional = ":us-east-1:111122223333:"
	policies = "arn:aws:iam::111122223333:policy/"
	onlyOurs = "policies of pipelines are only for their own roles"
	delivery = "resources of pipelines are only for pipelines"
	noData   = "is not among the actions on data"
	anyName  = "a wildcard may stand only for what is in a resource whose name is written out"
	service  = "is neither a policy payment-service-… nor AWSXRayDaemonWriteAccess"

	anything = "allowedActions: ['codebuild:*', 'codedeploy:*', 'dynamodb:*', 'events:*', 'logs:*']\n"

	listed  = "allowedPolicyArns: ['" + policies + "*']\n"
	bounded = "permissionsBoundaryArn: " + policies + "payment-delivery-boundary\n"
)

func attach(arn string) string { return "      policyArns: ['" + arn + "']\n" }

func may(action, resource string) string {
	return "      statements: [{actions: ['" + action + "'], resources: ['" + resource + "']}]\n"
}

// TestPermissionsOfOthers files claims of team B for what is team A's, or the account's. Each is refused, with the named reason.
func TestPermissionsOfOthers(t *testing.T) {
	cases := map[string]struct {
		files, settings, gets string
	}{
		"ReleasesOfA":            {files: attach(policies + "release-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"DeliveryOfA":            {files: attach(policies + "pipeline-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"BuildsOfA":              {files: attach(policies + "codebuild-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"RollbacksOfA":           {files: attach(policies + "ROLLBACK-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"RetiredOfA":             {files: attach(policies + "release-events-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"ReleasesOfAByDefault":   {files: attach(policies + "release-policy-team-a-prod"), gets: service},
		"ReleasesOfABounded":     {files: attach(policies + "release-policy-team-a-prod"), settings: bounded, gets: onlyOurs},
		"WatchOfA":               {files: attach(policies + "watch-policy-team-a-prod"), settings: listed, gets: onlyOurs},
		"Administrator":          {files: attach("arn:aws:iam::aws:policy/AdministratorAccess"), gets: service},
		"PolicyOfSomebody":       {files: attach(policies + "ledger"), gets: service},
		"PolicyInAFolder":        {files: attach(policies + "x/payment-service-a"), gets: service},
		"Users":                  {files: may("iam:CreateUser", "arn:aws:iam::111122223333:user/*"), gets: noData},
		"OneUser":                {files: may("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/admin"), gets: noData},
		"Roles":                  {files: may("sts:AssumeRole", "arn:aws:iam::111122223333:role/*"), gets: noData},
		"OneRole":                {files: may("sts:AssumeRole", "arn:aws:iam::111122223333:role/admin"), gets: noData},
		"PassedRole":             {files: may("iam:PassRole", "arn:aws:iam::111122223333:role/admin"), gets: noData},
		"Account":                {files: may("organizations:LeaveOrganization", "arn:aws:organizations::111122223333:organization/o-a"), gets: noData},
		"CodeOfAll":              {files: may("lambda:UpdateFunctionCode", "arn:aws:lambda"+regional+"function:*"), gets: noData},
		"CodeOfA":                {files: may("lambda:UpdateFunctionCode", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod"), gets: noData},
		"TrafficOfA":             {files: may("lambda:UpdateAlias", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod"), gets: noData},
		"DoorOfAQueue":           {files: may("sqs:AddPermission", "arn:aws:sqs"+regional+"booked"), gets: noData},
		"Key":                    {files: may("kms:CreateGrant", "arn:aws:kms"+regional+"key/1234abcd-12ab-34cd-56ef-1234567890ab"), gets: noData},
		"KeyGone":                {files: may("kms:ScheduleKeyDeletion", "arn:aws:kms"+regional+"key/1234abcd-12ab-34cd-56ef-1234567890ab"), gets: noData},
		"BuildOfA":               {files: may("codebuild:StartBuild", "arn:aws:codebuild"+regional+"project/payment-processor-build-team-a-prod"), gets: noData},
		"ApprovalOfA":            {files: may("codepipeline:PutApprovalResult", "arn:aws:codepipeline"+regional+"payment-processor-pipeline-team-a-prod"), gets: noData},
		"AnySecret":              {files: may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager"+regional+"secret:*"), gets: anyName},
		"SecretsThatBeginWithA":  {files: may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager"+regional+"secret:a*"), gets: anyName},
		"AnySecretOfALength":     {files: may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager"+regional+"secret:????????-??????"), gets: anyName},
		"AnySecretBounded":       {files: may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager"+regional+"secret:*"), settings: bounded, gets: anyName},
		"AnyTable":               {files: may("dynamodb:Scan", "arn:aws:dynamodb"+regional+"t*/orders"), gets: anyName},
		"AnyParameter":           {files: may("ssm:GetParameter", "arn:aws:ssm"+regional+"parameter/*"), gets: anyName},
		"AnyKey":                 {files: may("kms:Decrypt", "arn:aws:kms"+regional+"key/*"), gets: anyName},
		"AnyBucket":              {files: may("s3:GetObject", "arn:aws:s3:::p*/*"), gets: anyName},
		"AnyAccessPoint":         {files: may("s3:GetObject", "arn:aws:s3"+regional+"accesspoint/*"), gets: anyName},
		"AnyAccessPointOfMany":   {files: may("s3:GetObject", "arn:aws:s3::111122223333:accesspoint/*"), gets: anyName},
		"GreenOfA":               {files: may("lambda:InvokeFunction", "arn:aws:lambda"+regional+"function:payment-processor-green-team-a-prod"), gets: delivery},
		"NewestBlueOfA":          {files: may("lambda:InvokeFunction", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod"), gets: delivery},
		"EachVersionOfA":         {files: may("lambda:InvokeFunction", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod:*"), gets: delivery},
		"PipelineLogOfA":         {files: may("logs:DeleteLogGroup", "arn:aws:logs"+regional+"log-group:/aws/codepipeline/payment-processor-pipeline-team-a-prod"), settings: anything, gets: delivery},
		"ReportOfA":              {files: may("codebuild:DeleteReport", "arn:aws:codebuild"+regional+"report/payment-processor-build-team-a-prod-test:x"), settings: anything, gets: delivery},
		"SandboxOfA":             {files: may("codebuild:StartSandboxConnection", "arn:aws:codebuild"+regional+"sandbox/payment-processor-build-team-a-prod:x"), settings: anything, gets: delivery},
		"RolloutOfA":             {files: may("codedeploy:DeleteDeploymentConfig", "arn:aws:codedeploy"+regional+"deploymentconfig:payment-processor-canary-10percent-5minutes-team-a"), settings: anything, gets: delivery},
		"ScheduleOfA":            {files: may("events:DisableRule", "arn:aws:events"+regional+"rule/payment-event-nightly.team-a-prod"), settings: anything, gets: delivery},
		"SourceOfA":              {files: may("events:DisableRule", "arn:aws:events"+regional+"rule/orders/payment-event-placed.team-a-prod"), settings: anything, gets: delivery},
		"RulesOfA":               {files: may("events:DisableRule", "arn:aws:events"+regional+"rule/orders/payment-processor-watch-deployments-team-a-prod"), settings: anything, gets: delivery},
		"ReplicasOfA":            {files: may("dynamodb:DeleteItem", "arn:aws:dynamodb::111122223333:global-table/deployment-history-team-a-prod"), settings: anything, gets: delivery},
		"HistoryOfA":             {files: may("dynamodb:PutItem", "arn:aws:dynamodb"+regional+"table/deployment-history-team-a-prod"), gets: delivery},
		"ArtifactsOfA":           {files: may("s3:PutObject", "arn:aws:s3:::pipeline-artifacts-team-a-prod-9e93dc1d/released/*"), gets: delivery},
		"RollbackOfA":            {files: may("states:StartExecution", "arn:aws:states"+regional+"stateMachine:payment-processor-rollback-team-a-prod"), gets: delivery},
		"RollbackOfAWithAList":   {files: may("states:StartExecution", "arn:aws:states"+regional+"stateMachine:payment*"), settings: "allowedActions: ['states:*']\n", gets: delivery},
		"RollbackOfABounded":     {files: may("states:StartExecution", "arn:aws:states"+regional+"stateMachine:payment-processor-rollback-team-a-prod"), settings: bounded, gets: delivery},
		"TrafficOfABounded":      {files: may("lambda:UpdateAlias", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod"), settings: bounded, gets: delivery},
		"CodeOfAllBounded":       {files: may("lambda:UpdateFunctionCode", "arn:aws:lambda"+regional+"function:*"), settings: "allowedActions: ['lambda:*']\n", gets: delivery},
		"ApprovalOfABounded":     {files: may("codepipeline:PutApprovalResult", "arn:aws:codepipeline"+regional+"payment-processor-pipeline-team-a-prod/Approval/Approve_Traffic_Shift"), settings: bounded, gets: delivery},
		"LogsOfA":                {files: may("logs:PutLogEvents", "arn:aws:logs"+regional+"log-group:/aws/lambda/payment-processor-blue-team-a-prod:*"), settings: bounded, gets: delivery},
		"PeopleOfA":              {files: may("sns:Publish", "arn:aws:sns"+regional+"deployment-alarms-team-a-prod"), gets: delivery},
		"ActionThatIsNotAllowed": {files: may("iam:CreateUser", "arn:aws:iam::111122223333:user/a"), settings: "allowedActions: ['sqs:*']\n", gets: "supported values"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			err := file(t, tc.files, tc.settings)
			if err == nil || !strings.Contains(err.Error(), tc.gets) {
				t.Errorf("want %q, got %v", tc.gets, err)
			}
		})
	}
	for name, files := range map[string]string{
		"Queue": may("sqs:SendMessage", "arn:aws:sqs"+regional+"booked"), "Policy": attach(policies + "payment-service-tracing"),
		"Production of A": may("lambda:InvokeFunction", "arn:aws:lambda"+regional+"function:payment-processor-blue-team-a-prod:live"),
		"Bucket":          may("s3:GetObject", "arn:aws:s3:::receipts/*"),
	} {
		if err := file(t, files, ""); err != nil {
			t.Errorf("%s is for every service: want no refusal, got %v", name, err)
		}
	}
}

// TestBoundedPermissions files what a boundary opens the statements for, and calls it: the boundary of the installation ends it.
func TestBoundedPermissions(t *testing.T) {
	text, err := os.ReadFile("../../examples/install/permissions-boundary.json")
	if err != nil {
		t.Fatal(err)
	}
	boundary, err := iam.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for action, resource := range map[string]string{
		"iam:CreateAccessKey":            "arn:aws:iam::111122223333:user/admin",
		"sts:AssumeRole":                 "arn:aws:iam::111122223333:role/admin",
		"lambda:UpdateFunctionCode":      "arn:aws:lambda" + regional + "function:ledger",
		"codepipeline:PutApprovalResult": "arn:aws:codepipeline" + regional + "ledger",
		"kms:CreateGrant":                "arn:aws:kms" + regional + "key/1234abcd-12ab-34cd-56ef-1234567890ab",
	} {
		if err := file(t, may(action, resource), bounded); err != nil {
			t.Errorf("%s: want no refusal, got %v", action, err)
		}
		got, err := access.Policies{Identity: []iam.Document{boundary}}.Decide(access.Request{Action: action, Resource: resource, Context: map[string][]string{
			"aws:PrincipalArn": {"arn:aws:iam::111122223333:role/lambda-execution-role-b-qa"}, "kms:ViaService": {"lambda.us-east-1.amazonaws.com"},
		}})
		if err != nil || got == access.Allowed {
			t.Errorf("%s on %s: want the boundary to end it, got %s, %v", action, resource, got, err)
		}
	}
}

// file a claim of team B's with permissions under the platform team's settings. The error is what it gets.
func file(t *testing.T, permissions, settings string) error {
	t.Helper()
	xr := object(t, team+permissions)
	c, err := claim.Read(claim.Sources{Input: object(t, platform+settings)}, xr, claim.Existing{})
	if err != nil {
		return err
	}
	if c.Refused != nil {
		return c.Refused
	}
	_, err = architecture.New(c, compose.NewObservation(&fnv1.State{Composite: &fnv1.Resource{Resource: xr}}))
	return err
}

func object(t *testing.T, text string) *structpb.Struct {
	t.Helper()
	fields := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &fields); err != nil {
		t.Fatal(err)
	}
	s, err := structpb.NewStruct(fields)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
