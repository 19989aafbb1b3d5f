package release

import (
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/asl"
)

const (
	stateDeployCreate              = "Deploy.Create"
	stateDeployAreAlarmsBypassed   = "Deploy.AreAlarmsBypassed"
	stateDeployCreateWithoutAlarms = "Deploy.CreateWithoutAlarms"
	stateDeployWaitForList         = "Deploy.WaitForList"
	stateDeployList                = "Deploy.List"
	stateDeployIsAnyListed         = "Deploy.IsAnyListed"
	stateDeployReadListed          = "Deploy.ReadListed"
	stateDeployIsOneOurs           = "Deploy.IsOneOurs"
	stateDeployAdopt               = "Deploy.Adopt"
	stateDeployNotCreated          = "Deploy.NotCreated"
)

// Arguments of the calls to Lambda and CodeDeploy, as their APIs name them.
// See https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Operations.html
type (
	aliasArguments struct {
		FunctionName string `json:"FunctionName"`
		Name         string `json:"Name"`
	}

	createDeploymentArguments struct {
		ApplicationName      string   `json:"ApplicationName"`
		DeploymentGroupName  string   `json:"DeploymentGroupName"`
		DeploymentConfigName asl.Expr `json:"DeploymentConfigName,omitempty"`
		Description          asl.Expr `json:"Description"`
		Revision             revision `json:"Revision"`

		// OverrideAlarmConfiguration takes the place of the group's. AWS lets only those send it who may update the group.
		OverrideAlarmConfiguration *alarmConfiguration `json:"OverrideAlarmConfiguration,omitempty"`
	}

	revision struct {
		RevisionType   string         `json:"RevisionType"`
		AppSpecContent appSpecContent `json:"AppSpecContent"`
	}

	appSpecContent struct {
		Content asl.Expr `json:"Content"`
	}

	alarmConfiguration struct {
		Enabled                bool        `json:"Enabled"`
		IgnorePollAlarmFailure bool        `json:"IgnorePollAlarmFailure"`
		Alarms                 []alarmName `json:"Alarms"`
	}

	alarmName struct {
		Name any `json:"Name"`
	}

	listDeploymentsArguments struct {
		ApplicationName     string     `json:"ApplicationName"`
		DeploymentGroupName string     `json:"DeploymentGroupName"`
		IncludeOnlyStatuses []string   `json:"IncludeOnlyStatuses,omitempty"`
		CreateTimeRange     *timeRange `json:"CreateTimeRange,omitempty"`
		NextToken           asl.Expr   `json:"NextToken,omitempty"`
	}

	timeRange struct {
		Start asl.Expr `json:"Start"`
	}

	deploymentsArguments struct {
		DeploymentIDs asl.Expr `json:"DeploymentIds"`
	}

	deploymentArguments struct {
		DeploymentID asl.Expr `json:"DeploymentId"`
	}

	stopDeploymentArguments struct {
		DeploymentID        asl.Expr `json:"DeploymentId"`
		AutoRollbackEnabled bool     `json:"AutoRollbackEnabled"`
	}
)

// An appSpec tells CodeDeploy what to shift, and which hooks to call.
// See https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file.html
type appSpec struct {
	Version   float64             `json:"version"`
	Resources []appSpecResources  `json:"Resources"`
	Hooks     []map[string]string `json:"Hooks,omitempty"`
}

type appSpecResources struct {
	Service appSpecResource `json:"Service"`
}

type appSpecResource struct {
	Type       string            `json:"Type"`
	Properties appSpecProperties `json:"Properties"`
}

type appSpecProperties struct {
	Name           string   `json:"Name"`
	Alias          string   `json:"Alias"`
	CurrentVersion asl.Expr `json:"CurrentVersion"`
	TargetVersion  asl.Expr `json:"TargetVersion"`
}

// appSpec shifts the alias from the version that is live to the candidate.
func (c Config) appSpec() appSpec {
	return c.appSpecOf("$currentVersion", "$targetVersion")
}

func (c Config) appSpecOf(from, to asl.Expr) appSpec {
	s := appSpec{
		Resources: []appSpecResources{{Service: appSpecResource{
			Type: "AWS::Lambda::Function",
			Properties: appSpecProperties{
				Name:           c.BlueFunction,
				Alias:          c.Alias,
				CurrentVersion: from,
				TargetVersion:  to,
			},
		}}},
	}
	if before := c.Rollout.Hooks.BeforeAllowTraffic; before != "" {
		s.Hooks = append(s.Hooks, map[string]string{"BeforeAllowTraffic": before})
	}
	if after := c.Rollout.Hooks.AfterAllowTraffic; after != "" {
		s.Hooks = append(s.Hooks, map[string]string{"AfterAllowTraffic": after})
	}
	return s
}

// bypassesAlarms holds for the one commit that the claim lets through while an alarm fires.
func (c Config) bypassesAlarms(commit asl.Expr) asl.Expr {
	through := c.Rollout.BypassAlarmsForCommit
	if through == "" {
		return "false"
	}
	return commit + " = " + asl.Quote(through)
}

// overrules holds for that commit if the claim says why: then neither a calendar nor a rollback holds it up.
func (c Config) overrules(commit asl.Expr) asl.Expr {
	if c.Rollout.BypassReason == "" {
		return "false"
	}
	return c.bypassesAlarms(commit)
}

// ignoresAlarms holds for a release that alarms do not stop: that of the commit that the claim lets through, and the first one, as the
// alarms are of the bootstrap then. The version is the one that is live.
func (c Config) ignoresAlarms(commit, version asl.Expr) asl.Expr {
	if c.BootstrapVersion == "" {
		return c.bypassesAlarms(commit)
	}
	return c.bypassesAlarms(commit) + " or " + c.isBootstrap(version)
}

// ignoresAnyAlarms says whether there can be a release that alarms do not stop.
func (c Config) ignoresAnyAlarms() bool {
	return c.Rollout.BypassAlarmsForCommit != "" || c.BootstrapVersion != ""
}

// noAlarms lets a deployment go on while the group's alarms fire.
func (c Config) noAlarms() *alarmConfiguration {
	off := &alarmConfiguration{}
	for _, name := range c.Alarms {
		off.Alarms = append(off.Alarms, alarmName{Name: asl.Literal(name)})
	}
	return off
}

// deploy creates the deployment, and never a second one. CodeDeploy has no token to recognise a request that is
// repeated, so only a request that was certainly not carried out is repeated: one that was throttled. After any other
// error the deployment is looked for. CodeDeploy lets a deployment group have one deployment at a time: a second is
// refused, and its error names the one that runs.
func (c Config) deploy() step {
	return step{
		name:  "Deploy",
		needs: []string{"appSpec", "currentVersion", attributeBypassed},
		gives: []string{varDeployment},
		states: func(next string) []named {
			arguments := createDeploymentArguments{Description: description}
			create := named{stateDeployCreate, c.createDeployment(arguments, stateDeployWaitForList, next)}
			if !c.ignoresAnyAlarms() {
				return append([]named{create}, c.findDeployment(next)...)
			}
			arguments.OverrideAlarmConfiguration = c.noAlarms()
			arguments.DeploymentConfigName = c.configWithoutAlarms()
			return append([]named{
				{stateDeployAreAlarmsBypassed, asl.Choice{
					Choices: []asl.Rule{{Condition: "$alarmsBypassed", Next: stateDeployCreateWithoutAlarms}},
					Default: stateDeployCreate,
				}},
				create,
				{stateDeployCreateWithoutAlarms, c.createDeployment(arguments, stateDeployWaitForList, next)},
			}, c.findDeployment(next)...)
		},
	}
}

// createDeployment with the supplied arguments, in the pipeline's deployment group, of the AppSpec that was written.
func (c Config) createDeployment(arguments createDeploymentArguments, onError, next string) asl.Task {
	arguments.ApplicationName, arguments.DeploymentGroupName = c.Application, c.DeploymentGroup
	arguments.Revision = revision{RevisionType: "AppSpecContent", AppSpecContent: appSpecContent{Content: "$string($appSpec)"}}
	return asl.Task{
		Resource:  c.integration("aws-sdk:codedeploy:createDeployment"),
		Arguments: arguments,
		Retry:     []asl.Retrier{backoff("CodeDeploy.ThrottlingException")},
		Catch:     catchFailure(onError),
		Assign:    asl.Variables{varDeployment: asl.Expr("$states.result.DeploymentId")},
		Next:      next,
	}
}

// findDeployment looks for the deployment of this execution among those that were created since the execution began.
func (c Config) findDeployment(next string) []named {
	return []named{
		{stateDeployWaitForList, asl.Wait{
			Comment: "A new deployment may take a moment to be listed.",
			Seconds: 10,
			Next:    stateDeployList,
		}},
		{stateDeployList, asl.Task{
			Comment:  "Was it created all the same?",
			Resource: c.integration("aws-sdk:codedeploy:listDeployments"),
			Arguments: listDeploymentsArguments{
				ApplicationName:     c.Application,
				DeploymentGroupName: c.DeploymentGroup,
				CreateTimeRange:     &timeRange{Start: "$states.context.Execution.StartTime"},
			},
			Retry:  retryAlways(),
			Catch:  catchAll(stateDeployNotCreated),
			Assign: asl.Variables{"candidates": asl.Expr("[$states.result.Deployments]")},
			Next:   stateDeployIsAnyListed,
		}},
		{stateDeployIsAnyListed, asl.Choice{
			Choices: []asl.Rule{{Condition: "$count($candidates) > 0", Next: stateDeployReadListed}},
			Default: stateDeployNotCreated,
		}},
		{stateDeployReadListed, asl.Task{
			Resource:  c.integration("aws-sdk:codedeploy:batchGetDeployments"),
			Arguments: deploymentsArguments{DeploymentIDs: "$candidates"},
			Retry:     retryAlways(),
			Catch:     catchAll(stateDeployNotCreated),
			Assign: asl.Variables{
				"candidates": "[$states.result.DeploymentsInfo[Description = (" + description + ")].DeploymentId]",
			},
			Next: stateDeployIsOneOurs,
		}},
		{stateDeployIsOneOurs, asl.Choice{
			Choices: []asl.Rule{{Condition: "$count($candidates) > 0", Next: stateDeployAdopt}},
			Default: stateDeployNotCreated,
		}},
		{stateDeployAdopt, asl.Pass{
			Assign: asl.Variables{varDeployment: asl.Expr("$candidates[0]")},
			Next:   next,
		}},
		{stateDeployNotCreated, asl.Fail{Error: "$failure.Error", Cause: "$failure.Cause"}},
	}
}
