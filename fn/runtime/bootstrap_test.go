package runtime

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unzip a bootstrap. Programs are marked as such.
func unzip(t *testing.T, encoded string) map[string]string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatalf("cannot decode: %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatalf("cannot open zip: %v", err)
	}
	files := map[string]string{}
	for _, f := range r.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatalf("cannot open %q: %v", f.Name, err)
		}
		// Reading to the end checks the checksum.
		content, err := io.ReadAll(rc)
		if err != nil {
			t.Fatalf("cannot read %q: %v", f.Name, err)
		}
		name := f.Name
		if f.ExternalAttrs != 0 {
			name += fmt.Sprintf(" %o", f.Mode())
		}
		files[name] = string(content)
	}
	return files
}

// why a bootstrap fails.
const why = "This is the code that the pipeline created the function with. Nothing has been released yet. " +
	"The condition TrafficShifting of the claim says what waits for the first release."

func TestBootstrap(t *testing.T) {
	module := func(export string) string {
		return "exports." + export + ` = async (event) => {
  if (JSON.stringify(event) !== '{}') {
    throw new Error('` + why + `');
  }
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ version: process.env.VERSION, bootstrap: true }),
  };
};
`
	}
	python := func(function string) string {
		return `from os import environ


def ` + function + `(event, context):
    if event != {}:
        raise RuntimeError("` + why + `")
    return {
        "statusCode": 200,
        "headers": {"content-type": "application/json"},
        "body": '{"version":"%s","bootstrap":true}' % environ["VERSION"],
    }
`
	}
	const ruby = `raise '` + why + `' unless event == {}

  {
    statusCode: 200,
    headers: { 'content-type' => 'application/json' },
    body: %({"version":"#{ENV.fetch('VERSION')}","bootstrap":true})
  }
end
`
	cases := map[string]struct {
		reason           string
		runtime, handler string
		want             map[string]string
	}{
		"Node": {
			reason:  "File and export should follow the handler.",
			runtime: "nodejs24.x",
			handler: "index.handler",
			want:    map[string]string{"index.js": module("handler")},
		},
		"NodeInAFolder": {
			reason:  "A handler may lie in a folder.",
			runtime: "nodejs24.x",
			handler: "dist/src/app_1.main",
			want:    map[string]string{"dist/src/app_1.js": module("main")},
		},
		"NodeInAnObject": {
			reason:  "A handler may be in an object that is exported, and in a folder with a dot.",
			runtime: "nodejs24.x",
			handler: ".build/v1.2/app.api.v1.$main",
			want: map[string]string{
				".build/v1.2/app.js": "exports.api = {};\nexports.api.v1 = {};\n" + module("api.v1.$main"),
			},
		},
		"Python": {
			reason:  "Module and function should follow the handler.",
			runtime: "python3.14",
			handler: "app.handler",
			want:    map[string]string{"app.py": python("handler")},
		},
		"PythonInAPackage": {
			reason:  "Its folders should be packages, which no layer's hide.",
			runtime: "python3.14",
			handler: "pay/api-1.v1.main",
			want:    map[string]string{"pay/__init__.py": "", "pay/api-1/__init__.py": "", "pay/api-1/v1.py": python("main")},
		},
		"Ruby": {
			reason:  "File and method should follow the handler.",
			runtime: "ruby3.4",
			handler: "lib/app.handler",
			want:    map[string]string{"lib/app.rb": "def handler(event:, context:)\n  " + ruby},
		},
		"RubyInAModule": {
			reason:  "A method may be a module's, which Ruby may have already.",
			runtime: "ruby3.4",
			handler: "app.Pay::Api.handle",
			want: map[string]string{"app.rb": "Pay = Module.new unless defined?(Pay)\nPay::Api = Module.new unless defined?(Pay::Api)\n" +
				"Pay::Api.define_singleton_method(:handle) do |event:, context:|\n  " + ruby},
		},
		"Provided": {
			reason:  "A program should take the events, whatever the handler.",
			runtime: "provided.al2023",
			handler: "any",
			want: map[string]string{"bootstrap 755": `#!/bin/sh
set -eu
api="http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation"
end='
'
while true; do
  next=$(curl -sS -w '\n%header{lambda-runtime-aws-request-id}' "$api/next")
  id=${next##*"$end"}
  if [ "$next" = '{}'"$end$id" ]; then
    curl -sS -o /dev/null -d '{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"version\":\"'"$VERSION"'\",\"bootstrap\":true}"}' "$api/$id/response"
  else
    curl -sS -o /dev/null -d '{"errorType":"NothingReleased","errorMessage":"` + why + `"}' "$api/$id/error"
  fi
done
`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, unzip(t, Of(tc.runtime).Bootstrap(tc.handler))); diff != "" {
				t.Errorf("%s\nBootstrap(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestJavaBootstrap checks the class by what is in it: TestWrite of package classfile checks its form.
func TestJavaBootstrap(t *testing.T) {
	files := unzip(t, Of("java25").Bootstrap("com.example.Payment$Api::handle"))
	class, found := files["com/example/Payment$Api.class"]
	if !found || len(files) != 1 {
		t.Fatalf("want the handler's class, got %v", files)
	}
	for _, text := range []string{
		"com/example/Payment$Api", "handle", "(Ljava/io/InputStream;Ljava/io/OutputStream;)V", "VERSION", "[123, 125]", why,
		`{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"version\":\"`, `\",\"bootstrap\":true}"}`,
	} {
		if !strings.Contains(class, string([]byte{1, 0, byte(len(text))})+text) {
			t.Errorf("want the constant %q in %q", text, class)
		}
	}
}

// TestBootstrapIsStable guards the bytes: other bytes are another object, on every pipeline at once. No clock, Go version or
// machine may have a say in them.
func TestBootstrapIsStable(t *testing.T) {
	want := map[string]string{
		"nodejs24.x index.handler":           "1907f11922d4ffb1a4f47f0b17e7573a815787111e7b0a664febfe40b8fb4b27",
		"python3.14 app.handler":             "bb01560f0a14b0339c6b7fc6bf33ea22ca44901365bf986fae5c9ad5871c0510",
		"java25 com.example.Payment::handle": "1bf298c3528581a3fe4206f3d6f828195b0c3c9d1c6afaa7aae2abfefb39cf60",
		"ruby3.4 app.handler":                "c551244c1be0b38860769834a4892cf81304a91826975079f7ffe4a700019930",
		"provided.al2023 bootstrap":          "c7996f64ee02d9c96d15ae474910f8006c2a125aebb9a0eee3ce083e736a66f3",
	}
	got := map[string]string{}
	for key := range want {
		name, handler, _ := strings.Cut(key, " ")
		sum := sha256.Sum256([]byte(Of(name).Bootstrap(handler)))
		got[key] = hex.EncodeToString(sum[:])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Bootstrap(...): -want sha256, +got sha256:\n%s", diff)
	}
}
