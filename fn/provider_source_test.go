package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// providerModule is the directory of provider-aws's own source, of the version that go.mod names.
var providerModule = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/upbound/provider-aws/v2").Output()
	return strings.TrimSpace(string(out)), err
})

// A terraformID is how the provider finds a resource of one kind again.
type terraformID struct {
	// Arguments that the id is made of, by their Terraform names. Without one of them there is no id, and so no resource,
	// whatever the CRD says of its being optional.
	Arguments []string

	// Chosen by AWS or the provider: then the id is the external name that the provider writes, and nothing else tells it.
	Chosen bool
}

// A providerSource is what the provider's source says of its kinds, which their CRDs do not tell.
type providerSource struct {
	// IDs by the kind's name in Terraform.
	IDs map[string]terraformID

	// Injected are the fields that get a value of the provider's if they have none, by the kind's name in Terraform.
	Injected map[string][]string
}

var readProviderSource = sync.OnceValues(func() (providerSource, error) {
	module, err := providerModule()
	if err != nil {
		return providerSource{}, err
	}
	ids, err := terraformIDs(filepath.Join(module, "config", "externalname.go"))
	if err != nil {
		return providerSource{}, err
	}
	injected, err := injectedFields(filepath.Join(module, "config", "cluster"))
	return providerSource{IDs: ids, Injected: injected}, err
})

// terraformIDs reads the tables in the provider's externalname.go, a map literal each with an entry for each kind. Entries
// that this cannot read are left out: of a kind that we use, that is an error.
func terraformIDs(file string) (map[string]terraformID, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		return nil, err
	}
	ids := map[string]terraformID{}
	ast.Inspect(f, func(n ast.Node) bool {
		entry, ok := n.(*ast.KeyValueExpr)
		if !ok {
			return true
		}
		kind, isText := text(entry.Key)
		if id, known := readID(entry.Value); isText && known {
			ids[kind] = id
		}
		return true
	})
	return ids, nil
}

// parameter of the templates that ids are made by.
var parameter = regexp.MustCompile(`\.parameters\.(\w+)`)

// readID reads one entry of the tables, and reports whether it knows what the entry does.
func readID(value ast.Expr) (id terraformID, known bool) {
	call, isCall := value.(*ast.CallExpr)
	if !isCall {
		name := nameOf(value)
		return terraformID{Chosen: name == "IdentifierFromProvider"}, name == "IdentifierFromProvider" || name == "NameAsIdentifier"
	}
	switch nameOf(call.Fun) {
	case "ParameterAsIdentifier":
		return terraformID{}, true
	case "TemplatedStringAsIdentifier":
		for _, template := range texts(call) {
			for _, match := range parameter.FindAllStringSubmatch(template, -1) {
				id.Arguments = append(id.Arguments, match[1])
			}
		}
		return id, true
	case "FormattedIdentifierFromProvider":
		return terraformID{Arguments: texts(call)[1:]}, true
	case "FormattedIdentifierUserDefinedNameFirst", "FormattedIdentifierUserDefinedNameLast":
		return terraformID{Arguments: texts(call)[2:]}, true
	case "iamPolicy":
		// Made of the path too, which is "/" if it is not given.
		return terraformID{}, true
	case "lambdaFunctionURL":
		// Without a qualifier it is made of the function's name alone, and is that of $LATEST.
		return terraformID{Arguments: []string{"function_name", "qualifier"}}, true
	case "s3BucketIdentifier":
		// IdentifierFromProvider, but for where the provider reads the name that it writes.
		return terraformID{Chosen: true}, true
	default:
		return terraformID{}, false
	}
}

// injectedFields reads the configuration of every API group for functions that give a field a value when it has none.
func injectedFields(dir string) (map[string][]string, error) {
	injected := map[string][]string{}
	return injected, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || nameOf(call.Fun) != "AddResourceConfigurator" {
				return true
			}
			if kind, ok := text(call.Args[0]); ok {
				injected[kind] = append(injected[kind], fieldsAskedFor(call)...)
			}
			return false
		})
		return nil
	})
}

// fieldsAskedFor are the fields that a TerraformConfigurationInjector looks for in the spec, the first of its parameters.
func fieldsAskedFor(configurator ast.Node) []string {
	var fields []string
	ast.Inspect(configurator, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || nameOf(assign.Lhs[0]) != "TerraformConfigurationInjector" {
			return true
		}
		injector, ok := assign.Rhs[0].(*ast.FuncLit)
		if !ok {
			// A function that rewrites what is given, and gives nothing itself.
			return false
		}
		spec := injector.Type.Params.List[0].Names[0].Name
		ast.Inspect(injector, func(n ast.Node) bool {
			index, ok := n.(*ast.IndexExpr)
			if ok && nameOf(index.X) == spec {
				if field, ok := text(index.Index); ok && !slices.Contains(fields, field) {
					fields = append(fields, field)
				}
			}
			return true
		})
		return false
	})
	return fields
}

// nameOf an identifier, with or without its package.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	default:
		return ""
	}
}

// text of a literal.
func text(e ast.Expr) (string, bool) {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(literal.Value)
	return s, err == nil
}

// texts of all literals among the arguments of a call, and of calls among them, in order.
func texts(call *ast.CallExpr) []string {
	var all []string
	for _, argument := range call.Args {
		ast.Inspect(argument, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if s, ok := text(e); ok {
					all = append(all, s)
				}
			}
			return true
		})
	}
	return all
}

// TestProviderSource checks that the provider's source is read as it is meant, by kinds of which we know.
func TestProviderSource(t *testing.T) {
	source, err := readProviderSource()
	if err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[string]terraformID{
		"aws_cloudwatch_event_rule":             {Arguments: []string{"event_bus_name"}},
		"aws_cloudwatch_event_target":           {Arguments: []string{"event_bus_name", "rule", "target_id"}},
		"aws_lambda_alias":                      {Arguments: []string{"function_name"}},
		"aws_lambda_event_source_mapping":       {Chosen: true},
		"aws_lambda_function_url":               {Arguments: []string{"function_name", "qualifier"}},
		"aws_codedeploy_deployment_group":       {Arguments: []string{"app_name"}},
		"aws_s3_object":                         {Arguments: []string{"bucket", "key"}},
		"aws_sns_topic":                         {},
		"aws_dynamodb_table":                    {},
		"aws_codestarconnections_connection":    {Chosen: true},
		"aws_s3_bucket_lifecycle_configuration": {Chosen: true},
	} {
		if got, ok := source.IDs[kind]; !ok || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: want the id to be of %+v, got %+v (known: %t)", kind, want, got, ok)
		}
	}
	for kind, want := range map[string][]string{"aws_s3_object": {"acl"}, "aws_s3_bucket": {"region", "forceDestroy"}} {
		if got := source.Injected[kind]; !slices.Equal(want, got) {
			t.Errorf("%s: want values injected for %v, got %v", kind, want, got)
		}
	}
}
