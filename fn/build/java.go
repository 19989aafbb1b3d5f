package build

var java = language{
	steps:     javaSteps,
	downloads: []string{"/root/.m2/**/*"},
	image:     "corretto",
}

// javaSteps leaves lint and tests to Maven, which has them in its life cycle.
func javaSteps(version string) steps {
	return steps{
		tool:    "java",
		version: "corretto" + version,
		build: []string{
			maven("verify"),
			maven("dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lambda/lib"),
			"cp -R target/classes/. target/lambda",
		},
		shipped: "target/lambda",
	}
}

// maven that the repository brings, or that of the image.
func maven(goal string) string {
	arguments := " --batch-mode " + goal
	return "if " + exists("mvnw") + "; then sh mvnw" + arguments + "; else mvn" + arguments + "; fi"
}
