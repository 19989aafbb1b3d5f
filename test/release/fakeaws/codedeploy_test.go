package fakeaws_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/clock"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/fakeaws"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/release/sdk"
)

type object = map[string]any

var setup = fakeaws.Setup{
	Region: "us-east-1", Account: "111122223333",
	Function: "blue", Alias: "live",
	Application: "app", Group: "group", Shift: fakeaws.Shift{Percentage: 10, Interval: 10 * time.Minute},
	RollbackEvents: []string{"DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"},
	Table:          "history", Key: "id",
}

func newCloud(t *testing.T) (*fakeaws.Cloud, *clock.Clock, func(operation string, arguments object) (object, error)) {
	t.Helper()
	c := clock.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	cloud := fakeaws.New(t, c, setup)
	runner := runnerFor(cloud)
	return cloud, c, func(operation string, arguments object) (object, error) {
		got, err := runner.Do(t.Context(), "arn:aws:states:::"+operation, arguments)
		result, _ := got.(object)
		return result, err
	}
}

func runnerFor(cloud *fakeaws.Cloud) *sdk.Runner {
	return sdk.New(cloud.Endpoint(), setup.Region)
}

// deployment returns arguments to create one.
func deployment(current, target string, more object) object {
	appSpec := fmt.Sprintf(`{"version": 0.0, "Resources": [{"f": {"Type": "AWS::Lambda::Function", "Properties": {"Name": "blue", "Alias": "live", "CurrentVersion": %q, "TargetVersion": %q}}}]}`, current, target)
	args := object{
		"ApplicationName": "app", "DeploymentGroupName": "group",
		"Revision": object{"RevisionType": "AppSpecContent", "AppSpecContent": object{"Content": appSpec}},
	}
	maps.Copy(args, more)
	return args
}

// TestDeployment follows deployments of version 2, one look a line: minutes, the alias, and the statuses of all deployments.
func TestDeployment(t *testing.T) {
	cases := map[string]struct {
		reason  string
		prepare func(*fakeaws.CodeDeploy)
		current string
		more    object
		looks   []time.Duration
		want    []string
		events  []string
	}{
		"Linear": {
			reason: "Traffic moves step by step.",
			looks:  []time.Duration{0, time.Minute, 11 * time.Minute, 95 * time.Minute},
			want:   []string{"1 map[] Created", "1 map[2:0.1] InProgress", "1 map[2:0.2] InProgress", "2 map[] Succeeded"},
			events: []string{"d-TEST00001 START", "d-TEST00001 SUCCESS"},
		},
		"Alarm": {
			reason:  "An alarm stops the deployment and undoes it.",
			prepare: func(cd *fakeaws.CodeDeploy) { cd.Alarm(25*time.Minute, time.Hour) },
			looks:   []time.Duration{24 * time.Minute, 25 * time.Minute, 26 * time.Minute},
			want:    []string{"1 map[2:0.3] InProgress", "1 map[2:0.3] Stopped Created", "1 map[] Stopped Succeeded"},
			events:  []string{"d-TEST00001 START", "d-TEST00001 STOP", "d-TEST00002 START", "d-TEST00002 SUCCESS"},
		},
		"AlarmActive": {
			reason:  "A deployment does not begin while the alarm is active.",
			prepare: func(cd *fakeaws.CodeDeploy) { cd.Alarm(0, time.Hour) },
			looks:   []time.Duration{0, time.Minute},
			want:    []string{"1 map[] Stopped Created", "1 map[] Stopped Succeeded"},
			events:  []string{"d-TEST00001 STOP", "d-TEST00002 START", "d-TEST00002 SUCCESS"},
		},
		"AlarmIgnored": {
			reason:  "A deployment may ignore the alarm.",
			prepare: func(cd *fakeaws.CodeDeploy) { cd.Alarm(0, time.Hour) },
			more:    object{"OverrideAlarmConfiguration": object{"Enabled": false}},
			looks:   []time.Duration{95 * time.Minute},
			want:    []string{"2 map[] Succeeded"},
			events:  []string{"d-TEST00001 START", "d-TEST00001 SUCCESS"},
		},
		"NothingToRollBackTo": {
			reason: "Without a revision to go back to, the alias stays as it is.",
			prepare: func(cd *fakeaws.CodeDeploy) {
				cd.NothingToRollBackTo = true
				cd.Plan(fakeaws.Failure{After: 15 * time.Minute, Code: "HOOK_EXECUTION_FAILURE"})
			},
			looks:  []time.Duration{20 * time.Minute},
			want:   []string{"1 map[2:0.2] Failed"},
			events: []string{"d-TEST00001 START", "d-TEST00001 FAILURE"},
		},
		"WrongCurrentVersion": {
			reason:  "The alias must be where the deployment thinks it is.",
			current: "7",
			looks:   []time.Duration{0},
			want:    []string{"1 map[] Failed"},
			events:  []string{"d-TEST00001 FAILURE"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cloud, c, do := newCloud(t)
			if tc.prepare != nil {
				tc.prepare(cloud.CodeDeploy)
			}
			if tc.current == "" {
				tc.current = "1"
			}
			if _, err := do("aws-sdk:codedeploy:createDeployment", deployment(tc.current, "2", tc.more)); err != nil {
				t.Fatal(err)
			}
			var got []string
			begin := c.Now()
			for _, at := range tc.looks {
				c.Advance(begin.Add(at).Sub(c.Now()))
				alias := cloud.Lambda.Alias()
				look := fmt.Sprint(alias.Version, " ", alias.Weights)
				for _, id := range cloud.CodeDeploy.Deployments() {
					info, err := do("aws-sdk:codedeploy:getDeployment", object{"DeploymentId": id})
					if err != nil {
						t.Fatal(err)
					}
					look += " " + info["DeploymentInfo"].(object)["Status"].(string)
				}
				got = append(got, look)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
			var events []string
			for _, e := range cloud.CodeDeploy.Events() {
				detail := e.(object)["detail"].(object)
				events = append(events, fmt.Sprint(detail["deploymentId"], " ", detail["state"]))
			}
			if diff := cmp.Diff(tc.events, events); diff != "" {
				t.Errorf("%s\n-want events, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestCreateDeploymentRefuses(t *testing.T) {
	cases := map[string]struct {
		reason    string
		active    bool
		arguments object
		want      string
	}{
		"Active":      {"A group has one deployment at a time.", true, deployment("1", "2", nil), "CodeDeploy.DeploymentLimitExceededException: The Deployment Group 'group' already has an active Deployment 'd-TEST00001'"},
		"Latest":      {"$LATEST is no version.", false, deployment("1", "$LATEST", nil), "CodeDeploy.InvalidRevisionException"},
		"Application": {"The application must be there.", false, deployment("1", "2", object{"ApplicationName": "other"}), "CodeDeploy.ApplicationDoesNotExistException"},
		"NoAlarms":    {"Alarms that are on must be named.", false, deployment("1", "2", object{"OverrideAlarmConfiguration": object{"Enabled": true}}), "CodeDeploy.InvalidAlarmConfigException"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cloud, _, do := newCloud(t)
			if tc.active {
				cloud.CodeDeploy.Start("2")
			}
			_, err := do("aws-sdk:codedeploy:createDeployment", tc.arguments)
			if err == nil || len(err.Error()) < len(tc.want) || err.Error()[:len(tc.want)] != tc.want {
				t.Errorf("%s\nwant %q, got %v", tc.reason, tc.want, err)
			}
		})
	}
}

// TestLostResponse lets a call fail after it has had its effect.
func TestLostResponse(t *testing.T) {
	cloud, _, do := newCloud(t)
	cloud.Fail("codedeploy:CreateDeployment", fakeaws.Fault{Cut: true, After: true})
	if _, err := do("aws-sdk:codedeploy:createDeployment", deployment("1", "2", nil)); err == nil {
		t.Error("want an error")
	}
	if diff := cmp.Diff([]string{"d-TEST00001"}, cloud.CodeDeploy.Deployments()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	want := []fakeaws.Call{{
		Action:   "codedeploy:CreateDeployment",
		Resource: "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:app/group",
		At:       time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, cloud.Calls()); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}
