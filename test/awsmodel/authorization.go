package awsmodel

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// An Authorization is what AWS's reference says of the actions of a service.
type Authorization struct {
	Actions   map[string]Action       `json:"actions"`
	Resources map[string]ResourceType `json:"resources"`

	// ConditionKeys and their types.
	ConditionKeys map[string]string `json:"conditionKeys"`

	// ManagesPermissions has the names of the actions whose access level is "Permissions management".
	ManagesPermissions []string `json:"managesPermissions"`
}

// An Action that policies may allow.
type Action struct {
	// Resources are the types of resources it may be allowed on. None: on all resources only.
	Resources     []string `json:"resources"`
	ConditionKeys []string `json:"conditionKeys"`
}

// A ResourceType has an ARN with variables such as ${Region}.
type ResourceType struct {
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys"`
}

// authorizations that have been read.
var authorizations cache[Authorization]

// LoadAuthorization of a service, by the prefix of its actions.
func LoadAuthorization(prefix string) (Authorization, error) {
	a, err := authorizations.load("iam/" + prefix + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return a, fmt.Errorf("no actions of service %q are known: see tools/awsmodels", prefix)
	}
	return a, err
}

// named are the actions with this name, which may have stars. Case does not matter to IAM.
func (a Authorization) named(pattern string) []Action {
	var actions []Action
	for name, action := range a.Actions {
		if matches(pattern, name) {
			actions = append(actions, action)
		}
	}
	return actions
}

// matches tells whether an action is as a pattern says.
func matches(pattern, action string) bool {
	ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(action))
	return err == nil && ok
}

// optionalType of resources is CloudWatch's own, for some metrics: its actions are about others too, which are none.
const optionalType = "dataset"

// fits tells whether an action can be allowed on a resource that a policy names.
func (a Authorization) fits(action Action, resource string) bool {
	if resource == "*" {
		return !slices.ContainsFunc(action.Resources, func(name string) bool { return name != optionalType })
	}
	return slices.ContainsFunc(action.Resources, func(name string) bool { return a.isARN(resource, a.Resources[name].ARN) })
}

// arnParts are an ARN's partition, service, region, account and resource, and the word that it begins with.
const arnParts = 6

func (a Authorization) isARN(resource, reference string) bool {
	got, want := strings.SplitN(resource, ":", arnParts), strings.SplitN(reference, ":", arnParts)
	if len(got) != arnParts || len(want) != arnParts {
		return false
	}
	name := arnParts - 1
	for i := range name {
		if !policyGlob(got[i]).meets(referenceGlob(want[i], 0)) {
			return false
		}
	}
	return policyGlob(got[name]).meets(referenceGlob(want[name], a.ends(reference)))
}

// ends is the character that ends the names in an ARN: a slash, if it is one in the ARN of another type of resource. A
// bucket's name has none, because an object's key comes after it.
func (a Authorization) ends(reference string) rune {
	below := reference + "/"
	for _, other := range a.Resources {
		if strings.HasPrefix(other.ARN, below) {
			return '/'
		}
	}
	return 0
}

// keyType of a condition key that can be compared for an action. Empty: there is no such key.
func (a Authorization) keyType(action Action, key string, global map[string]string) string {
	known := maps.Clone(global)
	for _, name := range action.ConditionKeys {
		known[name] = a.ConditionKeys[name]
	}
	for _, resource := range action.Resources {
		for _, name := range a.Resources[resource].ConditionKeys {
			known[name] = a.ConditionKeys[name]
		}
	}
	for name, kind := range known {
		if sameKey(key, name) {
			return kind
		}
	}
	return ""
}

// sameKey tells whether a key is one of the reference, where the name of a tag is a variable after a slash.
func sameKey(key, reference string) bool {
	keyName, keyTag, hasTag := strings.Cut(key, "/")
	name, _, wantsTag := strings.Cut(reference, "/")
	return strings.EqualFold(keyName, name) && hasTag == wantsTag && (keyTag != "" || !wantsTag)
}
