package services

import (
	"fmt"
	"os/exec"
	"path/filepath"
)

// A service is an example in a language, and how it is run.
type service struct {
	// example is its folder in examples/services.
	example string

	// runtime and handler that a claim has for it.
	runtime, handler string

	// tools that build and run it.
	tools []tool

	// prepare the machine for its build, in a copy of the example. Nil: nothing to do.
	prepare func(dir string) *exec.Cmd

	// client runs the handler: the command is run where the code is.
	client func(handler string) []string

	// kept is a folder that a build leaves, and the next one is faster with. Empty: none.
	kept string

	breaks []breakage
}

// A tool of a machine, and what installs it.
type tool struct {
	command, install string
}

// A breakage of an example that must fail its build.
type breakage struct {
	name string

	// In the file, old becomes new.
	file, old, new string

	// says is in the build's output.
	says string
}

const (
	tests = "a failing test"
	lint  = "a finding of the linter"
	lock  = "a lock file that does not match"
)

// cached is a file that "make services" has made.
func cached(path ...string) string {
	absolute, err := filepath.Abs(filepath.Join(append([]string{"..", "..", ".cache"}, path...)...))
	if err != nil {
		panic(err) // There is a working directory.
	}
	return absolute
}

// debian says how Debian's package is installed.
func debian(name string) string {
	return "apt-get install " + name
}

var services = []service{
	{
		example: "node",
		runtime: "nodejs24.x",
		handler: "index.handler",
		tools:   []tool{{"node", debian("nodejs")}, {"npm", debian("npm")}},
		client: func(handler string) []string {
			return []string{"node", cached("services", "node", "node_modules", "aws-lambda-ric", "bin", "index.mjs"), handler}
		},
		breaks: []breakage{
			{tests, "index.js", "answer(202", "answer(200", "# fail 1"},
			{lint, "payment.js", "const LIMIT", "const unused = 1;\nconst LIMIT", "no-unused-vars"},
			{lock, "package.json", `"eslint": "^9`, `"eslint": "^8`, "npm ci"},
		},
	},
	{
		example: "python",
		runtime: "python3.14",
		handler: "app.handler",
		tools:   []tool{{"python3", debian("python3")}},
		// What the build installs stays in its copy. CodeBuild's images have a Python for each build.
		prepare: func(dir string) *exec.Cmd { return exec.Command("python3", "-m", "venv", filepath.Join(dir, ".venv")) },
		client: func(handler string) []string {
			return []string{cached("services", "python", "bin", "python"), "-m", "awslambdaric", handler}
		},
		kept: ".venv",
		breaks: []breakage{
			{tests, "src/app.py", "answer(202", "answer(200", "1 failed"},
			{lint, "src/payment.py", "import re", "import os\nimport re", "F401"},
			{lock, "requirements-dev.txt", "ruff==0.17.6", "ruff==0.17.5", "DO NOT MATCH THE HASHES"},
		},
	},
	{
		example: "java",
		runtime: "java25",
		handler: "com.example.payment.Handler::handle",
		tools:   []tool{{"java", debian("openjdk-17-jdk-headless")}, {"mvn", debian("maven")}, {"gradle", debian("gradle")}},
		client: func(handler string) []string {
			return []string{"java", "-cp", cached("services", "java", "*"), "com.amazonaws.services.lambda.runtime.api.client.AWSLambda", handler}
		},
		kept: "target",
		// Maven has no lock file.
		breaks: []breakage{
			{tests, "src/main/java/com/example/payment/Handler.java", "answer(202", "answer(200", "expected: <202>"},
			{lint, "src/main/java/com/example/payment/Payment.java", "private Payment() {}", "private Payment() {}\n\n    static List raw;", "-Werror specified"},
		},
	},
	{
		example: "ruby",
		runtime: "ruby3.4",
		handler: "app.handler",
		tools:   []tool{{"ruby", debian("ruby rubocop ruby-minitest ruby-rspec rake")}, {"bundle", debian("bundler")}},
		prepare: func(string) *exec.Cmd {
			return exec.Command("ruby", "-W0", filepath.Join(must(filepath.Abs("clients")), "ruby", "gems.rb"))
		},
		client: func(handler string) []string {
			return []string{"ruby", filepath.Join(must(filepath.Abs("clients")), "ruby", "client.rb"), handler}
		},
		breaks: []breakage{
			{tests, "app.rb", "answer(202", "answer(200", "1 failures"},
			{lint, "payment.rb", "module_function", "module_function\n\n  unused = 1", "UselessAssignment"},
			{lock, "Gemfile", "gem 'rake'", "gem 'rake', '< 13'", "Gemfile"},
		},
	},
	{
		example: "go",
		runtime: "provided.al2023",
		handler: "bootstrap",
		client:  program,
		breaks: []breakage{
			{tests, "main.go", "http.StatusAccepted, answer", "http.StatusOK, answer", "--- FAIL: TestAccepts"},
			{lint, "main.go", "lambda.Start(handle)", "lambda.Start(handle)\n\tfmt.Printf(\"%d\", \"text\")", "wrong type"},
			{lock, "go.sum", "aws-lambda-go v1.50.0 h1:", "aws-lambda-go v1.50.0 h1:A", "checksum mismatch"},
		},
	},
	{
		example: "rust",
		runtime: "provided.al2023",
		handler: "bootstrap",
		tools:   []tool{{"cargo", "rustup (https://rustup.rs)"}, {"cargo-clippy", "rustup component add clippy"}, {"cargo-fmt", "rustup component add rustfmt"}},
		client:  program,
		kept:    "target",
		breaks: []breakage{
			{tests, "src/main.rs", "answer(202", "answer(200", "1 failed"},
			{lint, "src/payment.rs", "    sum.is_multiple_of(10)", "    return sum.is_multiple_of(10);", "needless_return"},
			{lock, "Cargo.toml", `sha2 = "0.10"`, `sha2 = "0.9"`, "--locked"},
		},
	},
}

// program is the code itself.
func program(string) []string {
	return []string{"./bootstrap"}
}

func must(path string, err error) string {
	if err != nil {
		panic(fmt.Sprintf("cannot find %q: %v", path, err))
	}
	return path
}
