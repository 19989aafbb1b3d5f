package cloud

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
)

// A LogLine of a function or a build.
type LogLine struct {
	ID   string    `json:"-"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// LogGroup of the function with the supplied ARN, as the pipeline names it.
func LogGroup(function string) string {
	return "/aws/lambda/" + functionName(function)
}

// Logs of a log group since a time, those of one version of the function only unless the version is empty: Lambda puts it into the names of
// log streams.
func (c *Cloud) Logs(ctx context.Context, group, version string, since time.Time) ([]LogLine, error) {
	var lines []LogLine
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(c.logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String(group),
		StartTime:    aws.Int64(since.UnixMilli()),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, failed(err, "read the log group %s", group)
		}
		for _, e := range page.Events {
			if version != "" && !strings.Contains(aws.ToString(e.LogStreamName), "["+version+"]") {
				continue
			}
			lines = append(lines, LogLine{
				ID:   aws.ToString(e.EventId),
				At:   time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC(),
				Text: strings.TrimRight(aws.ToString(e.Message), "\n"),
			})
		}
	}
	return lines, nil
}

// BuildLog returns the last lines of a build's log.
func (c *Cloud) BuildLog(ctx context.Context, id string, last int32) ([]LogLine, error) {
	out, err := c.builds.BatchGetBuilds(ctx, &codebuild.BatchGetBuildsInput{Ids: []string{id}})
	if err != nil {
		return nil, failed(err, "read the build %s", id)
	}
	if len(out.Builds) == 0 || out.Builds[0].Logs == nil || aws.ToString(out.Builds[0].Logs.StreamName) == "" {
		return nil, nil
	}
	where := out.Builds[0].Logs
	events, err := c.logs.GetLogEvents(ctx, &cloudwatchlogs.GetLogEventsInput{
		LogGroupName:  where.GroupName,
		LogStreamName: where.StreamName,
		Limit:         aws.Int32(last),
		StartFromHead: aws.Bool(false),
	})
	if err != nil {
		return nil, failed(err, "read the log of the build %s", id)
	}
	lines := make([]LogLine, 0, len(events.Events))
	for _, e := range events.Events {
		lines = append(lines, LogLine{At: time.UnixMilli(aws.ToInt64(e.Timestamp)).UTC(), Text: strings.TrimRight(aws.ToString(e.Message), "\n")})
	}
	return lines, nil
}
