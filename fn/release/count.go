package release

import (
	"fmt"
	"strings"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/release/logic"
)

const (
	stateCountRelease = "CountRelease"

	stateCountRollback = "CountRollback"

	stateCountTakeBack = "CountTakeBack"
)

// Metrics of releases in CloudWatch, of which the four figures of DORA follow. Their one dimension is the pipeline's name.
// See https://dora.dev/guides/dora-metrics-four-keys/
const (
	// MetricNamespace of a release's metrics.
	MetricNamespace = "PaymentDelivery"

	// MetricDimension is the name of the pipeline.
	MetricDimension = "Pipeline"

	// MetricDeployments counts deployments of releases that have ended, and MetricFailedDeployments those of them whose version
	// did not get all traffic or lost it again: by CodeDeploy, by the judge, or later by a person.
	MetricDeployments       = "Deployments"
	MetricFailedDeployments = "FailedDeployments"

	// MetricLeadTime is how long a commit took to take all traffic and be judged, in seconds: the first time that it goes live.
	MetricLeadTime = "LeadTimeSeconds"

	// MetricTimeToRestore is how long it took until traffic was back, in seconds: from the beginning of the deployment that failed;
	// if a person took it back, from when it had all traffic.
	MetricTimeToRestore = "TimeToRestoreSeconds"
)

// putMetricArguments are those of CloudWatch's PutMetricData.
// See https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
type putMetricArguments struct {
	Namespace  string   `json:"Namespace"`
	MetricData asl.Expr `json:"MetricData"`
}

// countTaken tells CloudWatch of a release whose version a person has taken back before it was counted.
func (c Config) countTaken() asl.Task {
	return c.count(stateBakeTakenBack, c.datum(MetricDeployments, "1"))
}

// countRelease tells CloudWatch of a release that has all traffic. That changes nothing of it, also if it fails.
func (c Config) countRelease() step {
	return step{
		name:  "CountRelease",
		needs: []string{"authoredAt", attributeCommit, "commitBefore"},
		states: func(next string) []named {
			return []named{{stateCountRelease, c.count(next,
				c.datum(MetricDeployments, "1"),
				// A commit's date that is none has no age.
				logic.IsTime("$authoredAt")+" and $commitBefore != $commitId ? "+c.datum(MetricLeadTime, secondsSince("$authoredAt")),
			)}}
		},
	}
}

// countNotShifted tells CloudWatch of a deployment that did not succeed.
func (c Config) countNotShifted(next string) asl.Task {
	return c.count(next, c.datum(MetricDeployments, "1"), c.datum(MetricFailedDeployments, "1"),
		"$exists($deployment.CompleteTime) ? "+c.datum(MetricTimeToRestore, logic.SecondsBetween("$deployment.CreateTime", "$deployment.CompleteTime")),
	)
}

// countRollback tells CloudWatch of a version that a person has taken back. It was counted as a deployment when it went live.
func (c Config) countRollback() step {
	return step{name: "CountRollback", needs: []string{"badSince"}, states: func(next string) []named {
		return []named{{stateCountRollback, c.count(next, c.datum(MetricFailedDeployments, "1"), c.timeToRestore())}}
	}}
}

// countTakeBack tells CloudWatch of a release whose version was judged bad.
func (c Config) countTakeBack() step {
	return step{name: "CountTakeBack", needs: []string{"badSince"}, states: func(next string) []named {
		return []named{{stateCountTakeBack, c.count(next, c.datum(MetricDeployments, "1"), c.datum(MetricFailedDeployments, "1"), c.timeToRestore())}}
	}}
}

// timeToRestore since $badSince, if that is known.
func (c Config) timeToRestore() asl.Expr {
	return "$badSince != '' ? " + c.datum(MetricTimeToRestore, secondsSince("$badSince"))
}

func secondsSince(at asl.Expr) asl.Expr {
	return logic.SecondsBetween(at, now)
}

// count what the data say, each an expression of one datum or none. A count whose answer was lost may be made twice: the
// history is the record, and not the metrics.
func (c Config) count(next string, data ...asl.Expr) asl.Task {
	return asl.Task{
		Resource: c.integration("aws-sdk:cloudwatch:putMetricData"),
		Arguments: putMetricArguments{
			Namespace:  MetricNamespace,
			MetricData: "[" + asl.Join(data, ", ") + "]",
		},
		Retry: retryAlways(),
		Catch: catchAll(next),
		Next:  next,
	}
}

// datum of a metric, in JSONata.
func (c Config) datum(metric string, value asl.Expr) asl.Expr {
	return asl.Expr(fmt.Sprintf("{'MetricName': '%s', 'Value': %s, 'Unit': '%s', 'Dimensions': [{'Name': '%s', 'Value': '%s'}]}",
		metric, value, unitOf(metric), MetricDimension, c.Pipeline))
}

func unitOf(metric string) string {
	if strings.HasSuffix(metric, "Seconds") {
		return "Seconds"
	}
	return "Count"
}
