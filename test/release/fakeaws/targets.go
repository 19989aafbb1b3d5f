package fakeaws

// targetStatuses are those of targets and lifecycle events, by those of a deployment.
var targetStatuses = map[string]string{
	created:    "Pending",
	inProgress: "InProgress",
	succeeded:  succeeded,
	failed:     "Failed",
	stopped:    "Failed",
}

// noResource stands for actions on which IAM has no permissions for single resources.
// See https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
const noResource = "*"

// listDeploymentTargets gives one target: the function.
func (cd *CodeDeploy) listDeploymentTargets(r request) (string, any, error) {
	var in struct {
		DeploymentID string `json:"deploymentId"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	d, err := cd.find(in.DeploymentID)
	if err != nil {
		return noResource, nil, err
	}
	return noResource, map[string]any{"targetIds": []string{targetID(d)}}, nil
}

func (cd *CodeDeploy) batchGetDeploymentTargets(r request) (string, any, error) {
	var in struct {
		DeploymentID string   `json:"deploymentId"`
		TargetIDs    []string `json:"targetIds"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	d, err := cd.find(in.DeploymentID)
	if err != nil {
		return noResource, nil, err
	}
	if len(in.TargetIDs) == 0 {
		return noResource, nil, badRequest("DeploymentTargetIdRequiredException", "A deployment target ID was not provided")
	}
	found := []any{}
	for _, id := range in.TargetIDs {
		if id != targetID(d) {
			return noResource, nil, badRequest("DeploymentTargetDoesNotExistException", "The target %s does not exist", id)
		}
		found = append(found, cd.target(d))
	}
	return noResource, map[string]any{"deploymentTargets": found}, nil
}

func targetID(d *deployment) string {
	return d.spec.Function + ":" + d.spec.Alias
}

func (cd *CodeDeploy) target(d *deployment) map[string]any {
	var lifecycle []any
	for _, event := range []string{"BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"} {
		if d.spec.Hooks[event] != "" || event == "AllowTraffic" {
			lifecycle = append(lifecycle, map[string]any{"lifecycleEventName": event, "status": targetStatuses[d.status]})
		}
	}
	return map[string]any{
		"deploymentTargetType": "LambdaFunction",
		"lambdaTarget": map[string]any{
			"deploymentId":    d.id,
			"targetId":        targetID(d),
			"targetArn":       cd.cloud.arn("lambda", "function:"+targetID(d)),
			"status":          targetStatuses[d.status],
			"lastUpdatedAt":   epoch(cd.cloud.clock.Now()),
			"lifecycleEvents": lifecycle,
			"lambdaFunctionInfo": map[string]any{
				"functionName":        d.spec.Function,
				"functionAlias":       d.spec.Alias,
				"currentVersion":      d.spec.Current,
				"targetVersion":       d.spec.Target,
				"targetVersionWeight": d.weight,
			},
		},
	}
}
