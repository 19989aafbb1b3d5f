package cloud

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
)

// An Alarm stops a rollout.
type Alarm struct {
	Name string `json:"name"`

	// State as CloudWatch reports it: OK, ALARM or INSUFFICIENT_DATA.
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"`
	Since  time.Time `json:"since,omitzero"`
}

// Alarms of the pipeline with the supplied names besides its own.
func (c *Cloud) Alarms(ctx context.Context, others []string) ([]Alarm, error) {
	out, err := c.alarms.DescribeAlarms(ctx, &cloudwatch.DescribeAlarmsInput{AlarmNames: append([]string{c.Names.Alarm}, others...)})
	if err != nil {
		return nil, failed(err, "read the alarm %s", c.Names.Alarm)
	}
	alarms := make([]Alarm, 0, len(out.MetricAlarms))
	for _, a := range out.MetricAlarms {
		alarms = append(alarms, Alarm{
			Name:   aws.ToString(a.AlarmName),
			State:  string(a.StateValue),
			Reason: aws.ToString(a.StateReason),
			Since:  aws.ToTime(a.StateUpdatedTimestamp),
		})
	}
	return alarms, nil
}
