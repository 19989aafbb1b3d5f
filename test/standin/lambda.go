package standin

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

const (
	kindFunction = "Function"
	kindAlias    = "Alias"
)

// Publish a version of a function: the pipeline has, or the provider, which has made the function again. An error says that
// AWS does not have the function.
func (a *AWS) Publish(function *unstructured.Unstructured, version string) error {
	return a.happen(function, func(t *thing) { t.publish(version) })
}

// Release a version: the pipeline has published it, if Lambda did not have it yet, and CodeDeploy has moved all of the
// alias's traffic to it. An error says that AWS does not have the alias.
func (a *AWS) Release(alias *unstructured.Unstructured, version string) error {
	return a.happen(alias, func(t *thing) {
		if f := a.function(functionOf(alias)); f != nil {
			f.publish(version)
		}
		t.forProvider = maps.Clone(t.forProvider)
		t.forProvider["functionVersion"] = version
	})
}

// Lose a function: someone has deleted it in AWS, its versions and aliases with it. The provider does not know that before
// a version is published. An error says that AWS does not have the function.
func (a *AWS) Lose(function *unstructured.Unstructured) error {
	return a.happen(function, func(t *thing) {
		t.versions = nil
		maps.DeleteFunc(a.things, func(id string, _ *thing) bool { return strings.HasPrefix(id, kindAlias+" "+function.GetName()+" ") })
	})
}

// happen to what AWS has of the resource.
func (a *AWS) happen(mr *unstructured.Unstructured, what func(*thing)) error {
	a.mx.Lock()
	defer a.mx.Unlock()
	t := a.things[identity(mr)]
	if t == nil {
		return errors.Errorf("AWS has no %s", identity(mr))
	}
	what(t)
	return nil
}

// publish a version with code of its own, unless Lambda has the version. A function without versions has just been made: see load.
func (t *thing) publish(version string) {
	if slices.Contains(t.versions, version) {
		return
	}
	t.code = ""
	if len(t.versions) > 0 {
		t.code = hash([]byte("released as version " + version))
	}
	t.add(version)
}

// publishNext version of a function, as the provider does when it has changed what only versions carry. The code is the same.
func (t *thing) publishNext() {
	if n, err := strconv.Atoi(t.published); err == nil {
		t.add(strconv.Itoa(n + 1))
	}
}

func (t *thing) add(version string) {
	t.published, t.versions = version, append(t.versions, version)
}

// configuration of a function's $LATEST, as far as it was told of it.
func (t *thing) configuration() map[string]any {
	configuration := map[string]any{}
	for _, name := range []string{"runtime", "handler", "memorySize", "timeout", "environment", "vpcConfig", "ephemeralStorage", "tracingConfig", "loggingConfig", "snapStart", "layers", "kmsKeyArn"} {
		if value, ok := t.forProvider[name]; ok {
			configuration[name] = runtime.DeepCopyJSONValue(value)
		}
	}
	return configuration
}

// functionVersion that an alias is on.
func (t *thing) functionVersion() string {
	version, _ := t.forProvider["functionVersion"].(string)
	return version
}

// functionOf is the name of an alias's function's managed resource.
func functionOf(alias *unstructured.Unstructured) string {
	return forProvider(alias, "functionNameRef", "name")
}

// function that the named managed resource has made, or nil.
func (a *AWS) function(owner string) *thing {
	for id, t := range a.things {
		if strings.HasPrefix(id, kindFunction+" ") && t.owner == owner {
			return t
		}
	}
	return nil
}

// refusal is why AWS does not make the resource, or "".
func (a *AWS) refusal(mr *unstructured.Unstructured) string {
	if mr.GetKind() != kindAlias {
		return ""
	}
	asked := forProvider(mr, "functionVersion")
	if f := a.function(functionOf(mr)); f != nil && !slices.Contains(f.versions, asked) {
		return UnknownVersion(f.arn, asked)
	}
	return ""
}

// UnknownVersion is what Lambda says if the function with the supplied ARN does not have the version that an alias is to be
// made on.
func UnknownVersion(function, version string) string {
	return "creating Lambda Alias (live): operation error Lambda: CreateAlias, https response error StatusCode: 404, RequestID: 7f5a, " +
		"ResourceNotFoundException: Function not found: " + function + ":" + version
}
