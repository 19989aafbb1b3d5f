package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/smithy-go"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// Holdings are what an account has of one pipeline: what AWS's own API says of each thing, by service and name.
type Holdings map[string]any

// A finder adds what it finds of one service. The names of all that belongs to a pipeline end in its suffix.
type finder func(ctx context.Context, a *Account, of pipeline, found Holdings) error

// finders of all that a pipeline is made of.
var finders = map[string]finder{
	"S3":           findBuckets,
	"DynamoDB":     findTables,
	"SNS":          findTopics,
	"IAM":          findIdentities,
	"Lambda":       findFunctions,
	"Scaling":      findScaling,
	"Logs":         findLogGroups,
	"CloudWatch":   findAlarms,
	"Dashboards":   findDashboards,
	"CodeDeploy":   findDeployments,
	"CodeBuild":    findProjects,
	"CodePipeline": findPipelines,
	"Connections":  findConnections,
	"EventBridge":  findRules,
	"States":       findMachines,
}

// A pipeline is known by its environment's suffix.
type pipeline struct{ suffix string }

// owns reports whether something of this name, in AWS, is the pipeline's. Rules of event sources have a dot before its suffix.
func (p pipeline) owns(name string) bool {
	return strings.HasSuffix(name, "-"+p.suffix) || strings.HasSuffix(name, "."+p.suffix) || strings.Contains(name, "-artifacts-"+p.suffix+"-")
}

// Holdings of the pipeline with this suffix.
func (a *Account) Holdings(ctx context.Context, suffix string) (Holdings, error) {
	found := Holdings{}
	for service, find := range finders {
		of, err := lookAgain(ctx, a, find, pipeline{suffix: suffix})
		if err != nil {
			return nil, errors.Wrapf(err, "cannot look into %s", service)
		}
		maps.Copy(found, of)
	}
	return found, nil
}

// looks at one service, before it is given up that things vanish between a list of them and a look at each.
const looks = 10

func lookAgain(ctx context.Context, a *Account, find finder, of pipeline) (found Holdings, err error) {
	for range looks {
		found = Holdings{}
		if err = find(ctx, a, of, found); err == nil || !isGone(err) {
			break
		}
	}
	return found, err
}

// isGone reports whether AWS says that it does not have what it was asked about.
func isGone(err error) bool {
	var said smithy.APIError
	return errors.As(err, &said) && gone.MatchString(said.ErrorCode())
}

var gone = regexp.MustCompile(`NotFound|NoSuch|DoesNotExist`)

// volatile members of what AWS says: times and ids, and what an emulator alone says.
var volatile = []string{"ResultMetadata"}

// add what AWS says of a thing. Nothing that it leaves out is in it.
func (h Holdings) add(kind, name string, says any) error {
	b, err := json.Marshal(says)
	if err != nil {
		return err
	}
	var plain any
	if err := json.Unmarshal(b, &plain); err != nil {
		return err
	}
	h[kind+" "+name] = present(plain)
	return nil
}

// present leaves out what is null, and what is empty then.
func present(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range volatile {
			delete(v, name)
		}
		for name, member := range v {
			if v[name] = present(member); v[name] == nil {
				delete(v, name)
			}
		}
		if len(v) == 0 {
			return nil
		}
		return v
	case []any:
		for i := range v {
			v[i] = present(v[i])
		}
		if len(v) == 0 {
			return nil
		}
		return v
	default:
		return v
	}
}

// At is the text or number at a path in what AWS says of a thing, as text, or "". A number in a path is a place in a list.
func (h Holdings) At(thing string, path ...any) string {
	v := h[thing]
	for _, step := range path {
		switch step := step.(type) {
		case string:
			members, _ := v.(map[string]any)
			v = members[step]
		case int:
			items, _ := v.([]any)
			if step >= len(items) {
				return ""
			}
			v = items[step]
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// JSON of what AWS says of a thing, or of everything if no thing is named.
func (h Holdings) JSON(thing string) string {
	var v any = h
	if thing != "" {
		v = h[thing]
	}
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func findDeployments(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	apps, err := a.CodeDeploy.ListApplications(ctx, &codedeploy.ListApplicationsInput{})
	if err != nil {
		return err
	}
	for _, app := range apps.Applications {
		if !of.owns(app) {
			continue
		}
		found["Application "+app] = map[string]any{}
		groups, err := a.CodeDeploy.ListDeploymentGroups(ctx, &codedeploy.ListDeploymentGroupsInput{ApplicationName: &app})
		if err != nil {
			return err
		}
		for _, group := range groups.DeploymentGroups {
			says, err := a.CodeDeploy.GetDeploymentGroup(ctx, &codedeploy.GetDeploymentGroupInput{ApplicationName: &app, DeploymentGroupName: &group})
			if err != nil {
				return err
			}
			if err := found.add("DeploymentGroup", group, says.DeploymentGroupInfo); err != nil {
				return err
			}
		}
	}
	configs, err := a.CodeDeploy.ListDeploymentConfigs(ctx, &codedeploy.ListDeploymentConfigsInput{})
	if err != nil {
		return err
	}
	for _, config := range configs.DeploymentConfigsList {
		if of.owns(config) {
			says, err := a.CodeDeploy.GetDeploymentConfig(ctx, &codedeploy.GetDeploymentConfigInput{DeploymentConfigName: &config})
			if err != nil {
				return err
			}
			if err := found.add("DeploymentConfig", config, says.DeploymentConfigInfo); err != nil {
				return err
			}
		}
	}
	return nil
}

func findPipelines(ctx context.Context, a *Account, of pipeline, found Holdings) error {
	pipelines, err := a.CodePipeline.ListPipelines(ctx, &codepipeline.ListPipelinesInput{})
	if err != nil {
		return err
	}
	for _, p := range pipelines.Pipelines {
		if of.owns(*p.Name) {
			says, err := a.CodePipeline.GetPipeline(ctx, &codepipeline.GetPipelineInput{Name: p.Name})
			if err != nil {
				return err
			}
			if err := found.add("Pipeline", *p.Name, says.Pipeline); err != nil {
				return err
			}
		}
	}
	return nil
}
