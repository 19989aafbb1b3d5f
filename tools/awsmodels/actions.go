package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// An action as iam-data knows it.
type action struct {
	Name          string   `json:"name"`
	AccessLevel   string   `json:"accessLevel"`
	ConditionKeys []string `json:"conditionKeys"`
	ResourceTypes []struct {
		Name          string   `json:"name"`
		ConditionKeys []string `json:"conditionKeys"`
	} `json:"resourceTypes"`
}

// A keptAction is what the check of policies needs to know of an action.
type keptAction struct {
	Resources     []string `json:"resources,omitempty"`
	ConditionKeys []string `json:"conditionKeys,omitempty"`
}

// A resourceType that actions are allowed on.
type resourceType struct {
	Key           string   `json:"key,omitempty"`
	ARN           string   `json:"arn"`
	ConditionKeys []string `json:"conditionKeys,omitempty"`
}

// A conditionKey that conditions may compare.
type conditionKey struct {
	Key  string `json:"key"`
	Type string `json:"type"`
}

// writeActions of every service that our policies name, and the keys that every action has.
func writeActions(iam archive, to string) error {
	for _, prefix := range prefixes {
		if err := writeService(iam, prefix, filepath.Join(to, prefix+".json")); err != nil {
			return err
		}
	}

	keys := map[string]string{}
	for _, m := range globalKey.FindAllSubmatch(iam.files["package/dist/esm/globalConditionKeys.js"], -1) {
		keys[string(m[1])] = string(m[2])
	}
	if len(keys) == 0 {
		return fmt.Errorf("cannot find global condition keys")
	}
	return section{{sourceKey, iam.source("MIT")}, {"conditionKeys", keys}}.write(filepath.Join(to, "global.json"))
}

// globalKey in the one list that iam-data does not have as JSON.
var globalKey = regexp.MustCompile(`key: '(aws:[^']+)',\s+category: '[^']*',\s+type: '([^']+)'`)

func writeService(iam archive, prefix, path string) error {
	var actions map[string]action
	var resources map[string]resourceType
	var keys map[string]conditionKey
	for folder, into := range map[string]any{"actions": &actions, "resourceTypes": &resources, "conditionKeys": &keys} {
		if err := iam.read(fmt.Sprintf("package/data/%s/%s.json", folder, prefix), into); err != nil {
			return err
		}
	}

	keptActions, keptResources, keptKeys := map[string]keptAction{}, map[string]resourceType{}, map[string]string{}
	managesPermissions := []string{}
	for _, a := range actions {
		keptActions[a.Name] = keep(a)
		// Some actions have two levels.
		if strings.Contains(a.AccessLevel, "Permissions management") {
			managesPermissions = append(managesPermissions, a.Name)
		}
	}
	slices.Sort(managesPermissions)
	for _, r := range resources {
		keptResources[r.Key] = resourceType{ARN: r.ARN, ConditionKeys: r.ConditionKeys}
	}
	for _, k := range keys {
		keptKeys[k.Key] = k.Type
	}
	return section{
		{sourceKey, iam.source("MIT")},
		{"resources", keptResources},
		{"conditionKeys", keptKeys},
		{"managesPermissions", managesPermissions},
		{"actions", keptActions},
	}.write(path)
}

func keep(a action) keptAction {
	kept := keptAction{ConditionKeys: slices.Clone(a.ConditionKeys)}
	for _, r := range a.ResourceTypes {
		kept.Resources = append(kept.Resources, r.Name)
		kept.ConditionKeys = append(kept.ConditionKeys, r.ConditionKeys...)
	}
	slices.Sort(kept.ConditionKeys)
	kept.ConditionKeys = slices.Compact(kept.ConditionKeys)
	return kept
}
