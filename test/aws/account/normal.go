package account

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// A rewording of what differs between two pipelines that are alike.
var rewordings = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "UUID"},
	{regexp.MustCompile(`(pipeline-artifacts-SUFFIX)-[0-9a-f]{8}`), "$1-UID"},
	{regexp.MustCompile(`\b(subnet|sg|vpc)-[0-9a-f]{17}`), "$1-ID"},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[0-9.]*(Z|\+0000)`), "TIME"},
}

// changing are members that differ between two times that a thing is made, or that count what it did.
var changing = []string{
	"CodeSha256", "CodeSize", "CreateDate", "CreationDateTime", "CreationTime", "CreateTime", "Created", "ETag", "EarliestRestorableDateTime", "LastModified",
	"LatestRestorableDateTime", "OptimizationStatus", "PolicyId", "RevisionId", "RoleId", "Size", "TableId", "Version", "AlarmConfigurationUpdatedTimestamp",
	"ApplicationSuccessFeedbackSampleRate", "FirehoseSuccessFeedbackSampleRate", "HTTPSuccessFeedbackSampleRate",
	"LambdaSuccessFeedbackSampleRate", "SQSSuccessFeedbackSampleRate", "StateUpdatedTimestamp", "StateTransitionedTimestamp", "SubscriptionsDeleted", "CreationDate", "UpdateDate",
}

// ordered are lists whose order means something. Others come in any.
var ordered = []string{"Stages", "Actions"}

// Normal are the holdings without what must differ: the suffix, times, ids.
func (h Holdings) Normal(suffix string) string {
	text := regexp.MustCompile(`\b`+regexp.QuoteMeta(suffix)+`\b`).ReplaceAllString(h.JSON(""), "SUFFIX")
	for _, r := range rewordings {
		text = r.pattern.ReplaceAllString(text, r.by)
	}
	var plain map[string]any
	if err := json.Unmarshal([]byte(text), &plain); err != nil {
		return err.Error()
	}
	return Holdings(steady(plain).(map[string]any)).JSON("") //nolint:forcetypeassert // An object stays one.
}

func steady(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range changing {
			delete(v, name)
		}
		for name, member := range v {
			v[name] = steady(member)
			if items, ok := v[name].([]any); ok && !slices.Contains(ordered, name) {
				slices.SortFunc(items, func(a, b any) int { return strings.Compare(Holdings{"": a}.JSON(""), Holdings{"": b}.JSON("")) })
			}
		}
	case []any:
		for i := range v {
			v[i] = steady(v[i])
		}
	}
	return v
}
