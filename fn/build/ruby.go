package build

var ruby = language{
	steps:     rubySteps,
	downloads: []string{"/root/.bundle/cache/**/*"},
	image:     "ruby",
}

// rubySteps ships the repository, with its gems where Lambda looks for them.
func rubySteps(version string) steps {
	return steps{
		tool:    "ruby",
		version: version,
		install: []string{
			"bundle config set --local deployment true",
			"bundle config set --local path vendor/bundle",
			"bundle config set --local global_gem_cache true",
			"bundle install",
		},
		lint: []string{when(exists(".rubocop.yml"), "bundle exec rubocop")},
		build: []string{
			when(exists("Rakefile"), "bundle exec rake test"),
			"bundle config set --local without development:test",
			"bundle clean --force",
		},
	}
}
