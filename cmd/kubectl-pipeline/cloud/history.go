package cloud

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// deploymentIDs of CodeDeploy begin with this. The history has other items too, and the service may put some.
const deploymentPrefix = "d-"

// A Record is what the history has of a deployment.
type Record struct {
	DeploymentID   string `json:"deploymentId"`
	Status         string `json:"status"`
	FromVersion    string `json:"fromVersion,omitempty"`
	ToVersion      string `json:"toVersion,omitempty"`
	Commit         string `json:"commit,omitempty"`
	RunID          string `json:"runId,omitempty"`
	StartedAt      string `json:"startedAt,omitempty"`
	CompletedAt    string `json:"completedAt,omitempty"`
	ApprovedBy     string `json:"approvedBy,omitempty"`
	ApprovalNote   string `json:"approvalComment,omitempty"`
	Verdict        string `json:"verdict,omitempty"`
	Error          string `json:"error,omitempty"`
	RequestedBy    string `json:"requestedBy,omitempty"`
	Reason         string `json:"reason,omitempty"`
	RollbackOf     string `json:"rollbackOf,omitempty"`
	AlarmsBypassed bool   `json:"alarmsBypassed,omitempty"`
}

// History of deployments, the newest first.
func (c *Cloud) History(ctx context.Context) ([]Record, error) {
	var records []Record
	pages := dynamodb.NewScanPaginator(c.history, &dynamodb.ScanInput{
		TableName:                 aws.String(c.Names.HistoryTable),
		FilterExpression:          aws.String("begins_with(deploymentId, :d)"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":d": &types.AttributeValueMemberS{Value: deploymentPrefix}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failed(err, "read the history %s", c.Names.HistoryTable)
		}
		for _, item := range page.Items {
			// An emulator may not filter.
			if r := newRecord(item); strings.HasPrefix(r.DeploymentID, deploymentPrefix) {
				records = append(records, r)
			}
		}
	}
	slices.SortFunc(records, func(a, b Record) int {
		return cmp.Or(strings.Compare(b.StartedAt, a.StartedAt), strings.Compare(a.DeploymentID, b.DeploymentID))
	})
	return records, nil
}

func newRecord(item map[string]types.AttributeValue) Record {
	text := func(name string) string {
		if s, ok := item[name].(*types.AttributeValueMemberS); ok {
			return s.Value
		}
		return ""
	}
	bypassed, _ := item["alarmsBypassed"].(*types.AttributeValueMemberBOOL)
	return Record{
		DeploymentID:   text("deploymentId"),
		Status:         text("status"),
		FromVersion:    text("fromVersion"),
		ToVersion:      text("toVersion"),
		Commit:         text("commitId"),
		RunID:          text("pipelineExecutionId"),
		StartedAt:      text("startedAt"),
		CompletedAt:    text("completedAt"),
		ApprovedBy:     text("approvedBy"),
		ApprovalNote:   text("approvalComment"),
		Verdict:        text("verdict"),
		Error:          text("error"),
		RequestedBy:    text("requestedBy"),
		Reason:         text("reason"),
		RollbackOf:     text("rollbackOf"),
		AlarmsBypassed: bypassed != nil && bypassed.Value,
	}
}
