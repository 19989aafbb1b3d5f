package main

import (
	"math"
	"net/url"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// newStatus is what the app team sees of its pipeline, beyond the conditions.
func newStatus(p pipeline, facts compose.Facts, seen observation, state compose.State) v1alpha1.PaymentDeliveryPipelineStatus {
	return v1alpha1.PaymentDeliveryPipelineStatus{
		PipelineURL:         p.pipelineURL(),
		DeploymentTableName: p.names.historyTable(),
		ArtifactBucketName:  p.names.bucket,
		AccountID:           facts[accountID],
		Connection:          p.connectionStatus(facts, seen),
		Release:             releaseStatus(seen),
		Alarm:               &v1alpha1.AlarmStatus{Name: p.names.errorAlarm()},
		CodeDeploy: &v1alpha1.CodeDeployStatus{
			Application:     p.names.deployApp(),
			DeploymentGroup: p.names.deploymentGroup(),
		},
		Resources: resourcesStatus(state),
	}
}

// consoles are the hosts of the AWS console, by partition.
var consoles = map[string]string{
	"aws":        "console.aws.amazon.com",
	"aws-cn":     "console.amazonaws.cn",
	"aws-us-gov": "console.amazonaws-us-gov.com",
}

// console returns a page of the AWS console in the pipeline's region.
func (p pipeline) console(path string) string {
	u := url.URL{Scheme: "https", Host: consoles[p.partition()], Path: path, RawQuery: url.Values{"region": {p.spec.Region}}.Encode()}
	return u.String()
}

func (p pipeline) pipelineURL() string {
	return p.console("/codesuite/codepipeline/pipelines/" + p.names.deliveryPipeline() + "/view")
}

func (p pipeline) authorizeURL() string {
	return p.console("/codesuite/settings/connections")
}

func (p pipeline) connectionStatus(facts compose.Facts, seen observation) *v1alpha1.ConnectionStatus {
	s := &v1alpha1.ConnectionStatus{ARN: facts[connectionARN]}
	if p.spec.Source.ConnectionARN != "" {
		return s
	}
	if seen.exists(connection) {
		s.Status = firstNonEmpty(connectionStatus(seen.composed(connection)), seen.xr.String("status", "connection", "status"))
	}
	if s.Status != connectionAvailable {
		s.AuthorizeURL = p.authorizeURL()
	}
	return s
}

// releaseStatus reads the alias as AWS has it. While CodeDeploy shifts traffic, the alias's own version is the one that
// traffic leaves, and the additional one is the candidate.
func releaseStatus(seen observation) *v1alpha1.ReleaseStatus {
	r := &v1alpha1.ReleaseStatus{LiveVersion: liveVersionOf(seen)}
	if r.LiveVersion == "" {
		return nil
	}
	// Lambda allows one additional version.
	for version, share := range seen.composed(liveTraffic).Numbers("status", "atProvider", "routingConfig", "additionalVersionWeights") {
		r.CandidateVersion = version
		r.CandidateWeight = int32(math.Round(100 * share))
	}
	return r
}

func resourcesStatus(state compose.State) *v1alpha1.ResourcesStatus {
	s := &v1alpha1.ResourcesStatus{Desired: state.Total(), Ready: state.Ready()}
	for _, name := range state.Unready {
		s.Unready = append(s.Unready, string(name))
	}
	for _, w := range state.Waiting {
		s.Waiting = append(s.Waiting, v1alpha1.WaitingResource{Name: string(w.Name), For: string(w.For)})
	}
	return s
}
