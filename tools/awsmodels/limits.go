package main

import (
	"encoding/json"
	"fmt"
	"strings"
)

// A property of a resource in CloudFormation.
type property struct {
	resource string

	// path to its schema in the resource's.
	path []string
}

// properties of a schema are the schemas of an object's members.
const properties = "properties"

// tighter are shapes, by service, whose limits CloudFormation's schemas know better. Some shapes are also for names that are
// longer: a function's may be its ARN. Others have no limits at all.
var tighter = map[string]map[string]property{
	"cloudwatch": {
		"MetricId": {"AWS::CloudWatch::Alarm", []string{"definitions", "MetricDataQuery", properties, "Id"}},
	},
	"codepipeline": {
		"PipelineStageDeclarationList": {"AWS::CodePipeline::Pipeline", []string{properties, "Stages"}},
		"StageActionDeclarationList":   {"AWS::CodePipeline::Pipeline", []string{"definitions", "StageDeclaration", properties, "Actions"}},
	},
	"events": {
		"TargetList": {"AWS::Events::Rule", []string{properties, "Targets"}},
	},
	"lambda": {
		"FunctionName": {"AWS::Lambda::Function", []string{properties, "FunctionName"}},
	},
	"logs": {
		"Days": {"AWS::Logs::LogGroup", []string{properties, "RetentionInDays"}},
	},
	"s3": {
		"BucketName": {"AWS::S3::Bucket", []string{properties, "BucketName"}},
	},
	"sns": {
		"topicName": {"AWS::SNS::Topic", []string{properties, "TopicName"}},
	},
}

// limits of a value.
type limits struct {
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Pattern string   `json:"pattern,omitempty"`
	Enum    []any    `json:"enum,omitempty"`
}

// resourceSchemas are CloudFormation's schemas of resources, by the resources' types.
func resourceSchemas(lint archive) (map[string]map[string]any, error) {
	schemas := map[string]map[string]any{}
	for path := range lint.files {
		if !strings.HasPrefix(path, "cfnlint/data/schemas/resources/") || !strings.HasSuffix(path, ".json") {
			continue
		}
		var schema map[string]any
		if err := lint.read(path, &schema); err != nil {
			return nil, err
		}
		if name, ok := schema["typeName"].(string); ok {
			schemas[name] = schema
		}
	}
	return schemas, nil
}

// limits that a resource's schema has for a property.
func (p property) limits(schemas map[string]map[string]any) (*limits, error) {
	node := schemas[p.resource]
	for _, step := range p.path {
		node, _ = node[step].(map[string]any)
	}
	data, err := json.Marshal(node)
	if err != nil {
		return nil, err
	}
	var found struct {
		limits

		Minimum   *float64 `json:"minimum"`
		MinLength *float64 `json:"minLength"`
		MinItems  *float64 `json:"minItems"`
		Maximum   *float64 `json:"maximum"`
		MaxLength *float64 `json:"maxLength"`
		MaxItems  *float64 `json:"maxItems"`
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return nil, err
	}
	for _, limit := range []*float64{found.Minimum, found.MinLength, found.MinItems} {
		found.Min = either(found.Min, limit)
	}
	for _, limit := range []*float64{found.Maximum, found.MaxLength, found.MaxItems} {
		found.Max = either(found.Max, limit)
	}
	if found.Min == nil && found.Max == nil && found.Pattern == "" && found.Enum == nil {
		return nil, fmt.Errorf("the schema of %s has no limits for %v", p.resource, p.path)
	}
	return &found.limits, nil
}

// either of two of which one is there at most.
func either(a, b *float64) *float64 {
	if a != nil {
		return a
	}
	return b
}
