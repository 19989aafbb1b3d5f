// Package names lists what a pipeline has a name for in AWS, so that tests can tell whether two pipelines share any of it.
package names

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/crossplane/function-sdk-go/resource/composed"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/architecture"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/compose"
)

// A Name that something has in AWS. Nothing else of that kind has it in the account and region, or in what it is in.
type Name struct {
	// Kind of the managed resource, with its API group, or of what AWS makes for one: ReportGroup, Metric.
	Kind string

	// In is the name of what it is in. Empty: the account.
	In string

	Name string
}

// What AWS makes by itself, under names that follow from those of managed resources.
const (
	// ReportGroup of CodeBuild.
	ReportGroup = "ReportGroup"

	// Metric of CloudWatch, by the value of its dimension.
	Metric = "Metric"
)

const logGroup = "Group.cloudwatchlogs.aws.upbound.io"

// parents are the fields that say what a resource is in, by kinds whose names are unique only there. Each is a name, or a reference to a
// managed resource.
var parents = map[string]string{
	"Alias.lambda.aws.upbound.io":           "functionNameRef",
	"DeploymentGroup.deploy.aws.upbound.io": "appNameRef",
	"Permission.lambda.aws.upbound.io":      "functionNameRef",
	"Policy.appautoscaling.aws.upbound.io":  "resourceId",
}

// Of all that a pipeline owns, each with the metadata.name of its managed resource, or "" if AWS makes it. What AWS chooses the name of
// is not there.
func Of(p architecture.Pipeline) (map[Name]string, error) {
	objects, err := build(p)
	if err != nil {
		return nil, err
	}
	byObject := map[string]string{}
	for _, o := range objects {
		byObject[o.GetName()] = nameOf(o)
	}
	all := map[Name]string{}
	for _, o := range objects {
		derived, err := derivedFrom(o)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %w", o.GetName(), err)
		}
		for _, d := range derived {
			if _, has := all[d]; !has {
				all[d] = ""
			}
		}
		name := Name{Kind: kindOf(o), Name: nameOf(o)}
		if field, has := parents[name.Kind]; has {
			name.In = parent(o, field, byObject)
		}
		if name.Name != "" {
			all[name] = o.GetName()
		}
	}
	return all, nil
}

// Shared by two pipelines, in order.
func Shared(one, other map[Name]string) []Name {
	both := maps.Clone(one)
	maps.DeleteFunc(both, func(n Name, _ string) bool { _, has := other[n]; return !has })
	return slices.SortedFunc(maps.Keys(both), func(a, b Name) int { return slices.Compare(texts(a), texts(b)) })
}

func texts(n Name) []string {
	return []string{n.Kind, n.In, n.Name}
}

// build all resources that the pipeline can have, as if all was known.
func build(p architecture.Pipeline) ([]*unstructured.Unstructured, error) {
	known := compose.Known{}
	for _, r := range p.Resources() {
		for _, fact := range r.Needs {
			known[fact] = "1"
		}
	}
	var all []*unstructured.Unstructured
	for _, r := range p.Resources() {
		if r.Retired {
			continue
		}
		o, err := r.Object(known)
		if err != nil {
			return nil, fmt.Errorf("cannot build %s: %w", r.Name, err)
		}
		u, err := convert(o)
		if err != nil {
			return nil, fmt.Errorf("cannot convert %s: %w", r.Name, err)
		}
		all = append(all, u)
	}
	return all, nil
}

func convert(o client.Object) (*unstructured.Unstructured, error) {
	kinds, _, err := composed.Scheme.ObjectKinds(o)
	if err != nil {
		return nil, err
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	u := &unstructured.Unstructured{Object: content}
	u.SetGroupVersionKind(kinds[0])
	return u, err
}

func kindOf(o *unstructured.Unstructured) string {
	return o.GroupVersionKind().GroupKind().String()
}

// nameOf a resource: its external name, or the one that it asks for where AWS chooses the external name.
func nameOf(o *unstructured.Unstructured) string {
	if name := o.GetAnnotations()["crossplane.io/external-name"]; name != "" {
		return name
	}
	return text(o, "name")
}

func parent(o *unstructured.Unstructured, field string, byObject map[string]string) string {
	if name := text(o, field); name != "" {
		return name
	}
	return byObject[text(o, field, "name")]
}

// text of a parameter. Empty: there is none.
func text(o *unstructured.Unstructured, path ...string) string {
	value, _, _ := unstructured.NestedString(o.Object, append([]string{"spec", "forProvider"}, path...)...)
	return value
}

// parameters by which AWS makes something.
type parameters struct {
	LoggingConfig []struct {
		LogGroup string `json:"logGroup"`
	} `json:"loggingConfig"`
	LogsConfig struct {
		CloudwatchLogs struct {
			GroupName string `json:"groupName"`
		} `json:"cloudwatchLogs"`
	} `json:"logsConfig"`
	Source struct {
		Buildspec string `json:"buildspec"`
	} `json:"source"`
	Definition string `json:"definition"`
}

var dimension = regexp.MustCompile(`'Dimensions': \[\{'Name': '(\w+)', 'Value': '([^']*)'\}\]`)

// derivedFrom a resource: what AWS makes when a function or a build runs.
func derivedFrom(o *unstructured.Unstructured) ([]Name, error) {
	kind := o.GetKind()
	if kind != "Function" && kind != "Project" && kind != "StateMachine" {
		return nil, nil
	}
	var p parameters
	forProvider, _, err := unstructured.NestedFieldNoCopy(o.Object, "spec", "forProvider")
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(forProvider)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, err
	}
	var all []Name
	for _, logging := range p.LoggingConfig {
		all = append(all, Name{Kind: logGroup, Name: logging.LogGroup})
	}
	if group := p.LogsConfig.CloudwatchLogs.GroupName; group != "" {
		all = append(all, Name{Kind: logGroup, Name: group})
	}
	for _, found := range dimension.FindAllStringSubmatch(p.Definition, -1) {
		all = append(all, Name{Kind: Metric, In: found[1], Name: found[2]})
	}
	return append(all, reportGroups(nameOf(o), p.Source.Buildspec)...), nil
}

// reportGroups of a project. A buildspec that is a path in the repository has none that are known here.
func reportGroups(project, buildspec string) []Name {
	var spec struct {
		Reports map[string]any `json:"reports"`
	}
	if err := yaml.Unmarshal([]byte(buildspec), &spec); err != nil {
		return nil
	}
	var all []Name
	for _, report := range slices.Sorted(maps.Keys(spec.Reports)) {
		all = append(all, Name{Kind: ReportGroup, Name: project + "-" + report})
	}
	return all
}
