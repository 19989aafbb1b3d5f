package apis

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	extv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/package/input"
)

// A definition is what the tests read of a CompositeResourceDefinition.
type definition struct {
	Spec struct {
		Group      string                                  `json:"group"`
		Names      extv1.CustomResourceDefinitionNames     `json:"names"`
		ClaimNames extv1.CustomResourceDefinitionNames     `json:"claimNames"`
		Versions   []extv1.CustomResourceDefinitionVersion `json:"versions"`
	} `json:"spec"`
}

func parse(t *testing.T, y []byte) definition {
	t.Helper()
	d := definition{}
	if err := yaml.Unmarshal(y, &d); err != nil {
		t.Fatalf("cannot parse definition: %v", err)
	}
	return d
}

func TestAPIServerAcceptsDefinition(t *testing.T) {
	xrd, in := parse(t, Definition), parse(t, input.CustomResourceDefinition)

	cases := map[string]struct {
		reason string
		d      definition
		names  extv1.CustomResourceDefinitionNames
		scope  extv1.ResourceScope
	}{
		"Claim": {
			reason: "The API server must accept the claim's definition, the cost of its rules included.",
			d:      xrd,
			names:  xrd.Spec.ClaimNames,
			scope:  extv1.NamespaceScoped,
		},
		"CompositeResource": {
			reason: "The API server must accept the composite resource's definition.",
			d:      xrd,
			names:  xrd.Spec.Names,
			scope:  extv1.ClusterScoped,
		},
		"Input": {
			reason: "The API server must accept the definition of the function's input.",
			d:      in,
			names:  in.Spec.Names,
			scope:  extv1.NamespaceScoped,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			crd := &extv1.CustomResourceDefinition{
				ObjectMeta: metav1.ObjectMeta{Name: tc.names.Plural + "." + tc.d.Spec.Group},
				Spec: extv1.CustomResourceDefinitionSpec{
					Group:    tc.d.Spec.Group,
					Names:    tc.names,
					Scope:    tc.scope,
					Versions: slices.Clone(tc.d.Spec.Versions),
				},
			}
			v := &crd.Spec.Versions[0]
			// Only a definition of ours says storage; a CompositeResourceDefinition says referenceable.
			v.Storage = true
			v.Subresources = &extv1.CustomResourceSubresources{Status: &extv1.CustomResourceSubresourceStatus{}}

			extv1.SetObjectDefaults_CustomResourceDefinition(crd)
			crd.Status.StoredVersions = []string{v.Name}
			internal := &apiextensions.CustomResourceDefinition{}
			if err := extv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(crd, internal, nil); err != nil {
				t.Fatalf("cannot convert definition: %v", err)
			}
			if errs := validation.ValidateCustomResourceDefinition(t.Context(), internal); len(errs) > 0 {
				t.Errorf("\n%s\n%v", tc.reason, errs.ToAggregate())
			}
		})
	}
}

// walk calls visit for each field below a schema, in order.
func walk(path string, s extv1.JSONSchemaProps, visit func(path string, optional bool, s extv1.JSONSchemaProps)) {
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		child := s.Properties[name]
		at := strings.TrimPrefix(path+"."+name, ".")
		visit(at, !slices.Contains(s.Required, name), child)
		walk(at, child, visit)
	}
	if s.Items != nil && s.Items.Schema != nil {
		walk(path+"[]", *s.Items.Schema, visit)
	}
}

func TestFieldsAreDocumented(t *testing.T) {
	claim := parse(t, Definition).Spec.Versions[0].Schema.OpenAPIV3Schema
	in := parse(t, input.CustomResourceDefinition).Spec.Versions[0].Schema.OpenAPIV3Schema

	walk("", *claim, func(path string, optional bool, s extv1.JSONSchemaProps) {
		if s.Description == "" {
			t.Errorf("%s has no description", path)
		}
		if strings.HasPrefix(path, "spec.") && optional && isScalar(s) && s.Default == nil {
			t.Errorf("%s is optional and has no default", path)
		}
	})
	settings := 0
	walk("", *in, func(path string, optional bool, s extv1.JSONSchemaProps) {
		settings++
		switch path {
		case "apiVersion", "kind", "metadata":
			return
		}
		if s.Description == "" {
			t.Errorf("%s has no description", path)
		}
		if optional && isScalar(s) && s.Default == nil && !strings.Contains(s.Description, "Empty:") {
			t.Errorf("%s is optional, and neither its default nor what it means to leave it empty is said", path)
		}
	})
	// What the claim has, TestDefaults lists.
	if settings < 10 {
		t.Errorf("the platform team's settings have only %d fields", settings)
	}
}

func isScalar(s extv1.JSONSchemaProps) bool {
	return s.Type != "object" && s.Type != "array"
}

func TestDefaults(t *testing.T) {
	want := map[string]string{
		"alarm":                               `{}`,
		"alarm.errorRatePercent":              `5`,
		"alarm.evaluationPeriods":             `2`,
		"alarm.periodSeconds":                 `300`,
		"approval":                            `{}`,
		"approval.required":                   `true`,
		"approval.timeoutMinutes":             `10080`,
		"build":                               `{}`,
		"build.buildspec":                     `""`,
		"build.cache":                         `"None"`,
		"build.codeArtifact.domainOwner":      `""`,
		"build.codeArtifact.tools":            `["npm"]`,
		"build.computeType":                   `"BUILD_GENERAL1_SMALL"`,
		"build.handlerCheck":                  `"Enabled"`,
		"build.program":                       `""`,
		"build.test":                          `""`,
		"build.tool":                          `""`,
		"build.image":                         `""`,
		"build.privileged":                    "false",
		"build.reports.coverage.format":       `"CLOVERXML"`,
		"build.reports.test.format":           `"JUNITXML"`,
		"build.timeoutMinutes":                `60`,
		"deletionProtection":                  `false`,
		"dryRun":                              `false`,
		"notifications":                       `{}`,
		"notifications.approvalTopicArn":      `""`,
		"notifications.topicArn":              `""`,
		"region":                              `"us-east-1"`,
		"retention":                           `{}`,
		"retention.artifactDays":              `30`,
		"retention.historyDays":               `0`,
		"retention.logDays":                   `7`,
		"retention.versions":                  `20`,
		"rollout":                             `{}`,
		"rollout.analysis":                    `{}`,
		"rollout.analysis.bakeMinutes":        `10`,
		"rollout.analysis.enabled":            `true`,
		"rollout.analysis.maxErrorPercent":    `1`,
		"rollout.analysis.maxThrottlePercent": `5`,
		"rollout.analysis.minInvocations":     `5`,
		"rollout.analysis.p99Milliseconds":    `0`,
		"rollout.analysis.tooFewInvocations":  `"Pass"`,
		"rollout.bypassAlarmsForCommit":       `""`,
		"rollout.bypassReason":                `""`,
		"rollout.deploymentConfig":            `"LambdaLinear10PercentEvery10Minutes"`,
		"rollout.hooks":                       `{}`,
		"rollout.hooks.afterAllowTraffic":     `""`,
		"rollout.hooks.beforeAllowTraffic":    `""`,
		"rollout.onConfigurationChange":       `"Wait"`,
		"service":                             `{}`,
		"service.architecture":                `"x86_64"`,
		"service.async.maximumAgeSeconds":     `21600`,
		"service.async.onFailure":             `""`,
		"service.async.onSuccess":             `""`,
		"service.async.retries":               `2`,
		"service.concurrency":                 `{}`,
		"service.concurrency.provisioned.max": `0`,
		"service.concurrency.provisioned.targetUtilizationPercent":     `70`,
		"service.concurrency.reserved":                                 `-1`,
		"service.ephemeralStorageMiB":                                  `512`,
		"service.eventSources[].dynamodb.batchSize":                    `100`,
		"service.eventSources[].dynamodb.bisectBatchOnFunctionError":   `false`,
		"service.eventSources[].dynamodb.maximumBatchingWindowSeconds": `0`,
		"service.eventSources[].dynamodb.maximumRecordAgeSeconds":      `-1`,
		"service.eventSources[].dynamodb.maximumRetryAttempts":         `-1`,
		"service.eventSources[].dynamodb.onFailureArn":                 `""`,
		"service.eventSources[].dynamodb.parallelizationFactor":        `1`,
		"service.eventSources[].dynamodb.reportBatchItemFailures":      `false`,
		"service.eventSources[].kinesis.batchSize":                     `100`,
		"service.eventSources[].kinesis.bisectBatchOnFunctionError":    `false`,
		"service.eventSources[].kinesis.maximumBatchingWindowSeconds":  `0`,
		"service.eventSources[].kinesis.maximumRecordAgeSeconds":       `-1`,
		"service.eventSources[].kinesis.maximumRetryAttempts":          `-1`,
		"service.eventSources[].kinesis.onFailureArn":                  `""`,
		"service.eventSources[].kinesis.parallelizationFactor":         `1`,
		"service.eventSources[].kinesis.reportBatchItemFailures":       `false`,
		"service.eventSources[].rule.eventBusName":                     `"default"`,
		"service.eventSources[].sqs.batchSize":                         `10`,
		"service.eventSources[].sqs.maximumBatchingWindowSeconds":      `0`,
		"service.eventSources[].sqs.maximumConcurrency":                `1000`,
		"service.eventSources[].sqs.reportBatchItemFailures":           `false`,
		"service.functionUrl.cors.allowCredentials":                    `false`,
		"service.functionUrl.cors.maxAgeSeconds":                       `0`,
		"service.functionUrl.invokeMode":                               `"Buffered"`,
		"service.handler":                                              `""`,
		"service.invokers[].organizationId":                            `""`,
		"service.invokers[].sourceAccount":                             `""`,
		"service.invokers[].sourceArn":                                 `""`,
		"service.kmsKeyArn":                                            `""`,
		"service.logging":                                              `{}`,
		"service.logging.applicationLevel":                             `""`,
		"service.logging.format":                                       `"Text"`,
		"service.logging.systemLevel":                                  `""`,
		"service.memorySizeMiB":                                        `512`,
		"service.runtime":                                              `"nodejs24.x"`,
		"service.snapStart":                                            `"None"`,
		"service.timeoutSeconds":                                       `30`,
		"service.tracing":                                              `"PassThrough"`,
		"smokeTest":                                                    `{}`,
		"smokeTest.expectStatusBelow":                                  `400`,
		"source.branch":                                                `"main"`,
		"source.connectionArn":                                         `""`,
		"source.directory":                                             `""`,
		"source.owner":                                                 `""`,
		"source.promotedFrom.kmsKeyArn":                                `""`,
		"source.repository":                                            `""`,
	}

	got := map[string]string{}
	walk("", parse(t, Definition).Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"],
		func(path string, _ bool, s extv1.JSONSchemaProps) {
			if s.Default != nil {
				got[path] = string(s.Default.Raw)
			}
		})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a default is part of the API: who leaves a field out relies on it\n-want, +got:\n%s", diff)
	}
}

func TestImmutableFields(t *testing.T) {
	got := []string{}
	for _, rule := range parse(t, Definition).Spec.Versions[0].Schema.OpenAPIV3Schema.Properties["spec"].XValidations {
		// Optional ones compare what is new only.
		if strings.Contains(rule.Rule, "oldSelf") && rule.OptionalOldSelf == nil {
			got = append(got, fmt.Sprintf("%s: %s", rule.FieldPath, rule.Rule))
		}
	}
	want := []string{
		".environmentSuffix: self.environmentSuffix == oldSelf.environmentSuffix",
		".region: self.region == oldSelf.region",
		".source.promotedFrom: has(self.source.promotedFrom) == has(oldSelf.source.promotedFrom)",
		".service.architecture: self.service.architecture == oldSelf.service.architecture",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("AWS names, regions and architectures cannot change in place, and a source stays of its kind\n-want, +got:\n%s", diff)
	}
}

func TestColumns(t *testing.T) {
	got, always := []string{}, []string{}
	for _, c := range parse(t, Definition).Spec.Versions[0].AdditionalPrinterColumns {
		column := c.Name + " " + c.JSONPath
		if c.Priority > 0 {
			column += ", if asked for more"
		} else {
			always = append(always, c.Name)
		}
		got = append(got, column)
	}
	want := []string{
		"STATUS .status.message",
		"LIVE .status.release.live.version",
		"COMMIT .status.release.live.shortCommit",
		"RESOURCES .status.resources.summary, if asked for more",
		"CONNECTION .status.connection.status, if asked for more",
		"CANDIDATE .status.release.candidateVersion, if asked for more",
		"SHIFTING .status.release.candidateWeight, if asked for more",
		"PIPELINE .status.pipelineUrl, if asked for more",
		"DASHBOARD .status.dashboardUrl, if asked for more",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kubectl get shows these beside Crossplane's own columns\n-want, +got:\n%s", diff)
	}

	// A column is as wide as its header or its widest value. The last four are Crossplane's own.
	widths := map[string]int{
		"STATUS": 39, "LIVE": len("none"), "COMMIT": len("3f2a9c1"),
		"SYNCED": len("SYNCED"), "READY": len("READY"), "CONNECTION-SECRET": len("CONNECTION-SECRET"), "AGE": len("12d3h"),
	}
	row := len("payments-pr-123")
	for _, name := range append(always, "SYNCED", "READY", "CONNECTION-SECRET", "AGE") {
		if widths[name] == 0 {
			t.Errorf("want to know how wide column %s is", name)
		}
		row += 3 + widths[name]
	}
	if row >= 120 {
		t.Errorf("want a row of kubectl get shorter than 120 characters, got %d", row)
	}
}
