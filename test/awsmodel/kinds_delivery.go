package awsmodel

// deliveryKinds are the pipeline and what it drives.
var deliveryKinds = map[string]Kind{
	"cloudwatchevents/Rule": {
		Service: "events",
		Create:  "PutRule",
		Name:    []string{"PutRule.Name"},
		Fields: map[string]Parameter{
			"description":  to("PutRule.Description"),
			"eventBusName": to("PutRule.EventBusName"),
			"eventPattern": to("PutRule.EventPattern"),
			tagsField:      to("PutRule.Tags").pairs("Key", "Value"),
		},
		Local: map[string]string{"isEnabled": "a switch that the provider makes PutRule.State of"},
	},
	"cloudwatchevents/Target": {
		Service: "events",
		Create:  "PutTargets",
		Fields: map[string]Parameter{
			"arn":          to("PutTargets.Targets[0].Arn"),
			"eventBusName": to("PutTargets.EventBusName"),
			"roleArn":      to("PutTargets.Targets[0].RoleArn").arn(roleARN),
			"rule":         to("PutTargets.Rule"),
			"targetId":     to("PutTargets.Targets[0].Id"),
		},
	},
	"codebuild/Project": {
		Service: "codebuild",
		Create:  "CreateProject",
		Name:    []string{"CreateProject.name"},
		Fields: map[string]Parameter{
			"artifacts.type":                          to("CreateProject.artifacts.type"),
			"buildTimeout":                            to("CreateProject.timeoutInMinutes"),
			"encryptionKey":                           to("CreateProject.encryptionKey"),
			"environment.computeType":                 to("CreateProject.environment.computeType"),
			"environment.environmentVariable[].name":  to("CreateProject.environment.environmentVariables[].name"),
			"environment.environmentVariable[].type":  to("CreateProject.environment.environmentVariables[].type"),
			"environment.environmentVariable[].value": to("CreateProject.environment.environmentVariables[].value"),
			"environment.image":                       to("CreateProject.environment.image"),
			"environment.imagePullCredentialsType":    to("CreateProject.environment.imagePullCredentialsType"),
			"environment.privilegedMode":              to("CreateProject.environment.privilegedMode"),
			"environment.type":                        to("CreateProject.environment.type"),
			"logsConfig.cloudwatchLogs.groupName":     to("CreateProject.logsConfig.cloudWatchLogs.groupName"),
			"logsConfig.cloudwatchLogs.status":        to("CreateProject.logsConfig.cloudWatchLogs.status"),
			"serviceRole":                             to("CreateProject.serviceRole").arn(roleARN),
			"source.buildspec":                        to("CreateProject.source.buildspec"),
			"source.type":                             to("CreateProject.source.type"),
			tagsField:                                 to("CreateProject.tags").pairs("key", "value"),
		},
	},
	"codepipeline/Codepipeline": {
		Service: "codepipeline",
		Create:  "CreatePipeline",
		Name:    []string{"CreatePipeline.pipeline.name"},
		Fields: map[string]Parameter{
			"artifactStore[].encryptionKey.id":   to("CreatePipeline.pipeline.artifactStore.encryptionKey.id"),
			"artifactStore[].encryptionKey.type": to("CreatePipeline.pipeline.artifactStore.encryptionKey.type"),
			"artifactStore[].location":           to("CreatePipeline.pipeline.artifactStore.location"),
			"artifactStore[].type":               to("CreatePipeline.pipeline.artifactStore.type"),
			"executionMode":                      to("CreatePipeline.pipeline.executionMode"),
			"pipelineType":                       to("CreatePipeline.pipeline.pipelineType"),
			"roleArn":                            to("CreatePipeline.pipeline.roleArn").arn(roleARN),
			"stage[].name":                       to("CreatePipeline.pipeline.stages[].name"),
			"stage[].action[].category":          to(pipelineAction + "actionTypeId.category"),
			"stage[].action[].configuration":     to(pipelineAction + "configuration"),
			"stage[].action[].inputArtifacts[]":  to(pipelineAction + "inputArtifacts[].name"),
			"stage[].action[].name":              to(pipelineAction + "name"),
			"stage[].action[].namespace":         to(pipelineAction + "namespace"),
			"stage[].action[].outputArtifacts[]": to(pipelineAction + "outputArtifacts[].name"),
			"stage[].action[].owner":             to(pipelineAction + "actionTypeId.owner"),
			"stage[].action[].provider":          to(pipelineAction + "actionTypeId.provider"),
			"stage[].action[].runOrder":          to(pipelineAction + "runOrder"),
			"stage[].action[].timeoutInMinutes":  to(pipelineAction + "timeoutInMinutes"),
			"stage[].action[].version":           to(pipelineAction + "actionTypeId.version"),
			tagsField:                            to("CreatePipeline.tags").pairs("key", "value"),
		},
	},
	"codestarconnections/Connection": {
		Service: "codestar-connections",
		Create:  "CreateConnection",
		Fields: map[string]Parameter{
			"name":         to("CreateConnection.ConnectionName"),
			"providerType": to("CreateConnection.ProviderType"),
			tagsField:      to("CreateConnection.Tags").pairs("Key", "Value"),
		},
	},
	"deploy/App": {
		Service: "codedeploy",
		Create:  "CreateApplication",
		Name:    []string{"CreateApplication.applicationName"},
		Fields: map[string]Parameter{
			"computePlatform": to("CreateApplication.computePlatform"),
			tagsField:         to("CreateApplication.tags").pairs("Key", "Value"),
		},
	},
	"deploy/DeploymentConfig": {
		Service: "codedeploy",
		Create:  "CreateDeploymentConfig",
		Name:    []string{"CreateDeploymentConfig.deploymentConfigName"},
		Fields: map[string]Parameter{
			"computePlatform": to("CreateDeploymentConfig.computePlatform"),
			"trafficRoutingConfig.timeBasedCanary.interval":   to(trafficRouting + "timeBasedCanary.canaryInterval"),
			"trafficRoutingConfig.timeBasedCanary.percentage": to(trafficRouting + "timeBasedCanary.canaryPercentage"),
			"trafficRoutingConfig.timeBasedLinear.interval":   to(trafficRouting + "timeBasedLinear.linearInterval"),
			"trafficRoutingConfig.timeBasedLinear.percentage": to(trafficRouting + "timeBasedLinear.linearPercentage"),
			"trafficRoutingConfig.type":                       to(trafficRouting + "type"),
		},
	},
	"deploy/DeploymentGroup": {
		Service: "codedeploy",
		Create:  "CreateDeploymentGroup",
		Name:    []string{"CreateDeploymentGroup.deploymentGroupName"},
		Fields: map[string]Parameter{
			"alarmConfiguration[].alarms":                 to("CreateDeploymentGroup.alarmConfiguration.alarms").each("name"),
			"alarmConfiguration[].enabled":                to("CreateDeploymentGroup.alarmConfiguration.enabled"),
			"alarmConfiguration[].ignorePollAlarmFailure": to("CreateDeploymentGroup.alarmConfiguration.ignorePollAlarmFailure"),
			"appName":                                 to("CreateDeploymentGroup.applicationName"),
			"autoRollbackConfiguration[].enabled":     to("CreateDeploymentGroup.autoRollbackConfiguration.enabled"),
			"autoRollbackConfiguration[].events":      to("CreateDeploymentGroup.autoRollbackConfiguration.events"),
			"deploymentConfigName":                    to("CreateDeploymentGroup.deploymentConfigName"),
			"deploymentStyle[].deploymentOption":      to("CreateDeploymentGroup.deploymentStyle.deploymentOption"),
			"deploymentStyle[].deploymentType":        to("CreateDeploymentGroup.deploymentStyle.deploymentType"),
			"serviceRoleArn":                          to("CreateDeploymentGroup.serviceRoleArn").arn(roleARN),
			tagsField:                                 to("CreateDeploymentGroup.tags").pairs("Key", "Value"),
			"triggerConfiguration[].triggerEvents":    to("CreateDeploymentGroup.triggerConfigurations[].triggerEvents"),
			"triggerConfiguration[].triggerName":      to("CreateDeploymentGroup.triggerConfigurations[].triggerName"),
			"triggerConfiguration[].triggerTargetArn": to("CreateDeploymentGroup.triggerConfigurations[].triggerTargetArn").arn(topicARN),
		},
	},
	"sfn/StateMachine": {
		Service: "stepfunctions",
		Create:  "CreateStateMachine",
		Name:    []string{"CreateStateMachine.name"},
		Fields: map[string]Parameter{
			"definition": to("CreateStateMachine.definition"),
			"roleArn":    to("CreateStateMachine.roleArn").arn(roleARN),
			tagsField:    to("CreateStateMachine.tags").pairs("key", "value"),
			"type":       to("CreateStateMachine.type"),
		},
	},
}

// Where what the pipeline and the deployments consist of goes.
const (
	pipelineAction = "CreatePipeline.pipeline.stages[].actions[]."
	trafficRouting = "CreateDeploymentConfig.trafficRoutingConfig."
)
