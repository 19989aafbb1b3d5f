package fakeaws

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"time"
)

func (cd *CodeDeploy) getDeployment(r request) (string, any, error) {
	var in struct {
		DeploymentID string `json:"deploymentId"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	d, err := cd.find(in.DeploymentID)
	if err != nil {
		return cd.groupARN(), nil, err
	}
	return cd.groupARN(), map[string]any{"deploymentInfo": cd.info(d)}, nil
}

// getDeploymentGroup tells of the deployments that were the last to be tried and to succeed. Of the rest of a group nobody asks.
func (cd *CodeDeploy) getDeploymentGroup(r request) (string, any, error) {
	var in struct {
		ApplicationName     string `json:"applicationName"`
		DeploymentGroupName string `json:"deploymentGroupName"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := cd.cloud.arn("codedeploy", "deploymentgroup:"+in.ApplicationName+"/"+in.DeploymentGroupName)
	if in.ApplicationName != cd.cloud.setup.Application || in.DeploymentGroupName != cd.cloud.setup.Group {
		return resource, nil, badRequest("DeploymentGroupDoesNotExistException", "No Deployment Group found for name: %s", in.DeploymentGroupName)
	}
	group := map[string]any{"deploymentGroupName": in.DeploymentGroupName, "computePlatform": "Lambda"}
	for _, d := range cd.deployments {
		group["lastAttemptedDeployment"] = last(d)
		if d.status == succeeded {
			group["lastSuccessfulDeployment"] = last(d)
		}
	}
	return resource, map[string]any{"deploymentGroupInfo": group}, nil
}

// A lastDeployment is what a group says of one.
type lastDeployment struct {
	ID      string  `json:"deploymentId"`
	Status  string  `json:"status"`
	Created float64 `json:"createTime"`
	Ended   float64 `json:"endTime,omitempty"`
}

func last(d *deployment) lastDeployment {
	l := lastDeployment{ID: d.id, Status: d.status, Created: epoch(d.createdAt)}
	if !d.completedAt.IsZero() {
		l.Ended = epoch(d.completedAt)
	}
	return l
}

func (cd *CodeDeploy) batchGetDeployments(r request) (string, any, error) {
	var in struct {
		DeploymentIDs []string `json:"deploymentIds"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	if len(in.DeploymentIDs) == 0 {
		return cd.groupARN(), nil, badRequest("DeploymentIdRequiredException", "Deployment id is required")
	}
	if len(in.DeploymentIDs) > 25 {
		return cd.groupARN(), nil, badRequest("BatchLimitExceededException", "The maximum number of deployments is 25")
	}
	infos := []any{}
	for _, id := range in.DeploymentIDs {
		if d, err := cd.find(id); err == nil {
			infos = append(infos, cd.info(d))
		}
	}
	return cd.groupARN(), map[string]any{"deploymentsInfo": infos}, nil
}

// listDeployments gives the newest first.
func (cd *CodeDeploy) listDeployments(r request) (string, any, error) {
	var in struct {
		ApplicationName     string   `json:"applicationName"`
		DeploymentGroupName string   `json:"deploymentGroupName"`
		IncludeOnlyStatuses []string `json:"includeOnlyStatuses"`
		CreateTimeRange     struct {
			Start float64 `json:"start"`
			End   float64 `json:"end"`
		} `json:"createTimeRange"`
		NextToken string `json:"nextToken"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := cd.cloud.arn("codedeploy", "deploymentgroup:"+in.ApplicationName+"/"+in.DeploymentGroupName)
	if in.ApplicationName != cd.cloud.setup.Application || in.DeploymentGroupName != cd.cloud.setup.Group {
		return resource, nil, badRequest("DeploymentGroupDoesNotExistException", "No Deployment Group found for name: %s", in.DeploymentGroupName)
	}
	ids := []string{}
	for _, d := range slices.Backward(cd.deployments) {
		at := epoch(d.createdAt)
		if at < in.CreateTimeRange.Start || in.CreateTimeRange.End > 0 && at > in.CreateTimeRange.End {
			continue
		}
		if len(in.IncludeOnlyStatuses) == 0 || slices.Contains(in.IncludeOnlyStatuses, d.status) {
			ids = append(ids, d.id)
		}
	}
	if in.CreateTimeRange.Start == 0 && (len(in.IncludeOnlyStatuses) == 0 || slices.Contains(in.IncludeOnlyStatuses, "Succeeded")) {
		ids = append(ids, cd.past...)
	}
	from := 0
	if in.NextToken != "" {
		n, err := strconv.Atoi(in.NextToken)
		if err != nil || n > len(ids) {
			return resource, nil, badRequest("InvalidNextTokenException", "The next token is invalid")
		}
		from = n
	}
	to := min(from+cd.PageSize, len(ids))
	answer := map[string]any{"deployments": ids[from:to]}
	if to < len(ids) {
		answer["nextToken"] = strconv.Itoa(to)
	}
	return resource, answer, nil
}

// info that CodeDeploy gives of a deployment.
func (cd *CodeDeploy) info(d *deployment) map[string]any {
	sum := sha256.Sum256([]byte(d.content))
	info := map[string]any{
		"applicationName":      cd.cloud.setup.Application,
		"deploymentGroupName":  cd.cloud.setup.Group,
		"deploymentConfigName": "CodeDeployDefault.Test",
		"deploymentId":         d.id,
		"computePlatform":      "Lambda",
		"creator":              d.creator,
		"status":               d.status,
		"createTime":           epoch(d.createdAt),
		"deploymentStyle":      map[string]any{"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
		"revision": map[string]any{
			"revisionType":   "AppSpecContent",
			"appSpecContent": map[string]any{"content": d.content, "sha256": hex.EncodeToString(sum[:])},
		},
	}
	if d.description != "" {
		info["description"] = d.description
	}
	if !d.startedAt.IsZero() {
		info["startTime"] = epoch(d.startedAt)
	}
	if !d.completedAt.IsZero() {
		info["completeTime"] = epoch(d.completedAt)
	}
	if d.errorCode != "" {
		info["errorInformation"] = map[string]any{"code": d.errorCode, "message": d.errorMessage}
	}
	if d.override != nil {
		info["overrideAlarmConfiguration"] = d.override
	}
	if rollback := rollbackInfo(d); len(rollback) > 0 {
		info["rollbackInfo"] = rollback
	}
	return info
}

func rollbackInfo(d *deployment) map[string]string {
	info := map[string]string{}
	for name, v := range map[string]string{
		"rollbackDeploymentId":           d.rollbackBy,
		"rollbackTriggeringDeploymentId": d.rollbackOf,
		"rollbackMessage":                d.rollbackMessage,
	} {
		if v != "" {
			info[name] = v
		}
	}
	return info
}

// epoch is how AWS's JSON protocols write a time.
func epoch(t time.Time) float64 {
	return float64(t.UnixMilli()) / 1000
}
