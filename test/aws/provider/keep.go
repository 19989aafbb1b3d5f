package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"

	"github.com/paymentdelivery/function-payment-delivery-pipeline/test/render/golden"
)

// services of terraform-provider-aws that make our managed resources. sts and meta are for the account and the region.
var services = []string{
	"appautoscaling", "cloudwatch", "codebuild", "codepipeline", "codestarconnections", "deploy", "dynamodb", "events", "iam", "kms", "lambda",
	"logs", "meta", "s3", "s3control", "sfn", "sns", "sts",
}

// referenced are groups of the API that our kinds may refer to at the top of their specs. The provider looks for their
// types also where nothing is referred to.
var referenced = []string{"autoscaling", "ec2", "ecr", "firehose", "kms", "sqs"}

// A kind of managed resource: deploymentgroup in deploy, which aws_codedeploy_deployment_group is in Terraform.
type kind struct{ group, name string }

// managedKinds are all that occur in the golden cases.
func managedKinds(root string) ([]kind, error) {
	cases, err := golden.Cases(root)
	if err != nil {
		return nil, err
	}
	var kinds []kind
	for _, c := range cases {
		managed, err := c.Managed()
		if err != nil {
			return nil, err
		}
		for _, mr := range managed {
			group, _, _ := strings.Cut(mr.GroupVersionKind().Group, ".")
			if k := (kind{group: group, name: strings.ToLower(mr.GetKind())}); !slices.Contains(kinds, k) {
				kinds = append(kinds, k)
			}
		}
	}
	if len(kinds) == 0 {
		return nil, errors.New("no golden case in test/render has one")
	}
	return kinds, nil
}

// keepOf the generated lists what these kinds need.
func keepOf(kinds []kind) map[string]keep {
	groups := slices.Clone(referenced)
	for _, k := range kinds {
		groups = append(groups, k.group)
	}
	api := below(providerModule+"/apis/cluster", func(group string) bool { return slices.Contains(groups, group) })
	controllers := below(providerModule+"/internal/controller/cluster", func(controller string) bool {
		group, name, _ := strings.Cut(controller, "/")
		return controller == "providerconfig" || slices.Contains(kinds, kind{group: group, name: name})
	})
	return map[string]keep{
		"apis/cluster/zz_register.go":                         api,
		"apis/namespaced/zz_register.go":                      below(providerModule+"/apis/namespaced", none),
		"internal/controller/cluster/zz_monolith_setup.go":    controllers,
		"internal/controller/namespaced/zz_monolith_setup.go": below(providerModule+"/internal/controller/namespaced", none),
		"internal/provider/sdkv2/service_packages_gen.go": below(terraformModule+"/internal/service", func(service string) bool {
			return slices.Contains(services, service)
		}),
	}
}

func none(string) bool { return false }

// versionOf an API at the end of its import path.
var versionOf = regexp.MustCompile(`/?v[0-9]+((alpha|beta)[0-9]+)?$`)

// below a folder keep what is wanted, and all that is not below it. APIs are wanted by their group, without the version;
// those of the provider's own configuration have no group and stay.
func below(folder string, wanted func(rest string) bool) keep {
	return func(path string) bool {
		rest, ok := strings.CutPrefix(path, folder+"/")
		if !ok {
			return true
		}
		rest = versionOf.ReplaceAllString(rest, "")
		return rest == "" || wanted(rest)
	}
}

var clientCall = regexp.MustCompile(`\.(\w+Client)\(`)

// pruneClients leaves out each client of the AWS SDK that no copied file asks for.
func (s *source) pruneClients() error {
	used := map[string]bool{}
	err := filepath.WalkDir(s.terraform.to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, clientsFile) {
			return err
		}
		b, err := os.ReadFile(path)
		for _, m := range clientCall.FindAllSubmatch(b, -1) {
			used[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	content := s.terraform.read(clientsFile)
	wanted := map[string]bool{}
	for _, m := range regexp.MustCompile(`\) (\w+Client)\(ctx [^)]*\) \*(\w+)\.Client`).FindAllSubmatch(content, -1) {
		if used[string(m[1])] {
			wanted[string(m[2])] = true
		}
	}
	pruned, err := prune(content, below("github.com/aws/aws-sdk-go-v2/service", func(service string) bool { return wanted[service] }))
	if err != nil {
		return err
	}
	return s.terraform.write(clientsFile, pruned)
}

var controllerResource = regexp.MustCompile(`Resources\["(aws_\w+)"\]`)

// limitResources tells the provider's configuration which resources it has controllers for: it refuses to start if
// Terraform lacks one that it has a name for.
func (s *source) limitResources() error {
	files, err := filepath.Glob(filepath.Join(s.provider.to, "internal", "controller", "cluster", "*", "*", "*.go"))
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		for _, m := range controllerResource.FindAllSubmatch(content, -1) {
			names[string(m[1])] = true
		}
	}
	var b bytes.Buffer
	err = limit.Execute(&b, slices.Sorted(maps.Keys(names)))
	return errors.Join(err, s.provider.write("config/limit.go", b.Bytes()))
}

var limit = template.Must(template.New("").Parse(`package config

func init() {
	controlled := map[string]bool{
{{- range .}}
		"{{.}}": true,
{{- end}}
	}
	for name := range CLIReconciledExternalNameConfigs {
		if !controlled[name] {
			delete(CLIReconciledExternalNameConfigs, name)
		}
	}
	for name := range TerraformPluginSDKExternalNameConfigs {
		if !controlled[name] {
			delete(TerraformPluginSDKExternalNameConfigs, name)
		}
	}
	for name := range TerraformPluginFrameworkExternalNameConfigs {
		if !controlled[name] {
			delete(TerraformPluginFrameworkExternalNameConfigs, name)
		}
	}
}
`))
