package build

import "strings"

var node = language{
	steps:     nodeSteps,
	downloads: []string{"/root/.npm/**/*"},
	image:     "nodejs",
}

// nodeSteps runs the package's scripts, if it has them.
func nodeSteps(version string) steps {
	return steps{
		tool:    "nodejs",
		version: strings.TrimSuffix(version, ".x"),
		install: []string{"npm ci"},
		lint:    []string{"npm run lint --if-present"},
		build: []string{
			"npm run build --if-present",
			"npm run test --if-present",
			"npm prune --omit=dev",
		},
	}
}
