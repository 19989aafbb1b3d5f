package provider

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
)

// The tests here read the texts in the libraries that provider-aws is built with. These are not the versions that the function is built
// with: it needs newer ones.

// libraries that the texts are in.
const (
	crossplaneRuntime = "github.com/crossplane/crossplane-runtime/v2"
	awsSDK            = "github.com/aws/aws-sdk-go-v2"
	awsSDKLambda      = awsSDK + "/service/lambda"
	awsSDKS3          = awsSDK + "/service/internal/s3shared"
)

func TestReconcilersTexts(t *testing.T) {
	api := parse(t, crossplaneRuntime, "pkg/reconciler/managed/api.go")
	reconciler := parse(t, crossplaneRuntime, "pkg/reconciler/managed/reconciler.go")
	empty := errors.New("referenced field was empty")

	if text := errors.Wrap(empty, api.constant(t, "errResolveReferences")).Error(); !Unresolved(text) {
		t.Errorf("want %q to be Unresolved", text)
	}
	nothing := errors.New(reconciler.constant(t, "errExternalResourceNotExist"))
	if text := errors.Wrap(nothing, reconciler.constant(t, "errReconcileObserve")).Error(); !NotFound(text) {
		t.Errorf("want %q to be NotFound", text)
	}
}

func TestSDKsTexts(t *testing.T) {
	lambda := parse(t, awsSDKLambda, "types/errors.go")
	code := lambda.first(t, "ResourceNotFoundException", "ErrorCode")
	text := fmt.Sprintf(lambda.first(t, "ResourceNotFoundException", "Error"), code, "Function not found: arn:aws:lambda:us-east-1:111122223333:function:blue:12")
	if got := UnknownVersion(text); got != "12" {
		t.Errorf("want version 12 not to be known by %q, got %q", text, got)
	}

	format := parse(t, awsSDK, "aws/transport/http/response_error.go").first(t, "ResponseError", "Error")
	if diff := cmp.Diff("https response error StatusCode: 404, no", WithoutAttempt(fmt.Sprintf(format, 404, "7f5a-9", "no"))); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	format = parse(t, awsSDKS3, "response_error.go").first(t, "ResponseError", "Error")
	if diff := cmp.Diff("https response error StatusCode: 404, no", WithoutAttempt(fmt.Sprintf(format, 404, "7F5A", "a/b+c=", "no"))); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

// A source is a file of a library's.
type source struct {
	name string
	file *ast.File
}

// parse a file of the version of a library that provider-aws is built with.
func parse(t *testing.T, module, path string) source {
	t.Helper()
	var downloaded struct{ Dir string }
	goJSON(t, &downloaded, "mod", "download", "-json", module+"@"+versionOf(t, module))
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(downloaded.Dir, path), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return source{name: module + "/" + path, file: file}
}

// versionOf a library that provider-aws is built with.
func versionOf(t *testing.T, module string) string {
	t.Helper()
	var provider struct{ GoMod string }
	goJSON(t, &provider, "list", "-m", "-json", "github.com/upbound/provider-aws/v2")
	var requires struct {
		Require []struct{ Path, Version string }
		Replace []struct{ Old struct{ Path string } }
	}
	goJSON(t, &requires, "mod", "edit", "-json", provider.GoMod)
	for _, r := range requires.Replace {
		if r.Old.Path == module {
			t.Fatalf("provider-aws is built with another module in the place of %s: read that", module)
		}
	}
	for _, r := range requires.Require {
		if r.Path == module {
			return r.Version
		}
	}
	t.Fatalf("provider-aws does not require %s", module)
	return ""
}

// goJSON reads what the go command says.
func goJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go %s: %v: %s", strings.Join(args, " "), err, out)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
}

// constant is the text that the named constant begins with.
func (s source) constant(t *testing.T, name string) string {
	t.Helper()
	var value ast.Expr
	ast.Inspect(s.file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == name && len(spec.Values) == 1 {
			value = spec.Values[0]
		}
		return value == nil
	})
	return s.textIn(t, name, value)
}

// first text in a method.
func (s source) first(t *testing.T, receiver, method string) string {
	t.Helper()
	for _, d := range s.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok || f.Recv == nil || f.Name.Name != method {
			continue
		}
		if star, ok := f.Recv.List[0].Type.(*ast.StarExpr); ok && fmt.Sprint(star.X) == receiver {
			return s.textIn(t, receiver+"."+method, f.Body)
		}
	}
	return s.textIn(t, receiver+"."+method, nil)
}

// textIn what is named is the first that there is.
func (s source) textIn(t *testing.T, name string, in ast.Node) string {
	t.Helper()
	text := ""
	if in != nil {
		ast.Inspect(in, func(n ast.Node) bool {
			if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING && text == "" {
				text, _ = strconv.Unquote(literal.Value)
			}
			return text == ""
		})
	}
	if text == "" {
		t.Fatalf("%s has no text in %s any more", s.name, name)
	}
	return text
}
