package cloud

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// A Deployment shifts traffic in CodeDeploy.
type Deployment struct {
	ID string `json:"id"`

	// Status as CodeDeploy reports it: Created, InProgress, Succeeded, Failed, Stopped …
	Status string `json:"status"`

	// Error says why it failed or was stopped.
	Error string `json:"error,omitempty"`

	CreatedAt   time.Time `json:"createdAt,omitzero"`
	CompletedAt time.Time `json:"completedAt,omitzero"`

	// ShiftedAt is when all traffic will have moved, by its configuration.
	ShiftedAt time.Time `json:"shiftedAt,omitzero"`
}

// IsUnderWay reports whether it moves traffic, or will.
func (d Deployment) IsUnderWay() bool {
	return d.CompletedAt.IsZero()
}

// Left is how long it takes until all traffic has moved, at the supplied time. Zero: it has.
func (d Deployment) Left(now time.Time) time.Duration {
	if !d.IsUnderWay() {
		return 0
	}
	return max(0, d.ShiftedAt.Sub(now))
}

// UnderWay returns the deployment that moves traffic. Nil: none does.
func (c *Cloud) UnderWay(ctx context.Context) (*Deployment, error) {
	list, err := c.deploys.ListDeployments(ctx, &codedeploy.ListDeploymentsInput{
		ApplicationName:     aws.String(c.Names.Application),
		DeploymentGroupName: aws.String(c.Names.DeploymentGroup),
		IncludeOnlyStatuses: []types.DeploymentStatus{types.DeploymentStatusCreated, types.DeploymentStatusQueued, types.DeploymentStatusInProgress, types.DeploymentStatusReady},
	})
	if err != nil {
		return nil, failed(err, "list the deployments of %s", c.Names.DeploymentGroup)
	}
	if len(list.Deployments) == 0 {
		return nil, nil
	}
	return c.deployment(ctx, list.Deployments[0])
}

func (c *Cloud) deployment(ctx context.Context, id string) (*Deployment, error) {
	out, err := c.deploys.GetDeployment(ctx, &codedeploy.GetDeploymentInput{DeploymentId: aws.String(id)})
	if err != nil {
		return nil, failed(err, "read the deployment %s", id)
	}
	info := out.DeploymentInfo
	d := &Deployment{
		ID:          id,
		Status:      string(info.Status),
		CreatedAt:   aws.ToTime(info.CreateTime),
		CompletedAt: aws.ToTime(info.CompleteTime),
	}
	if info.ErrorInformation != nil {
		d.Error = aws.ToString(info.ErrorInformation.Message)
	}
	takes, err := c.shiftTime(ctx, aws.ToString(info.DeploymentConfigName))
	d.ShiftedAt = d.CreatedAt.Add(takes)
	return d, err
}

// shiftTime is how long a deployment configuration takes to move all traffic.
func (c *Cloud) shiftTime(ctx context.Context, name string) (time.Duration, error) {
	out, err := c.deploys.GetDeploymentConfig(ctx, &codedeploy.GetDeploymentConfigInput{DeploymentConfigName: aws.String(name)})
	if err != nil {
		return 0, failed(err, "read the deployment configuration %s", name)
	}
	routing := out.DeploymentConfigInfo.TrafficRoutingConfig
	switch {
	case routing == nil:
		return 0, nil
	case routing.TimeBasedLinear != nil && routing.TimeBasedLinear.LinearPercentage > 0:
		l := routing.TimeBasedLinear
		// The first step is taken at once.
		steps := (100+l.LinearPercentage-1)/l.LinearPercentage - 1
		return time.Duration(steps) * time.Duration(l.LinearInterval) * time.Minute, nil
	case routing.TimeBasedCanary != nil:
		return time.Duration(routing.TimeBasedCanary.CanaryInterval) * time.Minute, nil
	default:
		return 0, nil
	}
}
