package main

import "github.com/crossplane/function-sdk-go/resource"

// Names of resources in the composition, as every pipeline out there has them.
const (
	artifactBucket   resource.Name = "artifact-bucket"
	functionRole     resource.Name = "function-role"
	historyTable     resource.Name = "history-table"
	alarmTopic       resource.Name = "alarm-topic"
	blueFunction     resource.Name = "blue-function"
	greenFunction    resource.Name = "green-function"
	liveAlias        resource.Name = "live-alias"
	connection       resource.Name = "github-connection"
	deliveryPipeline resource.Name = "pipeline"
)

// labelComposite is the label that Crossplane puts on the resources of a composite resource.
const labelComposite = "crossplane.io/composite"
