package fakeaws

import (
	"fmt"
	"time"
)

// Events returns what EventBridge has been told of deployments so far, in order, as rules hand it to their targets.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-cloudwatch-events.html
func (cd *CodeDeploy) Events() []any {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.settle()
	return append([]any(nil), cd.events...)
}

func (cd *CodeDeploy) emit(d *deployment, state string, at time.Time) {
	s := cd.cloud.setup
	cd.events = append(cd.events, map[string]any{
		"version":     "0",
		"id":          fmt.Sprintf("00000000-0000-0000-0000-%012d", len(cd.events)+1),
		"detail-type": "CodeDeploy Deployment State-change Notification",
		"source":      "aws.codedeploy",
		"account":     s.Account,
		"region":      s.Region,
		"time":        at.UTC().Format("2006-01-02T15:04:05Z"),
		"resources": []any{
			cd.cloud.arn("codedeploy", "application:"+s.Application),
			cd.groupARN(),
		},
		"detail": map[string]any{
			"region":          s.Region,
			"application":     s.Application,
			"deploymentGroup": s.Group,
			"deploymentId":    d.id,
			"instanceGroupId": "00000000-0000-0000-0000-000000000000",
			"state":           state,
		},
	})
}
