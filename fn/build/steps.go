package build

// steps of a build, whatever the claim adds to them.
type steps struct {
	// tool and its version that the image is to provide. Empty: those that the image has otherwise.
	tool, version string

	install, lint, build []string

	// shipped is the directory that the functions' code is in. Empty: the repository.
	shipped string
}

// buildspec that takes the steps in CodeBuild's phases.
func (s steps) buildspec() buildspec {
	b := buildspec{
		Version: "0.2",
		Phases: phases{
			Install: phaseOf(s.install),
			Build:   phaseOf(s.build),
		},
		Artifacts: artifacts{BaseDirectory: s.shipped, Files: []string{"**/*"}},
	}
	if s.tool != "" {
		b.Phases.Install.RuntimeVersions = map[string]string{s.tool: s.version}
	}
	if len(s.lint) > 0 {
		b.Phases.PreBuild = new(phaseOf(s.lint))
	}
	return b
}

func phaseOf(commands []string) phase {
	return phase{OnFailure: "ABORT", Commands: commands}
}

// when runs a command only if the condition holds. If the command fails, all of it does.
func when(condition, command string) string {
	return "if " + condition + "; then " + command + "; fi"
}

// exists is the condition that the repository has a file.
func exists(file string) string {
	return "[ -f " + file + " ]"
}
