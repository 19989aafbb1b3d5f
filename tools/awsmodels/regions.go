package main

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
)

// endpoints of the services that a pipeline is made of in one region. IAM is the same in all.
var endpoints = []string{
	"codebuild", "codedeploy", "codepipeline", "codestar-connections", "dynamodb", "events", "lambda", "logs", "monitoring", "s3", "sns", "states",
}

// A partition of AWS, with its regions and where its services are.
type partition struct {
	Regions  map[string]struct{} `json:"regions"`
	Services map[string]struct {
		Endpoints map[string]struct{} `json:"endpoints"`
	} `json:"services"`
}

// writeRegions that there are, and those in which each service is.
func writeRegions(botocore archive, to string) error {
	var data struct {
		Partitions []partition `json:"partitions"`
	}
	if err := botocore.read("botocore/data/endpoints.json", &data); err != nil {
		return err
	}
	all, offered := []string{}, map[string][]string{}
	for _, p := range data.Partitions {
		for _, region := range slices.Sorted(maps.Keys(p.Regions)) {
			all = append(all, region)
			for _, service := range endpoints {
				if _, found := p.Services[service].Endpoints[region]; found {
					offered[service] = append(offered[service], region)
				}
			}
		}
	}
	for _, service := range endpoints {
		if len(offered[service]) == 0 {
			return fmt.Errorf("botocore has no endpoint of %q", service)
		}
	}
	file := section{{sourceKey, botocore.source("Apache-2.0")}, {"regions", all}, {"offered", offered}}
	return file.write(filepath.Join(to, "regions.json"))
}
