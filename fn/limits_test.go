package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"sigs.k8s.io/yaml"

	fnv1 "github.com/crossplane/function-sdk-go/proto/v1"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/claim"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/internal/fntest"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/schema"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/awsmodel"
)

// A probe is a claim in which one field has a value at or beyond a limit of its schema, or with a character that it may not
// have.
type probe struct {
	// field is where the value is: service.memorySizeMiB, tags.
	field string

	// beyond says which limit it is about: "range", "length", "number", "characters", "values".
	beyond string

	// value that is told, and how to set it.
	value string
	set   func(spec map[string]any)

	// refused by the schema of the field, whatever the rest of the claim says.
	refused bool
}

// TestLimits puts each field of a claim at its limits and beyond, and gives each text every character. A claim that is accepted
// must be one that AWS's models take. One that is refused, although they take it, must be so for a reason that is told here.
func TestLimits(t *testing.T) {
	t.Parallel()
	space := newClaimSpace(t)
	fields := map[string][]probe{}
	for _, p := range space.probes() {
		top, _, _ := strings.Cut(p.field, ".")
		fields[top] = append(fields[top], p)
	}
	var taken, refused atomic.Int64
	var used sync.Map
	t.Run("Fields", func(t *testing.T) {
		for name, probes := range fields {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				wrong := map[string]bool{}
				for _, p := range probes {
					key := p.field + " " + p.beyond
					accepted := space.accepts(p)
					if _, known := used.Load(key); known && !accepted || wrong[key] {
						// Whatever AWS's models say, there is a reason, which is needed; or one value has told what is wrong.
						continue
					}
					finding := space.finding(t, p)
					switch {
					case accepted && finding != "" && wider[key] != "":
						used.Store(key, true)
					case accepted && finding != "":
						wrong[key] = true
						t.Errorf("%s: %s is accepted, and AWS refuses it: %s", key, p.value, finding)
					case accepted:
						taken.Add(1)
					case finding != "":
						refused.Add(1)
					case narrower[key] == "":
						wrong[key] = true
						t.Errorf("%s: %s is refused, and AWS's models take it", key, p.value)
					default:
						used.Store(key, true)
					}
				}
			})
		}
	})
	for _, reasons := range []map[string]string{narrower, wider} {
		for key := range reasons {
			if _, needed := used.Load(key); !needed {
				t.Errorf("%s: AWS's models say the same, so this needs no reason", key)
			}
		}
	}
	if taken.Load() < 500 || refused.Load() < 200 {
		t.Errorf("want at least 500 claims taken and 200 refused, got %d and %d", taken.Load(), refused.Load())
	}
}

// narrower are the limits that AWS's models do not know, and where they come from.
var narrower = map[string]string{
	"alarm.additionalAlarms length":                                  "alarms have names of 1 to 255 characters: CloudWatch's PutMetricAlarm",
	"alarm.additionalAlarms number":                                  "a deployment group has 10 alarms, and one is the pipeline's: CodeDeploy's quotas",
	"alarm.errorRatePercent range":                                   "no alarm fires above 100 %",
	"alarm.evaluationPeriods range":                                  "CloudWatch looks back a day: PutMetricAlarm",
	"alarm.periodSeconds range":                                      "Lambda reports once a minute, and CloudWatch looks back a week: PutMetricAlarm",
	"build.buildspec length":                                         "CodeBuild takes no longer one, and does not say so in its model: fn/build has the source",
	"build.cache values":                                             "a cache is on one host, or in the artifact bucket, and the first helps few: CodeBuild's build-caching",
	"build.codeArtifact.domain characters":                           "no domain has them: CodeArtifact's CreateDomain",
	"build.codeArtifact.domain length":                               "no domain is so short or so long: CodeArtifact's CreateDomain",
	"build.codeArtifact.repository characters":                       "no repository has them: CodeArtifact's CreateRepository",
	"build.codeArtifact.repository length":                           "no repository is so short or so long: CodeArtifact's CreateRepository",
	"build.codeArtifact.tools values":                                "the generated buildspec logs in to these",
	"build.computeType values":                                       "this claim has a VPC, a cache, Docker and a timeout, which Lambda compute has not: CodeBuild's lambda",
	"build.environment keys' characters":                             "a shell has no such variables, and CODEBUILD_ is CodeBuild's: its build-env-ref-env-vars",
	"build.environment number":                                       "more cost the API server too much to check",
	"build.environment values' length":                               "CodeBuild refuses a value of more than 4096 characters when a build starts",
	"build.image characters":                                         "CodeBuild has no such image of its own",
	"build.image length":                                             "CodeBuild has no such image of its own",
	"build.handlerCheck values":                                      "the generated buildspec checks, or does not",
	"build.program length":                                           "only the generated buildspec has it",
	"build.program characters":                                       "only the generated buildspec has it",
	"build.reports.coverage.files length":                            "they are in the buildspec, which CodeBuild reads when a build starts",
	"build.reports.coverage.files number":                            "they are in the buildspec, which CodeBuild reads when a build starts",
	"build.reports.coverage.format values":                           "CodeBuild makes no reports of others: its build-spec-ref",
	"build.reports.test.files length":                                "they are in the buildspec, which CodeBuild reads when a build starts",
	"build.test length":                                              "only the generated buildspec has it",
	"build.test characters":                                          "only the generated buildspec has it",
	"build.tool values":                                              "only the generated buildspec has it",
	"build.reports.test.files number":                                "they are in the buildspec, which CodeBuild reads when a build starts",
	"build.reports.test.format values":                               "CodeBuild makes no reports of others: its build-spec-ref",
	"build.secrets keys' characters":                                 "a shell has no such variables, and CODEBUILD_ is CodeBuild's: its build-env-ref-env-vars",
	"build.secrets number":                                           "the build's policy has 6144 characters for all that it may do: IAM's quotas",
	"build.secrets values' characters":                               "no secret and no parameter has such an ARN: Secrets Manager's CreateSecret, Systems Manager's PutParameter",
	"build.secrets values' length":                                   "no secret and no parameter has such an ARN: Secrets Manager's CreateSecret, Systems Manager's PutParameter",
	"build.vpc.securityGroupIds characters":                          "no id has them: EC2's CreateSecurityGroup",
	"build.vpc.securityGroupIds length":                              "no id is so long, nor without an end",
	"build.vpc.securityGroupIds number":                              "the ids of this test are none, however many: EC2's CreateSecurityGroup",
	"build.vpc.subnetIds characters":                                 "no id has them: EC2's CreateSubnet",
	"build.vpc.subnetIds length":                                     "no id is so long, nor without an end",
	"build.vpc.subnetIds number":                                     "the ids of this test are none, however many: EC2's CreateSubnet",
	"build.vpc.vpcId characters":                                     "no id has them: EC2's CreateVpc",
	"build.vpc.vpcId length":                                         "no id is so long, nor without an end",
	"environmentSuffix characters":                                   "names of objects in the cluster begin and end with a letter or a digit",
	"environmentSuffix length":                                       "names of EventBridge's rules end at 64 characters, and this claim has not the longest",
	"notifications.approvalTopicArn characters":                      "no topic has them: SNS's CreateTopic",
	"notifications.approvalTopicArn length":                          "no topic has a name of more than 256 characters: SNS's CreateTopic",
	"notifications.emails characters":                                "no address has them",
	"notifications.emails length":                                    "no address is so short or so long: RFC 5321",
	"notifications.emails number":                                    "a mailing list is one address",
	"retention.artifactDays range":                                   "longer is for ever, 0",
	"retention.historyDays range":                                    "longer is for ever, 0",
	"retention.versions range":                                       "more are all, 0",
	"rollout.analysis.metrics.expression characters":                 "one begins an array, which gives more than one number for each minute: CloudWatch's using-metric-math",
	"rollout.analysis.bakeMinutes range":                             "a release is judged for a day at most",
	"rollout.analysis.maxErrorPercent range":                         "it is a share",
	"rollout.analysis.maxThrottlePercent range":                      "it is a share",
	"rollout.analysis.metrics number":                                "each is asked for at every look",
	"rollout.analysis.metrics.expression length":                     "CloudWatch takes 1 to 2048 characters: GetMetricData",
	"rollout.analysis.metrics.maxPercent range":                      "it is a share",
	"rollout.analysis.metrics.name characters":                       "it is part of messages",
	"rollout.analysis.metrics.name length":                           "it is part of messages",
	"rollout.analysis.minInvocations range":                          "nothing is judged by none, and by a million as well as by more",
	"rollout.analysis.p99Milliseconds range":                         "Lambda ends an invocation after 900 seconds: its quotas",
	"rollout.analysis.tooFewInvocations values":                      "a release passes, fails or waits",
	"rollout.bypassAlarmsForCommit characters":                       "a commit's SHA is 40 hexadecimal digits",
	"rollout.bypassAlarmsForCommit length":                           "a commit's SHA is 40 hexadecimal digits",
	"rollout.bypassReason length":                                    "it is part of a history item, which has 400 KB in all",
	"rollout.custom.intervalMinutes range":                           "CodeDeploy has 48 hours from the first shift to the last: its quotas",
	"rollout.custom.percentage range":                                "100 % at once is LambdaAllAtOnce, a configuration of CodeDeploy's own",
	"rollout.custom.type values":                                     "CodeDeploy shifts in these two ways",
	"rollout.hooks.afterAllowTraffic characters":                     "functions have no such names: Lambda's CreateFunction",
	"rollout.hooks.afterAllowTraffic length":                         "functions have names of at most 64 characters: Lambda's CreateFunction",
	"rollout.hooks.beforeAllowTraffic characters":                    "functions have no such names: Lambda's CreateFunction",
	"rollout.hooks.beforeAllowTraffic length":                        "functions have names of at most 64 characters: Lambda's CreateFunction",
	"rollout.onConfigurationChange values":                           "settings wait for a release or start one",
	"service.architecture values":                                    "this claim's image is for x86_64, and builds nothing for ARM",
	"service.async.onFailure characters":                             "nothing that takes records has such an ARN",
	"service.async.onFailure length":                                 "nothing that takes records has such an ARN",
	"service.async.onSuccess characters":                             "nothing that takes records has such an ARN",
	"service.async.onSuccess length":                                 "nothing that takes records has such an ARN",
	"service.concurrency.provisioned.min range":                      "no more than are reserved, and no account has 100000",
	"service.concurrency.provisioned.max range":                      "no more than are reserved, no fewer than min, and no account has 100000",
	"service.concurrency.provisioned.targetUtilizationPercent range": "AWS's CDK takes 0.1 to 0.9, so that there is something to follow: its ScalableFunctionAttribute",
	"service.concurrency.reserved range":                             "no account has 100000, and this claim has some of them provisioned",
	"service.environment number":                                     "more cost the API server too much to check, and Lambda takes 4 KB of them",
	"service.environment values' length":                             "Lambda takes 4096 bytes, measured as JSON: its configuration-envvars",
	"service.ephemeralStorageMiB range":                              "functions have 512 to 10240 MB of /tmp: Lambda's configuration-ephemeral-storage",
	"service.eventSources number":                                    "the functions' policy has 6144 characters for all that they may do: IAM's quotas",
	"service.eventSources.dynamodb.maximumRecordAgeSeconds range":    "Lambda takes -1, or 60 seconds at least: CreateEventSourceMapping",
	"service.eventSources.dynamodb.onFailureArn characters":          "no queue and no topic has them: SQS's CreateQueue, SNS's CreateTopic",
	"service.eventSources.dynamodb.onFailureArn length":              "no queue and no topic has so long a name, or none",
	"service.eventSources.dynamodb.startingPosition values":          "Lambda reads a table's stream from its end or its beginning: CreateEventSourceMapping",
	"service.eventSources.dynamodb.streamArn characters":             "no table has them: DynamoDB's CreateTable",
	"service.eventSources.dynamodb.streamArn length":                 "no table has so long a name, or none: DynamoDB's CreateTable",
	"service.eventSources.kinesis.maximumRecordAgeSeconds range":     "Lambda takes -1, or 60 seconds at least: CreateEventSourceMapping",
	"service.eventSources.kinesis.onFailureArn characters":           "no queue and no topic has them: SQS's CreateQueue, SNS's CreateTopic",
	"service.eventSources.kinesis.onFailureArn length":               "no queue and no topic has so long a name, or none",
	"service.eventSources.kinesis.startingPosition values":           "a stream is read from its end or its beginning: a time would be of the first read only",
	"service.eventSources.kinesis.streamArn characters":              "no stream has them: Kinesis' CreateStream",
	"service.eventSources.kinesis.streamArn length":                  "no stream has so long a name, or none: Kinesis' CreateStream",
	"service.eventSources.name characters":                           "it is part of a resource's name in the cluster",
	"service.eventSources.name length":                               "it is part of a resource's name in the cluster",
	"service.eventSources.rule.eventBusName length":                  "buses have names of at most 256 characters, and ARNs, which nobody needs here: EventBridge's PutRule",
	"service.eventSources.schedule.expression characters":            "EventBridge has no such schedules: its eb-scheduled-rule-pattern",
	"service.eventSources.schedule.expression length":                "EventBridge has no such schedules: its eb-scheduled-rule-pattern",
	"service.eventSources.sqs.maximumBatchingWindowSeconds range":    "this claim's batches of more than 10 messages need a window: CreateEventSourceMapping",
	"service.eventSources.sqs.queueArn characters":                   "no queue has them: SQS's CreateQueue",
	"service.eventSources.sqs.queueArn length":                       "no queue has so long a name, or none: SQS's CreateQueue",
	"service.functionUrl.cors.allowHeaders characters":               "HTTP has no such headers, and Lambda keeps them in lower case",
	"service.functionUrl.cors.allowHeaders length":                   "a header has a name",
	"service.functionUrl.cors.allowOrigins characters":               "browsers know no such origins",
	"service.functionUrl.cors.allowOrigins length":                   "browsers know no such origins",
	"service.functionUrl.cors.allowOrigins number":                   "the origins that this test makes up are none",
	"service.functionUrl.cors.exposeHeaders characters":              "HTTP has no such headers, and Lambda keeps them in lower case",
	"service.functionUrl.cors.exposeHeaders length":                  "a header has a name",
	"service.functionUrl.invokeMode values":                          "an answer comes as a whole or as it is made",
	"service.handler characters":                                     "Lambda's Node.js finds no such file and no such function: its UserFunction.js",
	"service.handler length":                                         "Lambda's Node.js finds no such file and no such function: its UserFunction.js",
	"service.invokers number":                                        "Lambda takes 20 KB of a function's policy: its quotas",
	"service.invokers.name characters":                               "it is part of a resource's name in the cluster",
	"service.invokers.name length":                                   "it is part of a resource's name in the cluster",
	"service.invokers.principal characters":                          "there is no such service",
	"service.invokers.principal length":                              "services have short names",
	"service.invokers.sourceArn characters":                          "nothing that calls has such an ARN",
	"service.invokers.sourceArn length":                              "nothing that calls has such an ARN",
	"service.kmsKeyArn characters":                                   "no ARN of a key has them: KMS's CreateKey",
	"service.kmsKeyArn length":                                       "no ARN of a key is so long, nor without an end",
	"service.logging.format values":                                  "this claim has levels, which Lambda would not heed in text",
	"service.memorySizeMiB range":                                    "functions have 128 to 10240 MB: Lambda's quotas",
	"service.permissions.policyArns characters":                      "no policy has such an ARN: IAM's CreatePolicy",
	"service.permissions.policyArns length":                          "no policy has such an ARN: IAM's CreatePolicy",
	"service.permissions.policyArns number":                          "a role has 10 policies, of which two are the pipeline's: IAM's quotas",
	"service.permissions.statements number":                          "the functions' policy has 6144 characters for all that they may do: IAM's quotas",
	"service.permissions.statements.actions characters":              "a wildcard would be also the actions that AWS adds later",
	"service.permissions.statements.resources characters":            "nothing has such an ARN: IAM's reference_identifiers",
	"service.permissions.statements.resources length":                "the functions' policy has 6144 characters for all that they may do: IAM's quotas",
	"service.runtime values":                                         "this claim's handler is a file's, as Java has none",
	"service.secrets number":                                         "the functions' policy has 6144 characters for all that they may do: IAM's quotas",
	"service.secrets values' characters":                             "no secret and no parameter has such an ARN: Secrets Manager's CreateSecret, Systems Manager's PutParameter",
	"service.secrets values' length":                                 "no secret and no parameter has such an ARN: Secrets Manager's CreateSecret, Systems Manager's PutParameter",
	"service.snapStart values":                                       "this claim's runtime is of Node.js, which has none: Lambda's snapstart",
	"service.timeoutSeconds range":                                   "Lambda ends an invocation after 900 seconds: its quotas",
	"service.vpc.securityGroupIds length":                            "no id is so long, nor without an end",
	"service.vpc.subnetIds length":                                   "no id is so long, nor without an end",
	"smokeTest.expectStatusBelow range":                              "HTTP has statuses to 599",
	"promoteTo.environmentSuffix characters":                         "no pipeline has such a suffix",
	"promoteTo.environmentSuffix length":                             "no pipeline has such a suffix",
	"source.branch characters":                                       "not checked what CodePipeline does with them",
	"source.connectionArn characters":                                "no ARN of a connection has them: CodeConnections' CreateConnection",
	"source.connectionArn length":                                    "no ARN of a connection is longer: CodeConnections' CreateConnection",
	"source.directory characters":                                    "a shell and a glob might take them for something else",
	"source.directory length":                                        "CodePipeline takes paths of 255 characters, /** included: its API_GitFilePathFilterCriteria",
	"source.owner characters":                                        "GitHub has no such owners",
	"source.owner length":                                            "GitHub has no such owners",
	"source.repository characters":                                   "GitHub has no such repositories",
	"source.repository length":                                       "GitHub has no such repositories",
	"tags number":                                                    "with the platform team's there may be 47, and 7 are left to it",
}

// wider are fields with values that AWS's models refuse and a claim may have, and why.
var wider = map[string]string{
	"service.permissions.statements.actions characters": anyAction,
	"service.permissions.statements.actions length":     anyAction,
	"service.permissions.statements.actions number":     anyAction,
}

const anyAction = "which actions there are, and on what, AWS knows: a policy may name others, and allows nothing by that"

// unthinkable values lead to nothing: a rollout that has no steps.
var unthinkable = []string{"rollout.custom.percentage -1", "rollout.custom.percentage 0", `rollout.deploymentConfig "Unheard_of"`}

// A claimSpace is the claims that differ from a base in one field.
type claimSpace struct {
	schema extv1.JSONSchemaProps
	base   map[string]any

	// seen is a pipeline that exists, so that nothing waits.
	seen compose.Observation

	// desired are the resources that the base leads to, by name, which AWS takes. managed are the same as AWS's models read them.
	desired map[string]*fnv1.Resource
	managed map[string]awsmodel.Managed
}

func newClaimSpace(t *testing.T) *claimSpace {
	t.Helper()
	d := &extv1.CustomResourceDefinition{}
	if err := yaml.Unmarshal(apis.Definition, d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	base := fntest.Struct(t, fntest.File(t, "../examples/claims/full.yaml")).AsMap()["spec"].(map[string]any)
	// Scaling waits for what is provisioned, which is here then.
	service := map[string]any{"concurrency": base["service"].(map[string]any)["concurrency"]}
	ready := makeReady(t, newRequest(map[string]any{"environmentSuffix": "prod", "source": base["source"], "service": service}, nil))
	s := &claimSpace{
		schema: d.Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"], base: base,
		seen: compose.NewObservation(ready.GetObserved()), managed: map[string]awsmodel.Managed{},
	}
	s.desired = s.render(t, func(map[string]any) {})
	for name, r := range s.desired {
		s.managed[name] = managedOf(t, r)
	}
	all := slices.Collect(maps.Values(s.managed))
	if wrong := slices.Concat(awsmodel.Gaps(all), awsFindings(all)); len(wrong) > 0 {
		t.Fatalf("want a claim to begin with that AWS takes, and of which its models know all, got %q", wrong)
	}
	return s
}

// accepts says whether a claim is valid.
func (s *claimSpace) accepts(p probe) bool {
	if p.refused {
		return false
	}
	spec := runtime.DeepCopyJSON(s.base)
	p.set(spec)
	_, errs := claim.ReadSpec(mustStruct(map[string]any{"spec": spec}))
	return len(errs) == 0
}

// finding is the first of AWS's models in what a claim leads to, or would. Empty: none.
func (s *claimSpace) finding(t *testing.T, p probe) string {
	t.Helper()
	if slices.Contains(unthinkable, p.field+" "+p.value) {
		return "AWS cannot even be asked"
	}
	desired := s.render(t, p.set)
	var changed, all []awsmodel.Managed
	for _, name := range slices.Sorted(maps.Keys(desired)) {
		// The rest is as it was, and need not be read nor checked again.
		m := s.managed[name]
		if !sameFields(desired[name].GetResource(), s.desired[name].GetResource()) {
			m = managedOf(t, desired[name])
			changed = append(changed, m)
		}
		all = append(all, m)
	}
	for _, m := range changed {
		for _, finding := range findingsIn(m, all) {
			return m.Kind() + ": " + finding
		}
	}
	return ""
}

// sameFields as proto.Equal tells, which takes several times as long.
func sameFields(a, b *structpb.Struct) bool {
	return maps.EqualFunc(a.GetFields(), b.GetFields(), sameValue)
}

func sameValue(a, b *structpb.Value) bool {
	switch value := a.GetKind().(type) {
	case *structpb.Value_StructValue:
		other, ok := b.GetKind().(*structpb.Value_StructValue)
		return ok && sameFields(value.StructValue, other.StructValue)
	case *structpb.Value_ListValue:
		other, ok := b.GetKind().(*structpb.Value_ListValue)
		return ok && slices.EqualFunc(value.ListValue.GetValues(), other.ListValue.GetValues(), sameValue)
	default:
		return proto.Equal(a, b)
	}
}

// render the claim, valid or not.
func (s *claimSpace) render(t *testing.T, set func(map[string]any)) map[string]*fnv1.Resource {
	t.Helper()
	spec := runtime.DeepCopyJSON(s.base)
	set(spec)
	c := claim.Claim{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(spec, &c.Spec); err != nil {
		t.Fatalf("cannot decode: %v", err)
	}
	c.Platform.ProviderConfig = "default"
	p, err := architecture.New(c, s.seen)
	if err != nil {
		t.Fatalf("cannot name the pipeline: %v", err)
	}
	state, err := compose.Compose(p.Resources(), nil, p.Facts(s.seen), nil)
	if err != nil || len(state.Waiting) > 0 {
		t.Fatalf("cannot compose: %v, waiting: %v", err, state.Waiting)
	}
	desired := map[string]*fnv1.Resource{}
	for name, r := range state.Desired {
		desired[string(name)] = r
	}
	return desired
}

// probes of all fields.
func (s *claimSpace) probes() []probe {
	return probesOf(s.schema, nil, s.base)
}

// probesOf a field and those below it. The base is its value in a claim that is accepted.
func probesOf(schema extv1.JSONSchemaProps, path []string, base any) []probe {
	field, refuses := strings.Join(path, "."), refusedBy(schema)
	at := func(beyond string, value any) probe {
		return probe{field, beyond, short(value), func(spec map[string]any) {
			put(spec, path, value)
			if field == "rollout.deploymentConfig" {
				// What would take its place.
				delete(spec["rollout"].(map[string]any), "custom")
			}
		}, refuses(value)}
	}
	var all []probe
	switch {
	case len(schema.Enum) > 0:
		for _, value := range append(slices.Clone(schema.Enum), extv1.JSON{Raw: []byte(`"Unheard_of"`)}, extv1.JSON{Raw: []byte("8")}) {
			var v any
			_ = json.Unmarshal(value.Raw, &v)
			if _, text := v.(string); text == (schema.Type == "string") {
				all = append(all, at("values", wholeNumber(v)))
			}
		}
	case schema.Type == "integer" || schema.Type == "number":
		for _, limit := range []*float64{schema.Minimum, schema.Maximum} {
			for _, step := range []int64{-1, 0, 1} {
				all = append(all, at("range", int64(*limit)+step))
			}
		}
	case schema.Type == "boolean":
		all = append(all, at("values", true), at("values", false))
	case schema.Type == "string":
		for _, v := range variantsOf(base.(string), int(*schema.MaxLength)) {
			all = append(all, at(v.beyond, v.text))
		}
	case schema.Type == "array" && schema.Items.Schema.Type == "object":
		all = append(all, probesOfObjects(schema, path, base.([]any))...)
	case schema.Type == "array" && len(schema.Items.Schema.Enum) > 0:
		for _, value := range append(slices.Clone(schema.Items.Schema.Enum), extv1.JSON{Raw: []byte(`"Unheard_of"`)}) {
			var v any
			_ = json.Unmarshal(value.Raw, &v)
			all = append(all, at("values", []any{v}))
		}
	case schema.Type == "array":
		all = append(all, probesOfList(schema, base.([]any), at)...)
	case schema.AdditionalProperties != nil:
		all = append(all, probesOfMap(schema, base.(map[string]any), at)...)
	default:
		object, _ := base.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(schema.Properties)) {
			property, value := schema.Properties[name], object[name]
			if value == nil && property.Default != nil {
				_ = json.Unmarshal(property.Default.Raw, &value)
			}
			if value != nil {
				all = append(all, probesOf(property, append(slices.Clone(path), name), value)...)
			}
		}
	}
	return all
}

// refusedBy says whether the schema of a field refuses a value. Two probes of three end here, which takes a fraction of the time that a
// whole claim does.
func refusedBy(props extv1.JSONSchemaProps) func(value any) bool {
	compiled := sync.OnceValues(func() (*schema.Schema, error) {
		return schema.New(&extv1.JSONSchemaProps{Type: "object", Properties: map[string]extv1.JSONSchemaProps{"value": props}})
	})
	return func(value any) bool {
		s, err := compiled()
		if err != nil {
			panic(err) // It is part of a schema that is compiled too.
		}
		return len(s.Apply(map[string]any{"value": runtime.DeepCopyJSONValue(value)}, field.NewPath("field"))) > 0
	}
}

func probesOfList(schema extv1.JSONSchemaProps, base []any, at func(string, any) probe) []probe {
	var all []probe
	for _, n := range []int64{*schema.MaxItems, *schema.MaxItems + 1} {
		list := []any{}
		for i := range n {
			first, rest := base[0].(string)[:1], base[0].(string)[1:]
			list = append(list, fmt.Sprintf("%s%d%s", first, i, rest))
		}
		all = append(all, at("number", list))
	}
	for _, v := range variantsOf(base[0].(string), int(*schema.Items.Schema.MaxLength)) {
		all = append(all, at(v.beyond, []any{v.text}))
	}
	return all
}

// probesOfObjects in a list: of each field of those in the base, of which there may be one of each kind, and of their number.
func probesOfObjects(schema extv1.JSONSchemaProps, path []string, base []any) []probe {
	field := strings.Join(path, ".")
	var all []probe
	for _, n := range []int64{*schema.MaxItems, *schema.MaxItems + 1} {
		items := []any{}
		for i := range n {
			item := maps.Clone(base[0].(map[string]any))
			for _, key := range schema.XListMapKeys {
				item[key] = fmt.Sprintf("%v-%d", item[key], i)
			}
			items = append(items, item)
		}
		all = append(all, probe{field, "number", fmt.Sprintf("%d", n), func(spec map[string]any) { put(spec, path, items) }, false})
	}
	probed := map[string]bool{}
	for i, one := range base {
		fields := map[string]bool{}
		for _, p := range probesOf(*schema.Items.Schema, nil, one) {
			if fields[p.field] = true; probed[p.field] {
				continue
			}
			item := runtime.DeepCopyJSONValue(one).(map[string]any)
			p.set(item)
			// The others stay, and what is made of them.
			items := slices.Clone(base)
			items[i] = item
			all = append(all, probe{field + "." + p.field, p.beyond, p.value, func(spec map[string]any) { put(spec, path, items) }, p.refused})
		}
		maps.Copy(probed, fields)
	}
	return all
}

func probesOfMap(schema extv1.JSONSchemaProps, base map[string]any, at func(string, any) probe) []probe {
	var all []probe
	// The longest that any map's rules speak of.
	value, longest := "value", []int{255, 4096}
	if names := slices.Sorted(maps.Keys(base)); strings.HasPrefix(base[names[0]].(string), "arn:") {
		value = base[names[0]].(string)
		longest = []int{int(*schema.AdditionalProperties.Schema.MaxLength)}
	}
	for _, n := range []int64{*schema.MaxProperties, *schema.MaxProperties + 1} {
		entries := map[string]any{}
		for i := range n {
			entries[fmt.Sprintf("key%d", i)] = value
		}
		all = append(all, at("number", entries))
	}
	for _, v := range variantsOf("key", 127) {
		all = append(all, at("keys' "+v.beyond, map[string]any{v.text: value}))
	}
	for _, n := range longest {
		for _, v := range variantsOf(value, n) {
			all = append(all, at("values' "+v.beyond, map[string]any{"key": v.text}))
		}
	}
	return all
}

type variant struct{ beyond, text string }

// variantsOf a text: the base: empty, as long as allowed, longer, and with each character at its beginning, in its middle and at its
// end.
func variantsOf(base string, longest int) []variant {
	all := []variant{{"length", ""}}
	for _, n := range []int{1, longest, longest + 1} {
		text := base
		if n < len(base) {
			text = base[:n]
		}
		all = append(all, variant{"length", text + strings.Repeat("a", n-len(text))})
	}
	for _, c := range "A0 !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~éß😀\n\t" {
		for _, i := range []int{0, len(base) / 2, len(base)} {
			all = append(all, variant{"characters", base[:i] + string(c) + base[i:]})
		}
	}
	return all
}

// put a value where the path leads.
func put(spec map[string]any, path []string, value any) {
	if len(path) > 1 {
		put(spec[path[0]].(map[string]any), path[1:], value)
		return
	}
	spec[path[0]] = value
}

// wholeNumber is one as the API server reads it.
func wholeNumber(v any) any {
	if f, ok := v.(float64); ok {
		return int64(f)
	}
	return v
}

func short(v any) string {
	text := []rune(mustJSON(v))
	if len(text) > 80 {
		return string(text[:80]) + "…"
	}
	return string(text)
}

func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}
