package fakeaws

import (
	"fmt"
	"net/http"
	"time"
)

// CodeDeploy has one application with one deployment group.
type CodeDeploy struct {
	// NothingToRollBackTo lets no rollback happen, as if CodeDeploy knew of no revision to go back to.
	NothingToRollBackTo bool

	// Watch is the alarm's rule: it gets what both versions answered in each minute, a minute after it is over, and says
	// whether the alarm fires. Nil: there are only the alarms that a test asks for.
	Watch func(both Counts) bool

	watched time.Time

	// RollbackDelay is how long a rollback takes.
	RollbackDelay time.Duration

	// PageSize is how many deployments one answer lists.
	PageSize int

	cloud       *Cloud
	deployments []*deployment

	// past are the ids of deployments that have succeeded before.
	past    []string
	planned *Failure
	alarms  []period
	events  []any
}

// A period of time, without its end.
type period struct {
	from, to time.Time
}

func newCodeDeploy(c *Cloud) *CodeDeploy {
	return &CodeDeploy{RollbackDelay: 30 * time.Second, PageSize: 100, cloud: c}
}

// Plan lets the next deployment fail.
func (cd *CodeDeploy) Plan(f Failure) {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.planned = &f
}

// Alarm is active for a time, which begins after another.
func (cd *CodeDeploy) Alarm(after, length time.Duration) {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	from := cd.cloud.clock.Now().Add(after)
	cd.alarms = append(cd.alarms, period{from: from, to: from.Add(length)})
}

// Start a deployment to a version, as someone in the console does, and return its id.
func (cd *CodeDeploy) Start(target string) string {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.settle()
	if d := cd.activeDeployment(); d != nil {
		cd.cloud.tb.Errorf("cannot start a deployment: %s is active", d.id)
	}
	s := cd.cloud.setup
	return cd.add(AppSpec{Function: s.Function, Alias: s.Alias, Current: cd.cloud.Lambda.current().Version, Target: target}, cd.cloud.clock.Now()).id
}

// Succeeded adds a deployment that is long over, of which only the id is still asked for, and returns that.
func (cd *CodeDeploy) Succeeded(target string) string {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	id := "d-TO" + target
	cd.past = append(cd.past, id)
	return id
}

// Stop the deployment that is active, as somebody in the console does: with a rollback, without one, or as the group says (nil).
func (cd *CodeDeploy) Stop(rollback *bool) {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.settle()
	d := cd.activeDeployment()
	if d == nil {
		cd.cloud.tb.Errorf("cannot stop a deployment: none is active")
		return
	}
	d.stop(cd.cloud.clock.Now(), rollback)
}

// Deployments returns the ids of all deployments, in the order of their creation.
func (cd *CodeDeploy) Deployments() []string {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.settle()
	ids := make([]string, len(cd.deployments))
	for i, d := range cd.deployments {
		ids[i] = d.id
	}
	return ids
}

// Ended is when the last deployment has ended.
func (cd *CodeDeploy) Ended() time.Time {
	cd.cloud.mu.Lock()
	defer cd.cloud.mu.Unlock()
	cd.settle()
	return cd.deployments[len(cd.deployments)-1].completedAt
}

// groupARN is what permissions to deploy are about.
func (cd *CodeDeploy) groupARN() string {
	return cd.cloud.arn("codedeploy", "deploymentgroup:"+cd.cloud.setup.Application+"/"+cd.cloud.setup.Group)
}

func (cd *CodeDeploy) find(id string) (*deployment, error) {
	for _, d := range cd.deployments {
		if d.id == id {
			return d, nil
		}
	}
	return nil, badRequest("DeploymentDoesNotExistException", "The deployment %s could not be found", id)
}

func badRequest(code, format string, args ...any) *Fault {
	return &Fault{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...)}
}

type alarmConfiguration struct {
	Enabled                bool `json:"enabled"`
	IgnorePollAlarmFailure bool `json:"ignorePollAlarmFailure"`
	Alarms                 []struct {
		Name string `json:"name"`
	} `json:"alarms"`
}

type createDeployment struct {
	ApplicationName     string `json:"applicationName"`
	DeploymentGroupName string `json:"deploymentGroupName"`
	Description         string `json:"description"`
	Revision            *struct {
		RevisionType   string `json:"revisionType"`
		AppSpecContent struct {
			Content string `json:"content"`
			SHA256  string `json:"sha256"`
		} `json:"appSpecContent"`
	} `json:"revision"`
	OverrideAlarmConfiguration *alarmConfiguration `json:"overrideAlarmConfiguration"`

	// DeploymentConfigName takes the place of the group's.
	DeploymentConfigName string `json:"deploymentConfigName"`

	// The SDK sends these two always.
	IgnoreApplicationStopFailures bool `json:"ignoreApplicationStopFailures"`
	UpdateOutdatedInstancesOnly   bool `json:"updateOutdatedInstancesOnly"`
}

func (cd *CodeDeploy) createDeployment(r request) (string, any, error) {
	var in createDeployment
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	resource := cd.cloud.arn("codedeploy", "deploymentgroup:"+in.ApplicationName+"/"+in.DeploymentGroupName)
	spec, err := cd.check(in)
	if err != nil {
		return resource, nil, err
	}
	if d := cd.activeDeployment(); d != nil {
		return resource, nil, badRequest("DeploymentLimitExceededException",
			"The Deployment Group '%s' already has an active Deployment '%s'", in.DeploymentGroupName, d.id)
	}
	d := cd.add(spec, cd.cloud.clock.Now())
	d.content, d.description, d.override = in.Revision.AppSpecContent.Content, in.Description, in.OverrideAlarmConfiguration
	if in.DeploymentConfigName == "CodeDeployDefault.LambdaAllAtOnce" {
		d.shift = Shift{Percentage: 100}
	}
	if current := cd.cloud.Lambda.current().Version; spec.Current != current || spec.Target == current {
		d.status, d.completedAt = failed, d.createdAt
		d.errorCode = "INVALID_LAMBDA_CONFIGURATION"
		d.errorMessage = fmt.Sprintf("The alias %s points at version %s", spec.Alias, current)
		cd.emit(d, "FAILURE", d.createdAt)
	}
	return resource, map[string]any{"deploymentId": d.id}, nil
}

func (cd *CodeDeploy) stopDeployment(r request) (string, any, error) {
	var in struct {
		DeploymentID        string `json:"deploymentId"`
		AutoRollbackEnabled *bool  `json:"autoRollbackEnabled"`
	}
	if err := cd.cloud.read(r, &in); err != nil {
		return "", nil, err
	}
	d, err := cd.find(in.DeploymentID)
	if err != nil {
		return "*", nil, err
	}
	if !d.active() {
		return "*", nil, badRequest("DeploymentAlreadyCompletedException", "The deployment %s has already completed", d.id)
	}
	d.stop(cd.cloud.clock.Now(), in.AutoRollbackEnabled)
	return "*", map[string]any{"status": "Pending", "statusMessage": "The deployment is being stopped"}, nil
}

// check a request as far as CodeDeploy does before it creates the deployment.
func (cd *CodeDeploy) check(in createDeployment) (AppSpec, error) {
	s := cd.cloud.setup
	switch {
	case in.ApplicationName != s.Application:
		return AppSpec{}, badRequest("ApplicationDoesNotExistException", "No application found for name: %s", in.ApplicationName)
	case in.DeploymentGroupName != s.Group:
		return AppSpec{}, badRequest("DeploymentGroupDoesNotExistException", "No Deployment Group found for name: %s", in.DeploymentGroupName)
	case len(in.Description) > 256:
		return AppSpec{}, badRequest("DescriptionTooLongException", "Description exceeds the maximum length of 256 characters")
	case in.Revision == nil:
		return AppSpec{}, badRequest("RevisionRequiredException", "Revision is required")
	case in.Revision.RevisionType != "AppSpecContent":
		return AppSpec{}, badRequest("InvalidRevisionException", "For the Lambda compute platform, the revision type must be AppSpecContent")
	case in.OverrideAlarmConfiguration != nil && in.OverrideAlarmConfiguration.Enabled && len(in.OverrideAlarmConfiguration.Alarms) == 0:
		return AppSpec{}, badRequest("InvalidAlarmConfigException", "There must be alarms if the configuration is enabled")
	}
	spec, err := parseAppSpec(in.Revision.AppSpecContent.Content)
	if err != nil {
		return AppSpec{}, badRequest("InvalidRevisionException", "%v", err)
	}
	if spec.Function != s.Function || spec.Alias != s.Alias {
		return AppSpec{}, badRequest("InvalidRevisionException", "unknown function or alias: %s:%s", spec.Function, spec.Alias)
	}
	return spec, nil
}
