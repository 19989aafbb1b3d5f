package main

import (
	"cmp"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// drawBuild draws how code is built, on either kind of compute, which can do different things.
func drawBuild(t *rapid.T, o map[string]any, region string) {
	maybe(t, o, "secrets", secrets(region))
	maybe(t, o, "codeArtifact", rapid.Custom(func(t *rapid.T) map[string]any {
		r := map[string]any{
			"domain":     rapid.StringMatching(`[a-z][a-z0-9-]{0,20}[a-z0-9]`).Draw(t, "domain"),
			"repository": rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{1,30}`).Draw(t, "repository"),
		}
		maybe(t, r, "domainOwner", rapid.SampledFrom([]string{"", "444455556666"}))
		maybe(t, r, "tools", rapid.Map(rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"npm", "pip", "Token"}), 1, 3, rapid.ID[string]), anyOf))
		return r
	}))
	maybe(t, o, "reports", rapid.Custom(func(t *rapid.T) map[string]any {
		report := func(formats ...string) *rapid.Generator[map[string]any] {
			return rapid.Custom(func(t *rapid.T) map[string]any {
				r := map[string]any{"files": globs(t, 1, 10)}
				maybe(t, r, "format", rapid.SampledFrom(formats))
				return r
			})
		}
		r := map[string]any{}
		maybe(t, r, "test", report("CUCUMBERJSON", "JUNITXML", "NUNITXML", "NUNIT3XML", "TESTNGXML", "VISUALSTUDIOTRX"))
		maybe(t, r, "coverage", report("CLOVERXML", "COBERTURAXML", "JACOCOXML", "SIMPLECOV"))
		return r
	}))
	maybe(t, o, "handlerCheck", rapid.SampledFrom([]string{"Enabled", "Disabled"}))
	if own := o["buildspec"]; own == nil || own == "" {
		maybe(t, o, "tool", rapid.SampledFrom([]string{"", "npm", "pnpm", "yarn", "bun", "pip", "uv", "poetry", "maven", "gradle", "bundler", "go", "cargo"}))
		maybe(t, o, "program", rapid.StringMatching(`([A-Za-z0-9_-]{1,9}(/[A-Za-z0-9_-]{1,9}){0,2})?`))
		maybe(t, o, "test", rapid.StringMatching(`[ -~]{0,40}`))
	}
	if rapid.Bool().Draw(t, "on Lambda") {
		o["computeType"] = rapid.SampledFrom([]string{"BUILD_LAMBDA_1GB", "BUILD_LAMBDA_10GB"}).Draw(t, "compute")
		return
	}
	maybe(t, o, "computeType", rapid.SampledFrom([]string{"BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_2XLARGE"}))
	maybe(t, o, "timeoutMinutes", number(5, 2160))
	maybe(t, o, "image", rapid.SampledFrom([]string{"", "444455556666.dkr.ecr." + region + ".amazonaws.com/build/node:24"}))
	maybe(t, o, "cache", rapid.SampledFrom([]string{"None", "S3"}))
	maybe(t, o, "privileged", rapid.Bool())
	maybe(t, o, "vpc", rapid.Custom(func(t *rapid.T) map[string]any {
		vpc := drawVPC(t)
		vpc["vpcId"] = rapid.StringMatching(`vpc-[0-9a-z]{1,17}`).Draw(t, "vpc")
		return vpc
	}))
}

// toolsOf languages, by what begins the names of their runtimes.
var toolsOf = map[string][]any{
	"nodejs": {"npm", "pnpm", "yarn", "bun"}, "python": {"pip", "uv", "poetry"}, "java": {"maven", "gradle"}, "ruby": {"bundler"}, "provided": {"go", "cargo"},
}

// fitBuild to the runtime: it names an image of the team's where CodeBuild has none on Lambda compute, and no tool of another language.
func fitBuild(spec map[string]any, region string) {
	service, _ := spec["service"].(map[string]any)
	build, _ := spec["build"].(map[string]any)
	compute, _ := build["computeType"].(string)
	if strings.HasPrefix(compute, "BUILD_LAMBDA_") && slices.Contains([]any{"ruby3.3", "provided.al2023"}, service["runtime"]) {
		build["image"] = "444455556666.dkr.ecr." + region + ".amazonaws.com/build/program:1"
	}
	runtime, _ := service["runtime"].(string)
	for language, tools := range toolsOf {
		if tool := build["tool"]; strings.HasPrefix(cmp.Or(runtime, "nodejs24.x"), language) && tool != "" && !slices.Contains(tools, tool) {
			delete(build, "tool")
		}
	}
}

// drawSource draws where in the repository the service is, and what starts what.
func drawSource(t *rapid.T, o map[string]any) {
	filter := rapid.Custom(func(t *rapid.T) map[string]any {
		f := map[string]any{}
		maybe(t, f, "includes", rapid.Custom(func(t *rapid.T) []any { return globs(t, 0, 8) }))
		maybe(t, f, "excludes", rapid.Custom(func(t *rapid.T) []any { return globs(t, 0, 8) }))
		return f
	})
	maybe(t, o, "directory", rapid.StringMatching(`([A-Za-z0-9_-][A-Za-z0-9._-]{0,9}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,9}){0,2})?`))
	maybe(t, o, "paths", filter)
	maybe(t, o, "fullClone", rapid.Custom(func(t *rapid.T) map[string]any {
		c := map[string]any{}
		maybe(t, c, "submodules", rapid.Map(rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9_-]{0,9}/[A-Za-z0-9._-]{1,20}`), 0, 16, rapid.ID[string]), anyOf))
		return c
	}))
	maybe(t, o, "checks", rapid.Custom(func(t *rapid.T) map[string]any {
		c := map[string]any{"tags": map[string]any{"includes": globs(t, 1, 8)}}
		if rapid.Bool().Draw(t, "pull requests") {
			r := map[string]any{}
			maybe(t, r, "branches", rapid.Custom(func(t *rapid.T) []any { return globs(t, 0, 8) }))
			maybe(t, r, "paths", filter)
			c["pullRequests"] = r
		}
		return c
	}))
}

// globs of files, branches or tags.
func globs(t *rapid.T, least, most int) []any {
	return anyOf(rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z*?/.-]{1,20}`), least, most, rapid.ID[string]).Draw(t, "globs"))
}
