package cloud

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
)

// Names of what a pipeline has in AWS, as its claim's status reports them.
type Names struct {
	Region  string
	Account string

	// Pipeline in CodePipeline.
	Pipeline string

	// BlueFunction serves production by Alias. GreenFunction is where a release is tried out. All three are ARNs.
	BlueFunction, GreenFunction, Alias string

	// HistoryTable in DynamoDB.
	HistoryTable string

	// RollbackMachine is the ARN of the state machine that takes production back.
	RollbackMachine string

	// Application and DeploymentGroup in CodeDeploy.
	Application, DeploymentGroup string

	// Alarm in CloudWatch that stops a rollout.
	Alarm string
}

// NamesOf a claim's pipeline. The error says that it has none yet.
func NamesOf(p v1alpha1.PaymentDeliveryPipeline) (Names, error) {
	s := p.Status
	if s.ARNs == nil || s.CodeDeploy == nil || s.Alarm == nil {
		return Names{}, fmt.Errorf("PaymentDeliveryPipeline %s/%s has no pipeline in AWS yet: its status names none; run: kubectl pipeline why %s", p.Namespace, p.Name, p.Name)
	}
	pipeline, err := arn.Parse(s.ARNs.Pipeline)
	if err != nil {
		return Names{}, fmt.Errorf("status.arns.pipeline of PaymentDeliveryPipeline %s/%s: %q is not an ARN; the plugin needs the function of the same release", p.Namespace, p.Name, s.ARNs.Pipeline)
	}
	return Names{
		Region:          p.Spec.Region,
		Account:         s.AccountID,
		Pipeline:        pipeline.Resource,
		BlueFunction:    s.ARNs.BlueFunction,
		GreenFunction:   s.ARNs.GreenFunction,
		Alias:           s.ARNs.Alias,
		HistoryTable:    s.DeploymentTableName,
		RollbackMachine: s.ARNs.RollbackStateMachine,
		Application:     s.CodeDeploy.Application,
		DeploymentGroup: s.CodeDeploy.DeploymentGroup,
		Alarm:           s.Alarm.Name,
	}, nil
}

// aliasName is what follows the function in an alias's ARN.
func aliasName(alias string) string {
	return alias[strings.LastIndex(alias, ":")+1:]
}
