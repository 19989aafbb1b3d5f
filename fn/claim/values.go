package claim

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/apis/v1alpha1"
	"github.com/paymentdelivery/function-payment-delivery-pipeline/fn/build"
)

// A named is a value of a claim, and where it is: a string, a bool, a float64 for all numbers, or a struct.
type named struct {
	at    *field.Path
	value any
}

// valuesAt a field of a claim, by its path below spec: each item of a list and each value of a map. What a claim leaves out, and an empty
// text, is no value.
func valuesAt(spec *v1alpha1.PaymentDeliveryPipelineSpec, path string) []named {
	return below(reflect.ValueOf(spec).Elem(), field.NewPath("spec"), strings.Split(strings.ReplaceAll(path, "[]", ""), "."))
}

// A Text of a claim, and where it is.
type Text struct {
	At   *field.Path
	Text string
}

// Texts at a field of a claim, by its path below spec: service.eventSources[].sqs.queueArn.
func Texts(spec *v1alpha1.PaymentDeliveryPipelineSpec, path string) []Text {
	var texts []Text
	for _, n := range valuesAt(spec, path) {
		if text, is := n.value.(string); is {
			texts = append(texts, Text{n.at, text})
		}
	}
	return texts
}

func below(v reflect.Value, at *field.Path, path []string) []named {
	var all []named
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return below(v.Elem(), at, path)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			all = append(all, below(v.Index(i), at.Index(i), path)...)
		}
		return all
	case v.Kind() == reflect.Map:
		for _, key := range slices.SortedFunc(slices.Values(v.MapKeys()), byText) {
			all = append(all, below(v.MapIndex(key), at.Key(key.String()), path)...)
		}
		return all
	case len(path) > 0:
		return below(v.FieldByIndex(member(v.Type(), path[0])), at.Child(path[0]), path[1:])
	case v.Kind() == reflect.String && v.Len() == 0:
		return nil
	default:
		return []named{{at, plain(v)}}
	}
}

func byText(a, b reflect.Value) int {
	return strings.Compare(a.String(), b.String())
}

// plain value, whatever its type is called.
func plain(v reflect.Value) any {
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return float64(v.Int())
	default:
		return v.Interface()
	}
}

// members of structs, by the struct's type and the member's name in JSON, as reflection indexes them.
var members sync.Map

type memberKey struct {
	of   reflect.Type
	name string
}

// member of a struct by its name in JSON, those of embedded structs included. That there is one, TestRules checks.
func member(of reflect.Type, name string) []int {
	key := memberKey{of, name}
	if known, found := members.Load(key); found {
		return known.([]int) //nolint:forcetypeassert // Nothing else is stored.
	}
	for _, f := range reflect.VisibleFields(of) {
		if tag, _, _ := strings.Cut(f.Tag.Get("json"), ","); tag == name {
			members.Store(key, f.Index)
			return f.Index
		}
	}
	return nil
}

// repositories of a claim that builds one, with their owners: its own, and its submodules.
func repositories(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	all := built(spec, spec.Source.Owner+"/"+spec.Source.Repository, "source", "repository")
	if clone := spec.Source.FullClone; clone != nil {
		for i, name := range clone.Submodules {
			all = append(all, named{field.NewPath("spec", "source", "fullClone", "submodules").Index(i), name})
		}
	}
	return all
}

func branch(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	return built(spec, spec.Source.Branch, "source", "branch")
}

func computeType(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	return built(spec, spec.Build.ComputeType, "build", "computeType")
}

// buildImage is that of a claim which names none, too.
func buildImage(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	config := build.Config{Runtime: spec.Service.Runtime, Architecture: spec.Service.Architecture, Build: spec.Build}
	return built(spec, config.Image(), "build", "image")
}

// built is a value of the source or the build, unless the claim takes what another pipeline has built.
func built(spec *v1alpha1.PaymentDeliveryPipelineSpec, value string, path ...string) []named {
	if spec.Source.PromotedFrom != nil {
		return nil
	}
	return []named{{field.NewPath("spec", path...), value}}
}

// promotions are the pipelines that a claim offers its releases to: account/environmentSuffix.
func promotions(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	var all []named
	for i, to := range spec.PromoteTo {
		all = append(all, named{field.NewPath("spec", "promoteTo").Index(i), to.AccountID + "/" + to.EnvironmentSuffix})
	}
	return all
}

// codeArtifact is the repository that builds read packages from: domain/repository.
func codeArtifact(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	from := spec.Build.CodeArtifact
	if from == nil {
		return nil
	}
	return []named{{field.NewPath("spec", "build", "codeArtifact", "repository"), from.Domain + "/" + from.Repository}}
}

// invokerAccounts are the accounts of who may call. A service that calls for something in an account calls for that account, and * is
// any account.
func invokerAccounts(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	var all []named
	for i, who := range spec.Service.Invokers {
		at := field.NewPath("spec", "service", "invokers").Index(i)
		if !strings.Contains(who.Principal, ".") {
			all = append(all, named{at.Child("principal"), who.Principal})
		}
		if parts := strings.Split(who.SourceARN, ":"); len(parts) > 4 && parts[4] != "" {
			all = append(all, named{at.Child("sourceArn"), parts[4]})
		}
		if who.SourceAccount != "" {
			all = append(all, named{at.Child("sourceAccount"), who.SourceAccount})
		}
	}
	return all
}

func tagKeys(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	var all []named
	for _, key := range slices.Sorted(maps.Keys(spec.Tags)) {
		all = append(all, named{field.NewPath("spec", "tags"), key})
	}
	return all
}

// firstStep of the rollout: the name of one of CodeDeploy's configurations, or the percentage of the claim's own.
func firstStep(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	if spec.Rollout.Custom != nil {
		return valuesAt(spec, "rollout.custom.percentage")
	}
	return valuesAt(spec, "rollout.deploymentConfig")
}

// alarmMinutes are how long the alarm looks before it fires.
func alarmMinutes(spec *v1alpha1.PaymentDeliveryPipelineSpec) []named {
	return []named{{field.NewPath("spec", "alarm", "evaluationPeriods"), float64(spec.Alarm.EvaluationPeriods) * float64(spec.Alarm.PeriodSeconds) / 60}}
}
